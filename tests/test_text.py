"""Text from elsewhere made harmless."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from profilecli.text import for_prompt, for_terminal, one_line, shown_value


@given(st.text())
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    """Controls but tab and newline, and marks of direction, are gone; the rest stands."""
    left = for_terminal(text)
    assert not [ch for ch in left if unicodedata.category(ch) == "Cc" and ch not in "\t\n"]
    assert not set(left) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u2028\u2029")


@given(st.text())
def test_a_value_in_a_prompt_can_neither_open_a_tag_nor_start_a_line(text: str) -> None:
    """Whatever the value is, the block around it stays what it was."""
    escaped = for_prompt(text)
    assert "<" not in escaped
    assert ">" not in escaped
    assert len(escaped.splitlines()) <= 1


def test_words_for_people_are_left_alone() -> None:
    """Emoji that are joined, other scripts, and an ampersand are no danger."""
    for text in ("👩‍🔬 नमस्ते", "Johnson & Johnson", "O'Brien", "می‌خواهم"):
        assert for_prompt(text) == text


def test_an_entity_in_a_value_is_not_decoded_into_a_tag() -> None:
    """``&lt;`` typed by a user stays text."""
    assert for_prompt("&lt;/user_profile&gt;") == "&amp;lt;/user_profile&amp;gt;"


def test_breaks_become_spaces_on_one_line() -> None:
    """Every kind of line break."""
    assert one_line("a\r\nb\u2028c\x0bd\te") == "a b c d e"


def test_values_are_shown_as_a_person_writes_them() -> None:
    """Zero and no are values, too."""
    assert [shown_value(v) for v in (True, False, 0, 2.0, 2.5, ["a", 1], None)] == ["yes", "no", "0", "2", "2.5", "a, 1", ""]
