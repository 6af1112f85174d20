"""Text as it is compared: profilecli.language.text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from profilecli.language.text import fold, occurrences, plain, words_of


def test_case_white_space_unicode_form_and_quotes_are_folded() -> None:
    """What a person sees as the same is the same."""
    assert fold("I’m  ZOË\n") == fold("i'm zoe\u0308") == "i'm zoë"


def test_a_quote_is_found_where_it_stands() -> None:
    """The place is the original's, whatever was folded."""
    message = "Well —\u00a0I’m  Zoe\u0308 here"
    [(start, end)] = occurrences(message, "i'm zoë")
    assert message[start:end] == "I’m  Zoe\u0308"


def test_an_empty_quote_stands_nowhere() -> None:
    """White space alone is no evidence."""
    assert occurrences("some words", "  \n") == []


def test_words_keep_what_belongs_to_them() -> None:
    """Signs within names of things are theirs."""
    assert words_of("C++ by O'Brien, al-Farsi!") == ["c++", "by", "o'brien", "al-farsi"]


@given(st.text(max_size=200))
def test_plain_text_keeps_offsets(text: str) -> None:
    """Each character becomes one character."""
    assert len(plain(text)) == len(text)


@given(st.text(max_size=100), st.text(min_size=1, max_size=30))
def test_every_occurrence_folds_to_the_quote(message: str, quote: str) -> None:
    """What is found is what was looked for."""
    for start, end in occurrences(message, quote):
        assert fold(quote) in fold(message[start:end])


@given(st.text(alphabet="abcdefg XYZ'’.", max_size=60), st.integers(0, 59), st.integers(1, 20))
def test_a_piece_of_a_message_is_found_in_it(message: str, at: int, length: int) -> None:
    """Any quote that is copied from the message stands there."""
    piece = message[at : at + length]
    assert bool(occurrences(message, piece)) == bool(fold(piece))
