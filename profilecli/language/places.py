"""Cities, countries and regions, for fields that say where somebody is."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from profilecli.language import atlas
from profilecli.language.gazetteer import Gazetteer, name_key
from profilecli.language.spans import Span
from profilecli.language.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["find", "is_place", "names_in", "place_of", "stands_as_place"]


@cache
def _preposition() -> re.Pattern[str]:
    """Words that a place follows, in the languages read."""
    return re.compile(
        r"(?:\b(?:in|from|near|to|at|around|outside|(?:city|town|state|north|south|east|west|outskirts|suburbs) of|based|live|lives|city|town|location|hometown|de|en|desde|aus|nach|bei|à|au|aux|em|no|na|di|da|a|dans|y|and|or"
        r"|between|via|into|home|is|are)\b(?:\s(?:the|downtown|central|greater|upstate|northern|southern|eastern|western|north|south|east|west|los|la|le|el|der|den))?"
        r"|在|住|[:=(,/])\s{0,2}$",
        re.IGNORECASE,
    )


@cache
def _certain_preposition() -> re.Pattern[str]:
    """Words after which even a name typed in lower case is a place, for one that is also a person's name."""
    return re.compile(
        r"(?:\b(?:in|near|outside|around|en|em|à|aus|(?:am|i'm|im|come|comes|coming|are|is|was|were|we're|originally|moved|moving|born|raised|hail|hailing|native) (?:from|to))"
        r"(?: (?:the|north|south|northern|southern|downtown|central|upstate))?) $",
        re.IGNORECASE,
    )


@cache
def _direct_preposition() -> re.Pattern[str]:
    """The same for a name that is nothing else."""
    return re.compile(
        r"(?:\b(?:in|near|outside|around|from|to|visit|visiting|en|em|à|aus|desde|de|nach|di)(?: (?:the|north|south|northern|southern|downtown|central|upstate|los))?) $"
        r"|[在住]$",
        re.IGNORECASE,
    )


def find(text: str) -> list[Span]:
    """Every known place in ``text``, in order and apart; a city with its state or country is one ("Austin, Texas").

    The value is the place as written, in capitals where it was typed in lower case ("south korea" →
    "South Korea"). In lower case a place counts only after a word such as "in" or "from".
    """
    ranges: list[tuple[int, int]] = []
    for span in names_in(text, atlas.places(), lower=True):
        joined = bool(ranges) and text[ranges[-1][1] : span.start] in {", ", ","}
        ranges.append((ranges.pop()[0] if joined else _start_with_city(text, span, ranges[-1][1] if ranges else 0), span.end))
    return [Span(start, end, text[start:end], _written(text[start:end])) for start, end in ranges]


@cache
def _unknown_city() -> re.Pattern[str]:
    return re.compile(r"(?P<city>[A-ZÀ-Þ][^\W\d_]{1,20}(?:[ -][A-ZÀ-Þ][^\W\d_]{1,20}){0,2}), ?$")


def _start_with_city(text: str, span: Span, floor: int) -> int:
    """Where the place begins, after ``floor``, if a town of no table stands before its state ("Springfield, Illinois")."""
    floor = max(floor, span.start - 50)
    match = _unknown_city().search(text[floor : span.start]) if span.words[0].isupper() else None
    return floor + match.start() if match is not None and stands_as_place(text, floor + match.start()) else span.start


def place_of(phrase: str) -> str | None:
    """The known place that ``phrase`` as a whole names, written as in :func:`find`, or None ("seattle" → "Seattle")."""
    words = " ".join(phrase.split()).strip(" .!?,;")
    if not words or len(words) > 100:
        return None
    known = atlas.places().names
    parts = [name_key(part).removeprefix("the ") for part in words.split(",")]
    if name_key(words) not in known and not (len(parts) <= 3 and all(part in known for part in parts)):
        return None
    return _written(words.removeprefix("the "))


def is_place(name: str) -> bool:
    """Whether a city, country or region that the tables have is called so, in any case."""
    return name_key(name) in atlas.places().names


def names_in(text: str, names: Gazetteer, *, lower: bool = False) -> Iterator[Span]:
    """The places among ``names`` that stand as places, with the values of ``names``."""
    for span in names.find(text, lower=lower):
        doubtful = atlas.is_doubtful(name_key(span.words))
        if span.words[0].islower():
            pattern = _certain_preposition() if doubtful else _direct_preposition()
            stands = pattern.search(text[max(0, span.start - 40) : span.start]) is not None
        else:
            stands = not _is_part_of_name(text, span) and (not doubtful or stands_as_place(text, span.start))
        if stands:
            yield span


def stands_as_place(text: str, start: int) -> bool:
    """Whether a word such as "in" or "from" stands right before ``start``."""
    return _preposition().search(text[max(0, start - 40) : start]) is not None


@cache
def _capital_before() -> re.Pattern[str]:
    return re.compile(r"(?P<word>[^\W\d_][\w'’.-]*) $")


@cache
def _institution_before() -> re.Pattern[str]:
    """ "University of", "Bank of"."""
    return re.compile(r"(?<!\w)(?!City|Town|State|Republic|North|South|East|West|Outskirts)[A-Z]\w{2,20} (?:of|for|de) (?:the )?$")


@cache
def _capital_after() -> re.Pattern[str]:
    return re.compile(r" (?P<word>[^\W\d_][\w'’-]*)")


@cache
def _harmless() -> frozenset[str]:
    """Capitalised words beside a place that don't make it part of a longer name."""
    return frozenset(table("words")["beside_places"])


def _is_part_of_name(text: str, span: Span) -> bool:
    """Whether a capitalised word beside the span makes it part of a longer name ("Jack London", "Boston Consulting")."""
    before = _capital_before().search(text[max(0, span.start - 30) : span.start])
    if (
        before is not None
        and before["word"][0].isupper()
        and before["word"].lower() not in _harmless()
        and not before["word"].endswith(".")
    ):
        return True
    if _institution_before().search(text[max(0, span.start - 30) : span.start]) is not None:
        return True
    after = _capital_after().match(text, span.end)
    return (
        after is not None
        and after["word"][0].isupper()
        and after["word"].lower() not in _harmless()
        and not atlas.is_area(name_key(after["word"]))
    )


_SMALL = frozenset({"of", "de", "da", "do", "and", "the", "am", "upon", "on", "la", "del", "di"})


def _written(words: str) -> str:
    """A place typed in lower case with its capitals: "the us" has all, "rio de janeiro" two, "côte d'ivoire" two."""
    if words != words.lower():
        return " ".join(words.split())
    if name_key(words) in table("places")["initialisms"]:
        return words.upper()
    return " ".join(word if word in _SMALL and index else _capital(word) for index, word in enumerate(words.split()))


def _capital(word: str) -> str:
    head, mark, tail = word.partition("'")
    return (
        f"{head}{mark}{tail.capitalize()}"
        if mark and len(head) == 1
        else "-".join(part if part in _SMALL else part.capitalize() for part in word.split("-"))
    )
