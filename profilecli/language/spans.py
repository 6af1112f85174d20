"""Where something stands in a text, and what it means there."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Span"]


@dataclass(frozen=True, slots=True)
class Span:
    """A recognised piece of a text: ``text[start:end] == words``; ``value`` is its normal form."""

    start: int
    end: int
    words: str
    value: str
