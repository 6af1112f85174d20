"""Names of people."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profilecli.language.names import Trust, backward, forward, is_famous, is_name_like


def read_name(text: str, trust: Trust = Trust.LITTLE, *, shouted: bool = False) -> str | None:
    span = forward(text, 0, len(text), trust=trust, shouted=shouted)
    return span.value if span else None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ada Quill and more", "Ada Quill"),
        ("Ludwig von der Heide.", "Ludwig von der Heide"),
        ("Omar ibn Said al-Masri", "Omar ibn Said al-Masri"),
        ("Siân O'Rourke-Lee, hi", "Siân O'Rourke-Lee"),
        ("J. R. Ewing", "J. R. Ewing"),
        ("Sam Oak Jr.", "Sam Oak Jr."),
        ("Dr. Ines Rao speaking", "Ines Rao"),
        ("Dr. Rao", "Dr. Rao"),
        ("Şeyma", "Şeyma"),
        ("Наталья", "Наталья"),
        ("राहुल", "राहुल"),
        ("王小明", "王小明"),
        ("kevin and i like tea", "kevin"),
        ("jose luis", "jose luis"),
        ("Will Turner", "Will Turner"),
        ("Lt. Col. Ada Quill, retired", "Lt. Col. Ada Quill"),
        ("Elin ap Rhys", "Elin ap Rhys"),
        ("Willem van 't Hoff and", "Willem van 't Hoff"),
        ("Ana del Carmen Ruiz y Vargas de Velasco", "Ana del Carmen Ruiz y Vargas de Velasco"),
        ("monica what's yours", "monica"),
    ],
)
def test_a_name_is_read_as_far_as_it_goes(text: str, name: str) -> None:
    """Particles, hyphens, apostrophes, initials, titles, suffixes, any script, and lower case."""
    assert read_name(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "Sorry, what?",
        "Late for a meeting",
        "Gonna go",
        "Canadian, eh",
        "happy",
        "looking for shoes",
        "CEO of it",
        "Dan's mom",
        "not Bob",
        "a nurse",
        "12",
        "God",
        "tired today",
    ],
)
def test_after_a_mere_i_am_other_words_are_no_name(text: str) -> None:
    """Adjectives, verbs, acronyms and possessives, in capitals or not."""
    assert read_name(text) is None


def test_trust_decides_about_unknown_words_in_lower_case() -> None:
    """ "my name is blorf" names, "i am blorf" may be anything."""
    assert read_name("blorf", Trust.MUCH) == "blorf"
    assert read_name("blorf") is None
    assert read_name("master from now on", Trust.FULL) == "master"


@pytest.mark.parametrize(
    ("text", "name"), [("ياسمين وأحتاج مساعدة", "ياسمين"), ("נועם ואני אוהב לבשל", "נועם"), ("ليلى حداد", "ليلى حداد")]
)
def test_and_in_one_word_with_the_next_ends_a_name(text: str, name: str) -> None:
    """As Arabic and Hebrew write it."""
    span = forward(text, 0, len(text), trust=Trust.MUCH)
    assert span is not None
    assert span.value == name


def test_capitals_mean_nothing_in_a_shout() -> None:
    """In a text all in capitals the list decides."""
    assert read_name("TIRED OF THIS", shouted=True) is None
    assert read_name("ROBERT SMITH", Trust.MUCH, shouted=True) == "ROBERT SMITH"


def test_letters_spelled_one_by_one_are_put_together() -> None:
    """S-E-A-N is Sean."""
    assert read_name("S-E-A-N", Trust.MUCH) == "Sean"


def test_a_name_can_stand_before_its_pattern() -> None:
    """ "…, Tracy here": from the last mark on."""
    text = "hi there, Tracy Poe here"
    span = backward(text, 0, text.index(" here"))
    assert span is not None
    assert span.value == "Tracy Poe"
    assert backward("it is too hot here", 0, 13) is None


def test_a_whole_value_is_told_a_name_or_not() -> None:
    """What a model proposes as a name must look like one."""
    assert is_name_like("Ada Quill")
    assert not is_name_like("looking for a job")
    assert not is_name_like("the")


@given(st.text(max_size=120), st.sampled_from(list(Trust)))
def test_a_name_is_a_part_of_the_text(text: str, trust: Trust) -> None:
    """Reading never raises, and a span is where it says."""
    span = forward(text, 0, len(text), trust=trust)
    if span is not None:
        assert text[span.start : span.end] == span.words
        assert span.value.strip()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Amara Nwosu of Greenleaf Partners", "Amara Nwosu"),
        ("jerome kipling", "jerome kipling"),
        ("Rüdiger und bin Bäcker", "Rüdiger"),
        ("Professor Ludwig van der Meer", "Ludwig van der Meer"),
    ],
)
def test_a_name_ends_before_a_firm_and_goes_on_to_a_surname(text: str, name: str) -> None:
    """After words that leave no doubt."""
    assert read_name(text, Trust.MUCH) == name


def test_heroes_are_famous_and_people_who_share_a_first_name_with_them_are_not() -> None:
    """So that "I'm Batman" is a joke, and "I'm Mario" a name."""
    assert is_famous("Beyoncé")
    assert is_famous("sherlock holmes")
    assert not any(map(is_famous, ("Mario", "Jesús", "Thor", "Mary")))
