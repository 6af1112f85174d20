"""An answer on the Responses wire: ``POST /v1/responses``, streamed and whole.

Events and objects follow ``openai.types.responses``; their order follows OpenAI's streaming guide.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tests.endpoint.answers import Answer, Reasoning, Refusal, Text, ToolCall, deltas_of
from tests.endpoint.issued import call_id_of, encrypted_of, item_id_of
from tests.endpoint.rendering import Marks, Rendered, dump, padding, sse

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["body", "echo", "error_event", "events"]

_STATUS = {"stop": "completed", "length": "incomplete", "content_filter": "incomplete", "failed": "failed"}
_REASONS = {"length": "max_output_tokens", "content_filter": "content_filter"}
_FAILURE = {"code": "server_error", "message": "The server had an error while processing your request. Sorry about that!"}


def echo(request: Mapping[str, Any]) -> bytes:
    """The members of a response that repeat the request's settings, for the ECHO mark."""
    text = {"format": {"type": "text"}, "verbosity": "medium", **request.get("text", {})}
    if text["format"]["type"] == "json_schema":
        text["format"] = {"description": None, "strict": False, **text["format"]}
    members = {
        "background": False,
        "instructions": request.get("instructions"),
        "max_output_tokens": request.get("max_output_tokens"),
        "max_tool_calls": None,
        "metadata": request.get("metadata") or {},
        "parallel_tool_calls": request.get("parallel_tool_calls", True),
        "previous_response_id": request.get("previous_response_id"),
        "prompt_cache_key": request.get("prompt_cache_key"),
        "reasoning": {"effort": "none", "summary": None, **(request.get("reasoning") or {})},
        "safety_identifier": request.get("safety_identifier"),
        "service_tier": "default",
        "store": request.get("store") is not False,
        "temperature": request.get("temperature", 1.0),
        "text": text,
        "tool_choice": request.get("tool_choice", "auto"),
        "tools": [{"description": None, "strict": True, "parameters": None, **tool} for tool in request.get("tools", ())],
        "top_logprobs": 0,
        "top_p": request.get("top_p", 1.0),
        "truncation": request.get("truncation") or "disabled",
        "user": request.get("user"),
    }
    return dump(members)[1:-1]


def _response(answer: Answer, status: str, output: Any) -> dict[str, Any]:
    done = status == "completed"
    response: dict[str, Any] = {
        "id": f"resp_{Marks.UNIQUE}",
        "object": "response",
        "created_at": Marks.CREATED,
        "status": status,
        "completed_at": Marks.CREATED if done else None,
        "error": _FAILURE if status == "failed" else None,
        "incomplete_details": {"reason": _REASONS[answer.ending]} if status == "incomplete" else None,
        "model": Marks.MODEL,
        "output": output,
        Marks.ECHO: 0,
        "usage": None,
    }
    if status in {"completed", "incomplete"} and "missing_usage" not in answer.quirks:
        response["usage"] = {
            "input_tokens": Marks.INPUT,
            "input_tokens_details": {"cache_write_tokens": 0, "cached_tokens": 0},
            "output_tokens": Marks.OUTPUT,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": Marks.TOTAL,
        }
    if "unknown_fields" in answer.quirks:
        response |= {"x_trace": {"region": "loopback", "hops": [1, 2]}, "x_score": 0.5}
    return response


def _content(part: Text | Refusal) -> dict[str, Any]:
    if isinstance(part, Refusal):
        return {"type": "refusal", "refusal": part.text}
    return {"type": "output_text", "annotations": [], "logprobs": [], "text": part.text}


def _item(answer: Answer, index: int, *, status: str, encrypted: bool, full: bool = True) -> dict[str, Any]:
    """One item of a response; with ``full`` false as it is when it is added, before its deltas."""
    part = answer.parts[index]
    item: dict[str, Any] = {"id": item_id_of(answer, index, Marks.UNIQUE)}
    if isinstance(part, ToolCall):
        arguments = part.arguments if full else ""
        call_id = call_id_of(part, index, Marks.UNIQUE)
        return item | {"type": "function_call", "status": status, "arguments": arguments, "call_id": call_id, "name": part.name}
    if isinstance(part, Reasoning):
        item |= {"type": "reasoning", "summary": [{"type": "summary_text", "text": part.summary}] if full and part.summary else []}
        return item | {"encrypted_content": encrypted_of(index, Marks.UNIQUE)} if encrypted else item
    content: Any = [_content(part)] if full else []
    if full and "null_content" in answer.quirks:
        content = None
    return item | {"type": "message", "status": status, "content": content, "role": "assistant"}


def _output(answer: Answer, *, encrypted: bool) -> Any:
    if "no_output" in answer.quirks or answer.ending == "failed":
        return []
    if "null_output" in answer.quirks:
        return None
    last = len(answer.parts) - 1
    cut = _STATUS[answer.ending] == "incomplete"
    statuses = ["incomplete" if cut and index == last else "completed" for index in range(last + 1)]
    items = [_item(answer, index, status=status, encrypted=encrypted) for index, status in enumerate(statuses)]
    if "unknown_fields" in answer.quirks:
        items.insert(0, {"id": f"xx_{Marks.UNIQUE}", "type": "x_annotation", "status": "completed", "payload": {"n": 1}})
    return items


