"""One connection to a PostgreSQL server, made so that it may break, or be a pooler's.

Queries go with their values in them (``ClientCursor``): nothing is prepared, a query and the
limits that hold for it are one message, and a pooler in transaction mode may give each
transaction another server connection. Nothing is set for a session, and no lock outlives its
transaction. See https://www.pgbouncer.org/features.html.
"""

from __future__ import annotations

import contextlib
import functools
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import psycopg
from psycopg.errors import DeadlockDetected, LockNotAvailable, SerializationFailure, UndefinedTable
from psycopg.pq import TransactionStatus

from profilecli.errors import StoreError
from profilecli.store import postgres_text
from profilecli.store.postgres_failures import checked_url, explained, unreachable
from profilecli.store.protocol import Erased
from profilecli.store.rows import dump

__all__ = ["BUSY_SECONDS", "CONNECT_SECONDS", "PostgresConnection"]

T = TypeVar("T")

BUSY_SECONDS = 30.0
"""How long a statement waits for others, or runs, before it is given up."""

CONNECT_SECONDS = 10
"""How long a server may take to answer, where the URL and PGCONNECT_TIMEOUT say nothing."""

_RECONNECT_SECONDS = 5.0
"""How long a server that was there is waited for: about what a restart takes."""

_ATTEMPTS = 3
_ROWS_AT_ONCE = 500

_REMAINS = "What PostgreSQL itself keeps (its write-ahead log, replicas, backups, free space in its files) is not in this program's hands."

_HELD = (
    "SELECT count(*), to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
    " FROM (SELECT 1 FROM profiles WHERE user_id = ANY(?::text[]) ORDER BY user_id FOR UPDATE) AS held"
)
"""Locks profiles, in one order so that nobody waits in a circle; then the server's clock, which all machines share."""


