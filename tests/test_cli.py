"""The other commands, as processes: what they print, and their exit codes."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from profilecli import __version__
from profilecli.cli.group import COMMANDS
from profilecli.store.migrations import VERSION
from tests.conftest import SCHEMAS
from tests.program import Program

DIR = ("--schema-dir", str(SCHEMAS))


@pytest.fixture
def alice(program: Program) -> Program:
    """The program with a profile of alice in the customer schema."""
    ran = program("edit", "--schema", "customer", *DIR, "name=Alice Chen", "company=Acme", "plan_tier=PRO")
    assert ran.code == 0, ran.err
    return program


def test_every_command_has_help_with_an_example(program: Program) -> None:
    """Short, and exit 0."""
    for command in COMMANDS:
        ran = program(command, "--help")
        assert ran.code == 0, command
        assert "profile " in ran.out
    assert "Example" in program("show", "--help").out


def test_the_whole_help_lists_every_command(program: Program) -> None:
    """With a line each."""
    ran = program("--help")
    assert all(f"\n  {name} " in ran.out for name in COMMANDS)
    assert program("--version").out == f"profilecli {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("shwo",),
        ("show", "--nonsense"),
        ("show", "--format", "xml"),
        ("export", "--format", "xml"),
        ("config", "set", "mode", "x"),
        ("show", "--user", "a\x1b"),
    ],
)
def test_wrong_usage_is_exit_2_without_a_traceback(program: Program, arguments: tuple[str, ...]) -> None:
    """And says what is wrong."""
    ran = program(*arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err
    assert "Traceback" not in ran.err


def test_a_misspelt_command_is_suggested(program: Program) -> None:
    """Did you mean show?"""
    assert "Did you mean show" in program("shwo").err


def test_show_without_a_profile_is_exit_1_and_makes_no_file(program: Program) -> None:
    """One line that says how to start one."""
    ran = program("show")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "profile: No profile for 'alice'. Start one with: profile chat --user 'alice'\n"
    assert not list(program.home.rglob("*.db"))


def test_show_json_has_the_documented_shape(alice: Program) -> None:
    """Every field of the schema, in order."""
    shown = alice("show", "--json", *DIR).json
    assert list(shown) == ["user_id", "schema", "fields", "other", "created_at", "updated_at"]
    assert shown["fields"] == {
        "name": "Alice Chen",
        "preferred_name": None,
        "company": "Acme",
        "plan_tier": "pro",
        "role": None,
        "timezone": None,
    }
    assert len(shown["created_at"]) == len("2026-01-31T12:00:00Z")


def test_show_through_another_schema_changes_nothing(alice: Program) -> None:
    """Reading commands only view through it."""
    shown = alice("show", "--json", "--schema", "support", *DIR).json
    assert shown["fields"]["company"] == "Acme"
    assert shown["other"] == {"plan_tier": "pro"}
    assert alice("users", "--json").json[0]["schema"] == "customer"


def test_show_as_a_prompt_is_the_block_as_a_model_sees_it(alice: Program) -> None:
    """For use in other tools."""
    assert (
        alice("show", "--format", "prompt", *DIR).out
        == "<user_profile>\nName: Alice Chen\nCompany: Acme\nPlan Tier: pro\n</user_profile>\n"
    )


def test_show_draws_a_panel_that_values_cannot_break(alice: Program) -> None:
    """Markup, escape sequences and marks of direction are shown as nothing but text."""
    alice("edit", *DIR, "company=[bold]x[/bold] \x1b[31m", "role=\u202eevil")
    ran = alice("show", *DIR)
    assert "[bold]x[/bold] [31m" in ran.out
    assert "\x1b" not in ran.out
    assert "\u202e" not in ran.out
    assert "Plan Tier" in ran.out


def test_colour_is_for_terminals_and_for_those_who_force_it(alice: Program) -> None:
    """NO_COLOR and FORCE_COLOR are heeded."""
    assert "\x1b[" not in alice("show", *DIR).out
    assert "\x1b[" in alice("show", *DIR, FORCE_COLOR="1").out


def test_a_schema_that_is_not_at_hand_is_said_once_and_the_values_are_shown(alice: Program) -> None:
    """Under fields, as they are stored."""
    ran = alice("show", "--json")
    assert ran.json["fields"] == {"name": "Alice Chen", "company": "Acme", "plan_tier": "pro"}
    assert len(ran.err.splitlines()) == 1
    assert "--schema-dir" in ran.err


def test_without_its_schema_a_profile_still_learns_the_base_fields(alice: Program) -> None:
    """And keeps the others, and its schema's name."""
    alice("ask", "--model", "offline", "Call me Ali. I work at Globex.")
    shown = alice("show", "--json", *DIR).json
    assert shown["schema"] == "customer"
    assert (shown["fields"]["preferred_name"], shown["fields"]["company"]) == ("Ali", "Acme")


