"""The pictures of the README: ``python scripts/screenshot.py`` writes them into ``docs``.

Nothing in them is drawn by hand. The program runs in a pseudo-terminal without a model, a person's
lines are typed into it, a terminal emulator keeps the screen, and Rich draws that screen.
"""

from __future__ import annotations

import html
import io
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pexpect  # type: ignore[import-untyped]
import pyte
from rich.cells import cell_len
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from scripts.docs.consoles import as_example, home  # noqa: E402

__all__ = ["PICTURES", "SessionFailed"]

_FOLDER = ROOT / "docs"
_ROWS, _COLUMNS = 40, 80
_CELL = 12.2
"""The width of a character in Rich's SVG."""

_PROMPT = "› "
_TYPED = (
    "Hi! I'm Alice Chen, but please call me Ali.",
    "I work at Acme Corp as a data scientist.",
    "My friend Bob works at Globex.",
    "I've left Acme, I'm at Initech now.",
    "/why company",
    "/undo",
    "What's my name, and where do I work?",
)
_SAID = (
    "Hi! I'm Alice Chen, but please call me Ali.",
    "I work at Acme Corp as a data scientist.",
    "We're on the enterprise plan and I'm on Berlin time.",
    "I've left Acme, I'm at Initech now.",
)
"""What the profile of the other pictures was learned from."""

_SCHEMA = ("--schema", "customer", "--schema-dir", "schemas")
_PATIENCE = 30.0
"""Seconds in which the next prompt has to come."""

_QUIET = 0.4
"""Seconds without output after which the screen is finished: a prompt is redrawn within a few milliseconds."""


class SessionFailed(Exception):
    """The program did not come back to its prompt; the text has the screen."""


def session() -> str:
    """A session at the prompt, the same every time. Raises SessionFailed where no prompt comes."""
    with home() as environ:
        terminal = _Terminal(environ, ["chat", *_SCHEMA, "--model", "offline"])
        try:
            terminal.wait_for_prompts(1)
            for number, line in enumerate(_TYPED, 2):
                terminal.type(line)
                terminal.wait_for_prompts(number)
            *rows, toolbar = _rows(terminal.screen)
            return _drawn("session", "profile chat", [*_without_end(rows), Text(), toolbar], _COLUMNS)
        finally:
            terminal.close()


def panel() -> str:
    """What ``profile show`` prints."""
    return _printed("panel", ["show", "--schema-dir", "schemas"], columns=60)


def history() -> str:
    """What ``profile history`` prints, an undone change among it."""
    return _printed("history", ["history"], columns=100, before=[["undo"], ["edit", "timezone=Europe/Paris", *_SCHEMA]])


PICTURES: Mapping[str, Callable[[], str]] = {"session.svg": session, "panel.svg": panel, "history.svg": history}
"""The files in ``docs``, each with what draws it. Each raises SessionFailed."""


def _printed(name: str, arguments: Sequence[str], *, columns: int, before: Sequence[Sequence[str]] = ()) -> str:
    """The picture of a command, after what is said and run before it."""
    with home() as environ:
        for command in (["chat", *_SCHEMA, "--model", "offline"], *before):
            ran = subprocess.run(  # noqa: S603 -- this program
                [f"{environ['HOME']}/.bin/profile", *command],
                input="\n".join(_SAID),
                capture_output=True,
                text=True,
                env=environ,
                cwd=environ["HOME"],
                check=False,
            )
            if ran.returncode:
                raise SessionFailed(f"profile {' '.join(command)}: {ran.stderr}")
        terminal = _Terminal(environ, arguments, columns)
        try:
            terminal.wait_for_end()
        finally:
            terminal.close()
        return _drawn(name, f"profile {arguments[0]}", _without_end(_rows(terminal.screen)), columns)


class _Screen(pyte.Screen):
    """A terminal's screen; the program asks it where its cursor is, and waits for the answer."""

    def __init__(self, child: Any, columns: int) -> None:
        super().__init__(columns, _ROWS)
        self._child = child

    def write_process_input(self, data: str) -> None:
        """Answers the program."""
        self._child.send(data)


