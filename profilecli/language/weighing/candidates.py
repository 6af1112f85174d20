"""Words of a message that could be a value of some kind of fact, whatever stands around them.

A candidate is what a recogniser reads at a place where such a value can begin: capitals or a listed
given name for people, capitals for firms, a title's head noun for roles. Whether it is meant as a
fact about the user is for :mod:`profilecli.language.weighing` to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache

from profilecli.language import names, organisations, roles, slots, timezones
from profilecli.language.clauses import Reading
from profilecli.language.lazy import Lazy
from profilecli.language.lexicon import lines, pairs, words
from profilecli.language.names import Trust
from profilecli.language.spans import Span
from profilecli.language.tables import table
from profilecli.language.weighing.addressing import is_addressed
from profilecli.language.weighing.tokens import BEFORE_A_SENTENCE, CAPITAL, COMMON, GIVEN, HEAD, LETTER, WORD, Tokens, tokens_of

__all__ = ["KINDS", "find"]

KINDS = ("name", "preferred_name", "company", "role", "timezone", "tier", "plan", "expertise")
"""Kinds of facts that candidates are found for."""

MOST = 60
"""Candidates of one kind in a message; more is noise, and the time stays linear."""


def find(reading: Reading, kind: str, stated: Sequence[Span] = (), choices: Sequence[str] = ()) -> list[Span]:
    """The candidates of a kind, by place and apart; what the patterns read (``stated``) goes before any that it overlaps.

    ``choices`` are those of the field, for the kind ``tier``.
    """
    taken = sorted({(span.start, span.end): span for span in stated}.values(), key=lambda span: span.start)
    found: list[Span] = []
    end = 0
    for span in _tiers(reading, choices) if kind == "tier" else _FINDERS[kind](reading):
        if span.start < end or any(span.start < other.end and other.start < span.end for other in taken):
            continue
        found.append(span)
        end = span.end
        if len(found) == MOST:
            break
    return sorted([*found, *taken], key=lambda span: (span.start, span.end)) if taken else found


# ---- people

_LEADS_TO_A_NAME = frozenset({"", "name", "is", "i'm", "am", "me", "it's", "its", "by", "name's", "called", "named", "\n", ":"})
_CALLING = frozenset({"me", "by", "as", "to", "called", "use", "say", "just", "name", "is", "it's", ":", '"', "'", "(", "with"})
_LEADS = _LEADS_TO_A_NAME | _CALLING
_OF_A_PART = frozenset({"last", "family", "second", "middle", "maiden", "surname"})
"""Before a name of which it is a part."""
_CREEDS = frozenset({"christian", "german", "bavarian", "scottish", "welsh", "basque", "catalan", "persian"})
"""What one is, before it is a name: "I'm Christian"."""


def _people(reading: Reading) -> Iterable[Span]:
    return [span for span, everyday in _persons(reading) if not everyday]


def _nicknames(reading: Reading) -> Iterable[Span]:
    return [span for span, _ in _persons(reading)]


def _persons(reading: Reading) -> list[tuple[Span, bool]]:
    """Names, each with whether it is an everyday word, which only a nickname can be; found once a message."""
    known: list[tuple[Span, bool]] | None = reading.__dict__.get("_persons")
    if known is None:
        known = reading.__dict__["_persons"] = list(_find_persons(reading))
    return known


def _find_persons(reading: Reading) -> Iterator[tuple[Span, bool]]:
    """Capitals and given names; in lower case what stands where a name does, everyday words where a nickname does."""
    tokens = tokens_of(reading)
    end = 0
    for index, (start, word, traits, before) in enumerate(
        zip(tokens.starts, tokens.words, tokens.traits, ("", *tokens.words), strict=False)
    ):
        if start < end or not traits & LETTER or not (before in _LEADS or _is_name_by_itself(traits)):
            continue
        everyday = False
        if traits & COMMON:
            given = bool(traits & GIVEN and (traits & CAPITAL or before in _LEADS_TO_A_NAME))
            everyday = before in _CALLING and (bool(traits & CAPITAL) or before in {"me", "by"}) and not (given and traits & CAPITAL)
            if not everyday and not given:
                continue
        elif not (traits & (CAPITAL | GIVEN) or before in _LEADS_TO_A_NAME):
            continue
        if before in {"i'm", "am"} and word in _CREEDS:
            continue
        if before in {"is", "surname"} and not _OF_A_PART.isdisjoint(tokens.words[max(0, index - 3) : index]):
            continue
        _, finish = reading.sentence(start)
        trust = Trust.FULL if everyday else Trust.MUCH
        span = names.forward(reading.masked, start, finish, trust=trust, shouted=reading.shouts)
        if span is not None and span.start == start:
            end = span.end
            if not is_addressed(tokens.words, index, tokens.from_(end)):
                yield span, everyday


def _is_name_by_itself(traits: int) -> bool:
    """Whether a word may be a name whatever stands before it."""
    return bool(traits & GIVEN and traits & CAPITAL if traits & COMMON else traits & (GIVEN | CAPITAL))


# ---- work

_LEADS_TO_A_FIRM = frozenset({"at", "for", "from", "with", "@", "4", "called", "named", "is", "by", "of"})
_SPEAKER = frozenset({"i", "i'm", "i've", "i'd", "i'll"})


def _firms(reading: Reading) -> Iterator[Span]:
    tokens = tokens_of(reading)
    end = 0
    for index, (text, traits, before) in enumerate(zip(tokens.texts, tokens.traits, ("", *tokens.words), strict=False)):
        if not traits & WORD or (text.islower() and (traits & COMMON or before not in _LEADS_TO_A_FIRM)):
            continue
        start = tokens.starts[index]
        if start < end or text.isdigit() or tokens.words[index] in _SPEAKER:
            continue
        if traits & COMMON and before in BEFORE_A_SENTENCE and not _opens_a_firm(tokens, index):
            continue
        _, finish = reading.sentence(start)
        span = organisations.forward(reading.masked, start, finish, cased=reading.is_cased, lenient=True)
        if span is not None and span.start <= start + 4:
            end = span.end
            yield span


def _opens_a_firm(tokens: Tokens, index: int) -> bool:
    """Whether an everyday word that opens a sentence may open a firm's name: a capital follows, or "&" ("Bean There", "Salt & Stone")."""
    if tokens.words[index] in _LEADS_TO_A_FIRM or index + 1 == len(tokens):
        return False
    return tokens.texts[index + 1][0].isupper() or tokens.texts[index + 1] == "&"


