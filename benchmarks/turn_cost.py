"""What a turn costs in o200k tokens: the whole bodies of both requests, as compact JSON.

That is more than a model reads: the output's schema and any tool are counted, and so are the names of the parameters.
Needs the package rs-bpe (``pip install rs-bpe``), which carries the ranks of OpenAI's o200k_base.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable
from typing import Any

from benchmarks.scene import FACT, NOTHING, WIRES, recorded, scene
from benchmarks.timing import Measured, Skipped, main

__all__ = ["measure"]

TARGETS = {NOTHING: 450, FACT: 470}


def measure(runs: int) -> list[Measured]:
    """Each wire, with nothing to learn and with a fact. A count is the same every time, so one run is enough."""
    del runs
    count = _counter()
    with scene() as made:
        return [
            Measured(
                f"o200k tokens of a turn, {wire}, {case.name}", sum(map(count, recorded(made, case, wire).values())), target, unit="tokens"
            )
            for wire in WIRES
            for case, target in TARGETS.items()
        ]


def _counter() -> Callable[[Any], int]:
    """Counts the tokens of a JSON value. Raises Skipped."""
    try:
        encodings = importlib.import_module("rs_bpe.bpe").openai
    except ImportError as error:
        raise Skipped("turn_cost needs a tokenizer: pip install rs-bpe") from error
    encoding = encodings.o200k_base()
    return lambda body: len(encoding.encode(json.dumps(body, ensure_ascii=False, separators=(",", ":"))))


if __name__ == "__main__":
    sys.exit(main(measure))
