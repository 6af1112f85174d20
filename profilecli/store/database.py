"""What the store needs of a database, and all that differs between SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, Self, TypeVar

from profilecli.store.protocol import Erased

__all__ = ["Database"]

T = TypeVar("T")


class Database(Protocol):
    """A connection that speaks one SQL: parameters are ``?``, JSON comes and goes as text, times are texts.

    Every method raises StoreError where the database can't do it.
    """

    @property
    def keys_of_fields(self) -> str:
        """A FROM item with one row for each key of ``profiles.fields``."""

    @property
    def for_update(self) -> str:
        """What a query of a row ends with to keep others from writing to it until the transaction ends."""

    def one(self, sql: str, *parameters: Any) -> Any:
        """The first row of a query, or None."""

    def all(self, sql: str, *parameters: Any) -> list[Any]:
        """Every row of a query."""

    def run(self, sql: str, *parameters: Any) -> int:
        """Runs a statement that writes; returns how many rows it touched."""

    def many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Runs a statement that writes once for each row of parameters."""

    def insert(self, table: str, columns: str, rows: Sequence[Sequence[Any]]) -> list[int]:
        """Adds rows to a table with an ``id``; returns the ids, which ascend in the order of the rows."""

    def begin(self, users: Collection[str]) -> str:
        """Keeps others from writing to those of the users that are there, until the transaction ends; returns the moment."""

    def save_fields(self, user_id: str, fields: Mapping[str, Any], changed: Collection[str], at: str) -> None:
        """Writes the changed ones of a profile's fields."""

    def witness(self, user_id: str, sql: str, *parameters: Any) -> None:
        """Names a query that finds a row if, and only if, the running transaction was stored; the first one counts."""

    def write(self, work: Callable[[], T], *, flushed: bool = True, again: bool = True) -> T:
        """Runs ``work`` as a transaction: all of it is stored, or nothing.

        Not ``flushed``, a crash of the machine may take it; one of this program doesn't. With
        ``again`` the work may be run a second time after a failure that surely stored nothing.
        """

    def snapshot(self, *, apart: bool) -> AbstractContextManager[Self]:
        """A view of one moment for several queries. ``apart``, others may use this connection meanwhile."""

    def before_erasing(self) -> None:
        """Makes sure, before anything is erased, that the bytes can be got rid of. Raises EraseBlocked."""

    def scrubbed(self, erased: Erased, traces: Collection[str], rewriting: Callable[[], None]) -> Erased:
        """Gets rid of the bytes of deleted rows, which had these texts in them; completes the record of what was erased.

        ``rewriting`` is called before a file has to be rewritten. Raises EraseBlocked.
        """

    def close(self) -> None:
        """Releases the database. Closing twice is harmless."""
