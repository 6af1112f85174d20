"""The prompt in a real pseudo-terminal, against a scripted endpoint."""

from __future__ import annotations

import functools
import re
import stat
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from profilecli import repl
from profilecli.models import Update
from profilecli.session import Session
from profilecli.store import open_store
from profilecli.store.sqlite import SQLiteStore
from tests.conftest import SCHEMAS
from tests.endpoint import Endpoint, FaultKind, Wire
from tests.program import Program
from tests.terminal import CTRL_C, CTRL_D, CTRL_R, ENTER, NEW_LINE, PROMPT, TAB, UP, Terminal, pasted

pytestmark = pytest.mark.slow

NAME = {"field": "name", "action": "set", "value": "Alice Chen", "quote": "I'm Alice Chen"}


@pytest.fixture
def database(home: Path) -> Path:
    """Where the program under test keeps its data."""
    return home / "data" / "profiles.db"


class Chat:
    """Starts ``profile chat`` against the endpoint, or offline."""

    def __init__(self, program: Program, endpoint: Endpoint, database: Path) -> None:
        self._program, self._endpoint = program, endpoint
        self._common = ("--db", str(database), "--schema-dir", str(SCHEMAS), "--schema", "customer")

    def online(self, *arguments: str, columns: int = 80, rows: int = 24, environ: Mapping[str, str] = MappingProxyType({})) -> Terminal:
        """With the scripted model."""
        return Terminal(
            self._program, *self._common, "--base-url", self._endpoint.base_url, "--model", "gpt-5.2", *arguments,
            columns=columns, rows=rows, environ={"OPENAI_API_KEY": self._endpoint.api_key, **environ},
        )  # fmt: skip

    def offline(self, *arguments: str, environ: Mapping[str, str] = MappingProxyType({})) -> Terminal:
        """Without a model."""
        return Terminal(self._program, *self._common, "--model", "offline", *arguments, environ=environ)


@pytest.fixture
def chat(program: Program, endpoint: Endpoint, database: Path) -> Chat:
    """A way to start the program."""
    return Chat(program, endpoint, database)


def stored(database: Path) -> SQLiteStore:
    """What is on disk."""
    store = open_store(database, schemas=[SCHEMAS])
    assert isinstance(store, SQLiteStore)
    return store


def messages(database: Path) -> Sequence[tuple[str, str]]:
    """The messages of the newest conversation on disk."""
    store = stored(database)
    session = store.last_session("alice")
    found = [(m.role, m.content) for m in store.messages("alice", session)] if session else []
    store.close()
    return found


def pending(database: Path) -> list[str]:
    """What is still to be learned."""
    store = stored(database)
    found = [m.content for m in store.pending("alice")]
    store.close()
    return found


def block(endpoint: Endpoint, kind: str) -> threading.Event:
    """Holds the answers of a class back until the event is set."""
    go = threading.Event()

    def hold(_request: object) -> None:
        go.wait(60)

    endpoint.on(kind, hold)  # type: ignore[arg-type]
    return go


def test_a_reply_is_drawn_as_markdown_with_what_was_learned_under_it(chat: Chat, endpoint: Endpoint) -> None:
    endpoint.reply("# Hello\n\nYou are **Alice**:\n\n- one\n- two\n")
    endpoint.extract([NAME])
    with chat.online() as terminal:
        terminal.ready()
        terminal.say("I'm Alice Chen.")
        terminal.wait("/undo")
        terminal.ready()
        shown = [line for line in terminal.lines if line]
        start = shown.index("› I'm Alice Chen.")
        assert shown[start + 1 : start + 6] == ["Hello", "You are Alice:", " • one", " • two", "✓ name: Alice Chen · /undo"]
        assert shown[-1].strip() == "alice · customer · gpt-5.2 · mode always"


