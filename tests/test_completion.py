"""Completion, as the shells do it: installed by the program, and asked with Tab."""

from __future__ import annotations

import os
import resource
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pexpect  # type: ignore[import-untyped]
import pytest

from tests.conftest import ROOT, SCHEMAS
from tests.program import Program

SHELLS = ("bash", "zsh", "fish")
PROMPT = "READY> "
PATIENCE = 20


def completed(program: Program, *words: str) -> list[str]:
    """What the program answers a shell (fish's way of asking): the completions of the last word."""
    line = " ".join(("profile", *words))
    ran = program(_PROFILE_COMPLETE="complete_fish", _TYPER_COMPLETE_FISH_ACTION="get-args", _TYPER_COMPLETE_ARGS=line)
    assert ran.err == ""
    return [each.partition("\t")[0] for each in ran.out.splitlines() if each]


@pytest.fixture
def people(program: Program) -> Program:
    """A database with alice, of the customer schema, and albert."""
    program.environ["PROFILECLI_SCHEMA_DIR"] = str(SCHEMAS)
    assert program("edit", "name=Alice", "--schema", "customer").code == 0
    assert program("edit", "name=Al", "-u", "albert").code == 0
    return program


@pytest.mark.parametrize(
    ("words", "completions"),
    [
        (("sh",), ["show"]),
        (("schemas", "n"), ["new"]),
        (("undo", "--nu"), ["--number"]),
        (("show", "--user", "al"), ["albert", "alice"]),
        (("chat", "--schema", "c"), ["customer"]),
        (("schemas", "show", "su"), ["support"]),
        (("chat", "--mode", "a"), ["always", "agentic"]),
        (("ask", "--api", "''"), ["responses", "chat"]),
        (("learn", "--extractor", "r"), ["rules"]),
        (("chat", "--model", "o"), ["offline"]),
        (("show", "--format", "p"), ["panel", "prompt"]),
        (("export", "--format", "json"), ["json", "jsonl"]),
        (("import", "--from", "a"), ["agno"]),
        (("edit", "--unset", "pl"), ["plan_tier"]),
        (("edit", "--pin", "pl"), ["plan_tier"]),
        (("edit", "pl"), ["plan_tier="]),
        (("edit", "plan_tier=p"), ["plan_tier=pro"]),
        (("history", "co"), ["company"]),
        (("reset", "ro"), ["role"]),
        (("config", "set", "s"), ["schema", "schema_dirs"]),
        (("config", "set", "mode", "o"), ["off"]),
        (("config", "set", "user", "alb"), ["albert"]),
        (("config", "set", "schema", "su"), ["support"]),
        (("config", "set", "timeout", "6"), []),
    ],
)
def test_every_kind_of_word_is_completed(people: Program, words: tuple[str, ...], completions: list[str]) -> None:
    """Commands, options, users, schemas, fields, settings and fixed values."""
    assert sorted(completed(people, *words)) == sorted(completions)


def test_completion_makes_no_database_and_says_nothing_where_there_is_none(program: Program, tmp_path: Path) -> None:
    """Nor does it wait for a server, or fail with a broken setting."""
    assert completed(program, "show", "--db", str(tmp_path / "none.db"), "--user", "a") == []
    assert completed(program, "edit", "--db", str(tmp_path / "none.db"), "--unset", "na") == ["name"]
    began = time.monotonic()
    assert completed(program, "show", "--db", "postgresql://user@192.0.2.1/none", "--user", "a") == []
    assert time.monotonic() - began < 5
    assert list(tmp_path.rglob("*.db")) == []
    program.environ["PROFILECLI_MODE"] = "nonsense"
    assert completed(program, "show", "--user", "a") == []


def test_of_many_users_the_first_are_shown(people: Program) -> None:
    """A Tab is no export."""
    lines = "\n".join(f'{{"user_id": "user{n:04}"}}' for n in range(500))
    assert people("import", "-", stdin=lines).code == 0
    assert len(completed(people, "show", "--user", "user")) == 100
    assert completed(people, "show", "--user", "user0499") == ["user0499"]


# ---- in real shells


