"""The program as its users run it: a process with arguments, stdin, and two streams."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Program", "Ran"]

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Ran:
    """What a run left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Stdout as one JSON value."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """Stdout as JSON Lines."""
        return [json.loads(line) for line in self.out.splitlines()]


class Program:
    """Runs ``profile`` with a home of its own; ``environ`` adds to the environment."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environ: dict[str, str] = {}

    def environment(self, **extra: str) -> dict[str, str]:
        """The environment of a run: nothing of the developer's but the path."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
        return (
            kept | {"HOME": str(self.home), "PROFILECLI_USER": "alice", "PYTHONWARNINGS": "error", "COLUMNS": "100"} | self.environ | extra
        )

    def __call__(self, *arguments: str | Path, stdin: str | bytes = "", timeout: float = 60, **environ: str) -> Ran:
        """Runs to the end. ``stdin`` is what is piped in."""
        data = stdin.encode() if isinstance(stdin, str) else stdin
        ran = subprocess.run(
            [sys.executable, "-m", "profilecli", *map(str, arguments)],
            input=data, capture_output=True, timeout=timeout, check=False, env=self.environment(**environ), cwd=self.home,
        )  # fmt: skip
        return Ran(ran.returncode, ran.stdout.decode(), ran.stderr.decode())

    def start(self, *arguments: str | Path, **environ: str) -> subprocess.Popen[bytes]:
        """Starts a run with open pipes."""
        return subprocess.Popen(
            [sys.executable, "-m", "profilecli", *map(str, arguments)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.environment(**environ), cwd=self.home,
        )  # fmt: skip
