"""The slash commands, each on a real session over a real file."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from profilecli import slash
from profilecli.errors import InvalidValue, ModelError, ProfilecliError, SchemaError, TransferError, UnknownField, UsageError
from profilecli.llm import LLM, open_model
from profilecli.models import Update, Usage
from profilecli.schema import SchemaSet
from profilecli.session import Session
from profilecli.slash import COMMANDS, Context, completions, is_command
from profilecli.store import open_store
from profilecli.store.sqlite import SQLiteStore

Say = Callable[[str], str]


@pytest.fixture
def context(store: SQLiteStore) -> Context:
    """A conversation of alice's with the customer schema, offline."""
    session = Session(store, "alice", schema=store.schemas.get("customer"))
    console = Console(file=io.StringIO(), width=100, markup=False, emoji=False, highlight=False)
    return Context(session, console, lambda name: open_model(name, api_key="sk-test-123456789012"))


@pytest.fixture
def say(context: Context) -> Say:
    """Runs a command; returns what it printed."""

    def run(line: str) -> str:
        context.console.file = io.StringIO()
        slash.run(context, line)
        return context.console.file.getvalue()

    return run


def fields(context: Context) -> dict[str, object]:
    """The values that are set."""
    return dict(context.session.profile.fields)


def texts(context: Context, line: str) -> list[str]:
    """What the end of the line can become."""
    return [candidate.text for candidate in completions(context, line)]


def test_every_command_of_the_contract_is_there_with_a_help_text() -> None:
    contract = "profile edit forget undo why history mode model schema usage new export help quit"
    assert set(contract.split()) == set(COMMANDS)
    assert all(command.help.endswith((".", ".)")) for command in COMMANDS.values())


@pytest.mark.parametrize("line", ["/help", "/?", "/", "/why company", "/x", "/edit\tname=x"])
def test_a_slash_and_a_word_is_a_command(line: str) -> None:
    assert is_command(line)


@pytest.mark.parametrize("line", ["/etc/hosts is broken", "/usr/bin", "a /help", "/home/alice", "//", "/1"])
def test_a_path_is_a_message(line: str) -> None:
    assert not is_command(line)


def test_help_names_every_command(say: Say) -> None:
    text = say("/help")
    assert all(f"/{name}" in text for name in COMMANDS)


def test_help_fits_a_narrow_window(context: Context, say: Say) -> None:
    context.console.width = 40
    assert max(map(len, say("/help").splitlines())) <= 40


@pytest.mark.parametrize(("line", "meant"), [("/hel", "help"), ("/HELP", "help"), ("/?", "help"), ("/p", "profile"), ("/hi", "history")])
def test_a_beginning_that_only_one_command_has_is_enough(say: Say, line: str, meant: str) -> None:
    assert say(line) == say(f"/{meant}")


@pytest.mark.parametrize("line", ["/quit", "/q", "/exit", "/exi", "/bye"])
def test_quit_leaves_by_all_its_names(say: Say, line: str) -> None:
    with pytest.raises(slash.Quit):
        say(line)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("/m", "Did you mean /mode or /model?"),
        ("/edti x", "Did you mean /edit?"),
        ("/xyzzy", "There is no /xyzzy. /help"),
        ("/", "There is no /."),
    ],
)
def test_a_command_that_is_not_there_is_an_error_with_a_suggestion(say: Say, line: str, expected: str) -> None:
    with pytest.raises(UsageError, match=re.escape(expected)):
        say(line)


def test_tab_offers_commands_fields_and_choices(context: Context, say: Say) -> None:
    assert texts(context, "/") == [f"/{name}" for name in COMMANDS]
    assert texts(context, "/mo") == ["/mode", "/model"]
    assert texts(context, "/why com") == ["company"]
    assert texts(context, "/forget com") == []
    say("/edit company=Acme")
    assert texts(context, "/forget com") == ["company"]
    assert texts(context, "/edit plan_tier=") == ["plan_tier=free", "plan_tier=pro", "plan_tier=enterprise"]
    assert texts(context, "/edit company=Acme ro") == ["role="]
    assert texts(context, "/mode o") == ["off"]
    assert "customer" in texts(context, "/schema c")
    assert texts(context, "/model off") == ["offline"]
    assert texts(context, "/nonsense x") == []
    assert texts(context, "/help x") == []


