"""Stated pronouns."""

from __future__ import annotations

import pytest

from profilecli.language import pronouns


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Sam (she/her)", "she/her"),
        ("He / Him / His", "he/him/his"),
        ("my pronouns are they and them", "they/them"),
        ("pronouns: she, her, hers", "she/her/hers"),
        ("I go by she/they", "she/they"),
        ("xe/xem", "xe/xem"),
        ("any pronouns", "any"),
        ("my pronouns are he/him", "he/him"),
    ],
)
def test_stated_pronouns_are_found(text: str, value: str) -> None:
    assert [span.value for span in pronouns.find(text)] == [value]


@pytest.mark.parametrize(
    "text",
    ["his/her manager", "he/she said", "s/he", "and/or", "their/theirs", "http://x.com/he/him", "she told her", "the pronoun it is hard"],
)
def test_pronouns_of_anybody_are_not(text: str) -> None:
    assert pronouns.find(text) == []
