"""The slots of the patterns: each reads a value at a place in a text, by the recogniser for its kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from profilecli.language import names, numbers, organisations, places, roles, timezones, world
from profilecli.language.clauses import Reading
from profilecli.language.lazy import Lazy
from profilecli.language.lexicon import lines, words
from profilecli.language.names import Trust
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
    "role": "role",
    "role_full": "role",
    "bare_role": "role",
    "place": "location",
    "zone": "timezone",
    "age": "age",
    "plan": "plan",
    "tier": "tier",
    "expert": "expertise",
    "skill": "expertise",
    "skill_known": "expertise",
    "skilled_with": "expertise",
    "new_to": "expertise",
    "phrase_level": "expertise",
    "known_name": "name",
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
_EXPERTS = Lazy(
    r"(?:an? |the )?((?:[\w+#./-]{1,20} ){0,4}?(?:beginner|novice|newbie|noob|expert|power user|intermediate|veteran|guru|wizard|pro|specialist|ninja|whiz|"
    r"developer|programmer|engineer|dev|coder|admin|administrator|sysadmin|designer|analyst|scientist|architect|non-technical|nontechnical|non technical|tech-savvy|tech savvy|technical|computer[ -]illiterate|advanced user|newcomer)"
    r"(?: (?:at|with|in|when it comes to|to) [\w+#./-]{1,20}(?: [\w+#./-]{1,20})?)?)(?=$|[\s.,!?;:)])",
    re.IGNORECASE,
)
_LEVEL = Lazy(
    r"((?:really |very |at all |particularly |that |too |super |quite )?(?:not (?:\w{1,12} ){0,3}(?:technical|tech|tech-savvy|technically (?:minded|inclined)|a (?:tech|technical) person|a techie)|non-?technical|non technical)(?: person| at all| user| guy| gal| type)?)",
    re.IGNORECASE,
)
_NEW_TO = Lazy(
    r"((?:new to|learning|a (?:complete |total |absolute )?(?:beginner|novice|newbie|noob)(?: (?:at|with|in|to))?|an expert (?:at|in|with|on)|beginner (?:at|in|with)|fluent in|proficient (?:in|with|at)|comfortable with|experienced (?:in|with)|good with|bad with)"
    r"(?: (?:all |the |this |your )?[\w+#./-]{2,20}(?: [\w+#./-]{2,20}){0,2})?)",
    re.IGNORECASE,
)
_SKILLED = Lazy(
    r"((?:(?:quite|pretty|very|fairly|really|totally|completely|a bit|rather|extremely|not (?:very|really|too|so|that)|absolutely) )?(?:advanced|comfortable|experienced|skilled|confident|competent|rusty|hopeless|clueless|useless)"
    r"(?: (?:with|in|at|on) [\w+#./-]{2,20}(?: [\w+#./-]{2,20})?))(?=$|[\s.,!?;)])",
    re.IGNORECASE,
)
_SKILL_END = Lazy(r"[,.;!?()\n]| (?:and i|but|so|because|since|for|at|which|who|if|when|please|by|, )\b")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a slot is read: the text, from where, and up to where at most."""

    reading: Reading
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.reading.masked


def _name(trust: Trust) -> Callable[[_Place], Span | None]:
    def read(at: _Place) -> Span | None:
        span = names.forward(at.text, at.start, at.end, trust=trust, shouted=at.reading.shouts)
        return None if span is not None and trust is Trust.LITTLE and _names_something_else(at.text, span) else span

    return read


def _names_something_else(text: str, span: Span) -> bool:
    """ "I'm Switzerland", "I'm Netflix and chilling", "I'm Deputy Head of Legal", "I'm Batman": a place, a firm, a title or a hero, not one's name."""
    value = span.value
    if names.is_famous(value):
        return True
    if value.split()[0].lower() in words("given_names"):
        return False
    if " " in value and (role := roles.forward(text, span.start, span.end)) is not None and role.start == span.start:
        return True
    return value.lower() in lines("famous_organisations") or places.place_of(value) is not None