class _Terminal:
    """``profile`` in a terminal emulator."""

    def __init__(self, environ: Mapping[str, str], arguments: Sequence[str], columns: int = _COLUMNS) -> None:
        terminal = {"COLUMNS": str(columns), "TERM": "xterm-256color", "PROMPT_TOOLKIT_COLOR_DEPTH": "DEPTH_4_BIT"}
        self._child = pexpect.spawn(
            "profile", list(arguments), env={**environ, **terminal}, cwd=environ["HOME"], dimensions=(_ROWS, columns), timeout=_PATIENCE
        )
        self.screen = _Screen(self._child, columns)
        self._stream = pyte.ByteStream(self.screen)

    def type(self, line: str) -> None:
        """Types a line, and Enter."""
        self._child.send(line + "\r")

    def wait_for_prompts(self, number: int) -> None:
        """Reads until the screen has so many prompts, the last one empty, and stands still."""
        deadline, quiet_since = time.monotonic() + _PATIENCE, time.monotonic()
        while not (self._prompts(number) and time.monotonic() - quiet_since > _QUIET):
            if time.monotonic() > deadline:
                raise SessionFailed(f"The prompt did not come back:\n{self._seen()}")
            try:
                self._stream.feed(self._child.read_nonblocking(65536, timeout=0.05))
                quiet_since = time.monotonic()
            except pexpect.TIMEOUT:
                continue
            except pexpect.EOF:
                raise SessionFailed(f"profile chat ended by itself:\n{self._seen()}") from None

    def wait_for_end(self) -> None:
        """Reads until the program has ended."""
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            try:
                self._stream.feed(self._child.read_nonblocking(65536, timeout=0.05))
            except pexpect.TIMEOUT:
                continue
            except pexpect.EOF:
                return
        raise SessionFailed(f"The program did not end:\n{self._seen()}")

    def close(self) -> None:
        """Ends the program."""
        self._child.close(force=True)

    def _seen(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display).strip("\n")

    def _prompts(self, number: int) -> bool:
        lines = [line for line in self.screen.display if line.startswith(_PROMPT)]
        return len(lines) == number and not lines[-1].removeprefix(_PROMPT).strip()


def _drawn(name: str, title: str, rows: Sequence[Text], columns: int) -> str:
    console = Console(width=columns, record=True, file=io.StringIO(), force_terminal=True, color_system="truecolor", legacy_windows=False)
    for row in rows:
        console.print(row, no_wrap=True, overflow="crop")
    svg = console.export_svg(title=title, theme=MONOKAI, unique_id=name)
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)  # a picture that loads nothing from elsewhere
    svg = _RUN.sub(_columns_kept, svg)
    return "".join(f"{line.rstrip()}\n" for line in svg.splitlines())


_RUN = re.compile(r'<text class="([\w-]+)" x="([\d.]+)" y="([\d.]+)" textLength="[\d.]+" (clip-path="[^"]+")>([^<]*)</text>')


def _columns_kept(run: re.Match[str]) -> str:
    """A run of text as its words that stand together, each at its place.

    Not every program that draws SVG heeds ``textLength`` and leading spaces; columns are to stand below each other all the same.
    """
    style, x, y, clip, escaped = run.groups()
    text = html.unescape(escaped)
    words = []
    for part in re.finditer(r"(?:(?!\xa0\xa0).)+", text):
        shown = part[0].lstrip("\xa0")  # the second space of a pair
        place = float(x) + cell_len(text[: part.end() - len(shown)]) * _CELL
        kept = html.escape(shown, quote=False).replace("\xa0", "&#160;")
        words.append(f'<text class="{style}" x="{place:g}" y="{y}" textLength="{cell_len(shown) * _CELL:g}" {clip}>{kept}</text>')
    return "".join(words)


def _rows(screen: pyte.Screen) -> list[Text]:
    return [_row(screen, number) for number in range(_ROWS)]


def _without_end(rows: Sequence[Text]) -> list[Text]:
    """The rows of a terminal that is just high enough: those left empty at the end are gone."""
    kept = list(rows)
    while kept and not kept[-1].plain.strip():
        kept.pop()
    return kept


def _row(screen: pyte.Screen, number: int) -> Text:
    cells = [screen.buffer[number][column] for column in range(screen.columns)]
    # An example of the same length keeps every cell in its place.
    text = as_example("".join(cell.data or " " for cell in cells))
    row = Text()
    for character, cell in zip(text, cells, strict=True):
        row.append(character, style=_style(cell))
    if not (cells[-1].reverse or cells[-1].bg != "default"):  # the spaces of a toolbar are seen
        row.rstrip()
    return row


def _style(cell: Any) -> str:
    words = [word for word in ("bold", "italics", "underscore", "reverse") if getattr(cell, word)]
    names = {"italics": "italic", "underscore": "underline"}
    style = [names.get(word, word) for word in words] + [_colour(cell.fg)]
    return " ".join(filter(None, style)) + ("" if cell.bg == "default" else f" on {_colour(cell.bg)}")


def _colour(name: str) -> str:
    if name == "default":
        return ""
    named = {"brown": "yellow", "brightbrown": "bright_yellow"}.get(name)
    if named:
        return named
    return f"#{name}" if len(name) == 6 and all(c in "0123456789abcdef" for c in name) else name.replace("bright", "bright_")


if __name__ == "__main__":
    for file_name, draw in PICTURES.items():
        (_FOLDER / file_name).write_text(draw(), encoding="utf-8")
