"""A reply drawn as Markdown while it comes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.text import Text

from profilecli.render.region import Line, Region, in_common
from profilecli.text import for_terminal

if TYPE_CHECKING:
    from markdown_it.token import Token

    from profilecli.render.markdown import Block

__all__ = ["MarkdownStream"]

_FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_FRAMES_IN_ASCII = "|/-\\"
_SECONDS_A_FRAME = 0.08
_SECONDS_UNTIL_SPINNER = 0.15
_SECONDS_A_DRAWING = 0.03
_SHARE_OF_TIME = 4
"""A drawing that takes long is followed by a pause this many times as long: drawing must not slow the reply."""


class MarkdownStream:
    """A reply drawn while it comes, and a sign of life while it doesn't.

    What can't change any more is printed once, for good; only the rest is redrawn (see
    :class:`~profilecli.render.region.Region`). Inside an event loop drawings are a little
    apart and the spinner turns; outside one, every piece is drawn at once. On anything but a
    terminal the text is printed as it comes.
    """

    def __init__(self, to: Console) -> None:
        self._console = to
        self._animated = to.is_terminal and not to.is_dumb_terminal and not to.legacy_windows
        self._region: Region | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._drawn_at = 0.0
        self._pause = 0.0
        self._waiting: str | None = None
        self._forget()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def wait(self, label: str = "") -> None:
        """Shows a spinner with a label, until text comes or the stream is closed; not before a moment has passed."""
        if self._animated:
            self._waiting = label
            self._draw_later(_SECONDS_UNTIL_SPINNER)

    def feed(self, part: str) -> None:
        """Adds a piece of the reply."""
        part = for_terminal(part)
        if not part:
            return
        if not self._animated:
            self._console.print(Text(part), end="", soft_wrap=True)
            self._ends_line = part.endswith("\n")
            return
        self._source += part
        early = self._pause - (time.monotonic() - self._drawn_at)
        if self._waiting is not None or early <= 0 or not self._draw_later(early):
            self._waiting = None
            self._draw()

    def close(self) -> None:
        """Prints what is left, for good. More may be fed: it starts afresh."""
        self._stop_timer()
        self._waiting = None
        if not self._animated:
            if not self._ends_line:
                self._console.print()
        elif self._region is not None:
            self._draw(last=True)
            self._region.hide_cursor(False)
            self._region = None
        self._forget()

    def _forget(self) -> None:
        self._source = ""  # from the first block on that isn't printed whole
        self._looked = 0  # how much of it has been searched for blocks that have ended
        self._above = False  # whether a block of this reply stands above
        self._done = 0  # how many lines of the first block are printed for good, ...
        self._done_tokens: Sequence[Token] = ()  # ... which part of it that is,
        self._width = self._console.width  # and how wide it was then
        self._ends_line = True

    # ---- drawing

    def _draw(self, last: bool = False) -> None:
        from profilecli.render import markdown

        start = time.monotonic()
        self._stop_timer()
        region = self._started()
        cut = len(self._source) if last else self._source.rfind("\n") + 1
        found = markdown.blocks(self._source[:cut]) if last or cut > self._looked else []
        self._looked = cut
        printed = [line for block in (found if last else found[:-1]) for line in self._end(block)]
        if last:
            region.draw(printed, len(printed))
            return
        if len(found) > 1:
            self._source, self._looked = self._source[found[-1].start :], cut - found[-1].start
        still_open = self._open_lines()
        before = self._printed_of(still_open)
        if found and (settled := markdown.settled_part(found[-1])):
            self._done_tokens, self._done = settled, max(before, in_common(self._spaced(settled), still_open))
        printed += still_open[before : self._done]
        region.draw([*printed, *still_open[self._done :], *self._spinner()], len(printed))
        self._drawn_at = time.monotonic()
        self._pause = max(_SECONDS_A_DRAWING, _SHARE_OF_TIME * (self._drawn_at - start))
        if self._waiting is not None:
            self._draw_later(_SECONDS_A_FRAME)

    def _end(self, block: Block) -> list[Line]:
        """The lines of a block that has ended which aren't printed yet."""
        lines = self._spaced(block.tokens)
        rest = lines[self._printed_of(lines) :]
        self._done, self._done_tokens, self._above = 0, (), self._above or bool(lines)
        return rest

    def _open_lines(self) -> list[Line]:
        """What may still change, as it is now."""
        from profilecli.render import markdown

        whole, line = self._source[: self._looked], self._source[self._looked :]
        found = markdown.blocks(whole if markdown.is_only_marks(line) else whole + line)
        return [drawn for index, block in enumerate(found) for drawn in self._spaced(block.tokens, above=self._above or index > 0)]

    def _spaced(self, tokens: Sequence[Token], *, above: bool | None = None) -> list[Line]:
        """A block, with an empty line before it where a block of the reply stands above."""
        from profilecli.render.markdown import lines

        drawn = lines(tokens, self._console) if tokens else []
        return [Line("", 0), *drawn] if drawn and (self._above if above is None else above) else drawn

    def _printed_of(self, lines: Sequence[Line]) -> int:
        """How many lines of the first block are printed for good; counted anew where the width changed."""
        if self._width != self._console.width:
            self._width = self._console.width
            self._done = in_common(self._spaced(self._done_tokens), lines)
        return self._done

    def _spinner(self) -> list[Line]:
        if self._waiting is None:
            return []
        frames = _FRAMES_IN_ASCII if self._console.options.ascii_only else _FRAMES
        frame = frames[int(time.monotonic() / _SECONDS_A_FRAME) % len(frames)]
        text = Text(f"{frame} {self._waiting}", style="dim")
        with self._console.capture() as capture:
            self._console.print(text, end="", soft_wrap=True)
        return [Line(capture.get(), text.cell_len)]

    # ---- time

    def _started(self) -> Region:
        if self._region is None:
            self._region = Region(self._console)
            self._region.hide_cursor(True)
            self._width = self._console.width
        return self._region

    def _draw_later(self, seconds: float) -> bool:
        """Draws in a while, if there is an event loop to do it."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return False
        if self._timer is None:
            self._timer = loop.call_later(seconds, self._draw)
        return True

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
