"""How far a long run has come: a bar on a terminal, a line every few seconds in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from profilecli.render import plain

if TYPE_CHECKING:
    from rich.progress import Progress

__all__ = ["EVERY_SECONDS", "Meter", "meter"]

EVERY_SECONDS = 5.0
"""Time between two lines in a log."""


class Meter:
    """Counts what is done. ``total`` is the size of the input in any unit; None where it isn't known."""

    def __init__(self, what: str, total: int | None) -> None:
        self._what = what
        self._total = total
        self._began = self._said = time.monotonic()

    def advance(self, count: int, done: int) -> None:
        """``count`` of what is counted are finished, and ``done`` of the input is read."""
        now = time.monotonic()
        if now - self._said >= EVERY_SECONDS:
            self._said = now
            plain.notice(self.line(count, done, now - self._began))

    def line(self, count: int, done: int, seconds: float) -> str:
        """``12,000 messages, 3,100 a second, 45%, 0:00:10 left``."""
        parts = [f"{count:,} {self._what}", f"{count / max(seconds, 1e-9):,.0f} a second"]
        if self._total and done:
            left = round(seconds * max(self._total - done, 0) / done)
            parts += [f"{min(done / self._total, 1):.0%}", f"{left // 3600}:{left // 60 % 60:02}:{left % 60:02} left"]
        return ", ".join(parts)


class _Bar(Meter):
    """The same as a bar that is drawn again and again."""

    def __init__(self, what: str, total: int | None, bars: Progress) -> None:
        super().__init__(what, total)
        self._bars = bars
        self._task = bars.add_task("", total=total)

    def advance(self, count: int, done: int) -> None:
        """See :class:`Meter`."""
        self._bars.update(self._task, completed=done, description=self.line(count, done, time.monotonic() - self._began))


@contextmanager
def meter(what: str, total: int | None) -> Iterator[Meter]:
    """A meter on stderr; a bar is gone at the end."""
    if not sys.stderr.isatty():
        yield Meter(what, total)
        return
    from rich.progress import BarColumn, Progress, TextColumn

    from profilecli.render.rich import console

    columns = (BarColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=console(stderr=True), transient=True) as bars:
        yield _Bar(what, total, bars)
