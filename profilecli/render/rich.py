"""Panels, tables and streaming Markdown, drawn with Rich. Values are data: none is read as markup."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Self

from rich.console import Console
from rich.text import Text

from profilecli.models import Change
from profilecli.render.plain import change_line
from profilecli.schema import ProfileView, Schema
from profilecli.store import StoredRejection, UserSummary
from profilecli.text import for_terminal, one_line, shown_value

if TYPE_CHECKING:
    from rich.live import Live
    from rich.panel import Panel
    from rich.status import Status
    from rich.table import Table

__all__ = [
    "MarkdownStream", "console", "history_table", "learned_line", "profile_panel", "rejections_table", "rows_table", "users_table", "waiting", "warm_up",
]  # fmt: skip


def console(*, stderr: bool = False) -> Console:
    """A console that prints text as it is: no markup, no emoji codes, no guessed highlights."""
    return Console(stderr=stderr, markup=False, emoji=False, highlight=False, file=None if stderr else sys.stdout)


def profile_panel(view: ProfileView, schema: Schema) -> Panel:
    """A profile with every field of its schema; what is unset is dim, what is invalid says why."""
    from rich.panel import Panel
    from rich.table import Table

    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in view.fields.items():
        title = schema.by_name[name].title if name in schema.by_name else name
        grid.add_row(Text(one_line(title)), _value_text(value, view.invalid.get(name)))
    if view.other:
        grid.add_row()
        for name, value in view.other.items():
            grid.add_row(Text(one_line(name), style="dim"), Text.assemble(one_line(shown_value(value)), (" (not in this schema)", "dim")))
    if not view.fields and not view.other:
        grid.add_row(Text("nothing yet", style="dim"))
    return Panel(
        grid, title=Text(one_line(f"{view.user_id} · {view.schema}")), title_align="left", border_style="cyan", expand=False, padding=(0, 1)
    )


def _value_text(value: Any, invalid: str | None) -> Text:
    if value is None:
        return Text("–", style="dim")
    text = Text(one_line(shown_value(value)))
    return text.append(f"  invalid: {one_line(invalid)}", style="yellow") if invalid else text


def users_table(users: Iterable[UserSummary]) -> Table:
    """The users, with schema, number of fields set, last change, and what is still to be learned."""
    return rows_table(
        ("User", "Schema", "Fields", "Last change", "To learn"),
        [(u.user_id, u.schema, str(u.fields_set), _when(u.updated_at), str(u.pending or "")) for u in users],
    )


def history_table(changes: Iterable[Change]) -> Table:
    """Changes, oldest first, each with who made it and the words that state it."""
    rows = [
        (
            _when(c.at),
            c.field,
            f"{shown_value(c.old) or '–'} → {shown_value(c.new) or '–'}",
            c.source + (" (superseded)" if c.superseded else ""),
            c.quote or "",
        )
        for c in changes
    ]
    return rows_table(("When", "Field", "Change", "By", "Your words"), rows)


def rejections_table(rejections: Iterable[StoredRejection]) -> Table:
    """What was proposed and refused, and why."""
    rows = [(_when(r.at), r.rejection.field, r.rejection.value or "(remove)", r.rejection.reason, r.rejection.quote) for r in rejections]
    return rows_table(("When", "Field", "Proposed", "Refused, since", "Words"), rows)


def rows_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """A table of plain text."""
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(Text(one_line(cell)) for cell in row))
    return table


def learned_line(changes: Sequence[Change], way_back: str = "/undo") -> Text:
    """``✓ company: Acme → Globex · /undo``."""
    line = Text("✓ ", style="green")
    line.append("; ".join(change_line(change) for change in changes), style="default")
    return line.append(f" · {way_back}", style="dim")


def waiting(to: Console) -> Status:
    """A spinner, running, until its ``stop`` is called; nothing where the console isn't a terminal."""
    from rich.status import Status

    status = Status("", console=to, spinner="dots")
    if to.is_terminal and not to.is_dumb_terminal:
        status.start()
    return status


def warm_up() -> None:
    """Imports what a reply needs, for a thread to do while the user types."""
    import rich.live
    import rich.markdown
    import rich.panel
    import rich.status
    import rich.table

    del rich


def _when(at: str) -> str:
    return at[:16].replace("T", " ")


class MarkdownStream:
    """A reply drawn as Markdown while it comes, without flicker.

    Finished blocks are printed once and scroll away; only the block that is still being
    written is redrawn, and never more of it than the screen holds. On anything but a
    terminal the text is printed as it comes.
    """

    def __init__(self, to: Console) -> None:
        self._console = to
        self._text = ""
        self._printed = 0
        self._live: Live | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def feed(self, part: str) -> None:
        """Adds a piece of the reply."""
        part = for_terminal(part)
        if not self._animated:
            self._console.print(Text(part), end="", soft_wrap=True)
            self._text += part
            return
        self._text += part
        self._print_finished()
        if tail := self._text[self._printed :]:
            self._draw(tail)

    def close(self) -> None:
        """Prints what is left, for good."""
        if not self._animated:
            if self._text and not self._text.endswith("\n"):
                self._console.print()
            return
        self._erase_live()
        if tail := self._text[self._printed :].strip():
            self._console.print(_markdown(tail))
        self._printed = len(self._text)

    @property
    def _animated(self) -> bool:
        return self._console.is_terminal and not self._console.is_dumb_terminal

    def _print_finished(self) -> None:
        end = _finished_blocks(self._text, self._printed)
        if end > self._printed:
            self._erase_live()
            self._console.print(_markdown(self._text[self._printed : end].strip()))
            self._console.print()
            self._printed = end

    def _draw(self, tail: str) -> None:
        from rich.console import Group
        from rich.live import Live

        if self._live is None:
            self._live = Live(console=self._console, auto_refresh=False, transient=True, vertical_overflow="crop")
            self._live.start()
        # The end of a long block is what is being written; its beginning is printed when it is done.
        room = max(self._console.height - 2, 1)
        lines = self._console.render_lines(_markdown(tail), self._console.options)
        shown = Group(*(_Line(line) for line in lines[-room:]))
        self._live.update(shown, refresh=True)

    def _erase_live(self) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None


class _Line:
    """One line that is rendered already."""

    def __init__(self, segments: list[Any]) -> None:
        self._segments = segments

    def __rich_console__(self, *_: Any) -> Any:
        from rich.segment import Segment

        yield from self._segments
        yield Segment.line()


def _markdown(text: str) -> Any:
    from rich.markdown import Markdown

    return Markdown(text)


def _finished_blocks(text: str, start: int) -> int:
    """Where the last finished block ends: the last blank line that is not inside a code fence or a list."""
    fenced, end, position = False, start, start
    for line in text[start:].splitlines(keepends=True):
        position += len(line)
        stripped = line.strip()
        if stripped.startswith(("```", "~~~")):
            fenced = not fenced
        elif not stripped and not fenced and line.endswith("\n") and _starts_block(text, position):
            end = position
    return end


def _starts_block(text: str, position: int) -> bool:
    # An indented line, a list item or a table row may go on with the block before it.
    following = text[position : position + 4]
    return (
        bool(following.strip())
        and not following[0].isspace()
        and not following.lstrip().startswith(("-", "*", "+", "|"))
        and not following[0].isdigit()
    )
