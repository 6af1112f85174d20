"""Time zones as people name them."""

from __future__ import annotations

import pytest

from profilecli.language import timezones


def values(text: str, *, cities: bool = True) -> list[str]:
    return [span.value for span in timezones.find(text, cities=cities)]


@pytest.mark.parametrize(
    ("phrase", "zone"),
    [
        ("Berlin", "Europe/Berlin"),
        ("Berlin time", "Europe/Berlin"),
        ("Berlin, Germany", "Europe/Berlin"),
        ("Germany", "Europe/Berlin"),
        ("Eastern time", "America/New_York"),
        ("the Eastern time zone", "America/New_York"),
        ("Eastern Daylight Time", "America/New_York"),
        ("US Eastern", "America/New_York"),
        ("EST/EDT", "America/New_York"),
        ("Pacific", "America/Los_Angeles"),
        ("PST", "America/Los_Angeles"),
        ("pst", "America/Los_Angeles"),
        ("PT", "America/Los_Angeles"),
        ("Mountain time", "America/Denver"),
        ("Arizona time", "America/Phoenix"),
        ("America/New_York", "America/New_York"),
        ("america/new york", "America/New_York"),
        ("India Standard Time", "Asia/Kolkata"),
        ("Israel Standard Time", "Asia/Jerusalem"),
        ("San Francisco", "America/Los_Angeles"),
        ("Seattle", "America/Los_Angeles"),
        ("Mumbai", "Asia/Kolkata"),
        ("Bangalore", "Asia/Kolkata"),
        ("Beijing", "Asia/Shanghai"),
        ("Barcelona", "Europe/Madrid"),
        ("St. John's", "America/St_Johns"),
        ("NYC", "America/New_York"),
        ("the UK", "Europe/London"),
        ("Tbilisi, Georgia", "Asia/Tbilisi"),
        ("Atlanta, Georgia", "America/New_York"),
        ("El Paso, Texas", "America/Denver"),
        ("Granada, Nicaragua", "America/Managua"),
        ("New York (EST)", "America/New_York"),
        ("CET (Berlin)", "Europe/Berlin"),
    ],
)
def test_a_phrase_that_names_one_zone_gives_its_iana_name(phrase: str, zone: str) -> None:
    assert timezones.zone_of(phrase) == zone


@pytest.mark.parametrize(
    ("phrase", "zone"),
    [
        ("München", "Europe/Berlin"),
        ("Munique", "Europe/Berlin"),
        ("Moskau", "Europe/Moscow"),
        ("Nueva York", "America/New_York"),
        ("Pekín", "Asia/Shanghai"),
        ("Ginevra", "Europe/Zurich"),
        ("Lisboa", "Europe/Lisbon"),
        ("Londres", "Europe/London"),
        ("北京", "Asia/Shanghai"),
        ("纽约", "America/New_York"),
        ("旧金山", "America/Los_Angeles"),
    ],
)
def test_cities_are_known_by_their_names_in_other_languages(phrase: str, zone: str) -> None:
    assert timezones.zone_of(phrase) == zone