_BEGINS_NO_TITLE = frozenset(
    {"am", "is", "are", "was", "were", "be", "been", "being", "a", "an", "the", "my", "your", "our", "his", "her", "their", "its", "this"}
    | {"that", "these", "those", "as", "at", "for", "from", "with", "to", "in", "on", "by", "of", "and", "or", "but", "so", "i", "i'm"}
    | {"we", "we're", "you", "he", "she", "it", "it's", "he's", "she's", "they", "me", "us", "not", "no", "just", "who", "than", "like"}
    | {"i've", "i'd", "we've", "new"}
)
_HEADS_OF_NOBODY = {("office",), ("offices",), ("start",), ("count",), ("line",), ("quarters",)}
"""What follows "head" where it heads no title."""
_LONGEST_LEAD = 4
"""Words of a title before its head noun."""


def _titles(reading: Reading) -> Iterator[Span]:
    tokens, text = tokens_of(reading), reading.masked
    end = 0
    for index, traits in enumerate(tokens.traits):
        if not traits & HEAD or tokens.starts[index] < end or tokens.words[index + 1 : index + 2] in _HEADS_OF_NOBODY:
            continue
        _, finish = reading.sentence(tokens.starts[index])
        begin = _title_begin(reading, index, end)
        before = tokens.words[begin:index]
        if any(roles.is_lost(word) for word in before) or (
            tokens.words[index] in words("skills_not_jobs") and not words("praise").isdisjoint(before)
        ):
            continue
        for first in range(begin, index + 1):
            span = roles.forward(text, tokens.starts[first], finish)
            if span is not None and span.end >= tokens.ends[index]:
                end = span.end
                yield span
                break


def _title_begin(reading: Reading, index: int, floor: int) -> int:
    """The first word that may belong to the title whose head noun is the one at ``index``."""
    tokens, stops = tokens_of(reading), words("role_stops")
    first = index
    while first and index - first < _LONGEST_LEAD and tokens.starts[first - 1] >= floor:
        word = tokens.words[first - 1]
        gap = reading.masked[tokens.ends[first - 1] : tokens.starts[first]]
        if not word[0].isalnum() or word in _BEGINS_NO_TITLE or word in stops or gap not in {" ", " & "}:
            break
        first -= 1
    return first


