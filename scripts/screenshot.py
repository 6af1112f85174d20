"""The picture of a session in the README: ``python scripts/screenshot.py`` writes ``docs/session.svg``.

Nothing in it is drawn by hand. The program runs in a pseudo-terminal without a model, a person's
lines are typed into it, a terminal emulator keeps the screen, and Rich draws that screen.
"""

from __future__ import annotations

import io
import re
import sys
import time
from pathlib import Path
from typing import Any

import pexpect  # type: ignore[import-untyped]
import pyte
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from scripts.docs.consoles import as_example, home  # noqa: E402

__all__ = ["PICTURE", "SessionFailed", "picture"]

PICTURE = ROOT / "docs" / "session.svg"

_ROWS, _COLUMNS = 40, 80
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
_PATIENCE = 30.0
"""Seconds in which the next prompt has to come."""

_QUIET = 0.4
"""Seconds without output after which the screen is finished: a prompt is redrawn within a few milliseconds."""


class SessionFailed(Exception):
    """The program did not come back to its prompt; the text has the screen."""


def picture() -> str:
    """The session as SVG, the same every time. Raises SessionFailed where no prompt comes."""
    with home() as environ:
        session = _Session(environ | {"TERM": "xterm-256color", "PROMPT_TOOLKIT_COLOR_DEPTH": "DEPTH_4_BIT"})
        try:
            session.wait_for_prompts(1)
            for number, line in enumerate(_TYPED, 2):
                session.type(line)
                session.wait_for_prompts(number)
            return _drawn(session.screen)
        finally:
            session.close()


class _Screen(pyte.Screen):
    """A terminal's screen; the program asks it where its cursor is, and waits for the answer."""

    def __init__(self, child: Any) -> None:
        super().__init__(_COLUMNS, _ROWS)
        self._child = child

    def write_process_input(self, data: str) -> None:
        """Answers the program."""
        self._child.send(data)


class _Session:
    """``profile chat`` in a terminal emulator."""

    def __init__(self, environ: dict[str, str]) -> None:
        self._child = pexpect.spawn(
            "profile", ["chat", "--schema", "customer", "--schema-dir", "schemas", "--model", "offline"],
            env=environ, cwd=environ["HOME"], dimensions=(_ROWS, _COLUMNS), timeout=_PATIENCE,
        )  # fmt: skip
        self.screen = _Screen(self._child)
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

    def close(self) -> None:
        """Ends the program."""
        self._child.close(force=True)

    def _seen(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display).strip("\n")

    def _prompts(self, number: int) -> bool:
        lines = [line for line in self.screen.display if line.startswith(_PROMPT)]
        return len(lines) == number and not lines[-1].removeprefix(_PROMPT).strip()


def _drawn(screen: pyte.Screen) -> str:
    rows = _without_empty_middle([_row(screen, number) for number in range(_ROWS)])
    console = Console(width=_COLUMNS, record=True, file=io.StringIO(), force_terminal=True, color_system="truecolor", legacy_windows=False)
    for row in rows:
        console.print(row, no_wrap=True, overflow="crop")
    svg = console.export_svg(title="profile chat", theme=MONOKAI, unique_id="session")
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)  # a picture that loads nothing from elsewhere
    return "".join(f"{line.rstrip()}\n" for line in svg.splitlines())


def _without_empty_middle(rows: list[Text]) -> list[Text]:
    """The rows of a terminal that is just high enough: those left empty above the toolbar, the last row, are gone."""
    *above, toolbar = rows
    while above and not above[-1].plain.strip():
        above.pop()
    return [*above, Text(), toolbar]


def _row(screen: pyte.Screen, number: int) -> Text:
    cells = [screen.buffer[number][column] for column in range(_COLUMNS)]
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
    PICTURE.write_text(picture(), encoding="utf-8")
