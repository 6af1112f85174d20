"""A question and its answer, from start to exit: ``profile ask``, which learns and keeps it, beside ``llm``, which logs it."""

from __future__ import annotations

import sys

from benchmarks import peers
from benchmarks.scene import MODEL, NOTHING, REPLY, endpoint, scene, seconds
from benchmarks.timing import Measured, compared, main

__all__ = ["measure"]

TARGET = 1.25
"""More than one: ours keeps the message before it sends it, and makes a second call beside the first."""


def measure(runs: int) -> list[Measured]:
    """At OpenAI's Responses API, which llm speaks by default."""
    with scene() as made, endpoint() as base_url:
        environment = made.environment() | {"OPENAI_BASE_URL": base_url}
        ours = made.program("ask", "--api", "responses", "--model", MODEL, NOTHING.message)
        theirs = [peers.python(), "-m", "llm", NOTHING.message]
        return [
            compared(
                "from start to answer: `profile ask`",
                "`llm`",
                TARGET,
                runs,
                lambda: seconds(ours, environment, "", REPLY),
                lambda: seconds(theirs, environment, "", REPLY),
                headline=True,
            )
        ]


if __name__ == "__main__":
    sys.exit(main(measure))
