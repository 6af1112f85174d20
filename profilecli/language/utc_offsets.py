"""Offsets from universal time as people write and say them."""

from __future__ import annotations

import re
from functools import cache

from profilecli.language.numbers import number_of
from profilecli.language.spans import Span

__all__ = ["find", "offset_of"]

_HOURS = {
    word: hours
    for hours, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen"], 1
    )
}
_HALVES = {" and a half": 30, " thirty": 30, " forty-five": 45, " forty five": 45, " fifteen": 15}
"""Minutes, as they follow the hours in words."""


@cache
def _offset_pattern() -> re.Pattern[str]:
    """ "UTC+5:30", "gmt - 3", "GMT minus three", "UTC plus five thirty"."""
    return re.compile(
        r"(?<![\w/+-])(?P<base>UTC|GMT)\s{0,2}(?P<sign>[-+−–±]|plus|minus)\s{0,2}"
        rf"(?:(?P<hours>\d{{1,2}})(?::?(?P<minutes>[0-5]\d))?|(?P<word>{'|'.join(_HOURS)})(?P<half>{'|'.join(_HALVES)})?)(?![\d:]|\w)",
        re.IGNORECASE,
    )


@cache
def _difference_pattern() -> re.Pattern[str]:
    """ "3 hours ahead of UTC", "five and a half hours behind GMT"."""
    return re.compile(
        r"(?P<number>\d{1,2}(?:\.\d{1,2})?|[a-z]{3,6}(?: and a half)?)\s?(?:hours?|hrs?|h)\s(?P<side>ahead of|in front of|behind)\s(?P<base>UTC|GMT)\b",
        re.IGNORECASE,
    )


@cache
def _bare_offset_pattern() -> re.Pattern[str]:
    return re.compile(r"(?P<sign>[-+−])(?P<hours>\d{1,2})(?::(?P<minutes>[0-5]\d))?")


def offset_of(text: str) -> str | None:
    """The offset that ``text`` as a whole states ("gmt +02:00" → "GMT+2"; "-5" is one from UTC), or None."""
    match = _offset_pattern().fullmatch(text.removesuffix(" time"))
    if match is not None:
        return _written_offset(match["base"], match["sign"], _minutes(match))
    bare = _bare_offset_pattern().fullmatch(text)
    return _written_offset("UTC", bare["sign"], int(bare["hours"]) * 60 + int(bare["minutes"] or 0)) if bare is not None else None


def _minutes(match: re.Match[str]) -> int:
    if match["word"]:
        return _HOURS[match["word"].lower()] * 60 + _HALVES.get((match["half"] or "").lower(), 0)
    return int(match["hours"]) * 60 + int(match["minutes"] or 0)


def _written_offset(base: str, sign: str, minutes: int) -> str | None:
    """ "UTC+5:30"; offsets run from -12:00 to +14:00."""
    behind = sign.lower() in {"-", "−", "–", "minus", "behind"}
    if minutes > (12 if behind else 14) * 60:
        return None
    hours, rest = divmod(minutes, 60)
    return base.upper() + (f"{'-' if behind else '+'}{hours}" + (f":{rest:02}" if rest else "") if minutes else "")


def find(text: str) -> list[Span]:
    """Every offset in ``text``; the value is as short as can be ("UTC+5:30"). They may overlap."""
    found = [(match, _written_offset(match["base"], match["sign"], _minutes(match))) for match in _offset_pattern().finditer(text)]
    for match in _difference_pattern().finditer(text):
        hours = number_of(match["number"])
        if hours is not None:
            found.append((match, _written_offset(match["base"], match["side"], round(hours * 60))))
    return [Span(match.start(), match.end(), match[0], value) for match, value in found if value is not None]
