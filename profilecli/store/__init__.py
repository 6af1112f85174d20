"""The only SQL: profiles, their history, and messages."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from profilecli.errors import StoreError
from profilecli.schema import SchemaSet
from profilecli.store.protocol import (
    Applied,
    Erased,
    Heard,
    Learning,
    Replaced,
    Store,
    StoredRejection,
    Undone,
    UserSummary,
)

if TYPE_CHECKING:
    from profilecli.store.postgres_inspection import ServerInspection

__all__ = [
    "Applied", "Erased", "Heard", "Learning", "Replaced", "Store", "StoredRejection", "Undone", "UserSummary",
    "inspect_server", "is_database", "open_store",
]  # fmt: skip


def open_store(database: str | Path, *, schemas: SchemaSet | Sequence[str | Path] = (), create: bool = True) -> Store:
    """Opens a database: the path of a SQLite file, or a ``postgresql://`` URL.

    ``schemas`` are folders of schema modules, or a set of loaded ones. Without ``create`` a
    database that isn't there is an empty store, and is not made. Raises StoreError.
    """
    known = schemas if isinstance(schemas, SchemaSet) else SchemaSet([Path(folder) for folder in schemas])
    text = str(database)
    if "://" in text:
        with _psycopg_for(text):
            from profilecli.store.postgres import open_server
        return open_server(text, known, create=create)
    from profilecli.store.sqlite import SQLiteStore

    return SQLiteStore(Path(text).expanduser().absolute(), known, create=create)


def is_database(source: str) -> bool:
    """Whether ``source`` names a database, by the scheme of a URL or the first bytes of a file; it is not opened as one."""
    if "://" in source:
        return True
    try:
        with Path(source).expanduser().open("rb") as file:
            return file.read(16) == b"SQLite format 3\0"
    except OSError:
        return False  # whoever reads it will say why it can't be


def inspect_server(url: str) -> ServerInspection:
    """Looks at a PostgreSQL database without changing anything in it. Raises StoreError."""
    with _psycopg_for(url):
        from profilecli.store import postgres_inspection
    return postgres_inspection.inspect_server(url)


@contextlib.contextmanager
def _psycopg_for(url: str) -> Iterator[None]:
    """Makes what an import says, where it fails, fit for a user. Raises StoreError."""
    scheme = url.partition("://")[0]
    if scheme not in ("postgresql", "postgres"):
        raise StoreError(f"{scheme}:// databases can't be opened; use the path of a file, or a postgresql:// URL.")
    try:
        yield
    except ImportError as error:
        raise StoreError(f"{scheme}:// needs psycopg, which is not installed: pip install 'profilecli[postgres]'") from error
