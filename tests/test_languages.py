"""Names of human languages."""

from __future__ import annotations

import pytest

from profilecli.language import languages


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("I speak Spanish and german", ["Spanish", "German"]),
        ("I'm learning Mandarin", ["Mandarin"]),
        ("native Kannada speaker", ["Kannada"]),
        ("fluent in Farsi", ["Persian"]),
        ("even so, I speak polish", ["Polish"]),
        ("hablo inglés y francés", ["English", "French"]),
        ("Ich spreche Englisch", ["English"]),
        ("Je parle anglais", ["English"]),
        ("falo português", ["Portuguese"]),
        ("parlo italiano", ["Italian"]),
        ("我说中文和英语", ["Chinese", "English"]),
    ],
)
def test_languages_are_found_by_their_names_in_seven_languages(text: str, names: list[str]) -> None:
    assert [span.value for span in languages.find(text)] == names


@pytest.mark.parametrize(
    "text",
    ["polish your shoes", "Polish it up", "Even so", "I like Java and Python", "the French team", "I'm Mohammed al-Farsi", "i'm thai"],
)
def test_ordinary_words_and_nationalities_are_not(text: str) -> None:
    assert languages.find(text) == []
