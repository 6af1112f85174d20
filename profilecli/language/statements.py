"""What a message states about its author, found by the patterns of the languages that it is written in.

Sentences to clauses to frames: a frame is a pattern with one slot; where its words stand, the slot's
recogniser reads the value, and :meth:`Reading.objection` says whether the clause means it. After a
value the tables ``[after]`` go on ("…, a designer at Loop").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from itertools import islice

from profilecli.language import patterns, slots
from profilecli.language.clauses import Objection, Reading
from profilecli.language.lazy import Lazy
from profilecli.language.patterns import Frame, Language
from profilecli.language.spans import Span

__all__ = ["Statement", "is_greeting", "statements"]

_GREETING = Lazy(
    r"(?:\W|\d|\b(?:hi{1,5}|he+y{1,5}|he+l+o+|h[el]l?[eo]lo|hlo|sir|hiya|yo|ok|okay|so|well|oh|um|uh|yes|yeah|yep|yup|no|nope|sure|there|all|everyone|everybody|folks|team|guys|support|again|good|morning|afternoon|evening|day|greetings|"
    r"actually|sorry|oops|and|but|howdy|sup|hola|hallo|bonjour|ciao|olá|dear|sir|madam|please|thanks|thank|you|great|cool|nice|to|meet|btw|by|the|way|fyi|was+up|sup|yo|heya|ahoy|a?(?:ha){2,5}h?|lo+l|lmao|just|remember|me|anyway|fine|alright|right|buenas|buenos|dias|días|tardes|noches|guten|tag|morgen|abend|bonsoir|salut|bonjour|buongiorno|buonasera|salve|boa|bom|dia|tarde|noite|oi|moin|servus|grüezi|hmm|nah|yea|aye|finally|new|again)\b|(?:(?<=hi )|(?<=hey )|(?<=hello )|(?<=dear ))\w{2,15}(?=[,!])){0,40}$",
    re.IGNORECASE,
)
_NAMED = Lazy(r"\b(?:name[sd]?|calls?|called|meet|i am|i'm)\b", re.IGNORECASE)
"""Of what "mine" is said, a name's words; somebody's favourite author is none."""
_FIRM_IS = Lazy(
    r"(?:my|our|the) (?:[\w-]{1,14} ){0,2}(?:company|employer|organi[sz]ation|org|firm|workplace|business|startup|start-up|agency|studio|bakery|shop)\b",
    re.IGNORECASE,
)
_LEADING_TO = {
    "preferred_name": frozenset({"preferred_name", "name"}),
    "company": frozenset({"company", "name", "role"}),
    "role": frozenset({"role", "company", "name", "age"}),
    "timezone": frozenset({"timezone", "location", "company", "role"}),
    "age": frozenset({"age", "name"}),
    "location": frozenset({"location", "name"}),
}
"""By kind: the tables whose frames may go on to it (``[after]``), itself among them."""

_FIELD_OF = {"tier": "plan", "surname": "name"}

MOST_MATCHES = 400
"""Places that one frame is tried at in a message; more is noise, and the time stays linear."""


@dataclass(frozen=True, slots=True)
class Statement:
    """Words of a message that state a value of a kind of fact (or, without a value, take it back).

    ``kind`` is one of the values of :data:`slots.KINDS`. The evidence is ``message[start:end]``,
    the value stands at ``message[value.start:value.end]``. ``objection`` is why the words aren't
    meant as a fact, or None.
    """

    kind: str
    action: str
    value: Span | None
    start: int
    end: int
    objection: Objection | None = None
    rank: int = 0

    @property
    def meant(self) -> Span | None:
        """The value that is meant as a fact; None where it is taken back or something speaks against it."""
        return self.value if self.action == "set" and self.objection is None else None

    @property
    def kind_of_field(self) -> str:
        """The kind of the fields that may hold the value: a tier is that of a plan, a surname is part of a name."""
        return _FIELD_OF.get(self.kind, self.kind)


def statements(reading: Reading, kinds: frozenset[str] | None = None) -> list[Statement]:
    """The statements of a message, by place, those that aren't meant as facts with their objection.

    ``kinds``: only what may yield statements of these kinds is tried; None is everything.
    """
    wanted = None if kinds is None else _leading_to(kinds)
    known: dict[frozenset[str] | None, list[Statement]] = reading.__dict__.setdefault("_statements", {})
    found = known.get(wanted)
    if found is None:
        found = [statement for language in patterns.languages_of(reading.lowered) for statement in _in_language(reading, language, wanted)]
        found.sort(key=lambda statement: (statement.start, statement.end))
        known[wanted] = found
    return list(found)


@cache
def _leading_to(kinds: frozenset[str]) -> frozenset[str]:
    """The kinds whose tables may yield statements of these kinds."""
    return frozenset().union(*(_LEADING_TO.get(kind, frozenset({kind})) for kind in kinds))


def is_greeting(text: str) -> bool:
    """Whether a text says nothing but a greeting, or nothing."""
    return _GREETING.match(text) is not None


def _in_language(reading: Reading, language: Language, wanted: frozenset[str] | None) -> Iterator[Statement]:
    for group, kind, frame in language.cued(reading.lowered, wanted):
        read = _leading if frame.leads else _following
        for match in islice(frame.opening.finditer(reading.masked), MOST_MATCHES):
            statement = read(reading, frame, match, "unset" if group == "unset" else "set", kind)
            if statement is None:
                continue
            yield statement
            if statement.action == "set" and statement.value is not None:
                yield from _after(reading, language, statement, depth=0)


def _following(reading: Reading, frame: Frame, match: re.Match[str], action: str, kind: str) -> Statement | None:
    text = reading.masked
    start = match.start()
    while start < match.end() and not (text[start].isalnum() or text[start] in "\"'("):
        start += 1
    _, finish = reading.sentence(start)
    if not frame.slot:
        return Statement(kind, action, None, start, match.end(), _objection(reading, frame, start, match.end()))
    if match.end() > finish:
        _, finish = reading.sentence(match.end())
    value = slots.forward(frame.slot, reading, match.end(), finish)
    if value is None:
        return None
    end = value.end
    if frame.after is not None:
        rest = frame.after.match(text, _past_quote(text, end))
        if rest is None:
            return None
        end = max(end, min(rest.end(), finish))
    while end > value.end and text[end - 1] in " ,;(":
        end -= 1
    objection = _objection(reading, frame, start, end)
    return Statement(_kind(frame, kind), action, value, start, _past_quote(text, end), objection, int("!" in frame.flags))


def _kind(frame: Frame, table: str) -> str:
    """What the statement is of: the table says it, except that a tier is a plan only among choices."""
    return "tier" if frame.slot == "tier" else table


def _past_quote(text: str, end: int) -> int:
    return end + 1 if text[end : end + 1] in {'"', "'"} and text[end + 1 : end + 2] != "s" else end


def _leading(reading: Reading, frame: Frame, match: re.Match[str], action: str, kind: str) -> Statement | None:
    begin, _ = reading.sentence(match.start())
    value = slots.backward(frame.slot, reading, begin, match.start())
    if value is None:
        return None
    return Statement(_kind(frame, kind), action, value, value.start, match.end(), _objection(reading, frame, value.start, match.end()))


def _objection(reading: Reading, frame: Frame, start: int, end: int) -> Objection | None:
    if "^" in frame.flags:
        begin, _ = reading.sentence(start)
        if not _GREETING.match(reading.masked[begin:start][-120:]) or _answers_something_else(frame, reading.masked[:begin][-100:]):
            return Objection.NOT_STATED
    if "mine" in frame.cues and not _NAMED.search(reading.masked, max(0, start - 80), start):
        return Objection.NOT_STATED
    return reading.objection(start, end, request="?" in frame.flags)


def _alike(value: Span | None, old: Span) -> Span | None:
    """The value, if it is another spelling of the old one."""
    return value if value is not None and SequenceMatcher(None, value.value.lower(), old.value.lower()).ratio() >= 0.5 else None


def _answers_something_else(frame: Frame, earlier: str) -> bool:
    """ "Which company am I with? It's Parallax.": "it" is what the user's own question before asks for."""
    return (
        "it's" in frame.cues
        and earlier.rstrip().endswith("?")
        and not re.search(r"\b(?:name|who|call|remember me|know me|there)\b", earlier, re.IGNORECASE)
    )