def test_what_is_learned_during_a_reply_does_not_cut_it_in_two(chat: Chat, endpoint: Endpoint) -> None:
    learning = block(endpoint, "extract")
    endpoint.reply(["some ", "**bold ", *(["words "] * 60), "and ", "more**"])
    endpoint.extract([NAME])
    endpoint.chunk_delay = 0.03
    with chat.online() as terminal:
        terminal.ready()
        terminal.say("I'm Alice Chen.")
        terminal.wait("some **bold words")
        learning.set()
        text = terminal.wait("/undo")
        assert " ".join(text.split()).count(f"some bold {'words ' * 60}and more ✓ name: Alice Chen") == 1


def test_a_spinner_turns_until_the_reply_and_while_learning_and_leaves_nothing(chat: Chat, endpoint: Endpoint) -> None:
    reply, learning = block(endpoint, "reply"), block(endpoint, "extract")
    endpoint.reply("Answered.")
    with chat.online() as terminal:
        terminal.ready()
        terminal.say("hi")
        terminal.wait(lambda: re.search("[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]", terminal.text))
        reply.set()
        terminal.wait("Answered.")
        terminal.wait("learning")
        learning.set()
        text = terminal.ready()
        assert "learning" not in text
        assert not re.search("[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]", text)


def test_ctrl_c_stops_a_reply_and_keeps_what_came(chat: Chat, endpoint: Endpoint, database: Path) -> None:
    endpoint.reply([f"word{number} " for number in range(400)])
    endpoint.reply("The second answer.")
    endpoint.chunk_delay = 0.05
    with chat.online() as terminal:
        terminal.ready()
        terminal.say("go on")
        terminal.wait("word5")
        terminal.type(CTRL_C)
        terminal.wait("[stopped]")
        terminal.ready()
        role, reply = messages(database)[-1]
        assert role == "assistant"
        assert reply.startswith("word0 word1 ")
        assert "word399" not in reply
        endpoint.chunk_delay = 0.0
        terminal.say("again")
        terminal.wait("The second answer.")
        terminal.ready()


@pytest.mark.parametrize("presses", [1, 2, 3])
def test_ctrl_c_before_the_first_token_gives_the_prompt_back(chat: Chat, endpoint: Endpoint, presses: int) -> None:
    held = block(endpoint, "reply")
    with chat.online() as terminal:
        terminal.ready()
        terminal.say("hi")
        endpoint.wait_for(1, "reply", timeout=60)
        terminal.type(CTRL_C * presses)
        terminal.wait("[stopped]")
        terminal.ready()
        held.set()
        endpoint.on("reply", None)
        endpoint.default("reply", "Still here.")
        terminal.say("and now?")
        terminal.wait("Still here.")
        terminal.ready()
        terminal.type(CTRL_D)
        assert terminal.exit() == 0


def test_ctrl_c_after_the_reply_leaves_the_learning_for_the_next_start(chat: Chat, endpoint: Endpoint, database: Path) -> None:
    held = block(endpoint, "extract")
    with chat.online() as terminal:
        terminal.ready()
        terminal.say("I'm Alice Chen.")
        terminal.wait("learning")
        terminal.type(CTRL_C)
        terminal.wait("not learned yet")
        terminal.ready()
        assert pending(database) == ["I'm Alice Chen."]
        terminal.type(CTRL_D)
        assert terminal.exit() == 0
    held.set()
    endpoint.on("extract", None)
    endpoint.default("extract", [NAME])
    with chat.online() as terminal:
        terminal.wait("✓ name: Alice Chen")
        terminal.ready()
    assert pending(database) == []


def test_messages_left_to_learn_do_not_hold_up_the_prompt(chat: Chat, endpoint: Endpoint, database: Path) -> None:
    store = stored(database)
    store.add_message("alice", "earlier", "user", "I'm Alice Chen.")
    store.close()
    held = block(endpoint, "extract")
    endpoint.extract([NAME])
    with chat.online() as terminal:
        terminal.ready()
        endpoint.wait_for(1, "extract", timeout=60)
        terminal.type("half a line")
        terminal.wait(lambda: terminal.line == f"{PROMPT} half a line")
        held.set()
        terminal.wait("✓ name: Alice Chen · profile undo")
        terminal.wait(lambda: terminal.line == f"{PROMPT} half a line")


