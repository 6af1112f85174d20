"""Where something stands in a text, and what it means there."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Span"]


class Span(NamedTuple):
    """A recognised piece of a text: ``text[start:end] == words``; ``value`` is its normal form."""

    start: int
    end: int
    words: str
    value: str
