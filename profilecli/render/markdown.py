"""Markdown as lines for a terminal, cut so that what is printed once never has to change.

Rich draws it, with these departures. HTML stands as it was written, since dropping it would
drop a part of the answer. A link shows where it leads. Code has no margin, so that it can be
copied. And nothing that stands later changes a block before it: reference definitions, which
can, are left as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import CodeBlock, Heading, HorizontalRule, ListElement, ListItem, Markdown
from rich.rule import Rule
from rich.segment import Segment, SegmentLines
from rich.syntax import Syntax

from profilecli.render.region import Line
from profilecli.text import for_terminal

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

__all__ = ["Block", "blocks", "is_only_marks", "lines", "prepare", "settled_part"]

_CODE_THEME = "ansi_dark"
_NARROWEST = 8
"""Cells that text in nested lists and quotes gets at least, whatever the width of the screen."""


class Block(NamedTuple):
    """A block that stands in no other, and where it begins in the source."""

    start: int
    tokens: Sequence[Token]


def blocks(source: str) -> list[Block]:
    """The blocks of a text. If whole lines are added to it, only the last block can change."""
    offsets = [0]
    for line in source.splitlines(keepends=True):
        offsets.append(offsets[-1] + len(line))
    found: list[Block] = []
    tokens: list[Token] = []
    for token in _parser().parse(source):
        tokens.append(token)
        if token.level == 0 and token.nesting <= 0:
            first = tokens[0].map
            found.append(Block(offsets[first[0]] if first else 0, tokens))
            tokens = []
    return found


def settled_part(block: Block) -> Sequence[Token]:
    """What of the last block can't change if whole lines are added: list items but the last, and lines of code."""
    first = block.tokens[0]
    if first.type == "fence":
        return block.tokens
    if first.type in ("bullet_list_open", "ordered_list_open"):
        items = [index for index, token in enumerate(block.tokens) if token.type == "list_item_open" and token.level == 1]
        return [*block.tokens[: items[-1]], block.tokens[-1]] if len(items) > 1 else []
    return []


def is_only_marks(line: str) -> bool:
    """Whether the beginning of a line shows nothing yet that says what it will be."""
    return re.fullmatch(r"[\s>]*(?:[-=*+_#`~|:\s]+|\d{1,9}[.)]?\s*)?", line) is not None


def lines(tokens: Sequence[Token], console: Console) -> list[Line]:
    """A block drawn as wide as the console, without blanks at its end, at the ends of lines, or before it."""
    drawn = console.render_lines(_Drawn(tokens), console.options.update(height=None), pad=False)
    trimmed = _without_blanks([_trimmed(line) for line in drawn])
    with console.capture() as capture:
        console.print(SegmentLines(trimmed, new_lines=True), end="", soft_wrap=True)
    return [Line(text, Segment.get_line_length(line)) for text, line in zip(capture.get().split("\n"), trimmed, strict=False)]


def prepare() -> None:
    """Does ahead of time what the first block would wait for."""
    _parser().parse("*ready*")


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable(["strikethrough", "table"]).disable("reference")


def _without_blanks(drawn: list[list[Segment]]) -> list[list[Segment]]:
    filled = [index for index, line in enumerate(drawn) if any(segment.text for segment in line)]
    return drawn[filled[0] : filled[-1] + 1] if filled else []


def _trimmed(line: list[Segment]) -> list[Segment]:
    kept = list(line)
    while kept and not kept[-1].text.rstrip() and not (kept[-1].style and kept[-1].style.bgcolor):
        kept.pop()
    if kept and not (kept[-1].style and kept[-1].style.bgcolor):
        kept[-1] = Segment(kept[-1].text.rstrip(), kept[-1].style)
    return kept


def _harmless(tokens: Iterable[Token]) -> Iterator[Token]:
    """The tokens with links and images as text, and without anything that a terminal obeys.

    An entity such as ``&#27;`` becomes a control character only in the parser, so that
    cleaning the source isn't enough.
    """
    for token in tokens:
        if token.type == "inline":
            yield token.copy(children=list(_inline(token.children or [])))
        else:
            yield token.copy(content=for_terminal(token.content))


def _inline(children: Iterable[Token]) -> Iterator[Token]:
    from markdown_it.token import Token

    targets: list[str] = []
    for token in children:
        if token.type == "link_open":
            targets.append("" if token.markup == "autolink" else str(token.attrs.get("href", "")))
        elif token.type == "link_close":
            if target := targets.pop():
                yield Token("text", "", 0, content=f" ({for_terminal(target)})")
        elif token.type == "softbreak":
            # As in other chats: a model's lines are meant as lines.
            yield token.copy(type="hardbreak")
        elif token.type == "image":
            yield Token("text", "", 0, content=for_terminal(f"{token.content} ({token.attrs.get('src', '')})".lstrip()))
        else:
            yield token.copy(content=for_terminal(token.content))


class _Drawn(Markdown):
    """Rich's Markdown, of tokens that were parsed elsewhere."""

    def __init__(self, tokens: Iterable[Token]) -> None:
        super().__init__("", code_theme=_CODE_THEME, hyperlinks=False)
        self.parsed = list(_harmless(tokens))


class _Code(CodeBlock):
    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Syntax(str(self.text).rstrip(), self.lexer_name, theme=self.theme, word_wrap=True, background_color="default")


class _Heading(Heading):
    LEVEL_ALIGN = {}  # noqa: RUF012 -- a class variable of Rich's: all to the left


class _Rule(HorizontalRule):
    new_line = True

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Rule(style="dim")


class _List(ListElement):
    """Items whose marks don't depend on how many are still to come."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        first = 1 if self.list_start is None else self.list_start
        for number, item in enumerate(self.items, first):
            mark = " • " if self.list_type == "bullet_list_open" else f" {number}. "
            yield from _hanging(item, mark, console, options)


def _hanging(item: ListItem, mark: str, console: Console, options: ConsoleOptions) -> RenderResult:
    width = max(options.max_width - len(mark), _NARROWEST)
    drawn = console.render_lines(item.elements, options.update(width=width), style=item.style, pad=False)
    for index, line in enumerate(drawn or [[]]):
        yield Segment(" " * len(mark)) if index else Segment(mark, console.get_style("markdown.item.bullet", default="none"))
        yield from line
        yield Segment.line()


_Drawn.elements = Markdown.elements | {
    "fence": _Code,
    "code_block": _Code,
    "heading_open": _Heading,
    "hr": _Rule,
    "bullet_list_open": _List,
    "ordered_list_open": _List,
}
