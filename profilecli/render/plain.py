"""Lines for scripts and pipes, and notices for people; the standard library alone."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterable
from typing import Any, TextIO

from profilecli.models import Change, Rejection
from profilecli.text import for_terminal, one_line, shown_value

__all__ = ["change_line", "error", "json_line", "json_text", "notice", "pieces", "prepare_streams", "reply", "silence_stdout", "text"]

_MAX_SHOWN = 80


def prepare_streams() -> None:
    """Makes sure that there are streams, and that no character can stop the output.

    Data in a pipe or a file is UTF-8 whatever the locale, so that it can be read back; on a
    terminal, what its encoding lacks is shown as ``?``. A stream that was closed is nowhere.
    """
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        if getattr(sys, name) is None:
            # At its own number, before a database is opened there and somebody prints into it.
            nowhere = os.open(os.devnull, os.O_RDWR)
            if nowhere != number:
                os.dup2(nowhere, number)
                os.close(nowhere)
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")


def silence_stdout() -> None:
    """Sends the rest of stdout nowhere: its reader has left."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def json_text(value: Any) -> None:
    """A JSON value on lines of its own, for people and machines."""
    _write(sys.stdout, json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def json_line(value: Any) -> None:
    """A JSON value on one line, flushed."""
    _write(sys.stdout, json.dumps(value, ensure_ascii=False) + "\n")


def text(line: str) -> None:
    """A line of data."""
    _write(sys.stdout, for_terminal(line) + "\n")


def pieces(parts: Iterable[str]) -> None:
    """Data that comes in pieces, as it is."""
    for part in parts:
        sys.stdout.write(part)
    sys.stdout.flush()


def reply(part: str, end: str = "") -> None:
    """A piece of a reply, without anything that a terminal obeys; flushed. ``end`` follows as it is."""
    _write(sys.stdout, for_terminal(part) + end)


def notice(line: str) -> None:
    """A line for the person at the terminal."""
    _write(sys.stderr, for_terminal(line) + "\n")


def error(line: str) -> None:
    """What went wrong, on one line."""
    notice(f"profile: {one_line(line)}")


def change_line(change: Change) -> str:
    """``company: Acme → Globex``; a value that is gone is crossed out in words."""
    old, new = (_short(shown_value(value)) for value in (change.old, change.new))
    if change.new is None:
        return f"{change.field}: {old} (removed)"
    return f"{change.field}: {old} → {new}" if change.old is not None else f"{change.field}: {new}"


def rejection_line(rejection: Rejection) -> str:
    """``company: Samsung was not kept: not stated by the user``."""
    return f"{rejection.field}: {_short(rejection.value or 'the change')} was not kept: {rejection.reason}"


def _short(value: str) -> str:
    flat = one_line(value)
    return flat if len(flat) <= _MAX_SHOWN else flat[: _MAX_SHOWN - 1] + "…"


def _write(stream: TextIO, line: str) -> None:
    stream.write(line)
    stream.flush()
