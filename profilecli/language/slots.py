"""The slots of the patterns: each reads a value at a place in a text, by the recogniser for its kind."""

from __future__ import annotations

import re

from profilecli.language import firm_slots, names, numbers, people_slots, places, roles, skill_slots, timezones, world
from profilecli.language.clauses import Reading
from profilecli.language.lazy import Lazy
from profilecli.language.lexicon import lines, words
from profilecli.language.slot_place import Place, Reader
from profilecli.language.spans import Span

__all__ = ["KINDS", "SAME", "backward", "forward"]

KINDS = {
    "name": "name",
    "any_name": "name",
    "full_name": "name",
    "maybe_name": "name",
    "nick": "preferred_name",
    "nick_full": "preferred_name",
    "maybe_nick": "preferred_name",
    "nick_short": "preferred_name",
    "nick_any": "preferred_name",
    "org": "company",
    "org_full": "company",
    "cased_org": "company",
    "own_org": "company",
    "sure_org": "company",
    "work_org": "company",
    "firm": "company",
    "role": "role",
    "role_full": "role",
    "one_of": "role",
    "bare_role": "role",
    "place": "location",
    "zone": "timezone",
    "zone_city": "timezone",
    "age": "age",
    "plan": "plan",
    "tier": "tier",
    "expert": "expertise",
    "skill": "expertise",
    "skill_known": "expertise",
    "skilled_with": "expertise",
    "area": "expertise",
    "user_level": "expertise",
    "new_to": "expertise",
    "phrase_level": "expertise",
    "known_name": "name",
    "capital_name": "name",
    "sure_name": "name",
    "sure_nick": "preferred_name",
    "nicknamed": "name",
    "owner_org": "company",
    "two_names": "name",
    "zh_place": "location",
    "zh_age": "age",
    "zh_name": "name",
    "zh_known": "name",
    "sov_name": "name",
    "ja_name": "name",
    "ko_name": "name",
    "th_name": "name",
    "zh_nick": "preferred_name",
    "ko_back": "preferred_name",
    "zh_org": "company",
    "zh_org_end": "company",
    "zh_org_named": "company",
    "sov_org": "company",
    "any_role": "role",
    "es_role": "role",
    "de_role": "role",
    "fr_role": "role",
    "zh_role": "role",
}
"""What a slot's value is a statement of. A ``tier`` is a plan only where the field's choices have it."""

SAME = {
    "name": "maybe_name",
    "surname": "name",
    "preferred_name": "maybe_nick",
    "company": "cased_org",
    "role": "role",
    "location": "place",
    "timezone": "zone",
    "age": "age",
    "plan": "plan",
    "tier": "tier",
    "expertise": "skill",
}
"""The slot that reads a correction of a statement ("I'm Mike, sorry, Mick"), by its kind."""

_WORD = Lazy(r"[^\W_](?:[^\W_]|['&.+/-](?=\w)){0,30}[+]?")


def _role(at: Place) -> Span | None:
    return roles.forward(at.text, at.start, at.end)


def _role_full(at: Place) -> Span | None:
    return roles.forward(at.text, at.start, at.end, lenient=True)


def _one_of(at: Place) -> Span | None:
    """The title of one among several, in the singular: "one of the data engineers"."""
    for count in range(4):
        match = re.compile(rf"(?:[\w/&-]{{2,20}} ){{{count}}}[\w-]{{3,20}}(?=s\b)").match(at.text, at.start, at.end)
        if match and match.group() and roles.is_role(match.group()):
            return Span(match.start(), match.end() + 1, at.text[match.start() : match.end() + 1], match.group())
    return None


def _bare_role(at: Place) -> Span | None:
    """A title without an article ("I'm head of sales", "I am CTO at …")."""
    span = roles.forward(at.text, at.start, at.end)
    if span is None or span.start > at.start + 1:
        return None
    first = span.value.split()[0]
    titled = first.isupper() or first.lower() in {
        "head",
        "chief",
        "vp",
        "director",
        "lead",
        "senior",
        "junior",
        "principal",
        "cofounder",
        "co-founder",
        "founder",
        "president",
        "chair",
        "deputy",
        "assistant",
        "product",
        "software",
        "data",
        "owner",
    }
    at_work = re.match(r" (?:at|@) ?\S", at.text[span.end : at.end])
    return span if (titled and len(first) > 1) or at_work else None


