"""Calendar dates as people write them, to ISO 8601."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from profilecli.language.overlaps import apart
from profilecli.language.spans import Span
from profilecli.language.tables import key, table

__all__ = ["date_of", "find"]


@cache
def _year_pattern() -> re.Pattern[str]:
    return re.compile(r"\d{4}")


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """The shapes of a date; each names its year, month and day, or two parts whose order is unknown."""
    year, day, month = r"(?P<year>\d{4})", r"(?P<day>\d{1,2})", r"(?P<month>[^\W\d_]{3,12})"
    before, after = r"(?<![\w/.,-])", r"(?![\w/]|[.-]\d)"
    ordinal = r"(?:st|nd|rd|th|er|[ºª°.])?"
    of = r"(?:of\s|the\s|d[eoi]\s|del\s|d['’])?"
    return (
        re.compile(rf"{before}{year}(?P<mark>[-/.])(?P<number>\d{{1,2}})(?P=mark){day}(?:(?=T\d)|{after})"),
        re.compile(rf"{before}(?P<first>\d{{1,2}})(?P<mark>[/.-])(?P<second>\d{{1,2}})(?P=mark){year}{after}"),
        re.compile(rf"{before}{day}{ordinal}[\s-]{{1,2}}{of}{month}\.?,?[\s-]{{1,2}}{of}{year}{after}"),
        re.compile(rf"(?<!\w){month}\.?\s{{1,2}}{of}{day}{ordinal}(?:,\s{{0,2}}|\s{{1,2}}){of}{year}{after}"),
        re.compile(rf"(?<!\d){year}\s?年\s?(?P<number>\d{{1,2}})\s?月\s?{day}\s?[日号號]"),
    )


def find(text: str) -> list[Span]:
    """Every full date in ``text``, in order; the value is ISO 8601 (``1990-05-03``).

    A day and month without a year is no date, nor is ``03/05/1990``, whose order nobody knows.
    Dots mean day first (3.5.1990), as in every region that writes them so.
    """
    if _year_pattern().search(text) is None:
        return []
    spans = []
    for pattern in _patterns():
        for match in pattern.finditer(text):
            value = _value(match)
            if value is not None:
                spans.append(Span(match.start(), match.end(), match[0], value))
    return apart(spans)


def date_of(phrase: str) -> str | None:
    """The date that ``phrase`` as a whole states, in ISO 8601, or None; a weekday before it may stand."""
    text = phrase.strip().rstrip(".!?,;")
    if len(text) > 80:
        return None
    spans = find(text)
    if len(spans) != 1 or spans[0].end != len(text):
        return None
    before = key(text[: spans[0].start].strip(" ,.")).removeprefix("on ").removesuffix(" the").strip(" ,.")
    return spans[0].value if before in {"", "the", "on", "am", "el", "le", "il"} or before in table("months")["weekdays"] else None


def _value(match: re.Match[str]) -> str | None:
    groups = match.groupdict()
    if groups.get("month"):
        number = table("months")["months"].get(key(groups["month"]))
        return None if number is None else _iso(groups["year"], number, groups["day"])
    if groups.get("number"):
        return _iso(groups["year"], groups["number"], groups["day"])
    first, second = int(groups["first"]), int(groups["second"])
    if groups["mark"] == "." or first > 12 or first == second:
        return _iso(groups["year"], second, first)
    return _iso(groups["year"], first, second) if second > 12 else None


def _iso(year: str, month: int | str, day: int | str) -> str | None:
    if not 1000 <= int(year) <= 2999:
        return None
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None
