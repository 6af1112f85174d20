"""Elements taken off a list, and whole fields taken back."""

from __future__ import annotations

from typing import Any

import pytest

from profilecli.schema.fields import Field
from tests.learning import CUSTOMER, DEVELOPER, MEMBER, NAMES, TRAVELLER, learn


@pytest.mark.parametrize(
    ("fields", "turns", "profile"),
    [
        (DEVELOPER, ["I program in Go and Rust", "remove Go from my languages"], {"programming_languages": ["Rust"]}),
        (DEVELOPER, ["I program in Go and Rust", "I don't use Go any more"], {"programming_languages": ["Rust"]}),
        (DEVELOPER, ["I program in Go and Rust", "I stopped writing Go"], {"programming_languages": ["Rust"]}),
        (DEVELOPER, ["I program in Go and Rust", "I no longer write Go"], {"programming_languages": ["Rust"]}),
        (DEVELOPER, ["I program in Go and Rust", "take Go off the list"], {"programming_languages": ["Rust"]}),
        (DEVELOPER, ["I program in Go and Rust", "I gave up on Go"], {"programming_languages": ["Rust"]}),
        (DEVELOPER, ["I program in Go and Rust", "forget Go"], {"programming_languages": ["Rust"]}),
        (DEVELOPER, ["I program in Go and Rust", "I'm done with Go"], {"programming_languages": ["Rust"]}),
        (DEVELOPER, ["I program in Go and Rust", "I don't like Go"], {"programming_languages": ["Go", "Rust"]}),
        (DEVELOPER, ["I program in Go and Rust", "did I stop using Go?"], {"programming_languages": ["Go", "Rust"]}),
        (DEVELOPER, ["I program in Go and Rust", "don't remove Go from my languages"], {"programming_languages": ["Go", "Rust"]}),
        (DEVELOPER, ["I program in Go and Rust", "my boss stopped writing Go"], {"programming_languages": ["Go", "Rust"]}),
        (DEVELOPER, ["I program in Go and Rust", "If I stopped writing Go, what then?"], {"programming_languages": ["Go", "Rust"]}),
        (MEMBER, ["I speak French and Dutch", "remove Dutch from my languages"], {"languages": ["French"]}),
        (MEMBER, ["I speak French and Dutch", "I don't speak Dutch any more"], {"languages": ["French"]}),
        (TRAVELLER, ["I'm allergic to nuts and eggs", "I'm no longer allergic to eggs"], {"allergies": ["nuts"]}),
        (TRAVELLER, ["I'm allergic to nuts and eggs", "I'm not allergic to eggs any more"], {"allergies": ["nuts"]}),
    ],
)
def test_an_element_is_taken_off_a_list(fields: list[Field], turns: list[str | tuple[str, str]], profile: dict[str, Any]) -> None:
    """An order or a habit that has ended; not a dislike, a question or somebody else."""
    assert learn(fields, *turns) == profile


@pytest.mark.parametrize(
    ("fields", "turns", "profile"),
    [
        (CUSTOMER, ["I work at Solara", "forget where I work"], {}),
        (CUSTOMER, ["I work at Solara", "please remove my company"], {}),
        (CUSTOMER, ["I work at Solara", "I don't work there any more"], {}),
        (CUSTOMER, ["I work at Solara", "Solara let me go yesterday"], {}),
        (CUSTOMER, ["I work at Solara", "I'm out of a job since Friday"], {}),
        (CUSTOMER, ["I'm on pro", "we cancelled"], {}),
        (CUSTOMER, ["I'm on pro", "we dropped the plan"], {}),
        (NAMES, ["Call me Vicky", "please stop calling me Vicky"], {}),
        (NAMES, ["Call me Vicky", "I don't go by Vicky any more"], {}),
        (NAMES, ["Call me Vicky", "drop the nickname"], {}),
        (NAMES, ["My name is Ida", "forget my name please"], {}),
        (NAMES, ["My name is Ida", "erase my name"], {}),
        (NAMES, ["My name is Ida", "don't forget my name!"], {"name": "Ida"}),
        (NAMES, ["My name is Ida", "how could I forget my own name"], {"name": "Ida"}),
        (CUSTOMER, ["I work at Nuvo, name's Aoife", "forget everything you know about me"], {}),
        (CUSTOMER, ["I work at Nuvo", "stop using my company name"], {}),
        (CUSTOMER, ["I work at Nuvo", "clear my employer please"], {}),
        (CUSTOMER, ["I work at Nuvo", "I don't want you to remember where I work"], {}),
        (CUSTOMER, ["I work at Nuvo", "can you forget that I work at Nuvo?"], {}),
        (CUSTOMER, ["I work at Nuvo", "never mind where I work, delete that"], {}),
        (NAMES, ["I'm Aoife", "please don't keep my name on file"], {}),
        (NAMES, ["I'm Aoife", "can you unlearn my name"], {}),
        (NAMES, ["I'm Aoife", "wipe what you have on me"], {}),
        (CUSTOMER, ["I'm in CET", "remove my timezone"], {}),
        (CUSTOMER, ["we're on pro", "our plan ran out"], {}),
        (CUSTOMER, ["we're on pro", "we're not paying any more"], {}),
        (CUSTOMER, ["I'm a welder", "I'm not a welder any more"], {}),
    ],
)
def test_a_field_is_taken_back(fields: list[Field], turns: list[str | tuple[str, str]], profile: dict[str, Any]) -> None:
    """In the words in which people take things back."""
    assert learn(fields, *turns) == profile
