"""Erasing beyond recovery from the file.

``secure_delete`` overwrites deleted cells, but SQLite also leaves stale copies of cells in
the free space of pages that it has rebalanced, and in the WAL. So after an erase: a
truncating checkpoint, a look for the erased bytes in the file, and a VACUUM, which writes
the file anew, where they are found.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from profilecli.errors import EraseBlocked
from profilecli.store.protocol import Erased

__all__ = ["erase_fields", "erase_user"]

Transaction = Callable[[], AbstractContextManager[None]]

_SEARCH_BUDGET = 4_000_000_000
"""Bytes that a search may read, over all needles; beyond that a VACUUM is quicker."""

_CHUNK = 8 * 1024 * 1024


def erase_user(db: sqlite3.Connection, path: Path, user_id: str, transaction: Transaction) -> Erased:
    """Removes every row of the user. Raises EraseBlocked where another process keeps the old pages."""
    with transaction():
        needles = {user_id} | _texts(
            db.execute("SELECT fields FROM profiles WHERE user_id = ?", (user_id,)),
            db.execute("SELECT content FROM messages WHERE user_id = ?", (user_id,)),
            db.execute("SELECT old, new, quote FROM changes WHERE user_id = ?", (user_id,)),
            db.execute("SELECT value, quote FROM rejections WHERE user_id = ?", (user_id,)),
        )
        removed = {
            table: db.execute(f"DELETE FROM {table} WHERE user_id = ?", (user_id,)).rowcount
            for table in ("profiles", "messages", "changes", "rejections")
        }
    vacuumed = _scrub(db, path, needles)
    return Erased(removed["profiles"], removed["messages"], removed["changes"], vacuumed)


def erase_fields(db: sqlite3.Connection, path: Path, user_id: str, fields: Sequence[str], transaction: Transaction) -> Erased:
    """Removes the fields' values and history, and the messages of either role that have such a value in them."""
    with transaction():
        marks = ", ".join("?" * len(fields))
        stored = json.loads(db.execute("SELECT fields FROM profiles WHERE user_id = ?", (user_id,)).fetchone()[0])
        rows = db.execute(
            f"SELECT old, new, message_id, quote FROM changes WHERE user_id = ? AND field IN ({marks})", (user_id, *fields)
        ).fetchall()
        values = _spoken([stored.get(field) for field in fields] + [json.loads(text) for row in rows for text in row[:2] if text])
        contains = _matcher(values)
        behind = {row[2] for row in rows}
        messages = [
            (number, content)
            for number, content in db.execute("SELECT id, content FROM messages WHERE user_id = ?", (user_id,))
            if number in behind or contains(content)
        ]
        changed = db.execute(f"DELETE FROM changes WHERE user_id = ? AND field IN ({marks})", (user_id, *fields)).rowcount
        db.executemany("DELETE FROM messages WHERE id = ?", [(number,) for number, _ in messages])
        _forget_words(db, user_id, fields, contains)
        left = {name: value for name, value in stored.items() if name not in fields}
        db.execute("UPDATE profiles SET fields = ? WHERE user_id = ?", (json.dumps(left, ensure_ascii=False), user_id))
    vacuumed = _scrub(db, path, values | {content for _, content in messages} | {row[3] for row in rows if row[3]})
    return Erased(0, len(messages), changed, vacuumed)


def _forget_words(db: sqlite3.Connection, user_id: str, fields: Sequence[str], contains: Callable[[str], bool]) -> None:
    """Takes the erased values out of the words kept for other fields, and out of the rejections."""
    for number, quote in db.execute("SELECT id, quote FROM changes WHERE user_id = ? AND quote IS NOT NULL", (user_id,)).fetchall():
        if contains(quote):
            db.execute("UPDATE changes SET quote = NULL WHERE id = ?", (number,))
    for number, field, value, quote in db.execute(
        "SELECT id, field, value, quote FROM rejections WHERE user_id = ?", (user_id,)
    ).fetchall():
        if field in fields or contains(f"{value} {quote}"):
            db.execute("DELETE FROM rejections WHERE id = ?", (number,))


def _texts(*cursors: Iterable[Sequence[str | None]]) -> set[str]:
    """Every text in the rows, and the values inside those that are JSON."""
    found: set[str] = set()
    for rows in cursors:
        for row in rows:
            for text in filter(None, row):
                found.add(text)
                try:
                    found |= _spoken([json.loads(text)])
                except ValueError:
                    continue
    return found


def _spoken(values: Iterable[Any]) -> set[str]:
    """The texts in JSON values, as they stand in a message or a file. True, False and None are nobody's words."""
    found: set[str] = set()
    for value in values:
        if isinstance(value, dict):
            found |= _spoken(value.values())
        elif isinstance(value, list):
            found |= _spoken(value)
        elif value is not None and not isinstance(value, bool):
            found.add(str(value))
    return found


def _matcher(values: Iterable[str]) -> Callable[[str], bool]:
    """Whether a text has one of the values in it as words of their own, whatever the case."""
    # A word boundary only where the value ends in an ASCII letter: Chinese has none to go by.
    parts = [
        (r"(?<!\w)" if value[:1].isascii() and value[:1].isalnum() else "")
        + re.escape(value.casefold())
        + (r"(?!\w)" if value[-1:].isascii() and value[-1:].isalnum() else "")
        for value in values
        if value
    ]
    if not parts:
        return lambda _text: False
    pattern = re.compile("|".join(parts))
    return lambda text: pattern.search(text.casefold()) is not None


def _scrub(db: sqlite3.Connection, path: Path, needles: set[str]) -> bool:
    """Checkpoints, and rewrites the file if erased bytes are still in it; says whether it did."""
    busy, _, _ = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise EraseBlocked(
            f"Erased, but another process keeps old pages of {path} in use. Close it and run the command again, so that no trace stays."
        )
    if not path.exists() or not _found(path, {needle.encode() for needle in needles if len(needle.encode()) > 3}):
        return False
    try:
        db.execute("VACUUM")
    except sqlite3.OperationalError as error:
        raise EraseBlocked(
            f"Erased, but {path} could not be rewritten ({error}). Close other programs that use it and run the command again."
        ) from error
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return True


def _found(path: Path, needles: set[bytes]) -> bool:
    """Whether one of the needles is in the file; True too where looking would cost more than a VACUUM."""
    size = path.stat().st_size
    if size * len(needles) > _SEARCH_BUDGET:
        return True
    overlap = max(map(len, needles), default=0)
    with path.open("rb") as file:
        tail = b""
        while chunk := file.read(_CHUNK):
            window = tail + chunk
            if any(needle in window for needle in needles):
                return True
            tail = window[-overlap:] if overlap else b""
    return False
