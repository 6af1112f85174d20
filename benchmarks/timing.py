"""Ratios that hold on any machine: two things timed in turn, in one run, and their medians compared."""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass

__all__ = ["MIN_RUNS", "Measure", "Measured", "Skipped", "compared", "interleaved", "main", "table"]

MIN_RUNS = 11
"""Fewest runs that a median is taken of."""


class Skipped(Exception):
    """Why a benchmark can't be run here."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One claim: what was measured, and the most that is promised.

    ``target`` bounds ``value``: a ratio, or an amount in ``unit`` where there is one. ``ours``
    and ``theirs`` are the medians behind it, in seconds, where time is what was measured.
    """

    what: str
    value: float
    target: float
    ours: float | None = None
    theirs: float | None = None
    unit: str = ""

    @property
    def met(self) -> bool:
        """Whether the promise holds."""
        return self.value <= self.target

    def cells(self) -> list[str]:
        """The row of the table."""
        times = ["" if seconds is None else f"{seconds * 1000:.1f} ms" for seconds in (self.ours, self.theirs)]
        value = f"{self.value:.0f} {self.unit}" if self.unit == "tokens" else f"{self.value:.2f} {self.unit}".strip()
        return [self.what, *times, value, f"≤ {self.target:g} {self.unit}".strip(), "yes" if self.met else "**no**"]


Measure = Callable[[int], list[Measured]]
"""A benchmark: measures its claims in so many runs each. Raises Skipped."""


def interleaved(runs: int, ours: Callable[[], float], theirs: Callable[[], float]) -> tuple[list[float], list[float]]:
    """Two measurements taken in turn, ``runs`` times (at least MIN_RUNS), after one of each that doesn't count.

    Which goes first alternates, so that neither gains by its place.
    """
    ours(), theirs()
    taken: tuple[list[float], list[float]] = ([], [])
    for run in range(max(runs, MIN_RUNS)):
        for side in (0, 1) if run % 2 else (1, 0):
            taken[side].append((ours, theirs)[side]())
    return taken


def compared(what: str, target: float, runs: int, ours: Callable[[], float], theirs: Callable[[], float]) -> Measured:
    """The median of our seconds over the median of theirs."""
    mine, other = map(statistics.median, interleaved(runs, ours, theirs))
    return Measured(what, mine / other, target, mine, other)


def table(measured: Iterable[Measured]) -> str:
    """The claims as a Markdown table."""
    rows = [["what", "profilecli", "compared with", "measured", "promised", "kept"], ["---"] * 6, *(m.cells() for m in measured)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def main(measure: Measure) -> int:
    """Runs one benchmark as a script and returns its exit code: 1 where a promise isn't kept."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=MIN_RUNS, help=f"measurements behind each median, at least {MIN_RUNS}")
    try:
        measured = measure(parser.parse_args().runs)
    except Skipped as reason:
        print(f"skipped: {reason}")
        return 0
    print(table(measured))
    return 0 if all(m.met for m in measured) else 1
