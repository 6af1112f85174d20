"""Panels, tables and streaming Markdown, drawn with Rich. Values are data: none is read as markup."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console, ConsoleOptions, RenderResult
from rich.padding import Padding
from rich.text import Text
from rich.theme import Theme

from profilecli.models import Change
from profilecli.render.plain import change_line
from profilecli.render.stream import MarkdownStream
from profilecli.schema import ProfileView, Schema
from profilecli.store import StoredRejection, UserSummary
from profilecli.text import one_line, shown_value

if TYPE_CHECKING:
    from rich.panel import Panel
    from rich.table import Table

__all__ = [
    "Entries", "MarkdownStream", "console", "history_table", "learned_line", "profile_panel", "rejections_table", "rows_table", "users_table", "warm_up",
]  # fmt: skip


def console(*, stderr: bool = False) -> Console:
    """A console that prints text as it is: no markup, no emoji codes, no guessed highlights."""
    return Console(stderr=stderr, markup=False, emoji=False, highlight=False, theme=_theme(), file=None if stderr else sys.stdout)


def _theme() -> Theme:
    # Rich's code has a black ground, which is a hole in a light terminal.
    return Theme({"markdown.code": "cyan", "markdown.block_quote": "italic", "markdown.h1": "bold underline"})


def profile_panel(view: ProfileView, schema: Schema) -> Panel:
    """A profile with every field of its schema; what is unset is dim, what is invalid says why."""
    from rich.panel import Panel
    from rich.table import Table

    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold", overflow="fold")
    grid.add_column(overflow="fold")
    for name, value in view.fields.items():
        title = schema.by_name[name].title if name in schema.by_name else name
        grid.add_row(Text(one_line(title)), _value_text(value, view.invalid.get(name), pinned=name in view.pinned))
    if view.other:
        grid.add_row()
        for name, value in view.other.items():
            grid.add_row(Text(one_line(name), style="dim"), Text.assemble(one_line(shown_value(value)), (" (not in this schema)", "dim")))
    if not view.fields and not view.other:
        grid.add_row(Text("nothing yet", style="dim"))
    return Panel(
        grid, title=Text(one_line(f"{view.user_id} · {view.schema}")), title_align="left", border_style="cyan", expand=False, padding=(0, 1)
    )


def _value_text(value: Any, invalid: str | None, *, pinned: bool) -> Text:
    text = Text("–", style="dim") if value is None else Text(one_line(shown_value(value)))
    if invalid:
        text.append(f"  invalid: {one_line(invalid)}", style="yellow")
    return text.append("  pinned", style="dim") if pinned else text


def users_table(users: Iterable[UserSummary]) -> Table:
    """The users, with schema, number of fields set, last change, and what is still to be learned."""
    return rows_table(
        ("User", "Schema", "Fields", "Last change", "To learn"),
        [(u.user_id, u.schema, str(u.fields_set), _when(u.updated_at), str(u.pending or "")) for u in users],
    )


def history_table(changes: Iterable[Change]) -> Entries:
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
    return Entries(("When", "Field", "Change", "By", "Your words"), rows)


def rejections_table(rejections: Iterable[StoredRejection]) -> Entries:
    """What was proposed and refused, and why."""
    rows = [(_when(r.at), r.rejection.field, r.rejection.value or "(remove)", r.rejection.reason, r.rejection.quote) for r in rejections]
    return Entries(("When", "Field", "Proposed", "Refused, since", "Words"), rows)


class Entries:
    """Rows of text: a table, or where that would be too narrow to read, each row under the other."""

    def __init__(self, headings: Sequence[str], rows: Sequence[Sequence[str]], narrowest: int = 80) -> None:
        self._headings = headings
        self._rows = rows
        self._narrowest = narrowest

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if options.max_width >= self._narrowest:
            yield rows_table(self._headings, self._rows)
            return
        for row in self._rows:
            first, *rest = map(one_line, row)
            yield Text(first, style="bold", overflow="fold")
            for cell in filter(None, rest):
                yield Padding(Text(cell, overflow="fold"), (0, 0, 0, 2))


def rows_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """A table of plain text."""
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for heading in headings:
        table.add_column(heading, overflow="fold", no_wrap=heading in ("Command", "When"))
    for row in rows:
        table.add_row(*(Text(one_line(cell)) for cell in row))
    return table


def learned_line(changes: Sequence[Change], way_back: str = "/undo") -> Text:
    """``✓ company: Acme → Globex · /undo``."""
    said = "; ".join(change_line(change) for change in changes)
    return Text.assemble(("✓ ", "green"), said, (f" · {way_back}", "dim"))


def warm_up() -> None:
    """Imports what a reply needs, for a thread to do while the user types."""
    import rich.panel
    import rich.table

    import profilecli.render.markdown

    profilecli.render.markdown.prepare()
    del rich


def _when(at: str) -> str:
    return at[:16].replace("T", " ")
