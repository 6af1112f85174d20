"""``profile learn``, as a process: what it reads, skips, reports, and goes on with."""

from __future__ import annotations

import json
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest

from profilecli.render.meter import Meter
from tests.conftest import SCHEMAS
from tests.endpoint import Endpoint, Request
from tests.program import Program, Ran
from tests.test_transcripts import chatgpt, claude

RULES = ("--extractor", "rules", "--schema", "customer", "--schema-dir", str(SCHEMAS))


def fields(program: Program, *arguments: str) -> dict[str, Any]:
    """The fields that are set."""
    shown = program("show", "--json", "--schema-dir", SCHEMAS, *arguments).json["fields"]
    return {name: value for name, value in shown.items() if value is not None}


def lines(path: Path, *records: Any) -> Path:
    """A file of JSON Lines."""
    path.write_text("".join((record if isinstance(record, str) else json.dumps(record)) + "\n" for record in records))
    return path


def test_an_export_teaches_what_the_user_wrote_and_the_next_one_only_what_is_new(program: Program, tmp_path: Path) -> None:
    """Of ChatGPT; newest conversation first, as they come: the later statement holds."""
    path = tmp_path / "conversations.json"
    older = chatgpt("c1", ("user", "I work at Acme."), ("assistant", "Your name is Tom."))
    newer = chatgpt("c2", ("user", "hi"), ("user", "x"), ("user", "I work at Globex now."))
    path.write_text(json.dumps([newer, older]))
    assert program("learn", path, *RULES, "--json").json == {"messages": 4, "learned": 1, "rejected": 0, "pending": 0, "users": 1}
    assert fields(program) == {"company": "Globex"}
    path.write_text(json.dumps([chatgpt("c3", ("user", "Call me Ali.")), newer, older]))
    assert program("learn", path, *RULES, "--json").json["messages"] == 1
    assert fields(program) == {"company": "Globex", "preferred_name": "Ali"}


def test_an_old_statement_in_an_export_does_not_replace_a_newer_one(program: Program, tmp_path: Path) -> None:
    """It was said in 2024; the profile was edited today."""
    program("edit", *RULES[2:], "company=Globex")
    path = tmp_path / "conversations.json"
    path.write_text(json.dumps([claude("a", ("human", "I work at Acme. Call me Ali."), ("assistant", "ok"))]))
    assert program("learn", path, *RULES).code == 0
    assert fields(program) == {"company": "Globex", "preferred_name": "Ali"}


def test_plain_text_from_stdin_is_learned_and_again_is_skipped(program: Program) -> None:
    """Equal lines are as many messages as they are lines, and none the second time."""
    text = "I'm Alice Chen.\nthanks\nthanks\n"
    assert program("learn", "-", *RULES, "--json", stdin=text).json["messages"] == 3
    again = program("learn", "-", *RULES, "--json", stdin=text + "thanks\nI work at Acme.\n").json
    assert (again["messages"], again["skipped"]) == (2, 3)
    assert fields(program) == {"name": "Alice Chen", "company": "Acme"}


def test_bad_records_are_told_with_their_line_counted_and_skipped(program: Program, tmp_path: Path) -> None:
    """And the exit code says so; mended, only they are learned."""
    good = {"user_id": "bob", "content": "My name is Bob Marsh."}
    path = lines(tmp_path / "chats.jsonl", "{broken", good, {"user_id": "a\nb", "content": "x"}, {"content": 5})
    ran = program("learn", path, *RULES, "--json")
    assert ran.code == 1
    assert [line.split(":")[1].strip() for line in ran.err.splitlines()] == ["line 1", "line 3", "line 4"]
    assert (ran.json["messages"], ran.json["bad"]) == (1, 3)
    mended = program("learn", lines(path, {"content": "Call me Ali."}, good), *RULES, "--json")
    assert (mended.code, mended.json["messages"], mended.json["skipped"]) == (0, 1, 1)
    assert program("learn", tmp_path / "none", *RULES).code == 1


