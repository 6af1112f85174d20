"""Models on this machine, with the real llama.cpp and the real small model."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import struct
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profilecli import prompts
from profilecli.errors import ModelError
from profilecli.extract import ModelExtractor, RulesExtractor
from profilecli.extract.model import parse_updates
from profilecli.llm import Delta, ReplyEnd, choose_model, local, open_model
from profilecli.llm.gguf import read_header
from profilecli.llm.local import LocalModel, is_local
from profilecli.models import Utterance
from profilecli.schema import BASE, Field
from profilecli.session import Session, make_extractor
from profilecli.store.sqlite import SQLiteStore
from tests.local_model import put_in_home, small_model_file
from tests.program import Program
from tests.timing import wait_until

__all__ = ["small_model_file"]


@pytest.fixture
def pulled(small_model_file: Path) -> Path:
    """The small model, pulled into the home of this test."""
    return put_in_home(small_model_file)


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    """One loop for a test."""
    with asyncio.Runner() as loop:
        yield loop


def gguf(*entries: tuple[str, int, bytes]) -> bytes:
    """A GGUF header with these entries: key, type, value."""
    body = b"".join(_text(key) + struct.pack("<I", kind) + value for key, kind, value in entries)
    return b"GGUF" + struct.pack("<IQQ", 3, 0, len(entries)) + body


def _text(text: str) -> bytes:
    return struct.pack("<Q", len(text.encode())) + text.encode()


HEADER = gguf(
    ("general.architecture", 8, _text("llama")),
    ("general.tags", 9, struct.pack("<IQ", 8, 2) + _text("a") + _text("b")),
    ("general.numbers", 9, struct.pack("<IQ", 4, 3) + bytes(12)),
    ("general.name", 8, _text("Tiny")),
    ("llama.context_length", 4, struct.pack("<I", 2048)),
)


async def replied(model: LocalModel, text: str, system: str = "You are a helpful assistant.") -> tuple[str, ReplyEnd]:
    """A whole reply."""
    said = ""
    async for piece in model.reply(system, [Utterance("user", text)]):
        if isinstance(piece, Delta):
            said += piece.text
        else:
            return said, piece
    raise AssertionError("no end")


# ---- without llama.cpp


def test_the_header_tells_the_name_and_the_context_length(tmp_path: Path) -> None:
    """Arrays before them are passed over."""
    (tmp_path / "m.gguf").write_bytes(HEADER)
    header = read_header(tmp_path / "m.gguf")
    assert (header.name, header.context_length) == ("Tiny", 2048)


@given(st.integers(0, len(HEADER) - 1), st.binary(max_size=40))
def test_a_damaged_header_is_a_clear_line_or_is_read(tmp_path_factory: pytest.TempPathFactory, cut: int, rest: bytes) -> None:
    """Whatever bytes follow where the file breaks off."""
    path = tmp_path_factory.mktemp("gguf") / "m.gguf"
    path.write_bytes(HEADER[:cut] + rest)
    with contextlib.suppress(ModelError):
        assert read_header(path).context_length != 0


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    """When the model is chosen, not with the first message."""
    with pytest.raises(ModelError, match=r"There is no model file .*m\.gguf"):
        read_header(tmp_path / "m.gguf")


def test_local_without_the_file_says_how_to_fetch_it() -> None:
    """Nothing is downloaded unasked."""
    with pytest.raises(ModelError, match="profile model pull") as raised:
        open_model("local")
    assert raised.value.fatal


def test_without_the_extra_the_line_says_what_to_install(program: Program, tmp_path: Path) -> None:
    """In a process that can't find xllamacpp."""
    (tmp_path / "m.gguf").write_bytes(HEADER)
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text("import sys\nsys.modules['xllamacpp'] = None\n")
    asked = program("ask", "--model", tmp_path / "m.gguf", "Hi", PYTHONPATH=str(tmp_path / "site"))
    assert (asked.code, asked.out) == (1, "")
    assert "pip install 'profilecli[local]'" in asked.err
    assert "Traceback" not in asked.err


def test_local_learns_by_the_rules_and_a_file_of_ones_own_by_the_model(tmp_path: Path, pulled: Path) -> None:
    """Unless somebody chose."""
    (tmp_path / "m.gguf").write_bytes(HEADER)
    small, own = LocalModel("local"), LocalModel(str(tmp_path / "m.gguf"))
    assert isinstance(make_extractor("auto", small), RulesExtractor)
    assert isinstance(make_extractor("model", small), ModelExtractor)
    assert isinstance(make_extractor("auto", own), ModelExtractor)
    assert isinstance(make_extractor("rules", own), RulesExtractor)
    assert own.context_window == 2048


def test_names_of_local_models() -> None:
    """A word, or a path that ends in .gguf."""
    assert is_local("local")
    assert is_local("~/models/any.gguf")
    assert not is_local("gpt-5.2")


# ---- with llama.cpp


