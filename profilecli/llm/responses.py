"""The Responses API: https://platform.openai.com/docs/api-reference/responses.

Nothing is stored at the endpoint (``store`` is false), so a turn's earlier rounds are sent
back whole, reasoning included: https://platform.openai.com/docs/guides/reasoning
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable
from typing import TYPE_CHECKING, Any

from profilecli.llm.failures import Reported
from profilecli.llm.protocol import Delta, ReplyEnd, StructuredReply, ToolCall
from profilecli.llm.wire import SCHEMA_NAME, Ask, ended_early, not_json, structured, text_of, usage_of

if TYPE_CHECKING:
    from openai import AsyncOpenAI

__all__ = ["ResponsesWire"]

_REASONS = re.compile(r"(^|/)(o\d|gpt-5|gpt-oss|codex)")
"""Models that reason; others refuse to be asked for encrypted reasoning."""


class ResponsesWire:
    """The Responses API, as a :class:`~profilecli.llm.wire.Wire`."""

    async def stream(self, client: AsyncOpenAI, ask: Ask) -> AsyncIterator[Delta | ReplyEnd]:
        """Asks for a streamed reply."""
        create: Any = client.responses.create  # the SDK types a request by its literal keywords
        events = await create(stream=True, **_request(ask))
        end: ReplyEnd | None = None
        done: list[Any] = []
        speaking: Any = None
        async with events:
            async for event in events:
                kind = getattr(event, "type", None)
                if kind in ("response.output_text.delta", "response.refusal.delta"):
                    item = getattr(event, "output_index", None)
                    if speaking not in (None, item):
                        yield Delta("\n\n")  # a remark on what it is about to do, and the answer, are messages of their own
                    speaking = item
                    yield Delta(text_of(event.delta))
                elif kind == "response.output_item.done":
                    done.append(event.item)
                elif kind in ("response.completed", "response.incomplete"):
                    end = _end(event.response, done)
                elif kind == "response.failed":
                    raise _failed(event.response)
                elif kind == "error":
                    raise _reported(event)
        if end is None:
            raise ended_early()
        yield end

    async def structured(self, client: AsyncOpenAI, ask: Ask, schema: dict[str, Any] | None) -> StructuredReply:
        """Asks for one answer in a strict JSON Schema, or without one."""
        create: Any = client.responses.create
        form = {"format": {"type": "json_schema", "name": SCHEMA_NAME, "schema": schema, "strict": True}}
        response = await create(**_request(ask), **({"text": form} if schema else {}))
        if isinstance(response, str):
            raise not_json()
        if getattr(response, "status", None) == "failed":
            raise _failed(response)
        parts = [part for item in _output(response) for part in getattr(item, "content", None) or ()]
        text = "".join(text_of(getattr(part, "text", "")) for part in parts if getattr(part, "type", None) == "output_text")
        refused = any(getattr(part, "type", None) == "refusal" for part in parts)
        return structured(text, refused=refused, usage=_usage(response), cut=_why_incomplete(response))


def _request(ask: Ask) -> dict[str, Any]:
    request: dict[str, Any] = {"model": ask.model, "instructions": ask.system, "store": False, **ask.options}
    request["input"] = [{"role": message.role, "content": message.content} for message in ask.messages]
    for past in ask.rounds:
        request["input"] += past.items
        request["input"] += [{"type": "function_call_output", "call_id": call.id, "output": output} for call, output in past.results]
    if ask.tools:
        request["tools"] = [
            {"type": "function", "name": tool.name, "description": tool.description, "parameters": tool.parameters, "strict": True}
            for tool in ask.tools
        ]
        if _REASONS.search(ask.model):
            request["include"] = ["reasoning.encrypted_content"]
    return request


def _end(response: Any, done: list[Any]) -> ReplyEnd:
    # The final response repeats the items; some servers leave them out there.
    items = done or _output(response)
    calls = tuple(
        ToolCall(text_of(getattr(item, "call_id", None)), text_of(getattr(item, "name", None)), text_of(getattr(item, "arguments", None)))
        for item in items
        if getattr(item, "type", None) == "function_call"
    )
    return ReplyEnd(_usage(response), _why_incomplete(response), calls, tuple(_to_send_back(items)) if calls else ())


def _to_send_back(items: Iterable[Any]) -> list[dict[str, Any]]:
    """The items as input of the next round.

    Reasoning that came without its encrypted content is unknown to an endpoint that stores
    nothing; then it stays out, and so do the ids that would refer to it.
    """
    plain = [item.to_dict(mode="json", exclude_none=True) for item in items if hasattr(item, "to_dict")]
    known = [item for item in plain if item.get("type") in ("reasoning", "message", "function_call")]
    if all(item.get("encrypted_content") for item in known if item["type"] == "reasoning"):
        return known
    return [{name: value for name, value in item.items() if name != "id"} for item in known if item["type"] != "reasoning"]


def _output(response: Any) -> list[Any]:
    output = getattr(response, "output", None)
    return list(output) if isinstance(output, list) else []


def _usage(response: Any) -> Any:
    return usage_of(response, "input_tokens", "output_tokens")


def _why_incomplete(response: Any) -> str | None:
    if getattr(response, "status", None) != "incomplete":
        return None
    reason = getattr(getattr(response, "incomplete_details", None), "reason", None)
    return "content_filter" if reason == "content_filter" else "length"


def _failed(response: Any) -> Reported:
    return _reported(getattr(response, "error", None))


def _reported(error: Any) -> Reported:
    return Reported(text_of(getattr(error, "code", None)), text_of(getattr(error, "message", None)) or "no reason given")
