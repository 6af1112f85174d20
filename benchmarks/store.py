"""Reading, updating and learning beside agno's ``SqliteDb`` user profile store.

Each side runs in a process of its own, in turn, and times itself; what is compared are medians
of operations a second. Ours keep a history and are durable at each return (``synchronous=FULL``);
agno's do neither.
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import peers
from benchmarks.agno_programs import STORE
from benchmarks.timing import Measured, main, rate, ratio
from profilecli.models import Portable, Profile, Update
from profilecli.store import open_store

__all__ = ["measure", "ours"]

TARGETS = {"read": 15.0, "update": 2.0, "learn": 1.0}
USERS = (1000, 100_000)
RUNS, COUNT = 9, 400
"""Runs of each side, and writes of each kind in a run, beside five times as many reads."""

WRITERS, WRITES = 8, 25


def ours(path: Path, users: int, count: int, seed: str) -> dict[str, Any]:
    """Operations a second on our store; the file is made and filled where it isn't there. The seeds are those of agno's program."""
    store = open_store(path)
    if seed == "?":
        profile = store.profile("user0")
        return dict(profile.fields) if profile else {}
    if seed.startswith("w"):
        for n in range(count):
            store.apply("user0", [Update(seed, "set", str(n), None, "rules")])
        return {}
    if store.profile("user0") is None:
        store.replace(Portable(Profile(f"user{n}", "base", {"name": "Alice Chen", "company": "Acme"}, "", "")) for n in range(users))
    rng = random.Random(seed)
    chosen = [f"user{rng.randrange(users)}" for _ in range(5 * count)]

    def timed(work: Callable[[int, str], object], count: int) -> float:
        began = time.perf_counter()
        for n, user in enumerate(chosen[:count]):
            work(n, user)
        return count / (time.perf_counter() - began)

    def learn(n: int, user: str) -> None:
        message = store.add_message(user, "s", "user", f"I work at d{seed} {n}")
        store.apply(user, [Update("company", "set", f"d{seed} {n}", "I work at", "rules")], message=message)

    return {
        "read": timed(lambda _, user: store.get(user), 5 * count),
        "update": timed(lambda n, user: store.apply(user, [Update("company", "set", f"c{seed} {n}", "words", "rules")]), count),
        "learn": timed(learn, count),
    }


class _Sides:
    """Both programs, each on a file of its own."""

    def __init__(self, folder: Path) -> None:
        program = folder / "agno_store.py"
        program.write_text(STORE, encoding="utf-8")
        self._commands = {
            "ours": [sys.executable, "-m", "benchmarks.store", "--side", str(folder / "ours.db")],
            "agno": [peers.python(), "-W", "ignore", str(program), str(folder / "agno.db")],
        }

    def start(self, side: str, users: int, count: int, seed: str) -> subprocess.Popen[str]:
        """Starts one run."""
        command = [*self._commands[side], str(users), str(count), seed]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def printed(self, side: str, users: int, count: int, seed: str) -> dict[str, Any]:
        """What a run prints: operations a second, or the fields of a profile. Raises RuntimeError."""
        process = self.start(side, users, count, seed)
        out, errors = process.communicate()
        if process.returncode:
            raise RuntimeError(f"{side} failed: {errors}")
        printed: dict[str, Any] = json.loads(out.strip().splitlines()[-1])
        return printed

    def lost(self, side: str) -> int:
        """Eight writers of one user at once, a field each: how many last values are not there."""
        self.printed(side, 1, 1, "0")
        running = [self.start(side, 1, WRITES, f"w{n}") for n in range(WRITERS)]
        for process in running:
            process.communicate()
        if any(process.returncode for process in running):
            raise RuntimeError(f"a writer of {side} failed")
        fields = self.printed(side, 1, 1, "?")
        return sum(fields.get(f"w{n}") != str(WRITES - 1) for n in range(WRITERS))


def measure(runs: int) -> list[Measured]:
    """Rates at each number of users, and what writers of one user lose."""
    del runs
    measured = []
    for users in USERS:
        taken = _rates(users)
        for name, target in TARGETS.items():
            mine, theirs = ([each[name] for each in taken[side]] for side in ("ours", "agno"))
            ours_shown, theirs_shown = (rate(statistics.median(rates)) for rates in (mine, theirs))
            what, times = f"{name}, {users:,} users", ratio(mine, theirs)
            measured.append(Measured(what, "agno's store", times, target, ours_shown, theirs_shown, least=True, headline=name != "learn"))
    with tempfile.TemporaryDirectory() as folder:
        sides = _Sides(Path(folder))
        lost, their_lost = sides.lost("ours"), sides.lost("agno")
    what = f"{WRITERS} processes writing a field each of one user: last values lost"
    return [*measured, Measured(what, "agno's store", lost, 0, f"{lost} of {WRITERS}", f"{their_lost} of {WRITERS}", "lost", headline=True)]


def _rates(users: int) -> dict[str, list[dict[str, float]]]:
    """Operations a second of each side, in the order of the runs."""
    taken: dict[str, list[dict[str, float]]] = {"ours": [], "agno": []}
    with tempfile.TemporaryDirectory() as folder:
        sides = _Sides(Path(folder))
        for run in range(RUNS):
            for side, rates in taken.items():
                rates.append(sides.printed(side, users, COUNT, str(run)))
    return taken


if __name__ == "__main__":
    if sys.argv[1:2] == ["--side"]:
        print(json.dumps(ours(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[5])))
    else:
        sys.exit(main(measure))
