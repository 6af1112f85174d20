"""Messages that say only that the last thing noted is wrong."""

from __future__ import annotations

import pytest

from profilecli.language.corrections import takes_back


@pytest.mark.parametrize(
    "message",
    [
        "That's wrong", "that’s wrong!", "No, undo that.", "no, that is not right", "Undo that please", "undo", "Wait, that's incorrect", "Scratch that",
        "It isn't true.", "That's not what I said", "Don't save that", "I take that back.", "Wrong!", "Please undo that",
        "Das stimmt nicht.", "Nein, das ist falsch!", "Mach das rückgängig", "C’est faux", "Non, annule ça", "Ce n'est pas vrai",
        "Eso no es cierto", "No, deshaz eso", "Isso está errado", "Não, desfaz isso", "不，那是错的", "不对！", "撤销", "違います", "いいえ、取り消してください。",
    ],
)  # fmt: skip
def test_a_phrase_that_takes_back_is_known(message: str) -> None:
    """In each language that the program reads."""
    assert takes_back(message)


@pytest.mark.parametrize(
    "message",
    [
        "", "no", "That's wrong, I work at Acme.", "What's wrong?", "Undo the last commit in git", "That's right", "The wrong file", "Forget it",
        "Is that wrong?  Tell me why", "That's wrong because two and two is four", "Das stimmt.", "No es mi perro", "不客气", "違う会社で働いています",
        "How do I undo that in vim?", "no " * 40,
    ],
)  # fmt: skip
def test_any_other_message_is_not(message: str) -> None:
    """It is read for facts as always."""
    assert not takes_back(message)