class PostgresConnection:
    """A :class:`~profilecli.store.database.Database` on a server, found as libpq does: URL, PG* variables, password file.

    It is made again when it breaks. Raises StoreError.
    """

    keys_of_fields = "jsonb_object_keys(fields)"
    for_update = " FOR UPDATE"

    def __init__(self, url: str) -> None:
        self.where = checked_url(url)
        self._url = url
        self._made: psycopg.Connection[Any] | None = None
        self._working = False
        self._opening = ""
        self._witness: tuple[str, str, tuple[Any, ...]] | None = None
        self._cursor: psycopg.Cursor[Any] | None = None
        self.raw()

    def raw(self) -> psycopg.Connection[Any]:
        """psycopg's connection; a new one where there was none, or it broke."""
        made = self._made
        if made is not None and made.pgconn.transaction_status == TransactionStatus.IDLE:
            return made
        if made is not None:
            made.close()
        self._made = self._connected(_RECONNECT_SECONDS if made is not None else 0)
        self._cursor = self._made.cursor()
        return self._made

    # ---- statements

    def one(self, sql: str, *parameters: Any) -> Any:
        """The first row of a query, or None."""
        return self._query(lambda: self._run(sql, parameters).fetchone())

    def all(self, sql: str, *parameters: Any) -> list[Any]:
        """Every row of a query."""
        return self._query(lambda: self._run(sql, parameters).fetchall())

    def asked(self, sql: str) -> Any:
        """The first row of a query about the tables themselves. Raises UndefinedTable too."""
        try:
            return self.one(sql)
        except StoreError as error:
            if isinstance(error.__cause__, UndefinedTable):
                raise error.__cause__ from None
            raise

    def run(self, sql: str, *parameters: Any) -> int:
        """Runs a statement that writes; returns how many rows it touched."""
        return self._run(sql, parameters).rowcount

    def many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Runs a statement that writes once for each row of parameters."""
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            self._run_text(";".join(self._filled_in(sql, row) for row in rows[start : start + _ROWS_AT_ONCE]))

    def insert(self, table: str, columns: str, rows: Sequence[Sequence[Any]]) -> list[int]:
        """Adds rows to a table with an ``id``; returns the ids, which ascend in the order of the rows."""
        ids: list[int] = []
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            values = [self._filled_in(f"({'?, ' * (len(row) - 1)}?)", row) for row in rows[start : start + _ROWS_AT_ONCE]]
            added = self._run_text(f"INSERT INTO {table} ({columns}) VALUES {', '.join(values)} RETURNING id")
            ids += sorted(row[0] for row in added.fetchall())
        return ids

    def begin(self, users: Collection[str]) -> str:
        """Locks the users' profiles until the transaction ends; returns the moment since when they are."""
        return str(self._run(_HELD, (sorted(users),)).fetchall()[0][1])

    def save_fields(self, user_id: str, fields: Mapping[str, Any], changed: Collection[str], at: str) -> None:
        """Merges the changed fields into those that are stored."""
        self._run(
            "UPDATE profiles SET fields = (fields - ?::text[]) || ?, updated_at = ? WHERE user_id = ?",
            (sorted(changed - fields.keys()), dump({name: fields[name] for name in sorted(changed & fields.keys())}), at, user_id),
        )

    def witness(self, user_id: str, sql: str, *parameters: Any) -> None:
        """Names a query that finds a row if, and only if, the running transaction was stored; the first one counts."""
        self._witness = self._witness or (user_id, sql, parameters)

    # ---- transactions

    def write(self, work: Callable[[], T], *, flushed: bool = True, again: bool = True) -> T:
        """Runs ``work`` as a transaction; again, where it surely wasn't stored: the connection broke, or others were in its way.

        Where the connection breaks while it commits, the witness tells whether it was stored.
        """
        opening = f"BEGIN; {_LIMITS}{_FLUSHED if flushed else 'SET LOCAL synchronous_commit = off; '}"
        for left in reversed(range(_ATTEMPTS)):
            again = again and left > 0
            try:
                return self._transaction(work, opening)
            except _Unsure as unsure:
                if self._was_stored():
                    return unsure.done  # type: ignore[no-any-return]
                if not again:
                    raise StoreError(f"{unreachable(self._url, self.where, unsure.error)} Nothing was changed.") from unsure.error
            except psycopg.Error as error:
                if not (again and (self._broken or isinstance(error, DeadlockDetected | SerializationFailure))):
                    raise self._failure(error) from error
        raise AssertionError("unreachable")

    @contextlib.contextmanager
    def snapshot(self, *, apart: bool) -> Iterator[PostgresConnection]:
        """A view of one moment for several queries; ``apart``, through a connection of its own."""
        if self._working:
            yield self
            return
        reader = PostgresConnection(self._url) if apart else self
        try:
            with reader.reading():
                yield reader
        finally:
            if apart:
                reader.close()

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """A transaction that reads, all of it as of one moment."""
        self.one("SELECT 1")  # finds out that the connection is broken while it can be made again
        self._working, self._opening = True, f"BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; {_LIMITS}"
        try:
            yield
            self._run("COMMIT", ())
        except psycopg.Error as error:
            raise self._failure(error) from error
        finally:
            self._working = False
            self._roll_back()

    # ---- erasing

    def before_erasing(self) -> None:
        """Nothing: rows can be deleted whoever reads them."""

    def scrubbed(self, erased: Erased, traces: Collection[str], rewriting: Callable[[], None]) -> Erased:  # noqa: ARG002
        """Vacuums the tables, so that the rows' space is free, in the tables and their indexes."""
        from profilecli.store.portables import TABLES

        deadline = time.monotonic() + BUSY_SECONDS
        left = [table for table in TABLES if not self._vacuumed(table, deadline)]
        still = f"Not vacuumed: {', '.join(left)}; autovacuum will, or their owner. " if left else ""
        return replace(erased, vacuumed=not left, remains=still + _REMAINS)

    def _vacuumed(self, table: str, deadline: float) -> bool:
        """Vacuums a table; False where the role may not, or somebody else holds it until the deadline."""
        while True:
            told: list[str | None] = []
            notice = functools.partial(_note, told)
            try:
                raw = self.raw()
                raw.add_notice_handler(notice)
                # Indexes even if few rows are dead; not in a transaction, so that no limit can be set: it doesn't wait.
                raw.execute(f"VACUUM (INDEX_CLEANUP ON, SKIP_LOCKED) {table}")
                raw.remove_notice_handler(notice)
            except (StoreError, psycopg.Error):
                return False  # the rows are gone; all that is left undone is said
            if LockNotAvailable.sqlstate not in told or time.monotonic() > deadline:
                return not told
            time.sleep(0.2)

    def close(self) -> None:
        """Releases the connection. Closing twice is harmless."""
        if self._made is not None:
            self._made.close()

    # ---- how

    def _connected(self, patience: float) -> psycopg.Connection[Any]:
        """A new connection. A server that was there is waited for."""
        deadline = time.monotonic() + patience
        while True:
            try:
                made = psycopg.connect(self._url, **_arguments(self._url))
            except psycopg.Error as error:
                if time.monotonic() > deadline:
                    raise StoreError(unreachable(self._url, self.where, error)) from error
                time.sleep(0.2)
                continue
            postgres_text.register(made)
            return made

    def _query(self, query: Callable[[], T]) -> T:
        """A query by itself, again if the connection broke; in a transaction, as it is."""
        if self._working:
            return query()
        for left in (1, 0):
            self.raw()
            self._opening = _LIMITS
            try:
                return query()
            except psycopg.Error as error:
                if not (left and self._broken):
                    raise self._failure(error) from error
        raise AssertionError("unreachable")

    def _run(self, sql: str, parameters: Sequence[Any]) -> psycopg.Cursor[Any]:
        return self._run_text(_percent(sql), parameters)

    def _run_text(self, sql: str, parameters: Sequence[Any] | None = None) -> psycopg.Cursor[Any]:
        """Runs a statement, together with what opens its transaction where it is the first; its own result is the last."""
        opening, self._opening = self._opening, ""
        cursor = self._cursor
        assert cursor is not None
        cursor.execute((opening + sql).encode(), parameters or None)
        while cursor.nextset():
            pass
        return cursor

    def _filled_in(self, sql: str, row: Sequence[Any]) -> str:
        assert isinstance(self._cursor, psycopg.ClientCursor)
        return self._cursor.mogrify(_percent(sql).encode(), row)

    def _transaction(self, work: Callable[[], T], opening: str) -> T:
        self.raw()
        self._working, self._opening, self._witness = True, opening, None
        try:
            done = work()
        except BaseException:
            self._roll_back()
            raise
        finally:
            self._working, unopened, self._opening = False, self._opening, ""
        if unopened:
            return done
        try:
            committed = self._run_text("COMMIT").statusmessage
        except psycopg.Error as error:
            if self._broken:
                raise _Unsure(done, error) from error
            raise
        assert committed == "COMMIT", committed
        return done

    def _was_stored(self) -> bool:
        """Whether the transaction was stored whose commit wasn't answered. Raises StoreError where nobody can tell."""
        in_doubt = f"The connection to {self.where} broke while something was saved, and"
        if self._witness is None:
            raise StoreError(f"{in_doubt} whether it was is not known. Look (profile history), and do it again if not.")
        user_id, sql, parameters = self._witness
        found = False

        def look() -> None:
            nonlocal found
            # Waits for the other end, should it be committing still: for its row, and for one that it has just made.
            self.run("INSERT INTO profiles VALUES (?, '', '{}', '', '') ON CONFLICT (user_id) DO NOTHING", user_id)
            self.begin([user_id])
            found = self.one(sql, *parameters) is not None
            raise _Looked

        try:
            self._transaction(look, f"BEGIN; {_LIMITS}")
        except _Looked:
            return found
        except (StoreError, psycopg.Error) as error:
            raise StoreError(f"{in_doubt} it can't be reached to see whether it was. Look (profile history) when it is back.") from error
        raise AssertionError("unreachable")

    def _roll_back(self) -> None:
        if self._made is not None and self._made.pgconn.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.INERROR):
            with contextlib.suppress(psycopg.Error):  # a connection that can't is made anew
                self._made.execute("ROLLBACK")

    @property
    def _broken(self) -> bool:
        return self._made is None or self._made.closed

    def _failure(self, error: psycopg.Error) -> StoreError:
        return StoreError(unreachable(self._url, self.where, error) if self._broken else explained(self._url, self.where, error))


