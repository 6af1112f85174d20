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
from profilecli.language.lexicon import lines, words
from profilecli.language.names import Trust
from profilecli.language.spans import Span
from profilecli.language.tables import table
from profilecli.language.weighing.tokens import Tokens, tokens_of

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


def _people(reading: Reading) -> Iterable[Span]:
    return (span for span, everyday in _persons(reading) if not everyday)


def _nicknames(reading: Reading) -> Iterable[Span]:
    return (span for span, _ in _persons(reading))


def _persons(reading: Reading) -> list[tuple[Span, bool]]:
    """Names, each with whether it is an everyday word, which only a nickname can be; found once a message."""
    known: list[tuple[Span, bool]] | None = reading.__dict__.get("_persons")
    if known is None:
        known = reading.__dict__["_persons"] = list(_find_persons(reading))
    return known


def _find_persons(reading: Reading) -> Iterator[tuple[Span, bool]]:
    """Capitals and given names; in lower case what stands where a name does, everyday words where a nickname does."""
    given, common, tokens, shouts = words("given_names"), words("common_words"), tokens_of(reading), reading.shouts
    end, previous = 0, ""
    for start, text, word in zip(tokens.starts, tokens.texts, tokens.words, strict=True):
        before, previous = previous, word
        if start < end or not text[0].isalpha():
            continue
        capital = _is_capital(text) and not shouts
        everyday = False
        if word in common:
            everyday = before in _CALLING and (capital or before in {"me", "by"})
            if not everyday and (word not in given or not (capital or before in _LEADS_TO_A_NAME)):
                continue
        elif not capital and word not in given and before not in _LEADS_TO_A_NAME:
            continue
        _, finish = reading.sentence(start)
        span = names.forward(reading.masked, start, finish, trust=Trust.FULL if everyday else Trust.MUCH, shouted=shouts)
        if span is not None and span.start == start:
            end = span.end
            yield span, everyday


def _is_capital(text: str) -> bool:
    return text[0].isupper() or text[0].istitle()


# ---- work

_LEADS_TO_A_FIRM = frozenset({"at", "for", "from", "with", "@", "4", "called", "named", "is", "by", "of"})
_BEFORE_A_SENTENCE = frozenset({"", ".", "!", "?", "\n", ":", ";", "..."})
_SPEAKER = frozenset({"i", "i'm", "i've", "i'd", "i'll"})


def _firms(reading: Reading) -> Iterator[Span]:
    common, tokens = words("common_words"), tokens_of(reading)
    end, previous = 0, ""
    for index, (start, text, word) in enumerate(zip(tokens.starts, tokens.texts, tokens.words, strict=True)):
        before, previous = previous, word
        if start < end or not text[0].isalnum() or text.isdigit() or word in _SPEAKER:
            continue
        if text.islower() and (before not in _LEADS_TO_A_FIRM or word in common):
            continue
        if word in common and before in _BEFORE_A_SENTENCE and not _goes_on_in_capitals(tokens, index):
            continue
        _, finish = reading.sentence(start)
        span = organisations.forward(reading.masked, start, finish, cased=reading.is_cased, lenient=True)
        if span is not None and span.start <= start + 4:
            end = span.end
            yield span


def _goes_on_in_capitals(tokens: Tokens, index: int) -> bool:
    """Whether a capital follows, or "&": "Bean There", "Salt & Stone", which a sentence's first word alone doesn't show."""
    return index + 1 < len(tokens) and (tokens.texts[index + 1][0].isupper() or tokens.texts[index + 1] == "&")


_BEGINS_NO_TITLE = frozenset(
    {"am", "is", "are", "was", "were", "be", "been", "being", "a", "an", "the", "my", "your", "our", "his", "her", "their", "its", "this"}
    | {"that", "these", "those", "as", "at", "for", "from", "with", "to", "in", "on", "by", "of", "and", "or", "but", "so", "i", "i'm"}
    | {"we", "we're", "you", "he", "she", "it", "it's", "he's", "she's", "they", "me", "us", "not", "no", "just", "who", "than", "like"}
    | {"i've", "i'd", "we've", "new"}
)
_MAY_HEAD = frozenset({"<job>", "<Cap>", "<given>"})
_LONGEST_LEAD = 4
"""Words of a title before its head noun."""


def _titles(reading: Reading) -> Iterator[Span]:
    tokens, text = tokens_of(reading), reading.masked
    end = 0
    for index, label in enumerate(tokens.labels):
        if label not in _MAY_HEAD or tokens.starts[index] < end or not roles.is_head(tokens.words[index]):
            continue
        _, finish = reading.sentence(tokens.starts[index])
        for first in range(_title_begin(reading, index, end), index + 1):
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
    """Zones that are called so, and what may be one by the words around it: "9 to 5, Eastern", "est"."""
    text = reading.masked
    named = timezones.find(text)
    if _first_words_of_zones().isdisjoint(tokens_of(reading).words):
        return named
    bare = [
        Span(match.start(), match.end(), match.group(), zone)
        for match in _bare_zone().finditer(text)
        if (zone := timezones.zone_of(match.group().upper()) or timezones.zone_of(f"{match.group()} time")) is not None
    ]
    return sorted([*named, *bare], key=lambda span: (span.start, -span.end))


_ABBREVIATED = frozenset(
    ["est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt", "gmt", "utc", "cet", "cest", "eet", "jst", "aest", "sgt", "hkt"]
)


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


def _tiers(reading: Reading, choices: Sequence[str]) -> Iterator[Span]:
    """The choices of a plan field, one that is misspelt too."""
    common, tokens = words("common_words"), tokens_of(reading)
    of = {choice.casefold(): choice for choice in choices}
    for start, end, text, word in zip(tokens.starts, tokens.ends, tokens.texts, tokens.words, strict=True):
        known = of.get(word)
        if known is None and word not in common and len(word) > 4:
            known = next((of[near] for near in get_close_matches(word, of, 1, _ALIKE) if near[:2] == word[:2]), None)
        if known is not None:
            yield Span(start, end, text, known)


_PLAN_NOUNS = frozenset(
    {"plan", "tier", "subscription", "package", "account", "licence", "license", "licenses", "licences", "membership", "edition"}
    | {"seat", "seats"}
)


def _plans(reading: Reading) -> Iterator[Span]:
    tokens, common = tokens_of(reading), words("common_words")
    end = 0
    for index, (start, text, word) in enumerate(zip(tokens.starts, tokens.texts, tokens.words, strict=True)):
        if start < end or not text[0].isalpha():
            continue
        beside = index + 1 < len(tokens) and tokens.words[index + 1] in _PLAN_NOUNS
        capital = _is_capital(text) and not reading.shouts and (word not in common or beside)
        other = beside and word not in words("plan_stops") and word not in common
        if not (capital or other or word in words("plan_words")):
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
