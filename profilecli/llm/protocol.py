"""What a model that answers can do, whatever is behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from profilecli.models import Usage, Utterance

__all__ = ["LLM", "Delta", "ReplyEnd", "Round", "StructuredReply", "Tool", "ToolCall"]


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of a reply, as it arrives."""

    text: str


@dataclass(frozen=True, slots=True)
class Tool:
    """A function that a model may call; ``parameters`` is a strict JSON Schema."""

    name: str
    description: str
    parameters: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call that a model made. ``arguments`` is its text, which may be anything."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Round:
    """One answer of a model that called tools, as its API wants it back, and the calls' results in their order."""

    items: tuple[dict[str, Any], ...]
    results: tuple[tuple[ToolCall, str], ...]


@dataclass(frozen=True, slots=True)
class ReplyEnd:
    """The end of an answer. ``cut`` says why it stopped early (``length`` or ``content_filter``), or is None.

    With ``calls`` the model waits for their results; ``items`` is its answer for the next :class:`Round`.
    """

    usage: Usage
    cut: str | None = None
    calls: tuple[ToolCall, ...] = ()
    items: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class StructuredReply:
    """The text of an answer that was asked for in a JSON Schema; not parsed."""

    text: str
    usage: Usage


class LLM(Protocol):
    """A model that answers, and that can be asked for JSON. Both raise ModelError.

    ``extracts`` says whether it is good enough at reading messages for facts that ``extractor =
    auto`` lets it. ``context_window`` is in tokens; None where it isn't known.
    """

    name: str
    extracts: bool
    context_window: int | None

    def reply(
        self, system: str, messages: Sequence[Utterance], *, tools: Sequence[Tool] = (), rounds: Sequence[Round] = ()
    ) -> AsyncIterator[Delta | ReplyEnd]:
        """Streams the reply to the last of ``messages``; ends with one ReplyEnd.

        ``rounds`` are the calls of this turn so far, with their results.
        """

    async def structured(self, system: str, prompt: str, schema: dict[str, Any]) -> StructuredReply:
        """One answer in the shape of a strict JSON Schema."""

    async def models(self) -> list[str]:
        """The ids that the endpoint lists; that costs nothing."""

    def preload(self) -> None:
        """Starts to import and connect in the background, since that takes a moment."""

    async def close(self) -> None:
        """Ends connections."""
