"""The ``console`` blocks of a document: their commands are run, and what they print is written under them.

A line ``$ command`` is run by bash, ``> more`` goes on with it, and every other line of the block
is output. The commands of one document run in order, in one home that starts empty, beside the
example schemas. What differs from run to run (times, conversation ids, the folder) is replaced by
a fixed example, so that a document changes only when the program does.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["CommandFailed", "as_example", "home", "refreshed"]

_ROOT = Path(__file__).parent.parent.parent
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_EXAMPLES = (
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z"), "2026-01-31T12:00:00Z"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d\b"), "2026-01-31 12:00"),
    (re.compile(r'(?<="session_id": ")[0-9a-f]{12}(?=")'), "3f9c2a71b04e"),
)


class CommandFailed(Exception):
    """A command of a document ended with an error."""


def refreshed(document: str) -> str:
    """The document with what its commands print now. Raises CommandFailed."""
    if not _BLOCK.search(document):
        return document
    with home() as environ:
        return _BLOCK.sub(lambda match: f"```console\n{_replayed(match[1], environ)}```", document)


def as_example(text: str, folder: Path | None = None) -> str:
    """The text with times and ids of this run replaced by fixed ones of the same form."""
    for pattern, example in _EXAMPLES:
        text = pattern.sub(example, text)
    return text if folder is None else text.replace(str(folder), "~")


@contextmanager
def home() -> Iterator[dict[str, str]]:
    """An environment in which ``profile`` is this program, and HOME a folder that has only the example schemas."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        shutil.copytree(_ROOT / "schemas", folder / "schemas", ignore=shutil.ignore_patterns("__pycache__"))
        program = folder / ".bin" / "profile"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m profilecli "$@"\n')
        program.chmod(0o755)
        yield {
            "HOME": str(folder),
            "PATH": os.pathsep.join([str(program.parent), os.environ.get("PATH", os.defpath), str(Path(sys.executable).parent)]),
            "PYTHONPATH": str(_ROOT),
            "LOGNAME": "alice",
            "LANG": "C.UTF-8",
            "COLUMNS": "80",
            "TERM": "dumb",
        }


def _replayed(block: str, environ: dict[str, str]) -> str:
    return "".join(f"{_shown(command)}{_output(command, environ)}" for command in _commands(block))


def _commands(block: str) -> list[str]:
    commands: list[str] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            commands.append(line[2:])
        elif line.startswith("> ") and commands:
            commands[-1] += "\n" + line[2:]
    return commands


def _shown(command: str) -> str:
    return "$ " + command.replace("\n", "\n> ") + "\n"


def _output(command: str, environ: dict[str, str]) -> str:
    folder = Path(environ["HOME"])
    ran = subprocess.run(  # noqa: S603 -- the project's own examples
        ["bash", "-o", "pipefail", "-c", command],  # noqa: S607
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=folder, env=environ, timeout=60, check=False,
    )  # fmt: skip
    text = as_example("".join(f"{line.rstrip()}\n" for line in ran.stdout.decode().splitlines()), folder)
    if ran.returncode != 0:
        raise CommandFailed(f"$ {command}\n{text}exit code {ran.returncode}")
    return text
