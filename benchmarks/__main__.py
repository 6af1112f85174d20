"""Every benchmark, as one table: ``python -m benchmarks``, or ``benchmarks/run``. ``--write`` puts it into the documents."""

from __future__ import annotations

import argparse
import os
import platform
import re
import sys
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks import agno_turn, answer, learn, memory, overlap, peers, piped_turn, prompt, startup, store, turn_cost, warm_turn
from benchmarks.scene import ROOT
from benchmarks.timing import MIN_RUNS, Measured, Skipped, table

__all__ = ["machine", "main", "measure", "written"]

_PARTS = (startup, prompt, answer, piped_turn, warm_turn, agno_turn, overlap, turn_cost, learn, store, memory)
_PACKAGES = ("typer", "openai", "prompt-toolkit", "rich", "pydantic", "sqlite-utils")
_BUSY = 0.5
"""Above this load a core the figures are of the machine's other work."""

_BLOCK = re.compile(r"(<!-- measured -->\n).*?(<!-- end -->)", re.DOTALL)


def machine() -> str:
    """Where the numbers come from, in a sentence."""
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return (
        f"{os.cpu_count()} cores of {_processor()}, {_memory()}, {platform.system()} {platform.release().partition('-')[0]},"
        f" Python {platform.python_version()}; {packages}; beside {peers.versions()}"
    )


def measure(runs: int) -> list[Measured]:
    """All claims, in the order in which a user meets them."""
    measured: list[Measured] = []
    for part in _PARTS:
        began = time.monotonic()
        print(f"{part.__name__} …", file=sys.stderr, end="", flush=True)
        try:
            measured += part.measure(runs)
            print(f" {time.monotonic() - began:.0f} s", file=sys.stderr)
        except Skipped as reason:
            print(f" skipped: {reason}", file=sys.stderr)
    return measured


def written(document: str, measured: Sequence[Measured], about: str) -> str:
    """The document with the table in its block. Raises ValueError where it has none."""
    block = f"{about}\n\n{table(measured)}\n"
    text, count = _BLOCK.subn(lambda match: f"{match[1]}{block}{match[2]}", document)
    if count != 1:
        raise ValueError("a document needs one block of <!-- measured --> … <!-- end -->")
    return text


def main() -> int:
    """Prints the table, and with ``--write`` puts it into README.md and docs/benchmarks.md; 1 where a promise isn't kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=MIN_RUNS, help=f"measurements behind each median, at least {MIN_RUNS}")
    parser.add_argument("--write", action="store_true", help="write the tables of README.md and docs/benchmarks.md")
    given = parser.parse_args()
    if os.getloadavg()[0] > _BUSY * (os.cpu_count() or 1):
        print(f"The machine is busy (load {os.getloadavg()[0]:.1f}): the figures will be of that, too.", file=sys.stderr)
    measured = measure(given.runs)
    about = f"Medians on {machine()}."
    print(f"{about}\n\n{table(measured)}")
    if given.write:
        for path, rows in ((ROOT / "README.md", [m for m in measured if m.headline]), (ROOT / "docs" / "benchmarks.md", measured)):
            path.write_text(written(path.read_text(encoding="utf-8"), rows, about), encoding="utf-8")
    broken = [m.what for m in measured if not m.met]
    if broken:
        print(f"Not kept: {'; '.join(broken)}", file=sys.stderr)
    return 1 if broken else 0


def _processor() -> str:
    found = re.search(r"^model name\s*: (.+)$", _text("/proc/cpuinfo"), re.MULTILINE)
    return " ".join(found[1].split()) if found else platform.machine()


def _memory() -> str:
    found = re.search(r"^MemTotal:\s*(\d+)", _text("/proc/meminfo"), re.MULTILINE)
    return f"{int(found[1]) / 1024**2:.0f} GB of memory" if found else "memory unknown"


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError:  # not Linux
        return ""


if __name__ == "__main__":
    sys.exit(main())
