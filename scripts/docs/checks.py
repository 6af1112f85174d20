"""Whether the documents and the program agree where nothing is generated; each check yields what is wrong, a line a fault."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import profilecli
from profilecli import slash
from profilecli.config import SETTINGS
from profilecli.errors import ExitStatus, ModelError
from scripts.docs import database
from scripts.docs.parts import command_names, options

__all__ = ["CHECKS", "documents", "install_commands"]

_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(?<!\\)\[[^\]\n]*\]\(([^)\s]+)\)")
_NOT_OURS = re.compile(r"[a-z]+:")
_SHELL = re.compile(r"^```(?:sh|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def documents(root: Path) -> list[Path]:
    """Every document of the project."""
    return [*sorted(root.glob("*.md")), *sorted((root / "docs").glob("*.md"))]


def install_commands(root: Path) -> tuple[str, str]:
    """The two commands that open the README: to install and chat, and to run the tests. Raises ValueError."""
    block = _SHELL.search((root / "README.md").read_text(encoding="utf-8"))
    lines = [line for line in (block[1] if block else "").splitlines() if line]
    if len(lines) != 2:
        raise ValueError("README.md: its first block is to hold the two commands, to install and to test, and nothing else.")
    return lines[0], lines[1]


def links(root: Path) -> Iterator[str]:
    """Every link between files leads to a file, and to a heading that is there."""
    for document in documents(root):
        for target in _LINK.findall(_FENCE.sub("", document.read_text(encoding="utf-8"))):
            if _NOT_OURS.match(target):
                continue
            name, _, anchor = target.partition("#")
            path = (document.parent / name).resolve() if name else document
            if not path.exists():
                yield f"{_of(document, root)}: the link {target} leads nowhere."
            elif anchor and anchor not in _anchors(path):
                yield f"{_of(document, root)}: the link {target} leads to no heading."


def paths(root: Path) -> Iterator[str]:
    """Every file or folder that a document names in code type is there: from the root, or in the package."""
    for document in documents(root):
        for name in re.findall(r"`([\w.]+(?:/[\w.]*)+|\w+\.py)`", _FENCE.sub("", document.read_text(encoding="utf-8"))):
            if not any((folder / name).exists() for folder in (root, root / "profilecli")):
                yield f"{_of(document, root)}: there is no {name}."


def versions(root: Path) -> Iterator[str]:
    """The version is one: in the package, in pyproject.toml, and on top of the changelog."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    if project != profilecli.__version__:
        yield f"pyproject.toml says {project}, profilecli.__version__ says {profilecli.__version__}."
    released = re.findall(r"^## \[(\d[^\]]*)\]", (root / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    if not released or released[0] != project:
        yield f"CHANGELOG.md: the newest version is {released[0] if released else 'missing'}, the program's is {project}."
    readme = (root / "README.md").read_text(encoding="utf-8")
    if f"profilecli {project}" not in readme:
        yield f"README.md does not say that it is about profilecli {project}."


def coverage(root: Path) -> Iterator[str]:
    """Every command, slash command, setting, exit code, kind of failure, environment variable and table is documented."""
    commands = (root / "docs" / "commands.md").read_text(encoding="utf-8")
    reference = (root / "docs" / "reference.md").read_text(encoding="utf-8")
    for name in command_names():
        if not re.search(rf"^## profile {' '.join(name)}$", commands, re.MULTILINE):
            yield f"docs/commands.md: profile {' '.join(name)} is missing."
    wanted = [f"`/{name}" for name in slash.COMMANDS]
    wanted += [word for setting in SETTINGS for word in (f"`{setting.name}`", f"`{setting.env}`")]
    wanted += [f"`{variable}`" for variable in _variables()]
    wanted += [f"\n| {int(status)} | {status.name.lower()} |" for status in ExitStatus]
    wanted += [f"\n| `{kind}` |" for kind in _kinds()]
    for words in dict.fromkeys(wanted):
        if words not in reference:
            yield f"docs/reference.md: {words.strip()} is missing."
    privacy = (root / "docs" / "privacy.md").read_text(encoding="utf-8")
    for table in database.columns():
        if f"\n- `{table}`: " not in privacy:
            yield f"docs/privacy.md does not say what the table {table} is for."


def calls(root: Path) -> Iterator[str]:
    """Every call of the program in a shell example names a command and options that there are."""
    known = {name: {form for option in options(name) for form in (*option.opts, *option.secondary_opts)} for name in command_names()}
    for document in documents(root):
        for block in _SHELL.findall(document.read_text(encoding="utf-8")):
            for call in re.findall(r"(?:^|[|&;$(] *)profile ([^|&;\n]*)", block, re.MULTILINE):
                for fault in _faults(call, known):
                    yield f"{_of(document, root)}: profile {call.strip()}: {fault}"


def opening(root: Path) -> Iterator[str]:
    """The README opens with the two commands."""
    try:
        install_commands(root)
    except ValueError as error:
        yield str(error)


def tables(root: Path) -> Iterator[str]:
    """Every table and column of the database is explained."""
    del root
    yield from database.faults()


CHECKS: tuple[Callable[[Path], Iterator[str]], ...] = (opening, links, paths, versions, coverage, calls, tables)


# ---- how


def _of(document: Path, root: Path) -> str:
    return str(document.relative_to(root))


def _anchors(path: Path) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", path.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _variables() -> set[str]:
    """The environment variables that the source names, or reads."""
    package = Path(profilecli.__file__).parent
    source = "\n".join(path.read_text(encoding="utf-8") for path in package.rglob("*.py"))
    named = re.findall(r"\b(?:PROFILECLI|OPENAI)_[A-Z_]*[A-Z]\b", source)
    read = re.findall(r"environ(?:\.get\(|\[)\"([A-Z_]+)\"", source)
    return {*named, *read} - {"OPENAI_URL"}


def _kinds() -> list[str]:
    """The kinds of failure that ModelError's docstring lists."""
    listed = (ModelError.__doc__ or "").partition("is one of")[2].partition(".")[0]
    return re.findall(r"``(\w+)``", listed)


def _faults(call: str, known: dict[tuple[str, ...], set[str]]) -> Iterator[str]:
    try:
        words = shlex.split(call, comments=True)
    except ValueError:
        return  # a quotation that goes on over lines
    name = tuple(words[:2]) if tuple(words[:2]) in known else tuple(words[:1])
    if words and words[0] not in ("--version", "--help", "--debug") and name not in known:
        yield "there is no such command."
        return
    for word in words:
        if re.match(r"--?[a-zA-Z0]", word) and word.partition("=")[0] not in known.get(name, set()) | {"--version", "--help", "--debug"}:
            yield f"there is no option {word}."
