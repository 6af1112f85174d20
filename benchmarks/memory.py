"""Memory: the largest resident set of a run, beside what reads a stored record, and asks a model, with ``llm`` and with agno."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence

from benchmarks import peers
from benchmarks.agno_programs import SHOW
from benchmarks.learn import records
from benchmarks.scene import MODEL, NOTHING, Scene, endpoint, scene
from benchmarks.timing import Measured, main

__all__ = ["measure", "peak"]

RUNS = 3
MESSAGES = 50_000
"""In the large transcript, about 5 MB."""

TARGET = 1.1
LEARN_TARGET = 100.0
"""Megabytes, however large the transcript is: it is read a record at a time."""

_LAUNCH = """import os, sys
child = os.fork()
if child == 0:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.execv(sys.argv[1], sys.argv[1:])
_, status, used = os.wait4(child, 0)
print(os.waitstatus_to_exitcode(status), used.ru_maxrss * (1 if sys.platform == "darwin" else 1024))
"""
"""A child's peak counts the memory that it was forked from, so that a small interpreter forks it."""


def measure(runs: int) -> list[Measured]:
    """``show``, a turn of ``chat``, and ``learn``."""
    del runs
    with scene() as made, endpoint() as base_url:
        environment = made.environment() | {"OPENAI_BASE_URL": base_url}

        def used(command: Sequence[str], stdin: str = "") -> float:
            return statistics.median(peak(command, environment, stdin) for _ in range(RUNS))

        show = used(made.program("show", "--json"))
        chat = used(made.program("chat", "--api", "responses", "--model", MODEL), NOTHING.message)
        llm = used([peers.python(), "-m", "llm", NOTHING.message])
        agno = used([peers.python(), "-W", "ignore", made.script("agno_show.py", SHOW), str(made.home / "agno.db")])
        logs = used([peers.python(), "-m", "llm", "logs", "--json", "-n", "1"])
        learn = used(made.program("learn", "--model", "offline", _transcript(made)))
    return [
        _row("`profile show --json`", show, "`llm logs --json -n 1`", logs),
        _row("`profile show --json`", show, "agno: open its store, get a profile", agno),
        _row("a turn of `profile chat`", chat, "`llm`, one answer", llm),
        Measured(f"memory: `profile learn`, {MESSAGES:,} messages", "", learn, LEARN_TARGET, unit="MB", headline=True),
    ]


def _row(what: str, ours: float, peer: str, theirs: float) -> Measured:
    return Measured(f"memory: {what}", peer, ours / theirs, TARGET, f"{ours:.0f} MB", f"{theirs:.0f} MB", headline="chat" in what)


def peak(command: Sequence[str], environment: Mapping[str, str], stdin: str) -> float:
    """The largest resident set of a command, in megabytes. Raises RuntimeError where it fails."""
    ran = subprocess.run(
        [sys.executable, "-I", "-S", "-c", _LAUNCH, *command], input=stdin, env=environment, capture_output=True, text=True, check=False
    )
    status, _, size = ran.stdout.partition(" ")
    if ran.returncode or status != "0":
        raise RuntimeError(f"{command} exited with {status}: {ran.stderr}")
    return int(size) / 1e6


def _transcript(made: Scene) -> str:
    path = made.home / "transcript.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for record in records(MESSAGES, 1000, 0):
            file.writelines(json.dumps({"user_id": record.user_id, "content": said.content}) + "\n" for said in record.messages)
    return str(path)


if __name__ == "__main__":
    sys.exit(main(measure))