def test_edit_sets_and_unsets_and_says_so(alice: Program) -> None:
    """On stderr; stdout stays empty."""
    ran = alice("edit", *DIR, "role=data scientist", "--unset", "company")
    assert (ran.code, ran.out) == (0, "")
    assert "✓ role: data scientist" in ran.err
    assert "✓ company: Acme (removed)" in ran.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("company=",), "--unset"),
        (("compny=x",), "no field 'compny'"),
        (("plan_tier=gold",), "free | pro | enterprise"),
        (("company",), "FIELD=VALUE"),
    ],
)
def test_a_wrong_edit_is_exit_2_and_changes_nothing(alice: Program, arguments: tuple[str, ...], words: str) -> None:
    """All of the call or nothing."""
    ran = alice("edit", *DIR, "role=x", *arguments)
    assert ran.code == 2
    assert words in ran.err
    assert alice("show", "--json", *DIR).json["fields"]["role"] is None


def test_history_and_undo(alice: Program) -> None:
    """A command is one set; undo twice is no change; nothing to undo is exit 1."""
    alice("edit", *DIR, "company=Globex", "role=boss")
    entries = alice("history", "company", "--json").json
    assert [list(entry)[:8] for entry in entries] == [["id", "field", "old", "new", "source", "quote", "session_id", "at"]] * 2
    assert [(e["old"], e["new"], e["source"]) for e in entries] == [(None, "Acme", "user"), ("Acme", "Globex", "user")]
    assert alice("undo").code == 0
    assert alice("show", "--json", *DIR).json["fields"]["company"] == "Acme"
    assert alice("undo").code == 0
    assert alice("show", "--json", *DIR).json["fields"]["company"] == "Globex"
    assert alice("undo", "--user", "nobody").code == 1


def test_history_shows_the_words_and_what_was_refused(program: Program) -> None:
    """As a table, too."""
    program("ask", "--model", "offline", "My name is Greta Thun.")
    assert "My name is Greta Thun" in program("history").out
    assert program("history", "--rejected", "--json").code == 0


def test_reset_asks_and_in_a_script_wants_yes(alice: Program) -> None:
    """Nothing goes by accident."""
    ran = alice("reset")
    assert ran.code == 2
    assert "--yes" in ran.err
    assert alice("show", "--json").code == 0
    assert alice("reset", "--yes").code == 0
    assert alice("show").code == 1


def test_reset_of_a_field_leaves_no_byte_of_it(alice: Program) -> None:
    """Value, history and messages."""
    alice("ask", "--model", "offline", *DIR, "I work at Zyxware Labs.")
    assert alice("show", "--json", *DIR).json["fields"]["company"] == "Zyxware Labs"
    assert alice("reset", "company", "--yes").code == 0
    assert not [file for file in alice.home.rglob("*profiles.db*") if b"Zyxware" in file.read_bytes()]
    assert alice("show", "--json", *DIR).json["fields"]["name"] == "Alice Chen"
    assert alice("reset", "nonsense", "--yes").code == 2


@pytest.mark.parametrize("form", ["json", "jsonl", "csv"])
def test_export_and_import_are_each_others_inverse(alice: Program, tmp_path: Path, form: str) -> None:
    """Through a file, into another database."""
    alice("edit", "--user", "=bob", "name=-Bob", "preferred_name='B")
    before = alice("export", "--all", *DIR).json
    assert alice("export", "--all", "--format", form, "-o", tmp_path / "out").code == 0
    assert alice("import", tmp_path / "out", "--db", tmp_path / "copy.db").code == 0
    assert alice("export", "--all", *DIR, "--db", tmp_path / "copy.db").json == before
    assert [profile["user_id"] for profile in before] == ["=bob", "alice"]