# ---- time zones, plans


def _zones(reading: Reading) -> Iterable[Span]:
    """Zones that are called so, cities beside a word of time, and what may be a zone by the words around it: "9 to 5, Eastern", "est"."""
    text, said = reading.masked, frozenset(tokens_of(reading).words)
    named = timezones.find(text, cities=not said.isdisjoint(_OF_TIME))
    if said.isdisjoint(_first_words_of_zones()):
        return named
    bare = [
        Span(match.start(), match.end(), match.group(), zone)
        for match in _bare_zone().finditer(text)
        if (
            match.group() not in _ABBREVIATED
            or _BESIDE_A_ZONE.search(text[max(0, match.start() - 12) : match.start()] + "|" + text[match.end() : match.end() + 6])
        )
        and (match.group().lower() not in _OF_COUNTRIES or not said.isdisjoint(_OF_TIME))
        and (zone := timezones.zone_of(match.group().upper()) or timezones.zone_of(f"{match.group()} time")) is not None
    ]
    return sorted([*named, *bare], key=lambda span: (span.start, -span.end))


_OF_TIME = frozenset({"time", "timezone", "time-zone", "zone", "tz", "clock", "clocks", "hours", "pm", "o'clock"})
_ABBREVIATED = frozenset(
    ["est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt", "gmt", "utc", "cet", "cest", "eet", "jst", "aest", "sgt", "hkt"]
)


_OF_COUNTRIES = frozenset(
    ["british", "uk", "nz", "philippine", "arabian", "samoa", "hawaiian", "alaskan", "greenland", "gb", "gulf", "yukon"]
)
_BESIDE_A_ZONE = Lazy(
    r"(?:\b(?:in|on|is|zone|time|tz|am|pm|my|it's|its|use|utc|our|we're|i'm|=|:)|[\d:(/,]) ?\||\|(?: ?$| ?[).,!?/]| time| here| for)|^\|(?: ?$| ?[).,!?/]| time| here)",
    re.IGNORECASE,
)
"""Beside a zone typed in lower case, so that "jst" is none where somebody has just started."""


@cache
def _bare_zone() -> re.Pattern[str]:
    """What zones are called without the word "time", and abbreviations that people type in lower case."""
    called = sorted([*table("spoken")["before_time"], *_ABBREVIATED], key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, called))})\b(?![+-]\d)", re.IGNORECASE)


@cache
def _first_words_of_zones() -> frozenset[str]:
    return frozenset(name.split()[0] for name in table("spoken")["before_time"]) | _ABBREVIATED


_ALIKE = 0.8
"""How much of a word's letters a misspelt choice has in common with it ("enterprize"), by difflib's ratio."""


_OF_PLANS = frozenset(
    {"plan", "plans", "tier", "tiers", "subscription", "subscribed", "package", "account", "licence", "license", "membership", "upgrade"}
    | {"upgraded", "downgrade", "downgraded", "trial", "user", "users", "customer", "customers", "member", "version", "invoice", "billing"}
)


def _is_of_a_plan(tokens: Tokens, index: int) -> bool:
    """Whether an everyday word ("free") may name a plan here: "on free", "the free one", or any word of plans in the message; not "my free time"."""
    if not _OF_PLANS.isdisjoint(tokens.words):
        return tokens.words[index + 1 : index + 2] not in _BEHIND_NO_PLAN
    behind = tokens.words[index + 1] if index + 1 < len(tokens) else ""
    if (
        behind
        and behind[0].isalnum()
        and behind not in {"one", "and", "or", "but", "here", "now", "still", "again", "since", "for", "until", "btw", "so"}
    ):
        return False
    if index == 0:
        return behind != "!"
    return tokens.words[index - 1] in {"on", "to", "from", "still", "stay", "stayed", "staying", "never", "back", "the"}


_BEHIND_NO_PLAN = {("time",), ("day",), ("days",), ("will",), ("kick",), ("speech",), ("tickets",), ("lunch",), ("food",), ("coffee",)}
"""What follows "free" and "pro" where they are no plans: "my free time"."""


