"""What every benchmark starts from: a home folder with a filled profile, an endpoint, and the program itself."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from profilecli.models import Update
from profilecli.schema import SchemaSet
from profilecli.store import Store, open_store
from tests.endpoint import Endpoint

__all__ = [
    "FACT",
    "KEY",
    "MODEL",
    "NOTHING",
    "PROFILE",
    "REPLY",
    "ROOT",
    "USER",
    "WIRES",
    "Case",
    "Scene",
    "endpoint",
    "recorded",
    "restore",
    "scene",
    "seconds",
]

ROOT = Path(__file__).resolve().parent.parent
USER = "alice"
KEY = "sk-loopback-0123456789"
MODEL = "gpt-5.2"
WIRES = ("chat", "responses")
REPLY = "Hello! How can I help you today?"
PROFILE = {"name": "Alice Chen", "preferred_name": "Ali", "company": "Globex"}
_SCHEMA = """from dataclasses import dataclass, field
from typing import Optional

from profilecli import UserProfile


@dataclass
class EmployeeProfile(UserProfile):
    company: Optional[str] = field(default=None, metadata={"description": "Company or organization"})
"""


@dataclass(frozen=True, slots=True)
class Case:
    """A message, and what the endpoint finds in it: nothing, or the value of ``company``."""

    name: str
    message: str
    company: str | None = None

    @property
    def updates(self) -> list[dict[str, str]]:
        """The extraction's answer."""
        return [] if self.company is None else [{"field": "company", "action": "set", "value": self.company, "quote": self.message}]


NOTHING = Case("nothing to learn", "Can you recommend a good book on statistics?")
FACT = Case("a fact", "I work at Acme now.", "Acme")


@dataclass(frozen=True, slots=True)
class Scene:
    """A home folder of a benchmark's own."""

    home: Path

    @property
    def database(self) -> Path:
        """The database with the filled profile."""
        return self.home / "profiles.db"

    def store(self) -> Store:
        """The database, opened in this process; the profile is as at the start."""
        store = open_store(self.database, schemas=SchemaSet([self.home / "schemas"]))
        restore(store)
        return store

    def check_learned(self, case: Case) -> None:
        """Raises RuntimeError where the profile doesn't hold what the message states."""
        with sqlite3.connect(self.database) as connection:
            (stored,) = connection.execute("SELECT json_extract(fields, '$.company') FROM profiles WHERE user_id = ?", (USER,)).fetchone()
        connection.close()
        if stored != (case.company or PROFILE["company"]):
            raise RuntimeError(f"after {case.message!r} the company is {stored!r}")

    def environment(self) -> dict[str, str]:
        """Nothing of the developer's settings and keys."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "SYSTEMROOT") if name in os.environ}
        return kept | {"HOME": str(self.home), "OPENAI_API_KEY": KEY, "TERM": "xterm-256color"}

    def program(self, command: str, *arguments: str) -> list[str]:
        """The command line of ``profile``, for the benchmark's user and database."""
        script = Path(sys.executable).with_name("profile")
        common = ["--user", USER, "--db", str(self.database), "--schema-dir", str(self.home / "schemas")]
        return [sys.executable, str(script), command, *common, *arguments]

    def script(self, name: str, text: str) -> str:
        """Writes a program to compare with; returns its path."""
        path = self.home / name
        path.write_text(text, encoding="utf-8")
        return str(path)


def restore(store: Store) -> None:
    """Makes the profile what it was at the start, so that a fact is new each time."""
    store.apply(USER, [Update(name, "set", value, None, "user") for name, value in PROFILE.items()], schema="employee")


@contextlib.contextmanager
def scene() -> Iterator[Scene]:
    """A scene in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        made = Scene(Path(folder))
        schemas = made.home / "schemas"
        schemas.mkdir()
        (schemas / "employee.py").write_text(_SCHEMA, encoding="utf-8")
        made.store().close()
        yield made


@contextlib.contextmanager
def endpoint(case: Case = NOTHING, *, delay: float = 0.0) -> Iterator[str]:
    """An endpoint in a process of its own, so that it takes no time of ours; yields its base URL."""
    found = [f"--update={u['field']}={u['value']}:{u['quote']}" for u in case.updates]
    command = [sys.executable, "-m", "tests.endpoint", "--reply", REPLY, "--delay-reply", str(delay), "--delay-extract", str(delay), *found]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def recorded(scene: Scene, case: Case, wire: str) -> dict[str, Any]:
    """The bodies of the requests that the program itself sends for a turn, by class: ``reply`` and ``extract``."""
    with Endpoint(api_key=None, models=None) as serving:
        serving.default("reply", REPLY)
        serving.default("extract", case.updates)
        command = scene.program("chat", "--base-url", serving.base_url, "--api", wire, "--model", MODEL)
        seconds(command, scene.environment(), case.message, REPLY)
        calls = serving.requests
    scene.store().close()
    bodies = {str(call.kind): call.json for call in calls}
    if len(calls) != 2 or set(bodies) != {"reply", "extract"}:
        raise RuntimeError(f"a turn made the calls {[call.kind for call in calls]}, not one reply and one extraction")
    return bodies


def seconds(command: Sequence[str], environment: Mapping[str, str], stdin: str, expected: str) -> float:
    """How long a command takes. Raises RuntimeError where it fails or doesn't print ``expected``."""
    began = time.perf_counter()
    ran = subprocess.run(command, input=stdin, env=environment, capture_output=True, text=True, check=False)
    took = time.perf_counter() - began
    if ran.returncode or expected not in ran.stdout:
        raise RuntimeError(f"{command} printed {json.dumps(ran.stdout)} and exited with {ran.returncode}: {ran.stderr}")
    return took