def test_an_import_that_fails_changes_nothing(alice: Program, tmp_path: Path) -> None:
    """Exit 1, the line and the reason."""
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"user_id": "bob", "fields": {"name": "Bob"}}\n{broken\n')
    ran = alice("import", bad)
    assert ran.code == 1
    assert "line 2" in ran.err
    assert len(alice("users", "--json").json) == 1
    assert alice("import", tmp_path / "none").code == 1


def test_users_are_listed_by_id(alice: Program) -> None:
    """As a table and as JSON."""
    alice("edit", "--user", "Bob", "name=Bob")
    entries = alice("users", "--json").json
    assert [list(entry)[:4] for entry in entries] == [["user_id", "schema", "fields_set", "updated_at"]] * 2
    assert [(e["user_id"], e["schema"], e["fields_set"]) for e in entries] == [("Bob", "base", 1), ("alice", "customer", 3)]
    assert "alice" in alice("users").out


def test_learn_reads_records_and_counts(program: Program, tmp_path: Path) -> None:
    """For several users; a dry run keeps nothing; a bad record is skipped and told by the exit code."""
    records = [
        {"user_id": "bob", "content": "My name is Bob Marsh."},
        {
            "user_id": "eve",
            "messages": [{"role": "assistant", "content": "Your name is Tom."}, {"role": "user", "content": "I'm Eve. I work at Acme."}],
        },
        {"content": "Call me Ali."},
    ]
    path = tmp_path / "chats.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    dry = program("learn", path, "--extractor", "rules", "--dry-run", "--json", "--schema", "customer", *DIR)
    assert dry.json == {"messages": 3, "learned": 4, "rejected": 0, "pending": 0, "users": 3}
    assert program("users", "--json").json == []
    assert program("learn", path, "--extractor", "rules", "--schema", "customer", *DIR).code == 0
    assert program("show", "-u", "eve", "--json", *DIR).json["fields"]["company"] == "Acme"
    assert program("show", "--json", *DIR).json["fields"]["preferred_name"] == "Ali"
    path.write_text("{broken\n" + json.dumps(records[0]) + "\n")
    ran = program("learn", path, "--extractor", "rules", "--json")
    assert ran.code == 1
    assert "line 1" in ran.err
    assert (ran.json["messages"], ran.json["skipped"], ran.json["bad"]) == (0, 1, 1)


def test_schemas_are_listed_shown_checked_and_made(program: Program, tmp_path: Path) -> None:
    """A new one is sound as it is."""
    assert [s["schema"] for s in program("schemas", "list", "--json", *DIR).json] == ["base", "customer", "support"]
    fields = program("schemas", "show", "customer", "--json", *DIR).json["fields"]
    assert next(f for f in fields if f["name"] == "plan_tier")["choices"] == ["free", "pro", "enterprise"]
    assert program("schemas", "check", SCHEMAS).code == 0
    folder = tmp_path / "mine"
    made = program("schemas", "new", "my_team", "--schema-dir", folder)
    assert made.out.strip() == str(folder / "my_team.py")
    assert program("schemas", "check", folder / "my_team.py").code == 0
    assert program("schemas", "new", "my_team", "--schema-dir", folder).code == 1
    assert program("schemas", "new", "My Team").code == 2
    (folder / "broken.py").write_text("x = (\n")
    ran = program("schemas", "check", folder)
    assert ran.code == 1
    assert "broken.py:1" in ran.err
    assert program("schemas", "show", "nonsense").code == 1


def test_config_shows_sets_and_says_where_from(program: Program) -> None:
    """The key is never printed."""
    path = Path(program("config", "path").out.strip())
    assert program("config", "set", "model", "offline").code == 0
    shown = program("config", "show", "--json", OPENAI_API_KEY="sk-very-secret").json
    assert shown["model"] == {"value": "offline", "source": str(path)}
    assert shown["user"] == {"value": "alice", "source": "PROFILECLI_USER"}
    ran = program("config", "show", OPENAI_API_KEY="sk-very-secret", PROFILECLI_DB="postgresql://u:hunter2@h/d")
    assert "very-secret" not in ran.out
    assert "hunter2" not in ran.out


def test_a_newer_database_is_refused_in_one_line(alice: Program) -> None:
    """Exit 1, untouched."""
    (path,) = alice.home.rglob("profiles.db")
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA user_version = {VERSION + 1}")
    db.close()
    for command in (("show",), ("ask", "--model", "offline", "hi"), ("export",)):
        ran = alice(*command)
        assert ran.code == 1
        assert "newer profilecli" in ran.err
        assert len(ran.err.splitlines()) == 1


def test_debug_shows_the_traceback(program: Program) -> None:
    """And only debug does."""
    assert "Traceback" not in program("show").err
    assert "Traceback" in program("--debug", "show").err
    assert "Traceback" in program("show", "--debug").err
    assert "Traceback" in program("schemas", "show", "nonsense", "--debug").err


@pytest.mark.parametrize(
    ("arguments", "absent"),
    [
        (("show", "--json"), ("openai", "prompt_toolkit", "sqlite_utils", "rich", "tomlkit", "asyncio")),
        (("users", "--json"), ("openai", "prompt_toolkit", "sqlite_utils", "rich")),
        (("ask", "--model", "offline", "What's my name?"), ("openai", "prompt_toolkit", "sqlite_utils")),
    ],
)
def test_a_command_imports_only_what_it_needs(alice: Program, arguments: tuple[str, ...], absent: tuple[str, ...]) -> None:
    """Start-up is a feature."""
    code = f"import sys; from profilecli.cli import run; run({list(arguments)!r}); print([m for m in {absent!r} if m in sys.modules], file=sys.stderr)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=alice.environment(), timeout=60, check=True)
    assert ran.stderr.splitlines()[-1] == "[]"


def _completed(program: Program, line: str) -> list[str]:
    ran = subprocess.run(
        [sys.executable, "-m", "profilecli"],
        capture_output=True, text=True, timeout=60, check=False,
        env=program.environment(_PROFILE_COMPLETE="complete_bash", COMP_WORDS=line, COMP_CWORD=str(len(line.split()) - (not line.endswith(" ")))),
    )  # fmt: skip
    return ran.stdout.split()


def test_the_shell_completes_commands_users_fields_and_schemas(alice: Program) -> None:
    """Completion works without installing anything else."""
    assert "show" in _completed(alice, "profile sh")
    assert _completed(alice, "profile show --user al") == ["alice"]
    assert _completed(alice, f"profile edit --schema-dir {SCHEMAS} --unset comp") == ["company"]
    assert _completed(alice, f"profile show --schema-dir {SCHEMAS} --schema cus") == ["customer"]


def test_a_pinned_field_is_kept_from_learning_and_shown_as_pinned(alice: Program) -> None:
    """By hand it can still be changed; the refusal is on record."""
    assert "company is pinned" in alice("edit", *DIR, "--pin", "company").err
    alice("ask", "--model", "offline", *DIR, "I work at Globex.")
    shown = alice("show", "--json", *DIR).json
    assert shown["fields"]["company"] == "Acme"
    assert shown["pinned"] == ["company"]
    assert "pinned" in alice("show", *DIR).out
    (refused,) = alice("history", "--rejected", "--json").json
    assert (refused["field"], refused["reason"]) == ("company", "pinned")
    alice("edit", *DIR, "--unpin", "company")
    alice("ask", "--model", "offline", *DIR, "I work at Globex.")
    assert alice("show", "--json", *DIR).json["fields"]["company"] == "Globex"


def _shell(program: Program, line: str, **environ: str) -> subprocess.CompletedProcess[bytes]:
    command = line.replace("profile ", f"{sys.executable} -m profilecli ", 1)
    return subprocess.run(
        ["bash", "-c", command], capture_output=True, timeout=60, check=False, env=program.environment(**environ), stdin=subprocess.DEVNULL
    )


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("profile chat --model offline <&-", 0),
        ("profile ask --model offline hello <&-", 0),
        ("profile show --json >&-", 0),
        ("profile show --json 2>&-", 0),
        ("profile show --json >/dev/full", 1),
        ("profile export >/dev/full", 1),
    ],
)
def test_a_stream_that_is_closed_or_full_is_no_traceback(alice: Program, line: str, code: int) -> None:
    """A closed one is nowhere; a full one is an error, on one line."""
    ran = _shell(alice, line)
    assert b"Traceback" not in ran.stderr
    assert b"Exception ignored" not in ran.stderr
    assert ran.returncode == code


