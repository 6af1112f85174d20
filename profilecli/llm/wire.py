"""What OpenAI's two APIs have in common: what is asked, and the reading of answers.

An endpoint may leave fields out or add some, whatever the SDK's types promise, so everything
is read with care.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from profilecli.errors import ModelError
from profilecli.llm.protocol import Delta, ReplyEnd, Round, StructuredReply, Tool
from profilecli.models import Usage, Utterance
from profilecli.text import whole_characters

if TYPE_CHECKING:
    from openai import AsyncOpenAI

__all__ = ["SCHEMA_NAME", "Ask", "Wire", "ended_early", "not_json", "structured", "text_of", "usage_of"]

SCHEMA_NAME = "profile_updates"


@dataclass(frozen=True, slots=True)
class Ask:
    """One call: to whom, and what is said. ``options`` go into the request as they are."""

    model: str
    system: str
    messages: Sequence[Utterance]
    tools: Sequence[Tool] = ()
    rounds: Sequence[Round] = ()
    options: dict[str, Any] = field(default_factory=dict)


class Wire(Protocol):
    """One of the two APIs."""

    def stream(self, client: AsyncOpenAI, ask: Ask) -> AsyncIterator[Delta | ReplyEnd]:
        """Asks for a streamed reply."""

    async def structured(self, client: AsyncOpenAI, ask: Ask, schema: dict[str, Any] | None) -> StructuredReply:
        """Asks for one answer in a strict JSON Schema, or without one."""


def text_of(value: Any) -> str:
    """The text that was sent, or nothing where something else was."""
    return whole_characters(value) if isinstance(value, str) else ""


def usage_of(answer: Any, input_name: str, output_name: str) -> Usage:
    """What a call cost, under the names that its API has for it; None is not reported."""
    usage = getattr(answer, "usage", None)
    counts = [getattr(usage, name, None) for name in (input_name, output_name)]
    return Usage(1, *(count if isinstance(count, int) else None for count in counts))


def structured(text: str, *, refused: bool, usage: Usage, cut: str | None) -> StructuredReply:
    """The answer, if it is one. Raises ModelError."""
    if refused:
        raise ModelError("refusal", "The model refused to read the message for facts.")
    if cut:
        raise ModelError("protocol", "The model's list of facts was cut short.")
    if not text.strip():
        raise ModelError("empty", "The model gave an empty list of facts.")
    return StructuredReply(text, usage)


def ended_early() -> ModelError:
    """A stream that just stops, as a login page or a broken proxy makes it."""
    return ModelError("protocol", "The answer ended before it was finished.")


def not_json() -> ModelError:
    """The SDK hands over a 200 that is not JSON, such as a login page, as a string."""
    return ModelError("protocol", "The endpoint answered with a page instead of JSON. Is its base URL right (it often ends in /v1)?")
