"""What every store can do, whatever database is behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol, Self

from profilecli.models import Change, Message, Portable, Profile, Rejection, Role, Update
from profilecli.schema import SchemaSet

__all__ = [
    "Applied", "Erased", "Heard", "Learning", "Replaced", "Store", "StoredRejection", "Undone", "UserSummary",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Applied:
    """What :meth:`Store.apply` did: the changes, in order, superseded ones among them; and what a pin held off.

    ``done`` is False where the message had been learned already, and nothing was written.
    """

    changes: tuple[Change, ...] = ()
    pinned: tuple[Rejection, ...] = ()
    done: bool = True


@dataclass(frozen=True, slots=True)
class Learning:
    """What to write of one message, or of one command; see :meth:`Store.apply`."""

    user_id: str
    updates: Sequence[Update] = ()
    message: Message | None = None
    rejections: Sequence[Rejection] = ()
    finish: bool = True
    session_id: str | None = None
    schema: str | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """A user's message in a transcript. ``key`` tells it from the user's others; ``at`` is when it was said, None now."""

    user_id: str
    session_id: str
    content: str
    key: bytes
    at: str | None = None
    schema: str | None = None


@dataclass(frozen=True, slots=True)
class Replaced:
    """What an import did to one profile."""

    user_id: str
    created: bool
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Undone:
    """What :meth:`Store.undo` took back, and the fields that it kept since they changed after."""

    changes: tuple[Change, ...] = ()
    kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erase removed.

    ``vacuumed`` says that the database was made to let go of the bytes: a file was rewritten,
    a server's tables were vacuumed. ``remains`` says what may still hold them, where
    something may.
    """

    profiles: int = 0
    messages: int = 0
    changes: int = 0
    vacuumed: bool = False
    remains: str = ""


@dataclass(frozen=True, slots=True)
class StoredRejection:
    """A refused proposal on record."""

    rejection: Rejection
    session_id: str | None
    at: str


@dataclass(frozen=True, slots=True)
class UserSummary:
    """One line of ``profile users``. ``pending`` counts the messages that are still to be learned."""

    user_id: str
    schema: str
    fields_set: int
    updated_at: str
    pending: int = field(default=0)


class Store(Protocol):
    """Profiles, their history, and messages. Every method is one transaction, or reads.

    All of them raise StoreError where the database can't do it, and InvalidUserId.
    """

    schemas: SchemaSet

    in_memory: bool
    """Nothing is kept: there is no database yet, and none was to be made."""

    def get(self, user_id: str) -> Any:
        """The profile as an instance of its schema's dataclass, or None."""

    def profile(self, user_id: str) -> Profile | None:
        """The profile as it is stored, or None."""

    def profiles(self) -> Iterator[Profile]:
        """Every profile, by user_id."""

    def users(self) -> list[UserSummary]:
        """A summary of each user, by user_id."""

    def add_message(
        self, user_id: str, session_id: str, role: Role, content: str, *, schema: str | None = None, cut: str | None = None
    ) -> Message:
        """Keeps a message; the user's is durable when this returns. Makes the profile's row where there is none.

        ``schema`` becomes the profile's schema; None leaves it alone (``base`` for a new one).
        ``cut`` says why a reply stopped early.
        """

    def messages(self, user_id: str, session_id: str) -> list[Message]:
        """The messages of a conversation, oldest first."""

    def last_session(self, user_id: str) -> str | None:
        """The conversation of the user's newest message, or None."""

    def pending(self, user_id: str, limit: int | None = None) -> list[Message]:
        """The user's messages that are still to be learned, oldest first."""

    def note_attempt(self, message_id: int) -> int:
        """Counts a failed attempt to learn from a message; returns how many there were."""

    def apply(
        self,
        user_id: str,
        updates: Iterable[Update],
        *,
        message: Message | None = None,
        finish: bool = True,
        rejections: Sequence[Rejection] = (),
        session_id: str | None = None,
        schema: str | None = None,
    ) -> Applied:
        """Merges updates into the profile, with their history, in one transaction that re-reads it.

        ``message`` is the evidence: a field with a newer statement behind it is left alone and
        its change marked superseded. With ``finish`` the message is marked as learned, and
        nothing is written where it was so already.
        """

    def awaiting(self) -> list[str]:
        """The users with messages that are still to be learned."""

    def hear(self, heard: Sequence[Heard], run: str) -> list[Message | None]:
        """Keeps messages of a transcript, all in one transaction; None for one that an earlier run has heard.

        ``run`` names this run: equal messages within it are several.
        """

    def apply_all(self, learnings: Iterable[Learning]) -> list[Applied]:
        """:meth:`apply`, many times in one transaction."""

    def history(self, user_id: str, field: str | None = None) -> list[Change]:
        """The changes of a profile, oldest first."""

    def rejections(self, user_id: str, field: str | None = None) -> list[StoredRejection]:
        """What was proposed and refused, oldest first."""

    def undo(self, user_id: str, count: int = 1, *, session_id: str | None = None) -> Undone:
        """Takes back the newest ``count`` change sets (of one conversation, if given) as one new set.

        A field that has changed since is kept.
        """

    def unlearn(self, user_id: str, session_id: str, since: str) -> Undone:
        """Takes back what a conversation has taught since a moment, as one new set."""

    def pin(self, user_id: str, fields: Sequence[str]) -> None:
        """Keeps learning from changing the fields: what it proposes for them is rejected as pinned."""

    def unpin(self, user_id: str, fields: Sequence[str]) -> None:
        """Lets learning change the fields again."""

    def pinned(self, user_id: str) -> tuple[str, ...]:
        """The pinned fields, by name."""

    def portable(self, user_id: str | None = None, *, whole: bool = False) -> Iterator[Portable]:
        """One profile, or every profile by user_id, with history and pins.

        ``whole``, with messages, refusals and what was heard of transcripts too.
        """

    def replace(self, profiles: Iterable[Portable], *, dry_run: bool = False) -> list[Replaced]:
        """Imports profiles, each of which replaces the stored one whole; all or nothing.

        With ``dry_run`` nothing is written, and the answer is what would be.
        """

    def rehearsal(self) -> AbstractContextManager[Store]:
        """A store to try things on: it holds those users whom :meth:`adopt` brings over, and forgets all at its end."""

    def adopt(self, user_id: str) -> None:
        """Brings a user over from the store that this one rehearses for; elsewhere it only checks the id."""

    def erase(self, user_id: str, *, rewriting: Callable[[], None] = ...) -> Erased:
        """Removes all that is stored of a user, beyond recovery from a file. Raises NoSuchProfile, EraseBlocked.

        On a server, what may still hold the bytes is in :attr:`Erased.remains`. ``rewriting`` is called before the file has to be rewritten, which takes a while if it is large.
        """

    def erase_fields(self, user_id: str, fields: Sequence[str], *, rewriting: Callable[[], None] = ...) -> Erased:
        """Removes fields, their history, and each message that has such a value in it, beyond recovery."""

    def close(self) -> None:
        """Releases the database. Closing twice is harmless."""

    def __enter__(self) -> Self:
        """The store, to be closed at the end of a ``with`` block."""

    def __exit__(self, *_: object) -> None:
        """Closes it."""
