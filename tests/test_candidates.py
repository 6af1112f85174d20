"""Words that could be a value of some kind of fact, whatever stands around them."""

from __future__ import annotations

import pytest

from profilecli.language.clauses import read
from profilecli.language.spans import Span
from profilecli.language.weighing import candidates


@pytest.mark.parametrize(
    ("kind", "message", "found"),
    [
        ("name", "Ask Berit or my brother Ola Nordmann", ["Berit", "Ola Nordmann"]),
        ("name", "hi im zorbla", ["zorbla"]),
        ("name", "the weather is nice", []),
        ("preferred_name", "they call me Bug", ["Bug"]),
        ("company", "I left Acme, now Rook & Sons", ["Acme", "Rook & Sons"]),
        ("company", "i work at quillix", ["quillix"]),
        ("role", "a senior data scientist and two nurses", ["senior data scientist"]),
        ("role", "our head of marketing, Jo, quit", ["head of marketing"]),
        ("timezone", "9 to 5, Eastern", ["America/New_York"]),
        ("timezone", "call me at 5pm est", ["America/New_York"]),
        ("timezone", "my clock says Tokyo", ["Asia/Tokyo"]),
        ("timezone", "find me a restaurant in Tokyo", []),
        ("plan", "we have the Growth plan", ["Growth"]),
        ("expertise", "I'm new to Kubernetes", ["new to Kubernetes"]),
    ],
)
def test_each_kind_has_its_recogniser(kind: str, message: str, found: list[str]) -> None:
    """What stands around doesn't matter here."""
    assert [span.value for span in candidates.find(read(message), kind)] == found


def test_a_plan_is_one_of_the_fields_choices_misspelt_or_not() -> None:
    """Whatever the choices are; an everyday word is none for being like one."""
    found = candidates.find(read("Are we on Gold or on platinm? The old one is fine"), "tier", choices=("gold", "platinum"))
    assert [(span.words, span.value) for span in found] == [("Gold", "gold"), ("platinm", "platinum")]


def test_what_the_patterns_read_goes_before_what_it_overlaps() -> None:
    """One candidate a place."""
    stated = [Span(0, 5, "Berit", "Berit")]
    found = candidates.find(read("Berit Nordmann and Ola"), "name", stated)
    assert [span.value for span in found] == ["Berit", "Ola"]


def test_a_list_without_an_end_has_an_end() -> None:
    """A message of names only gives so many."""
    assert len(candidates.find(read("Berit and " * 500), "name")) == candidates.MOST
