"""Reading, updating and learning beside agno's ``SqliteDb`` user profile store: ``python -m benchmarks.store --agno PYTHON``.

``--agno`` is the interpreter of a virtual environment with agno, sqlalchemy, greenlet and aiosqlite, which nothing else needs. Each side
runs in a process of its own, in turn, and times itself; what is compared are medians of operations a second. Ours keep
a history and are durable at each return (``synchronous=FULL``); agno's do neither.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from profilecli.models import Portable, Profile, Update
from profilecli.store import open_store

__all__ = ["main", "ours"]

TARGETS = {"read": 15.0, "update": 2.0, "learn": 1.0}
WRITERS, WRITES = 8, 25

_AGNO = """
import json, random, sqlite3, sys, time
from dataclasses import dataclass
from typing import Optional
from agno.db.sqlite import SqliteDb
from agno.learn.config import UserProfileConfig
from agno.learn.schemas import UserProfile
from agno.learn.stores.user_profile import UserProfileStore

@dataclass
class P(UserProfile):
    company: Optional[str] = None
    w0: Optional[str] = None
    w1: Optional[str] = None
    w2: Optional[str] = None
    w3: Optional[str] = None
    w4: Optional[str] = None
    w5: Optional[str] = None
    w6: Optional[str] = None
    w7: Optional[str] = None

path, users, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
store = UserProfileStore(config=UserProfileConfig(db=SqliteDb(db_file=path), schema=P))
if seed.startswith("w"):
    for n in range(count):
        profile = store.get("user0") or P(user_id="user0")
        setattr(profile, seed, str(n))
        store.save("user0", profile)
    print(json.dumps({}))
    sys.exit()
if store.get("user0") is None:
    store.save("user0", P(user_id="user0", name="Alice Chen", company="Acme"))
    db = sqlite3.connect(path)
    (table,) = [r[0] for r in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'") if "learn" in r[0]]
    cursor = db.execute(f"SELECT * FROM {table}")
    names, row = [c[0] for c in cursor.description], cursor.fetchone()
    rows = [[str(v).replace("user0", f"user{n}") if isinstance(v, str) else v for v in row] for n in range(1, users)]
    db.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(names))})", rows)
    db.commit()
    db.close()
rng = random.Random(seed)
chosen = [f"user{rng.randrange(users)}" for _ in range(count)]

def timed(work):
    began = time.perf_counter()
    for n, user in enumerate(chosen):
        work(n, user)
    return count / (time.perf_counter() - began)

def read(n, user):
    assert store.get(user) is not None

def update(n, user):
    store.save(user, P(user_id=user, name="Alice Chen", company=f"c{seed} {n}"))

def learn(n, user):
    profile = store.get(user)
    profile.company = f"d{seed} {n}"
    store.save(user, profile)

print(json.dumps({work.__name__: timed(work) for work in (read, update, learn)}))
"""


def ours(path: Path, users: int, count: int, seed: str) -> dict[str, float]:
    """Operations a second on our store; the file is made and filled where it isn't there."""
    store = open_store(path)
    if seed.startswith("w"):
        for n in range(count):
            store.apply("user0", [Update(seed, "set", str(n), None, "rules")])
        return {}
    if store.profile("user0") is None:
        store.replace(Portable(Profile(f"user{n}", "base", {"name": "Alice Chen", "company": "Acme"}, "", "")) for n in range(users))
    rng = random.Random(seed)
    chosen = [f"user{rng.randrange(users)}" for _ in range(count)]

    def timed(work: Callable[[int, str], object]) -> float:
        began = time.perf_counter()
        for n, user in enumerate(chosen):
            work(n, user)
        return count / (time.perf_counter() - began)

    def learn(n: int, user: str) -> None:
        message = store.add_message(user, "s", "user", f"I work at d{seed} {n}")
        store.apply(user, [Update("company", "set", f"d{seed} {n}", "I work at", "rules")], message=message)

    return {
        "read": timed(lambda _, user: store.get(user)),
        "update": timed(lambda n, user: store.apply(user, [Update("company", "set", f"c{seed} {n}", "words", "rules")])),
        "learn": timed(learn),
    }


