"""Where a slot of a pattern is read, and the slot that an expression alone reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from profilecli.language.clauses import Reading
from profilecli.language.lazy import Lazy
from profilecli.language.spans import Span

__all__ = ["Place", "Reader", "matched"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a slot is read: the text, from where, and up to where at most."""

    reading: Reading
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.reading.masked


Reader = Callable[[Place], Span | None]
"""Reads the value that begins at a place; None if there is none."""


def matched(pattern: Lazy) -> Reader:
    """The reader of what the first group of ``pattern`` matches."""

    def read(at: Place) -> Span | None:
        match = pattern.match(at.text, at.start, at.end)
        return Span(match.start(1), match.end(1), match.group(1), match.group(1)) if match else None

    return read
