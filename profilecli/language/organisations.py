"""Names of organisations: from "at", "for" or "from" on, as far as the name goes."""

from __future__ import annotations

import re
from functools import cache

from profilecli.language.lazy import Lazy
from profilecli.language.lexicon import lines, words
from profilecli.language.spans import Span

__all__ = ["forward", "is_organisation_like"]

_TOKEN = Lazy(
    r"(?:[^\W_]|[\u0300-\u036f\u0900-\u0dff])(?:[^\W_]|[\u0300-\u036f\u0900-\u0dff&'+/!-](?=\w)|\.(?=\w)|(?<=[A-Z])&(?=[A-Z])){0,60}(?:\+|(?<=Yahoo)!)?"
)
_GAP = Lazy(r" {1,3}|(?:(?<=\bco)\.)?, (?=(?:inc|ltd|llc|gmbh|s\.a|corp|co|l\.p|llp|plc)\b)", re.IGNORECASE)
_JOINERS = frozenset(
    {
        "&",
        "and",
        "of",
        "the",
        "de",
        "del",
        "du",
        "des",
        "delle",
        "della",
        "dos",
        "di",
        "da",
        "do",
        "der",
        "und",
        "et",
        "y",
        "e",
        "for",
        "la",
        "le",
        "+",
        "von",
        "to",
        "in",
        "on",
        "at",
    }
)
_WEAK_JOINERS = frozenset({"and", "for", "in", "on", "at", "to", "y", "e", "und", "et"})
"""Joiners that as often begin something new; they need a capital on both sides, and more."""

_DETERMINED = Lazy(
    r"(?:an?|my|our|your|his|her|their|this|that|these|those|some|any|one|another|the same|un|una|ein|eine|einem|einer|une|uma|um|meinem|mi|mon|ma|minha)\b",
    re.IGNORECASE,
)
_CLAUSE = Lazy(r"[\w&-]{1,24} (?:do|does|did|is|are|was|were|wo|would|ca|could|has|have|should)n't\b", re.IGNORECASE)
"""The beginning of a sentence: "legal doesn't want it"."""
_FILLER = Lazy(r"(?:uh|um|uhm|er|erm|like),? ", re.IGNORECASE)
_PRIVATE = Lazy(r" (?:family|household|twins|estate's)\b", re.IGNORECASE)
""" "A nanny for the Bergstrom family"."""
_ARTICLE = Lazy(r"(?:el|la|los|las|der|die|das|dem|den|le|les|o|os|as|il|lo|gli) (?=[A-ZÀ-Ý])|l'(?=[A-ZÀ-Ý])")
_DOMAIN = Lazy(r"\w\.(?:com|org|net|io|ai|co|dev|app|de|fr|es|it|pt|uk|eu|gov|edu)$", re.IGNORECASE)
_SIGN = Lazy(r"[&+](?= )")
_STOP = Lazy(r"\. (?=[A-Z])")
_STOP_IN_A_NAME = Lazy(r"\. (?=[a-z&])")
_POSSESSIVE = Lazy(r"'s?(?=\s)")
_INITIALS = Lazy(r"[A-Z](?:\.[A-Z]){0,3}")

LONGEST = 8


