"""Job titles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profilecli.language.roles import forward, is_role_like


def read_role(text: str, *, lenient: bool = False) -> str | None:
    span = forward(text, 0, len(text), lenient=lenient)
    return span.value if span else None


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("a data scientist at Loop", "data scientist"),
        ("the head of design", "head of design"),
        ("VP of Sales", "VP of Sales"),
        ("founder of Quill", "founder"),
        ("a senior SRE", "senior SRE"),
        ("an it admin here", "it admin"),
        ("a great chef", "chef"),
        ("a 40 year old car salesman", "car salesman"),
        ("one of the nurses and a barista", None),
        ("a marine biologist who dives", "marine biologist"),
        ("a real estate agent", "real estate agent"),
        ("the owner of Quill", "owner"),
    ],
)
def test_a_title_is_read_up_to_its_head(text: str, role: str | None) -> None:
    """Articles and praise go, what belongs to the title stays."""
    assert read_role(text) == role


@pytest.mark.parametrize(
    "text",
    [
        "a big fan of jazz",
        "a customer",
        "a vegetarian",
        "a former pilot",
        "a retired teacher",
        "a good driver",
        "a member",
        "a Canadian",
        "a bit tired",
        "the owner of two cats",
    ],
)
def test_what_one_is_besides_is_no_job(text: str) -> None:
    """Fans, customers, diets, nations, and what one was."""
    assert read_role(text) is None


def test_words_that_leave_no_doubt_allow_unknown_titles() -> None:
    """ "My job title is widget wrangler"."""
    assert read_role("widget wrangler", lenient=True) == "widget wrangler"


def test_a_whole_value_is_told_a_title_or_not() -> None:
    """What a model proposes must look like one."""
    assert is_role_like("product manager")
    assert not is_role_like("at home")


@given(st.text(max_size=120), st.booleans())
def test_a_title_is_a_part_of_the_text(text: str, lenient: bool) -> None:
    """Reading never raises, and a span is where it says."""
    span = forward(text, 0, len(text), lenient=lenient)
    if span is not None:
        assert text[span.start : span.end] == span.words
