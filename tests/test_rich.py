"""What people see: Markdown while it comes, panels and tables."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Iterable
from itertools import pairwise

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console, RenderableType

from profilecli.models import Change, Profile, Rejection
from profilecli.render import rich
from profilecli.render.stream import MarkdownStream
from profilecli.schema import SchemaSet
from profilecli.store import StoredRejection, UserSummary

EVIL = "x\x1b]0;owned\x07\x9b2J[bold]y[/bold]</user_profile>\u202e\nz"

LETTER = """# Title

Some *text* with `code`, a [link](https://evil.example) and <b>html</b> &#27;[31m x &lt;.
A second line of **bold words** that goes on and on until it has to wrap somewhere, doesn't it?

1. one
2. two
   - nested 日本語 wide
   - more

   a paragraph in an item
3. three

```python
def f(x):
    \"\"\"A
    text.\"\"\"

    return x  # a comment
```

| a | b |
|---|--:|
| 1 | 日本 |
| a long cell | 3 |

> a quote
> of two lines

---

- x

- y

end ![image](http://x/y.png)"""


def terminal(width: int = 80, height: int = 24, **options: str) -> Console:
    """A console that writes to memory as it would to a terminal."""
    return Console(
        file=io.StringIO(), force_terminal=True, width=width, height=height, markup=False, emoji=False, highlight=False,
        color_system="truecolor", _environ=options,
    )  # fmt: skip


def written(console: Console) -> str:
    """Everything that was written to it."""
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def seen(text: str, width: int, height: int) -> str:
    """What a person sees of it, what has scrolled away included."""
    screen = pyte.HistoryScreen(width, height, history=10_000, ratio=0.5)
    pyte.Stream(screen).feed(text)
    above = ["".join(row[column].data for column in range(width)).rstrip() for row in screen.history.top]
    return "\n".join([*above, *(line.rstrip() for line in screen.display)]).rstrip()


def drawn(parts: Iterable[str], width: int = 80, height: int = 24) -> str:
    """What a person sees of a reply that comes in these parts."""
    console = terminal(width, height)
    with MarkdownStream(console) as stream:
        for part in parts:
            stream.feed(part)
    return seen(written(console), width, height)


def shown(what: RenderableType, width: int = 80) -> str:
    """What is printed of a panel or table, without colour."""
    console = Console(file=io.StringIO(), width=width, markup=False, emoji=False, highlight=False)
    console.print(what)
    return written(console)


def cut(text: str, cuts: list[int]) -> list[str]:
    """The text in pieces, cut at these places (taken modulo its length)."""
    places = sorted({place % (len(text) + 1) for place in cuts} | {0, len(text)})
    return [text[a:b] for a, b in pairwise(places)]


MARKS = [
    "\n",
    "\n\n",
    "- ",
    "1. ",
    "2. ",
    "10) ",
    "* ",
    "+ ",
    "```",
    "```py\n",
    "~~~",
    "> ",
    "# ",
    "|a|b|\n",
    "|--|--|\n",
    "a | b\n",
    "    ",
    "   ",
]
INLINE = [
    "**",
    "*",
    "_",
    "`",
    "[x](y)",
    "[r]: u\n",
    "[r]",
    "![",
    "](",
    "<b>",
    "</b>",
    "<!-- ",
    "word ",
    "日本 ",
    "x" * 30,
    " ",
    "---",
    "===",
    "\t",
]
NASTY = ["&#27;", "&#x202e;", "&lt;", "\\", "\x1b[2J", "\x1b]0;t\x07", "\r\n", "\x9b", "\u202e", "1", "é", "\ud800"]
texts = st.lists(st.sampled_from(MARKS + INLINE + NASTY), max_size=40).map("".join)


@pytest.mark.parametrize(("width", "height"), [(80, 24), (40, 10), (100, 50), (24, 6)])
def test_a_letter_looks_the_same_however_it_comes(width: int, height: int) -> None:
    whole = drawn([LETTER], width, height)
    assert drawn(LETTER, width, height) == whole
    assert drawn(re.findall(r"\s?\S+|\s", LETTER), width, height) == whole


@pytest.mark.parametrize(
    "text",
    [
        "see [a] here\n\nthere\n\n[a]: http://x.example\n",
        "- one\n- **bold\n  more**\n- three",
        "- one\n- two\n  ===\n- three",
        "1. a\n2. b\n\n   c\n",
        "a | b\n--|--\n1 | 2\n\nc",
        "```\n\nx\n\n\ny\n```\n",
    ],
)
def test_nothing_that_comes_later_changes_what_is_printed(text: str) -> None:
    assert drawn(text) == drawn([text])


@given(
    text=texts, cuts=st.lists(st.integers(0, 2000), max_size=30), width=st.sampled_from([20, 40, 80]), height=st.sampled_from([5, 12, 24])
)
@settings(max_examples=150, deadline=None)
def test_any_text_looks_the_same_however_it_comes(text: str, cuts: list[int], width: int, height: int) -> None:
    assert drawn(cut(text, cuts), width, height) == drawn([text], width, height)


@given(text=texts | st.text(), cuts=st.lists(st.integers(0, 2000), max_size=10))
@settings(max_examples=150, deadline=None)
def test_nothing_that_a_terminal_obeys_comes_from_a_reply(text: str, cuts: list[int]) -> None:
    console = terminal()
    with MarkdownStream(console) as stream:
        for part in cut(text, cuts):
            stream.feed(part)
    # What is left when our own colours, movements and erasures are taken off.
    left = re.sub(r"\x1b\[(?:[\d;]*[mAKJ]|\?(?:7|25|2026)[hl])", "", written(console)).replace("\r\n", "\n").replace("\r", "")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", left)


@given(
    words=st.lists(st.from_regex(r"[a-z0-9]{1,12}|</?[a-z]{1,8}>", fullmatch=True), max_size=60),
    cuts=st.lists(st.integers(0, 500), max_size=10),
)
@settings(max_examples=100, deadline=None)
def test_no_word_of_a_reply_is_lost(words: list[str], cuts: list[int]) -> None:
    text = " ".join(["start", *words])
    assert drawn(cut(text, cuts)).split() == text.split()


def test_a_link_shows_where_it_leads_and_html_stands_as_written() -> None:
    assert drawn(["[a bank](https://evil.example) <b>x</b> <https://plain.example>"]) == (
        "a bank (https://evil.example) <b>x</b> https://plain.example"
    )


def test_code_can_be_copied_without_a_margin() -> None:
    assert drawn(["```python\ndef f():\n    return 1\n```"]) == "def f():\n    return 1"


def test_lines_stay_lines() -> None:
    assert drawn(["Roses are red\nviolets are blue"]) == "Roses are red\nviolets are blue"


def test_what_stands_already_is_not_written_again() -> None:
    """The flicker that is not there: each further word costs about a line, whatever stands above."""
    console = terminal()
    stream = MarkdownStream(console)
    stream.feed("first\n\n" * 5)
    before = len(written(console))
    for word in ("one ", "two ", "three "):
        stream.feed(word)
    assert "first" not in written(console)[before:]
    assert "\x1b[2J" not in written(console)
    stream.close()


def test_the_cursor_is_shown_again_after_a_reply() -> None:
    console = terminal()
    with MarkdownStream(console) as stream:
        stream.feed("x")
    assert written(console).rfind("\x1b[?25h") > written(console).rfind("\x1b[?25l")


def test_a_spinner_leaves_nothing() -> None:
    console = terminal()

    async def wait() -> None:
        stream = MarkdownStream(console)
        stream.wait("learning")
        while "learning" not in written(console):
            await asyncio.sleep(0.01)
        stream.close()

    asyncio.run(wait())
    assert seen(written(console), 80, 24) == ""


def test_pieces_that_come_quickly_are_drawn_together_and_all_of_them_in_the_end() -> None:
    console = terminal()

    async def reply() -> None:
        stream = MarkdownStream(console)
        for number in range(300):
            stream.feed(f"word{number} ")
        while "word299" not in written(console):
            await asyncio.sleep(0.01)
        stream.close()

    asyncio.run(reply())
    assert written(console).count("\x1b[?2026h") < 60


@pytest.mark.parametrize("environ", [{"TERM": "dumb"}, {}])
def test_off_a_terminal_the_text_is_printed_as_it_comes(environ: dict[str, str]) -> None:
    console = Console(file=io.StringIO(), force_terminal=bool(environ), width=40, _environ=environ)
    with MarkdownStream(console) as stream:
        stream.wait()
        stream.feed("Some **bold** \x1b[2Jtext")
        stream.feed(" that is longer than forty characters")
    assert written(console) == "Some **bold** [2Jtext that is longer than forty characters\n"


@pytest.mark.parametrize("width", [24, 40, 80, 120, 400])
def test_panels_and_tables_show_values_as_data(schemas: SchemaSet, width: int) -> None:
    schema = schemas.get("customer")
    profile = Profile("al\x1b[31mice", "customer", {"company": EVIL, "plan_tier": EVIL, "gone[/red]": EVIL}, "", "")
    change = Change(1, "company", EVIL, None, "user", EVIL, None, "2026-01-31T12:00:00Z", 1)
    refused = StoredRejection(Rejection("company", EVIL, "not stated by the user", EVIL), None, "2026-01-31T12:00:00Z")
    for what in (
        rich.profile_panel(schema.view(profile), schema),
        rich.history_table([change]),
        rich.rejections_table([refused]),
        rich.users_table([UserSummary(EVIL, EVIL, 1, "2026-01-31T12:00:00Z")]),
        rich.learned_line([change]),
    ):
        text = shown(what, width)
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)
        assert width < 400 or "[bold]y[/bold]</user_profile> z" in text
        assert max(map(len, text.splitlines())) <= width


def test_unset_and_invalid_values_are_told_apart(schemas: SchemaSet) -> None:
    schema = schemas.get("customer")
    text = shown(rich.profile_panel(schema.view(Profile("alice", "customer", {"plan_tier": "gold", "pet": "cat"}, "", "")), schema))
    assert re.search(r"Company +–", text)
    assert re.search(r"Plan Tier +gold  invalid:", text)
    assert re.search(r"pet +cat \(not in this schema\)", text)


def test_history_is_a_table_where_there_is_room_and_a_list_where_there_is_none() -> None:
    change = Change(1, "company", "Acme", "Globex", "rules", "I'm at Globex now", None, "2026-01-31T12:00:00Z", 1)
    wide, narrow = (shown(rich.history_table([change]), width).splitlines() for width in (100, 40))
    assert wide[0].split() == ["When", "Field", "Change", "By", "Your", "words"]
    assert [line.strip() for line in narrow] == ["2026-01-31 12:00", "company", "Acme → Globex", "rules", "I'm at Globex now"]


def test_what_was_learned_is_one_line_with_its_way_back() -> None:
    change = Change(1, "company", "Acme", "Globex", "rules", "I'm at Globex now", None, "2026-01-31T12:00:00Z", 1)
    assert shown(rich.learned_line([change])) == "✓ company: Acme → Globex · /undo\n"
