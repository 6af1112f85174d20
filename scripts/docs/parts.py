"""What the program says of itself, as Markdown: each function is one generated part of a document."""

from __future__ import annotations

import ast
import configparser
import contextlib
import inspect
import io
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from profilecli import errors, slash
from profilecli.cli import run
from profilecli.cli.group import root
from profilecli.config import SETTINGS, Setting
from profilecli.errors import ExitStatus, ProfilecliError
from scripts.docs import database

__all__ = ["PARTS", "command_names", "layers", "modules", "options"]

_ROOT = Path(__file__).parent.parent.parent
_PACKAGE = _ROOT / "profilecli"


def commands() -> str:
    """The help text of every command."""
    parts = [f"## profile\n\n{_help([])}"]
    parts += [f"## profile {' '.join(name)}\n\n{_help(name)}" for name in command_names()]
    return "\n\n".join(parts)


def settings() -> str:
    """Every setting with its flag, environment variable, default and meaning."""
    flags = {option.name: max(option.opts, key=len) for option in options(("chat",))}
    rows = [(f"`{s.name}`", _flag(s, flags), f"`{s.env}`", s.default, s.help) for s in SETTINGS]
    return _table(("setting", "flag", "environment", "default", "what it is"), rows)


def error_types() -> str:
    """Every error type with its exit code and meaning."""
    rows = [(f"`{cls.__name__}`", f"`{_parent(cls)}`", str(int(cls.exit_status)), _first_line(cls)) for cls in _errors(ProfilecliError)]
    return _table(("error", "is a", "exit code", "when"), rows)


def exit_codes() -> str:
    """The exit codes, from the members of ExitStatus."""
    return _table(("exit code", "name"), [(str(int(status)), status.name.lower()) for status in ExitStatus])


def slash_commands() -> str:
    """The commands of the prompt."""
    return _table(("command", "does"), [(f"`/{c.name}{' ' * bool(c.argument)}{c.argument}`", c.help) for c in slash.COMMANDS.values()])


def tables() -> str:
    """The tables of a new database, with their columns."""
    columns = database.columns()
    width = max(map(len, columns))
    return "```\n" + "\n".join(f"{name:<{width}} ({', '.join(columns[name])})" for name in columns) + "\n```"


def layer_table() -> str:
    """The layers of the import contract, top to bottom."""
    return _table(("layer", "modules"), [(str(n), " · ".join(f"`{m}`" for m in layer)) for n, layer in enumerate(layers(), 1)])


def module_map() -> str:
    """Each module with the first line of its docstring, in the order of the layers."""
    files = [path for layer in layers() for name in layer for path in modules(name)]
    rows = [(f"[`{path.removesuffix('__init__.py')}`](../{path})", _about(_ROOT / path)) for path in files]
    return _table(("module", "what it is"), rows)


PARTS: dict[str, Callable[[], str]] = {
    "commands": commands,
    "database": database.markdown,
    "error-types": error_types,
    "exit-codes": exit_codes,
    "layers": layer_table,
    "modules": module_map,
    "settings": settings,
    "slash-commands": slash_commands,
    "tables": tables,
}
"""The generated parts by the name that stands in a document's marker."""


def command_names() -> list[tuple[str, ...]]:
    """Every command as its words: ``("schemas", "list")``."""
    names: list[tuple[str, ...]] = []
    group = root()
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        names.append((name,))
        names += [(name, sub) for sub in getattr(command, "commands", {})]
    return names


def options(words: Sequence[str]) -> list[Any]:
    """The parameters of a command that are options."""
    command = root()
    for word in words:
        command = command.get_command(None, word)
    return [parameter for parameter in command.params if parameter.param_type_name == "option"]


def layers() -> list[list[str]]:
    """The layers of ``.importlinter``, top to bottom, each with its modules."""
    contract = configparser.ConfigParser()
    contract.read(_ROOT / ".importlinter", encoding="utf-8")
    lines = contract["importlinter:contract:layers"]["layers"].split("\n")
    return [[word.strip(" ()") for word in line.replace(":", "|").split("|")] for line in lines if line.strip()]


def modules(name: str) -> list[str]:
    """The files of a module of the package: the one, or a package's own and those in it."""
    folder = _PACKAGE / name
    files = sorted(folder.rglob("*.py")) if folder.is_dir() else [_PACKAGE / f"{name}.py"]
    # A layer without a module is for lint-imports to report.
    return [str(file.relative_to(_ROOT)) for file in files if file.exists()]


# ---- how


def _help(words: Sequence[str]) -> str:
    return f"```\n$ profile {' '.join([*words, '--help'])}\n{_printed([*words, '--help'])}\n```"


def _printed(arguments: list[str]) -> str:
    """What the program prints on 80 columns without colour."""
    out = io.StringIO()
    with _plain_terminal(), contextlib.redirect_stdout(out):
        status = run(arguments)
    assert status == 0, arguments
    return "\n".join(line.rstrip() for line in out.getvalue().strip("\n").splitlines())


@contextlib.contextmanager
def _plain_terminal() -> Iterator[None]:
    before, arguments = dict(os.environ), sys.argv
    os.environ.update(COLUMNS="80", TERM="dumb", NO_COLOR="1")
    os.environ.pop("FORCE_COLOR", None)
    sys.argv = ["profile", "--help"]
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        sys.argv = arguments


def _flag(setting: Setting, flags: Mapping[str, str]) -> str:
    flag = flags.get(setting.name) or flags.get(setting.name.removesuffix("s"))
    return f"`{flag}`" if flag else "–"


def _errors(cls: type[ProfilecliError]) -> Iterator[type[ProfilecliError]]:
    yield cls
    for sub in cls.__subclasses__():
        if sub.__module__ == errors.__name__:
            yield from _errors(sub)


def _parent(cls: type[Any]) -> str:
    return str(cls.__bases__[0].__name__)


def _first_line(thing: Any) -> str:
    return _as_markdown((inspect.getdoc(thing) or "").split("\n")[0])


def _about(path: Path) -> str:
    paragraph = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n\n")[0]
    return _as_markdown(" ".join(paragraph.split()))


def _as_markdown(docstring: str) -> str:
    return re.sub(r":\w+:`~?([^`]*)`", r"`\1`", docstring).replace("``", "`")


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(headings) + " |", "|" + " --- |" * len(headings)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in rows]
    return "\n".join(lines)
