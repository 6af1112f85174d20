"""What is taken back in words that the profile or the conversation completes."""

from __future__ import annotations

from typing import Any

import pytest

from profilecli.language.endings import last_stated
from profilecli.models import Utterance
from profilecli.schema.fields import Field
from tests.learning import CUSTOMER, FULL, NAMES, PERSONA, learn


@pytest.mark.parametrize(
    ("fields", "turns", "profile"),
    [
        (NAMES, ["I'm Thaddeus, call me Tad", "forget Tad"], {"name": "Thaddeus"}),
        (NAMES, ["My name is Beatrix, call me Bee", "don't use Bee anymore"], {"name": "Beatrix"}),
        (NAMES, ["I'm Dagny, call me Dag", "lose the nickname"], {"name": "Dagny"}),
        (CUSTOMER, ["I'm a dispatcher at Loopway", "forget the dispatcher bit"], {"company": "Loopway"}),
        (CUSTOMER, ["I'm Leif from Nordlys", "drop Nordlys pls"], {"name": "Leif"}),
        (CUSTOMER, ["I'm Lotte, I work at Rosewood Clinic", "Forget the clinic, please"], {"name": "Lotte"}),
        (CUSTOMER, ["I'm Tom from Acme", "drop Acme a line for me"], {"name": "Tom", "company": "Acme"}),
        (CUSTOMER, ["I'm Tom from Acme", "don't forget Acme!"], {"name": "Tom", "company": "Acme"}),
        (CUSTOMER, ["I'm Ludmila, dispatcher at Volgatrans", "keep my name, lose the rest"], {"name": "Ludmila"}),
        (PERSONA, ["I live in Oslo", "I left Oslo at noon"], {"location": "Oslo"}),
    ],
)
def test_what_is_held_is_taken_back_by_its_name(fields: list[Field], turns: list[str], profile: dict[str, Any]) -> None:
    """In an order that ends there; all that isn't named, with the rest."""
    assert learn(fields, *turns) == profile


@pytest.mark.parametrize(
    ("fields", "turns", "profile"),
    [
        (CUSTOMER, ["Joaquin here, electrician at Voltera", "reset all of it, this is a shared computer"], {}),
        (CUSTOMER, ["Arbor Glass is where I work", "Take that out again"], {}),
        (NAMES, ["I'm Kerensa", "can you unlearn that?"], {}),
        (NAMES, ["Call me Sunny", "on second thought, don't"], {}),
        (NAMES, ["call me Biscuit", "no don't. I was being silly."], {}),
        (CUSTOMER, ["I'm on the pro plan", "I let it lapse last week"], {}),
        (CUSTOMER, ["we have the pro plan", "the trial ended yesterday"], {}),
        (CUSTOMER, ["I'm a paramedic.", "Well, was. I'm studying now."], {}),
        (CUSTOMER, ["I'm at Hexa Robotics", "left in a huff on Monday"], {}),
        (CUSTOMER, ["I'm at Hexa Robotics", "I'm not there anymore"], {}),
        (CUSTOMER, ["I work at Boeing", "Not at Boeing any more"], {}),
        (CUSTOMER, ["I work at Boeing", "We parted ways"], {}),
        (CUSTOMER, ["I own Wick & Wonder", "I closed the shop"], {}),
        (CUSTOMER, ["I'm on pro", "I left a comment at work"], {"plan_tier": "pro"}),
        (CUSTOMER, ["I work at Boeing as a machinist", "Forget all of that"], {}),
        (CUSTOMER, ["I work at Acme", "forget it, I'll do it myself"], {"company": "Acme"}),
        (CUSTOMER, ["I work at Acme", "what's new?", "don't"], {"company": "Acme"}),
        (CUSTOMER, ["I am Bo, electrician", "that was my brother typing, not me"], {}),
        (CUSTOMER, ["I am a locksmith", "that was my idea, not hers"], {"role": "locksmith"}),
    ],
)
def test_what_was_just_said_is_taken_back_without_a_name(fields: list[Field], turns: list[str], profile: dict[str, Any]) -> None:
    """What ends, and what is only waved aside."""
    assert learn(fields, *turns) == profile


