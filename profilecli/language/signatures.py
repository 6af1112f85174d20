"""The signature at the end of the user's own message: name, title, organisation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from profilecli.language import names, organisations, patterns, roles, world
from profilecli.language.clauses import Objection, Reading
from profilecli.language.lazy import Lazy
from profilecli.language.lexicon import words
from profilecli.language.names import Trust
from profilecli.language.spans import Span
from profilecli.language.statements import Statement

__all__ = ["statements"]

_REGARDS = (
    r"(?:(?:with )?(?:kind(?:est)?|best|warm(?:est)?|many|friendly) (?:regards|wishes)|regards|sincerely(?: yours)?|yours(?: (?:truly|sincerely|faithfully))?|respectfully|cordially|all the best|take care|best|cheers|rgds|"
    r"mit freundlichen grüßen|mit freundlichem gruß|(?:viele|liebe|beste|schöne) grüße|mfg|saludos(?: cordiales)?|un (?:cordial )?saludo|atentamente|(?:bien )?cordialement|bien à vous|atenciosamente|"
    r"abraços?|(?:cordiali|distinti) saluti|saluti)"
)
_THANKS = r"(?:(?:thanks|thank you)(?: [\w ]{1,40})?|looking forward[^\n]{0,50}|many thanks|thx|ta|cheers|love|xoxo|danke|gracias|merci|obrigad[oa]|grazie|respectfully yours)"
_SIGN_OFF = Lazy(
    rf"^[ ]{{0,4}}(?:{_THANKS}|{_REGARDS}|(?:{_THANKS}) and (?:{_REGARDS}))[ ]?[,.!:-]{{0,3}}[ ]{{0,4}}\n", re.IGNORECASE | re.MULTILINE
)
_INLINE = Lazy(rf"[.!?\n] {{0,3}}(?!cheers +[^\s,]){_REGARDS},? +(?=[^\n]{{2,80}}$)", re.IGNORECASE)
_THANKED = Lazy(
    r"(?:\n|(?<=[.!?)]) ) {0,3}(?:many thanks|thanks(?: a lot| so much| in advance)?|thank you(?: in advance)?|thx|ty|ta|cheers|best), {1,2}(?=[^\W\d_][\w'-]{1,20}\s*$)",
    re.IGNORECASE,
)
_ADDRESSED = frozenset({"alexa", "bard", "bing", "claude", "copilot", "cortana", "gemini", "google", "gpt", "grok", "siri"})
"""Whom an assistant's user thanks by name."""
_DASHED = Lazy(
    r"(?:^|\n)[ ]{0,4}(?:x{1,4}|xo(?:xo)?)[ ]{1,2}(?=[^\n]{2,30}$)|(?:^|\n)[ ]{0,4}[-~]{1,3}[ ]{0,3}\n?(?=[^\n]{2,60}(?:\n|$))|(?<=[.!?)]) {1,2}-{1,2} ?(?=[^\n]{2,40}$)"
)
_GOES_ON = Lazy(r"\s*(?:!|, (?:you|you're|your|i|i'm|we|it|that|and|but)\b)", re.IGNORECASE)
"""Behind a name in the line of a sign-off, where that is said to who is named: "Cheers, Ravi, you're a mate"."""
_SPOKE = Lazy(r"\b(?:i|i'm|im|my|me|we|our|us)\b", re.IGNORECASE)
_SKIPPED = Lazy(r"^\s*(?:sent from|get outlook|tel|phone|mobile|cell|fax|e?-?mail|www\.|https?:|[+(\d]|[\w.+-]+@)", re.IGNORECASE)
_PARTED = Lazy(r"\s*(?:[,|/·•@]| - | at (?=[A-Z]))\s*")
LONGEST = 400
"""Characters that a signature has at most."""