@pytest.mark.parametrize("skipped", [False, True])
def test_leaving_waits_for_learning_unless_that_is_skipped(chat: Chat, endpoint: Endpoint, database: Path, skipped: bool) -> None:
    store = stored(database)
    store.add_message("alice", "earlier", "user", "I'm Alice Chen.")
    store.close()
    held = block(endpoint, "extract")
    endpoint.extract([NAME])
    with chat.online() as terminal:
        terminal.ready()
        endpoint.wait_for(1, "extract", timeout=60)
        terminal.type(CTRL_D)
        terminal.wait("Still learning from earlier messages. Ctrl-C leaves that for the next start.")
        if skipped:
            terminal.type(CTRL_C)
        else:
            held.set()
            terminal.wait("✓ name: Alice Chen")
        assert terminal.exit() == 0
        assert "Traceback" not in terminal.text
    held.set()
    assert pending(database) == (["I'm Alice Chen."] if skipped else [])


def test_ctrl_c_at_the_prompt_clears_the_line_and_ctrl_d_leaves(chat: Chat) -> None:
    with chat.offline() as terminal:
        terminal.ready()
        terminal.type("half a line")
        terminal.wait("half a line")
        terminal.type(CTRL_C)
        terminal.ready()
        terminal.type(CTRL_C)
        terminal.wait("Ctrl-D or /quit leaves.")
        terminal.ready()
        terminal.type(CTRL_D)
        assert terminal.exit() == 0


def test_ctrl_d_on_a_line_deletes_as_in_a_shell_and_does_not_lose_it(chat: Chat) -> None:
    with chat.offline() as terminal:
        terminal.ready()
        terminal.type("ab" + CTRL_D)
        terminal.type("\x01" + CTRL_D)
        terminal.wait(lambda: terminal.line == f"{PROMPT} b")


def test_what_is_typed_during_a_reply_waits_for_the_next_prompt(chat: Chat, endpoint: Endpoint) -> None:
    endpoint.reply([f"word{number} " for number in range(60)])
    endpoint.chunk_delay = 0.03
    with chat.online() as terminal:
        terminal.ready()
        terminal.say("hi")
        terminal.wait("word3")
        terminal.type("typed ahead")
        terminal.wait(lambda: terminal.line == f"{PROMPT} typed ahead")
        reply = " ".join(terminal.text.split()).partition("word0")[2].partition(PROMPT)[0]
        assert reply.split() == [f"word{number}" for number in range(1, 60)]
        assert b"typed" not in terminal.raw.partition(b"word59")[0]


@pytest.mark.parametrize("keys", [pasted("first line\nsecond line"), f"first line{NEW_LINE}second line"], ids=["pasted", "alt-enter"])
def test_several_lines_are_one_message(chat: Chat, database: Path, keys: str) -> None:
    with chat.offline() as terminal:
        terminal.ready()
        terminal.type(keys)
        terminal.wait("second line")
        terminal.type(ENTER)
        terminal.wait(lambda: len(messages(database)) == 2)
    assert messages(database)[0] == ("user", "first line\nsecond line")


def test_lines_come_back_with_up_and_ctrl_r_also_at_the_next_start(chat: Chat, database: Path) -> None:
    with chat.offline() as terminal:
        terminal.ready()
        terminal.say("/mode")
        terminal.wait("mode always:")
        terminal.ready()
        terminal.type(CTRL_D)
        assert terminal.exit() == 0
    path = repl.typed_lines_path(str(database), "alice")
    assert path is not None
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with chat.offline() as terminal:
        terminal.ready()
        terminal.type(UP)
        terminal.wait(lambda: terminal.line == f"{PROMPT} /mode")
        terminal.type(CTRL_C)
        terminal.ready()
        terminal.type(CTRL_R + "mo")
        terminal.wait(lambda: any("I-search" in line and "mo" in line for line in terminal.lines))
        terminal.wait(lambda: f"{PROMPT} /mode" in terminal.lines)


