"""Weighing: what stands around words decides whether they state a fact."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from profilecli.language import weighing
from profilecli.language.clauses import Reading, read
from profilecli.language.spans import Span
from profilecli.language.weighing import Beside, Stated, withdrawals
from profilecli.language.weighing.classes import classes
from profilecli.schema.fields import Field
from tests.learning import CUSTOMER, NAMES, SUPPORT, learn
from tests.timing import grows_with

KINDS = (*weighing.KINDS, withdrawals.KIND)


@pytest.mark.parametrize(
    ("fields", "turns", "profile"),
    [
        (CUSTOMER, ["I keep the stalls clean at Harrow Mill Stables"], {"company": "Harrow Mill Stables"}),
        (CUSTOMER, ["Berit from Nordlys Bakeri, we pay for pro"], {"name": "Berit", "company": "Nordlys Bakeri", "plan_tier": "pro"}),
        (CUSTOMER, ["My sister keeps the stalls clean at Harrow Mill Stables"], {}),
        (CUSTOMER, ["I ordered the saddle from Harrow Mill Stables last week"], {}),
        (NAMES, ["Do you know Berit from the bakery?"], {}),
        (NAMES, ["Pretend my name is Napoleon."], {}),
        (NAMES, ["In the story I'm writing, my name is Berit and I'm from Nordlys"], {}),
        (SUPPORT, ["I know next to nothing about Linux, our plan is Growth"], {"plan": "Growth"}),
    ],
)
def test_what_stands_around_words_tells_whether_they_are_a_fact(fields: list[Field], turns: list[str], profile: dict[str, Any]) -> None:
    """The same words, of oneself and not, in sentences that no pattern was written for."""
    stored = learn(fields, *turns)
    assert {name: stored.get(name) for name in profile} == profile
    assert bool(stored) is bool(profile)


def test_what_weighs_for_and_against_is_told_and_adds_up() -> None:
    """The reasons of a candidate are its cues, and their sum is its odds."""
    reading = read("My sister works at Harrow Mill Stables")
    (weighed,) = weighing.weigh(reading, "company", Beside())
    reasons = weighing.reasons(reading, weighed.span, "company", Beside())
    assert [abs(weight) for _, weight in reasons] == sorted((abs(weight) for _, weight in reasons), reverse=True)
    assert sum(weight for _, weight in reasons) <= weighed.odds
    assert not weighing.is_fact("company", weighed.odds)
    assert ("subject", "my kin") in dict(reasons)


def test_the_same_words_always_weigh_the_same() -> None:
    """Nothing but the message and what is beside it counts."""
    first, second = (weighing.weigh(read(f"Hello, Berit from Nordlys here{end}"), "name", Beside()) for end in ("", ""))
    assert first == second


def test_what_a_pattern_reads_is_a_candidate_even_where_no_recogniser_finds_it() -> None:
    """ "boss lady" is no name by itself."""
    stated = Stated("preferred_name", Span(8, 17, "boss lady", "boss lady"), None)
    found = weighing.weigh(read("call me boss lady"), "preferred_name", Beside((stated,)))
    assert [each.span for each in found] == [stated.span]


@pytest.mark.parametrize("kind", KINDS)
def test_the_tables_are_sound(kind: str) -> None:
    """Whole numbers, none of them 0, and a bound."""
    model = weighing.model_of(kind)
    assert isinstance(model.accept, int)
    assert model.weights
    assert all(isinstance(weight, int) and weight for table in model.weights.values() for weight in table.values())
    assert weighing.Model.from_json(model.to_json()) == model


def test_no_word_is_in_two_classes() -> None:
    """A class stands for its words, so each has one."""
    from importlib.resources import files
    from tomllib import loads

    groups = loads(files("profilecli.language.weighing").joinpath("classes.toml").read_text("utf-8"))
    words = [word for group in groups.values() for word in group.split()]
    assert sorted({word for word in words if words.count(word) > 1}) == []
    assert classes().keys() == set(words)


@settings(max_examples=60, deadline=None)
@given(message=st.text(max_size=300), held=st.text(min_size=1, max_size=30))
def test_any_text_can_be_weighed(message: str, held: str) -> None:
    """Every candidate stands in the message, in order and apart."""
    reading = read(message)
    beside = Beside(asked="What's your name?", held={"name": held})
    for kind in weighing.KINDS:
        found = weighing.weigh(reading, kind, beside, ("free", "pro"))
        spans = [each.span for each in found]
        assert all(0 <= span.start < span.end <= len(message) for span in spans)
        assert all(before.end <= after.start for before, after in itertools.pairwise(spans))
    weighing.takes_back(reading, "name", held, ("name",), beside)


@pytest.mark.parametrize(
    "piece",
    ["I'm Berit from Nordlys, ", "Free Pro Enterprise plan ", "nurse ", "a.b.c-d'e&f ", "Est Pst Gmt 5pm ", "(((((", "é" * 40 + " "],
)
def test_the_time_grows_with_the_length(piece: str) -> None:
    """A message ten times as long takes about ten times the time, up to 100 kB."""

    def weighed(message: str) -> None:
        reading = Reading(message)
        for kind in weighing.KINDS:
            weighing.weigh(reading, kind, Beside(), ("free", "pro", "enterprise"))

    assert grows_with(weighed, piece, small=10_000, large=100_000)
