"""Yes and no."""

from __future__ import annotations

import pytest

from profilecli.language import booleans


@pytest.mark.parametrize("words", ["yes", "Yes!", "Yep.", "true", "on", "1", "I do", "yes, I do", "sí", "Ja", "oui", "sim", "是"])
def test_words_of_assent_are_true(words: str) -> None:
    assert booleans.boolean_of(words) is True


@pytest.mark.parametrize("words", ["no", "Nope.", "false", "off", "0", "I don’t", "no, never", "nein", "não", "不"])
def test_words_of_denial_are_false(words: str) -> None:
    assert booleans.boolean_of(words) is False


@pytest.mark.parametrize("words", ["", "maybe", "yes, no", "2", "yesterday", "I do not know", "no" * 100])
def test_anything_else_is_neither(words: str) -> None:
    assert booleans.boolean_of(words) is None