def test_nothing_typed_is_written_in_mode_off(chat: Chat, endpoint: Endpoint, database: Path) -> None:
    with chat.online() as terminal:
        terminal.ready()
        terminal.say("/mode off")
        terminal.wait("nothing is learned")
        terminal.wait("mode off")
        terminal.ready()
        terminal.say("a secret thing")
        terminal.wait("OK.")
        terminal.ready()
        terminal.type(CTRL_D)
        assert terminal.exit() == 0
    assert not endpoint.calls("extract")
    written = b"".join(path.read_bytes() for path in database.parent.iterdir())
    assert b"secret" not in written


def test_mode_off_from_the_start_makes_no_file(chat: Chat, database: Path) -> None:
    with chat.offline("--mode", "off") as terminal:
        terminal.ready()
        terminal.say("I'm Alice Chen.")
        terminal.ready()
        terminal.say("/mode always")
        terminal.wait("There is no database yet")
    assert not database.parent.exists() or not list(database.parent.iterdir())


def test_tab_completes_commands_and_what_follows_them(chat: Chat) -> None:
    with chat.offline() as terminal:
        terminal.ready()
        terminal.type("/wh" + TAB)
        terminal.wait(lambda: terminal.line == f"{PROMPT} /why")
        terminal.type(" com" + TAB)
        terminal.wait(lambda: terminal.line == f"{PROMPT} /why company")
        terminal.type(ENTER)
        terminal.wait("You have said nothing about company yet.")


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (40, 10)])
def test_a_reply_taller_than_the_screen_is_there_whole_and_once(chat: Chat, endpoint: Endpoint, columns: int, rows: int) -> None:
    code = "\n".join(f"x{number} = {number}" for number in range(40))
    items = "\n".join(f"{number}. item{number} of the **list**" for number in range(1, 40))
    endpoint.reply(f"```python\n{code}\n```\n\n{items}\n\n{'giant ' * 400}\n\n|n|v|\n|-|-|\n" + "\n".join(f"|r{n}|{n}|" for n in range(40)))
    with chat.online(columns=columns, rows=rows) as terminal:
        terminal.wait(lambda: terminal.line == PROMPT)
        terminal.say("go")
        terminal.wait("r39")
        text = terminal.wait(lambda: terminal.line == PROMPT)
    assert re.findall(r"^x(\d+) = \d+$", text, re.MULTILINE) == [str(n) for n in range(40)]
    assert re.findall(r"item(\d+) of the list", text) == [str(n) for n in range(1, 40)]
    assert text.count("giant") == 400
    assert re.findall(r"^ r(\d+) ", text, re.MULTILINE) == [str(n) for n in range(40)]


def test_a_window_made_wider_during_a_reply_loses_nothing(chat: Chat, endpoint: Endpoint) -> None:
    endpoint.reply("\n".join(f"{number}. item{number} of a list that is long" for number in range(1, 60)))
    endpoint.chunk_delay = 0.01
    with chat.online(columns=50, rows=16) as terminal:
        terminal.wait(lambda: terminal.line == PROMPT)
        terminal.say("go")
        terminal.wait("item20 ")
        terminal.resize(90, 16)
        terminal.wait("item59 of a list that is long")
        text = terminal.wait(lambda: terminal.line == PROMPT)
    assert re.findall(r"item(\d+) of a list that is long", text) == [str(n) for n in range(1, 60)]


@pytest.mark.parametrize(
    "environ", [{"OPENAI_API_KEY": "sk-wrong-0123456789"}, {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}], ids=["key", "network"]
)
def test_a_failure_is_one_line_and_then_the_prompt_again(chat: Chat, database: Path, environ: dict[str, str]) -> None:
    arguments = ("--base-url", environ["OPENAI_BASE_URL"]) if "OPENAI_BASE_URL" in environ else ()
    with chat.online(*arguments, environ=environ) as terminal:
        terminal.ready()
        terminal.say("I'm Alice Chen.")
        text = terminal.wait("kept and will be learned later.")
        terminal.ready()
        assert "Check" in text
        assert "sk-wrong" not in text
        assert "Traceback" not in text
    assert messages(database) == [("user", "I'm Alice Chen.")]
    assert pending(database) == ["I'm Alice Chen."]