class _Sides:
    """Both programs, each on a file of its own."""

    def __init__(self, folder: Path, agno: str) -> None:
        self._commands = {
            "ours": [sys.executable, "-m", "benchmarks.store", "--side", str(folder / "ours.db")],
            "agno": [agno, "-W", "ignore", "-c", _AGNO, str(folder / "agno.db")],
        }

    def start(self, side: str, users: int, count: int, seed: str) -> subprocess.Popen[str]:
        """Starts one run."""
        command = [*self._commands[side], str(users), str(count), seed]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def rates(self, side: str, users: int, count: int, seed: str) -> dict[str, float]:
        """Operations a second."""
        out, _ = self.start(side, users, count, seed).communicate()
        return {name: float(rate) for name, rate in json.loads(out.strip().splitlines()[-1]).items()}

    def write_together(self, side: str) -> None:
        """Eight writers of one user at once. Raises RuntimeError where one fails."""
        running = [self.start(side, 1, WRITES, f"w{n}") for n in range(WRITERS)]
        for process in running:
            process.communicate()
        if any(process.returncode for process in running):
            raise RuntimeError(f"a writer of {side} failed")


def main() -> int:
    """Prints a Markdown table; exit code 1 where a promise isn't kept."""
    if sys.argv[1:2] == ["--side"]:
        print(json.dumps(ours(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[5])))
        return 0
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agno", required=True, help="a Python that has agno and sqlalchemy")
    parser.add_argument("--users", type=int, nargs="*", default=[1000, 100_000])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--count", type=int, default=1000, help="operations a run")
    given = parser.parse_args()
    kept = True
    print(f"Medians of {given.runs} runs of {given.count} operations, {os.cpu_count()} cores, Python {sys.version.split()[0]}.\n")
    print("| users | operation | ours a second | agno's a second | times | promised |\n| --- | --- | --- | --- | --- | --- |")
    for users in given.users:
        with tempfile.TemporaryDirectory() as folder:
            sides = _Sides(Path(folder), given.agno)
            taken: dict[str, list[dict[str, float]]] = {"ours": [], "agno": []}
            for run in range(given.runs):
                for side, rates in taken.items():
                    rates.append(sides.rates(side, users, given.count, str(run)))
            for name, target in TARGETS.items():
                mine, theirs = (statistics.median(each[name] for each in taken[side]) for side in ("ours", "agno"))
                kept = kept and mine / theirs >= target
                print(f"| {users:,} | {name} | {mine:,.0f} | {theirs:,.0f} | {mine / theirs:.1f} | ≥ {target:g} |", flush=True)
    kept = _many_at_once(given.agno) and kept
    return 0 if kept else 1


def _many_at_once(agno: str) -> bool:
    """Eight processes write one user, each a field of its own."""
    with tempfile.TemporaryDirectory() as folder:
        sides = _Sides(Path(folder), agno)
        for side in ("ours", "agno"):
            sides.rates(side, 1, 1, "0")
        for side in ("ours", "agno"):
            sides.write_together(side)
        profile = open_store(Path(folder) / "ours.db").profile("user0")
        assert profile is not None
        mine = sum(profile.fields.get(f"w{n}") != str(WRITES - 1) for n in range(WRITERS))
        script = "import json, sqlite3, sys; d = sqlite3.connect(sys.argv[1]); t = [r[0] for r in d.execute(\"SELECT name FROM sqlite_master WHERE type='table'\") if 'learn' in r[0]][0]; c = json.loads(d.execute(f'SELECT content FROM {t}').fetchone()[0]); c = json.loads(c) if isinstance(c, str) else c; print(json.dumps(c))"
        content = json.loads(
            subprocess.run([agno, "-c", script, str(Path(folder) / "agno.db")], capture_output=True, text=True, check=True).stdout
        )
        theirs = sum(content.get(f"w{n}") != str(WRITES - 1) for n in range(WRITERS))
    print(
        f"\nEight processes writing one user, {WRITES} times each, a field each: last values lost, ours {mine}, agno's {theirs} of {WRITERS}."
    )
    return bool(mine == 0)


if __name__ == "__main__":
    sys.exit(main())