def _tiers(reading: Reading, choices: Sequence[str]) -> Iterator[Span]:
    """The choices of a plan field, one that is misspelt too."""
    tokens = tokens_of(reading)
    of = {choice.casefold(): choice for choice in choices}
    meant = pairs("plan_synonyms")
    for index, (word, traits) in enumerate(zip(tokens.words, tokens.traits, strict=True)):
        known = of.get(word) or of.get(meant.get(word, ""))
        if known is None and not traits & COMMON and len(word) > 4:
            known = next((of[near] for near in get_close_matches(word, of, 1, _ALIKE) if near[:2] == word[:2]), None)
        if known is not None and (not traits & COMMON or _is_of_a_plan(tokens, index)):
            yield Span(tokens.starts[index], tokens.ends[index], tokens.texts[index], known)


_PLAN_NOUNS = frozenset(
    {"plan", "tier", "subscription", "package", "account", "licence", "license", "licenses", "licences", "membership", "edition"}
    | {"seat", "seats"}
)


def _plans(reading: Reading) -> Iterator[Span]:
    tokens, listed = tokens_of(reading), words("plan_words")
    end = 0
    for index, (word, traits, behind) in enumerate(zip(tokens.words, tokens.traits, (*tokens.words[1:], ""), strict=False)):
        beside = behind in _PLAN_NOUNS
        capital = traits & CAPITAL and (beside or not traits & COMMON)
        if not (capital or word in listed or (beside and not traits & COMMON and word not in words("plan_stops"))):
            continue
        start = tokens.starts[index]
        if start < end or not traits & LETTER:
            continue
        _, finish = reading.sentence(start)
        span = slots.forward("plan", reading, start, finish)
        if span is not None and span.start == start:
            end = span.end
            yield span


# ---- skills

_DEGREE = r"beginner|novice|newbie|noob|newcomer|expert|guru|wizard|whiz|veteran|pro|specialist|ninja|power user|advanced|intermediate|experienced|seasoned|fluent|proficient|skilled|comfortable|confident|competent|rusty|hopeless|clueless|useless|handy|non-?technical|technical|tech[- ]savvy|illiterate"
_SKILLED = r"new|good|great|decent|bad|terrible|strong|weak|solid"
_IN = r"(?: (?:at|with|in|on|to|when it comes to|of)(?: (?:the|all|this))? [\w+#./-]{2,20}(?: (?!and\b|but\b|or\b|so\b|for\b|since\b|because\b|at\b|if\b|please\b|by\b)[\w+#./-]{1,20}){0,2})"
_LEVEL = Lazy(
    rf"\b(?:(?:not|very|pretty|quite|fairly|really|totally|completely|absolute|total|complete|brand|rather|highly|self-taught)(?: (?:very|really|too|that|so|a|an))? )?"
    rf"(?:(?:{_DEGREE}|{_SKILLED}){_IN}|(?:[\w+#./-]{{2,20}} ){{0,2}}?(?:{_DEGREE})(?: (?:user|developer|programmer|coder|engineer|admin|person|speaker|learner))?(?![\w-]))",
    re.IGNORECASE,
)
_CRAFT = Lazy(
    r"\b(?:(?:front|back)[ -]?end|full[ -]?stack|[A-Z][\w+#.]{1,15}|[a-z]{3,12}) (?:developer|programmer|dev|coder|engineer|admin|administrator|dba|designer|analyst|scientist|person|guy|nerd|whisperer)\b"
)


def _skills(reading: Reading) -> Iterator[Span]:
    """Degrees with what they are of, crafts, and else what shows by a capital or is a programming language."""
    text, tokens = reading.masked, tokens_of(reading)
    places = [match.span() for pattern in (_LEVEL, _CRAFT) for match in pattern.finditer(text)]
    places += [
        (start, end)
        for start, end, label, word in zip(tokens.starts, tokens.ends, tokens.labels, tokens.words, strict=True)
        if label in {"<Cap>", "<given>"} or word in lines("programming_languages")
    ]
    for start, end in sorted(places, key=lambda place: (place[0], -place[1])):
        yield Span(start, end, text[start:end], text[start:end])


_FINDERS: Mapping[str, Callable[[Reading], Iterable[Span]]] = {
    "name": _people,
    "preferred_name": _nicknames,
    "company": _firms,
    "role": _titles,
    "timezone": _zones,
    "plan": _plans,
    "expertise": _skills,
}
