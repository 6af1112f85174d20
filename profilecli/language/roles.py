"""Job titles: "a senior data scientist", "head of marketing", "VP of Sales", "the sysadmin"."""

from __future__ import annotations

import re
from functools import lru_cache

from profilecli.language.lazy import Lazy
from profilecli.language.lexicon import words
from profilecli.language.spans import Span

__all__ = ["forward", "is_head", "is_lost", "is_role", "is_role_like"]

_TOKEN = Lazy(r"[^\W_](?:[^\W_]|['&.+/#-](?=\w)){0,40}(?:\+\+|#)?")
_DETERMINER = Lazy(r"(?:an?|the|their|your|our|one of the|this|el|la|un|una|ein|eine|der|die|le|une|um|uma|o|il|lo|l')\b ?", re.IGNORECASE)
_OF = frozenset({"of", "de", "für"})
_ENDING = Lazy(
    r"(?:ologist|ographer|icist|opath|iatrist|ician|smith|wright|keeper|maker|therapist|hygienist|developer|engineer|analyst|scientist|designer|manager|worker|man|woman|monger)$"
)
_CHIEFS = Lazy(r"^(?:c[a-z]o|[es]?vp|avp|svp|evp|sre|dba|pm|qa|ciso|swe|hr|gm|md|ta|ra|pa|ea)$")
_PLURALISH = Lazy(r"(?:ers|ors|ists|ians)$")
_LOST = Lazy(
    r"(?:former|ex|retired|wannabe|aspiring|future|would-be|fake|failed|unemployed|pretend|potential|prospective|amateur|hobby|hobbyist|armchair|backseat|so-called|self-proclaimed|past|onetime|laid-off|jobless)$"
)
_IT_ROLE = Lazy(
    r" (?:and \w{2,12} )?(?:support|help ?desk|systems?|security|project|service|operations|infrastructure)? ?(?:admin\w*|managers?|specialist|consultant|technician|director|analyst|engineer|lead|coordinator|architect|guy|officer|professional|recruiter)\b",
    re.IGNORECASE,
)
_ESTATE = Lazy(r"real estate\b", re.IGNORECASE)
_AT = Lazy(r",? (?:at|for|with|@) ")
_SOME = frozenset({"a", "an", "my", "this", "some", "many", "two", "three", "four", "five", "six", "several"})
""" "The owner of two cats" has no such job."""
LONGEST = 8


def forward(text: str, start: int, end: int, *, lenient: bool = False) -> Span | None:
    """The job title that begins at ``start``, an article allowed; None if there is none.

    ``value`` is without the article. ``lenient``: the words before leave no doubt ("my job title
    is …"), so that a title that no list knows will do.
    """
    begin = start
    while begin < end and text[begin] in " \"'":
        begin += 1
    article = _DETERMINER.match(text, begin, end)
    begin = article.end() if article else begin
    parts = _parts(text, begin, end)
    parts = _with_a_head(parts, lenient=lenient)
    if not parts:
        return None
    lowered = [part.group().lower() for part in parts]
    if any(_LOST.match(word) for word in lowered[:2]) or lowered[0].startswith("ex-"):
        return None
    if not lenient:
        parts = _without_praise(parts)
    if not parts:
        return None
    begin, finish = parts[0].start(), parts[-1].end()
    if re.match(r"'s?\s\w", text[finish:end]) or re.match(r"-\w", text[finish:end]):
        return None
    return Span(begin, finish, text[begin:finish], " ".join(text[begin:finish].split()))


def _without_praise(parts: list[re.Match[str]]) -> list[re.Match[str]]:
    """ "a great chef" is a chef; "a good driver" has no such job."""
    praised = False
    while (
        len(parts) > 1
        and ((word := parts[0].group().lower()) in words("praise") or word.isdigit())
        and not _ESTATE.match(parts[0].string, parts[0].start())
    ):
        parts, praised = parts[1:], True
    return [] if praised and len(parts) == 1 and parts[0].group().lower() in words("skills_not_jobs") else parts


