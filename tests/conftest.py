"""What every test may use: a home of its own, and the program as a process."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from profilecli.schema import SchemaSet
from profilecli.store import open_store
from profilecli.store.sqlite import SQLiteStore
from tests.conversation import Conversation, Start
from tests.endpoint import Endpoint, Wire
from tests.endpoint.fixtures import endpoint, stream, wire
from tests.program import Program

__all__ = ["endpoint", "stream", "wire"]

ROOT = Path(__file__).parent.parent
SCHEMAS = ROOT / "schemas"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder for this test alone, with none of the developer's settings or keys."""
    folder = tmp_path / "home"
    folder.mkdir()
    for name in list(os.environ):
        if name.startswith(("PROFILECLI_", "OPENAI_", "XDG_")) or name in ("NO_COLOR", "FORCE_COLOR", "VISUAL", "EDITOR", "COLUMNS"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("PROFILECLI_USER", "alice")
    return folder


@pytest.fixture
def program(home: Path) -> Program:
    """The program, run as a process in the test's home."""
    return Program(home)


@pytest.fixture
def schemas() -> SchemaSet:
    """The example schemas of this project."""
    return SchemaSet([SCHEMAS])


@pytest.fixture
def store(tmp_path: Path, schemas: SchemaSet) -> Iterator[SQLiteStore]:
    """A store in a real file."""
    opened = open_store(tmp_path / "profiles.db", schemas=schemas)
    assert isinstance(opened, SQLiteStore)
    yield opened
    opened.close()


@pytest.fixture
def module(tmp_path: Path) -> Callable[[str, str], Path]:
    """Writes a schema module into a folder of its own; returns the file."""

    def write(name: str, text: str) -> Path:
        path = tmp_path / "modules" / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return path

    return write


@pytest.fixture
def start(store: SQLiteStore, schemas: SchemaSet) -> Iterator[Start]:
    """Starts conversations, in the customer schema unless told otherwise, and ends them after the test."""
    begun: list[Conversation] = []

    def begin(at: Endpoint | None = None, over: Wire = "responses", **options: Any) -> Conversation:
        options.setdefault("schema", schemas.get("customer"))
        begun.append(Conversation(store, at, over, **options))
        return begun[-1]

    yield begin
    for conversation in begun:
        conversation.close()
