"""What happens in a turn, in the order in which it happens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from profilecli.errors import ModelError, ProfilecliError
from profilecli.models import Change, Rejection, Usage

__all__ = ["Event", "Learned", "LearningFailed", "Rejected", "ReplyEnded", "ReplyFailed", "TextDelta", "TurnEnded", "TurnResult"]


@dataclass(frozen=True, slots=True)
class TextDelta:
    """A piece of the reply."""

    text: str


@dataclass(frozen=True, slots=True)
class ReplyEnded:
    """The reply is over. ``cut`` says why it stopped early: ``length``, ``content_filter``, ``stopped``; else None."""

    text: str
    cut: str | None = None


@dataclass(frozen=True, slots=True)
class ReplyFailed:
    """There is no reply, or no more of it; ``text`` is what had come."""

    error: ModelError
    text: str = ""

    @property
    def cut(self) -> str | None:
        """``failed``, where words had come."""
        return "failed" if self.text else None


@dataclass(frozen=True, slots=True)
class Learned:
    """What the profile gained, lost or changed."""

    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Rejected:
    """What was proposed and refused."""

    rejections: tuple[Rejection, ...]


@dataclass(frozen=True, slots=True)
class LearningFailed:
    """The message was kept, and will be learned later."""

    error: ProfilecliError


@dataclass(frozen=True, slots=True)
class TurnResult:
    """A whole turn, as ``chat --json`` prints it."""

    user_id: str
    session_id: str
    message: str
    reply: str
    learned: tuple[Change, ...] = ()
    rejected: tuple[Rejection, ...] = ()
    error: Mapping[str, Any] | None = None
    usage: Usage = field(default_factory=Usage)
    cut: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The shape of a line of ``chat --json`` and ``ask --json``."""
        return {
            "user_id": self.user_id,
            "session_id": self.session_id,
            "message": self.message,
            "reply": self.reply,
            "learned": [{"field": c.field, "old": c.old, "new": c.new, "quote": c.quote, "source": c.source} for c in self.learned],
            "rejected": [{"field": r.field, "value": r.value, "reason": r.reason} for r in self.rejected],
            "error": self.error,
            "usage": {"calls": self.usage.calls, "input_tokens": self.usage.input_tokens, "output_tokens": self.usage.output_tokens},
            "cut": self.cut,
        }


@dataclass(frozen=True, slots=True)
class TurnEnded:
    """The last event of a turn."""

    result: TurnResult


Event = TextDelta | ReplyEnded | ReplyFailed | Learned | Rejected | LearningFailed | TurnEnded
