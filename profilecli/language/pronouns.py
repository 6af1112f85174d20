"""Personal pronouns as people state them: "she/her", "they/them"."""

from __future__ import annotations

import re
from functools import cache

from profilecli.language.overlaps import apart
from profilecli.language.spans import Span

__all__ = ["find"]

_SETS = (
    ("he", "him", "his", "himself"),
    ("she", "her", "hers", "herself"),
    ("they", "them", "their", "theirs", "themself", "themselves"),
    ("it", "its", "itself"),
    ("xe", "xem", "xyr", "xyrs"),
    ("ze", "zir", "zirs", "hir", "hirs"),
    ("zie", "hir", "hirs"),
    ("ey", "em", "eir", "eirs"),
    ("ve", "ver", "vis"),
    ("fae", "faer", "faers"),
    ("per", "pers"),
    ("ae", "aer", "aers"),
    ("elle", "la"),
    ("él", "lo"),
    ("ella", "la"),
    ("elle", "le"),
    ("sie", "ihr"),
    ("er", "ihm"),
    ("er", "ihn"),
    ("any", "all"),
)


@cache
def _pattern() -> re.Pattern[str]:
    words = sorted({word for group in _SETS for word in group} | {"any"}, key=len, reverse=True)
    word = "|".join(words)
    return re.compile(rf"(?<![\w/])(?:{word})(?:\s?[/／]\s?(?:{word})){{1,4}}(?![\w/])", re.IGNORECASE)


@cache
def _stated_pattern() -> re.Pattern[str]:
    """What follows the word itself: "my pronouns are they and them", "pronouns: she, her", "any pronouns"."""
    word = "|".join(sorted({word for group in _SETS[:11] for word in group}, key=len, reverse=True))
    return re.compile(
        rf"(?:pronouns?|pronombres|pronomen|pronoms|pronomes|pronomi)\b(?:\s(?:are|is|son|sind|sont|são|sono|would be)\s|\s?[:=]\s?)"
        rf"(?P<list>(?:{word})(?:(?:\s?,\s?|\s(?:and|or|y|und|et|e)\s|\s)(?:{word})){{0,3}})(?![\w/])"
        rf"|(?P<any>any|all)\spronouns\b|pronouns?\s?(?::|are|is)\s?(?P<whichever>any|all)\b",
        re.IGNORECASE,
    )


def find(text: str) -> list[Span]:
    """Every statement of pronouns in ``text``, in order; the value is in lower case with slashes (``she/her``).

    "his/her" and "he/she" for an unknown person are none, unless the text speaks of pronouns.
    """
    lowered = text.lower()
    about = "prono" in lowered
    if not about and "/" not in text and "／" not in text:
        return []
    spans = [
        Span(match.start(), match.end(), match[0], value)
        for match in _pattern().finditer(text)
        if (value := _joined(match[0])) is not None and (about or _one_person(value))
    ]
    if about:
        spans.extend(_stated(text))
    return apart(spans)


def _stated(text: str) -> list[Span]:
    spans = []
    for match in _stated_pattern().finditer(text):
        group = next(name for name in ("list", "any", "whichever") if match[name] is not None)
        value = "any" if group != "list" else _joined(re.sub(r"\b(?:and|or|y|und|et|e)\b|,", " ", match[group]))
        if value is not None:
            spans.append(Span(match.start(group), match.end(group), match[group], value))
    return spans


def _joined(words: str) -> str | None:
    parts = [part for part in re.split(r"[\s/／]+", words.lower()) if part]
    return "/".join(parts) if len(set(parts)) == len(parts) else None


def _one_person(value: str) -> bool:
    """Whether the words are forms of one pronoun from its subject on, or several subjects that a person gives.

    "he/she" and "his/her" are how people write of anybody, "their/theirs" is grammar.
    """
    parts = value.split("/")
    subjects = {group[0] for group in _SETS}
    if parts[0] not in subjects or set(parts[:2]) == {"he", "she"}:
        return False
    return any(set(parts) <= set(group) for group in _SETS) or "they" in parts or len(parts) > 2
