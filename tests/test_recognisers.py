"""What holds for every recogniser: spans are where they say, nothing raises, time grows with length."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profilecli.language import contacts, credentials, dates, languages, numbers, places, pronouns, timezones
from profilecli.language.overlaps import apart
from profilecli.language.spans import Span
from tests.timing import cpu_seconds

if TYPE_CHECKING:
    from collections.abc import Callable

FINDERS = {
    "timezones": timezones.find,
    "numbers": numbers.find,
    "dates": dates.find,
    "emails": contacts.emails,
    "phones": contacts.phones,
    "credentials": credentials.find,
    "pronouns": pronouns.find,
    "languages": languages.find,
    "places": places.find,
}

PIECES = [
    *(
        "I live in ",
        "Berlin",
        "New York",
        ", ",
        "Germany",
        " time",
        "timezone is ",
        "PST",
        "UTC+",
        "5:30",
        "hora de ",
        "北京时间",
        "Port-au-",
        "St. ",
    ),
    *(
        "1",
        "42",
        "4111 1111 1111 1111",
        "+1 (415) 555-0123",
        "1990-05-03",
        "May 3, 1990",
        "twenty",
        "-",
        "one hundred and ",
        "half a ",
        "point ",
    ),
    *(
        "a@b.co",
        "@",
        "password is ",
        "hunter2",
        "PIN: ",
        "1234",
        "sk-ant-",
        "eyJ",
        "-----BEGIN PRIVATE KEY-----",
        "Bearer ",
        "https://u:p@h ",
        "she/her",
    ),
    *("pronouns: ", "speak ", "polish", "Español", "\n", " ", "’", "é", "\u0301", "\x00", "🙂", "İ", "ß", "ﬁ", "Ǆ", "٣", "²"),
]

TEXTS = st.one_of(st.text(max_size=120), st.lists(st.sampled_from(PIECES), max_size=14).map("".join))

ADVERSARIES = [
    *(
        "a",
        "A",
        "1",
        "1 ",
        "1,",
        "1.",
        "1-",
        "@",
        "a@",
        "a@b.",
        "a.",
        " ",
        "\n",
        "é",
        "京",
        "北京",
        "-",
        "’",
        "=",
        "=a",
        "A1b2",
        "(1)",
        "1 2 3 4 5 6 7 a",
    ),
    *(
        "password is ",
        "password: x ",
        "my pin is 1234, ",
        "-----BEGIN PRIVATE KEY-----",
        "sk-",
        "eyJ",
        "eyJaaaaaaaaa.",
        "Bearer ",
        "key = ",
        "https://a:",
    ),
    *(
        "PST ",
        "in pst ",
        "New ",
        "New York ",
        "timezone is ",
        "US Pacific time ",
        " time",
        "Berliner Zeit ",
        "hora de ",
        "UTC+1 ",
        "America/",
        "in berlin, ",
    ),
    *(
        "one ",
        "one hundred and ",
        "half a ",
        "twenty-",
        "01/02/1990 ",
        "May 1 1990 ",
        "he/",
        "pronouns are he and ",
        "speak english ",
        "DE89 3704 0044 ",
        "+1 ",
    ),
]


@pytest.mark.parametrize("find", FINDERS.values(), ids=FINDERS)
@given(text=TEXTS)
def test_spans_are_where_they_say_in_order_and_apart(find: Callable[[str], list[Span]], text: str) -> None:
    spans = find(text)
    for span in spans:
        assert 0 <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == span.words
        assert span.value
    for first, second in pairwise(spans):
        assert first.end <= second.start


@pytest.mark.parametrize("find", FINDERS.values(), ids=FINDERS)
def test_no_text_of_100_kb_takes_long(find: Callable[[str], list[Span]]) -> None:
    """The slowest takes 0.7 s on a shared core; a pattern that tries again and again would take hours."""
    slow = []
    for piece in ADVERSARIES:
        text = (piece * (100_000 // len(piece) + 1))[:100_000]
        if (taken := cpu_seconds(partial(find, text))) > 5:
            slow.append((piece, taken))
    assert slow == []


@given(TEXTS)
def test_the_readers_of_whole_phrases_take_any_text(text: str) -> None:
    zone = timezones.zone_of(text)
    assert zone is None or timezones.zone_of(zone) == zone
    assert all("/" in reading for reading in timezones.readings(text))
    found = dates.date_of(text)
    assert found is None or dates.date_of(found) == found
    place = places.place_of(text)
    assert place is None or places.place_of(place) == place


def test_of_spans_that_overlap_the_first_and_longest_stays() -> None:
    spans = [Span(3, 6, "def", "b"), Span(0, 2, "ab", "short"), Span(0, 4, "abcd", "long"), Span(4, 6, "ef", "c")]
    assert [span.value for span in apart(spans)] == ["long", "c"]
