"""The database file as Markdown: its tables from a file that the migrations have just made, their meaning from here."""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from profilecli.store import open_store

__all__ = ["TABLES", "columns", "faults", "markdown"]

TABLES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "profiles": (
        "The values that are set now, a row a user.",
        {
            "user_id": "Whose profile it is, 1 to 255 printable characters.",
            "schema": "The name of the schema that it was last written with.",
            "fields": "A JSON object of the values that are set; an unset field has no key. Values that the schema lacks are here, too.",
            "created_at": "When the first message was kept, or the first value set.",
            "updated_at": "When a value last changed.",
        },
    ),
    "messages": (
        "What was said, word for word, by either side.",
        {
            "id": "In the order of arrival.",
            "user_id": "Whose conversation it is.",
            "session_id": "The conversation; `--session` takes it.",
            "role": "`user` or `assistant`.",
            "content": "The text as it was typed, or as it was answered.",
            "at": "When it was said.",
            "learned_at": "When it was read for facts; NULL while that is still to be done. Only a user's messages are read.",
            "attempts": "How often reading it has failed; after three the rules read it.",
            "cut": "Why a reply stopped early: `length`, `content_filter`, `stopped` or `failed`; else NULL.",
        },
    ),
    "changes": (
        "The history: every change of a value. A row is never changed; `profile reset` removes rows.",
        {
            "id": "In the order of writing, which is that of `profile history`.",
            "user_id": "Whose value it is.",
            "field": "Which field.",
            "old": "The value before, as JSON; NULL is unset.",
            "new": "The value after, as JSON; NULL is unset.",
            "source": "Who made the change: `rules`, `model`, `tool`, `user`, `import` or `undo`.",
            "quote": "The user's words that state it; NULL for a change by hand.",
            "message_id": "The message with these words, in `messages`.",
            "session_id": "The conversation that it was made in.",
            "said_at": "When its evidence was said. A statement never replaces a newer one, whichever is learned first.",
            "at": "When it was written.",
            "change_set": "The `id` of the first change of the same message or command; `profile undo` takes a set back whole.",
            "superseded": "1 where a newer statement was there already, so that this one is on record only.",
        },
    ),
    "rejections": (
        "What was proposed and refused; `profile history --rejected`.",
        {
            "id": "In the order of writing.",
            "user_id": "Whose field it is.",
            "field": "Which field.",
            "value": "What was proposed, as text; a credential is masked.",
            "reason": "Why it was refused.",
            "quote": "The words that were to state it.",
            "source": "Who proposed it.",
            "message_id": "The message that was read, in `messages`.",
            "session_id": "The conversation.",
            "at": "When it was refused.",
        },
    ),
    "pins": (
        "Fields that learning leaves alone; `profile edit --pin`.",
        {"user_id": "Whose profile.", "field": "Which field.", "at": "Since when."},
    ),
    "imports": (
        "What `profile learn` has read, so that nothing is learned twice.",
        {
            "user_id": "Whose message it was.",
            "key": "A digest of the message; its text is in `messages`.",
            "heard": "How often it was heard in all: two equal lines are two messages.",
            "run": "The last run that heard it.",
            "seen": "How often that run did.",
        },
    ),
}
"""What each table and each column is for."""


def markdown() -> str:
    """Every table with its columns, and the statements that make it. Raises ValueError where one is not explained."""
    if missing := list(faults()):
        raise ValueError(" ".join(missing))
    with _new_file() as file:
        return "\n\n".join(_table(file, name, *TABLES[name]) for name in columns())


def columns() -> dict[str, list[str]]:
    """The columns of each table of a database that was made just now."""
    with _new_file() as file:
        names = [row[0] for row in file.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid")]
        own = [name for name in names if not name.startswith(("sqlite_", "_"))]
        return {name: [row[1] for row in file.execute(f"PRAGMA table_info({name})")] for name in own}


def faults() -> Iterator[str]:
    """What is in the file and not explained here, or the other way round."""
    there = {f"{table}.{column}" for table, names in columns().items() for column in names}
    here = {f"{table}.{column}" for table, (_, known) in TABLES.items() for column in known}
    yield from (f"scripts/docs/database.py does not say what {name} is for." for name in sorted(there - here))
    yield from (f"scripts/docs/database.py explains {name}, which the database does not have." for name in sorted(here - there))


@contextlib.contextmanager
def _new_file() -> Iterator[sqlite3.Connection]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "profiles.db"
        open_store(path).close()
        with contextlib.closing(sqlite3.connect(path)) as file:
            yield file


def _table(file: sqlite3.Connection, name: str, about: str, known: Mapping[str, str]) -> str:
    sql = [row[0] for row in file.execute("SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL ORDER BY rowid", (name,))]
    types = {row[1]: row[2] for row in file.execute(f"PRAGMA table_info({name})")}
    rows = "\n".join(f"| `{column}` | {kind} | {known[column]} |" for column, kind in types.items())
    statements = "\n".join(f"{statement};" for statement in sql)
    return f"### {name}\n\n{about}\n\n| column | type | what it is |\n| --- | --- | --- |\n{rows}\n\n```sql\n{statements}\n```"