@given(line=st.text(max_size=30))
def test_completion_never_fails_and_replaces_only_what_is_typed(line: str) -> None:
    store = open_store(":memory-that-is-not-there:", create=False)
    context = Context(Session(store, "alice"), Console(file=io.StringIO()), lambda _: None)
    assert all(0 <= candidate.replaces <= len(line) + 1 for candidate in completions(context, f"/{line}"))
    store.close()


def test_profile_shows_what_is_known(say: Say) -> None:
    say("/edit company=Acme")
    assert re.search(r"Company +Acme", say("/profile"))


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("company=Acme", {"company": "Acme"}),
        ('role="data scientist" company=Acme', {"role": "data scientist", "company": "Acme"}),
        ("role=data scientist company=Acme", {"role": "data scientist", "company": "Acme"}),
        ("company=O'Reilly", {"company": "O'Reilly"}),
        ("company='x = y z=1'", {"company": "x = y z=1"}),
        ("company = Acme", {"company": "Acme"}),
        ("company=a=b", {"company": "a=b"}),
        ('company="say \\"hi\\""', {"company": 'say "hi"'}),
        ("company=[bold]x[/bold] </user_profile>", {"company": "[bold]x[/bold] </user_profile>"}),
        ("plan_tier=PRO", {"plan_tier": "pro"}),
    ],
)
def test_edit_takes_values_with_spaces_quoted_or_not(context: Context, say: Say, argument: str, expected: dict[str, str]) -> None:
    assert "· /undo" in say(f"/edit {argument}")
    assert fields(context) == expected


@pytest.mark.parametrize(
    ("argument", "error", "expected"),
    [
        ("company", UsageError, "/edit takes FIELD=VALUE"),
        ("x company=Acme", UsageError, "/edit takes FIELD=VALUE"),
        ("company=", UsageError, "/forget company"),
        ("compny=Acme", UnknownField, "compny"),
        ("company=Acme compny=x", UnknownField, "compny"),
        ("plan_tier=gold", InvalidValue, "plan_tier"),
    ],
)
def test_a_wrong_edit_changes_nothing(context: Context, say: Say, argument: str, error: type[Exception], expected: str) -> None:
    with pytest.raises(error, match=re.escape(expected)):
        say(f"/edit {argument}")
    assert fields(context) == {}


def test_edit_without_arguments_opens_the_editor(context: Context, say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\necho \'company = "Acme"\' >> "$1"\n')
    editor.chmod(0o700)
    monkeypatch.setenv("EDITOR", str(editor))
    assert "company: Acme" in say("/edit")
    assert fields(context) == {"company": "Acme"}


def test_forget_clears_fields_and_undo_brings_them_back(context: Context, say: Say) -> None:
    say("/edit company=Acme role=engineer")
    assert "company: Acme (removed); role: engineer (removed)" in say("/forget company, role")
    assert fields(context) == {}
    assert "↩ company: Acme" in say("/undo")
    assert fields(context) == {"company": "Acme", "role": "engineer"}


