"""Numbers in digits and words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profilecli.language import numbers

_ONES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen"]
_ONES += ["fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def spelled(number: int) -> str:
    """A number from 0 to 999,999,999 in English words."""
    if number < 20:
        return _ONES[number]
    if number < 100:
        return _TENS[number // 10] + (f"-{_ONES[number % 10]}" if number % 10 else "")
    if number < 1000:
        return f"{_ONES[number // 100]} hundred" + (f" and {spelled(number % 100)}" if number % 100 else "")
    scale, word = (1000, "thousand") if number < 10**6 else (10**6, "million")
    rest = number % scale
    return f"{spelled(number // scale)} {word}" + (f" {'and ' if rest < 100 else ''}{spelled(rest)}" if rest else "")


@given(st.integers(0, 999_999_999))
def test_every_number_reads_back_from_its_words(number: int) -> None:
    assert numbers.number_of(spelled(number)) == number


@given(st.integers(0, 999_999_999))
def test_every_number_reads_back_from_its_digits(number: int) -> None:
    assert numbers.number_of(str(number)) == number
    assert numbers.number_of(f"{number:,}") == number
    assert numbers.number_of(f"-{number}") == -number


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("1,200.5", 1200.5),
        ("1.200,5", 1200.5),
        ("1,5", 1.5),
        ("1'000'000", 1_000_000),
        ("2.5k", 2500),
        ("2.3 million", 2_300_000),
        ("12 thousand", 12_000),
        ("a dozen", 12),
        ("two dozen", 24),
        ("half a dozen", 6),
        ("half a million", 500_000),
        ("a couple", 2),
        ("a hundred", 100),
        ("two and a half", 2.5),
        ("three point one four", 3.14),
        ("minus five", -5),
        ("nineteen ninety-five", 1995),
        ("twenty twenty-four", 2024),
        ("Forty Two", 42),
    ],
)
def test_ways_of_saying_a_number(words: str, number: float) -> None:
    assert numbers.number_of(words) == number


@pytest.mark.parametrize(
    "words",
    [
        "",
        "a",
        "and",
        "hundred",
        "one two",
        "hundred and",
        "one hundred hundred",
        "sixty seventy",
        "5%",
        "42 years",
        "1e3",
        "minus minus five",
        "point five",
        "two thousand two thousand",
        "½",
    ],
)
def test_what_is_no_number_as_a_whole(words: str) -> None:
    assert numbers.number_of(words) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I have 3 kids and two dogs", ["3", "two"]),
        ("I'm twenty-five.", ["twenty-five"]),
        ("it costs $1,200.50", ["1,200.50"]),
        ("a 24-year-old dev", ["24"]),
        ("one two three", ["one", "two", "three"]),
        ("version 1.2.3 at 3:30 on 1990-05-03, 24/7", []),
        ("the 42nd, B2B, COVID-19, 100km, #4, 50%", []),
        ("no one, someone, one of them, one-on-one, two-thirds, thirty-something", []),
    ],
)
def test_numbers_are_found_where_something_is_counted(text: str, found: list[str]) -> None:
    assert [span.words for span in numbers.find(text)] == found


@given(st.text(max_size=60))
def test_what_find_finds_number_of_reads(text: str) -> None:
    for span in numbers.find(text):
        number = numbers.number_of(span.words)
        assert number is not None
        assert str(number) == span.value
