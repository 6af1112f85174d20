"""The store on a PostgreSQL server, for users of many machines."""

from __future__ import annotations

import contextlib
from pathlib import Path

from psycopg.errors import UndefinedTable

from profilecli.errors import StoreError
from profilecli.schema import SchemaSet
from profilecli.store.postgres_connection import PostgresConnection
from profilecli.store.postgres_tables import LOCK, MARK, MIGRATIONS, NAMES, STATE, VERSION
from profilecli.store.sqlite import SQLiteStore, rehearsal_of
from profilecli.store.store import DatabaseStore

__all__ = ["PostgresStore", "open_server"]

_OLDEST_SERVER = 13


class PostgresStore(DatabaseStore):
    """A :class:`~profilecli.store.Store` in the tables of a PostgreSQL database, which may be shared by any number of processes."""

    in_memory = False

    def __init__(self, connection: PostgresConnection, schemas: SchemaSet) -> None:
        super().__init__(connection, schemas)
        self.connection = connection

    def rehearsal(self) -> contextlib.AbstractContextManager[SQLiteStore]:
        """A store in memory for users whom :meth:`adopt` brings over; it forgets all at its end."""
        return rehearsal_of(self)


def open_server(url: str, schemas: SchemaSet, *, create: bool) -> PostgresStore | SQLiteStore:
    """Opens the database at a URL and brings its tables up to date.

    Without ``create``, a database without our tables is an empty store in memory, and is left
    as it is. Raises StoreError.
    """
    connection = PostgresConnection(url)
    try:
        raw = connection.raw()
        if raw.info.server_version < _OLDEST_SERVER * 10_000:
            raise StoreError(f"{connection.where} is PostgreSQL {raw.info.server_version // 10_000}; {_OLDEST_SERVER} or later is needed.")
        encoding = raw.info.parameter_status("server_encoding")
        if encoding not in (None, "UTF8"):
            raise StoreError(f"{connection.where} has the encoding {encoding}, which can't hold every text. Make a database with UTF8.")
        version = stored_version(connection)
        if version is None and not create:
            connection.close()
            return SQLiteStore(Path(":memory:"), schemas, create=False)
        if version != VERSION:
            _migrate(connection)
        return PostgresStore(connection, schemas)
    except BaseException:
        connection.close()
        raise


def stored_version(connection: PostgresConnection) -> int | None:
    """The version of our tables, None where they aren't there. Raises StoreError where they aren't ours, or newer."""
    try:
        version, schemas = connection.asked(STATE)
    except UndefinedTable:
        taken = _taken(connection)
        if MARK not in taken:
            _refuse_foreign(connection, taken)
            return None
        try:  # another process has made them in this moment
            version, schemas = connection.asked(STATE)
        except UndefinedTable:
            raise StoreError(f"{connection.where}: some of our tables are missing. Restore them from a backup.") from None
    if schemas != 1 or version is None:
        raise StoreError(_foreign(connection.where, "some of its tables are"))
    if version > VERSION:
        raise StoreError(
            f"{connection.where} was made by a newer profilecli (version {version}, this one knows {VERSION})."
            " Upgrade profilecli; the database is untouched."
        )
    return int(version)


def _taken(connection: PostgresConnection) -> list[str]:
    """The tables that we would make, and that are there already where we would make them."""
    rows = connection.all(
        "SELECT relname FROM pg_class WHERE relname = ANY(?::text[]) AND relnamespace = to_regnamespace(quote_ident(current_schema())) ORDER BY 1",
        list(NAMES),
    )
    return [row[0] for row in rows]


def _refuse_foreign(connection: PostgresConnection, taken: list[str]) -> None:
    """Raises StoreError where a table that we would make is there already, and somebody else's."""
    if taken:
        raise StoreError(_foreign(connection.where, f"its table {taken[0]} is"))


def _foreign(where: str, what: str) -> str:
    return f"{where}: {what} another program's, left as it is. Use a database of its own, or a schema (search_path): see docs/postgres.md."


def _migrate(connection: PostgresConnection) -> None:
    """Brings the tables up to date; where several processes want to, one does and the others wait."""

    def work() -> None:
        connection.one("SELECT pg_advisory_xact_lock(?)", LOCK)
        connection.run("SET LOCAL statement_timeout = 0")
        marked = connection.one("SELECT to_regclass(?) IS NOT NULL", MARK)[0]
        version = connection.one(f"SELECT max(version) FROM {MARK}")[0] if marked else None
        if not marked:
            _refuse_foreign(connection, _taken(connection))
        for number in sorted(MIGRATIONS):
            if version is None or number > version:
                connection.run(MIGRATIONS[number])
                connection.run(f"INSERT INTO {MARK} (version) VALUES (?)", number)

    connection.write(work)
