"""How fast ``profile learn`` learns offline, and that what is stored makes no difference: ``python -m benchmarks.learn``.

The first figure is of CPU seconds, which is one core's time whatever else the machine does. ``--large`` compares an
empty database with one of a million messages and 100,000 users; filling it takes a few minutes.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.scene import scene
from benchmarks.timing import Measured
from profilecli.bulk import BulkLearner
from profilecli.extract import RulesExtractor
from profilecli.models import Update
from profilecli.schema import SchemaSet
from profilecli.store import Heard, Learning, Store, open_store
from profilecli.transcripts import Record, Said

__all__ = ["growth", "measure", "records"]

COUNT = 5000
"""Messages a run."""

TARGET = 3000
"""Messages a second on one core."""

GROWTH = 1.25
"""At most so many times as long a message in the large database; a measurement varies by a tenth or two."""

_SENTENCES = (
    "I work at {} now.",
    "Can you recommend a good book on {}?",
    "My name is {} Chen.",
    "What's the weather like tomorrow in {}?",
    "Thanks, {} works.",
    "How do I sort a list of {} by its second column?",
    "Please fix {} so that it works again.",
    "ok, and {}?",
)
_WORDS = ("Acme", "Globex", "statistics", "Rome", "that", "dictionaries", "the build", "Tango", "Berlin", "Oslo")


def records(count: int, users: int, seed: int) -> Iterator[Record]:
    """Messages of so many users, none twice, a third of which state something."""
    rng = random.Random(seed)
    for number in range(count):
        text = rng.choice(_SENTENCES).format(f"{rng.choice(_WORDS)}{rng.randrange(10**6)}")
        yield Record(f"line {number}", f"user{rng.randrange(users)}", (Said("user", text, rng.randbytes(16)),))


def fill(store: Store, count: int, users: int) -> None:
    """Messages, facts and digests as learning leaves them, without the reading."""
    said = records(count, users, 0)
    while batch := [record for record, _ in zip(said, range(20_000), strict=False)]:
        heard = [Heard(str(r.user_id), f"s{n}", m.content, m.key) for n, r in enumerate(batch) for m in r.messages]
        messages = [message for message in store.hear(heard, "fill") if message is not None]
        store.apply_all(
            Learning(m.user_id, [Update("company", "set", m.content[-12:], m.content, "rules")] if n % 3 == 0 else [], m)
            for n, m in enumerate(messages)
        )
        print(f"\r{batch[-1].where}", end="", file=sys.stderr)
    print(file=sys.stderr)


def rate(store: Store, schemas: SchemaSet, count: int, users: int, seed: int) -> tuple[float, float]:
    """Messages a second of CPU, and of the clock."""
    said = list(records(count, users, seed))
    learner = BulkLearner(store, "alice", RulesExtractor(), schema=schemas.get("employee"))

    async def learn() -> None:
        async for _ in learner.learn(said):
            pass

    cpu, clock = time.process_time(), time.perf_counter()
    asyncio.run(learn())
    return count / (time.process_time() - cpu), count / (time.perf_counter() - clock)


def measure(runs: int) -> list[Measured]:
    """Into an empty database; half of ``runs``, since each reads thousands of messages."""
    with scene() as made, tempfile.TemporaryDirectory() as folder:
        schemas = SchemaSet([made.home / "schemas"])
        store = open_store(Path(folder) / "profiles.db", schemas=schemas)
        taken = [rate(store, schemas, COUNT, 1000, run) for run in range(max(3, runs // 2) + 1)][1:]
    cpu, clock = (statistics.median(column) for column in zip(*taken, strict=True))
    shown = f"{clock:,.0f}/s by the clock"
    return [Measured("`profile learn`, offline: messages a second of CPU", "", cpu, TARGET, shown, unit="/s", least=True, headline=True)]


def growth() -> int:
    """Prints the rates; exit code 1 where a promise isn't kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true", help="in a database of a million messages and 100,000 users, too")
    parser.add_argument("--count", type=int, default=10_000, help="messages a run")
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    with scene() as made, tempfile.TemporaryDirectory() as folder:
        schemas = SchemaSet([made.home / "schemas"])
        sizes = {"empty": (0, 1000), **({"1,000,000 messages, 100,000 users": (1_000_000, 100_000)} if given.large else {})}
        stores = {name: open_store(Path(folder) / f"{len(name)}.db", schemas=schemas) for name in sizes}
        for name, (messages, users) in sizes.items():
            fill(stores[name], messages, users)
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in sizes}
        for run in range(given.runs + 1):
            for name, (_, users) in sizes.items():
                measured = rate(stores[name], schemas, given.count, users, run + 1)
                taken[name] += [measured] if run else []
        print("| database | messages a second of CPU | messages a second |\n| --- | --- | --- |")
        medians = {name: [statistics.median(column) for column in zip(*rates, strict=True)] for name, rates in taken.items()}
        for name, (cpu, clock) in medians.items():
            print(f"| {name} | {cpu:,.0f} | {clock:,.0f} |")
    first, last = (list(medians.values())[place][0] for place in (0, -1))
    print(f"\nPromised: ≥ {TARGET:,} a second of CPU; in the large database at most {GROWTH} times as long a message ({first / last:.2f}).")
    return 0 if first >= TARGET and first / last <= GROWTH else 1


if __name__ == "__main__":
    sys.exit(growth())
