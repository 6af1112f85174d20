"""The store on any database: what can be asked of it. What a transaction writes is in ``ledger``, what travels in ``portables``."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Self, TypeVar

from profilecli.errors import NoSuchProfile
from profilecli.models import Change, Message, Portable, Profile, Rejection, Role, Update
from profilecli.schema import SchemaSet
from profilecli.store.database import Database
from profilecli.store.ledger import Ledger
from profilecli.store.portables import packed, unpacked
from profilecli.store.protocol import (
    Applied,
    Erased,
    Heard,
    Learning,
    Replaced,
    Store,
    StoredRejection,
    Undone,
    UserSummary,
)
from profilecli.store.rows import CHANGE, MESSAGE, PROFILE, change_of, checked, now, profile_of

__all__ = ["DatabaseStore"]

T = TypeVar("T")

_LAST_SETS = (
    "SELECT DISTINCT change_set FROM changes WHERE user_id = ? AND NOT superseded AND (? IS NULL OR session_id = ?)"
    " ORDER BY change_set DESC LIMIT ?"
)

_NO_LIMIT = 2**62

_PAGE = 500
"""Profiles that are read at once, where all are."""


class DatabaseStore:
    """All of a :class:`~profilecli.store.Store` that is the same on every database. A store belongs to the thread that opened it."""

    def __init__(self, database: Database, schemas: SchemaSet) -> None:
        self._database = database
        self.schemas = schemas
        self._rehearsed: Store | None = None

    # ---- reading

    def get(self, user_id: str) -> Any:
        """The profile as an instance of its schema's dataclass, or None."""
        profile = self.profile(user_id)
        return None if profile is None else self.schemas.for_profile(profile.schema).instance(profile)

    def profile(self, user_id: str) -> Profile | None:
        """The profile as it is stored, or None."""
        row = self._database.one(f"SELECT {PROFILE} FROM profiles WHERE user_id = ?", checked(user_id))
        return None if row is None else profile_of(row)

    def profiles(self) -> Iterator[Profile]:
        """Every profile, by user_id, as of one moment."""
        with self._database.snapshot(apart=True) as reader:
            yield from _every_profile(reader)

    def users(self) -> list[UserSummary]:
        """A summary of each user, by user_id."""
        rows = self._database.all(
            f"SELECT user_id, schema, (SELECT count(*) FROM {self._database.keys_of_fields}), updated_at,"
            " (SELECT count(*) FROM messages m WHERE m.user_id = profiles.user_id AND m.learned_at IS NULL AND m.role = 'user')"
            " FROM profiles ORDER BY user_id"
        )
        return [UserSummary(*row) for row in rows]

    def messages(self, user_id: str, session_id: str) -> list[Message]:
        """The messages of a conversation, oldest first."""
        sql = f"SELECT {MESSAGE} FROM messages WHERE user_id = ? AND session_id = ? ORDER BY id"
        return [Message(*row) for row in self._database.all(sql, checked(user_id), session_id)]

    def last_session(self, user_id: str) -> str | None:
        """The conversation of the user's newest message, or None."""
        row = self._database.one("SELECT session_id FROM messages WHERE user_id = ? ORDER BY id DESC LIMIT 1", checked(user_id))
        return None if row is None else str(row[0])

    def pending(self, user_id: str, limit: int | None = None) -> list[Message]:
        """The user's messages that are still to be learned, oldest first."""
        sql = f"SELECT {MESSAGE} FROM messages WHERE user_id = ? AND learned_at IS NULL AND role = 'user' ORDER BY id LIMIT ?"
        return [Message(*row) for row in self._database.all(sql, checked(user_id), _NO_LIMIT if limit is None else limit)]

    def awaiting(self) -> list[str]:
        """The users with messages that are still to be learned."""
        rows = self._database.all("SELECT DISTINCT user_id FROM messages WHERE learned_at IS NULL AND role = 'user' ORDER BY user_id")
        return [str(row[0]) for row in rows]

    def history(self, user_id: str, field: str | None = None) -> list[Change]:
        """The changes of a profile, oldest first."""
        if field is None:
            rows = self._database.all(f"SELECT {CHANGE} FROM changes WHERE user_id = ? ORDER BY id", checked(user_id))
        else:
            rows = self._database.all(f"SELECT {CHANGE} FROM changes WHERE user_id = ? AND field = ? ORDER BY id", checked(user_id), field)
        return [change_of(row) for row in rows]

    def rejections(self, user_id: str, field: str | None = None) -> list[StoredRejection]:
        """What was proposed and refused, oldest first."""
        rows = self._database.all(
            "SELECT field, value, reason, quote, source, session_id, at FROM rejections WHERE user_id = ? AND (? IS NULL OR field = ?) ORDER BY id",
            checked(user_id),
            field,
            field,
        )
        return [StoredRejection(Rejection(row[0], row[1], row[2], row[3] or "", row[4]), row[5], row[6]) for row in rows]

    def pinned(self, user_id: str) -> tuple[str, ...]:
        """The pinned fields, by name."""
        return tuple(row[0] for row in self._database.all("SELECT field FROM pins WHERE user_id = ? ORDER BY field", checked(user_id)))

    def portable(self, user_id: str | None = None, *, whole: bool = False) -> Iterator[Portable]:
        """One profile, or every profile by user_id, with history and pins; ``whole``, with all else that is stored of it."""
        if user_id is None:
            with self._database.snapshot(apart=True) as reader:
                yield from (packed(reader, profile, whole=whole) for profile in _every_profile(reader))
            return
        with self._database.snapshot(apart=False) as reader:
            profile = self.profile(user_id)
            portable = None if profile is None else packed(reader, profile, whole=whole)
        if portable is not None:
            yield portable

    # ---- writing

    def add_message(
        self, user_id: str, session_id: str, role: Role, content: str, *, schema: str | None = None, cut: str | None = None
    ) -> Message:
        """Keeps a message; the user's is durable when this returns."""

        def keep(ledger: Ledger) -> Message:
            if role == "assistant" and ledger.profile(user_id) is None:  # erased while the model was answering
                return Message(0, user_id, session_id, role, content, now(), cut=cut)
            ledger.ensure_profile(user_id, schema)
            return ledger.add_message(user_id, session_id, role, content, cut=cut)

        # A reply is the model's to say again; what the user said is nobody's.
        return self._write(keep, [checked(user_id)], flushed=role == "user")

    def hear(self, heard: Sequence[Heard], run: str) -> list[Message | None]:
        """Keeps messages of a transcript, all in one transaction; None for one that an earlier run has heard."""

        def keep(ledger: Ledger) -> list[Message | None]:
            kept: list[Message | None] = []
            schemas: dict[str, str] = {}
            for each in heard:
                if each.user_id not in schemas:
                    # The row first: it is what keeps another process that hears the same off.
                    schemas[each.user_id] = ledger.ensure_profile(each.user_id, None).schema
                if not ledger.is_new(each, run):
                    kept.append(None)
                    continue
                if each.schema not in (None, schemas[each.user_id]):
                    schemas[each.user_id] = ledger.ensure_profile(each.user_id, each.schema).schema
                kept.append(ledger.add_message(each.user_id, each.session_id, "user", each.content, each.at))
            return kept

        return self._write(keep, {checked(each.user_id) for each in heard})

    def note_attempt(self, message_id: int) -> int:
        """Counts a failed attempt to learn from a message; returns how many there were."""

        def count(_: Ledger) -> int:
            # Of the index of messages to be learned, which is small: an id alone is no key where users are spread over servers.
            pending = "id = ? AND learned_at IS NULL AND role = 'user'"
            self._database.run(f"UPDATE messages SET attempts = attempts + 1 WHERE {pending}", message_id)
            row = self._database.one(f"SELECT attempts FROM messages WHERE {pending}", message_id)
            return int(row[0]) if row else 0

        return self._write(count, [])

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
        """Merges updates into the profile and marks ``message`` as learned, in one transaction."""
        learning = Learning(user_id, tuple(updates), message, rejections, finish, session_id, schema)
        return self.apply_all([learning])[0]

    def apply_all(self, learnings: Iterable[Learning]) -> list[Applied]:
        """:meth:`apply`, many times in one transaction."""
        each = tuple(learnings)
        return self._write(lambda ledger: [ledger.apply(learning) for learning in each], {checked(learning.user_id) for learning in each})

    def undo(self, user_id: str, count: int = 1, *, session_id: str | None = None) -> Undone:
        """Takes back the newest ``count`` change sets as one new set."""
        newest = (user_id, session_id, session_id, count)
        return self._write(lambda ledger: ledger.undo(user_id, _LAST_SETS, newest, session_id), [checked(user_id)])

    def unlearn(self, user_id: str, session_id: str, since: str) -> Undone:
        """Takes back what a conversation has taught since a moment, as one new set."""
        taught = "SELECT change_set FROM changes WHERE user_id = ? AND session_id = ? AND at >= ? AND source IN ('rules', 'model', 'tool')"
        return self._write(lambda ledger: ledger.undo(user_id, taught, (user_id, session_id, since), session_id), [checked(user_id)])

    def pin(self, user_id: str, fields: Sequence[str]) -> None:
        """Keeps learning from changing the fields."""

        def pin(ledger: Ledger) -> None:
            ledger.ensure_profile(user_id, None)
            ledger.pin(user_id, fields)

        self._write(pin, [checked(user_id)])

    def unpin(self, user_id: str, fields: Sequence[str]) -> None:
        """Lets learning change the fields again."""
        rows = [(user_id, field) for field in fields]
        self._write(lambda _: self._database.many("DELETE FROM pins WHERE user_id = ? AND field = ?", rows), [checked(user_id)])

    def replace(self, profiles: Iterable[Portable], *, dry_run: bool = False) -> list[Replaced]:
        """Imports profiles, each of which replaces the stored one whole; all or nothing."""
        replaced: list[Replaced] = []

        def work(ledger: Ledger) -> None:
            replaced.clear()
            replaced.extend(unpacked(self._database, ledger, portable) for portable in profiles)
            if dry_run:
                raise _DryRun

        with contextlib.suppress(_DryRun):
            self._write(work, [], again=isinstance(profiles, Sequence))
        return replaced

    # ---- trying out

    def adopt(self, user_id: str) -> None:
        """Brings a user over from the store that this one rehearses for; elsewhere it only checks the id."""
        if self._rehearsed is not None and self.profile(user_id) is None:
            # What was said is not learned again, and who was refused what is nobody's question here.
            self.replace([replace(known, messages=None, rejections=None) for known in self._rehearsed.portable(user_id, whole=True)])
        else:
            checked(user_id)

    # ---- erasing

    def erase(self, user_id: str, *, rewriting: Callable[[], None] = lambda: None) -> Erased:
        """Removes all that is stored of a user, and its bytes as far as the database lets go of them."""
        from profilecli.store.erase import erase_user

        return self._erase(lambda: erase_user(self._database, user_id), user_id, rewriting)

    def erase_fields(self, user_id: str, fields: Sequence[str], *, rewriting: Callable[[], None] = lambda: None) -> Erased:
        """Removes fields, their history, and each message that has such a value in it."""
        from profilecli.store.erase import erase_fields

        return self._erase(lambda: erase_fields(self._database, user_id, fields), user_id, rewriting)

    def _erase(self, work: Callable[[], tuple[Erased, set[str]]], user_id: str, rewriting: Callable[[], None]) -> Erased:
        if self.profile(user_id) is None:
            raise NoSuchProfile(user_id)
        self._database.before_erasing()
        erased, traces = self._write(lambda _: work(), [user_id])
        return self._database.scrubbed(erased, traces, rewriting)

    def close(self) -> None:
        """Releases the database. Closing twice is harmless."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _write(self, work: Callable[[Ledger], T], users: Collection[str], *, flushed: bool = True, again: bool = True) -> T:
        """A transaction that writes to these users, and to others only if it keeps everybody off them itself."""
        database = self._database
        return database.write(lambda: work(Ledger(database, self.schemas, database.begin(users))), flushed=flushed, again=again)


def _every_profile(reader: Database) -> Iterator[Profile]:
    rows = reader.all(f"SELECT {PROFILE} FROM profiles ORDER BY user_id LIMIT {_PAGE}")
    while rows:
        yield from map(profile_of, rows)
        rows = reader.all(f"SELECT {PROFILE} FROM profiles WHERE user_id > ? ORDER BY user_id LIMIT {_PAGE}", rows[-1][0])


class _DryRun(Exception):
    """Ends a transaction that was only to show what it would do."""
