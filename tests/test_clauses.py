"""How words are meant: what makes a statement, and what takes it away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profilecli.language.clauses import Objection, in_role_play, read


def objection(message: str, words: str, *, request: bool = False) -> Objection | None:
    start = message.index(words)
    return read(message).objection(start, start + len(words), request=request)


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("I work at Loop", "I work at Loop"),
        ("Well, honestly, I work at Loop.", "I work at Loop"),
        ("I work at Loop, what about you?", "I work at Loop"),
        ("Do you ship abroad? I work at Loop.", "I work at Loop"),
        ("If you're wondering, I'm a nurse", "I'm a nurse"),
        ("I think my name is on file: my name is Ada", "my name is Ada"),
        ("I already told you my name is Ada", "my name is Ada"),
    ],
)
def test_a_plain_statement_meets_no_objection(message: str, words: str) -> None:
    """Greetings, other clauses and polite conditions take nothing away."""
    assert objection(message, words) is None


@pytest.mark.parametrize(
    ("message", "words", "expected"),
    [
        ("Is my name Ada?", "my name Ada", Objection.QUESTION),
        ("do you think my name is Ada", "my name is Ada", Objection.QUESTION),
        ("I work at Loop?", "I work at Loop", Objection.QUESTION),
        ("I work at Loop, right?", "I work at Loop", Objection.QUESTION),
        ("If I work at Loop, I get a discount", "I work at Loop", Objection.HYPOTHETICAL),
        ("Suppose I'm a nurse", "I'm a nurse", Objection.HYPOTHETICAL),
        ("She says I'm a nurse", "I'm a nurse", Objection.REPORTED),
        ("I wish I was a nurse", "I was a nurse", Objection.WISH),
        ("It's not true that I'm a nurse", "I'm a nurse", Objection.NEGATED),
        ("I'm a nurse, just kidding", "I'm a nurse", Objection.NEGATED),
        ("I start at Loop next month", "I start at Loop", Objection.PLAN),
        ("Pretend my name is Ada", "my name is Ada", Objection.FICTION),
        ("In this story I'm a nurse", "I'm a nurse", Objection.FICTION),
        ("Translate my name is Ada", "my name is Ada", Objection.INSTRUCTION),
        ('He shouted "I work at Loop" at me', "I work at Loop", Objection.QUOTATION),
        ("> I work at Loop\nno way", "I work at Loop", Objection.FORWARDED),
        ("```\nI work at Loop\n```", "I work at Loop", Objection.CODE),
        ("2026-01-01 10:00:00 I work at Loop", "I work at Loop", Objection.LOG),
        ("<note>I work at Loop</note>", "I work at Loop", Objection.DOCUMENT),
    ],
)
def test_words_that_are_not_meant_as_a_fact_say_why(message: str, words: str, expected: Objection) -> None:
    """Each way of not meaning it has its own reason."""
    assert objection(message, words) is expected


def test_a_request_may_ask_or_wish() -> None:
    """ "Can you call me Al?" is how one says it."""
    assert objection("Can you call me Al?", "call me Al", request=True) is None
    assert objection("I'd like you to call me Al", "call me Al", request=True) is None


def test_a_request_for_a_reason_is_a_question() -> None:
    """ "Why do you call me Al?" asks for nothing to be stored."""
    assert objection("Why do you call me Al?", "call me Al", request=True) is Objection.QUESTION


def test_a_role_play_lasts_until_it_ends() -> None:
    """What the user began in an earlier message holds for the next ones."""
    assert in_role_play(["Let's play a game, you are the king", "I'm the dragon"])
    assert not in_role_play(["Let's play a game", "ok stop, seriously now"])
    assert not in_role_play(["I play the guitar"])


def test_clauses_part_a_sentence_without_gaps() -> None:
    """The clauses of a sentence follow one another and are the sentence."""
    message = "My boss is Jim, but I work at Loop and my name is Ada"
    reading = read(message)
    cuts = reading.clauses(*reading.sentence(0))
    assert [message[start:end] for start, end in cuts] == ["My boss is Jim, ", "but I work at Loop ", "and my name is Ada"]


def test_abbreviations_end_no_sentence() -> None:
    """ "Dr." and initials go on."""
    reading = read("I saw Dr. J. Smith. He works.")
    assert len(reading.sentences()) == 2


@given(st.text(max_size=300))
def test_any_text_is_cut_into_sentences_that_hold_it(message: str) -> None:
    """Every place lies in a sentence, every sentence has clauses, and reading never raises."""
    reading = read(message)
    assert len(reading.masked) == len(message)
    for start, end in reading.sentences():
        assert 0 <= start < end <= len(message)
        clauses = reading.clauses(start, end)
        assert clauses[0][0] == start
        assert clauses[-1][1] == end
        assert reading.objection(start, end) in {None, *Objection}


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("My parents live in Goa.", "live in Goa"),
        ("My sister is based in Lund.", "based in Lund"),
        ("Role play: you're the vet, I'm Tamsin.", "I'm Tamsin"),
        ("Let's act out a sale: I'm Corin.", "I'm Corin"),
        ("You are Sherlock, I am Watson. Go.", "I am Watson"),
        ("You be the waiter. I'm Madame Fontaine.", "I'm Madame Fontaine"),
        ("Finish this joke: I'm a plumber and...", "I'm a plumber"),
        ("In another life I'm a jazz drummer", "I'm a jazz drummer"),
        ("dialogue, level one. A: What's your name? B: I'm Ana.", "I'm Ana"),
        ("I nearly took a job at Rook.", "took a job at Rook"),
    ],
)
def test_another_subject_a_scene_and_a_near_miss_are_no_facts(message: str, words: str) -> None:
    """What the clause says is of somebody else, or of nobody."""
    assert objection(message, words) is not None


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("I lost my job at Loop", "Loop"),
        ("I was fired from my job at Loop", "Loop"),
        ("I cancelled my pro subscription last month", "pro"),
        ("I gave up my job as a chef", "chef"),
        ("I got laid off from Loop", "Loop"),
    ],
)
def test_what_one_has_lost_is_no_longer_so(message: str, words: str) -> None:
    """Whatever comes after it in the clause; what comes of it is so."""
    assert objection(message, words) is Objection.PAST
    assert objection("I left Loop and work at Quill", "work at Quill") is None
    assert objection("I upgraded from free to pro", "pro") is None


def test_who_one_speaks_to_is_no_scene() -> None:
    """ "You're Claude, right?" begins no role play."""
    assert objection("You're Claude, right? I'm Tom", "I'm Tom") is None


def test_what_others_do_to_me_is_about_me() -> None:
    """The subject of "they made me a buyer" is another, and still the buyer is the user."""
    assert objection("I'm no longer a clerk, they made me a buyer.", "made me a buyer") is None