def _full_name(at: _Place) -> Span | None:
    """A name of two parts or more."""
    span = names.forward(at.text, at.start, at.end, trust=Trust.MUCH, shouted=at.reading.shouts)
    return span if span is not None and " " in span.value else None


def _nick(at: _Place) -> Span | None:
    """After "call me": not "call me Sherlock, I found it", which is a boast."""
    span = names.forward(at.text, at.start, at.end, trust=Trust.MUCH, shouted=at.reading.shouts)
    return None if span is None or names.is_famous(span.value) else span


def _nick_short(at: _Place) -> Span | None:
    span = names.forward(at.text, at.start, at.end, trust=Trust.MUCH, shouted=at.reading.shouts)
    return (
        span
        if span is not None and " " not in span.value and (span.value[:1].isupper() or span.value.lower() in words("given_names"))
        else None
    )


def _org(at: _Place) -> Span | None:
    return organisations.forward(at.text, at.start, at.end, cased=at.reading.is_cased)


def _org_full(at: _Place) -> Span | None:
    return organisations.forward(at.text, at.start, at.end, cased=at.reading.is_cased, lenient=True)


def _cased_org(at: _Place) -> Span | None:
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


def _own_org(at: _Place) -> Span | None:
    """After "I run" and "I joined": not a program that one runs or a service that everybody joins, unless as something."""
    span = _cased_org(at)
    if span is None or (span.value.lower() in words("products") and not at.text.startswith(" as ", span.end)):
        return None
    return span


def _work_org(at: _Place) -> Span | None:
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


def _sure_org(at: _Place) -> Span | None:
    """After "from", where as often a place stands: an organisation shows by a word or by its letters."""
    span = _cased_org(at)
    if span is None:
        return None
    tokens = span.value.split()
    telling = any(token.lower().strip(".") in words("organisation_words") for token in tokens[1:]) or span.value.lower() in lines(
        "famous_organisations"
    )
    return span if telling or re.search(r"[a-z][A-Z]|&|\d|^[A-Z]{3,}$", span.value) else None


def _role(at: _Place) -> Span | None:
    return roles.forward(at.text, at.start, at.end)


def _role_full(at: _Place) -> Span | None:
    return roles.forward(at.text, at.start, at.end, lenient=True)


def _bare_role(at: _Place) -> Span | None:
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


def _place(at: _Place) -> Span | None:
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
    value = match.group().rstrip(".")
    return Span(match.start(), match.start() + len(value), value, value)


def _zone(at: _Place) -> Span | None:
    window = " " + at.text[at.start : min(at.end, at.start + 60)]
    for span in timezones.find(window, cities=False):
        if window[: span.start].strip(" (").lower() in {"", "the", "us", "a", "u.s."}:
            return Span(at.start + span.start - 1, at.start + span.end - 1, span.words, span.value)
    short = re.match(r" (?:the )?(pst|est|cst|mst|pdt|edt|cdt|mdt|gmt|utc|cet|cest|jst|aest|aedt|sgt|hkt)(?![\w+-])", window, re.IGNORECASE)
    if short and (zone := timezones.zone_of(short.group(1).upper())):
        return Span(at.start + short.start(1) - 1, at.start + short.end() - 1, short.group(1), zone)
    alone = re.match(r" (?:the )?(eastern|central|mountain|pacific)(?=$|[.,!;)])", window, re.IGNORECASE)
    if alone and (zone := timezones.zone_of(f"{alone.group(1)} time")):
        return Span(at.start + alone.start(1) - 1, at.start + alone.end() - 1, alone.group(1), zone)
    hours = re.match(r" (?:the )?([A-Z][\w.]{1,15}(?: [A-Z][\w.]{1,15}){0,2}) (?:business |working |office |local )?hours\b", window)
    zone = timezones.zone_of(hours.group(1)) if hours else None
    return Span(at.start + hours.start(1) - 1, at.start + hours.end() - 1, hours.group().strip(), zone) if hours and zone else None


