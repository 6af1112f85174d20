"""``profile doctor``: it finds what is broken, says what to do, and touches nothing."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.endpoint import Endpoint, Wire
from tests.program import Program, Ran

KEY = "sk-test-1234567890abcdefXY"


def checks(ran: Ran) -> dict[str, dict[str, Any]]:
    """The findings by their names; of several of one name, the worst."""
    found: dict[str, dict[str, Any]] = {}
    for check in ran.json:
        assert set(check) == {"check", "status", "detail", "advice"}
        if check["check"] not in found or check["status"] == "broken":
            found[check["check"]] = check
    return found


def tree(folder: Path) -> dict[str, tuple[int, int]]:
    """Everything below a folder, with size and time of change; uv and pip of the test keep theirs elsewhere."""
    return {str(p.relative_to(folder)): (p.lstat().st_size, p.lstat().st_mtime_ns) for p in folder.rglob("*")}


@pytest.fixture
def used(program: Program) -> Path:
    """A database with one user."""
    program("chat", "--model", "offline", stdin="I'm Alice Chen.\n")
    return program.home / ".local" / "share" / "profilecli" / "profiles.db"


def test_a_new_user_is_told_that_all_is_well_and_nothing_is_made(program: Program) -> None:
    """Not a file, not a folder."""
    ran = program("doctor")
    assert ran.code == 0, ran.out
    assert "not there yet" in ran.out
    assert "offline" in ran.out
    assert list(program.home.iterdir()) == []


def test_a_sound_database_is_read_and_left_as_it_is(program: Program, used: Path) -> None:
    """No -wal and no -shm beside it, either."""
    before = tree(program.home)
    ran = program("doctor", "--json")
    assert ran.code == 0, ran.out
    assert "1 user" in checks(ran)["database"]["detail"]
    assert checks(ran)["pending"]["status"] == "ok"
    assert tree(program.home) == before


def test_a_database_in_use_is_read_with_what_its_log_holds(program: Program, used: Path) -> None:
    """While another program has it open."""
    with sqlite3.connect(used) as db:
        db.execute("INSERT INTO profiles SELECT 'bob', schema, fields, created_at, updated_at FROM profiles")
        db.commit()
        assert Path(f"{used}-wal").stat().st_size
        assert "2 users" in checks(program("doctor", "--json"))["database"]["detail"]
    db.close()


@pytest.mark.parametrize("damage", ["head", "middle", "text", "cut", "folder"])
def test_a_damaged_database_is_found_and_left_alone(program: Program, used: Path, damage: str) -> None:
    """Exit 1, one line on what to do, no traceback."""
    data = used.read_bytes()
    if damage == "folder":
        used.unlink()
        used.mkdir()
    else:
        broken = {
            "head": b"\0" * 100 + data[100:],
            "middle": data[:4096] + b"\xff" * 8192 + data[12288:],
            "text": b"Dear diary,\n" * 1000,
            "cut": data[: len(data) // 2],
        }[damage]
        used.write_bytes(broken)
    before = tree(program.home)
    ran = program("doctor", "--json")
    assert ran.code == 1
    assert ran.err == ""
    assert checks(ran)["database"]["status"] == "broken"
    assert checks(ran)["database"]["advice"]
    assert tree(program.home) == before


def test_another_programs_database_and_a_newer_one_are_broken(program: Program, used: Path) -> None:
    """As every other command says."""
    with sqlite3.connect(used) as db:
        db.execute("PRAGMA user_version = 999")
    db.close()
    assert "newer profilecli" in checks(program("doctor", "--json"))["database"]["detail"]
    other = program.home / "other.db"
    with sqlite3.connect(other) as db:
        db.execute("CREATE TABLE t (a)")
    db.close()
    ran = program("doctor", "--json", "--db", other)
    assert (ran.code, checks(ran)["database"]["detail"].endswith("another program's database")) == (1, True)


@pytest.mark.skipif(os.name != "posix", reason="permission bits")
def test_a_database_that_others_can_read_is_a_warning(program: Program, used: Path) -> None:
    """It works, so the exit code is 0."""
    used.chmod(0o644)
    ran = program("doctor", "--json")
    assert ran.code == 0
    assert checks(ran)["database"]["status"] == "warning"
    assert "chmod 600" in checks(ran)["database"]["advice"]


def test_what_is_still_to_be_learned_is_counted(program: Program, endpoint: Endpoint) -> None:
    """Messages whose learning failed."""
    endpoint.fault("extract", "bad_request", times=None)
    program.environ["OPENAI_API_KEY"] = endpoint.api_key
    at = ("--base-url", endpoint.base_url, "--api", "chat", "--model", "gpt-5.2")
    program("ask", *at, "--extractor", "model", "I'm Alice Chen.")
    found = checks(program("doctor", "--json"))["pending"]
    assert (found["status"], found["detail"]) == ("warning", "1 message still to be learned")


def test_a_broken_config_file_and_a_broken_schema_are_named(program: Program) -> None:
    """The other checks go on."""
    folder = program.home / ".config" / "profilecli"
    (folder / "schemas").mkdir(parents=True)
    (folder / "schemas" / "team.py").write_text("def oops(:\n")
    ran = program("doctor", "--json")
    assert ran.code == 1
    assert "team.py:1" in checks(ran)["schemas"]["detail"]
    (folder / "config.toml").write_text("model = [")
    ran = program("doctor", "--json")
    assert ran.code == 1
    assert checks(ran)["settings"]["status"] == "broken"
    assert "config.toml is not TOML" in checks(ran)["settings"]["detail"]
    assert checks(ran)["database"]["status"] == "ok"


def test_settings_say_where_each_came_from(program: Program) -> None:
    """A flag, the environment, and the file."""
    program("config", "set", "mode", "off")
    detail = checks(program("doctor", "--json", "--model", "offline"))["settings"]["detail"]
    assert "user (PROFILECLI_USER)" in detail
    assert "model (--model)" in detail
    assert f"mode ({program.home}" in detail


def test_a_schema_that_is_not_there_is_broken(program: Program) -> None:
    """As chat would refuse it."""
    ran = program("doctor", "--json", "--schema", "nosuch")
    assert (ran.code, "nosuch" in checks(ran)["schemas"]["detail"]) == (1, True)


def test_the_endpoint_is_asked_for_its_models_and_nothing_that_costs(program: Program, endpoint: Endpoint, wire: Wire) -> None:
    """And the key is shown by its last two characters at most."""
    key = endpoint.api_key
    ran = program("doctor", "--base-url", endpoint.base_url, "--api", wire, "--model", "gpt-5.2", "--json", OPENAI_API_KEY=key)
    assert ran.code == 0
    assert checks(ran)["API key"]["detail"] == f"OPENAI_API_KEY is set (…{key[-2:]})"
    assert key[-3:] not in checks(ran)["API key"]["detail"]
    assert key not in ran.out + ran.err
    assert [request.path.rpartition("/")[2] for request in endpoint.requests] == ["models"]


def test_a_wrong_key_a_missing_key_and_a_dead_endpoint_are_broken(program: Program, endpoint: Endpoint) -> None:
    """Each within a few seconds."""
    at = ("--base-url", endpoint.base_url, "--model", "gpt-5.2", "--json")
    wrong = program("doctor", *at, OPENAI_API_KEY="sk-wrong-1234567890")
    assert (wrong.code, checks(wrong)["model"]["status"]) == (1, "broken")
    assert "refused the API key" in checks(wrong)["model"]["detail"]
    missing = program("doctor", "--model", "gpt-5.2", "--json")
    assert (missing.code, checks(missing)["API key"]["status"]) == (1, "broken")
    dead = program("doctor", "--base-url", "http://127.0.0.1:9/v1", "--json", OPENAI_API_KEY=KEY, timeout=60)
    assert (dead.code, checks(dead)["model"]["status"]) == (1, "broken")
    assert KEY not in wrong.out + missing.out + dead.out


def test_probe_tries_streaming_structured_output_and_tools(program: Program, endpoint: Endpoint, wire: Wire) -> None:
    """Three calls, on each wire."""
    endpoint.on(
        "extract", lambda _request: [{"field": "name", "action": "set", "value": "Ada Lovelace", "quote": "my name is Ada Lovelace"}]
    )
    program.environ["OPENAI_API_KEY"] = endpoint.api_key
    ran = program("doctor", "--probe", "--json", "--base-url", endpoint.base_url, "--api", wire, "--model", "gpt-5.2")
    found = checks(ran)
    assert (found["streaming"]["status"], found["structured output"]["status"]) == ("ok", "ok")
    assert (found["tools"]["status"], found["tools"]["advice"]) == ("warning", "Use --mode always, which needs no tools.")
    assert len([request for request in endpoint.requests if not request.path.endswith("models")]) == 3


def test_probe_says_what_an_endpoint_can_not(program: Program, endpoint: Endpoint, wire: Wire) -> None:
    """It fails at streaming and at reading: both are needed, so both are broken."""
    endpoint.fault("reply", "bad_request", times=None)
    endpoint.fault("extract", "bad_request", times=None)
    program.environ["OPENAI_API_KEY"] = endpoint.api_key
    ran = program("doctor", "--probe", "--json", "--base-url", endpoint.base_url, "--api", wire, "--model", "gpt-5.2")
    found = checks(ran)
    assert ran.code == 1
    assert {found[name]["status"] for name in ("streaming", "structured output")} == {"broken"}


def test_a_local_model_that_is_damaged_is_found(program: Program) -> None:
    """By its bytes, not only its size."""
    from profilecli.llm.models_dir import SMALL, small_model

    small_model().parent.mkdir(parents=True)
    with small_model().open("wb") as file:
        file.truncate(SMALL.size)
    ran = program("doctor", "--json", "--model", "offline")
    assert (ran.code, checks(ran)["local model"]["advice"]) == (1, "Fetch it again: profile model pull")
