"""The program in a terminal: a pseudo-terminal with a screen that is read as a person reads it."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping
from types import MappingProxyType, TracebackType
from typing import Any, Self

import pyte

from tests.program import Program

__all__ = ["CTRL_C", "CTRL_D", "CTRL_R", "ENTER", "NEW_LINE", "PROMPT", "TAB", "UP", "Terminal", "pasted"]

CTRL_C, CTRL_D, CTRL_R = "\x03", "\x04", "\x12"
ENTER, TAB, UP, NEW_LINE = "\r", "\t", "\x1b[A", "\x1b\r"
PROMPT = "›"

_START = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
"""Makes the pseudo-terminal the controlling one, as Ctrl-C needs, without a fork in this process, which has threads."""


def pasted(text: str) -> str:
    """What a terminal sends when ``text`` is pasted."""
    return f"\x1b[200~{text}\x1b[201~"


class _Screen(pyte.HistoryScreen):
    """A screen that answers where its cursor is."""

    def __init__(self, columns: int, rows: int, answer: Callable[[str], None]) -> None:
        super().__init__(columns, rows, history=5000, ratio=0.5)
        self._answer = answer

    def write_process_input(self, data: str) -> None:
        """Sends what a terminal sends by itself."""
        self._answer(data)


class Terminal:
    """``profile chat`` on a terminal of its own; ``raw`` is everything that it wrote."""

    def __init__(
        self, program: Program, *arguments: str, columns: int = 80, rows: int = 24, environ: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        self._master, slave = pty.openpty()
        self.raw = b""
        self._screen = _Screen(columns, rows, self.type)
        self._stream = pyte.ByteStream(self._screen)
        self._size(columns, rows)
        environment = program.environment(**{"TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **environ})
        environment.pop("COLUMNS")
        self.process = subprocess.Popen(
            [sys.executable, "-c", _START, "-m", "profilecli", "chat", *arguments],
            stdin=slave, stdout=slave, stderr=slave, start_new_session=True, env=environment, cwd=program.home,
        )  # fmt: skip
        os.close(slave)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._master)

    def type(self, text: str) -> None:
        """Presses keys."""
        os.write(self._master, text.encode())

    def say(self, text: str) -> None:
        """Types a line at the prompt, and Enter; returns when the prompt has taken it."""
        self.type(text)
        self.wait(lambda: self.line.endswith(text[-20:]))
        self.type(ENTER)
        self.wait(lambda: not self.line.endswith(text[-20:]) or self.process.poll() is not None)

    def resize(self, columns: int, rows: int) -> None:
        """Changes the size of the window."""
        self._screen.resize(rows, columns)
        self._size(columns, rows)
        os.killpg(self.process.pid, signal.SIGWINCH)

    @property
    def lines(self) -> list[str]:
        """What is on the screen now."""
        return [line.rstrip() for line in self._screen.display]

    @property
    def text(self) -> str:
        """What is on the screen and what has scrolled off it."""
        width = self._screen.columns
        above = ["".join(row[column].data for column in range(width)).rstrip() for row in self._screen.history.top]
        return "\n".join(above + self.lines)

    @property
    def line(self) -> str:
        """The line that the cursor is on."""
        return self.lines[self._screen.cursor.y]

    def wait(self, found: str | Callable[[], Any], timeout: float = 60.0) -> str:
        """Reads until a text is to be seen, or something holds. Raises AssertionError with the screen."""
        holds = (lambda: found in self.text) if isinstance(found, str) else found
        end = time.monotonic() + timeout
        while not holds():
            ready, _, _ = select.select([self._master], [], [], max(0.0, min(0.5, end - time.monotonic())))
            if ready and not self._read() and not holds():
                raise AssertionError(f"the program ended before {found!r} was seen:\n{self.text}")
            if time.monotonic() > end:
                raise AssertionError(f"{found!r} was not seen in {timeout} s:\n{self.text}")
        return self.text

    def ready(self) -> str:
        """Waits for an empty prompt, with its toolbar."""
        return self.wait(lambda: self.line == PROMPT and any(" · mode " in line for line in self.lines))

    def exit(self) -> int:
        """Waits for the program to end; returns its exit code."""
        while self._read():
            pass
        return self.process.wait(timeout=60)

    def _read(self) -> bool:
        try:
            data = os.read(self._master, 65536)
        except OSError:  # how Linux says that the other side is closed
            return False
        self.raw += data
        self._stream.feed(data)
        return bool(data)

    def _size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
