"""A turn of a session that runs already, against the bare SDK making the same two calls at once in the same process.

A turn commits three times to the disk that holds the temporary folder (TMPDIR): on a disk that
is busy with other work, these commits are most of what is measured.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from openai import AsyncOpenAI

from benchmarks.bare import both_calls
from benchmarks.scene import FACT, KEY, MODEL, NOTHING, REPLY, USER, WIRES, Case, Scene, endpoint, recorded, restore, scene
from benchmarks.timing import Measured, interleaved, main, milliseconds, ratio
from profilecli.events import TextDelta, TurnEnded
from profilecli.llm import open_model
from profilecli.session import Session

__all__ = ["Turns", "measure", "turns"]

RATIO, DELAYED_RATIO, FIRST_TOKEN_MS = 1.6, 1.05, 5.0
DELAY = 0.3
RUNS = 41
"""A turn takes milliseconds, of which the machine's other work takes its share now and then."""


class Turns:
    """Both sides in one event loop, each with its one client, and when their first tokens came."""

    def __init__(self, made: Scene, base_url: str, case: Case, wire: str) -> None:
        self.first_tokens: tuple[list[float], list[float]] = ([], [])
        self._runner = asyncio.Runner()
        self._case = case
        self._bodies = recorded(made, case, wire)
        self._client = AsyncOpenAI(base_url=base_url, api_key=KEY)
        self._model = open_model(MODEL, base_url=base_url, api=wire, api_key=KEY)
        self._session = Session(made.store(), USER, model=self._model)

    def ours(self) -> float:
        """One turn of the session: a new conversation about the same profile."""
        restore(self._session.store)
        self._session.start_new()
        return self._runner.run(self._turn())

    async def _turn(self) -> float:
        began, pieces = time.perf_counter(), 0
        async for event in self._session.turn(self._case.message):
            if isinstance(event, TextDelta):
                pieces += 1
                if pieces == 1:
                    self.first_tokens[0].append(time.perf_counter() - began)
            elif isinstance(event, TurnEnded):
                result = event.result
        took = time.perf_counter() - began
        if result.error or result.reply != REPLY or len(result.learned) != len(self._case.updates):
            raise RuntimeError(f"the turn went wrong: {result}")
        return took

    def theirs(self) -> float:
        """The two calls of the SDK."""
        return self._runner.run(self._calls())

    async def _calls(self) -> float:
        heard: list[float] = []
        began = time.perf_counter()
        await both_calls(self._client, self._bodies, lambda _: heard.append(time.perf_counter()))
        took = time.perf_counter() - began
        self.first_tokens[1].append(heard[0] - began)
        return took

    def close(self) -> None:
        """Ends the connections of both."""
        assert self._model is not None
        self._runner.run(self._model.close())
        self._runner.run(self._client.close())
        self._runner.close()
        self._session.store.close()


@contextmanager
def turns(made: Scene, case: Case, wire: str, *, delay: float = 0.0) -> Iterator[Turns]:
    """Both sides, at an endpoint that answers after ``delay`` seconds."""
    with ExitStack() as stack:
        both = Turns(made, stack.enter_context(endpoint(case, delay=delay)), case, wire)
        stack.callback(both.close)
        yield both


def measure(runs: int) -> list[Measured]:
    """Each wire, with nothing to learn and with a fact: at zero delay, its first token, and at 300 ms."""
    with scene() as made:
        return [measured for wire in WIRES for case in (NOTHING, FACT) for measured in _measure(made, case, wire, runs)]


def _measure(made: Scene, case: Case, wire: str, runs: int) -> list[Measured]:
    name, headline = f"{wire}, {case.name}", (wire, case) == ("responses", FACT)
    with turns(made, case, wire) as both:
        quick = interleaved(max(runs, RUNS), both.ours, both.theirs)
        first, sdk_first = map(statistics.median, both.first_tokens)
    with turns(made, case, wire, delay=DELAY) as both:
        slow = interleaved(runs, both.ours, both.theirs)
    later = (first - sdk_first) * 1000

    def row(what: str, value: float, promise: float, taken: Sequence[Sequence[float]], unit: str = "") -> Measured:
        mine, other = (milliseconds(statistics.median(each)) for each in taken)
        return Measured(f"{what}, {name}", "bare SDK", value, promise, mine, other, unit, headline=headline)

    return [
        row("a warm turn", ratio(*quick), RATIO, quick),
        row("its first token − the SDK's", later, FIRST_TOKEN_MS, ([first], [sdk_first]), "ms"),
        row("a warm turn at 300 ms", ratio(*slow), DELAYED_RATIO, slow),
    ]


if __name__ == "__main__":
    sys.exit(main(measure))