def test_data_is_utf_8_whatever_the_locale(alice: Program) -> None:
    """So are the arguments; what is exported can be imported again."""
    alice.environ |= {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    assert alice("edit", *DIR, "name=Zoë Müller").code == 0
    assert alice("show", "--json").json["fields"]["name"] == "Zoë Müller"


def test_a_database_that_is_not_there_is_said(program: Program) -> None:
    """A mistyped --db must not look like an empty one."""
    ran = program("export", "--all", "--db", "typo.db")
    assert ran.json == []
    assert "There is no database typo.db (--db)." in ran.err
    assert program("export", "--all", "-o", program.home / "x.json").code == 0


def test_an_export_over_the_database_is_refused(alice: Program) -> None:
    """And the database stays."""
    (path,) = alice.home.rglob("profiles.db")
    ran = alice("export", "-o", path)
    assert ran.code == 1
    assert "is a database" in ran.err
    assert alice("show").code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("history", "nofield"),
        ("edit", "name=a", "name=b"),
        ("edit", "name=a", "--unset", "name"),
        ("ask", "--session", "", "hi"),
        ("ask", "-c", "--session", "x", "hi"),
    ],
)
def test_what_makes_no_sense_together_is_wrong_usage(alice: Program, arguments: tuple[str, ...]) -> None:
    """Exit 2, and nothing is done."""
    assert alice(*arguments).code == 2


def test_a_narrow_terminal_still_shows_the_values(alice: Program) -> None:
    """Folded."""
    assert "Acme" in alice("show", *DIR, COLUMNS="24").out
