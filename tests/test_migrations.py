"""Databases of earlier versions, made here by the SQL of their day, and brought up to date."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from profilecli.models import Update
from profilecli.schema import SchemaSet
from profilecli.store import open_store
from profilecli.store.migrations import APPLICATION_ID, VERSION
from tests.program import Program

_VERSION_1 = f"""
CREATE TABLE profiles (user_id TEXT PRIMARY KEY, schema TEXT NOT NULL, fields TEXT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL) STRICT;
CREATE TABLE messages (id INTEGER PRIMARY KEY AUTOINCREMENT, user_id TEXT NOT NULL, session_id TEXT NOT NULL, role TEXT NOT NULL, content TEXT NOT NULL,
  at TEXT NOT NULL, learned_at TEXT, attempts INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX messages_of_session ON messages (user_id, session_id, id);
CREATE INDEX messages_pending ON messages (user_id, id) WHERE learned_at IS NULL AND role = 'user';
CREATE TABLE changes (id INTEGER PRIMARY KEY AUTOINCREMENT, user_id TEXT NOT NULL, field TEXT NOT NULL, old TEXT, new TEXT, source TEXT NOT NULL, quote TEXT,
  message_id INTEGER, session_id TEXT, said_at TEXT NOT NULL, at TEXT NOT NULL, change_set INTEGER NOT NULL, superseded INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX changes_of_field ON changes (user_id, field, id);
CREATE INDEX changes_of_user ON changes (user_id, id);
CREATE TABLE rejections (id INTEGER PRIMARY KEY AUTOINCREMENT, user_id TEXT NOT NULL, field TEXT NOT NULL, value TEXT, reason TEXT NOT NULL, quote TEXT,
  source TEXT NOT NULL, message_id INTEGER, session_id TEXT, at TEXT NOT NULL) STRICT;
CREATE INDEX rejections_of_user ON rejections (user_id, id);
CREATE TABLE _sqlite_migrations (migration_set TEXT, name TEXT, applied_at TEXT, PRIMARY KEY (migration_set, name));
INSERT INTO _sqlite_migrations VALUES ('profilecli', 'm001_tables', '2026-01-01 00:00:00+00:00');
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = 1;
"""

_VERSION_2 = f"""
{_VERSION_1}
CREATE TABLE pins (user_id TEXT NOT NULL, field TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (user_id, field)) STRICT, WITHOUT ROWID;
CREATE TABLE imports (user_id TEXT NOT NULL, key BLOB NOT NULL, heard INTEGER NOT NULL, run TEXT NOT NULL, seen INTEGER NOT NULL,
  PRIMARY KEY (user_id, key)) STRICT, WITHOUT ROWID;
INSERT INTO _sqlite_migrations VALUES ('profilecli', 'm002_pins_and_imports', '2026-01-01 00:00:00+00:00');
PRAGMA user_version = 2;
"""

VERSIONS = {1: _VERSION_1, 2: _VERSION_2}
"""The tables of each earlier version."""

_CONTENT = """
INSERT INTO profiles VALUES ('alice', 'customer', '{"name": "Alice", "company": "Acme"}', '2026-01-01T00:00:00.000000Z', '2026-01-02T00:00:00.000000Z');
INSERT INTO messages (user_id, session_id, role, content, at, learned_at) VALUES ('alice', 's', 'user', 'I work at Acme', '2026-01-02T00:00:00.000000Z', '2026-01-02T00:00:01.000000Z');
INSERT INTO messages (user_id, session_id, role, content, at) VALUES ('alice', 's', 'user', 'Call me Ali', '2026-01-03T00:00:00.000000Z');
INSERT INTO changes (user_id, field, old, new, source, quote, message_id, session_id, said_at, at, change_set)
  VALUES ('alice', 'company', NULL, '"Acme"', 'rules', 'I work at Acme', 1, 's', '2026-01-02T00:00:00.000000Z', '2026-01-02T00:00:01.000000Z', 1);
INSERT INTO rejections (user_id, field, value, reason, quote, source, at) VALUES ('alice', 'role', 'boss', 'not stated', NULL, 'model', '2026-01-02T00:00:01.000000Z');
"""


@pytest.fixture(params=sorted(VERSIONS))
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A database of an earlier version, with something in every table."""
    path = tmp_path / "old.db"
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.executescript(VERSIONS[request.param] + _CONTENT)
    db.close()
    return path


def tables(path: Path) -> set[tuple[str, str]]:
    """Every table and index with its columns."""
    with sqlite3.connect(path) as db:
        names = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")]
        found = {(name, str([row[1:] for row in db.execute(f"PRAGMA table_xinfo({name})")])) for name in names}
    db.close()
    return found


def test_every_earlier_version_is_known_here() -> None:
    """A new version needs its forerunner added."""
    assert sorted(VERSIONS) == list(range(1, VERSION))


def test_a_database_of_an_earlier_version_becomes_one_of_this_version_and_keeps_all(old: Path, schemas: SchemaSet, tmp_path: Path) -> None:
    """The same tables as a new one, and every profile, message, change and refusal."""
    store = open_store(old, schemas=schemas)
    assert store.get("alice").company == "Acme"
    assert [m.content for m in store.messages("alice", "s")] == ["I work at Acme", "Call me Ali"]
    assert [m.content for m in store.pending("alice")] == ["Call me Ali"]
    assert [(c.new, c.quote) for c in store.history("alice")] == [("Acme", "I work at Acme")]
    assert [entry.rejection.value for entry in store.rejections("alice")] == ["boss"]
    store.pin("alice", ["company"])
    store.apply("alice", [Update("company", "set", "Globex", "x", "rules")])
    assert store.get("alice").company == "Acme"
    store.close()
    open_store(tmp_path / "new.db", schemas=schemas).close()
    assert tables(old) == tables(tmp_path / "new.db")
    open_store(old, schemas=schemas).close()


def test_a_migration_that_cannot_finish_changes_nothing(old: Path, program: Program) -> None:
    """Something stands in its way: one line, exit 1, and the old version is still there."""
    blocked = sqlite3.connect(old, isolation_level=None)
    blocked.execute("ALTER TABLE messages ADD COLUMN cut TEXT")
    (version,) = blocked.execute("PRAGMA user_version").fetchone()
    blocked.close()
    before = tables(old)
    ran = program("show", "--db", old)
    assert ran.code == 1
    assert len(ran.err.splitlines()) == 1
    with sqlite3.connect(old) as db:
        assert db.execute("PRAGMA user_version").fetchone()[0] == version
        assert db.execute("SELECT count(*) FROM messages").fetchone()[0] == 2
    db.close()
    assert tables(old) == before