def _place(at: Place) -> Span | None:
    # The word before helps to tell a place that is typed in lower case.
    for span in places.find("in " + at.text[at.start : min(at.end, at.start + 80)]):
        if span.start - 3 <= 4 and at.text[at.start : at.start + span.start - 3].strip(" ").lower() in {"", "the", "la", "los", "el"}:
            start = at.start + span.start - 3
            return Span(start, start + len(span.words), span.words, span.words)
    match = re.compile(
        r"(?:the )?([A-Z][\w'.-]{1,24}(?: (?:of |de |del |la |upon |am |an der )?[A-Z][\w'.-]{1,24}){0,3})(, [A-Z][\w.-]{1,20}(?: [A-Z][\w.-]{1,20})?)?"
    ).match(at.text, at.start, at.end)
    if match is None or match.group(1).isupper() or match.group(1).split()[0].lower() in words("common_words") | {"i", "i'm", "it", "hr"}:
        return None
    if match.group(1).lower() in lines("programming_languages") or match.group(1).lower() in words("products"):
        return None
    value = match.group().rstrip(".")
    return Span(match.start(), match.start() + len(value), value, value)


def _zone(at: Place) -> Span | None:
    window = " " + at.text[at.start : min(at.end, at.start + 60)]
    for span in timezones.find(window, cities=False):
        if window[: span.start].strip(" (").lower() in {"", "the", "us", "a", "u.s."}:
            return Span(at.start + span.start - 1, at.start + span.end - 1, span.words, span.value)
    short = re.match(r" (?:the )?(pst|est|cst|mst|pdt|edt|cdt|mdt|gmt|utc|cet|cest|jst|aest|aedt|sgt|hkt)(?![\w+-])", window, re.IGNORECASE)
    if short and (zone := timezones.zone_of(short.group(1).upper())):
        return Span(at.start + short.start(1) - 1, at.start + short.end() - 1, short.group(1), zone)
    letters = None if at.reading.shouts else re.match(r" (?:the )?(?!ART\b|CAT\b)([A-Z]{3,5})(?![\w+-])", window)
    if letters and (zone := timezones.zone_of(letters.group(1))):
        return Span(at.start + letters.start(1) - 1, at.start + letters.end() - 1, letters.group(1), zone)
    alone = re.match(r" (?:the )?(eastern|central|mountain|pacific)(?=$|[.,!;)])", window, re.IGNORECASE)
    if alone and (zone := timezones.zone_of(f"{alone.group(1)} time")):
        return Span(at.start + alone.start(1) - 1, at.start + alone.end() - 1, alone.group(1), zone)
    hours = re.match(r" (?:the )?([A-Z][\w.]{1,15}(?: [A-Z][\w.]{1,15}){0,2}) (?:business |working |office |local )?hours\b", window)
    zone = timezones.zone_of(hours.group(1)) if hours else None
    return Span(at.start + hours.start(1) - 1, at.start + hours.end() - 1, hours.group().strip(), zone) if hours and zone else None


def _zone_city(at: Place) -> Span | None:
    """A zone, or a city that stands for its own: behind the time of day ("it's 7pm here in Denver")."""
    zone = _zone(at)
    if zone is not None:
        return zone
    # The word before helps to tell a city, as for places.
    window = "in " + at.text[at.start : min(at.end, at.start + 60)]
    offset = at.start - 3
    return next((Span(offset + s.start, offset + s.end, s.words, s.value) for s in timezones.find(window) if 3 <= s.start <= 4), None)


