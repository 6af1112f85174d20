"""The tables, as migrations: each recorded, each in a transaction.

``sqlite_utils`` is imported only where a file isn't up to date: it costs as much as all the
rest of ``profile show``. ``PRAGMA user_version`` says so without it.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database, Migrations

__all__ = ["APPLICATION_ID", "VERSION", "migrate"]

APPLICATION_ID = 0x70726F66
"""``prof`` in ASCII, in the file's header (https://www.sqlite.org/pragma.html#pragma_application_id)."""

VERSION = 3
"""``PRAGMA user_version`` of a file that is up to date: the number of migrations."""

_TABLES = """
CREATE TABLE profiles (
    user_id TEXT PRIMARY KEY,
    schema TEXT NOT NULL,
    fields TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    role TEXT NOT NULL,
    content TEXT NOT NULL,
    at TEXT NOT NULL,
    learned_at TEXT,
    attempts INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX messages_of_session ON messages (user_id, session_id, id);
CREATE INDEX messages_pending ON messages (user_id, id) WHERE learned_at IS NULL AND role = 'user';
CREATE TABLE changes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id TEXT NOT NULL,
    field TEXT NOT NULL,
    old TEXT,
    new TEXT,
    source TEXT NOT NULL,
    quote TEXT,
    message_id INTEGER,
    session_id TEXT,
    said_at TEXT NOT NULL,
    at TEXT NOT NULL,
    change_set INTEGER NOT NULL,
    superseded INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX changes_of_field ON changes (user_id, field, id);
CREATE INDEX changes_of_user ON changes (user_id, id);
CREATE TABLE rejections (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id TEXT NOT NULL,
    field TEXT NOT NULL,
    value TEXT,
    reason TEXT NOT NULL,
    quote TEXT,
    source TEXT NOT NULL,
    message_id INTEGER,
    session_id TEXT,
    at TEXT NOT NULL
) STRICT;
CREATE INDEX rejections_of_user ON rejections (user_id, id);
"""

_PINS_AND_IMPORTS = """
CREATE TABLE pins (
    user_id TEXT NOT NULL,
    field TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (user_id, field)
) STRICT, WITHOUT ROWID;
CREATE TABLE imports (
    user_id TEXT NOT NULL,
    key BLOB NOT NULL,
    heard INTEGER NOT NULL,
    run TEXT NOT NULL,
    seen INTEGER NOT NULL,
    PRIMARY KEY (user_id, key)
) STRICT, WITHOUT ROWID;
"""
"""``imports``: digests of what ``learn`` has read, ``heard`` so often in all and ``seen`` so often in one ``run``."""


_CUTS = """
ALTER TABLE messages ADD COLUMN cut TEXT;
DROP INDEX changes_of_user;
"""
"""``cut``: why a reply stopped early. The index was nearly that of the fields over again, and cost every change a page."""


def migrate(connection: sqlite3.Connection) -> None:
    """Brings the file up to date; call it inside a write transaction, so that only one process does."""
    from sqlite_utils import Database

    # Without recursive_triggers and plugins: both change the connection for everybody else.
    database = Database(connection, recursive_triggers=False, execute_plugins=False)
    _migrations().apply(database)


def _migrations() -> Migrations:
    from sqlite_utils import Migrations

    migrations = Migrations("profilecli")

    @migrations(name="m001_tables")
    def m001_tables(database: Database) -> None:
        _execute(database, _TABLES)
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database.execute("PRAGMA user_version = 1")

    @migrations(name="m002_pins_and_imports")
    def m002_pins_and_imports(database: Database) -> None:
        _execute(database, _PINS_AND_IMPORTS)
        database.execute("PRAGMA user_version = 2")

    @migrations(name="m003_cuts")
    def m003_cuts(database: Database) -> None:
        _execute(database, _CUTS)
        database.execute("PRAGMA user_version = 3")

    return migrations


def _execute(database: Database, script: str) -> None:
    # Not executescript, which commits the transaction that it is in.
    for statement in filter(str.strip, script.split(";")):
        database.execute(statement)
