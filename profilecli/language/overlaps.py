"""Finds of several patterns in one text, put in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from profilecli.language.spans import Span

__all__ = ["apart"]


def apart(spans: Iterable[Span]) -> list[Span]:
    """The spans in the order of the text without overlaps: the one that begins first stays, of those the longest."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept
