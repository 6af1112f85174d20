"""Cities, countries and regions."""

from __future__ import annotations

import pytest

from profilecli.language import places


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("i live in south korea", "South Korea"),
        ("i am from ohio", "Ohio"),
        ("I live in Austin, Texas", "Austin, Texas"),
        ("I live in Springfield, Illinois", "Springfield, Illinois"),
        ("based in london", "London"),
        ("we live in the uk", "UK"),
        ("i live in the us", "US"),
        ("in Washington, DC", "Washington, DC"),
        ("I live in St. Louis", "St. Louis"),
        ("i'm from côte d'ivoire", "Côte d'Ivoire"),
        ("vivo en España", "España"),
        ("Ich komme aus Österreich", "Österreich"),
        ("我住在北京", "北京"),
        ("i am in china", "China"),
        ("I live in LA", "LA"),
    ],
)
def test_a_place_is_found_as_written_and_capitalised(text: str, place: str) -> None:
    assert [span.value for span in places.find(text)] == [place]


@pytest.mark.parametrize(
    "text",
    [
        "i am interested in reading",
        "my mobile phone",
        "Turkey is nice",
        "Georgia on my mind",
        "I'm Georgia",
        "Bank of America",
        "University of Michigan",
        "Washington Post",
        "i love paris",
        "tell us",
        "i live in la la land",
    ],
)
def test_words_names_and_institutions_are_no_places(text: str) -> None:
    assert places.find(text) == []


def test_a_phrase_alone_is_a_place_if_it_is_known() -> None:
    assert places.place_of("seattle") == "Seattle"
    assert places.place_of("Paris, France.") == "Paris, France"
    assert places.place_of("the uk") == "UK"
    assert places.place_of("rio de janeiro") == "Rio de Janeiro"
    assert places.place_of("Narnia") is None
    assert places.place_of("") is None
