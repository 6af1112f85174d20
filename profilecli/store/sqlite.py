"""The store on SQLite: one file, WAL, short immediate transactions.

``synchronous=FULL`` makes a commit durable before anything is sent anywhere;
``secure_delete`` overwrites what is deleted. See https://www.sqlite.org/pragma.html.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from profilecli.errors import InvalidUserId, NoSuchProfile, StoreError
from profilecli.merge import FieldChange, merge
from profilecli.models import Change, Message, Profile, Rejection, Role, Update
from profilecli.schema import SchemaSet
from profilecli.store.migrations import APPLICATION_ID, VERSION, migrate
from profilecli.store.protocol import Applied, Erased, StoredRejection, Undone, UserSummary

__all__ = ["BUSY_SECONDS", "SQLiteStore", "now"]

BUSY_SECONDS = 30.0
"""How long a writer waits for its turn before it gives up."""

_CHANGE = "id, field, old, new, source, quote, session_id, at, change_set, superseded"


def now() -> str:
    """UTC in ISO 8601 with microseconds, so that texts sort as times do."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class SQLiteStore:
    """A :class:`~profilecli.store.Store` in one SQLite file.

    Without ``create`` a file that isn't there is an empty store in memory. A store belongs
    to the thread that opened it.
    """

    def __init__(self, path: Path, schemas: SchemaSet, *, create: bool = True) -> None:
        self.path = path
        self.schemas = schemas
        exists = path.exists()
        self.in_memory = not exists and not create
        with self._translated():
            if not exists and create:
                _create_private(path)
            self._db = sqlite3.connect(":memory:" if self.in_memory else path, timeout=BUSY_SECONDS, isolation_level=None)
            try:
                self._prepare()
            except BaseException:
                self._db.close()
                raise

    # ---- reading

    def get(self, user_id: str) -> Any:
        """The profile as an instance of its schema's dataclass, or None."""
        profile = self.profile(user_id)
        return None if profile is None else self.schemas.for_profile(profile.schema).instance(profile)

    def profile(self, user_id: str) -> Profile | None:
        """The profile as it is stored, or None."""
        _check_user_id(user_id)
        row = self._one("SELECT user_id, schema, fields, created_at, updated_at FROM profiles WHERE user_id = ?", user_id)
        return None if row is None else _profile(row)

    def profiles(self) -> Iterator[Profile]:
        """Every profile, by user_id, as of one moment."""
        with self._translated():
            for row in self._db.execute("SELECT user_id, schema, fields, created_at, updated_at FROM profiles ORDER BY user_id"):
                yield _profile(row)

    def users(self) -> list[UserSummary]:
        """A summary of each user, by user_id."""
        rows = self._all(
            "SELECT user_id, schema, (SELECT count(*) FROM json_each(fields)), updated_at,"
            " (SELECT count(*) FROM messages m WHERE m.user_id = profiles.user_id AND m.learned_at IS NULL AND m.role = 'user')"
            " FROM profiles ORDER BY user_id"
        )
        return [UserSummary(*row) for row in rows]

    def messages(self, user_id: str, session_id: str) -> list[Message]:
        """The messages of a conversation, oldest first."""
        _check_user_id(user_id)
        return [
            Message(*row)
            for row in self._all(f"SELECT {_MESSAGE} FROM messages WHERE user_id = ? AND session_id = ? ORDER BY id", user_id, session_id)
        ]

    def last_session(self, user_id: str) -> str | None:
        """The conversation of the user's newest message, or None."""
        _check_user_id(user_id)
        row = self._one("SELECT session_id FROM messages WHERE user_id = ? ORDER BY id DESC LIMIT 1", user_id)
        return None if row is None else str(row[0])

    def pending(self, user_id: str, limit: int | None = None) -> list[Message]:
        """The user's messages that are still to be learned, oldest first."""
        _check_user_id(user_id)
        rows = self._all(
            f"SELECT {_MESSAGE} FROM messages WHERE user_id = ? AND learned_at IS NULL AND role = 'user' ORDER BY id LIMIT ?",
            user_id,
            -1 if limit is None else limit,
        )
        return [Message(*row) for row in rows]

    def history(self, user_id: str, field: str | None = None) -> list[Change]:
        """The changes of a profile, oldest first."""
        _check_user_id(user_id)
        if field is None:
            rows = self._all(f"SELECT {_CHANGE} FROM changes WHERE user_id = ? ORDER BY id", user_id)
        else:
            rows = self._all(f"SELECT {_CHANGE} FROM changes WHERE user_id = ? AND field = ? ORDER BY id", user_id, field)
        return [_change(row) for row in rows]

    def rejections(self, user_id: str, field: str | None = None) -> list[StoredRejection]:
        """What was proposed and refused, oldest first."""
        _check_user_id(user_id)
        rows = self._all(
            "SELECT field, value, reason, quote, source, session_id, at FROM rejections WHERE user_id = ? AND (? IS NULL OR field = ?) ORDER BY id",
            user_id,
            field,
            field,
        )
        return [StoredRejection(Rejection(row[0], row[1], row[2], row[3] or "", row[4]), row[5], row[6]) for row in rows]

    # ---- writing

    def add_message(self, user_id: str, session_id: str, role: Role, content: str, *, schema: str | None = None) -> Message:
        """Keeps a message; it is durable when this returns."""
        _check_user_id(user_id)
        content = content.encode("utf-8", "replace").decode("utf-8")  # half a character can't be stored
        with self._transaction():
            at = now()
            self._ensure_profile(user_id, schema, at)
            cursor = self._db.execute(
                "INSERT INTO messages (user_id, session_id, role, content, at) VALUES (?, ?, ?, ?, ?)",
                (user_id, session_id, role, content, at),
            )
        return Message(int(cursor.lastrowid or 0), user_id, session_id, role, content, at)

    def note_attempt(self, message_id: int) -> int:
        """Counts a failed attempt to learn from a message; returns how many there were."""
        with self._transaction():
            row = self._db.execute("UPDATE messages SET attempts = attempts + 1 WHERE id = ? RETURNING attempts", (message_id,)).fetchone()
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
        _check_user_id(user_id)
        session_id = message.session_id if message else session_id
        with self._transaction():
            at = now()
            if message is not None and finish and not self._mark_learned(message, at):
                return Applied(done=False)
            profile = self._ensure_profile(user_id, schema, at)
            known = self.schemas.for_profile(profile.schema)
            said_at = message.at if message else at
            fresh, stale = self._by_age(user_id, updates, said_at)
            lists = {field.name for field in known.fields if field.is_list}
            fields, changes = merge(profile.fields, fresh, lists)
            late = [change for update in stale for change in merge(profile.fields, [update], lists)[1]]
            if changes:
                self._write_fields(user_id, fields, at)
            written = self._log(user_id, changes, late, at=at, said_at=said_at, message=message, session_id=session_id)
            self._db.executemany(
                "INSERT INTO rejections (user_id, field, value, reason, quote, source, message_id, session_id, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (user_id, r.field, r.value, r.reason, r.quote or None, r.source, message and message.id, session_id, at)
                    for r in rejections
                ],
            )
        return Applied(tuple(written))

    def undo(self, user_id: str, count: int = 1, *, session_id: str | None = None) -> Undone:
        """Takes back the newest ``count`` change sets as one new set."""
        _check_user_id(user_id)
        with self._transaction():
            rows = self._db.execute(
                f"SELECT {_CHANGE} FROM changes WHERE user_id = ?1 AND superseded = 0 AND change_set IN ("
                " SELECT DISTINCT change_set FROM changes WHERE user_id = ?1 AND superseded = 0 AND (?2 IS NULL OR session_id = ?2)"
                " ORDER BY change_set DESC LIMIT ?3) ORDER BY id",
                (user_id, session_id, count),
            ).fetchall()
            profile = self._read(user_id)
            if not rows or profile is None:
                return Undone()
            taken, kept = _taken_back([_change(row) for row in rows], profile)
            at = now()
            fields, changes = merge(profile.fields, taken)
            if changes:
                self._write_fields(user_id, fields, at)
            written = self._log(user_id, changes, [], at=at, said_at=at, message=None, session_id=session_id)
        return Undone(tuple(written), tuple(kept))

    def replace(self, profiles: Iterable[Profile]) -> int:
        """Imports profiles, each of which replaces the stored one whole; all or nothing."""
        number = 0
        with self._transaction():
            at = now()
            for profile in profiles:
                _check_user_id(profile.user_id)
                stored = self._ensure_profile(profile.user_id, profile.schema, at)
                updates = [Update(name, "unset", None, None, "import") for name in stored.fields if profile.fields.get(name) is None]
                updates += [Update(name, "replace", value, None, "import") for name, value in profile.fields.items() if value is not None]
                fields, changes = merge(stored.fields, updates)
                self._db.execute(
                    "UPDATE profiles SET fields = ?, created_at = ?, updated_at = ? WHERE user_id = ?",
                    (_dump(fields), profile.created_at or stored.created_at, profile.updated_at or at, profile.user_id),
                )
                self._log(profile.user_id, changes, [], at=at, said_at=at, message=None, session_id=None)
                number += 1
        return number

    # ---- erasing

    def erase(self, user_id: str) -> Erased:
        """Removes all that is stored of a user, beyond recovery from the file."""
        from profilecli.store.erase import erase_user

        if self.profile(user_id) is None:
            raise NoSuchProfile(user_id)
        with self._translated():
            return erase_user(self._db, self.path, user_id, self._transaction)

    def erase_fields(self, user_id: str, fields: Sequence[str]) -> Erased:
        """Removes fields, their history, and each message that has such a value in it."""
        from profilecli.store.erase import erase_fields

        if self.profile(user_id) is None:
            raise NoSuchProfile(user_id)
        with self._translated():
            return erase_fields(self._db, self.path, user_id, fields, self._transaction)

    def close(self) -> None:
        """Releases the database. Closing twice is harmless."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ---- how

    def _prepare(self) -> None:
        version, application = (
            self._db.execute("PRAGMA user_version").fetchone()[0],
            self._db.execute("PRAGMA application_id").fetchone()[0],
        )
        if application != APPLICATION_ID:
            tables = self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            if tables:
                raise StoreError(f"{self.path} is another program's database, left as it is. Name a different file with --db.")
        if version > VERSION:
            raise StoreError(
                f"{self.path} was made by a newer profilecli (version {version}, this one knows {VERSION}). Upgrade profilecli; the file is untouched."
            )
        self._db.execute("PRAGMA secure_delete = ON")
        self._db.execute("PRAGMA synchronous = FULL")
        if version < VERSION:
            self._use_wal()
            with self._transaction():
                if self._db.execute("PRAGMA user_version").fetchone()[0] < VERSION:  # another process may have been first
                    migrate(self._db)

    def _use_wal(self) -> None:
        # The switch needs the file alone for a moment and doesn't wait for it by itself.
        import time

        deadline = time.monotonic() + BUSY_SECONDS
        while self._db.execute("PRAGMA journal_mode").fetchone()[0] not in ("wal", "memory"):
            try:
                self._db.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > deadline:
                    raise
                time.sleep(0.01)

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        """A write transaction: all of it is stored, or nothing."""
        with self._translated():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StoreError(_explained(self.path, error)) from error
        except OSError as error:
            raise StoreError(f"{self.path} can't be used as a database: {error.strerror}. Name another with --db.") from error

    def _one(self, sql: str, *parameters: Any) -> Any:
        with self._translated():
            return self._db.execute(sql, parameters).fetchone()

    def _all(self, sql: str, *parameters: Any) -> list[Any]:
        with self._translated():
            return self._db.execute(sql, parameters).fetchall()

    def _read(self, user_id: str) -> Profile | None:
        row = self._db.execute(
            "SELECT user_id, schema, fields, created_at, updated_at FROM profiles WHERE user_id = ?", (user_id,)
        ).fetchone()
        return None if row is None else _profile(row)

    def _ensure_profile(self, user_id: str, schema: str | None, at: str) -> Profile:
        """The profile's row, made or given another schema where needed; inside a transaction."""
        profile = self._read(user_id)
        if profile is None:
            profile = Profile(user_id, schema or "base", {}, at, at)
            self._db.execute(
                "INSERT INTO profiles (user_id, schema, fields, created_at, updated_at) VALUES (?, ?, '{}', ?, ?)",
                (user_id, profile.schema, at, at),
            )
        elif schema is not None and schema != profile.schema:
            self._db.execute("UPDATE profiles SET schema = ?, updated_at = ? WHERE user_id = ?", (schema, at, user_id))
            profile = Profile(user_id, schema, profile.fields, profile.created_at, at)
        return profile

    def _mark_learned(self, message: Message, at: str) -> bool:
        marked = self._db.execute("UPDATE messages SET learned_at = ? WHERE id = ? AND learned_at IS NULL", (at, message.id))
        return marked.rowcount == 1

    def _by_age(self, user_id: str, updates: Iterable[Update], said_at: str) -> tuple[list[Update], list[Update]]:
        """The updates that may be written, and those whose field has a newer statement behind it."""
        fresh: list[Update] = []
        stale: list[Update] = []
        for update in updates:
            row = self._db.execute(
                "SELECT said_at FROM changes WHERE user_id = ? AND field = ? AND superseded = 0 ORDER BY id DESC LIMIT 1",
                (user_id, update.field),
            ).fetchone()
            (stale if row is not None and row[0] > said_at else fresh).append(update)
        return fresh, stale

    def _write_fields(self, user_id: str, fields: dict[str, Any], at: str) -> None:
        self._db.execute("UPDATE profiles SET fields = ?, updated_at = ? WHERE user_id = ?", (_dump(fields), at, user_id))

    def _log(
        self,
        user_id: str,
        changes: Sequence[FieldChange],
        superseded: Sequence[FieldChange],
        *,
        at: str,
        said_at: str,
        message: Message | None,
        session_id: str | None,
    ) -> list[Change]:
        """Appends changes to the history as one set, named by the id of its first change."""
        logged = []
        change_set = None
        for late, entries in ((False, changes), (True, superseded)):
            for entry in entries:
                update = entry.update
                row = (
                    user_id, entry.field, _dump_or_none(entry.old), _dump_or_none(entry.new), update.source, update.quote,
                    message and message.id, session_id, said_at, at, change_set or 0, int(late),
                )  # fmt: skip
                cursor = self._db.execute(
                    "INSERT INTO changes (user_id, field, old, new, source, quote, message_id, session_id, said_at, at, change_set, superseded)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    row,
                )
                number = int(cursor.lastrowid or 0)
                if change_set is None:
                    change_set = number
                    self._db.execute("UPDATE changes SET change_set = ? WHERE id = ?", (number, number))
                logged.append(
                    Change(number, entry.field, entry.old, entry.new, update.source, update.quote, session_id, at, change_set, late)
                )
        return logged