@contextmanager
def shell(name: str, program: Program) -> Iterator[Any]:
    """A shell at its prompt, in which ``profile --install-completion`` has been run. Skips where it is not installed."""
    found = shutil.which(name) or pytest.skip(f"{name} is not installed")
    folder = program.home / ".bin"
    folder.mkdir(exist_ok=True)
    script = folder / "profile"
    script.write_text(f"#!{sys.executable}\nimport sys\nfrom profilecli.cli import main\nsys.exit(main())\n")
    script.chmod(0o755)
    environ = program.environment(
        PATH=f"{folder}{os.pathsep}{os.environ['PATH']}",
        PYTHONPATH=str(ROOT),
        TERM="xterm",
        PS1=PROMPT,
        HISTFILE=str(program.home / "hist"),
    )
    # The shell stays the parent of the program, which finds out by that which shell it is.
    installed = pexpect.run(f"{found} -c 'profile --install-completion; true'", env=environ, cwd=str(program.home), timeout=PATIENCE)
    assert f"{name} completion installed in".encode() in installed
    arguments = {"bash": ["--rcfile", ".bashrc", "-i"], "zsh": ["-i"], "fish": ["-i"]}[name]
    child = pexpect.spawn(found, arguments, env=environ, cwd=str(program.home), timeout=PATIENCE, encoding="utf-8", dimensions=(40, 120))
    try:
        yield child
    finally:
        child.close(force=True)


def prepare(name: str, child: Any) -> None:
    """Waits until the shell takes what is typed."""
    child.sendline(f"{'unsetopt PROMPT_SP; ' if name == 'zsh' else ''}PS1='{PROMPT}'; echo set''tled")
    child.expect("settled\r\n")
    child.expect(PROMPT)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["bash", "zsh"])
def test_a_tab_completes_in_a_real_shell(people: Program, name: str) -> None:
    """A command, an option, an e-mail address from its middle, and a value, on one line, at the first Tab; and the line runs."""
    assert people("edit", "name=Bo", "-u", "bo@example.com", "--schema", "customer").code == 0
    with shell(name, people) as child:
        prepare(name, child)
        for typed in ("profile sho\t", "--us\t", "bo@ex\t", "--form\t", "prom\t"):
            child.send(typed)
            time.sleep(1.5)
        child.send("\r")
        child.expect_exact("Name: Bo\r\n")
        child.send("profile edit -u bo@example.com plan_t\t")
        time.sleep(1.5)
        child.send("\x7f" if name == "zsh" else "")  # zsh puts a space behind it
        child.send("ent\t")
        time.sleep(1.5)
        child.send("\r")
        child.expect_exact("plan_tier: enterprise")


@pytest.mark.slow
def test_fish_completes_with_its_own_engine(people: Program) -> None:
    """And completes files where the program knows of nothing better."""
    found = shutil.which("fish") or pytest.skip("fish is not installed")
    with shell("fish", people):
        pass
    environ = people.environment(PATH=f"{people.home / '.bin'}{os.pathsep}{os.environ['PATH']}", PYTHONPATH=str(ROOT), TERM="xterm")

    def asked(line: str) -> list[str]:
        out = pexpect.run(f"{found} -c 'complete -C \"{line}\"'", env=environ, cwd=str(people.home), timeout=PATIENCE, encoding="utf-8")
        return [each.partition("\t")[0] for each in out.splitlines()]

    (people.home / "notes.txt").touch()
    assert asked("profile sh") == ["show"]
    assert asked("profile show --user al") == ["albert", "alice"]
    assert asked("profile learn no") == ["notes.txt"]


@pytest.mark.slow
@pytest.mark.parametrize("name", SHELLS)
def test_the_script_of_each_shell_can_be_shown(people: Program, name: str) -> None:
    """For those who put it where they like."""
    with shell(name, people):
        pass
    found = shutil.which(name) or pytest.skip(f"{name} is not installed")
    environ = people.environment(PATH=f"{people.home / '.bin'}{os.pathsep}{os.environ['PATH']}", PYTHONPATH=str(ROOT))
    shown = pexpect.run(
        f"{found} -c 'profile --show-completion; true'", env=environ, cwd=str(people.home), timeout=PATIENCE, encoding="utf-8"
    )
    assert f"complete_{name}" in shown


@pytest.mark.slow
def test_a_tab_takes_less_than_a_third_of_a_second(people: Program) -> None:
    """Of CPU time, the least of several, since this machine may be at other work; the benchmark of start-up holds the rest."""

    def used() -> float:
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    taken = []
    for _ in range(7):
        before = used()
        completed(people, "edit", "--unset", "pl")
        taken.append(used() - before)
    assert 0 < min(taken) < 0.3
