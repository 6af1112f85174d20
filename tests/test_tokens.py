"""The words and marks of a message, and how cues name them."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from profilecli.language.clauses import read
from profilecli.language.weighing.tokens import tokens_of


def test_hurried_spellings_are_put_right_and_names_told_from_words() -> None:
    """What cues see is neither the typing nor the very name."""
    tokens = tokens_of(read("hi im Alice, a nurse at Quillix, aged 42"))
    assert tokens.words[:3] == ("hi", "i'm", "alice")
    assert tokens.labels == ("hi", "i'm", "<given>", ",", "a", "<job>", "at", "<Cap>", ",", "aged", "#")


def test_in_a_shouted_message_capitals_mean_nothing() -> None:
    """All of it is capitals."""
    assert "<Cap>" not in tokens_of(read("PLEASE SEND THE QUILLIX INVOICE AGAIN")).labels


def test_a_word_of_a_class_is_no_name_for_its_capital() -> None:
    """It opens the sentence."""
    assert tokens_of(read("Pretend Quillix is gone")).labels[:2] == ("pretend", "<Cap>")


def test_what_follows_the_last_word_is_only_marks() -> None:
    """A trailing mark is no word."""
    tokens = tokens_of(read("thanks, Jo !!"))
    assert tokens.texts[: tokens.last_word] == ("thanks", ",", "Jo")
    assert tokens_of(read("?!")).last_word == 0


@given(st.text(max_size=200))
def test_tokens_stand_where_they_say(message: str) -> None:
    """In order, apart, and found again by their place."""
    reading = read(message)
    tokens = tokens_of(reading)
    places = list(zip(tokens.starts, tokens.ends, strict=True))
    assert [reading.masked[start:end] for start, end in places] == list(tokens.texts)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(places))
    assert [tokens.from_(start) for start in tokens.starts] == list(range(len(tokens)))
