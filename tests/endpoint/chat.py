"""An answer on the chat wire: ``POST /v1/chat/completions``, streamed and whole.

Chunks and objects follow ``openai.types.chat``.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from tests.endpoint.answers import Answer, Reasoning, Refusal, Text, ToolCall, deltas_of
from tests.endpoint.issued import call_id_of
from tests.endpoint.rendering import Marks, Rendered, calls_of, dump, padding, sse

__all__ = ["DONE", "body", "chunks", "error_event"]

DONE = b"data: [DONE]\n\n"
_USAGE = {
    "prompt_tokens": Marks.INPUT,
    "completion_tokens": Marks.OUTPUT,
    "total_tokens": Marks.TOTAL,
    "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
    "completion_tokens_details": {
        "reasoning_tokens": 0,
        "audio_tokens": 0,
        "accepted_prediction_tokens": 0,
        "rejected_prediction_tokens": 0,
    },
}
_FAILURE = {
    "message": "The server had an error while processing your request. Sorry about that!",
    "type": "server_error",
    "param": None,
    "code": None,
}


def _finish_reason(answer: Answer) -> str:
    if answer.ending != "stop":
        return answer.ending
    return "tool_calls" if calls_of(answer) else "stop"


def _call(part: ToolCall, index: int, arguments: str) -> dict[str, Any]:
    return {"id": call_id_of(part, index, Marks.UNIQUE), "type": "function", "function": {"name": part.name, "arguments": arguments}}


def _head(answer: Answer, object_: str) -> dict[str, Any]:
    head: dict[str, Any] = {
        "id": f"chatcmpl-{Marks.UNIQUE}",
        "object": object_,
        "created": Marks.CREATED,
        "model": Marks.MODEL,
        "service_tier": "default",
        "system_fingerprint": None,
    }
    if "unknown_fields" in answer.quirks:
        head |= {"x_trace": {"region": "loopback", "hops": [1, 2]}, "timings": {"predicted_ms": 1.5}}
    return head


@lru_cache(maxsize=256)
def body(answer: Answer) -> Rendered:
    """The answer as one object."""
    if answer.ending == "failed":
        # A chat completion can't fail once it has begun; gateways then answer 200 with an error in it.
        return Rendered((dump({"error": _FAILURE}),))
    texts = [part.text for part in answer.parts if isinstance(part, Text)]
    refusals = [part.text for part in answer.parts if isinstance(part, Refusal)]
    content = None if "null_content" in answer.quirks or not texts else "".join(texts)
    message: dict[str, Any] = {"role": "assistant", "content": content, "refusal": "".join(refusals) or None, "annotations": []}
    if calls := calls_of(answer):
        message["tool_calls"] = [_call(part, index, part.arguments) for index, part in calls]
    if reasons := [part.summary for part in answer.parts if isinstance(part, Reasoning)]:
        message["reasoning_content"] = "".join(reasons)
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": _finish_reason(answer)}
    choices: Any = None if "null_output" in answer.quirks else [] if "no_output" in answer.quirks else [choice]
    whole = _head(answer, "chat.completion") | {"choices": choices}
    if "missing_usage" not in answer.quirks:
        whole["usage"] = _USAGE
    return Rendered((dump(whole),))


class _Chunks:
    """Collects a stream's chunks."""

    def __init__(self, answer: Answer, *, usage: bool, obfuscate: bool) -> None:
        self.answer = answer
        self.usage = usage
        self.obfuscate = obfuscate
        self.frames: list[bytes] = []
        self.deltas: list[int] = []

    def add(self, delta: dict[str, Any], finish: str | None = None, padded: str | None = None) -> None:
        """One chunk; ``padded`` is the text of a delta, None where the chunk carries none."""
        chunk = _head(self.answer, "chat.completion.chunk")
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        hidden = self.answer.quirks & {"no_output", "null_output"}
        chunk["choices"] = (None if "null_output" in hidden else []) if hidden else [choice]
        if self.usage:
            chunk["usage"] = None
        if padded is not None:
            self.deltas.append(len(self.frames))
            if self.obfuscate:
                chunk["obfuscation"] = padding(padded)
        self.frames.append(sse(chunk))

    def part(self, index: int, call: int) -> None:
        """All chunks of one part; ``call`` is the number of tool calls before it."""
        part = self.answer.parts[index]
        if isinstance(part, ToolCall):
            self.add({"tool_calls": [{"index": call, **_call(part, index, "")}]})
            again = _call(part, index, "") if "repeated_names" in self.answer.quirks else {"function": {}}
            for delta in deltas_of(part.arguments):
                self.add({"tool_calls": [{"index": call, **again, "function": again["function"] | {"arguments": delta}}]}, padded=delta)
            return
        if isinstance(part, Text):
            name, deltas = "content", part.deltas
        elif isinstance(part, Refusal):
            name, deltas = "refusal", deltas_of(part.text)
        else:
            name, deltas = "reasoning_content", deltas_of(part.summary)
        if name == "content" and "null_content" in self.answer.quirks:
            return
        for delta in deltas:
            self.add({name: delta}, padded=delta)


@lru_cache(maxsize=256)
def chunks(answer: Answer, *, usage: bool, obfuscate: bool) -> Rendered:
    """The stream of an answer, with the last chunk of usage where ``usage`` asks for it."""
    out = _Chunks(answer, usage=usage, obfuscate=obfuscate)
    first = None if "null_content" in answer.quirks or calls_of(answer) else ""
    out.add({"role": "assistant", "content": first, "refusal": None})
    call = 0
    for index, part in enumerate(answer.parts):
        out.part(index, call)
        call += isinstance(part, ToolCall)
    if answer.ending == "failed":
        out.frames.append(sse({"error": _FAILURE}))
        return Rendered(tuple(out.frames), tuple(out.deltas))
    out.add({}, finish=None if "no_finish" in answer.quirks else _finish_reason(answer))
    if usage and "missing_usage" not in answer.quirks:
        out.frames.append(sse(_head(answer, "chat.completion.chunk") | {"choices": [], "usage": _USAGE}))
    out.frames.append(DONE)
    return Rendered(tuple(out.frames), tuple(out.deltas))


def error_event(message: str, code: str, *, documented: bool) -> bytes:
    """An error in the middle of a stream: OpenAI's ``{"error": …}``, or the bare object of older vLLM servers."""
    if documented:
        return sse({"error": {"message": message, "type": "server_error", "param": None, "code": code}})
    return sse({"object": "error", "message": message, "type": "InternalServerError", "param": None, "code": 500})
