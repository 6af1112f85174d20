"""The real SDK as a client of either wire: one call, heard in one form whatever the wire.

For the endpoint's own tests; the program's client is tested by itself.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from openai import AsyncOpenAI

if TYPE_CHECKING:
    from tests.endpoint.answers import Wire
    from tests.endpoint.loopback import Endpoint

__all__ = ["ITEM", "MODEL", "SCHEMA", "UPDATE", "Heard", "call", "client_of", "say", "structured", "tool"]

MODEL = "gpt-5.2"
UPDATE = {"field": "name", "action": "set", "value": "Ali", "quote": "I'm Ali"}
ITEM: dict[str, Any] = {
    "type": "object",
    "properties": {name: {"type": ["string", "null"]} for name in UPDATE},
    "required": list(UPDATE),
    "additionalProperties": False,
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"updates": {"type": "array", "items": ITEM}},
    "required": ["updates"],
    "additionalProperties": False,
}


@dataclass
class Heard:
    """What a client hears, whatever the wire; filled as it comes, so that a broken stream leaves its beginning."""

    text: str = ""
    refusal: str = ""
    ending: str | None = None
    output_tokens: int | None = None
    calls: list[tuple[str, str]] = field(default_factory=list)
    events: list[Any] = field(default_factory=list)
    times: list[float] = field(default_factory=list)


def structured(wire: Wire, schema: dict[str, Any]) -> dict[str, Any]:
    """The parameter that asks for structured output."""
    inner = {"name": "updates", "schema": schema, "strict": True}
    if wire == "responses":
        return {"text": {"format": {"type": "json_schema", **inner}}}
    return {"response_format": {"type": "json_schema", "json_schema": inner}}


async def say(client: AsyncOpenAI, wire: Wire, heard: Heard, *, stream: bool, **more: Any) -> None:
    """Make one call and fill ``heard``."""
    if wire == "responses":
        raw: Any = await client.responses.create(**{"model": MODEL, "input": "Hi", "stream": stream, **more})
        await _hear_responses(raw, heard, stream=stream)
        return
    options = {"stream_options": {"include_usage": True}} if stream else {}
    messages = [{"role": "user", "content": "Hi"}]
    raw = await client.chat.completions.create(**{"model": MODEL, "messages": messages, "stream": stream, **options, **more})
    await _hear_chat(raw, heard, stream=stream)


async def _hear_responses(raw: Any, heard: Heard, *, stream: bool) -> None:
    final = None if stream else raw
    if stream:
        async for event in raw:
            heard.events.append(event)
            heard.times.append(time.monotonic())
            if event.type == "response.output_text.delta":
                heard.text += event.delta
            if event.type == "response.refusal.delta":
                heard.refusal += event.delta
            if event.type in {"response.completed", "response.incomplete", "response.failed"}:
                final = event.response
    if final is None:
        return
    heard.ending = final.incomplete_details.reason if final.incomplete_details else final.status
    heard.output_tokens = final.usage.output_tokens if final.usage else None
    heard.calls = [(item.name, item.arguments) for item in final.output or () if item.type == "function_call"]
    if not stream:
        heard.events.append(final)
        heard.text = final.output_text
        parts = [part for item in final.output if item.type == "message" for part in item.content]
        heard.refusal = "".join(part.refusal for part in parts if part.type == "refusal")


async def _hear_chat(raw: Any, heard: Heard, *, stream: bool) -> None:
    if not stream:
        heard.events.append(raw)
        choice = raw.choices[0]
        heard.text, heard.refusal, heard.ending = choice.message.content or "", choice.message.refusal or "", choice.finish_reason
        heard.output_tokens = raw.usage.completion_tokens if raw.usage else None
        heard.calls = [(call.function.name, call.function.arguments) for call in choice.message.tool_calls or ()]
        return
    async for chunk in raw:
        heard.events.append(chunk)
        heard.times.append(time.monotonic())
        heard.output_tokens = chunk.usage.completion_tokens if chunk.usage else heard.output_tokens
        for choice in chunk.choices or ():
            heard.text += choice.delta.content or ""
            heard.refusal += choice.delta.refusal or ""
            heard.ending = choice.finish_reason or heard.ending
            for call in choice.delta.tool_calls or ():
                if call.function.name:
                    heard.calls.append((call.function.name, ""))
                name, arguments = heard.calls[call.index]
                heard.calls[call.index] = (name, arguments + (call.function.arguments or ""))


def client_of(endpoint: Endpoint, **options: Any) -> AsyncOpenAI:
    """A client without retries, unless told otherwise."""
    return AsyncOpenAI(**{"base_url": endpoint.base_url, "api_key": endpoint.api_key, "max_retries": 0, "timeout": 10, **options})


def call(endpoint: Endpoint, wire: Wire, *, stream: bool = True, heard: Heard | None = None, **more: Any) -> Heard:
    """One call with a client of its own."""
    heard = Heard() if heard is None else heard
    timeout = more.pop("timeout", 10)

    async def once() -> None:
        async with client_of(endpoint, timeout=timeout) as client:
            await say(client, wire, heard, stream=stream, **more)

    asyncio.run(once())
    return heard


def tool(wire: Wire, schema: dict[str, Any], *, strict: bool = True) -> dict[str, Any]:
    """The ``tools`` parameter with one function."""
    function = {"name": "note", "parameters": schema, "strict": strict}
    return {"tools": [{"type": "function", **function} if wire == "responses" else {"type": "function", "function": function}]}
