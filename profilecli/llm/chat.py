"""The Chat Completions API, as OpenAI and most other servers speak it.

https://platform.openai.com/docs/api-reference/chat
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from profilecli.errors import ModelError
from profilecli.llm.protocol import Delta, ReplyEnd, StructuredReply, ToolCall
from profilecli.llm.wire import SCHEMA_NAME, Ask, ended_early, not_json, structured, text_of, usage_of
from profilecli.models import Usage

if TYPE_CHECKING:
    from openai import AsyncOpenAI

__all__ = ["ChatWire"]

_CUT = ("length", "content_filter")


@dataclass(slots=True)
class _Answer:
    """A streamed answer so far; tool calls come in pieces, by their index."""

    text: str = ""
    finish: str | None = None
    ended: bool = False
    usage: Usage | None = None
    calls: dict[int, list[str]] | None = None

    def hear(self, chunk: Any) -> str:
        """Takes one chunk in; returns its text."""
        usage = getattr(chunk, "usage", None)
        self.usage = _usage(chunk) if usage else self.usage
        choices = getattr(chunk, "choices", None) or ()
        text = self._hear_choice(choices[0]) if choices else ""
        # What an answer cost comes after its last word. Some servers send it, and no finish.
        self.ended = self.finish is not None or bool(usage and not text)
        return text

    def _hear_choice(self, choice: Any) -> str:
        delta = getattr(choice, "delta", None)
        text = text_of(getattr(delta, "content", None)) or text_of(getattr(delta, "refusal", None))
        self.text += text
        self.finish = getattr(choice, "finish_reason", None) or self.finish
        for piece in getattr(delta, "tool_calls", None) or ():
            self._hear_call(piece)
        return text

    def _hear_call(self, piece: Any) -> None:
        self.calls = self.calls or {}
        index = getattr(piece, "index", None)
        if not isinstance(index, int):  # some servers send whole calls and no index
            index = len(self.calls)
        call = self.calls.setdefault(index, ["", "", ""])
        function = getattr(piece, "function", None)
        call[0] = call[0] or text_of(getattr(piece, "id", None))
        call[1] = call[1] or text_of(getattr(function, "name", None))  # always whole; some servers repeat it in every piece
        call[2] += text_of(getattr(function, "arguments", None))

    def end(self) -> ReplyEnd:
        """The end of the answer."""
        calls = tuple(
            ToolCall(id_ or f"call_{index}", name, arguments) for index, (id_, name, arguments) in sorted((self.calls or {}).items())
        )
        items = ({"role": "assistant", "content": self.text or None, "tool_calls": [_sent_back(call) for call in calls]},) if calls else ()
        return ReplyEnd(self.usage or Usage(1), self.finish if self.finish in _CUT else None, calls, items)


class ChatWire:
    """The Chat Completions API, as a :class:`~profilecli.llm.wire.Wire`."""

    async def stream(self, client: AsyncOpenAI, ask: Ask) -> AsyncIterator[Delta | ReplyEnd]:
        """Asks for a streamed reply."""
        create: Any = client.chat.completions.create  # the SDK types a request by its literal keywords
        chunks = await create(stream=True, stream_options={"include_usage": True}, **_request(ask))
        answer = _Answer()
        async with chunks:
            async for chunk in chunks:
                if text := answer.hear(chunk):
                    yield Delta(text)
        if not answer.ended:
            raise ended_early()
        yield answer.end()

    async def structured(self, client: AsyncOpenAI, ask: Ask, schema: dict[str, Any] | None) -> StructuredReply:
        """Asks for one answer in a strict JSON Schema, or without one."""
        create: Any = client.chat.completions.create
        form = {"type": "json_schema", "json_schema": {"name": SCHEMA_NAME, "schema": schema, "strict": True}}
        completion = await create(**_request(ask), **({"response_format": form} if schema else {}))
        if isinstance(completion, str):
            raise not_json()
        choices = getattr(completion, "choices", None) or ()
        if not choices:
            raise ModelError("empty", "The endpoint gave no answer.")
        message = getattr(choices[0], "message", None)
        finish = getattr(choices[0], "finish_reason", None)
        return structured(
            text_of(getattr(message, "content", None)),
            refused=bool(getattr(message, "refusal", None)),
            usage=_usage(completion),
            cut=finish if finish in _CUT else None,
        )


def _request(ask: Ask) -> dict[str, Any]:
    request: dict[str, Any] = {"model": ask.model, **ask.options}
    request["messages"] = [{"role": "system", "content": ask.system}, *({"role": m.role, "content": m.content} for m in ask.messages)]
    for past in ask.rounds:
        request["messages"] += past.items
        request["messages"] += [{"role": "tool", "tool_call_id": call.id, "content": output} for call, output in past.results]
    if ask.tools:
        request["tools"] = [
            {
                "type": "function",
                "function": {"name": tool.name, "description": tool.description, "parameters": tool.parameters, "strict": True},
            }
            for tool in ask.tools
        ]
    return request


def _sent_back(call: ToolCall) -> dict[str, Any]:
    return {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}


def _usage(answer: Any) -> Usage:
    return usage_of(answer, "prompt_tokens", "completion_tokens")
