"""Every benchmark, as one table: ``python -m benchmarks``, or ``benchmarks/run``."""

from __future__ import annotations

import os
import platform
import sys
from importlib.metadata import version

from benchmarks import overlap, piped_turn, prompt, startup, turn_cost, warm_turn
from benchmarks.timing import Measured, Skipped, main

__all__ = ["machine", "measure"]

_PARTS = (startup, prompt, piped_turn, warm_turn, overlap, turn_cost)
_PACKAGES = ("typer", "openai", "prompt-toolkit", "rich", "pydantic", "sqlite-utils")


def machine() -> str:
    """Where the numbers come from, in a line."""
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return f"{os.cpu_count()} cores ({platform.machine()}, {platform.system()}), Python {platform.python_version()}, {packages}"


def measure(runs: int) -> list[Measured]:
    """All claims, in the order in which a user meets them."""
    measured: list[Measured] = []
    for part in _PARTS:
        print(f"{part.__name__} …", file=sys.stderr, flush=True)
        try:
            measured += part.measure(runs)
        except Skipped as reason:
            print(f"skipped: {reason}", file=sys.stderr)
    return measured


if __name__ == "__main__":
    print(f"Medians on {machine()}.\n")
    sys.exit(main(measure))
