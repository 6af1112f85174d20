"""The documents say what the program does: what is generated is up to date, and the examples run."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import screenshot
from scripts.docs import checks, consoles, database, parts

ROOT = Path(__file__).parent.parent


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the documents, to break."""
    copy = tmp_path / "tree"
    shutil.copytree(ROOT / "docs", copy / "docs")
    for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "pyproject.toml"):
        shutil.copy(ROOT / name, copy / name)
    # Links lead into the package, too.
    for name in ("profilecli", "schemas", "tests", "benchmarks", "scripts", ".ci", ".importlinter"):
        (copy / name).symlink_to(ROOT / name)
    return copy


def faults(root: Path) -> list[str]:
    """All that the checks find."""
    return [fault for check in checks.CHECKS for fault in check(root)]


def edit(path: Path, old: str, new: str) -> None:
    """Replaces text that has to be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def make_docs(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Runs the script as a developer does."""
    return subprocess.run(
        [sys.executable, ROOT / "scripts" / "make_docs.py", *arguments], capture_output=True, text=True, timeout=180, check=False
    )


@pytest.mark.slow
def test_the_documents_agree_with_the_program() -> None:
    """Generated parts, what the examples print, the picture of a session, links, versions, coverage."""
    ran = make_docs("--check")
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.slow
def test_a_generated_part_and_an_example_that_are_out_of_date_fail_the_check_and_are_written_anew(tree: Path) -> None:
    """The difference is shown; without --check the documents are put right again."""
    edit(tree / "docs" / "commands.md", "Show what is known about a user.", "Show something.")
    edit(tree / "README.md", "Your name is Alice Chen, and you prefer to be called Ali.", "Your name is Bob.")
    edit(tree / "docs" / "history.svg", "I'm&#160;at&#160;Initech", "I'm&#160;at&#160;Globex")
    (tree / "docs" / "panel.svg").unlink()
    checked = make_docs("--check", "--root", tree)
    assert checked.returncode == 1
    assert "docs/commands.md is out of date" in checked.stderr
    assert "-Your name is Bob." in checked.stderr
    assert "docs/history.svg is out of date" in checked.stderr
    assert "docs/panel.svg is out of date" in checked.stderr
    assert "docs/session.svg" not in checked.stderr
    written = make_docs("--root", tree)
    assert {"wrote README.md", "wrote docs/commands.md", "wrote docs/history.svg", "wrote docs/panel.svg"} <= set(
        written.stdout.splitlines()
    ), written.stderr
    assert "Show what is known about a user." in (tree / "docs" / "commands.md").read_text(encoding="utf-8")
    assert "Your name is Bob." not in (tree / "README.md").read_text(encoding="utf-8")


def test_an_example_that_fails_is_reported_with_what_it_printed() -> None:
    """A document can't show a command that doesn't work."""
    with pytest.raises(consoles.CommandFailed, match=r"(?s)profile shwo.*No such command.*exit code 2"):
        consoles.refreshed("```console\n$ profile shwo\n```\n")


def test_an_example_is_run_again_and_goes_on_over_lines() -> None:
    """What stood there as output is replaced; what differs from run to run is a fixed example."""
    document = (
        "before\n```console\n$ printf 'I am Bo Diaz.\\n' |\n>   profile chat 2> /dev/null\nold\n$ date -u +%FT%TZ; echo $HOME\n```\nafter\n"
    )
    assert consoles.refreshed(document) == document.replace("old\n", "Noted: your name is Bo Diaz.\n").replace(
        "echo $HOME\n", "echo $HOME\n2026-01-31T12:00:00Z\n~\n"
    )


def test_the_checks_find_nothing_in_the_documents_as_they_are(tree: Path) -> None:
    """The tree that the next tests break is sound."""
    assert faults(tree) == []


