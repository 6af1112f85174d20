"""What a turn costs in calls and in o200k tokens: the whole bodies of the requests, as compact JSON; and the same turn with agno.

That is more than a model reads: the output's schema and any tool are counted, and so are the names of the parameters.
The package rs-bpe, which carries the ranks of OpenAI's o200k_base, counts in the peers' environment.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from benchmarks import peers
from benchmarks.agno_turn import agno_requests
from benchmarks.scene import FACT, NOTHING, WIRES, Case, recorded, scene
from benchmarks.timing import Measured, main

__all__ = ["measure"]

TARGETS = {NOTHING: 450, FACT: 470}
_CALLS = 2
_COUNT = """import json, sys
from rs_bpe.bpe import openai
encoding = openai.o200k_base()
print(json.dumps([len(encoding.encode(text)) for text in json.load(sys.stdin)]))
"""


def measure(runs: int) -> list[Measured]:
    """Each wire, with nothing to learn and with a fact. A count is the same every time, so one run is enough."""
    del runs
    measured = []
    with scene() as made:
        for case, target in TARGETS.items():
            theirs = agno_requests(made, case)
            their_tokens = tokens(theirs)
            for wire in WIRES:
                ours = list(recorded(made, case, wire).values())
                measured += _rows(case, wire, target, ours, tokens(ours), (len(theirs), their_tokens))
    return measured


def _rows(case: Case, wire: str, target: int, ours: Sequence[Any], mine: int, theirs: tuple[int, int]) -> list[Measured]:
    headline = wire == "chat" and case is FACT
    calls, their_tokens = theirs
    peer = "agno, an agent with a user profile" if wire == "chat" else ""
    name = f"{wire}, {case.name}"
    return [
        Measured(f"calls of a turn, {name}", peer, len(ours), _CALLS, str(len(ours)), str(calls) if peer else "", "calls"),
        Measured(
            f"o200k tokens of a turn, {name}", peer, mine, target, f"{mine}", f"{their_tokens}" if peer else "", "tokens", headline=headline
        ),
    ]


def tokens(bodies: Sequence[Any]) -> int:
    """The o200k tokens of JSON values. Raises Skipped where the peers can't be had."""
    texts = [json.dumps(body, ensure_ascii=False, separators=(",", ":")) for body in bodies]
    ran = subprocess.run([peers.python(), "-c", _COUNT], input=json.dumps(texts), capture_output=True, text=True, check=True)
    return sum(json.loads(ran.stdout))


if __name__ == "__main__":
    sys.exit(main(measure))
