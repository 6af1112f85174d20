"""Introductions without a verb: "Kenji, Osaka, translator.", "47, divorced, living in Tulsa, selling tractors for John Deere".

A sentence that is a list is an introduction only if every part of it is something that people say of
themselves, two parts or more are facts, and nothing but a greeting stands before it in the message.
A list of three names, or of three cities, is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from profilecli.language import places, slots
from profilecli.language.clauses import Reading
from profilecli.language.lazy import Lazy
from profilecli.language.lexicon import lines, words
from profilecli.language.spans import Span
from profilecli.language.statements import Statement, is_greeting

__all__ = ["statements"]

_PART = Lazy(r"[^,|•;\n]+?(?= [-/] |[,|•;\n]|$)")
_LEAD = Lazy(
    r"\W{0,4}(?:(?:hi|hello|hey|ok|okay|yes|sure|so|well|oh|there|all|um|right|and|intro|about me)\b[\s,.!:-]{0,3}){0,3}", re.IGNORECASE
)
_NEUTRAL = Lazy(
    r"(?:(?:happily |newly |recently )?(?:single|married|divorced|widowed|engaged|retired|male|female|m|f|he|she|they|he/him|she/her|they/them|man|woman|guy|girl|vegan|vegetarian)"
    r"|(?:mom|mum|mother|dad|father|parent) (?:of|to) (?:\w+)(?: (?:kids|boys|girls|children|cats|dogs))?|(?:no|one|two|three|four|\d) (?:kids?|cats?|dogs?|children))$",
    re.IGNORECASE,
)
_LIVES = Lazy(r"(?:(?:now |currently )?(?:living|based|located|born and raised|residing) (?:in|near) |from |in )", re.IGNORECASE)
_WORKS = Lazy(
    r"(?:(?:now |currently )?(?:working|work|employed)|(?:selling|teaching|driving|coding|cooking|nursing|building|fixing|managing|running|handling|designing|doing) (?:[\w-]{1,16} ){0,4}?) ?(?:at|for) ",
    re.IGNORECASE,
)
_AGE_ONLY = Lazy(r"(\d{1,2}) ?(?:years? old|yrs? old|yo|y/o|m|f)?$", re.IGNORECASE)
_AT = Lazy(r" (?:at|with|for|@|from) ", re.IGNORECASE)
_PLAN = Lazy(r"(?:on |using )(?:the |an? |your )?", re.IGNORECASE)
_NAMED_PLAN = Lazy(r"(?:on |using )?(?:the |an? |your )?([\w-]{2,16}) (?:plan|tier|subscription)$", re.IGNORECASE)
LONGEST = 160
"""Characters that such a sentence has at most."""
_LEAST_PARTS = 3


def statements(reading: Reading) -> Iterator[Statement]:
    """The parts of the message's introduction; nothing where it has none."""
    text = reading.masked
    if text.count(",") + text.count("|") + text.count(" - ") + text.count(" / ") + text.count("•") < _LEAST_PARTS - 1:
        return
    for start, end in reading.sentences()[:3]:
        if end - start <= LONGEST and (found := _introduction(reading, start, end)):
            yield from (
                Statement(kind, "set", value, value.start, value.end, reading.objection(value.start, value.end)) for kind, value in found
            )
            return
        if not is_greeting(text[:end]):
            return


def _introduction(reading: Reading, start: int, end: int) -> list[tuple[str, Span]]:
    """Kinds and values of a sentence that is a list of them; nothing where a part is anything else."""
    text = reading.masked
    lead = _LEAD.match(text, start, end)
    begin, end = lead.end() if lead else start, start + len(text[start:end].rstrip(" .!\n"))
    parts = [
        (match.start() + len(match.group()) - len(match.group().lstrip(" -/")), match.end()) for match in _PART.finditer(text, begin, end)
    ]
    if len(parts) < _LEAST_PARTS or "?" in text[start:end]:
        return []
    found: list[tuple[str, Span]] = []
    for index, (at, until) in enumerate(parts):
        facts = list(_facts(reading, at, until, first=index == 0, known=frozenset(kind for kind, _ in found)))
        if not facts and not _NEUTRAL.match(text[at:until].strip()):
            return []
        found.extend(facts)
    kinds = [kind for kind, _ in found]
    return found if len(kinds) == len(set(kinds)) >= 2 and set(kinds) & {"name", "age"} else []


def _facts(reading: Reading, start: int, end: int, *, first: bool, known: frozenset[str]) -> Iterator[tuple[str, Span]]:
    """What one part states: a name or an age where it is the first, else a title, a firm, a place, a zone or a plan."""
    text = reading.masked
    end = start + len(text[start:end].rstrip())
    whole = text[start:end]
    if (age := _AGE_ONLY.match(whole)) and "age" not in known:
        yield "age", Span(start, start + age.end(1), age.group(1), age.group(1))
        return
    if first:
        name = slots.forward("maybe_name", reading, start, end)
        if name is not None and name.end == end and (" " in name.value or name.value.lower() in words("given_names")):
            yield "name", name
        return
    if works := _WORKS.match(text, start, end):
        yield from _whole("company", "org", reading, works.end(), end)
        return
    lives = _LIVES.match(text, start, end)
    for kind, slot, begin in (("timezone", "zone", start), ("location", "place", lives.end() if lives else start)):
        facts = list(_whole(kind, slot, reading, begin, end))
        if facts and (kind != "location" or lives or _is_known_place(facts[0][1])):
            yield from facts
            return
    if (named := _NAMED_PLAN.match(text, start, end)) and (facts := list(_whole("plan", "plan", reading, named.start(1), named.end(1)))):
        yield from facts
        return
    if (plan := _PLAN.match(text, start, end)) and (facts := list(_whole("tier", "tier", reading, plan.end(), end))):
        yield from facts
        return
    role = slots.forward("role", reading, start, end)
    if role is not None and role.start <= start + 4:
        yield from _work(reading, role, end)
    elif "role" in known and "company" not in known:
        yield from _whole("company", "cased_org", reading, start, end)
    elif "company" not in known:
        yield from _whole("company", "firm", reading, start, end)


def _is_known_place(place: Span) -> bool:
    return places.place_of(place.value) is not None and place.value.lower() not in lines("famous_organisations")


def _work(reading: Reading, role: Span, end: int) -> Iterator[tuple[str, Span]]:
    """A title, alone or with the firm behind "at"."""
    if role.end == end:
        yield "role", role
    elif at := _AT.match(reading.masked, role.end, end):
        company = slots.forward("org", reading, at.end(), end)
        if company is not None and company.end >= end - 1:
            yield "role", role
            yield "company", company


def _whole(kind: str, slot: str, reading: Reading, start: int, end: int) -> Iterator[tuple[str, Span]]:
    """The value of a slot, if it is all that stands there."""
    value = slots.forward(slot, reading, start, end)
    if value is not None and not re.sub(r"^(?: plan| tier| time)", "", reading.masked[value.end : end].lower()).strip(" .)"):
        yield kind, value