class _Events:
    """Collects a stream's events and numbers them."""

    def __init__(self, answer: Answer, *, encrypted: bool, obfuscate: bool) -> None:
        self.answer = answer
        self.encrypted = encrypted
        self.obfuscate = obfuscate
        self.frames: list[bytes] = []
        self.deltas: list[int] = []
        self.number = 0

    def add(self, type_: str, **members: Any) -> None:
        event = {"type": type_, "sequence_number": self.number, **members}
        if type_.endswith(".delta"):
            self.deltas.append(len(self.frames))
            if self.obfuscate:
                event["obfuscation"] = padding(members["delta"])
        if "unknown_fields" in self.answer.quirks:
            event["x_extra"] = {"nested": [None, True]}
        self.frames.append(sse(event, type_))
        self.number += 1

    def stream(self, type_: str, deltas: tuple[str, ...], whole: tuple[str, str] | None, **where: Any) -> None:
        """Deltas and, with ``whole``, their end: ``whole`` is the name and the value of the complete text."""
        for delta in deltas:
            self.add(f"{type_}.delta", delta=delta, **where)
        if whole is not None:
            self.add(f"{type_}.done", **{whole[0]: whole[1]}, **where)

    def part(self, index: int, place: int, *, status: str, broken: bool) -> None:
        """All events of one part; ``broken`` leaves it unfinished."""
        part, at = self.answer.parts[index], {"output_index": place}
        added = _item(self.answer, index, status="in_progress", encrypted=self.encrypted, full=False)
        self.add("response.output_item.added", item=added, **at)
        at_item = {"item_id": added["id"], **at}
        if isinstance(part, ToolCall):
            whole = None if broken else ("arguments", part.arguments)
            self.stream("response.function_call_arguments", deltas_of(part.arguments), whole, **at_item)
        elif isinstance(part, Reasoning):
            if part.summary:
                self.summary(part, **at_item)
        elif "null_content" not in self.answer.quirks:
            self.message(part, broken=broken, content_index=0, **at_item)
        if not broken:
            item = _item(self.answer, index, status=status, encrypted=self.encrypted)
            self.add("response.output_item.done", item=item, **at)

    def summary(self, part: Reasoning, **where: Any) -> None:
        """The events of a reasoning item's summary."""
        where |= {"summary_index": 0}
        self.add("response.reasoning_summary_part.added", part={"type": "summary_text", "text": ""}, **where)
        self.stream("response.reasoning_summary_text", deltas_of(part.summary), ("text", part.summary), **where)
        self.add("response.reasoning_summary_part.done", part={"type": "summary_text", "text": part.summary}, **where)

    def message(self, part: Text | Refusal, *, broken: bool, **where: Any) -> None:
        """The events of a message's content."""
        empty = _content(Text(()) if isinstance(part, Text) else Refusal(""))
        self.add("response.content_part.added", part=empty, **where)
        if isinstance(part, Refusal):
            self.stream("response.refusal", deltas_of(part.text), None if broken else ("refusal", part.text), **where)
        else:
            where_text = {"logprobs": [], **where}
            self.stream("response.output_text", part.deltas, None if broken else ("text", part.text), **where_text)
        if not broken:
            self.add("response.content_part.done", part=_content(part), **where)


@lru_cache(maxsize=256)
def events(answer: Answer, *, encrypted: bool, obfuscate: bool) -> Rendered:
    """The stream of an answer. ``encrypted`` puts in encrypted reasoning, ``obfuscate`` the padding of deltas."""
    out = _Events(answer, encrypted=encrypted, obfuscate=obfuscate)
    for type_ in ("response.created", "response.in_progress"):
        out.add(type_, response=_response(answer, "in_progress", []))
    output, place = _output(answer, encrypted=encrypted), 0
    if "unknown_fields" in answer.quirks and output:
        out.add("response.x_annotation.added", item=output[0], output_index=0)
        place = 1
    last = len(answer.parts) - 1
    if "no_output" not in answer.quirks:
        for index in range(last + 1):
            status = "incomplete" if index == last and _STATUS[answer.ending] == "incomplete" else "completed"
            out.part(index, place + index, status=status, broken=index == last and answer.ending == "failed")
    status = _STATUS[answer.ending]
    out.add(f"response.{status}", response=_response(answer, status, output))
    return Rendered(tuple(out.frames), tuple(out.deltas))


@lru_cache(maxsize=256)
def body(answer: Answer, *, encrypted: bool) -> Rendered:
    """The answer as one object."""
    return Rendered((dump(_response(answer, _STATUS[answer.ending], _output(answer, encrypted=encrypted))),))


def error_event(message: str, code: str, *, number: int, documented: bool) -> bytes:
    """An ``error`` event: flat as documented, or nested under ``error`` as the service has been seen to send it."""
    error = {"code": code, "message": message, "param": None}
    if documented:
        return sse({"type": "error", "sequence_number": number, **error}, "error")
    return sse({"type": "error", "sequence_number": number, "error": {"type": "server_error", **error}}, "error")