def test_a_pulled_model_answers_where_there_is_no_key(pulled: Path) -> None:
    """Design: named, else the key's, else local, else offline."""
    assert choose_model(None, None, {}) == "local"
    assert choose_model(None, None, {"OPENAI_API_KEY": "sk-x"}) == "gpt-5.2"
    assert choose_model("offline", None, {}) == "offline"
    pulled.unlink()
    assert choose_model(None, None, {}) == "offline"


@pytest.mark.slow
def test_the_same_question_gets_the_same_answer_in_pieces(pulled: Path, runner: asyncio.Runner) -> None:
    """Temperature 0; tokens are counted."""
    model = LocalModel("local")
    first, end = runner.run(replied(model, "What is the capital of France?"))
    again, _ = runner.run(replied(model, "What is the capital of France?"))
    runner.run(model.close())
    assert "Paris" in first
    assert first == again
    assert end.usage.calls == 1
    assert (end.usage.input_tokens or 0) > 10
    assert (end.usage.output_tokens or 0) > 3


@pytest.mark.slow
def test_the_schema_of_the_extraction_becomes_a_grammar(pulled: Path, runner: asyncio.Runner) -> None:
    """Whatever so small a model understands, it answers in the shape that it was given."""
    model = LocalModel(str(pulled))
    answer = runner.run(
        model.structured(
            prompts.extraction_system(BASE.fields, {}),
            prompts.extraction_prompt("Hi, my name is Ada Lovelace.", ()),
            prompts.extraction_schema(BASE.fields),
        )
    )
    runner.run(model.close())
    shape = json.loads(answer.text)
    assert list(shape) == ["updates"]
    assert all(set(item) == {"field", "action", "value", "quote"} for item in shape["updates"])
    assert all(proposal.field in BASE.by_name for proposal in parse_updates(answer.text))


@pytest.mark.slow
def test_the_prompt_does_not_stand_still_while_the_model_loads(pulled: Path, runner: asyncio.Runner) -> None:
    """The loading is another process's; here the loop goes on ticking."""
    model = LocalModel("local")

    async def longest_gap() -> float:
        model.preload()
        gap, last = 0.0, time.perf_counter()
        while model._model is None and model._error is None:
            await asyncio.sleep(0.001)
            now = time.perf_counter()
            gap, last = max(gap, now - last), now
        return gap

    began = time.perf_counter()
    gap = runner.run(longest_gap())
    took = time.perf_counter() - began
    runner.run(model.close())
    assert gap < took / 2


@pytest.mark.slow
def test_closing_ends_the_server_even_while_it_loads(pulled: Path, runner: asyncio.Runner) -> None:
    """At once, and for good."""
    model = LocalModel("local")
    model.preload()
    while model._process is None:
        time.sleep(0.001)
    began = time.perf_counter()
    runner.run(model.close())
    assert time.perf_counter() - began < 2
    assert model._process.returncode is not None


@pytest.mark.slow
def test_a_server_that_died_is_said_to_have_and_starts_again(pulled: Path, runner: asyncio.Runner) -> None:
    """As an assertion in llama.cpp would end it."""
    model = LocalModel("local")
    runner.run(replied(model, "Hello"))
    assert model._process is not None

    async def killed() -> None:
        assert model._process is not None
        answer = model.reply("Be long.", [Utterance("user", "Tell me a long story.")])
        await anext(answer)
        model._process.kill()
        async for _ in answer:
            pass

    with pytest.raises(ModelError, match="starts again with the next message"):
        runner.run(killed())
    said, _ = runner.run(replied(model, "What is the capital of France?"))
    runner.run(model.close())
    assert "Paris" in said


@pytest.mark.slow
def test_a_file_that_llama_cpp_refuses_is_a_clear_line(tmp_path: Path, pulled: Path, runner: asyncio.Runner) -> None:
    """A sound header with nothing behind it."""
    (tmp_path / "half.gguf").write_bytes(pulled.read_bytes()[:20_000_000])
    model = LocalModel(str(tmp_path / "half.gguf"))
    with pytest.raises(ModelError, match=r"can't load .*half\.gguf: .*\w") as raised:
        runner.run(replied(model, "Hello"))
    runner.run(model.close())
    assert raised.value.kind == "setup"


@pytest.mark.slow
def test_nobody_without_the_key_is_served(pulled: Path, runner: asyncio.Runner) -> None:
    """The server listens on loopback alone, at a port of its own."""
    import urllib.error
    import urllib.request

    model = LocalModel("local")
    asked = runner.run(model.models())
    assert model._model is not None
    assert len(asked) == 1
    assert model._model.base_url.startswith("http://127.0.0.1:")
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(
            urllib.request.Request(f"{model._model.base_url}/chat/completions", data=b'{"messages": []}', method="POST"), timeout=10
        )
    runner.run(model.close())