def forward(text: str, start: int, end: int, *, cased: bool = True, lenient: bool = False) -> Span | None:
    """The organisation whose name begins at ``start``; None if there is none.

    ``cased``: the text uses capitals as one does, so a name shows them. ``lenient``: the words
    before leave no doubt ("my company is called …"), so that any words that aren't generic will do.
    """
    begin = start
    while begin < end and text[begin] in " \"'*_“":
        begin += 1
    if filler := _FILLER.match(text, begin, end):
        begin = filler.end()
    quoted = begin > start and text[begin - 1] in "\"'"
    if _DETERMINED.match(text, begin, end) or _CLAUSE.match(text, begin, end):
        return None
    if article := _ARTICLE.match(text, begin, end):
        begin = article.end()
    parts = _parts(text, begin, end)
    if quoted and parts and (close := text.find(text[begin - 1], parts[0].end(), end)) > 0 and close - begin <= 80:
        return Span(begin, close, text[begin:close], text[begin:close].strip())
    parts = _trimmed(parts)
    if not parts:
        return None
    finish = parts[-1].end()
    if text[finish : finish + 1] == "." and parts[-1].group().lower() in {
        "inc",
        "corp",
        "co",
        "ltd",
        "bros",
        "l.l.c",
        "s.a",
        "s.p.a",
        "s.l",
        "b.v",
    }:
        finish += 1
    words_said = text[begin:finish]
    if not _holds(parts, cased=cased, lenient=lenient):
        return None
    if _PRIVATE.match(text, finish, end):
        return None
    if not lenient and _POSSESSIVE.match(text, finish, end):
        return Span(begin, finish, words_said, words_said) if len(parts) > 1 else None
    return Span(begin, finish, words_said, " ".join(words_said.split()))


def _parts(text: str, begin: int, end: int) -> list[re.Match[str]]:
    parts: list[re.Match[str]] = []
    at = begin
    while len(parts) < LONGEST:
        match = _TOKEN.match(text, at, end) or _SIGN.match(text, at, end)
        if match is None:
            break
        if not _belongs(parts, match, text, end):
            break
        parts.append(match)
        if _DOMAIN.search(match.group()):
            break
        gap = _GAP.match(text, match.end(), end) or _gap_with_a_stop(text, match, end)
        if gap is None:
            break
        at = gap.end()
    return parts


def _gap_with_a_stop(text: str, match: re.Match[str], end: int) -> re.Match[str] | None:
    """The gap behind "St.", "J." or "Inc.", where the name goes on."""
    token = match.group()
    if token in {"St", "Dr", "Mt", "Mr", "Mrs"} or _INITIALS.fullmatch(token):
        return _STOP.match(text, match.end(), end)
    return _STOP_IN_A_NAME.match(text, match.end(), end) if token.lower() in {"inc", "corp", "co", "ltd"} else None


def _capital(token: str) -> bool:
    return token[0].isupper() or token[0].isdigit() or token.lower() == token.upper() or any(ch.isupper() for ch in token[1:])


def _belongs(parts: list[re.Match[str]], match: re.Match[str], text: str, end: int) -> bool:
    token = match.group()
    lowered = token.lower()
    if not parts:
        return lowered == "the" or _capital(token) or lowered not in words("organisation_stops")
    capitals = _capital(parts[0].group()) or (parts[0].group().lower() == "the" and len(parts) > 1 and _capital(parts[1].group()))
    if (
        lowered in _JOINERS
        and (lowered not in words("organisation_stops") or capitals)
        and not (_capital(token) and lowered not in _JOINERS)
    ):
        following = _TOKEN.match(text, match.end() + 1, end)
        if following is None or following.group().lower() in {"i", "i'm", "im", "we", "my", "the"} - (
            {"the"} if lowered == "of" else set()
        ):
            return False
        if lowered in _WEAK_JOINERS:
            return (
                capitals
                and _capital(following.group())
                and lowered in {"and", "for", "y", "und", "et", "e"}
                and len(following.group()) > 2
                and _joined(following, text, end)
            )
        return not capitals or _capital(following.group()) or following.group().lower() in _JOINERS
    if token in {"as", "ab", "sa", "se", "sl"}:
        return False  # forms of companies only in capitals
    if capitals:
        if _capital(token):
            return lowered not in {"i", "i'm", "i'd", "i've", "i'll", "we"}
        return (
            lowered in words("organisation_words")
            and lowered not in words("not_organisations")
            and lowered not in words("organisation_stops")
        )
    if parts[0].group().lower() == "the" and len(parts) == 1:
        return lowered not in words("organisation_stops")
    firm = lowered in words("organisation_words") and not any(part.group().lower() in words("common_words") for part in parts)
    return (
        _famous(parts, token)
        or firm
        or (lowered not in words("organisation_stops") and lowered not in words("common_words") and not lowered.endswith(("ing", "ly")))
    )


