"""OpenAI's two APIs, each as three pure steps: the request, the pieces of a stream, the text of an answer.

Responses: https://platform.openai.com/docs/api-reference/responses
Chat Completions: https://platform.openai.com/docs/api-reference/chat

An endpoint may leave fields out or add some, whatever the SDK's types promise, so everything
is read with care.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from profilecli.errors import ModelError
from profilecli.llm.protocol import Delta, ReplyEnd, StructuredReply
from profilecli.models import Usage, Utterance

if TYPE_CHECKING:
    from openai import AsyncOpenAI

__all__ = ["WIRES", "ChatWire", "ResponsesWire", "Wire"]

_NAME = "profile_updates"


class Wire(Protocol):
    """One of the two APIs."""

    async def stream(
        self, client: AsyncOpenAI, model: str, system: str, messages: Sequence[Utterance], options: dict[str, Any]
    ) -> AsyncIterator[Delta | ReplyEnd]:
        """Asks for a streamed reply; the pieces come from the iterator that this returns."""

    async def structured(
        self, client: AsyncOpenAI, model: str, system: str, prompt: str, schema: dict[str, Any], options: dict[str, Any]
    ) -> StructuredReply:
        """Asks for one answer in a strict JSON Schema."""


class ResponsesWire:
    """The Responses API. Nothing is stored at the endpoint: ``store`` is false."""

    async def stream(
        self, client: AsyncOpenAI, model: str, system: str, messages: Sequence[Utterance], options: dict[str, Any]
    ) -> AsyncIterator[Delta | ReplyEnd]:
        """See :class:`Wire`."""
        events = await client.responses.create(
            model=model, instructions=system, input=_as_input(messages), stream=True, store=False, **options
        )
        return self._pieces(events)

    async def _pieces(self, events: Any) -> AsyncIterator[Delta | ReplyEnd]:
        finished = False
        async with events:
            async for event in events:
                kind = getattr(event, "type", None)
                if kind in ("response.output_text.delta", "response.refusal.delta"):
                    yield Delta(_text(event.delta))
                elif kind in ("response.completed", "response.incomplete"):
                    response = event.response
                    yield ReplyEnd(_usage(response, "input_tokens", "output_tokens"), _why_incomplete(response))
                    finished = True
                elif kind == "response.failed":
                    raise _failed(event.response)
                elif kind == "error":
                    raise ModelError("server", f"The endpoint reported an error: {_text(getattr(event, 'message', ''))}")
        if not finished:
            raise ModelError("protocol", "The answer ended before it was finished.")

    async def structured(
        self, client: AsyncOpenAI, model: str, system: str, prompt: str, schema: dict[str, Any], options: dict[str, Any]
    ) -> StructuredReply:
        """See :class:`Wire`."""
        response = await client.responses.create(
            model=model,
            instructions=system,
            input=[{"role": "user", "content": prompt}],
            text={"format": {"type": "json_schema", "name": _NAME, "schema": schema, "strict": True}},
            store=False,
            **options,
        )
        if isinstance(response, str):
            raise _not_json()
        if getattr(response, "status", None) == "failed":
            raise _failed(response)
        parts = [part for item in getattr(response, "output", None) or () for part in getattr(item, "content", None) or ()]
        text = "".join(_text(getattr(part, "text", "")) for part in parts if getattr(part, "type", None) == "output_text")
        refused = any(getattr(part, "type", None) == "refusal" for part in parts)
        return _structured(text, refused, _usage(response, "input_tokens", "output_tokens"), _why_incomplete(response))


class ChatWire:
    """The Chat Completions API, as OpenAI and most other servers speak it."""

    async def stream(
        self, client: AsyncOpenAI, model: str, system: str, messages: Sequence[Utterance], options: dict[str, Any]
    ) -> AsyncIterator[Delta | ReplyEnd]:
        """See :class:`Wire`."""
        chunks = await client.chat.completions.create(
            model=model, messages=_as_messages(system, messages), stream=True, stream_options={"include_usage": True}, **options
        )
        return self._pieces(chunks)

    async def _pieces(self, chunks: Any) -> AsyncIterator[Delta | ReplyEnd]:
        finish, usage = None, Usage(1)
        async with chunks:
            async for chunk in chunks:
                if getattr(chunk, "usage", None):
                    usage = _usage(chunk, "prompt_tokens", "completion_tokens")
                for choice in (getattr(chunk, "choices", None) or ())[:1]:
                    delta = choice.delta
                    text = _text(getattr(delta, "content", None)) or _text(getattr(delta, "refusal", None))
                    if text:
                        yield Delta(text)
                    finish = getattr(choice, "finish_reason", None) or finish
        if finish is None:
            raise ModelError("protocol", "The answer ended before it was finished.")
        yield ReplyEnd(usage, finish if finish in ("length", "content_filter") else None)

    async def structured(
        self, client: AsyncOpenAI, model: str, system: str, prompt: str, schema: dict[str, Any], options: dict[str, Any]
    ) -> StructuredReply:
        """See :class:`Wire`."""
        completion = await client.chat.completions.create(
            model=model,
            messages=_as_messages(system, [Utterance("user", prompt)]),
            response_format={"type": "json_schema", "json_schema": {"name": _NAME, "schema": schema, "strict": True}},
            **options,
        )
        if isinstance(completion, str):
            raise _not_json()
        choices = getattr(completion, "choices", None) or ()
        if not choices:
            raise ModelError("empty", "The endpoint gave no answer.")
        message = choices[0].message
        finish = getattr(choices[0], "finish_reason", None)
        return _structured(
            _text(getattr(message, "content", None)),
            bool(getattr(message, "refusal", None)),
            _usage(completion, "prompt_tokens", "completion_tokens"),
            finish if finish in ("length", "content_filter") else None,
        )


WIRES: dict[str, Wire] = {"responses": ResponsesWire(), "chat": ChatWire()}


def _as_input(messages: Sequence[Utterance]) -> Any:
    return [{"role": message.role, "content": message.content} for message in messages]


def _as_messages(system: str, messages: Sequence[Utterance]) -> Any:
    return [{"role": "system", "content": system}, *_as_input(messages)]


def _structured(text: str, refused: bool, usage: Usage, cut: str | None) -> StructuredReply:
    if refused:
        raise ModelError("refusal", "The model refused to read the message for facts.")
    if cut:
        raise ModelError("protocol", "The model's list of facts was cut short.")
    if not text.strip():
        raise ModelError("empty", "The model gave an empty list of facts.")
    return StructuredReply(text, usage)


def _not_json() -> ModelError:
    # The SDK hands over a 200 that is not JSON, such as a login page, as a string.
    return ModelError("protocol", "The endpoint answered with a page instead of JSON. Is its base URL right (it often ends in /v1)?")


def _usage(answer: Any, input_name: str, output_name: str) -> Usage:
    usage = getattr(answer, "usage", None)
    counts = [getattr(usage, name, None) for name in (input_name, output_name)]
    return Usage(1, *(count if isinstance(count, int) else None for count in counts))


def _why_incomplete(response: Any) -> str | None:
    if getattr(response, "status", None) != "incomplete":
        return None
    reason = getattr(getattr(response, "incomplete_details", None), "reason", None)
    return "content_filter" if reason == "content_filter" else "length"


def _failed(response: Any) -> ModelError:
    error = getattr(response, "error", None)
    kind = "rate_limit" if getattr(error, "code", None) == "rate_limit_exceeded" else "server"
    return ModelError(kind, f"The endpoint failed to answer: {_text(getattr(error, 'message', None)) or 'no reason given'}")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
