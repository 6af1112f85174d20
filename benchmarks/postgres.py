"""The store on PostgreSQL beside the same on SQLite: ``python -m benchmarks.postgres``, or with ``--url`` a server of your own.

Reading a profile, saving a field with its history, and learning from a message (two transactions), by one process
and by eight at once. Both are durable at each return. Without ``--url`` a server is started on this machine, with
PostgreSQL's own settings, and talked to over TCP; the database that ``--url`` names is written to, and has to be empty.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.timing import Measured, Skipped, main, rate, ratio
from profilecli.models import Portable, Profile, Update
from profilecli.store import Store, open_store

__all__ = ["measure"]

USERS = 1000
COUNTS = {"read": 2000, "save": 150, "learn": 100}
"""Operations of each process in a run."""

PROCESSES = (1, 8)
OPERATIONS = {
    "read": "a profile is read",
    "save": "a field is saved, with its history",
    "learn": "a message is kept and learned from",
}


def _operate(store: Store, operation: str, user: str, text: str) -> None:
    if operation == "read":
        assert store.get(user) is not None
        return
    message = store.add_message(user, "s", "user", f"I work at {text}") if operation == "learn" else None
    store.apply(user, [Update("company", "set", text, f"I work at {text}", "rules")], message=message)


def _side(database: str, seed: str) -> None:
    """Waits for a line with an operation, does it as often as :data:`COUNTS` says, and says so; until there are no more lines."""
    store = open_store(database)
    rng = random.Random(seed)
    for line in sys.stdin:
        operation = line.strip()
        for n in range(COUNTS[operation]):
            _operate(store, operation, f"user{rng.randrange(USERS)}", f"c{seed} {time.time()} {n}")
        print("done", flush=True)


class _Side:
    """Eight processes on one database, of which some work at a time."""

    def __init__(self, database: str) -> None:
        with open_store(database) as store:
            store.replace([Portable(Profile(f"user{n}", "base", {"name": "Alice Chen", "company": "Acme"}, "", "")) for n in range(USERS)])
        command = [sys.executable, "-m", "benchmarks.postgres", "--side", database]
        self._processes = [
            subprocess.Popen([*command, str(n)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for n in range(max(PROCESSES))
        ]

    def rate(self, operation: str, processes: int) -> float:
        """Operations a second of so many processes together."""
        working = self._processes[:processes]
        began = time.perf_counter()
        for process in working:
            assert process.stdin is not None
            process.stdin.write(f"{operation}\n")
            process.stdin.flush()
        for process in working:
            assert process.stdout is not None
            assert process.stdout.readline() == "done\n"
        return processes * COUNTS[operation] / (time.perf_counter() - began)

    def close(self) -> None:
        """Ends the processes."""
        for process in self._processes:
            process.communicate()


def measure(runs: int, url: str | None = None) -> list[Measured]:
    """The rates of both, of which nothing is promised."""
    from tests.postgres import Server, find_programs

    programs = find_programs()
    if url is None and programs is None:
        raise Skipped("there is no PostgreSQL on this machine, and no --url")
    folder = Path(tempfile.mkdtemp(prefix="profilecli-bench-"))
    server = None
    try:
        if url is None:
            assert programs is not None
            (folder / "server").mkdir()
            folder.chmod(0o755)
            server = Server(programs, folder / "server", settings={"listen_addresses": "127.0.0.1"})
            url = server.new_database()
        return _compared(runs, str(folder / "profiles.db"), url)
    finally:
        if server is not None:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _compared(runs: int, file: str, url: str) -> list[Measured]:
    sides = [_Side(url), _Side(file)]
    measured = []
    for processes in PROCESSES:
        for operation, what in OPERATIONS.items():
            rates: tuple[list[float], list[float]] = ([], [])
            for run in range(runs):
                for side in (0, 1) if run % 2 else (1, 0):
                    rates[side].append(sides[side].rate(operation, processes))
            ours, theirs = (sorted(each)[len(each) // 2] for each in rates)
            name = f"{what}, by {processes} process{'es' * (processes > 1)}"
            measured.append(Measured(name, "on SQLite", ratio(*rates), None, rate(ours), rate(theirs)))
    for each in sides:
        each.close()
    return measured


if __name__ == "__main__":
    if sys.argv[1:2] == ["--side"]:
        _side(sys.argv[2], sys.argv[3])
        sys.exit()
    given = None
    if "--url" in sys.argv:
        at = sys.argv.index("--url")
        given = sys.argv[at + 1]
        del sys.argv[at : at + 2]
    sys.exit(main(lambda runs: measure(runs, given)))