def _parts(text: str, begin: int, end: int) -> list[re.Match[str]]:
    parts: list[re.Match[str]] = []
    at = begin
    while len(parts) < LONGEST:
        match = _TOKEN.match(text, at, end)
        if match is None:
            break
        lowered = match.group().lower()
        of_it = match.group() == "IT" and bool(parts) and parts[-1].group().lower() in _OF
        if lowered in words("role_stops") and not of_it and not (lowered == "it" and _IT_ROLE.match(text, match.end(), end)):
            break
        if lowered in {"and", "&"}:
            break
        parts.append(match)
        if text[match.end() : match.end() + 3] == " & " and parts:
            at = match.end() + 3
            continue
        if text[match.end() : match.end() + 1] != " ":
            break
        at = match.end() + 1
        while at < end and text[at] == " ":
            at += 1
    return parts


def _with_a_head(parts: list[re.Match[str]], *, lenient: bool) -> list[re.Match[str]]:
    """The longest beginning that ends in a head noun, or in what its "of" governs."""
    lowered = [part.group().lower() for part in parts]
    for index in range(len(parts) - 1, -1, -1):
        if not is_head(lowered[index]):
            continue
        governed = index + 1 < len(parts) and lowered[index + 1] in _OF
        if (
            governed
            and lowered[index] in words("heads_of_firms")
            and index + 2 < len(parts)
            and not _AT.match(parts[-1].string, parts[-1].end())
            and parts[index + 2].group()[0].isupper()
            and lowered[index + 2] not in words("departments")
        ):
            return parts[: index + 1]
        if not governed:
            if index + 1 < len(parts) and lowered[index + 1] in {
                "fan",
                "fans",
                "user",
                "customer",
                "client",
                "girlfriend",
                "boyfriend",
                "wife",
                "husband",
                "mom",
                "dad",
                "friend",
                "support",
                "seat",
                "license",
                "licence",
                "account",
                "plan",
                "mode",
                "skills",
                "school",
            }:
                return []
            return parts[: index + 1]
        if lowered[index] == "owner" and index + 2 < len(parts) and lowered[index + 2] in _SOME:
            return []
        stop = _governed_end(lowered, index + 2)
        return parts[:stop] if stop > index + 2 else parts[: index + 1]
    for index in range(min(len(parts), 4) - 1, 0, -1):
        if lowered[index] in {"person", "guy", "gal", "lady", "girl"} and lowered[index - 1] in words("departments"):
            return parts[: index + 1]
    if (
        lenient
        and parts
        and len(parts) <= 5
        and lowered[-1] not in words("not_roles") | {"me", "us", "you", "it", "them"}
        and not all(word in words("common_words") for word in lowered)
    ):
        return parts
    return []


def _governed_end(lowered: list[str], index: int) -> int:
    """How far "of …" goes: four words at most, up to an everyday adverb."""
    stop = index
    while (
        stop < len(lowered)
        and stop - index < 4
        and lowered[stop] not in {"a", "an", "my", "your", "this", "course", "sorts", "many", "few", "years", "two", "three"}
    ):
        stop += 1
    return stop


@lru_cache(maxsize=4096)
def is_head(word: str) -> bool:
    """Whether a word in lower case is the head noun of titles: "nurse", "vp", "bookkeeper"."""
    if word in words("not_roles") or word in words("not_role_heads"):
        return False
    if word in words("role_heads") or _CHIEFS.match(word):
        return word not in {"lead", "chief"} or True
    tail = word.rsplit("-", 1)[-1].rsplit("/", 1)[-1]
    if tail != word and tail in words("role_heads"):
        return True
    return len(word) > 5 and bool(_ENDING.search(word)) and not _PLURALISH.search(word)


def is_lost(word: str) -> bool:
    """Whether before a title it says that one hasn't it: "former", "aspiring", "hobby"."""
    return _LOST.match(word) is not None


def is_role(value: str) -> bool:
    """Whether a whole text is a job title by its head."""
    stripped = value.strip()
    span = forward(stripped, 0, len(stripped))
    return span is not None and span.start == 0 and span.end >= len(stripped) - 1


def is_role_like(value: str) -> bool:
    """Whether a whole text could be a job title."""
    stripped = value.strip()
    span = forward(stripped, 0, len(stripped), lenient=True)
    return span is not None and span.end >= len(stripped) - 1
