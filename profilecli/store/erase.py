"""What goes when a user, or some fields, are erased: every row of theirs, and every text that gives them away.

How the bytes leave the database after that is the database's matter.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from profilecli.store.database import Database
from profilecli.store.portables import TABLES
from profilecli.store.protocol import Erased
from profilecli.store.rows import dump

__all__ = ["erase_fields", "erase_user"]


def erase_user(db: Database, user_id: str) -> tuple[Erased, set[str]]:
    """Removes every row of the user; returns how many, and the texts that were in them."""
    written = (
        db.all("SELECT fields FROM profiles WHERE user_id = ?", user_id),
        db.all("SELECT old, new FROM changes WHERE user_id = ?", user_id),
    )
    said = (
        db.all("SELECT content FROM messages WHERE user_id = ?", user_id),
        db.all("SELECT quote FROM changes WHERE user_id = ?", user_id),
        db.all("SELECT value, quote FROM rejections WHERE user_id = ?", user_id),
    )
    traces = {user_id} | _spoken(json.loads(text) for text in _texts(written)) | set(_texts(said))
    removed = {table: db.run(f"DELETE FROM {table} WHERE user_id = ?", user_id) for table in TABLES}
    return Erased(removed["profiles"], removed["messages"], removed["changes"]), traces


def erase_fields(db: Database, user_id: str, fields: Sequence[str]) -> tuple[Erased, set[str]]:
    """Removes the fields' values, history and pins, and the messages of either role that have such a value in them."""
    marks = ", ".join("?" * len(fields))
    stored = json.loads(db.one("SELECT fields FROM profiles WHERE user_id = ?", user_id)[0])
    rows = db.all(f"SELECT old, new, message_id, quote FROM changes WHERE user_id = ? AND field IN ({marks})", user_id, *fields)
    values = _spoken([stored.get(field) for field in fields] + [json.loads(text) for row in rows for text in row[:2] if text])
    contains = _matcher(values)
    behind = {row[2] for row in rows}
    messages = [
        (number, content)
        for number, content in db.all("SELECT id, content FROM messages WHERE user_id = ?", user_id)
        if number in behind or contains(content)
    ]
    changed = db.run(f"DELETE FROM changes WHERE user_id = ? AND field IN ({marks})", user_id, *fields)
    db.many("DELETE FROM messages WHERE user_id = ? AND id = ?", [(user_id, number) for number, _ in messages])
    db.run(f"DELETE FROM pins WHERE user_id = ? AND field IN ({marks})", user_id, *fields)
    _forget_words(db, user_id, fields, contains)
    left = {name: value for name, value in stored.items() if name not in fields}
    db.run("UPDATE profiles SET fields = ? WHERE user_id = ?", dump(left), user_id)
    return Erased(0, len(messages), changed), values | {content for _, content in messages} | {row[3] for row in rows if row[3]}


def _forget_words(db: Database, user_id: str, fields: Sequence[str], contains: Callable[[str], bool]) -> None:
    """Takes the erased values out of the words kept for other fields, and out of the rejections."""
    quotes = db.all("SELECT id, quote FROM changes WHERE user_id = ? AND quote IS NOT NULL", user_id)
    db.many("UPDATE changes SET quote = NULL WHERE user_id = ? AND id = ?", [(user_id, row[0]) for row in quotes if contains(row[1])])
    refused = db.all("SELECT id, field, value, quote FROM rejections WHERE user_id = ?", user_id)
    gone = [(user_id, number) for number, field, value, quote in refused if field in fields or contains(f"{value} {quote}")]
    db.many("DELETE FROM rejections WHERE user_id = ? AND id = ?", gone)


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