WEATHER: dict[FaultKind, str] = {
    "bad_request": "refused the request",
    "unauthorized": "OPENAI_API_KEY",
    "model_not_found": "--model",
    "rate_limit": "limiting your rate",
    "quota": "billing",
    "server_error": "Try again",
    "unavailable": "Try again",
    "context_length": "It is noon by my clock.",
    "reset": "No connection",
    "reset_midway": "[cut short: failed]",
    "close_midway": "[cut short: failed]",
    "eof_midway": "[cut short: failed]",
    "stall": "sent nothing for 1 seconds",
    "stall_midway": "[cut short: failed]",
    "invalid_json": "not JSON",
    "invalid_event": "[cut short: failed]",
    "login_page": "before it was finished",
    "error_event": "[cut short: failed]",
    "failed": "[cut short: failed]",
    "length": "[cut short: length]",
    "content_filter": "[cut short: content filter]",
    "empty": "empty answer",
    "null_content": "empty answer",
    "control": "It is noon",
}


def seen_after(terminal: Terminal, mark: str, words: str) -> bool:
    """Whether words stand on the screen behind a mark."""
    return words in terminal.text.rpartition(mark)[2]


def test_the_prompt_outlives_every_failure_and_keeps_what_was_said(chat: Chat, endpoint: Endpoint, wire: Wire, database: Path) -> None:
    """One conversation through all of them: what came is kept and marked, what was said is kept and learned in the end."""
    with chat.online("--api", wire, "--extractor", "rules", environ={"PROFILECLI_TIMEOUT": "1"}, rows=40) as terminal:
        terminal.ready()
        for number, (kind, words) in enumerate(WEATHER.items()):
            endpoint.reply(["It is ", "noon ", "by my ", "clock."])
            endpoint.fault("reply", kind, times=3)
            terminal.say(f"Message {number}: what time is it?")
            terminal.wait(functools.partial(seen_after, terminal, f"Message {number}:", words))
            terminal.ready()
            endpoint.clear()
        endpoint.reply("Hello, Alice.")
        terminal.say("I'm Alice Chen.")
        terminal.wait("Hello, Alice.")
        terminal.wait("name: Alice Chen")
        text = terminal.text
    assert "Traceback" not in text
    assert endpoint.api_key not in text
    kept = messages(database)
    assert [content for role, content in kept if role == "user"][-1] == "I'm Alice Chen."
    assert len([role for role, _ in kept if role == "user"]) == len(WEATHER) + 1
    assert ("assistant", "It is noon ") in kept


def test_a_dumb_terminal_gets_plain_text(chat: Chat, endpoint: Endpoint) -> None:
    endpoint.reply("Some **bold** text.")
    endpoint.extract([NAME])
    with chat.online(environ={"TERM": "dumb"}) as terminal:
        terminal.wait(PROMPT)
        terminal.say("I'm Alice Chen.")
        terminal.wait("✓ name: Alice Chen")
        assert "Some **bold** text." in terminal.text
        assert b"\x1b[" not in terminal.raw.partition(b"Some")[2]


def test_no_color_is_heeded(chat: Chat, endpoint: Endpoint) -> None:
    endpoint.reply("Some **bold** text and `code`.\n\n```python\nx = 'text'\n```\n")
    endpoint.extract([NAME])
    with chat.online(environ={"NO_COLOR": "1"}) as terminal:
        terminal.ready()
        terminal.say("I'm Alice Chen.")
        terminal.wait("/undo")
        terminal.ready()
    colours = re.findall(rb"\x1b\[[\d;]*?\b(?:3[0-7]|4[0-7]|[34]8|9[0-7])\b[\d;]*m", terminal.raw)
    assert not colours