_LIMITS = f"SET LOCAL lock_timeout = {BUSY_SECONDS * 1000:.0f}; SET LOCAL statement_timeout = {BUSY_SECONDS * 1000:.0f}; "
"""Of a transaction, which a single message of several statements is, too."""


_FLUSHED = "SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'; "
"""Durable when it returns, also where the server's setting is not to wait; a stricter one is left alone."""


class _Unsure(Exception):
    """Nobody answered to a COMMIT."""

    def __init__(self, done: Any, error: psycopg.Error) -> None:
        super().__init__()
        self.done = done
        self.error = error


class _Looked(Exception):
    """Ends a transaction that was only to look."""


def _note(told: list[str | None], notice: psycopg.errors.Diagnostic) -> None:
    if notice.severity_nonlocalized == "WARNING":
        told.append(notice.sqlstate)


def _arguments(url: str) -> dict[str, Any]:
    """What is asked of a connection where the URL says nothing else. A peer that is gone is noticed within about half a minute."""
    import os

    from psycopg.conninfo import conninfo_to_dict

    given = conninfo_to_dict(url)
    chosen = {
        "application_name": None if "PGAPPNAME" in os.environ else "profilecli",
        "connect_timeout": None if "PGCONNECT_TIMEOUT" in os.environ else CONNECT_SECONDS,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 4,
        "tcp_user_timeout": 30_000,
    }
    return {name: value for name, value in chosen.items() if value is not None and name not in given} | {
        "autocommit": True,
        "client_encoding": "utf8",
        "cursor_factory": psycopg.ClientCursor,
        "prepare_threshold": None,
    }


@functools.lru_cache(maxsize=256)
def _percent(sql: str) -> str:
    """The query with psycopg's placeholders."""
    return sql.replace("?", "%s")
