"""What is particular to a store in a file; the rest is in test_store.py."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from profilecli.errors import StoreError
from profilecli.schema import SchemaSet
from profilecli.store import open_store
from profilecli.store.migrations import VERSION
from profilecli.store.sqlite import SQLiteStore


def test_the_file_is_its_owners_alone(tmp_path: Path, schemas: SchemaSet) -> None:
    """And so is a folder that was made for it; the WAL follows the file."""
    path = tmp_path / "new" / "profiles.db"
    store = open_store(path, schemas=schemas)
    store.add_message("alice", "s", "user", "hi")
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
    store.close()


def test_reading_makes_no_file(tmp_path: Path, schemas: SchemaSet) -> None:
    """A store that isn't there is empty."""
    path = tmp_path / "none.db"
    store = open_store(path, schemas=schemas, create=False)
    assert store.users() == []
    assert not path.exists()
    store.close()


def test_a_file_of_a_newer_version_is_refused_untouched(tmp_path: Path, store: SQLiteStore) -> None:
    """With a line that says what to do."""
    store.close()
    with sqlite3.connect(store.path) as db:
        db.execute(f"PRAGMA user_version = {VERSION + 1}")
    db.close()
    before = store.path.read_bytes()
    with pytest.raises(StoreError, match="newer profilecli"):
        open_store(store.path)
    assert store.path.read_bytes() == before


def test_another_programs_database_is_refused_untouched(tmp_path: Path) -> None:
    """Nobody's photos get a profiles table."""
    path = tmp_path / "photos.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE photos (id)")
    db.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program's database"):
        open_store(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"not a database at all, just text that is long enough to be looked at" * 20, b"SQLite format 3\x00" + b"\xff" * 5000]
)
def test_a_file_that_is_no_database_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    """Text, or a damaged file."""
    path = tmp_path / "x.db"
    path.write_bytes(content)
    with pytest.raises(StoreError) as refused:
        open_store(path)
    assert "\n" not in str(refused.value)
    assert path.read_bytes() == content


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_to_is_reported(tmp_path: Path) -> None:
    """One line, with another way."""
    (tmp_path / "closed").mkdir(mode=0o500)
    with pytest.raises(StoreError, match="--db"):
        open_store(tmp_path / "closed" / "profiles.db")


def test_a_path_through_a_file_is_reported(store: SQLiteStore) -> None:
    """Not a traceback."""
    with pytest.raises(StoreError, match="--db"):
        open_store(store.path / "profiles.db")


_CRASHER = """
import os, sys
from profilecli.models import Update
from profilecli.store import open_store
store = open_store(sys.argv[1])
n = 0
while True:
    n += 1
    message = store.add_message("alice", "s", "user", f"number {n}")
    store.apply("alice", [Update("count", "set", str(n), None, "rules")], message=message)
    os.write(1, f"{n}\\n".encode())
"""


@pytest.mark.slow
def test_killed_at_any_moment_the_file_is_sound_and_no_acknowledged_fact_is_gone(tmp_path: Path) -> None:
    """Several processes are killed in the middle of writing."""
    path = tmp_path / "profiles.db"
    for delay in (0.0, 0.003, 0.011, 0.05, 0.1):
        process = subprocess.Popen([sys.executable, "-c", _CRASHER, str(path)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        with_delay = subprocess.run(["sleep", str(delay)], check=True)
        assert with_delay.returncode == 0
        process.kill()
        acknowledged = int((process.stdout.read().split() or [b"1"])[-1])
        process.wait()
        process.stdout.close()
        store = open_store(path)
        profile = store.profile("alice")
        assert profile is not None
        assert int(profile.fields["count"]) >= acknowledged
        store.close()
        db = sqlite3.connect(path)
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        db.close()
