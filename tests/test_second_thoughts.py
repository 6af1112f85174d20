"""What comes after a second thought puts right what was said before it."""

from __future__ import annotations

from typing import Any

import pytest

from profilecli.language.clauses import read
from profilecli.language.second_thoughts import may_think_again
from profilecli.schema.fields import Field
from tests.learning import CUSTOMER, NAMES, learn


@pytest.mark.parametrize(
    ("fields", "turns", "profile"),
    [
        (NAMES, ["Hi I'm Jhon. John, I mean."], {"name": "John"}),
        (NAMES, ["My name's Carla *Karla"], {"name": "Karla"}),
        (NAMES, ["I'm Cecilia, no, my phone did it again, Cecily!"], {"name": "Cecily"}),
        (NAMES, ["I'm Hanna. Oops, with one n: Hana."], {"name": "Hana"}),
        (NAMES, ["hi I'm Samir", "ugh, autocomplete put the wrong one, Samira!!"], {"name": "Samira"}),
        (NAMES, ["im ali", "aly. with a y"], {"name": "aly"}),
        (NAMES, ["My name is Jon Parks.", "Parkes with an e: Jon Parkes"], {"name": "Jon Parkes"}),
        (NAMES, ["Call me Kris", "with a C please: Cris"], {"preferred_name": "Cris"}),
        (CUSTOMER, ["I work at Delphi", "Delfi, with an f"], {"company": "Delfi"}),
        (CUSTOMER, ["Company's called Brodie Foods", "Brody Foods, with a y"], {"company": "Brody Foods"}),
        (CUSTOMER, ["I'm a data analyst at Quillon, I mean data scientist"], {"company": "Quillon", "role": "data scientist"}),
        (NAMES, ["I'm Mrs. Halloran, Fiona Halloran."], {"name": "Fiona Halloran"}),
        (NAMES, ["I'm Tim", "Tom!"], {"name": "Tim"}),
        (NAMES, ["I'm Tim", "no wait, is Tom there?"], {"name": "Tim"}),
    ],
)
def test_another_spelling_that_stands_alone_is_the_right_one(fields: list[Field], turns: list[str], profile: dict[str, Any]) -> None:
    """With words that tell of a second thought; a call to somebody of a like name has none."""
    assert learn(fields, *turns) == profile


@pytest.mark.parametrize(
    ("turns", "tier"),
    [
        (["We're on pro... no wait, just checked the invoice and it says enterprise"], "enterprise"),
        (["free plan... no, wait, the invoice says Pro, so Pro"], "pro"),
        (["we're on pro", "scratch that, my boss says enterprise"], "enterprise"),
        (["we have the free plan", "hang on, the boss says he pays for Pro"], "pro"),
        (["I'm on Pro", "wait, what does enterprise cost?"], "pro"),
        (["I'm on Pro", "actually I'm thinking about enterprise"], "pro"),
        (["I'm on free, sorry, what's in pro?"], "free"),
    ],
)
def test_the_one_other_choice_behind_a_second_thought_is_meant(turns: list[str], tier: str) -> None:
    """Not one that is asked about or only considered."""
    assert learn(CUSTOMER, *turns) == {"plan_tier": tier}


def test_a_long_message_has_no_second_thoughts() -> None:
    """It is about something else."""
    assert may_think_again(read("no wait, John"))
    assert not may_think_again(read("no wait, John" + " and so on" * 30))