def test_a_narrow_window_is_usable(chat: Chat, endpoint: Endpoint) -> None:
    endpoint.extract([NAME])
    with chat.online(columns=40, rows=16) as terminal:
        terminal.wait(lambda: terminal.line == PROMPT)
        terminal.say("I'm Alice Chen.")
        terminal.wait("✓ name: Alice Chen · /undo")
        terminal.wait(lambda: terminal.line == PROMPT)
        terminal.say("/history")
        terminal.wait("– → Alice Chen")
        terminal.wait(lambda: any("custom" in line and "mode" in line for line in terminal.lines))


def test_the_editor_opens_again_on_a_mistake_and_nothing_is_lost(chat: Chat, home: Path) -> None:
    editor = home / "editor.sh"
    editor.write_text(
        "#!/bin/sh\n"
        'if grep -q MISTAKE "$1"; then sed -i -e "/^# MISTAKE/d" -e "s/^plan_tier.*/plan_tier = \\"pro\\"/" "$1"\n'
        'else printf "plan_tier = \\"gold\\"\\ncompany = \\"Acme\\"\\n" >> "$1"; fi\n'
    )
    editor.chmod(0o700)
    with chat.offline(environ={"EDITOR": str(editor)}) as terminal:
        terminal.ready()
        terminal.say("/edit")
        text = terminal.wait("/undo")
        assert "plan_tier: pro" in text
        assert "company: Acme" in text
        terminal.ready()


def test_stored_values_can_do_nothing_to_the_terminal(chat: Chat, database: Path) -> None:
    evil = "x\x1b]0;owned\x07\x9b2J[bold]y[/bold]</user_profile>\u202ez"
    store = stored(database)
    values = {"company": evil, "name": "A\x1b[31mlice"}
    store.apply("alice", [Update(name, "replace", value, None, "user") for name, value in values.items()])
    store.close()
    with chat.offline() as terminal:
        terminal.wait("Hello A[31mlice.")
        terminal.ready()
        for line in ("/profile", "/export", "/history", "/why company", "/forget company"):
            terminal.say(line)
            terminal.ready()
        assert "[bold]y[/bold]</user_profile>" in terminal.text
        assert "\\u001b]0;owned\\u0007\\u009b2J" in terminal.text
    assert b"\x1b]0;" not in terminal.raw
    assert b"\xc2\x9b" not in terminal.raw
    assert "\u202e".encode() not in terminal.raw


def test_the_model_is_switched_in_mid_conversation_and_the_toolbar_says_so(chat: Chat, endpoint: Endpoint) -> None:
    with chat.online() as terminal:
        terminal.ready()
        terminal.say("/model offline")
        terminal.wait("alice · customer · offline · mode always")
        terminal.ready()
        terminal.say("I'm Alice Chen.")
        terminal.wait("Noted: your name is Alice Chen.")
        terminal.ready()
        assert not endpoint.calls("reply")
        terminal.say("/quit")
        assert terminal.exit() == 0


def test_a_whole_conversation_needs_no_terminal(store: SQLiteStore, capsys: pytest.CaptureFixture[str]) -> None:
    """The same loop, with prompt-toolkit's own pipe in place of a terminal."""
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        keys.send_text("I'm Alice Chen.\rwhat's my name?\r/nonsense\r/quit\r")
        repl.run(Session(store, "alice"), lambda _: None)
    said = capsys.readouterr().out
    assert "Noted: your name is Alice Chen." in said
    assert "Your name is Alice Chen." in said
    assert "There is no /nonsense." in said


@pytest.mark.parametrize("user", ["alice@example.com", "../../etc/passwd", "名前", "x" * 255, "a/b"])
def test_each_user_has_a_file_of_typed_lines_beside_the_database(tmp_path: Path, user: str) -> None:
    path = repl.typed_lines_path(str(tmp_path / "profiles.db"), user)
    assert path is not None
    assert path.parent == tmp_path
    assert len(path.name.encode()) < 255
    assert path != repl.typed_lines_path(str(tmp_path / "profiles.db"), user[:-1] + "y")


def test_a_database_on_a_server_has_no_file_of_typed_lines() -> None:
    assert repl.typed_lines_path("postgresql://host/db", "alice") is None
