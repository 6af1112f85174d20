"""The store on SQLite: what can be asked of it. How a file is kept is in ``connection``, what a transaction writes in ``ledger``."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Self

from profilecli.errors import NoSuchProfile
from profilecli.models import Change, Message, PastChange, Portable, Profile, Rejection, Role, Update
from profilecli.schema import SchemaSet
from profilecli.store.connection import Connection
from profilecli.store.ledger import Ledger
from profilecli.store.protocol import (
    Applied,
    Erased,
    Heard,
    Learning,
    Replaced,
    StoredRejection,
    Undone,
    UserSummary,
)
from profilecli.store.rows import CHANGE, MESSAGE, PROFILE, change_of, checked, now, profile_of

__all__ = ["SQLiteStore"]

_LAST_SETS = (
    "SELECT DISTINCT change_set FROM changes WHERE user_id = ? AND superseded = 0 AND (?3 IS NULL OR session_id = ?3)"
    " ORDER BY change_set DESC LIMIT ?4"
)


class SQLiteStore:
    """A :class:`~profilecli.store.Store` in one SQLite file.

    Without ``create`` a file that isn't there is an empty store in memory. A store belongs
    to the thread that opened it.
    """

    def __init__(self, path: Path, schemas: SchemaSet, *, create: bool = True) -> None:
        self.path = path
        self.schemas = schemas
        self._connection = Connection(path, create=create)
        self.in_memory = self._connection.in_memory
        self._rehearses = False

    # ---- reading

    def get(self, user_id: str) -> Any:
        """The profile as an instance of its schema's dataclass, or None."""
        profile = self.profile(user_id)
        return None if profile is None else self.schemas.for_profile(profile.schema).instance(profile)

    def profile(self, user_id: str) -> Profile | None:
        """The profile as it is stored, or None."""
        row = self._connection.one(f"SELECT {PROFILE} FROM profiles WHERE user_id = ?", checked(user_id))
        return None if row is None else profile_of(row)

    def profiles(self) -> Iterator[Profile]:
        """Every profile, by user_id, as of one moment."""
        with self._connection.translated():
            for row in self._connection.raw.execute(f"SELECT {PROFILE} FROM profiles ORDER BY user_id"):
                yield profile_of(row)

    def users(self) -> list[UserSummary]:
        """A summary of each user, by user_id."""
        rows = self._connection.all(
            "SELECT user_id, schema, (SELECT count(*) FROM json_each(fields)), updated_at,"
            " (SELECT count(*) FROM messages m WHERE m.user_id = profiles.user_id AND m.learned_at IS NULL AND m.role = 'user')"
            " FROM profiles ORDER BY user_id"
        )
        return [UserSummary(*row) for row in rows]

    def messages(self, user_id: str, session_id: str) -> list[Message]:
        """The messages of a conversation, oldest first."""
        sql = f"SELECT {MESSAGE} FROM messages WHERE user_id = ? AND session_id = ? ORDER BY id"
        return [Message(*row) for row in self._connection.all(sql, checked(user_id), session_id)]

    def last_session(self, user_id: str) -> str | None:
        """The conversation of the user's newest message, or None."""
        row = self._connection.one("SELECT session_id FROM messages WHERE user_id = ? ORDER BY id DESC LIMIT 1", checked(user_id))
        return None if row is None else str(row[0])

    def pending(self, user_id: str, limit: int | None = None) -> list[Message]:
        """The user's messages that are still to be learned, oldest first."""
        sql = f"SELECT {MESSAGE} FROM messages WHERE user_id = ? AND learned_at IS NULL AND role = 'user' ORDER BY id LIMIT ?"
        return [Message(*row) for row in self._connection.all(sql, checked(user_id), -1 if limit is None else limit)]

    def awaiting(self) -> list[str]:
        """The users with messages that are still to be learned."""
        rows = self._connection.all("SELECT DISTINCT user_id FROM messages WHERE learned_at IS NULL AND role = 'user' ORDER BY user_id")
        return [str(row[0]) for row in rows]

    def history(self, user_id: str, field: str | None = None) -> list[Change]:
        """The changes of a profile, oldest first."""
        if field is None:
            rows = self._connection.all(f"SELECT {CHANGE} FROM changes WHERE user_id = ? ORDER BY id", checked(user_id))
        else:
            rows = self._connection.all(
                f"SELECT {CHANGE} FROM changes WHERE user_id = ? AND field = ? ORDER BY id", checked(user_id), field
            )
        return [change_of(row) for row in rows]

    def rejections(self, user_id: str, field: str | None = None) -> list[StoredRejection]:
        """What was proposed and refused, oldest first."""
        rows = self._connection.all(
            "SELECT field, value, reason, quote, source, session_id, at FROM rejections WHERE user_id = ?1 AND (?2 IS NULL OR field = ?2) ORDER BY id",
            checked(user_id),
            field,
        )
        return [StoredRejection(Rejection(row[0], row[1], row[2], row[3] or "", row[4]), row[5], row[6]) for row in rows]

    def pinned(self, user_id: str) -> tuple[str, ...]:
        """The pinned fields, by name."""
        return tuple(row[0] for row in self._connection.all("SELECT field FROM pins WHERE user_id = ? ORDER BY field", checked(user_id)))

    def portable(self, user_id: str | None = None) -> Iterator[Portable]:
        """One profile, or every profile by user_id, with history and pins."""
        found = self.profiles() if user_id is None else filter(None, [self.profile(user_id)])
        for profile in found:
            rows = self._connection.all(f"SELECT {CHANGE}, said_at FROM changes WHERE user_id = ? ORDER BY id", profile.user_id)
            history = tuple(PastChange(change_of(row[:-1]), row[-1]) for row in rows)
            yield Portable(profile, history, self.pinned(profile.user_id))

    # ---- writing

    def add_message(self, user_id: str, session_id: str, role: Role, content: str, *, schema: str | None = None) -> Message:
        """Keeps a message; the user's is durable when this returns."""
        # A reply is the model's to say again; what the user said is nobody's.
        with self._writing(flushed=role == "user") as ledger:
            if role == "assistant" and ledger.profile(checked(user_id)) is None:  # erased while the model was answering
                return Message(0, user_id, session_id, role, content, now())
            ledger.ensure_profile(user_id, schema)
            return ledger.add_message(user_id, session_id, role, content)

    def hear(self, heard: Sequence[Heard], run: str) -> list[Message | None]:
        """Keeps messages of a transcript, all in one transaction; None for one that an earlier run has heard."""
        kept: list[Message | None] = []
        with self._writing() as ledger:
            for each in heard:
                checked(each.user_id)
                if not ledger.is_new(each, run):
                    kept.append(None)
                    continue
                ledger.ensure_profile(each.user_id, each.schema)
                kept.append(ledger.add_message(each.user_id, each.session_id, "user", each.content, each.at))
        return kept

    def note_attempt(self, message_id: int) -> int:
        """Counts a failed attempt to learn from a message; returns how many there were."""
        with self._connection.transaction():
            row = self._connection.raw.execute(
                "UPDATE messages SET attempts = attempts + 1 WHERE id = ? RETURNING attempts", (message_id,)
            ).fetchone()
        return int(row[0]) if row else 0

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
        with self._writing() as ledger:
            return [ledger.apply(learning) for learning in learnings]

    def undo(self, user_id: str, count: int = 1, *, session_id: str | None = None) -> Undone:
        """Takes back the newest ``count`` change sets as one new set."""
        with self._writing() as ledger:
            return ledger.undo(checked(user_id), _LAST_SETS, (user_id, session_id, count), session_id)

    def unlearn(self, user_id: str, session_id: str, since: str) -> Undone:
        """Takes back what a conversation has taught since a moment, as one new set."""
        taught = "SELECT change_set FROM changes WHERE user_id = ? AND session_id = ? AND at >= ? AND source IN ('rules', 'model', 'tool')"
        with self._writing() as ledger:
            return ledger.undo(checked(user_id), taught, (user_id, session_id, since), session_id)

    def pin(self, user_id: str, fields: Sequence[str]) -> None:
        """Keeps learning from changing the fields."""
        with self._writing() as ledger:
            ledger.ensure_profile(user_id, None)
            ledger.pin(user_id, fields)

    def unpin(self, user_id: str, fields: Sequence[str]) -> None:
        """Lets learning change the fields again."""
        with self._connection.transaction():
            self._connection.raw.executemany("DELETE FROM pins WHERE user_id = ? AND field = ?", [(user_id, field) for field in fields])

    def replace(self, profiles: Iterable[Portable], *, dry_run: bool = False) -> list[Replaced]:
        """Imports profiles, each of which replaces the stored one whole; all or nothing."""
        replaced: list[Replaced] = []
        with contextlib.suppress(_DryRun), self._writing() as ledger:
            replaced += [ledger.replace(portable) for portable in profiles]
            if dry_run:
                raise _DryRun
        return replaced

    # ---- trying out

    @contextlib.contextmanager
    def rehearsal(self) -> Iterator[SQLiteStore]:
        """A store in memory for users whom :meth:`adopt` brings over; it forgets all at its end."""
        stage = SQLiteStore(Path(":memory:"), self.schemas, create=False)
        try:
            if not self.in_memory:
                stage._connection.one("ATTACH DATABASE ? AS kept", str(self.path))
                stage._rehearses = True
            yield stage
        finally:
            stage.close()

    def adopt(self, user_id: str) -> None:
        """Brings a user over from the store that this one rehearses for; elsewhere it only checks the id."""
        if self.profile(user_id) is None and self._rehearses:
            with self._connection.transaction():
                for table in ("profiles", "changes", "pins", "imports"):
                    self._connection.raw.execute(f"INSERT INTO main.{table} SELECT * FROM kept.{table} WHERE user_id = ?", (user_id,))

    # ---- erasing

    def erase(self, user_id: str, *, rewriting: Callable[[], None] = lambda: None) -> Erased:
        """Removes all that is stored of a user, beyond recovery from the file."""
        from profilecli.store.erase import erase_user

        if self.profile(user_id) is None:
            raise NoSuchProfile(user_id)
        return erase_user(self._connection, user_id, rewriting)

    def erase_fields(self, user_id: str, fields: Sequence[str], *, rewriting: Callable[[], None] = lambda: None) -> Erased:
        """Removes fields, their history, and each message that has such a value in it."""
        from profilecli.store.erase import erase_fields

        if self.profile(user_id) is None:
            raise NoSuchProfile(user_id)
        return erase_fields(self._connection, user_id, fields, rewriting)

    def close(self) -> None:
        """Releases the database. Closing twice is harmless."""
        self._connection.raw.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextlib.contextmanager
    def _writing(self, *, flushed: bool = True) -> Iterator[Ledger]:
        with self._connection.transaction(flushed=flushed):
            yield Ledger(self._connection.raw, self.schemas, now())


class _DryRun(Exception):
    """Ends a transaction that was only to show what it would do."""
