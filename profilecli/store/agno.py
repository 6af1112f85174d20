"""agno's own databases, read and never written: the rows of its user profiles.

agno (2.4 to 3.1, ``agno/db/sqlite/schemas.py`` and ``agno/db/postgres/schemas.py``) keeps them in a
table of learnings, which a program may have given any name; so it is found by its columns.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from profilecli.config import masked
from profilecli.errors import TransferError

__all__ = ["AgnoRow", "read_profiles"]

BUSY_SECONDS = 10.0
"""How long another program may hold agno's database before reading it is given up."""

_COLUMNS = frozenset({"learning_id", "learning_type", "user_id", "content", "created_at", "updated_at"})
"""What tells the table of learnings from agno's others."""

_Fetch = Callable[[str], Sequence[Sequence[Any]]]


@dataclass(frozen=True, slots=True)
class AgnoRow:
    """A user profile as agno stored it: ``content`` is JSON text, the times are seconds since 1970."""

    user_id: str | None
    content: str
    created_at: int | None
    updated_at: int | None


def read_profiles(source: str, table: str | None = None, *, patience: float = BUSY_SECONDS) -> list[AgnoRow]:
    """Every user profile in agno's database, as of one moment, the oldest first.

    ``source`` is the path of a SQLite file or a PostgreSQL URL, also as SQLAlchemy spells it
    (``postgresql+psycopg://``). ``table`` is needed only where several could be meant.
    ``patience`` is in seconds. Raises TransferError.
    """
    opened = _postgres(source, patience) if "://" in source else _sqlite(Path(source).expanduser(), patience)
    with opened as (fetch, found):
        return [AgnoRow(*row) for row in fetch(_SELECT.format(table=_chosen(masked(source), found, table)))]


_SELECT = (
    "SELECT user_id, CAST(content AS TEXT), created_at, updated_at FROM {table}"
    " WHERE learning_type = 'user_profile' ORDER BY COALESCE(updated_at, created_at), learning_id"
)


def _chosen(source: str, found: dict[str, str], wanted: str | None) -> str:
    """The one table to read, quoted. ``found`` has each that it could be, by its name."""
    fitting = {name: quoted for name, quoted in found.items() if wanted is None or wanted in (name, name.rpartition(".")[2])}
    if len(fitting) == 1:
        return next(iter(fitting.values()))
    if not found:
        raise TransferError(f"{source} has no table of agno's learnings: agno makes it when it first stores a profile.")
    if not fitting:
        raise TransferError(f"{source} has no table of learnings called {wanted!r}, but {', '.join(sorted(found))}.")
    raise TransferError(f"{source} has several tables of learnings. Choose one with --table: {', '.join(sorted(fitting))}.")


def _quoted(*names: str) -> str:
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


# ---- SQLite


@contextlib.contextmanager
def _sqlite(path: Path, patience: float) -> Iterator[tuple[_Fetch, dict[str, str]]]:
    if not path.is_file():
        raise TransferError(f"There is no file {path}.")
    try:
        # Read-only, so that nothing of ours is ever written there, and a mistyped name makes no file.
        address = f"file:{quote(str(path.absolute()))}?mode=ro"
        with contextlib.closing(sqlite3.connect(address, uri=True, timeout=patience, isolation_level=None)) as connection:
            connection.execute("BEGIN")
            names = [str(row[0]) for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            columns = {name: {row[1] for row in connection.execute(f"PRAGMA table_info({_quoted(name)})")} for name in names}
            yield (
                lambda sql: connection.execute(sql).fetchall(),
                {name: _quoted(name) for name in names if columns[name] >= _COLUMNS},
            )
    except sqlite3.Error as error:
        raise TransferError(_explained(path, error)) from error


def _explained(path: Path, error: sqlite3.Error) -> str:
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    reasons = {
        sqlite3.SQLITE_NOTADB: f"{path} is not a SQLite database.",
        sqlite3.SQLITE_BUSY: f"{path} is locked by another program, agno perhaps. Try again when it is done.",
        sqlite3.SQLITE_CORRUPT: f"{path} is damaged.",
        sqlite3.SQLITE_CANTOPEN: f"{path} can't be opened. Check its permissions and those of its folder.",
    }
    return f"{reasons.get(code, f'{path} can not be read: {error}.')} Nothing was imported."


# ---- PostgreSQL


@contextlib.contextmanager
def _postgres(url: str, patience: float) -> Iterator[tuple[_Fetch, dict[str, str]]]:
    scheme, _, rest = url.partition("://")
    if scheme.partition("+")[0] not in ("postgresql", "postgres"):
        raise TransferError(f"{scheme}:// databases can't be read: name a SQLite file or a postgresql:// URL.")
    try:
        import psycopg
    except ImportError as error:
        raise TransferError("Reading from PostgreSQL needs psycopg: pip install 'profilecli[postgres]'.") from error
    try:
        with psycopg.connect(f"postgresql://{rest}", connect_timeout=max(1, int(patience)), prepare_threshold=None) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            connection.execute(f"SET LOCAL lock_timeout = {int(patience * 1000)}")
            rows = connection.execute(
                "SELECT table_schema, table_name, array_agg(column_name::text) FROM information_schema.columns GROUP BY 1, 2"
            ).fetchall()
            found = {f"{schema}.{name}": _quoted(schema, name) for schema, name, columns in rows if set(columns) >= _COLUMNS}
            yield lambda sql: connection.execute(sql.encode()).fetchall(), found
    except psycopg.Error as error:
        reason = masked(" ".join(str(error).split()))
        raise TransferError(f"{masked(url)} can't be read: {reason or type(error).__name__}. Nothing was imported.") from error