@pytest.mark.parametrize(
    "message",
    [
        "ok drop it",
        "please don't",
        "it expired",
        "my milk expired",
        "stop using tabs",
        "I left last night",
        "forget it",
        "delete all of it",
    ],
)
def test_without_anything_said_before_it_takes_nothing_back(message: str) -> None:
    """However much the profile holds."""
    assert learn(CUSTOMER, message, held=FULL) == FULL


@pytest.mark.parametrize(
    "message",
    [
        "I no longer work at Renault",
        "Je ne travaille plus chez Renault.",
        "Non lavoro più alla Olivetti.",
        "I was fired from Renault",
        "I am not on the free plan anymore",
        "we cancelled our free plan",
    ],
)
def test_what_others_than_the_held_value_ended_leaves_that_alone(message: str) -> None:
    """Said by name; a firm's initials and its first word are its name too."""
    assert learn(CUSTOMER, message, held=FULL) == FULL
    left = {name: value for name, value in FULL.items() if name not in {"company", "role"}}
    for said in ("I no longer work at Acme", "I don't work for AC any more", "I don't work there anymore"):
        assert learn(CUSTOMER, said, held=FULL) == left | {"role": "data scientist"}


def test_the_last_statement_is_that_of_the_newest_message_that_states_anything() -> None:
    """By kind; what isn't meant is none."""
    said = [Utterance("user", "I'm Ada"), Utterance("user", "I work at Globex"), Utterance("user", "what time is it?")]
    assert last_stated(said) == {"company": "Globex"}
    assert last_stated([Utterance("user", "pretend my name is Ada"), Utterance("assistant", "I'm Bob")]) == {}


@pytest.mark.parametrize(
    "message",
    [
        "Everything you know about me, throw it away.",
        "Wipe the slate clean.",
        "Bin whatever you saved about me.",
        "Get rid of everything you stored.",
        "Remove me completely.",
        "I'd like all my information removed.",
        "Nothing about me should be kept.",
        "everything I told you about me can go",
        "Reset my profile please",
        "Vergiss alles über mich.",
        "Lösche alle meine Daten.",
        "Olvida todo lo que sabes de mí.",
        "Oublie tout ce que tu sais de moi.",
        "Dimentica tutto di me.",
        "Esqueça tudo sobre mim.",
        "忘掉关于我的一切",
    ],
)
def test_everything_is_forgotten_in_many_words(message: str) -> None:
    """In each language that the patterns know forgetting in."""
    assert learn(CUSTOMER, message, held=FULL) == {}


@pytest.mark.parametrize(
    "message",
    [
        "everything you know about bees, tell me",
        "never forget everything you know about me",
        "start over with the essay",
        "clear the table",
        "reset the counter",
        "Lösche alle meine Termine.",
        "they let the cat out",
        "we went bust in Monopoly",
        "the firm next door folded",
        "Acme let us go home early",
        "I handed in my homework",
        "I walked out of the cinema",
    ],
)
def test_what_only_sounds_like_it_takes_nothing_back(message: str) -> None:
    """Another thing is cleared, or another firm is gone."""
    assert learn(CUSTOMER, message, held=FULL) == dict(FULL)


@pytest.mark.parametrize(
    "message",
    [
        "the firm folded last year",
        "We went bust in March.",
        "They let the whole floor go, me included.",
        "I handed in my notice and I'm out.",
        "I walked out of that place for good.",
        "I hung up my hat last Friday, retired!",
        "Acme shut down, so I'm looking for work.",
        "Acme and I parted ways",
        "No longer at Acme.",
        "Not working there anymore.",
        "Hab dort gestern gekündigt.",
        "Ich arbeite nicht mehr bei Acme Corp.",
    ],
)
def test_a_job_that_ended_leaves_no_company(message: str) -> None:
    """However it ended."""
    assert "company" not in learn(CUSTOMER, message, held=FULL)