def test_a_dry_run_tells_what_it_would_learn_and_keeps_nothing(program: Program, tmp_path: Path) -> None:
    """Beside what is stored: what is the same already is not learned, and no byte of the file changes."""
    program("learn", "-", *RULES, stdin="I'm Alice Chen.\n")
    (path,) = program.home.rglob("profiles.db")
    before = path.read_bytes()
    ran = program("learn", "-", *RULES, "--dry-run", stdin="I'm Alice Chen.\nI work at Acme.\nI work at Acme.\n")
    assert ran.out == "alice  company: Acme\n"
    assert "Would learn 1 from 2 messages of 1 users (0 rejected, 0 pending, 1 learned before)." in ran.err
    assert path.read_bytes() == before


def with_model(program: Program, endpoint: Endpoint, *arguments: str | Path) -> Ran:
    """Learns with a model at the scripted endpoint."""
    common = ("--model", "gpt-5.2", "--base-url", endpoint.base_url, *RULES[2:], "--json")
    return program("learn", *arguments, *common, OPENAI_API_KEY=endpoint.api_key or "sk-test-1234567890")


def named(request: Request) -> list[dict[str, str]]:
    """What a model finds in ``My name is X``."""
    quote = request.user_text.strip().splitlines()[-1]
    return [{"field": "name", "action": "set", "value": quote.split()[-1], "quote": quote}]


def test_a_model_reads_conversations_side_by_side(program: Program, endpoint: Endpoint, tmp_path: Path) -> None:
    """As many at a time as jobs are allowed, and each message is on disk before."""
    together, most, lock = [0], [0], threading.Lock()

    def answer(request: Request) -> list[dict[str, str]]:
        with lock:
            together[0] += 1
            most[0] = max(most[0], together[0])
        threading.Event().wait(0.15)
        with lock:
            together[0] -= 1
        return named(request)

    endpoint.on("extract", answer)
    path = lines(tmp_path / "chats.jsonl", *({"user_id": f"u{n}", "content": f"My name is Anna{chr(65 + n)}"} for n in range(12)))
    ran = with_model(program, endpoint, path, "--jobs", "4")
    assert ran.code == 0, ran.err
    assert ran.json["learned"] == 12
    assert 2 <= most[0] <= 4


def test_what_a_model_could_not_read_waits_and_is_learned_the_next_time(program: Program, endpoint: Endpoint, tmp_path: Path) -> None:
    """Exactly once: the file is not read from the beginning again."""
    endpoint.fault("extract", "bad_request", times=None)
    path = lines(tmp_path / "chats.jsonl", {"content": "My name is Anna"})
    ran = with_model(program, endpoint, path)
    assert (ran.code, ran.json["pending"]) == (1, 1)
    assert program("users", "--json").json[0]["pending"] == 1
    endpoint.clear()
    endpoint.on("extract", named)
    again = with_model(program, endpoint, path)
    assert (again.code, again.json["learned"], again.json["skipped"]) == (0, 1, 1)
    assert fields(program) == {"name": "Anna"}


def test_a_wrong_key_ends_the_run_and_what_was_kept_waits(program: Program, endpoint: Endpoint, tmp_path: Path) -> None:
    """A thousand messages are not sent to an endpoint that refuses each."""
    endpoint.fault("extract", "unauthorized", times=None)
    path = lines(tmp_path / "chats.jsonl", *({"content": f"My name is Anna{n}"} for n in range(300)))
    ran = with_model(program, endpoint, path, "--jobs", "2")
    assert ran.code == 1
    assert len(endpoint.calls("extract")) < 20
    (database,) = program.home.rglob("profiles.db")
    with sqlite3.connect(database) as db:
        assert 0 < db.execute("SELECT count(*) FROM messages WHERE learned_at IS NULL").fetchone()[0] < 300
    db.close()


@pytest.mark.parametrize(
    ("count", "done", "seconds", "line"),
    [
        (12000, 450, 4.0, "12,000 messages, 3,000 a second, 45%, 0:00:05 left"),
        (0, 0, 0.0, "0 messages, 0 a second"),
        (5, 2000, 1.0, "5 messages, 5 a second, 100%, 0:00:00 left"),
    ],
)
def test_a_meter_tells_count_rate_part_and_time_left(count: int, done: int, seconds: float, line: str) -> None:
    """In a line."""
    assert Meter("messages", 1000).line(count, done, seconds) == line
