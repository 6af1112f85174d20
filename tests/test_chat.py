"""``profile chat`` and ``profile ask`` in pipes and scripts, as processes."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.conftest import SCHEMAS
from tests.endpoint import Endpoint, Wire
from tests.program import Program

STORY = "Hi! I'm Alice Chen, but please call me Ali.\nI work at Acme Corp as a data scientist.\nWe're on the enterprise plan and I'm on Berlin time.\n"
FACTS = {
    "name": "Alice Chen", "preferred_name": "Ali", "company": "Acme Corp", "plan_tier": "enterprise", "role": "data scientist", "timezone": "Europe/Berlin",
}  # fmt: skip


def at(endpoint: Endpoint, wire: Wire) -> tuple[str, ...]:
    """The options that point at the scripted endpoint."""
    return ("--base-url", endpoint.base_url, "--api", wire, "--model", "gpt-5.2")


@pytest.fixture
def keyed(program: Program, endpoint: Endpoint) -> Program:
    """The program with a key that the endpoint takes."""
    program.environ["OPENAI_API_KEY"] = endpoint.api_key or "sk-test-1234567890"
    return program


def test_the_main_job_with_no_key_and_no_network(program: Program) -> None:
    """Say it, see it, ask for it."""
    said = program("chat", "--user", "alice@example.com", "--schema", "customer", "--schema-dir", SCHEMAS, stdin=STORY)
    assert said.code == 0
    assert len(said.out.splitlines()) == 3
    assert "✓ company: Acme Corp" in said.err
    shown = program("show", "--user", "alice@example.com", "--json")
    assert shown.json["fields"] == FACTS
    assert shown.json["schema"] == "customer"
    asked = program("ask", "--user", "alice@example.com", "What's my name?")
    assert asked.out == "Your name is Alice Chen, and you prefer to be called Ali.\n"


def test_the_main_job_at_an_endpoint(keyed: Program, endpoint: Endpoint, wire: Wire) -> None:
    """The same three lines, with a model that replies and one that reads."""
    replies = {"Alice": "Hello Ali!", "Acme": "Interesting.", "enterprise": "Noted."}
    facts = {"Alice": [("name", "Alice Chen", "I'm Alice Chen"), ("preferred_name", "Ali", "please call me Ali")]}
    facts["Acme"] = [("company", "Acme Corp", "I work at Acme Corp"), ("role", "data scientist", "I work at Acme Corp as a data scientist")]
    facts["enterprise"] = [("plan_tier", "enterprise", "We're on the enterprise plan"), ("timezone", "Europe/Berlin", "I'm on Berlin time")]

    def key(text: str) -> str:
        last = text.splitlines()[-1]
        return next(word for word in facts if word in last)

    endpoint.on("reply", lambda request: replies[key(request.user_text)])
    endpoint.on(
        "extract", lambda request: [{"field": f, "action": "set", "value": v, "quote": q} for f, v, q in facts[key(request.user_text)]]
    )
    said = keyed("chat", *at(endpoint, wire), "--schema", "customer", "--schema-dir", SCHEMAS, stdin=STORY)
    assert said.out == "Hello Ali!\nInteresting.\nNoted.\n"
    assert said.code == 0
    assert keyed("show", "--json").json["fields"] == FACTS
    assert len(endpoint.requests) == 6


def test_a_line_is_answered_when_it_arrives(program: Program) -> None:
    """Before the next one is there, and while stdin stays open."""
    running = program.start("chat", "--model", "offline")
    assert running.stdin is not None
    assert running.stdout is not None
    for name in ("Greta", "Marcus"):
        running.stdin.write(f"My name is {name}.\n\n".encode())
        running.stdin.flush()
        assert running.stdout.readline().decode() == f"Noted: your name is {name}.\n"
    out, _ = running.communicate()
    assert out == b""
    assert running.returncode == 0


def test_json_is_one_object_a_turn(program: Program) -> None:
    """Of the documented shape, and nothing else on stdout."""
    ran = program("chat", "--json", "--model", "offline", stdin="I'm Alice Chen.\nHello there\n")
    first, second = ran.lines
    assert list(first)[:8] == ["user_id", "session_id", "message", "reply", "learned", "rejected", "error", "usage"]
    assert first["learned"] == [{"field": "name", "old": None, "new": "Alice Chen", "quote": "I'm Alice Chen", "source": "rules"}]
    assert first["error"] is None
    assert first["usage"] == {"calls": 0, "input_tokens": None, "output_tokens": None}
    assert second["session_id"] == first["session_id"]
    assert second["learned"] == []


def test_messages_that_end_in_nul_may_hold_newlines(program: Program) -> None:
    """And so do the replies."""
    ran = program("chat", "-0", "--model", "offline", stdin=b"Hello!\nMy name is Greta.\x00\x00What's my name?")
    replies = ran.out.split("\0")
    assert replies[1:] == ["Your name is Greta.", ""]


@pytest.mark.parametrize("stdin", [b"\xef\xbb\xbfMy name is Greta.\r\n", b"My name is Greta.", b"\n\n  \nMy name is Greta.\n"])
def test_marks_carriage_returns_and_blank_lines_are_no_messages(program: Program, stdin: bytes) -> None:
    """Windows files work, and a last line needs no end."""
    (turn,) = program("chat", "--json", "--model", "offline", stdin=stdin).lines
    assert turn["message"] == "My name is Greta."


def test_bytes_that_are_no_text_do_not_stop_it(program: Program) -> None:
    """They are kept as far as they can be."""
    ran = program("chat", "--json", "--model", "offline", stdin=b"caf\xe9 \xff\nMy name is Greta.\n")
    assert [turn["message"] for turn in ran.lines][1] == "My name is Greta."
    assert ran.code == 0


def test_a_reader_that_leaves_ends_it_quietly(program: Program) -> None:
    """``| head -1``."""
    command = f"printf 'My name is Greta.\\nHello\\nHello\\nHello\\n' | {sys.executable} -m profilecli chat --model offline | head -1"
    ran = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, env=program.environment(), timeout=60, check=False
    )
    assert ran.stdout == "Noted: your name is Greta.\n"
    assert "Traceback" not in ran.stderr
    assert "Broken" not in ran.stderr
    assert ran.returncode == 0


def test_a_failed_reply_goes_to_stderr_and_the_rest_continues(keyed: Program, endpoint: Endpoint, wire: Wire) -> None:
    """Exit 1 at the end; every message was kept and learned from."""
    endpoint.fault("reply", "bad_request", times=1)
    endpoint.reply("second")
    ran = keyed("chat", *at(endpoint, wire), "--extractor", "rules", stdin="My name is Greta.\nHello\n")
    assert ran.code == 1
    assert ran.out == "second\n"
    assert "refused the request" in ran.err
    assert keyed("show", "--json").json["fields"]["name"] == "Greta"


@pytest.mark.parametrize(("fault", "words"), [("unauthorized", "OPENAI_API_KEY"), ("model_not_found", "--model"), ("quota", "billing")])
def test_a_wrong_key_an_unknown_model_and_no_quota_end_it(keyed: Program, endpoint: Endpoint, wire: Wire, fault: str, words: str) -> None:
    """One clear line; the message is kept, and the next ones are not sent in vain."""
    endpoint.fault("reply", fault, times=None)  # type: ignore[arg-type]
    endpoint.fault("extract", fault, times=None)  # type: ignore[arg-type]
    ran = keyed("chat", *at(endpoint, wire), stdin="My name is Greta.\nHello\nHello\n")
    assert ran.code == 1
    assert words in ran.err
    assert "Traceback" not in ran.err
    assert "sk-test" not in ran.err + ran.out
    assert keyed("users", "--json").json[0]["pending"] == 1


def test_a_failed_learning_is_a_notice_and_no_failure(keyed: Program, endpoint: Endpoint, wire: Wire) -> None:
    """Exit 0; the message is learned on the next start, exactly once."""
    endpoint.fault("extract", "bad_request", times=1)
    ran = keyed("ask", *at(endpoint, wire), "My name is Greta.")
    assert ran.code == 0
    assert "will be learned later" in ran.err
    endpoint.extract([{"field": "name", "action": "set", "value": "Greta", "quote": "My name is Greta"}])
    endpoint.extract([])
    assert "✓ name: Greta" in keyed("ask", *at(endpoint, wire), "Hello").err
    assert len(keyed("history", "--json").json) == 1


def test_no_network_is_one_line_and_exit_1(program: Program) -> None:
    """And the message is kept."""
    ran = program("ask", "--base-url", "http://127.0.0.1:9/v1", "-m", "m", "My name is Greta.")
    assert ran.code == 1
    assert "No connection to 127.0.0.1:9" in ran.err
    assert program("users", "--json").json[0]["pending"] == 1


def test_a_missing_key_is_one_line_and_exit_1(program: Program) -> None:
    """With what to do."""
    ran = program("ask", "--model", "gpt-5.2", "Hello")
    assert ran.code == 1
    assert "OPENAI_API_KEY is not set" in ran.err
    assert len(ran.err.splitlines()) <= 2


def test_control_characters_in_a_reply_do_not_reach_the_terminal(keyed: Program, endpoint: Endpoint, wire: Wire) -> None:
    """Escape sequences, and marks that reorder text."""
    endpoint.reply("a\x1b[31mred\x1b]0;title\x07 \u202eevil")
    ran = keyed("ask", *at(endpoint, wire), "Hello")
    assert ran.out == "a[31mred]0;title evil\n"


def test_ask_takes_its_text_and_stdin_where_a_dash_stands(program: Program) -> None:
    """``profile ask - < file``, words around it, and all of stdin without words."""
    assert program("ask", "--json", "-", stdin="My name is\nGreta.\n").json["message"] == "My name is\nGreta."
    assert program("ask", "--json", "Read:", "-", "Done.", stdin="text\n").json["message"] == "Read: text Done."
    assert program("ask", "--json", stdin="all of it\n").json["message"] == "all of it"
    assert program("ask", stdin="").code == 2


def test_ask_leaves_a_pipe_unread_and_says_so(program: Program) -> None:
    """So that a ``while read`` loop keeps its lines."""
    loop = f"printf 'one\\ntwo\\n' | while read line; do {sys.executable} -m profilecli ask --json --model offline \"$line\"; done"
    ran = subprocess.run(["bash", "-c", loop], capture_output=True, text=True, env=program.environment(), timeout=60, check=False)
    assert [json.loads(line)["message"] for line in ran.stdout.splitlines()] == ["one", "two"]
    assert "not read" in program("ask", "Hello", stdin="unread text").err


def test_mode_off_leaves_no_trace(program: Program) -> None:
    """Not even a file."""
    ran = program("chat", "--mode", "off", "--model", "offline", stdin="My name is Greta.\n")
    assert ran.code == 0
    assert not list(program.home.rglob("*.db*"))


def test_a_conversation_goes_on_with_continue_and_with_its_id(keyed: Program, endpoint: Endpoint, wire: Wire) -> None:
    """In a later process."""
    first = keyed("ask", "--json", *at(endpoint, wire), "Remember 42.").json["session_id"]
    assert keyed("ask", "--json", "-c", *at(endpoint, wire), "Which?").json["session_id"] == first
    assert "Remember 42." in str(endpoint.calls("reply")[-1].json)
    assert keyed("ask", "--json", "--session", first, *at(endpoint, wire), "Which?").json["session_id"] == first


def test_interrupted_it_ends_with_130_and_keeps_the_message(keyed: Program, endpoint: Endpoint, wire: Wire) -> None:
    """Ctrl-C in the middle of a reply, without a traceback."""
    import signal

    endpoint.reply(["one ", "two ", "three"])
    endpoint.chunk_delay = 5
    running = keyed.start("ask", *at(endpoint, wire), "My name is Greta, count")
    assert running.stdout is not None
    assert running.stdout.read(4) == b"one "
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=30)
    assert running.returncode == 130
    assert b"Traceback" not in err
    assert keyed("users", "--json").json[0]["user_id"] == "alice"


def test_reply_and_extraction_are_under_way_at_the_same_time(keyed: Program, endpoint: Endpoint, wire: Wire) -> None:
    """The turn takes as long as the slower of the two, not their sum."""
    endpoint.delay(reply=1.5, extract=1.5)
    assert keyed("ask", *at(endpoint, wire), "Hello").code == 0
    first, second = (request.at for request in endpoint.requests)
    assert abs(first - second) < 1.5
