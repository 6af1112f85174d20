"""Cases as said of somebody else."""

from __future__ import annotations

import re

import pytest

from benchmarks.extraction.answers import Expectation
from benchmarks.extraction.cases import Case
from benchmarks.extraction.counterfactuals import of_somebody_else
from profilecli.models import Utterance

SAID = Expectation(gold={"company": ("Quillix",)})


def _other(message: str, expected: Expectation = SAID, *, lang: str = "en", turns: int = 1) -> str | None:
    case = Case("job-1", "job", lang, "customer", (Utterance("user", message),) * turns, expected)
    other = of_somebody_else(case)
    if other is None:
        return None
    assert other.expected.is_empty
    return other.turns[0].content


def test_the_speaker_becomes_one_other_person_throughout() -> None:
    """With the verbs of the third person, and capitals as typed."""
    said = _other("I work at Quillix and I teach my team, they call me Bo")
    assert said is not None
    assert " works at Quillix and " in said
    assert " teaches " in said
    assert said[0].isupper()
    assert not {"I", "me"} & set(re.findall(r"\w+", said))
    assert "my team" not in said


@pytest.mark.parametrize(
    "message", ["Jo from Quillix here", "The invoice is wrong, I'm at Quillix", 'I said "I\'m Bo"', "I " + "work " * 60]
)
def test_what_is_not_of_the_speaker_from_the_start_is_left_out(message: str) -> None:
    """What stands before the speaker may be true without one."""
    assert _other(message) is None


def test_only_one_message_in_english_with_something_to_learn() -> None:
    """There is nothing to deny otherwise."""
    assert _other("I work at Quillix", Expectation()) is None
    assert _other("Io lavoro da Quillix", lang="it") is None
    assert _other("I work at Quillix", turns=2) is None
