"""A full name in two pieces."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profilecli.schema.fields import Field
from tests.learning import NAMES, learn


@pytest.mark.parametrize(
    ("fields", "turns", "profile"),
    [
        (NAMES, ["I'm Ada. Lovelace is the surname."], {"name": "Ada Lovelace"}),
        (NAMES, ["First name Hedda, surname Krohn"], {"name": "Hedda Krohn"}),
        (NAMES, ["My first name is Hedda and my last name is Krohn"], {"name": "Hedda Krohn"}),
        (NAMES, ["name: Hedda, family name: Krohn"], {"name": "Hedda Krohn"}),
        (NAMES, ["I'm Hedda, her surname is Krohn"], {"name": "Hedda"}),
        (NAMES, ["The name's De Wit. Sanne De Wit."], {"name": "Sanne De Wit"}),
    ],
)
def test_a_surname_joins_the_first_name(fields: list[Field], turns: list[str | tuple[str, str]], profile: dict[str, Any]) -> None:
    """Given apart in one message; of the author alone."""
    assert learn(fields, *turns) == profile


@pytest.mark.parametrize(
    ("turns", "name"),
    [
        (["I'm Anna.", "My last name is Weber."], "Anna Weber"),
        (["I'm Anna.", "Weber is my surname."], "Anna Weber"),
        (["I'm Anna.", ("assistant", "What is your last name?"), "It's Weber"], "Anna Weber"),
        (["My last name is Weber.", ("assistant", "And your first name?"), "Anna"], "Anna Weber"),
        (["I'm Anna Schmidt.", "I got married, my last name is now Weber."], "Anna Weber"),
        (["I'm Anna Maria van der Berg.", "please change my last name to Weber"], "Anna Maria Weber"),
        (["I'm Anna Schmidt.", "you got my surname wrong, it's Schmitt"], "Anna Schmitt"),
        (["I'm Wei Chen.", "it's Cheng, not Chen"], "Wei Cheng"),
        (["I'm Jon Smith.", "It's John, with an h."], "John Smith"),
        (["I'm Jon Smith.", "Sorry, my first name is spelled John."], "John Smith"),
        (["I'm Weber.", "sorry, my last name is Webber"], "Webber"),
        (["Ich heiße Anna.", "Mein Nachname ist Weber"], "Anna Weber"),
        (["Je m'appelle Anna.", "Mon nom de famille est Dupont"], "Anna Dupont"),
        (["Me llamo Ana.", "Mi apellido es García"], "Ana García"),
        (["Mi chiamo Anna.", "Il mio cognome è Rossi"], "Anna Rossi"),
        (["Me chamo Ana.", "Meu sobrenome é Silva"], "Ana Silva"),
    ],
)
def test_a_part_of_a_name_joins_the_rest_that_is_held(turns: list[str | tuple[str, str]], name: str) -> None:
    """Neither the first name nor the surname is lost, in whichever order they are said or put right."""
    assert learn(NAMES, *turns) == {"name": name}


@pytest.mark.parametrize(
    "message",
    [
        "her last name is Weber",
        "my husband Tom, last name Kurz, is coming too",
        "My friend is coming. Last name: Kurz",
        "What if my last name is Weber?",
        "my last name used to be Weber",
        "my last name isn't Weber",
        "my last name is hard to spell",
    ],
)
def test_a_surname_of_another_or_of_another_time_joins_nothing(message: str) -> None:
    """It has to be the user's, now."""
    assert learn(NAMES, "I'm Anna.", message) == {"name": "Anna"}


@pytest.mark.parametrize(
    "message", ["forget my surname", "please delete my last name", "vergiss bitte meinen Nachnamen", "olvida mi apellido"]
)
def test_a_surname_is_taken_back_alone(message: str) -> None:
    """The first name stays."""
    assert learn(NAMES, "My name is Arturo Bellini.", message) == {"name": "Arturo"}


WORDS = st.sampled_from(
    ["Anna", "Weber", "Chen", "Cheng", "van", "de", "my", "last", "name", "surname", "is", "not", "it's", "first", "I'm", ",", "."]
)


@given(st.lists(st.lists(WORDS, max_size=9).map(" ".join), min_size=1, max_size=3))
def test_every_word_of_a_name_was_said_by_the_user(turns: list[str]) -> None:
    """Whichever parts were joined."""
    said = " ".join(turns).split()
    assert set(str(learn(NAMES, *turns).get("name", "")).split()) <= set(said)