def _age(at: Place) -> Span | None:
    match = re.compile(
        r"\d{1,3}(?![\d.,:/%$°]\d|[\d:%$°]| ?(?:am|pm|km|miles|minutes|mins|hours|hrs|days|weeks|months|percent|people|kids|dollars|feet|ft|lbs|kg|cm)\b)|(?:[a-z]{3,9}(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?)\b",
        re.IGNORECASE,
    ).match(at.text, at.start, at.end)
    if match is None:
        return None
    number = numbers.number_of(match.group())
    if isinstance(number, int) and 1 <= number <= 120:
        return Span(match.start(), match.end(), match.group(), str(number))
    single = match.group().split()[0].split("-")[0]
    number = numbers.number_of(single) if not single.isdigit() else None
    if isinstance(number, int) and 1 <= number <= 120:
        return Span(match.start(), match.start() + len(single), single, str(number))
    return None


def _plan(at: Place) -> Span | None:
    """The name of a plan: one to three words that aren't about which or whose plan it is."""
    parts: list[re.Match[str]] = []
    position = at.start
    while position < at.end and at.text[position] in " \"'":
        position += 1
    while len(parts) < 3:
        match = _WORD.match(at.text, position, at.end)
        if (
            match is None
            or match.group().lower() in words("plan_stops")
            or match.group().lower()
            in {"one", "plan", "tier", "subscription", "package", "account", "license", "licence", "membership", "edition", "version"}
        ):
            break
        if (
            parts
            and match.group().islower()
            and match.group() in words("common_words") - {"plus", "premium", "basic", "free", "pro", "business", "team", "personal"}
        ):
            break
        parts.append(match)
        if at.text[match.end() : match.end() + 1] not in {" ", "-"}:
            break
        position = match.end() + 1
    if not parts or (len(parts) == 1 and parts[0].group().isdigit()):
        return None
    start, end = parts[0].start(), parts[-1].end()
    return Span(start, end, at.text[start:end], at.text[start:end])


_TIER_ENDS = frozenset({"Plus", "Max", "Premium", "Ultimate", "Unlimited", "Lite", "Advanced", "Pro"})
"""What makes another plan of the name of one: "Business Plus"."""


def _tier(at: Place) -> Span | None:
    position = at.start
    while position < at.end and at.text[position] in " \"'":
        position += 1
    match = _WORD.match(at.text, position, at.end)
    if match is None or match.group().lower() in words("plan_stops"):
        return None
    more = _WORD.match(at.text, match.end() + 1, at.end) if at.text[match.end() : match.end() + 1] == " " else None
    if more is not None and more.group() in _TIER_ENDS and match.group()[0].isupper():
        both = at.text[match.start() : more.end()]
        return Span(match.start(), more.end(), both, both)
    said = re.sub(r"-(?:plan|tier|level)$", "", match.group())
    return Span(match.start(), match.start() + len(said), said, said)


_READERS: dict[str, Reader] = (
    people_slots.READERS
    | firm_slots.READERS
    | skill_slots.READERS
    | {
        "role": _role,
        "role_full": _role_full,
        "one_of": _one_of,
        "bare_role": _bare_role,
        "place": _place,
        "zone": _zone,
        "zone_city": _zone_city,
        "age": _age,
        "plan": _plan,
        "tier": _tier,
    }
)


def forward(slot: str, reading: Reading, start: int, end: int) -> Span | None:
    """The value of ``slot`` that begins at ``start`` and ends at ``end`` at the latest, or None."""
    if slot in world.FORWARD:
        return world.FORWARD[slot](reading.masked, start, end)
    return _READERS[slot](Place(reading, start, end))


def backward(slot: str, reading: Reading, start: int, end: int) -> Span | None:
    """The value of ``slot`` that ends at ``end`` and begins at ``start`` at the earliest, or None."""
    text = reading.masked
    if slot in world.BACKWARD:
        return world.BACKWARD[slot](text, start, end)
    if KINDS[slot] in {"name", "preferred_name"}:
        name = names.backward(text, start, end, shouted=reading.shouts)
        return None if name is not None and slot == "maybe_name" and people_slots.names_something_else(text, name) else name
    window = text[max(start, end - 60) : end]
    offset = end - len(window)
    for match in re.finditer(r"\S+", window):
        span = forward(slot, reading, offset + match.start(), end)
        if span is not None and not text[span.end : end].strip(" ,"):
            return span
    return None
