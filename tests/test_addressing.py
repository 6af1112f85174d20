"""Names of those whom a message is said to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profilecli.language.clauses import read
from profilecli.language.weighing import candidates
from profilecli.language.weighing.addressing import is_addressed


@pytest.mark.parametrize(
    ("message", "found"),
    [
        ("Hey Tim! Long time no see", []),
        ("I'm glad that it helped, Tim.", []),
        ("Tim, you have to see this", []),
        ("Oh Tim, that's so sweet", []),
        ("Thanks for it all, Tim! I mean it", []),
        ("Hey, Tim here", ["Tim"]),
        ("Tim, nurse", ["Tim"]),
        ("it's me, Tim.", ["Tim"]),
        ("the printer is jammed, thanks, Tim.", ["Tim"]),
    ],
)
def test_whom_one_talks_to_is_no_candidate(message: str, found: list[str]) -> None:
    """A friend's name is called out far more often than one's own."""
    assert [span.value for span in candidates.find(read(message), "name")] == found


@pytest.mark.parametrize(
    "message",
    [
        "Tim, that's wonderful!",
        "Believe me, Tim, nobody saw it.",
        "Tim, hi! It went well",
        "and hey, Tim, your fish is fine",
        "Oh no, Tim! Again?",
    ],
)
def test_a_friend_is_called_in_many_ways(message: str) -> None:
    """At the start, in the middle, behind an exclamation."""
    assert candidates.find(read(message), "name") == []


@given(st.lists(st.text(max_size=6), max_size=8), st.integers(0, 8), st.integers(0, 8))
def test_any_words_can_be_asked_about(said: list[str], first: int, after: int) -> None:
    """At the edges of a message too."""
    assert is_addressed(said, first, after) in {True, False}
