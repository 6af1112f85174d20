"""Erasing beyond recovery from the file.

``secure_delete`` overwrites deleted rows, but SQLite also leaves stale copies of rows in the
free space of pages that it has rebalanced, and in the WAL. So after an erase: a truncating
checkpoint, a look for the erased bytes in the file's free space, and a VACUUM, which writes
the file anew, where they are found.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from profilecli.errors import EraseBlocked
from profilecli.store.connection import Connection
from profilecli.store.pages import dead_bytes
from profilecli.store.protocol import Erased

__all__ = ["erase_fields", "erase_user"]

_SHORTEST = 4
"""Bytes of the shortest text looked for; a shorter one is anywhere by chance."""

_BLOCK = 32
"""Bytes of the blocks that a longer text is looked for by, since a copy may be half overwritten."""

_AT_ONCE = 8 * 1024 * 1024

_SEARCH_BUDGET = 20_000_000_000
"""Bytes that a search may read, over all texts; beyond that a VACUUM is quicker."""


def erase_user(connection: Connection, user_id: str, rewriting: Callable[[], None]) -> Erased:
    """Removes every row of the user. Raises EraseBlocked where another process keeps the old pages.

    ``rewriting`` is called before the file has to be rewritten.
    """
    db = connection.raw
    _checkpoint(connection, "Nothing was erased, since")
    with connection.transaction():
        written = (
            db.execute("SELECT fields FROM profiles WHERE user_id = ?", (user_id,)),
            db.execute("SELECT old, new FROM changes WHERE user_id = ?", (user_id,)),
        )
        said = (
            db.execute("SELECT content FROM messages WHERE user_id = ?", (user_id,)),
            db.execute("SELECT quote FROM changes WHERE user_id = ?", (user_id,)),
            db.execute("SELECT value, quote FROM rejections WHERE user_id = ?", (user_id,)),
        )
        needles = {user_id} | _spoken(json.loads(text) for text in _texts(written)) | set(_texts(said))
        removed = {
            table: db.execute(f"DELETE FROM {table} WHERE user_id = ?", (user_id,)).rowcount
            for table in ("profiles", "messages", "changes", "rejections", "pins", "imports")
        }
    vacuumed = _scrub(connection, needles, rewriting)
    return Erased(removed["profiles"], removed["messages"], removed["changes"], vacuumed)


def erase_fields(connection: Connection, user_id: str, fields: Sequence[str], rewriting: Callable[[], None]) -> Erased:
    """Removes the fields' values, history and pins, and the messages of either role that have such a value in them."""
    db = connection.raw
    _checkpoint(connection, "Nothing was erased, since")
    with connection.transaction():
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
        db.execute(f"DELETE FROM pins WHERE user_id = ? AND field IN ({marks})", (user_id, *fields))
        _forget_words(db, user_id, fields, contains)
        left = {name: value for name, value in stored.items() if name not in fields}
        db.execute("UPDATE profiles SET fields = ? WHERE user_id = ?", (json.dumps(left, ensure_ascii=False), user_id))
    vacuumed = _scrub(connection, values | {content for _, content in messages} | {row[3] for row in rows if row[3]}, rewriting)
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


def _texts(queries: Iterable[Iterable[Sequence[str | None]]]) -> Iterator[str]:
    """Every text in the rows."""
    return (text for rows in queries for row in rows for text in row if text)


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


def _scrub(connection: Connection, needles: set[str], rewriting: Callable[[], None]) -> bool:
    """Checkpoints, and rewrites the file if erased bytes are still in it; says whether it did."""
    path = connection.path
    _checkpoint(connection, "Erased, but")
    with connection.translated():
        if connection.in_memory or not _left(connection, needles):
            return False
    rewriting()
    try:
        connection.raw.execute("VACUUM")
    except sqlite3.OperationalError as error:
        raise EraseBlocked(
            f"Erased, but {path} could not be rewritten ({error}). Close other programs that use it and run the command again."
        ) from error
    _checkpoint(connection, "Erased, but")
    return True


def _checkpoint(connection: Connection, so_far: str) -> None:
    """Moves all that is in the WAL into the file, and empties it. Raises EraseBlocked."""
    with connection.translated():
        busy, _, _ = connection.raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise EraseBlocked(f"{so_far} another process keeps old pages of {connection.path} in use. Close it and run the command again.")


def _left(connection: Connection, texts: Iterable[str]) -> bool:
    """Whether one of the texts is still in the file; True too where looking would cost more than a VACUUM."""
    forms = {form for text in texts for form in (text, json.dumps(text, ensure_ascii=False)[1:-1])}
    needles = {block for form in forms for block in _blocks(form.encode())}
    budget = _SEARCH_BUDGET
    for dead in _joined(dead_bytes(connection.path)):
        budget -= len(dead) * len(needles)
        if budget < 0 or any(needle in dead for needle in needles):
            return True
    return False


def _blocks(text: bytes) -> Iterator[bytes]:
    if len(text) < 2 * _BLOCK:
        yield from [text] if len(text) >= _SHORTEST else []
    else:
        yield from (text[start : start + _BLOCK] for start in range(0, len(text) - _BLOCK + 1, _BLOCK))


def _joined(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces in larger ones, with a byte between them that is in no text."""
    held: list[bytes] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size > _AT_ONCE:
            yield b"\0".join(held)
            held, size = [], 0
    if held:
        yield b"\0".join(held)
