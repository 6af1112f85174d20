"""A message piped into ``profile chat`` against a bare openai script that makes the same two calls at the same time."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from benchmarks.scene import FACT, MODEL, NOTHING, REPLY, WIRES, Case, Scene, endpoint, recorded, scene, seconds
from benchmarks.timing import Measured, compared, main

__all__ = ["measure"]

TARGET = 1.3
_BARE = Path(__file__).with_name("bare.py")


def measure(runs: int) -> list[Measured]:
    """Each wire, with nothing to learn and with a fact."""
    with scene() as made:
        return [_turn(made, case, wire, runs) for wire in WIRES for case in (NOTHING, FACT)]


def _turn(made: Scene, case: Case, wire: str, runs: int) -> Measured:
    bodies = made.script("bodies.json", json.dumps(recorded(made, case, wire)))
    environment = made.environment()
    with endpoint(case) as base_url:
        program = made.program("chat", "--base-url", base_url, "--api", wire, "--model", MODEL)

        def ours() -> float:
            made.store().close()
            took = seconds(program, environment, case.message, REPLY)
            made.check_learned(case)
            return took

        def theirs() -> float:
            return seconds([sys.executable, str(_BARE), base_url, bodies], environment, case.message, REPLY)

        what, headline = f"a piped turn, {wire}, {case.name}", (wire, case) == ("responses", FACT)
        return compared(what, "bare openai script", TARGET, runs, ours, theirs, headline=headline)


if __name__ == "__main__":
    sys.exit(main(measure))