def _age(at: _Place) -> Span | None:
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


def _plan(at: _Place) -> Span | None:
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
            in {"plan", "tier", "subscription", "package", "account", "license", "licence", "membership", "edition", "version"}
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


def _tier(at: _Place) -> Span | None:
    position = at.start
    while position < at.end and at.text[position] in " \"'":
        position += 1
    match = _WORD.match(at.text, position, at.end)
    if match is None or match.group().lower() in words("plan_stops"):
        return None
    said = re.sub(r"-(?:plan|tier|level)$", "", match.group())
    return Span(match.start(), match.start() + len(said), said, said)


def _matched(pattern: Lazy) -> Callable[[_Place], Span | None]:
    def read(at: _Place) -> Span | None:
        match = pattern.match(at.text, at.start, at.end)
        return Span(match.start(1), match.end(1), match.group(1), match.group(1)) if match else None

    return read


def _skill(at: _Place) -> Span | None:
    window = at.text[at.start : min(at.end, at.start + 60)]
    end = match.start() if (match := _SKILL_END.search(window)) else len(window)
    value = window[:end].strip(" \"'")
    if (
        not value
        or value.split()[0].lower() in {"the", "this", "that", "it", "my", "your", "what", "you", "them", "him", "her", "a", "an"}
        or len(value.split()) > 6
    ):
        return None
    start = at.start + window.index(value)
    return Span(start, start + len(value), value, value)


_READERS: dict[str, Callable[[_Place], Span | None]] = {
    "name": _name(Trust.MUCH),
    "any_name": _name(Trust.FULL),
    "full_name": _full_name,
    "maybe_name": _name(Trust.LITTLE),
    "nick": _nick,
    "nick_any": _name(Trust.FULL),
    "nick_full": _name(Trust.FULL),
    "maybe_nick": _name(Trust.LITTLE),
    "nick_short": _nick_short,
    "org": _org,
    "org_full": _org_full,
    "cased_org": _cased_org,
    "own_org": _own_org,
    "sure_org": _sure_org,
    "work_org": _work_org,
    "role": _role,
    "role_full": _role_full,
    "bare_role": _bare_role,
    "place": _place,
    "zone": _zone,
    "age": _age,
    "plan": _plan,
    "tier": _tier,
    "expert": _matched(_EXPERTS),
    "phrase_level": _matched(_LEVEL),
    "new_to": _matched(_NEW_TO),
    "skill": _skill,
    "skill_known": _matched(Lazy(r"([\w+#.]{1,20}(?: [\w+#.]{1,20})?)(?= (?:inside|very|really|back|like|well|a ))")),
    "skilled_with": _matched(_SKILLED),
}


def forward(slot: str, reading: Reading, start: int, end: int) -> Span | None:
    """The value of ``slot`` that begins at ``start`` and ends at ``end`` at the latest, or None."""
    if slot in world.FORWARD:
        return world.FORWARD[slot](reading.masked, start, end)
    return _READERS[slot](_Place(reading, start, end))


def backward(slot: str, reading: Reading, start: int, end: int) -> Span | None:
    """The value of ``slot`` that ends at ``end`` and begins at ``start`` at the earliest, or None."""
    text = reading.masked
    if slot in world.BACKWARD:
        return world.BACKWARD[slot](text, start, end)
    if KINDS[slot] in {"name", "preferred_name"}:
        return names.backward(text, start, end, shouted=reading.shouts)
    window = text[max(start, end - 60) : end]
    offset = end - len(window)
    for match in re.finditer(r"\S+", window):
        span = forward(slot, reading, offset + match.start(), end)
        if span is not None and not text[span.end : end].strip(" ,"):
            return span
    return None
