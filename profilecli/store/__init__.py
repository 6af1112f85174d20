"""The only SQL: profiles, their history, and messages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

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

__all__ = [
    "Applied", "Erased", "Heard", "Learning", "Replaced", "Store", "StoredRejection", "Undone", "UserSummary",
    "open_store",
]  # fmt: skip


def open_store(database: str | Path, *, schemas: SchemaSet | Sequence[str | Path] = (), create: bool = True) -> Store:
    """Opens a database: the path of a SQLite file.

    ``schemas`` are folders of schema modules, or a set of loaded ones. Without ``create`` a
    file that isn't there is an empty store, and is not made. Raises StoreError.
    """
    known = schemas if isinstance(schemas, SchemaSet) else SchemaSet([Path(folder) for folder in schemas])
    text = str(database)
    if "://" in text:
        raise StoreError(f"{text.partition('://')[0]}:// databases can't be opened by this version; use the path of a file.")
    from profilecli.store.sqlite import SQLiteStore

    return SQLiteStore(Path(text).expanduser().absolute(), known, create=create)
