"""The records that travel between the modules: frozen, without behaviour of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

__all__ = [
    "Action",
    "Change",
    "HeardBefore",
    "Message",
    "PastChange",
    "PastRejection",
    "Portable",
    "Profile",
    "Proposal",
    "Rejection",
    "Role",
    "Source",
    "Update",
    "UpdateAction",
    "Usage",
    "Utterance",
]

Action = Literal["set", "unset"]
UpdateAction = Literal["set", "unset", "replace"]
Role = Literal["user", "assistant"]
Source = Literal["rules", "model", "tool", "user", "import", "undo"]


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation, as stored.

    ``at`` and ``learned_at`` are UTC in ISO 8601 with microseconds; ``learned_at`` is None
    while the learning from this message hasn't finished. ``cut`` says why a reply stopped early:
    ``length``, ``content_filter``, ``stopped``, ``failed``; else None.
    """

    id: int
    user_id: str
    session_id: str
    role: Role
    content: str
    at: str
    learned_at: str | None = None
    attempts: int = 0
    cut: str | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an extractor believes a message states, before anybody has checked it.

    ``value`` is text as the extractor writes it; None with ``unset``. For a list field
    ``set`` adds the one element ``value`` and ``unset`` with a value removes it.
    """

    field: str
    action: Action
    value: str | None
    quote: str


@dataclass(frozen=True, slots=True)
class Update:
    """Something to write: a proposal that holds, or a change by hand.

    ``value`` is a JSON value that its field allows. For a list field ``set`` adds the one
    element ``value`` and ``unset`` removes it (all of them where ``value`` is None);
    ``replace`` writes the whole list, as a hand does.
    """

    field: str
    action: UpdateAction
    value: Any
    quote: str | None
    source: Source


@dataclass(frozen=True, slots=True)
class Rejection:
    """A proposal that doesn't hold, with a reason that a user understands.

    ``value`` is masked where it is a credential.
    """

    field: str
    value: str | None
    reason: str
    quote: str = ""
    source: Source = "rules"


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of a profile's history. ``old`` and ``new`` are JSON values; None is unset.

    ``superseded`` marks what a message said that was learned only after a newer statement:
    it is on record, and was never written.
    """

    id: int
    field: str
    old: Any
    new: Any
    source: Source
    quote: str | None
    session_id: str | None
    at: str
    change_set: int
    superseded: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """A stored profile as it is: the JSON values that are set, whatever the schema says.

    ``schema`` is the name of the schema it was last written with.
    """

    user_id: str
    schema: str
    fields: Mapping[str, Any]
    created_at: str
    updated_at: str


@dataclass(frozen=True, slots=True)
class PastChange:
    """A change as it travels, with when its evidence was said, and in which of the messages that travel with it."""

    change: Change
    said_at: str
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class PastRejection:
    """A refused proposal as it travels, with the message that it was read in."""

    rejection: Rejection
    session_id: str | None
    at: str
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class HeardBefore:
    """That a transcript's record with the digest ``key`` was learned from, and how often: in all, and in one run."""

    key: bytes
    heard: int
    run: str
    seen: int


@dataclass(frozen=True, slots=True)
class Portable:
    """A profile as it travels, in a file or from one database to another. What is None doesn't travel with it."""

    profile: Profile
    history: tuple[PastChange, ...] | None = None
    pinned: tuple[str, ...] | None = None
    messages: tuple[Message, ...] | None = None
    rejections: tuple[PastRejection, ...] | None = None
    heard: tuple[HeardBefore, ...] | None = None


@dataclass(frozen=True, slots=True)
class Utterance:
    """One earlier message of a conversation, as context: never evidence."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Usage:
    """What calls cost. Tokens are None where an endpoint doesn't report them."""

    calls: int = 0
    input_tokens: int | None = None
    output_tokens: int | None = None

    def __add__(self, other: Usage) -> Usage:
        if not self.calls or not other.calls:
            return self if self.calls else other
        return Usage(self.calls + other.calls, _sum(self.input_tokens, other.input_tokens), _sum(self.output_tokens, other.output_tokens))


def _sum(a: int | None, b: int | None) -> int | None:
    return None if a is None or b is None else a + b