@pytest.mark.parametrize(
    ("document", "old", "new", "fault"),
    [
        ("README.md", "(CONTRIBUTING.md)", "(CONTRIBUTION.md)", "the link CONTRIBUTION.md leads nowhere"),
        ("README.md", "reference.md#settings", "reference.md#setings", "the link docs/reference.md#setings leads to no heading"),
        ("CONTRIBUTING.md", "`profilecli/transfer.py`", "`profilecli/convey.py`", "there is no profilecli/convey.py"),
        ("README.md", "about profilecli 0.1.0", "about profilecli 0.0.9", "README.md does not say that it is about profilecli"),
        ("README.md", "pip install . && profile chat\n", "", "its first block is to hold the two commands"),
        ("README.md", "--extractor rules ", "--extracter rules ", "there is no option --extracter"),
        ("CHANGELOG.md", "## [0.1.0]", "## [0.2.0]", "the newest version is 0.2.0"),
        ("docs/commands.md", "## profile undo", "## profile redo", "docs/commands.md: profile undo is missing"),
        ("docs/reference.md", "| 130 | interrupted |", "| 131 | interrupted |", "| 130 | interrupted | is missing"),
        ("docs/reference.md", "`PROFILECLI_TIMEOUT`", "`PROFILECLI_PATIENCE`", "`PROFILECLI_TIMEOUT` is missing"),
        ("docs/reference.md", "| `quota` |", "| `money` |", "| `quota` | is missing"),
        ("docs/privacy.md", "- `rejections`: ", "- `refusals`: ", "docs/privacy.md does not say what the table rejections is for"),
        ("docs/reference.md", "`VISUAL`", "`VIEWER`", "`VISUAL` is missing"),
        ("docs/recipes.md", "profile import --from agno", "profile import --fro agno", "there is no option --fro"),
        ("docs/reference.md", "`/why FIELD`", "`/what FIELD`", "`/why is missing"),
    ],
)
def test_a_document_that_disagrees_with_the_program_is_found(tree: Path, document: str, old: str, new: str, fault: str) -> None:
    """One fault is put in, and that one is reported."""
    before = faults(tree)
    edit(tree / document, old, new)
    found = [line for line in faults(tree) if line not in before]
    assert len(found) == 1
    assert fault in found[0]


def test_a_column_that_is_not_explained_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """And an explanation of one that is gone."""
    about, columns = database.TABLES["pins"]
    assert list(database.faults()) == []
    monkeypatch.setattr(database, "TABLES", {**database.TABLES, "pins": (about, {"user_id": columns["user_id"], "gone": "x"})})
    assert [fault.split()[-4:] for fault in database.faults()] == [
        ["what", "pins.at", "is", "for."],
        ["what", "pins.field", "is", "for."],
        ["database", "does", "not", "have."],
    ]
    with pytest.raises(ValueError, match=r"pins\.at"):
        database.markdown()


def test_no_picture_loads_anything_from_elsewhere() -> None:
    """A document on a screen without a network looks the same."""
    for name in screenshot.PICTURES:
        text = (ROOT / "docs" / name).read_text(encoding="utf-8")
        assert "http" not in re.sub(r'xmlns="[^"]*"|<!--.*?-->', "", text)
        assert f"docs/{name}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_module_of_the_package_is_in_a_layer() -> None:
    """The map of modules in the architecture leaves none out."""
    mapped = {path for layer in parts.layers() for name in layer for path in parts.modules(name)}
    there = {str(path.relative_to(ROOT)) for path in (ROOT / "profilecli").rglob("*.py")}
    assert there - mapped == {"profilecli/__init__.py"}


def test_the_python_example_of_the_readme_prints_what_it_says(tmp_path: Path) -> None:
    """About ten lines: open a store, load a schema, run a turn, get and print a profile."""
    example, printed = re.search(
        r"^```python\n(import asyncio.*?)^```$.*?^```text\n(.*?)^```$",
        (ROOT / "README.md").read_text(encoding="utf-8"),
        re.DOTALL | re.MULTILINE,
    ).groups()  # type: ignore[union-attr]
    shutil.copytree(ROOT / "schemas", tmp_path / "schemas")
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", example], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert (ran.stdout, ran.stderr) == (printed, "")


def test_the_schema_example_of_the_readme_is_a_sound_schema(tmp_path: Path) -> None:
    """What a newcomer copies first loads."""
    example = re.search(
        r"^```python\n(from dataclasses.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    assert example is not None
    (tmp_path / "customer.py").write_text(example[1])
    ran = subprocess.run(
        [sys.executable, "-m", "profilecli", "schemas", "check", "customer.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ran.stdout, ran.stderr, ran.returncode) == ("ok  customer: 4 fields (customer.py)\n", "", 0)
