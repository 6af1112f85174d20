"""The last lines of a terminal, redrawn in place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.console import Console

__all__ = ["Line", "Region", "in_common"]

_SYNCHRONIZED = ("\x1b[?2026h", "\x1b[?2026l")
"""Show a redraw at once (https://gist.github.com/christianparpart/d8a62cc1ab659194337d73e399004036); others ignore it."""


class Line(NamedTuple):
    """One line as a terminal takes it, and how many cells wide it is."""

    text: str
    cells: int


class Region:
    """Lines at the end of what is printed.

    A redraw writes only from the first line that changed, over what stands there and without
    erasing it first, so that nothing flickers. Lines that have settled scroll away with the
    rest of the screen and are never touched again; the others never fill more than the screen,
    since what has left it can't be redrawn.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._shown: list[Line] = []
        self._width = console.width

    def draw(self, lines: Sequence[Line], settled: int = 0) -> None:
        """Shows ``lines`` in place of those shown before, the first ``settled`` of them for good."""
        width, height = self._console.size
        room = max(height - 1, 1)
        loose = list(lines[settled:])[-room:]
        drawn = [*lines[:settled], *loose]
        kept = 0 if width != self._width else _unchanged(self._shown, drawn, settled)
        text = self._back_to(kept, width, room) + "".join(_written(line, width) for line in drawn[kept:settled])
        # A character that the terminal finds wider than Rich does must not wrap a line that is counted on.
        text += "\x1b[?7l" + "".join(_written(line, width) for line in drawn[max(kept, settled) :]) + "\x1b[?7h"
        if len(drawn) < len(self._shown) or width != self._width:
            text += "\x1b[J"
        if drawn != self._shown or width != self._width:
            self._write(text)
        self._shown, self._width = loose, width

    def hide_cursor(self, hidden: bool) -> None:
        """Keeps the cursor from jumping about while there is nothing to type."""
        self._write("\x1b[?25l" if hidden else "\x1b[?25h")

    def _back_to(self, kept: int, width: int, room: int) -> str:
        # After a change of width a terminal has wrapped the lines that no longer fit.
        rows = sum(1 if width == self._width else max(1, -(-line.cells // width)) for line in self._shown[kept:])
        return f"\r\x1b[{min(rows, room)}A" if rows else "\r"

    def _write(self, text: str) -> None:
        self._console.file.write(_SYNCHRONIZED[0] + text + _SYNCHRONIZED[1])
        self._console.file.flush()


def in_common(one: Sequence[Line], other: Sequence[Line]) -> int:
    """How many lines two drawings begin with alike."""
    return next((index for index, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _unchanged(shown: list[Line], drawn: list[Line], settled: int) -> int:
    kept = in_common(shown, drawn)
    # What was cut off at the margin, so as not to wrap, is written again when it is to stay.
    return next((index for index in range(min(kept, settled)) if not shown[index].text.isascii()), kept)


def _written(line: Line, width: int) -> str:
    # Erasing behind a full line would take its last character: the cursor still stands on that.
    return line.text + ("\x1b[K" if line.cells < width else "") + "\r\n"
