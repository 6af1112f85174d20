"""Ratios that hold on any machine: two things measured in turn, in one run, and their medians compared."""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

__all__ = ["MIN_RUNS", "Measure", "Measured", "Skipped", "compared", "interleaved", "main", "milliseconds", "rate", "ratio", "table"]

MIN_RUNS = 11
"""Fewest runs that a median is taken of."""


class Skipped(Exception):
    """Why a benchmark can't be run here."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One claim: what was measured, beside which peer, and what is promised.

    ``promise`` bounds ``value``, from above or, with ``least``, from below; None promises
    nothing. ``value`` is a ratio, or an amount in ``unit`` where there is one. ``ours`` and
    ``theirs`` are the medians behind it, as they are shown. ``headline`` puts it into the README.
    """

    what: str
    peer: str
    value: float
    promise: float | None
    ours: str = ""
    theirs: str = ""
    unit: str = ""
    least: bool = False
    headline: bool = False

    @property
    def met(self) -> bool:
        """Whether the promise holds."""
        return self.promise is None or (self.value >= self.promise if self.least else self.value <= self.promise)

    def cells(self) -> list[str]:
        """The row of the table."""
        whole = self.value >= 100 or bool(self.unit and self.value == int(self.value))
        value = f"{self.value:,.0f} {self.unit}" if whole else f"{self.value:.2f} {self.unit}"
        promised = "–" if self.promise is None else f"{'≥' if self.least else '≤'} {self.promise:,g} {self.unit}".strip()
        return [self.what, self.ours, self.peer, self.theirs, value.strip(), promised, "yes" if self.met else "**no**"]


Measure = Callable[[int], list[Measured]]
"""A benchmark: measures its claims in so many runs each. Raises Skipped."""


def milliseconds(seconds: float) -> str:
    """A time as it is shown."""
    return f"{seconds * 1000:,.1f} ms"


def rate(a_second: float) -> str:
    """A rate as it is shown."""
    return f"{a_second:,.0f}/s"


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


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of the ratios of measurements that were taken one after the other: what slows the machine slows both."""
    return statistics.median(mine / other for mine, other in zip(ours, theirs, strict=True))


def compared(
    what: str,
    peer: str,
    promise: float | None,
    runs: int,
    ours: Callable[[], float],
    theirs: Callable[[], float],
    *,
    headline: bool = False,
) -> Measured:
    """Our seconds over theirs."""
    taken = interleaved(runs, ours, theirs)
    mine, other = map(statistics.median, taken)
    return Measured(what, peer, ratio(*taken), promise, milliseconds(mine), milliseconds(other), headline=headline)


def table(measured: Iterable[Measured]) -> str:
    """The claims as a Markdown table."""
    rows = [["what", "profilecli", "beside", "its", "measured", "promised", "kept"], ["---"] * 7, *(m.cells() for m in measured)]
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
