"""The slots that read names of organisations, by what else might stand after the words before them."""

from __future__ import annotations

import re

from profilecli.language import organisations, places, timezones
from profilecli.language.lazy import Lazy
from profilecli.language.lexicon import lines, words
from profilecli.language.slot_place import Place, Reader
from profilecli.language.spans import Span

__all__ = ["READERS"]

_TITLED = Lazy(r"(?:dr|mr|mrs|ms|miss|prof|professor|sir|lady|lord)\b", re.IGNORECASE)
_OWNER = Lazy(
    r"([^\W_][\w&.-]{1,24}(?: [^\W_&][\w&.-]{0,24}){0,3}?)'s (?=(?:[\w-]{2,16} ){0,3}?(?:designer|developer|engineer|manager|head|lead|director|c[a-z]o|analyst|admin|administrator|accountant|"
    r"buyer|recruiter|consultant|rep|representative|assistant|secretary|lawyer|editor|founder|owner|president|chief|vp|officer|coordinator|specialist|supervisor|bookkeeper|chef|driver|nurse|"
    r"person|guy|gal|teacher|technician|planner|architect|scientist|marketer|intern|foreman|operator|electrician|controller|buyer)\b)"
)


def _owner_org(at: Place) -> Span | None:
    """A firm to which a job belongs ("Nuvo's only designer"); a person's name is none."""
    match = _OWNER.match(at.text, at.start, at.end)
    if match is None or not match.group(1)[:1].isupper() or _TITLED.match(match.group(1)):
        return None
    span = organisations.forward(match.group(1), 0, len(match.group(1)), cased=True)
    first = match.group(1).split()[0].lower()
    if (
        span is None
        or span.end < len(match.group(1))
        or first in words("given_names") | words("common_words")
        or places.place_of(match.group(1))
    ):
        return None
    return Span(match.start(1), match.end(1), match.group(1), match.group(1))


def _org(at: Place) -> Span | None:
    return organisations.forward(at.text, at.start, at.end, cased=at.reading.is_cased)


_CALLED = Lazy(r"\b(?:called|named)\s{1,3}$", re.IGNORECASE)
_TO_ITS_END = Lazy(
    r"[\s\"']{0,3}(?P<name>[a-z\d][\w&'.-]{0,20}(?: [a-z\d&+][\w&'.-]{0,20}){0,4}?)(?=[\"']?\s{0,3}(?:$|[,.!?;:()\n]|- )"
    r"|\s(?:and (?:i|i'm|we|my|it|love|am)|but|so|in|on|near|where|which|who|that|for|since|because|i|i'm|we|is|it|it's|its|at)\b)"
)


def _org_full(at: Place) -> Span | None:
    if not at.reading.is_cased and _CALLED.search(at.text[max(0, at.start - 9) : at.start]):
        match = _TO_ITS_END.match(at.text, at.start, at.end)
        if match is not None and organisations.is_organisation_like(match["name"].removeprefix("the ").split()[0]):
            return Span(match.start("name"), match.end("name"), match["name"], match["name"])
    return organisations.forward(at.text, at.start, at.end, cased=at.reading.is_cased, lenient=True)


def _cased_org(at: Place) -> Span | None:
    """After words that as often lead to a place or a person ("I'm from …", "I'm with …")."""
    span = _org(at)
    if span is None:
        return None
    lowered = span.value.lower()
    tokens = lowered.split()
    if any(place.start == 0 and place.end >= len(span.value) for place in places.find(f"{span.value}")) or places.place_of(span.value):
        return None
    if timezones.zone_of(span.value) or tokens[0] in {
        "north",
        "south",
        "east",
        "west",
        "upstate",
        "downtown",
        "northern",
        "southern",
        "eastern",
        "western",
        "central",
    }:
        return None
    given = words("given_names")
    if (
        tokens[0] in given
        and (len(tokens) == 1 or tokens[1] in given)
        and not any(token in words("organisation_words") for token in tokens)
    ):
        return None
    return span


def _own_org(at: Place) -> Span | None:
    """After "I run" and "I joined": not a program that one runs or a service that everybody joins, unless as something."""
    span = _cased_org(at)
    if (
        span is not None
        and span.value.islower()
        and " " not in span.value
        and span.value.endswith("s")
        and at.text.startswith(" for ", span.end)
    ):
        return None  # "I run marathons for Oxfam"
    if span is None or (span.value.lower() in words("products") and not at.text.startswith(" as ", span.end)):
        return None
    return span


def _work_org(at: Place) -> Span | None:
    """After "I'm at": not where one shops or travels."""
    span = _cased_org(at)
    if span is None or span.value.lower() in words("visited_places"):
        return None
    if span.value.split()[-1].lower() in words("visited_places") or (span.value.endswith("'s") and " " not in span.value):
        return None
    visited = re.match(
        r" (?:stores?|shop|stadium|station|airport|concert|game|mall|park|beach|festival|party|show|exhibition|conference|outlet|having|eating|drinking|waiting|watching|shopping|queu?eing|for (?:lunch|dinner|an?|coffee|drinks|brunch|breakfast)|with (?:the|my|our) (?:kids|family|mates|friends|wife|husband|children))\b",
        at.text[span.end : at.end],
        re.IGNORECASE,
    )
    return None if visited else span


def _firm(at: Place) -> Span | None:
    """Where a person's name or any thing stands as often ("Zephyr Couriers here"): only what a word of its own tells to be a firm."""
    span = _cased_org(at)
    if span is None or not span.value[:1].isupper():
        return None
    tokens = [token.strip(".").lower() for token in span.value.split()]
    if tokens[0] in words("given_names") | words("common_words"):
        return None
    telling = any(token in words("organisation_words") for token in tokens[1:]) or span.value.lower() in lines("famous_organisations")
    return span if telling or re.search(r"\w & [A-Z]", span.value) else None


def _sure_org(at: Place) -> Span | None:
    """After "from", where as often a place stands: an organisation shows by a word or by its letters."""
    span = _cased_org(at)
    if span is None:
        return None
    tokens = span.value.split()
    telling = any(token.lower().strip(".") in words("organisation_words") for token in tokens[1:]) or span.value.lower() in lines(
        "famous_organisations"
    )
    return span if telling or re.search(r"[a-z][A-Z]|&|\d|^[A-Z]{3,}$", span.value) else None


READERS: dict[str, Reader] = {
    "owner_org": _owner_org,
    "org": _org,
    "org_full": _org_full,
    "cased_org": _cased_org,
    "own_org": _own_org,
    "sure_org": _sure_org,
    "firm": _firm,
    "work_org": _work_org,
}
"""The readers by the names of their slots."""