def _tells_of_a_firm(text: str, statement: Statement, match: re.Match[str]) -> bool:
    """ "My employer is Dockley, a pump maker": what stands behind the comma is the firm, unless "I" or "as" does."""
    assert statement.value is not None
    subject = text[statement.start : statement.value.start]
    return _FIRM_IS.match(subject) is not None and re.match(r",? {1,4}(?:an? |the )", match.group()) is not None


def _after(
    reading: Reading, language: Language, statement: Statement, *, depth: int, before: Statement | None = None
) -> Iterator[Statement]:
    """What goes on from a value: a title, an organisation, or the same again, put right.

    ``before`` is what this statement goes on from: "a data analyst at Quillon, I mean data scientist".
    """
    assert statement.value is not None
    if depth > 3:
        return
    text = reading.masked
    at = _past_quote(text, statement.value.end)
    _, finish = reading.sentence(statement.value.start)
    rest = text[at : at + 40].lower()
    for table in ("after.any", f"after.{statement.kind}"):
        for frame in language.tables.get(table, ()):
            if not any(cue in rest for cue in frame.cues):
                continue
            corrects = frame.slot == "same"
            stop = min(len(text), at + 120) if corrects else finish
            match = frame.before.match(text, at, stop)
            if match is None:
                continue
            if corrects:
                further = _put_right(reading, match.end(), stop, statement, before)
            else:
                further = _going_on(reading, frame, match, stop, statement)
            if further is None or further.value is None or (frame.after is not None and frame.after.match(text, further.value.end) is None):
                continue
            yield further
            yield from _after(reading, language, further, depth=depth + 1, before=statement)


def _going_on(reading: Reading, frame: Frame, match: re.Match[str], stop: int, statement: Statement) -> Statement | None:
    value = slots.forward(frame.slot, reading, match.end(), stop)
    if value is None or (frame.slot == "role" and statement.kind == "company" and _tells_of_a_firm(reading.masked, statement, match)):
        return None
    return Statement(slots.KINDS[frame.slot], "set", value, statement.start, value.end, statement.objection, statement.rank)


def _put_right(reading: Reading, at: int, stop: int, statement: Statement, before: Statement | None) -> Statement | None:
    """The value that stands at ``at`` in the place of the statement's, or else of that of the one before it."""
    for old in (statement, before):
        if old is None or old.value is None:
            continue
        value = slots.forward(slots.SAME[old.kind], reading, at, stop)
        if value is None and old.kind in {"name", "preferred_name"}:
            value = _alike(slots.forward("name", reading, at, stop), old.value)
        # A firm in capitals is not put right by one without: that is a title.
        if value is not None and not (old.kind == "company" and value.value.islower() and not old.value.value.islower()):
            return Statement(old.kind, "set", value, statement.start, value.end, statement.objection, old.rank + 1)
    return None
