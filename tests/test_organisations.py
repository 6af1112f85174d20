"""Names of organisations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profilecli.language.organisations import forward, is_organisation_like


def read_organisation(text: str, *, cased: bool = True, lenient: bool = False) -> str | None:
    span = forward(text, 0, len(text), cased=cased, lenient=lenient)
    return span.value if span else None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Quill Corp as a clerk", "Quill Corp"),
        ("Orchard & Vane in Leeds", "Orchard & Vane"),
        ("the University of Hull", "the University of Hull"),
        ("St. Olaf Clinic", "St. Olaf Clinic"),
        ("J.P. Quill and I like it", "J.P. Quill"),
        ("Quill Inc.", "Quill Inc."),
        ("3M", "3M"),
        ("AT&T now", "AT&T"),
        ("blorfco and i hate it", "blorfco"),
        ("burger king to earn", "burger king"),
        ("the bank of america .", "the bank of america"),
        ("Larkspur Logistics I'd like to report", "Larkspur Logistics"),
        ("uh Casa Verde", "Casa Verde"),
    ],
)
def test_an_organisation_is_read_as_far_as_its_name_goes(text: str, name: str) -> None:
    """Joiners, forms, initials, and brands typed in lower case."""
    assert read_organisation(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "home",
        "a bank",
        "my dad's shop",
        "the moment",
        "night",
        "myself",
        "least ten",
        "the hospital",
        "money",
        "the Bergstrom family",
        "target",
    ],
)
def test_generic_words_are_no_organisation(text: str) -> None:
    """Where one works isn't always a name."""
    assert read_organisation(text) is None


def test_words_that_leave_no_doubt_allow_unusual_names() -> None:
    """ "My company is called bean there"."""
    assert read_organisation("bean thereabouts", lenient=True) == "bean thereabouts"


def test_a_whole_value_is_told_an_organisation_or_not() -> None:
    """What a model proposes must look like one."""
    assert is_organisation_like("Quill Corp")
    assert not is_organisation_like("my own")


@given(st.text(max_size=120), st.booleans(), st.booleans())
def test_an_organisation_is_a_part_of_the_text(text: str, cased: bool, lenient: bool) -> None:
    """Reading never raises, and a span is where it says."""
    span = forward(text, 0, len(text), cased=cased, lenient=lenient)
    if span is not None:
        assert text[span.start : span.end] == span.words
