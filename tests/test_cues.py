"""What stands around a candidate, as named cues."""

from __future__ import annotations

from profilecli.language.clauses import Objection, read
from profilecli.language.spans import Span
from profilecli.language.weighing import cues
from profilecli.language.weighing.cues import Beside, Stated


def _said(message: str, words: str, kind: str = "company", beside: Beside | None = None) -> set[cues.Cue]:
    start = message.index(words)
    span = Span(start, start + len(words), words, words)
    return set(cues.of_candidate(read(message), span, kind, beside or Beside()))


def test_the_words_beside_a_candidate_are_cues() -> None:
    """Near ones in order, farther ones as they are."""
    said = _said("I keep the books at Quillix, in Oslo", "Quillix")
    assert {("b1", "at"), ("b12", "books at"), ("a1", ","), ("L", "books"), ("R", "in")} <= said


def test_whom_a_clause_is_about_is_a_cue_by_its_class() -> None:
    """A sister and a brother are kin."""
    assert ("subject", "my kin") in _said("My sister works at Quillix", "Quillix")
    assert ("subject", "my kin") in _said("my brother is with Quillix", "Quillix")
    assert ("subject", "i") in _said("these days i sit at Quillix", "Quillix")


def test_the_very_name_is_no_cue() -> None:
    """What is learned of one firm holds for all."""
    assert _said("I work at Quillix now", "Quillix") == _said("I work at Vandorp now", "Vandorp")


def test_what_the_patterns_read_here_and_elsewhere_is_a_cue() -> None:
    """With what speaks against it."""
    message = "I'm Berit from Quillix"
    name, firm = Stated("name", Span(4, 9, "Berit", "Berit"), None), Stated("company", Span(15, 22, "Quillix", "Quillix"), Objection.PLAN)
    said = _said(message, "Quillix", beside=Beside((name, firm)))
    assert {("pattern", "same PLAN"), ("beside", "name"), ("others", "1")} <= said
    assert ("pattern of", "name") in _said(message, "Berit", beside=Beside((name,)))


def test_a_conversation_gives_cues() -> None:
    """What was asked, and how a value compares with what is held."""
    beside = Beside(asked="Where do you work?", held={"company": "Quillix"})
    assert {("asked", "True"), ("held", "True"), ("held alike", "near")} <= _said("sorry, Quilix", "Quilix", beside=beside)
    assert ("held alike", "more") in _said("Quillix Labs", "Quillix Labs", beside=beside)
    assert ("held alike", "other") in _said("it's Vandorp", "Vandorp", beside=beside)


def test_an_objection_to_the_clause_is_a_cue_and_its_absence_none() -> None:
    """It is asked for by itself, since it takes longest."""
    asked, told = "Do I work at Quillix?", "I work at Quillix"
    spans = [Span(text.index("Quillix"), text.index("Quillix") + 7, "Quillix", "Quillix") for text in (asked, told)]
    assert cues.of_clause(read(asked), spans[0], "company") == [("objection", "QUESTION")]
    assert cues.of_clause(read(told), spans[1], "company") == []
