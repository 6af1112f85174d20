"""What is left of deleted rows in a file: the bytes that belong to no row."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from profilecli.store.pages import dead_bytes


def made(path: Path, *, secure: bool, seed: int, rows: int = 400) -> tuple[list[str], list[str]]:
    """A database with rows of any length, some of which were deleted: the texts that live, and those that don't."""
    rng = random.Random(seed)
    db = sqlite3.connect(path, isolation_level=None)
    db.execute(f"PRAGMA secure_delete = {'ON' if secure else 'OFF'}")
    db.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)")
    db.execute("CREATE INDEX i ON t (text)")
    texts = [f"<{n}:{rng.random()}>" * rng.choice([1, 5, 30, 400]) for n in range(rows)]
    db.execute("BEGIN")
    db.executemany("INSERT INTO t (text) VALUES (?)", [(text,) for text in texts])
    gone = set(rng.sample(range(rows), rows // 3))
    db.executemany("DELETE FROM t WHERE id = ?", [(n + 1,) for n in gone])
    db.execute("COMMIT")
    db.close()
    return [t for n, t in enumerate(texts) if n not in gone], [t for n, t in enumerate(texts) if n in gone]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_no_byte_of_a_deleted_row_is_in_the_file_and_not_among_the_dead(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    """Whether it was overwritten or not: what can be found in the file can be found there."""
    path = tmp_path_factory.mktemp("pages") / "t.db"
    for secure in (True, False):
        path.unlink(missing_ok=True)
        _, gone = made(path, secure=secure, seed=seed)
        whole, dead = path.read_bytes(), b"\0".join(dead_bytes(path))
        for text in gone:
            mark = text[: text.index(">") + 1].encode()
            assert (mark in whole) == (mark in dead)
        assert secure or dead


def test_rows_that_live_are_not_taken_for_dead_ones(tmp_path: Path) -> None:
    """In a file that was just written anew there is nothing dead at all."""
    path = tmp_path / "t.db"
    living, _ = made(path, secure=False, seed=1)
    db = sqlite3.connect(path)
    db.execute("VACUUM")
    db.close()
    assert living[0].encode()[:20] in path.read_bytes()
    assert not [piece for piece in dead_bytes(path) if b"<" in piece]


def test_a_file_that_is_no_database_yet_has_nothing_dead(tmp_path: Path) -> None:
    """It is empty."""
    path = tmp_path / "t.db"
    path.touch()
    assert list(dead_bytes(path)) == []