def _joined(following: re.Match[str], text: str, end: int) -> bool:
    """ "Orchid and Pine", "Teach for America"; not "Acme and Berlin is …": nothing verbal may follow."""
    return not re.match(r" (?:is|are|was|were|has|have|will|said|says|work|works|live|lives|moved|i|both)\b", text[following.end() : end])


def _famous(parts: list[re.Match[str]], token: str) -> bool:
    return " ".join([part.group().lower() for part in parts] + [token.lower()]) in _beginnings_of_famous()


@cache
def _beginnings_of_famous() -> frozenset[str]:
    """The famous names, and what they begin with, word by word."""
    names = [line.split(" ") for line in lines("famous_organisations")]
    return frozenset(" ".join(name[: count + 1]) for name in names for count in range(len(name)))


def _trimmed(parts: list[re.Match[str]]) -> list[re.Match[str]]:
    while parts and (parts[-1].group().lower() in _JOINERS or parts[-1].group() in {"&", "+"}):
        parts = parts[:-1]
    while (
        len(parts) > 1
        and not _capital(parts[-1].group())
        and parts[-1].group().lower() in words("common_words")
        and parts[-1].group().lower() not in words("organisation_words")
    ):
        said = " ".join(part.group().lower() for part in parts)
        if said in lines("famous_organisations"):
            break
        parts = parts[:-1]
    return parts


def _holds(parts: list[re.Match[str]], *, cased: bool, lenient: bool) -> bool:
    tokens = [part.group() for part in parts]
    lowered = [token.lower() for token in tokens if token.lower() != "the"]
    if not lowered or all(token.isdigit() for token in lowered) or len("".join(lowered)) < 2:
        return False
    said = " ".join(lowered)
    if said in lines("famous_organisations") or "the " + said in lines("famous_organisations"):
        return said not in {"home", "target"} or lenient or _capital(tokens[0]) or (said == "target" and _at_work(parts[0]))
    content = [word for word in lowered if word not in _JOINERS]
    if not content or all(word in words("not_organisations") | words("generic_organisations") for word in content):
        return False
    if content[0] in words("not_organisations") and len(content) == 1:
        return False
    if any(_capital(token) and not token.isdigit() for token in tokens if token.lower() not in _JOINERS):
        return len(content) > 1 or content[0] not in words("organisation_stops") or lenient or (tokens[0].isupper() and len(tokens[0]) > 1)
    if lenient:
        return not content[0].endswith("ly") and not all(word in words("common_words") for word in content)
    if (
        len(content) > 1
        and content[-1] in words("organisation_words")
        and not any(word in words("common_words") or word in words("generic_organisations") for word in content[:-1])
    ):
        return True
    if tokens[0].lower() == "the":
        return False  # "the choir" is some choir; a firm of that form shows by its capital
    # Lower case: a brand, so none of its words is an everyday one.
    return not any(
        word in words("common_words") or word in words("generic_organisations") or word in words("not_organisations") for word in content
    ) and not (cased and content[0].endswith("s") and len(content) == 1 and content[0][:-1] in words("common_words"))


def _at_work(first: re.Match[str]) -> bool:
    """ "I work at target", where it is no aim."""
    return (
        re.search(r"\bwork(?:s|ed|ing)? (?:at|for) $", first.string[max(0, first.start() - 14) : first.start()], re.IGNORECASE) is not None
    )


def is_organisation_like(value: str) -> bool:
    """Whether a whole text could be an organisation's name."""
    stripped = value.strip()
    span = forward(stripped, 0, len(stripped), cased=False, lenient=True)
    return span is not None and span.end >= len(stripped) - 1
