"""What a model that answers can do, whatever is behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from profilecli.models import Usage, Utterance

__all__ = ["LLM", "Delta", "ReplyEnd", "StructuredReply"]


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of a reply, as it arrives."""

    text: str


@dataclass(frozen=True, slots=True)
class ReplyEnd:
    """The end of a reply. ``cut`` says why it stopped early (``length`` or ``content_filter``), or is None."""

    usage: Usage
    cut: str | None = None


@dataclass(frozen=True, slots=True)
class StructuredReply:
    """The text of an answer that was asked for in a JSON Schema; not parsed."""

    text: str
    usage: Usage


class LLM(Protocol):
    """A model that answers, and that can be asked for JSON. Both raise ModelError."""

    name: str

    def reply(self, system: str, messages: Sequence[Utterance]) -> AsyncIterator[Delta | ReplyEnd]:
        """Streams the reply to the last of ``messages``; ends with one ReplyEnd."""

    async def structured(self, system: str, prompt: str, schema: dict[str, Any]) -> StructuredReply:
        """One answer in the shape of a strict JSON Schema."""

    def preload(self) -> None:
        """Starts to import and connect in the background, since that takes a moment."""

    async def close(self) -> None:
        """Ends connections."""