@pytest.mark.parametrize(("line", "error"), [("/forget", UsageError), ("/forget compny", UnknownField), ("/undo", ProfilecliError)])
def test_forget_and_undo_say_what_is_missing(say: Say, line: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        say(line)


def test_undo_takes_back_this_conversation_only(context: Context, say: Say) -> None:
    say("/edit company=Acme")
    say("/new")
    with pytest.raises(ProfilecliError, match="nothing to take back"):
        say("/undo")
    assert fields(context) == {"company": "Acme"}


def test_why_shows_the_words_even_of_an_older_change(context: Context, say: Say) -> None:
    message = context.session.store.add_message("alice", "s", "user", "I work at Acme")
    context.session.store.apply("alice", [Update("company", "set", "Acme", "I work at Acme", "rules")], message=message)
    assert "I work at Acme" in say("/why company")
    for name in ("A", "B", "C", "D"):
        say(f"/edit company={name}")
    assert "I work at Acme" in say("/why company")


def test_why_shows_what_was_refused_once(context: Context, say: Say) -> None:
    from profilecli.models import Rejection

    refusal = Rejection("company", "Samsung", "not stated by the user", "Samsung makes phones")
    for text in ("one", "two"):
        message = context.session.store.add_message("alice", "s", "user", text)
        context.session.store.apply("alice", [], message=message, rejections=[refusal])
    assert say("/why company").count("not stated by the user") == 1


@pytest.mark.parametrize("line", ["/why compny", "/history compny"])
def test_a_field_that_is_not_there_is_an_error(say: Say, line: str) -> None:
    with pytest.raises(UnknownField):
        say(line)


def test_why_and_history_of_nothing_say_so(say: Say) -> None:
    assert say("/why company") == "You have said nothing about company yet.\n"
    assert say("/history") == say("/history company") == "Nothing on record.\n"
    with pytest.raises(UsageError, match="Example: /why company"):
        say("/why")


def test_history_has_every_change(say: Say) -> None:
    say("/edit company=Acme")
    say("/edit company=Globex role=engineer")
    assert "Acme → Globex" in say("/history")
    assert "engineer" not in say("/history company")


@pytest.mark.parametrize("mode", ["always", "agentic", "off"])
def test_mode_is_set_and_shown(context: Context, say: Say, mode: str) -> None:
    assert say(f"/mode {mode}").startswith(f"mode {mode}: ")
    assert context.session.mode == mode
    assert say("/mode").startswith(f"mode {mode}: ")


def test_a_mode_that_is_not_there_is_an_error(context: Context, say: Say) -> None:
    with pytest.raises(UsageError, match="always, agentic, off"):
        say("/mode never")
    assert context.session.mode == "always"


def test_what_would_be_kept_in_no_file_is_refused(tmp_path: Path, schemas: SchemaSet) -> None:
    store = open_store(tmp_path / "none.db", schemas=schemas, create=False)
    context = Context(Session(store, "alice", mode="off"), Console(file=io.StringIO()), lambda _: None)
    for line in ("/mode always", "/edit name=Alice"):
        with pytest.raises(UsageError, match="There is no database yet"):
            slash.run(context, line)
    assert context.session.mode == "off"
    store.close()
    assert not list(tmp_path.glob("none.db*"))


def test_model_switches_who_answers(context: Context, say: Say) -> None:
    assert say("/model") == "model offline\n"
    assert say("/model gpt-5.2") == "model gpt-5.2\n"
    assert context.session.model is not None
    assert say("/model offline") == "model offline\n"
    assert context.session.model is None


def test_a_model_that_cannot_be_had_leaves_the_old_one(context: Context, say: Say) -> None:
    say("/model gpt-5.2")

    def refuse(name: str) -> LLM | None:
        raise ModelError("setup", f"{name} is not there.")

    context.open_model = refuse
    with pytest.raises(ModelError):
        say("/model nothing.gguf")
    assert say("/model") == "model gpt-5.2\n"


def test_schema_is_set_shown_and_kept_with_the_next_change(context: Context, say: Say) -> None:
    assert say("/schema support").startswith("schema support: ")
    assert "others: " in say("/schema")
    say("/edit name=Alice")
    assert context.session.profile.schema == "support"
    with pytest.raises(SchemaError, match="nonsense"):
        say("/schema nonsense")
    assert context.session.schema.name == "support"


def test_new_starts_another_conversation(context: Context, say: Say) -> None:
    before = context.session.session_id
    assert say("/new") == "A new conversation.\n"
    assert context.session.session_id != before


@pytest.mark.parametrize(("name", "begins"), [("out.json", "["), ("my file.jsonl", "{"), ("out.CSV", "user_id,"), ("out", "[")])
def test_export_writes_a_private_file_in_the_form_of_its_name(say: Say, tmp_path: Path, name: str, begins: str) -> None:
    say("/edit company=Acme")
    path = tmp_path / name
    say(f'/export "{path}"')
    assert path.read_text().startswith(begins)
    assert "Acme" in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600


def test_export_here_is_the_same_json_with_escapes(context: Context, say: Say) -> None:
    context.session.change([Update("company", "replace", "a\x9bb\u202ec 日本", None, "user")])
    text = say("/export")
    assert "a\\u009bb\\u202ec 日本" in text
    assert json.loads(text)[0]["fields"]["company"] == "a\x9bb\u202ec 日本"


@pytest.mark.parametrize("target", ["/nonexistent/x.json", "."])
def test_an_export_that_cannot_be_written_is_an_error(say: Say, target: str) -> None:
    with pytest.raises(TransferError, match="can't be written"):
        say(f"/export {target}")


def test_usage_tells_what_was_spent_and_what_was_not_reported(context: Context, say: Say) -> None:
    """For replies and for learning."""
    context.session.spent = {"reply": Usage(2, 1200, 30), "learning": Usage(1, None, None)}
    shown = " ".join(say("/usage").split())
    assert "reply 2 1,200 30" in shown
    assert "learning 1 not reported not reported" in shown