@pytest.mark.slow
def test_a_turn_learns_by_the_rules_while_the_small_model_talks(store: SQLiteStore, pulled: Path, runner: asyncio.Runner) -> None:
    """And the session knows the model's window."""
    model = LocalModel("local", context_window=4096)
    session = Session(store, "alice", model=model)
    assert session.window.tokens == 4096

    async def turn() -> object:
        return [event async for event in session.turn("Hi, I'm Alice Chen.")][-1]

    result = runner.run(turn()).result  # type: ignore[attr-defined]
    runner.run(model.close())
    assert result.error is None
    assert result.reply
    assert [(change.field, change.new, change.source) for change in result.learned] == [("name", "Alice Chen", "rules")]


@pytest.mark.slow
def test_a_pipe_is_answered_without_a_word_of_llama_cpps(program: Program, pulled: Path) -> None:
    """Stdout has the replies, stderr what was learned, and no process is left."""
    said = program("chat", "--json", stdin="Hi, I'm Alice Chen.\nWhat is the capital of France?\n", timeout=120)
    assert said.code == 0
    first, second = said.lines
    assert first["learned"][0]["new"] == "Alice Chen"
    assert "Paris" in second["reply"]
    assert said.err == "✓ name: Alice Chen\n"


@pytest.mark.slow
def test_the_prompt_answers_with_the_small_model_and_leaves_in_order(program: Program, pulled: Path) -> None:
    """On a terminal: a reply, what was learned under it, and Ctrl-D."""
    import pexpect  # type: ignore[import-untyped, unused-ignore]

    typed = pexpect.spawn(
        sys.executable, ["-m", "profilecli", "chat"],
        env={**program.environment(TERM="xterm"), "PYTHONWARNINGS": "error"}, cwd=str(program.home), timeout=60, encoding="utf-8", dimensions=(24, 100),
    )  # fmt: skip
    typed.expect("›")
    typed.send("Hi, I'm Alice Chen.\r")
    typed.expect("name: Alice Chen")
    typed.send("\x04")
    typed.expect(pexpect.EOF)
    typed.close()
    assert typed.exitstatus == 0
    assert "Traceback" not in str(typed.before)


@pytest.mark.slow
def test_a_proxy_in_the_environment_is_not_for_loopback(program: Program, pulled: Path) -> None:
    """Else the conversation would leave the machine."""
    asked = program("ask", "What is the capital of France?", timeout=120, HTTP_PROXY="http://127.0.0.1:9", http_proxy="http://127.0.0.1:9")
    assert "Paris" in asked.out


@pytest.mark.slow
@pytest.mark.parametrize("answering", [False, True], ids=["loading", "answering"])
def test_ctrl_c_while_it_loads_or_answers_ends_all_of_it(program: Program, pulled: Path, answering: bool) -> None:
    """No hang, no traceback, and the server is gone."""
    running = program.start("ask", "--model", "local", "Tell me a very long story about the sea.")
    assert running.stdout is not None
    if answering:
        assert running.stdout.read(1)
    while not (servers := _servers_of(running.pid)):
        assert running.poll() is None
        time.sleep(0.01)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=20)
    assert b"Traceback" not in said
    _wait_for_the_end_of(servers)


@pytest.mark.slow
def test_the_server_does_not_outlive_a_killed_program(program: Program, pulled: Path) -> None:
    """It ends when its stdin does."""
    running = program.start("chat", "--model", "local")
    assert running.stdin is not None
    assert running.stdout is not None
    running.stdin.write(b"Hello\n")
    running.stdin.flush()
    assert running.stdout.read(1)
    servers = _servers_of(running.pid)
    assert len(servers) == 1
    running.kill()
    running.communicate()
    _wait_for_the_end_of(servers)


def _wait_for_the_end_of(servers: list[int]) -> None:
    """A process takes a moment to end."""
    wait_until(lambda: not any(map(_is_server, servers)))


def _is_server(pid: int) -> bool:
    try:
        return b"llama_server" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def _servers_of(pid: int) -> list[int]:
    """The servers that a process started and that still run."""
    if sys.platform != "linux":
        pytest.skip("looks into /proc")
    found = []
    for entry in (path.name for path in Path("/proc").iterdir()):
        try:
            if entry.isdigit() and _is_server(int(entry)):
                parent = int(Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()[1])
                found += [int(entry)] * (parent == pid)
        except OSError:
            continue  # it has just ended
    return found


def test_every_list_and_free_text_of_a_grammar_has_an_end() -> None:
    """A small model goes round in circles otherwise; choices and the rest stay as they are."""
    schema = prompts.extraction_schema([Field("name"), Field("plan")])
    item = local._bounded(schema)["properties"]["updates"]["items"]
    assert local._bounded(schema)["properties"]["updates"]["maxItems"] == local._MOST_ITEMS
    assert item["properties"]["quote"] == {"type": "string", "maxLength": local._LONGEST_TEXT}
    assert item["properties"]["value"]["maxLength"] == local._LONGEST_TEXT
    assert item["properties"]["field"] == {"type": "string", "enum": ["name", "plan"]}
    assert item["required"] == ["field", "action", "value", "quote"]