_MESSAGE = "id, user_id, session_id, role, content, at, learned_at, attempts"


def _taken_back(changes: Sequence[Change], profile: Profile) -> tuple[list[Update], list[str]]:
    """The updates that restore what was before ``changes``, and the fields that moved on since."""
    first: dict[str, Change] = {}
    last: dict[str, Change] = {}
    for change in changes:
        first.setdefault(change.field, change)
        last[change.field] = change
    taken, kept = [], []
    for field, change in first.items():
        if profile.fields.get(field) != last[field].new:
            kept.append(field)
        elif change.old is None:
            taken.append(Update(field, "unset", None, None, "undo"))
        else:
            taken.append(Update(field, "replace", change.old, None, "undo"))
    return taken, kept


def _check_user_id(user_id: str) -> None:
    if not (0 < len(user_id) <= 255 and user_id.isprintable() and not user_id.isspace()):
        raise InvalidUserId(user_id)


def _create_private(path: Path) -> None:
    """Makes the file, readable by its owner alone; a folder that has to be made too."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _profile(row: Sequence[Any]) -> Profile:
    return Profile(row[0], row[1], json.loads(row[2]), row[3], row[4])


def _change(row: Sequence[Any]) -> Change:
    number, field, old, new, source, quote, session_id, at, change_set, superseded = row
    return Change(number, field, _load(old), _load(new), source, quote, session_id, at, change_set, bool(superseded))


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _dump_or_none(value: Any) -> str | None:
    return None if value is None else _dump(value)


def _load(text: str | None) -> Any:
    return None if text is None else json.loads(text)


def _explained(path: Path, error: sqlite3.Error) -> str:
    """What SQLite's error means here, and what to do (result codes: https://www.sqlite.org/rescode.html)."""
    text = str(error)
    code = getattr(error, "sqlite_errorcode", None) or 0
    advice = {
        sqlite3.SQLITE_BUSY: f"another process has held it for {BUSY_SECONDS:.0f} seconds. Try again when it is done.",
        sqlite3.SQLITE_LOCKED: "another process holds it. Try again when it is done.",
        sqlite3.SQLITE_READONLY: "it can't be written to. Change its permissions, or name another with --db.",
        sqlite3.SQLITE_FULL: "the disk is full. Make room; nothing was changed.",
        sqlite3.SQLITE_CORRUPT: "the file is damaged. Keep a copy, and restore a backup (profile import) into a new file.",
        sqlite3.SQLITE_NOTADB: "this is not a SQLite database. Name another file with --db.",
        sqlite3.SQLITE_CANTOPEN: "it can't be opened. Check that the folder is there and may be written to, or name another with --db.",
        sqlite3.SQLITE_IOERR: f"the disk failed ({text}). Check that it has room; nothing was changed.",
    }.get(code & 0xFF)
    return f"Database {path}: {advice or text + '.'}"
