"""A reply and an extraction of 1.5 s each: how much longer than without any delay a turn takes."""

from __future__ import annotations

import statistics
import sys

from benchmarks.scene import FACT, WIRES, scene
from benchmarks.timing import Measured, interleaved, main, milliseconds
from benchmarks.warm_turn import turns

__all__ = ["measure"]

TARGET = 1.25
DELAY = 1.5


def measure(runs: int) -> list[Measured]:
    """Each wire: the turn's growth over the delay; 2 would be one call after the other."""
    measured = []
    with scene() as made:
        for wire in WIRES:
            with turns(made, FACT, wire, delay=DELAY) as slow, turns(made, FACT, wire) as quick:
                delayed, immediate = map(statistics.median, interleaved(runs, slow.ours, quick.ours))
            growth = (delayed - immediate) / DELAY
            what = f"1.5 s of delay on both calls, {wire}: growth of the turn : 1.5 s"
            measured.append(
                Measured(
                    what,
                    "the turn without delay",
                    growth,
                    TARGET,
                    milliseconds(delayed),
                    milliseconds(immediate),
                    headline=wire == "responses",
                )
            )
    return measured


if __name__ == "__main__":
    sys.exit(main(measure))
