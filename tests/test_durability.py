"""Nothing that was said is lost: processes killed at random moments, disks that are full, files that can't be used."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from profilecli.errors import StoreError
from profilecli.models import Update
from profilecli.store import connection, open_store
from profilecli.store.sqlite import SQLiteStore
from tests.conftest import SCHEMAS
from tests.conversation import Start
from tests.endpoint import Endpoint, Request
from tests.postgres import any_database, server
from tests.program import Program, Ran

__all__ = ["any_database", "server"]

RULES = ("--extractor", "rules", "--schema", "customer", "--schema-dir", str(SCHEMAS), "--json")


def transcript(path: Path, lines: int) -> Path:
    """Facts that replace each other, of a few users, some lines the same."""
    rng = random.Random(5)
    companies = ["Acme Corporation", "Globex Labs", "Initech Systems", "Umbrella Industries"]
    records = [
        {
            "user_id": f"user{rng.randrange(5)}",
            "content": rng.choice([f"I work at {rng.choice(companies)} now.", "Thanks!", "What time is it?"]),
        }
        for _ in range(lines)
    ]
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def learned(database: str | Path) -> tuple[list[Any], list[Any], list[Any]]:
    """What a run left behind in a sound database: profiles, changes and messages, without times."""
    if "://" not in str(database):
        with contextlib.closing(sqlite3.connect(database)) as db:
            assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    with open_store(database, create=False) as store:
        found = list(store.portable(whole=True))
    return (
        [(each.profile.user_id, dict(each.profile.fields)) for each in found],
        [
            (each.profile.user_id, past.change.field, past.change.old, past.change.new)
            for each in found
            for past in each.history or ()
            if not past.change.superseded
        ],
        [(message.user_id, message.content, message.learned_at is None) for each in found for message in each.messages or ()],
    )


@pytest.mark.slow
@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT])
def test_learning_that_is_ended_at_any_moment_and_run_again_is_as_if_it_had_run_once(
    program: Program, tmp_path: Path, any_database: str, ending: signal.Signals
) -> None:
    """Nothing is missing, nothing twice, and the database is sound, however often it was ended."""
    chats = transcript(tmp_path / "chats.jsonl", 3000)
    started = time.monotonic()
    assert program("learn", chats, "--db", tmp_path / "once.db", *RULES, timeout=120).code == 0
    whole = time.monotonic() - started
    rng = random.Random(int(ending))
    stopped = 0
    for _ in range(8):
        running = program.start("learn", chats, "--db", any_database, *RULES)
        time.sleep(rng.uniform(0.2, 0.6) * whole)
        running.send_signal(ending)
        _, errors = running.communicate(timeout=60)
        stopped += running.returncode in (-signal.SIGKILL, 130)
        assert b"Traceback" not in errors
    assert stopped
    assert program("learn", chats, "--db", any_database, *RULES, timeout=120).code == 0
    assert learned(any_database) == learned(tmp_path / "once.db")


@pytest.mark.slow
def test_a_message_that_was_answered_survives_a_kill(program: Program, any_database: str) -> None:
    """Every reply that was seen has its message and its facts in the database."""
    path = any_database
    rng = random.Random(11)
    for round_number in range(5):
        chat = program.start("chat", "--model", "offline", "--db", path, "--json", "--schema", "customer", "--schema-dir", str(SCHEMAS))
        assert chat.stdin is not None
        assert chat.stdout is not None
        said = [f"I work at Company{round_number}x{number} Ltd." for number in range(40)]
        chat.stdin.write("".join(line + "\n" for line in said).encode())
        chat.stdin.flush()
        chat.stdout.readline()
        time.sleep(rng.uniform(0, 0.15))
        chat.kill()
        answered = 1 + len([line for line in chat.stdout.read().split(b"\n") if line.endswith(b"}")])
        chat.wait()
        chat.stdin.close()
        chat.stdout.close()
        assert chat.stderr is not None
        chat.stderr.close()
        _, changes, messages = learned(path)
        kept = [content for _, content, _ in messages]
        values = [new for _, _, _, new in changes if new]
        for line in said[:answered]:
            assert line in kept
            assert line.removeprefix("I work at ").rstrip(".") in "|".join(values)


def limited(program: Program, kilobytes: int, *arguments: str | Path) -> Ran:
    """A run in which no file may grow beyond a size, as on a full disk."""
    command = ["bash", "-c", f'ulimit -f {kilobytes}; exec "$0" "$@"', sys.executable, "-m", "profilecli", *map(str, arguments)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=program.environment(), cwd=program.home)
    return Ran(ran.returncode, ran.stdout, ran.stderr)


@pytest.mark.parametrize("kilobytes", [1, 8, 40])
def test_on_a_full_disk_nothing_changes_and_one_line_says_so(program: Program, tmp_path: Path, kilobytes: int) -> None:
    """Exit 1; with room again, everything works."""
    path = tmp_path / "profiles.db"
    assert program("edit", "--db", path, "name=Alice").code == 0
    before = learned(path)
    text = f"My name is Bob. {'x ' * 40_000}"
    ran = limited(program, kilobytes, "ask", "--model", "offline", "--db", path, text)
    assert ran.code == 1, ran
    assert len(ran.err.splitlines()) == 1
    assert "room" in ran.err
    assert learned(path) == before
    assert program("ask", "--model", "offline", "--db", path, "My name is Bob Marsh.").code == 0
    assert learned(path)[0][0][1] == {"name": "Bob Marsh"}


def powerless(program: Program, *arguments: str | Path) -> Ran:
    """A run that permissions hold for, even if the tests run as root."""
    command = [sys.executable, "-m", "profilecli", *map(str, arguments)]
    if os.geteuid() == 0:
        setpriv = shutil.which("setpriv") or pytest.skip("root may write anywhere, and there is no setpriv")
        caps = "-dac_override,-dac_read_search"
        command = [str(setpriv), f"--inh-caps={caps}", f"--bounding-set={caps}", *command]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=program.environment(), cwd=program.home)
    return Ran(ran.returncode, ran.stdout, ran.stderr)


@pytest.mark.parametrize("closed", ["file", "folder", "both"])
def test_what_may_not_be_written_is_reported_and_left_alone(program: Program, tmp_path: Path, closed: str) -> None:
    """One line, exit 1, with another way."""
    folder = tmp_path / "data"
    path = folder / "profiles.db"
    assert program("edit", "--db", path, "name=Alice").code == 0
    before = path.read_bytes()
    if closed in ("file", "both"):
        path.chmod(0o400)
    if closed in ("folder", "both"):
        folder.chmod(0o500)
    try:
        ran = powerless(program, "ask", "--model", "offline", "--db", path, "My name is Bob.")
    finally:
        folder.chmod(0o700)
        path.chmod(0o600)
    assert ran.code == 1
    assert len(ran.err.splitlines()) == 1, ran.err
    assert str(path) in ran.err
    assert "--db" in ran.err
    assert path.read_bytes() == before


@pytest.mark.parametrize("place", [16, 100, 5000, 9000])
def test_a_damaged_file_is_one_line_and_left_alone(program: Program, tmp_path: Path, place: int) -> None:
    """Wherever the damage is; what isn't hurt may still be read."""
    path = tmp_path / "profiles.db"
    assert program("edit", "--db", path, "name=Alice").code == 0
    data = bytearray(path.read_bytes())
    data[place : place + 900] = b"\xa5" * 900
    path.write_bytes(data)
    for command in (("show",), ("ask", "--model", "offline", "My name is Bob."), ("export", "--all")):
        ran = program(*command, "--db", path)
        assert ran.code in (0, 1)
        assert "Traceback" not in ran.err
        if ran.code == 1:
            assert len(ran.err.splitlines()) == 1, ran.err


def test_a_lock_that_nobody_gives_up_is_reported_and_nothing_changes(store: SQLiteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the time that a writer waits, which is shorter here."""
    store.apply("alice", [Update("name", "set", "Alice", None, "user")])
    monkeypatch.setattr(connection, "BUSY_SECONDS", 0.1)
    waiting = open_store(store.path)
    holder = sqlite3.connect(store.path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="another process"):
        waiting.add_message("alice", "s", "user", "hello")
    profile = waiting.profile("alice")
    assert profile is not None
    assert profile.fields == {"name": "Alice"}
    holder.execute("ROLLBACK")
    waiting.add_message("alice", "s", "user", "hello")
    holder.close()
    waiting.close()


def test_no_lock_is_held_while_a_model_thinks(endpoint: Endpoint, start: Start, store: SQLiteStore) -> None:
    """Somebody else writes at once, during the reply and during the extraction."""
    written = []

    def write(_: Request) -> Any:
        other = sqlite3.connect(store.path, timeout=0)
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
        other.close()
        written.append(1)
        return []

    endpoint.on("extract", write)
    endpoint.on("reply", lambda request: write(request) or "ok")
    start(endpoint).say("I'm Alice Chen")
    assert len(written) == 2