@pytest.mark.parametrize(
    ("old", "today"),
    [
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("Europe/Kiev", "Europe/Kyiv"),
        ("Asia/Saigon", "Asia/Ho_Chi_Minh"),
        ("US/Eastern", "America/New_York"),
        ("America/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("Europe/Oslo", "Europe/Oslo"),
        ("Europe/Amsterdam", "Europe/Amsterdam"),
        ("Etc/GMT+5", "Etc/GMT+5"),
    ],
)
def test_an_old_iana_name_becomes_todays_and_a_countrys_own_zone_stays(old: str, today: str) -> None:
    assert timezones.zone_of(old) == today
    assert values(f"set it to {old}, please") == [today]


@pytest.mark.parametrize("name", ["CST", "IST", "BST", "CET", "AEST", "GMT", "UTC"])
def test_an_abbreviation_of_several_zones_stays_as_said(name: str) -> None:
    assert timezones.zone_of(name) == name
    assert values(f"I'm on {name}.") == [name]


@pytest.mark.parametrize(
    ("said", "offset"),
    [
        ("GMT+2", "GMT+2"),
        ("UTC+5:30", "UTC+5:30"),
        ("utc -8", "UTC-8"),
        ("UTC−5", "UTC-5"),
        ("gmt +02:00", "GMT+2"),
        ("UTC+0", "UTC"),
        ("UTC plus 3", "UTC+3"),
        ("GMT minus three", "GMT-3"),
        ("UTC plus five thirty", "UTC+5:30"),
        ("GMT+14", "GMT+14"),
    ],
)
def test_an_offset_is_written_in_one_way(said: str, offset: str) -> None:
    assert timezones.zone_of(said) == offset
    assert values(f"my time zone is {said}") == [offset]


@pytest.mark.parametrize("said", ["UTC+15", "UTC-13", "GMT+25", "UTC+", "GMT+2000"])
def test_an_offset_that_no_zone_has_is_none(said: str) -> None:
    assert timezones.zone_of(said) is None


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("I'm 3 hours ahead of UTC", "UTC+3"),
        ("we are five and a half hours ahead of GMT", "GMT+5:30"),
        ("it's 4 hours behind GMT here", "GMT-4"),
    ],
)
def test_a_difference_in_hours_is_an_offset_and_not_universal_time(text: str, offset: str) -> None:
    assert values(text) == [offset]


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("I'm on Berlin time", "Europe/Berlin"),
        ("still up at two in the morning, mountain time", "America/Denver"),
        ("All my meetings are on Singapore time.", "Asia/Singapore"),
        ("my timezone is eastern", "America/New_York"),
        ("timezone: berlin", "Europe/Berlin"),
        ("My tz is PT", "America/Los_Angeles"),
        ("we meet at 5pm est", "America/New_York"),
        ("3pm ET works", "America/New_York"),
        ("i'm in pst", "America/Los_Angeles"),
        ("set TZ=America/New_York", "America/New_York"),
        ("heure de Paris", "Europe/Paris"),
        ("hora de Ciudad de México", "America/Mexico_City"),
        ("Ich bin auf Berliner Zeit", "Europe/Berlin"),
        ("mitteleuropäische Zeit", "CET"),
        ("我在北京时间", "Asia/Shanghai"),
    ],
)
def test_words_that_speak_of_time_name_a_zone_without_bare_cities(text: str, zone: str) -> None:
    assert values(text, cities=False) == [zone]


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("I work in San Francisco", "America/Los_Angeles"),
        ("Toronto-based developer", "America/Toronto"),
        ("Portland, Oregon", "America/Los_Angeles"),
        ("I'm Austin from Austin", "America/Chicago"),
        ("Ich wohne in München", "Europe/Berlin"),
        ("Athens, GA", "America/New_York"),
        ("我在上海工作", "Asia/Shanghai"),
    ],
)
def test_a_city_alone_names_its_zone_where_that_is_wanted(text: str, zone: str) -> None:
    assert values(text) == [zone]
    assert values(text, cities=False) == []


@pytest.mark.parametrize(
    "text",
    [
        "Nice time!",
        "I didn't get time to eat, time for my pet, time",
        "it was turkey and cat time",
        "I had a nice time reading",
        "Reading is fun",
        "the best art I met",
        "est. 1999",
        "MST3K is the best",
        "ART PET CAT",
        "I'm Sofia",
        "Jack London wrote it",
        "call Paris Hilton",
        "Boston Consulting Group",
        "Paris, Texas",
        "Moscow, Idaho",
        "prime time",
        "what time is it?",
        "my timezone?",
        "THE EST IS OUT TODAY",
        "@paris_time",
    ],
)
def test_ordinary_words_and_peoples_names_are_no_zones(text: str) -> None:
    assert values(text) == []


@pytest.mark.parametrize(
    "phrase", ["", "Alice", "time", "zone", "Standard time", "Texas", "USA", "Georgia", "get time", "nice", "cat", "here", "x" * 1000]
)
def test_a_phrase_that_names_no_single_zone_has_none(phrase: str) -> None:
    assert timezones.zone_of(phrase) is None


def test_readings_list_what_an_abbreviation_may_mean() -> None:
    assert timezones.readings("CST")[:2] == ("America/Chicago", "Asia/Shanghai")
    assert "Europe/Oslo" in timezones.readings("CET")
    assert timezones.readings("Berlin") == ("Europe/Berlin",)
    assert timezones.readings("UTC+2") == ()
    assert timezones.readings("nonsense") == ()


def test_several_zones_are_found_in_order() -> None:
    assert values("and I'm in Oslo, CET") == ["Europe/Oslo", "CET"]
    assert [span.words for span in timezones.find("From Tokyo to Berlin time")] == ["Tokyo", "Berlin time"]
