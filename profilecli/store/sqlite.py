"""The store in a SQLite file, and the one in memory to try things on."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from profilecli.schema import SchemaSet
from profilecli.store.connection import Connection
from profilecli.store.protocol import Store
from profilecli.store.store import DatabaseStore

__all__ = ["SQLiteStore", "rehearsal_of"]


class SQLiteStore(DatabaseStore):
    """A :class:`~profilecli.store.Store` in one SQLite file.

    Without ``create`` a file that isn't there is an empty store in memory.
    """

    def __init__(self, path: Path, schemas: SchemaSet, *, create: bool = True) -> None:
        self.path = path
        connection = Connection(path, create=create)
        self.in_memory = connection.in_memory
        super().__init__(connection, schemas)

    def rehearsal(self) -> contextlib.AbstractContextManager[SQLiteStore]:
        """A store in memory for users whom :meth:`adopt` brings over; it forgets all at its end."""
        return rehearsal_of(self)

    def rehearse(self, store: Store) -> None:
        """From now on :meth:`adopt` brings users over from ``store``."""
        self._rehearsed = store


@contextlib.contextmanager
def rehearsal_of(store: Store) -> Iterator[SQLiteStore]:
    """A store in memory for users whom ``adopt`` brings over from ``store``; it forgets all at its end."""
    with SQLiteStore(Path(":memory:"), store.schemas, create=False) as stage:
        stage.rehearse(store)
        yield stage
