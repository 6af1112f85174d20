"""One SQLite file, opened and kept as this program needs it: WAL, short write transactions, errors that say what to do.

``synchronous=FULL`` makes a commit durable before anything is sent anywhere;
``secure_delete`` overwrites what is deleted. See https://www.sqlite.org/pragma.html.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from profilecli.errors import StoreError
from profilecli.store.migrations import APPLICATION_ID, VERSION, migrate
from profilecli.store.protocol import Erased
from profilecli.store.rows import dump, now

__all__ = ["BUSY_SECONDS", "CACHE_KIB", "MAPPED_BYTES", "Connection"]

T = TypeVar("T")

BUSY_SECONDS = 30.0
"""How long a writer waits for its turn before it gives up."""

CACHE_KIB = 65536
"""Pages kept in memory at most, and only those that were used: learning for many users touches pages all over the file."""


MAPPED_BYTES = 2**30
"""Of the file, at most so much is read where it lies in memory already; see https://www.sqlite.org/mmap.html."""


class Connection:
    """A :class:`~profilecli.store.database.Database`: the file at ``path``, brought up to date.

    ``raw`` is SQLite's own connection. Without ``create`` a file that isn't there is an empty
    database in memory. Raises StoreError.
    """

    keys_of_fields = "json_each(fields)"
    for_update = ""

    def __init__(self, path: Path, *, create: bool) -> None:
        self.path = path
        with self.translated():
            exists = path.exists()
            self.in_memory = not exists and not create
            if not exists and create:
                _create_private(path)
            self.raw = sqlite3.connect(":memory:" if self.in_memory else path, timeout=BUSY_SECONDS, isolation_level=None)
            try:
                self._prepare()
            except BaseException:
                self.raw.close()
                raise

    def one(self, sql: str, *parameters: Any) -> Any:
        """The first row of a query, or None."""
        try:
            return self.raw.execute(sql, parameters).fetchone()
        except sqlite3.Error as error:
            raise StoreError(_explained(self.path, error)) from error

    def all(self, sql: str, *parameters: Any) -> list[Any]:
        """Every row of a query."""
        try:
            return self.raw.execute(sql, parameters).fetchall()
        except sqlite3.Error as error:
            raise StoreError(_explained(self.path, error)) from error

    def run(self, sql: str, *parameters: Any) -> int:
        """Runs a statement that writes; returns how many rows it touched."""
        try:
            return self.raw.execute(sql, parameters).rowcount
        except sqlite3.Error as error:
            raise StoreError(_explained(self.path, error)) from error

    def many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Runs a statement that writes once for each row of parameters."""
        try:
            self.raw.executemany(sql, rows)
        except sqlite3.Error as error:
            raise StoreError(_explained(self.path, error)) from error

    def insert(self, table: str, columns: str, rows: Sequence[Sequence[Any]]) -> list[int]:
        """Adds rows to a table with an ``id``; returns the ids."""
        if not rows:
            return []
        sql = f"INSERT INTO {table} ({columns}) VALUES ({'?, ' * (len(rows[0]) - 1)}?)"
        try:
            return [int(self.raw.execute(sql, row).lastrowid or 0) for row in rows]
        except sqlite3.Error as error:
            raise StoreError(_explained(self.path, error)) from error

    def begin(self, users: Collection[str]) -> str:  # noqa: ARG002 -- BEGIN IMMEDIATE keeps every writer off
        """The moment; nobody else writes until the transaction ends."""
        return now()

    def save_fields(self, user_id: str, fields: Mapping[str, Any], changed: Collection[str], at: str) -> None:  # noqa: ARG002
        """Writes the fields of a profile, which nobody else has changed since this transaction has read them."""
        self.run("UPDATE profiles SET fields = ?, updated_at = ? WHERE user_id = ?", dump(fields), at, user_id)

    def witness(self, user_id: str, sql: str, *parameters: Any) -> None:
        """Nothing: whether a transaction was stored is never in doubt."""

    def write(self, work: Callable[[], T], *, flushed: bool = True, again: bool = True) -> T:  # noqa: ARG002 -- nothing fails in passing
        """Runs ``work`` as a transaction."""
        with self.transaction(flushed=flushed):
            return work()

    @contextlib.contextmanager
    def snapshot(self, *, apart: bool) -> Iterator[Connection]:
        """A view of one moment; ``apart``, through a connection of its own."""
        if self.raw.in_transaction or (apart and self.in_memory):  # nobody else can write meanwhile
            yield self
            return
        reader = Connection(self.path, create=False) if apart else self
        try:
            with self.translated():
                reader.raw.execute("BEGIN")
                yield reader
                reader.raw.execute("COMMIT")
        finally:
            if apart:
                reader.close()
            elif self.raw.in_transaction:
                self.raw.execute("ROLLBACK")

    def before_erasing(self) -> None:
        """Empties the write-ahead log. Raises EraseBlocked."""
        from profilecli.store.scrub import checkpoint

        with self.translated():
            checkpoint(self.raw, self.path, "Nothing was erased, since")

    def scrubbed(self, erased: Erased, traces: Collection[str], rewriting: Callable[[], None]) -> Erased:
        """Looks for the erased texts in the file, and rewrites it where they are found. Raises EraseBlocked."""
        from profilecli.store.scrub import scrub

        with self.translated():
            return erased if self.in_memory else replace(erased, vacuumed=scrub(self.raw, self.path, traces, rewriting))

    def close(self) -> None:
        """Releases the file. Closing twice is harmless."""
        self.raw.close()

    @contextlib.contextmanager
    def transaction(self, *, flushed: bool = True) -> Iterator[None]:
        """A write transaction: all of it is stored, or nothing.

        Not ``flushed``, it survives every crash of ours, and a power failure from the next
        flushed one on.
        """
        with self.translated():
            self.raw.execute(f"PRAGMA synchronous = {'FULL' if flushed else 'NORMAL'}")
            self.raw.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.raw.execute("COMMIT")
            except BaseException:
                if self.raw.in_transaction:
                    self.raw.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def translated(self) -> Iterator[None]:
        """Turns SQLite's errors and the system's into a StoreError."""
        try:
            yield
        except sqlite3.Error as error:
            raise StoreError(_explained(self.path, error)) from error
        except OSError as error:
            raise StoreError(f"{self.path} can't be used as a database: {error.strerror}. Name another with --db.") from error

    def _prepare(self) -> None:
        version, application = (self.raw.execute(f"PRAGMA {name}").fetchone()[0] for name in ("user_version", "application_id"))
        if application != APPLICATION_ID and self.raw.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise StoreError(f"{self.path} is another program's database, left as it is. Name a different file with --db.")
        if version > VERSION:
            raise StoreError(
                f"{self.path} was made by a newer profilecli (version {version}, this one knows {VERSION}). Upgrade profilecli; the file is untouched."
            )
        self.raw.execute("PRAGMA secure_delete = ON")
        self.raw.execute("PRAGMA synchronous = FULL")
        self.raw.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        self.raw.execute(f"PRAGMA mmap_size = {MAPPED_BYTES}")
        if version < VERSION:
            self._use_wal()
            with self.transaction():
                if self.raw.execute("PRAGMA user_version").fetchone()[0] < VERSION:  # another process may have been first
                    migrate(self.raw)

    def _use_wal(self) -> None:
        # The switch needs the file alone for a moment and doesn't wait for it by itself.
        import time

        deadline = time.monotonic() + BUSY_SECONDS
        while self.raw.execute("PRAGMA journal_mode").fetchone()[0] not in ("wal", "memory"):
            try:
                self.raw.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > deadline:
                    raise
                time.sleep(0.01)


def _create_private(path: Path) -> None:
    """Makes the file, readable by its owner alone; a folder that has to be made too."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


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
