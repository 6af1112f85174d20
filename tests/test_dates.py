"""Calendar dates as people write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profilecli.language import dates


@pytest.mark.parametrize(
    "phrase",
    [
        "May 3rd, 1990",
        "May 3 1990",
        "3 May 1990",
        "3rd of May 1990",
        "the 3rd of May, 1990",
        "Thursday, May 3rd, 1990",
        "3-May-1990",
        "1990-05-03",
        "1990/5/3",
        "3.5.1990",
        "3 de mayo de 1990",
        "3. Mai 1990",
        "3 mai 1990",
        "3 maggio 1990",
        "3 de maio de 1990",
        "1990年5月3日",
    ],
)
def test_the_ways_of_writing_a_date_are_one_date(phrase: str) -> None:
    assert dates.date_of(phrase) == "1990-05-03"


def test_a_date_with_slashes_counts_only_where_its_order_is_certain() -> None:
    assert dates.date_of("03/05/1990") is None
    assert dates.date_of("13/05/1990") == "1990-05-13"
    assert dates.date_of("05/13/1990") == "1990-05-13"
    assert dates.date_of("12/12/2012") == "2012-12-12"


@pytest.mark.parametrize(
    "phrase",
    ["May 3", "May 1990", "1990", "03-05-90", "31/02/1990", "Feb 29 2023", "May 32 1990", "3 Smarch 1990", "I was born May 3 1990", ""],
)
def test_what_is_no_full_date_has_none(phrase: str) -> None:
    assert dates.date_of(phrase) is None


@pytest.mark.parametrize("text", ["v1.2.1990", "call 555-1990-2000", "192.168.1.2000", "in 2024", "1/2/3/2024"])
def test_other_numbers_are_no_dates(text: str) -> None:
    assert dates.find(text) == []


def test_dates_are_found_in_a_sentence() -> None:
    text = "born 1990-05-03T10:00:00Z, married on the 29th of February 2024."
    assert [span.value for span in dates.find(text)] == ["1990-05-03", "2024-02-29"]


@given(st.dates(date(1000, 1, 1), date(2999, 12, 31)))
def test_every_day_reads_back(day: date) -> None:
    written = (day.isoformat(), f"{day.day} {day:%B} {day.year}", f"{day:%b} {day.day}, {day.year}", f"{day.day}.{day.month}.{day.year}")
    assert [dates.date_of(phrase) for phrase in written] == [day.isoformat()] * 4