def statements(reading: Reading) -> Iterator[Statement]:
    """What the signature states; nothing where the message ends in none, or a story or a letter for somebody is asked for."""
    text = reading.masked.rstrip()
    start = _start(text)
    if start is None or len(text) - start > LONGEST:
        return
    objection = Objection.FICTION if patterns.mood_cue("pretence", reading.lowered) and patterns.mood("pretence").search(text) else None
    lines = _lines(text, start)
    if not lines:
        return
    name = names.forward(text, lines[0].start, lines[0].end, trust=Trust.MUCH)
    if name is None or name.end < lines[0].end - 1 or not _signs(name) or name.value.lower() in _ADDRESSED:
        return
    if "\n" not in text[start - 2 : name.end] and _GOES_ON.match(text, name.end):
        return
    if region := reading.region(name.start, name.end):
        objection = Objection(region.value)
    yield Statement("name", "set", name, name.start, name.end, objection)
    yield from _further(text, lines[1:], objection)


def _start(text: str) -> int | None:
    """Where the name must stand: behind the last sign-off, or a dash that opens the last lines."""
    window = max(0, len(text) - LONGEST - 60)
    ends = [match.end() for pattern in (_SIGN_OFF, _INLINE) for match in pattern.finditer(text, window)]
    dashed = list(_DASHED.finditer(text, window))
    if len(dashed) == 1 and not text[: dashed[0].start()].rstrip().endswith(":"):
        ends.append(dashed[0].end())
    if (match := _THANKED.search(text, window)) and _thanks_are_its_authors(text, match):
        ends.append(match.end())
    return max(ends) if ends else None


def _thanks_are_its_authors(text: str, match: re.Match[str]) -> bool:
    """Whether a name behind "thanks," signs: on a line of its own; in one line a capital is as often the name of who is thanked."""
    if match.group().startswith("\n"):
        return True
    return text[match.end()].islower() and len(text) > 30 and _SPOKE.search(text, 0, match.start()) is not None


def _lines(text: str, start: int) -> list[Span]:
    """The parts of the signature: lines, and what commas and bars part within them."""
    parts: list[Span] = []
    for line in re.compile(r"[^\n]+").finditer(text, start):
        if _SKIPPED.match(line.group()):
            continue
        at = line.start()
        for gap in [*_PARTED.finditer(text, line.start(), line.end()), None]:
            end = gap.start() if gap else line.end()
            while at < end and text[at] in " -~*_":
                at += 1
            stripped = text[at:end].rstrip(" .,*_")
            if stripped:
                parts.append(Span(at, at + len(stripped), stripped, stripped))
            at = gap.end() if gap else end
    return parts[:6]


def _signs(name: Span) -> bool:
    """A capital, or in a message without any a name from the list; not a team or a bare word."""
    first = name.value.split()[0]
    if any(
        word.lower() in words("organisation_words") or word.lower() in {"team", "support", "everyone", "all", "sales"}
        for word in name.value.split()
    ):
        return False
    return first[:1].isupper() or first.lower() in words("given_names") or first.lower() == first.upper()


def _further(text: str, parts: list[Span], objection: Objection | None) -> Iterator[Statement]:
    seen: set[str] = set()
    for part in parts:
        role = roles.forward(text, part.start, part.end)
        if role is not None and role.end >= part.end and "role" not in seen:
            seen.add("role")
            yield Statement("role", "set", role, role.start, role.end, objection)
            continue
        title = world.FORWARD["de_role"](text, part.start, part.end) if role is None and "role" not in seen else None
        if title is not None and title.start == part.start and title.end >= part.end:
            seen.add("role")
            yield Statement("role", "set", title, title.start, title.end, objection)
            continue
        company = organisations.forward(text, part.start, part.end, cased=True)
        if (
            company is not None
            and company.end >= part.end - 1
            and "company" not in seen
            and "role" in seen | ({"role"} if _is_firm(part.value) else set())
        ):
            seen.add("company")
            yield Statement("company", "set", company, company.start, company.end, objection)


def _is_firm(line: str) -> bool:
    return any(word.strip(".,").lower() in words("organisation_words") for word in line.split()[1:]) or bool(
        re.search(r"[a-z][A-Z]|&", line)
    )
