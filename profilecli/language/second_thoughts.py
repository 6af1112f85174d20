"""What comes after a second thought: "I'm Jhon. John, I mean", "we're on pro... no wait, it says enterprise here".

Other corrections have words that say so ("change Maria to Mariah"): :mod:`profilecli.language.replacements`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher

from profilecli.language import slots
from profilecli.language.clauses import Objection, Reading
from profilecli.language.lazy import Lazy
from profilecli.language.lexicon import words
from profilecli.language.replacements import RANK
from profilecli.language.spans import Span
from profilecli.language.statements import Statement
from profilecli.language.text import fold

__all__ = ["may_think_again", "statements"]

_AGAIN = Lazy(
    r"\b(?:wait|hang on|hold on|no|nope|scratch that|strike that|correction|sorry|oops|whoops|argh|ugh|(?:my )?mistake|my bad|typo|misspelled|misspelt|misspoke|spell(?:ed|t|ing)?|wrong|meant|i mean|er|erm|actually|hmm?|second thoughts?|reflection|"
    r"auto-?(?:correct|complete)|keyboard|dictation|input method|phone (?:did|always|hears|keeps)|with(?:out)? (?:an?|the|one|two) [a-z]|checked|looked (?:it )?up|turns out|perdona|perdón|pardon|desculpa|scusa|entschuldigung|打错了)\b|\*|打错了",
    re.IGNORECASE,
)
_CUES = frozenset(
    {
        "wait",
        "hang on",
        "hold on",
        "no ",
        "no,",
        "no.",
        "no!",
        "nope",
        "scratch",
        "strike",
        "correct",
        "sorry",
        "oops",
        "whoops",
        "rgh",
        "ugh",
    }
    | {"mistake", "my bad", "typo", "misspel", "misspoke", "spel", "wrong", "mean", " er", "actually", "hm", "thought", "reflection"}
    | {"complet", "keyboard", "dictation", "input", "phone", "with a", "without", "with the", "with one", "with two", "checked", "looked"}
    | {"turns out", "perd", "pardon", "desculpa", "scusa", "entschuld", "打错", "*"}
)
"""Of which one stands where the expression matches."""
_SEGMENT = Lazy(r"[^.!?,;:…\n*]{1,60}")
_LEAD = Lazy(
    r"\s*(?:[\"'(]|(?:no|nope|nah|wait|sorry|oops|ugh|argh|well|actually|er|erm|um|hmm|ok|hang on|hold on|i mean|i meant|my bad|my mistake|it's|its|it is|i'm|im|i am|that's|i write it|spelled|spelt|so|just|use|better use|better|rather|make it|put|please|and|but|with a \w|perdona|perdón|pardon)\b\s*)*",
    re.IGNORECASE,
)
_TAIL = Lazy(
    r"\s*(?:i mean|then|instead|sorry|please|really|with(?:out)? (?:an?|the|one|two) [\"']?\w[\"']?(?: and an? \w)?|rather|it is|[\")])*\s*$",
    re.IGNORECASE,
)
_IT_IS = Lazy(r"(?:^|[.!?,;:] ?)(?:it's|its|it is|i'm at|i'm with|i work at|now at) (?=(?-i:[A-Z]))", re.IGNORECASE)
_PART_ENDS = Lazy(r"(?: (?:now|these days|actually|instead))?\s*(?:$|[.,!;])", re.IGNORECASE)
_AGE = Lazy(
    r"[\s.,!;*-]*(?:(?:no|sorry|wait|oops|i mean|actually|well|correction)\b[\s,]*){0,3}(?P<age>\d{1,3})(?=\*| (?:actually|sorry|i mean|now)\b|, (?:sorry|i mean|actually)\b)",
    re.IGNORECASE,
)
_ALIKE = 0.6
_LONGEST = 200


def may_think_again(reading: Reading) -> bool:
    """Whether the message has words that tell of a second thought, and is short enough for one."""
    known: bool | None = reading.__dict__.get("_may_think_again")
    if known is None:
        likely = len(reading.masked) <= _LONGEST and any(cue in reading.lowered for cue in _CUES)
        known = reading.__dict__["_may_think_again"] = likely and _AGAIN.search(reading.masked) is not None
    return known


def statements(reading: Reading, stated: Mapping[str, tuple[str, int]], choices: frozenset[str]) -> Iterator[Statement]:
    """What the message puts in the place of what was ``stated``.

    That is the value and where in this message it ends, by kind; 0 if it stands in an earlier one.
    ``choices`` are those of the plan fields, in lower case.
    """
    for kind, (old, end) in stated.items():
        if kind in {"name", "preferred_name", "company"}:
            yield from _respelled(reading, kind, old, end)
            if kind == "company":
                yield from _firm_anew(reading, end)
        elif kind == "age":
            yield from _age_anew(reading, end)
        elif kind == "plan" and old.casefold() in choices:
            yield from _chosen_anew(reading, old, end, choices)


def _respelled(reading: Reading, kind: str, old: str, after: int) -> Iterator[Statement]:
    """A part of the message that is the old value in another spelling, and nothing else."""
    found: list[Span] = []
    for segment in _SEGMENT.finditer(reading.masked, after):
        lead = _LEAD.match(segment.group())
        rest = segment.group()[lead.end() if lead else 0 :]
        said = rest[: len(rest) - len(tail.group())] if (tail := _TAIL.search(rest)) else rest
        start = segment.start() + (lead.end() if lead else 0)
        if not said or len(said.split()) > len(old.split()) + 1 or not _is_another_spelling(said, old):
            continue
        if reading.objection(start, start + len(said)) in {Objection.QUESTION, Objection.NEGATED, Objection.THIRD_PERSON}:
            continue
        found.append(Span(start, start + len(said), said, said))
    if found:
        value = max(found, key=lambda span: len(span.value.split()))
        yield _put_right(kind, value, reading)


def _is_another_spelling(said: str, old: str) -> bool:
    """Whether it is like the old value and not the same; an everyday word or a possessive is none."""
    if fold(said) == fold(old) and said.casefold() == old.casefold():
        return False
    if (
        said.lower().endswith("'s")
        or re.search(r"\w-\w-", said)
        or any(word.lower() in words("common_words") and word.islower() for word in said.split())
    ):
        return False
    return SequenceMatcher(None, said.casefold(), old.casefold()).ratio() >= _ALIKE


def _firm_anew(reading: Reading, after: int) -> Iterator[Statement]:
    """ "Halcyon, no, sorry, that was the last place, it's Meridian now": a part of the message that says where one is, and nothing else."""
    thought = _AGAIN.search(reading.masked, after)
    match = _IT_IS.search(reading.masked, thought.end()) if thought else None
    value = slots.forward("cased_org", reading, match.end(), len(reading.masked)) if match else None
    if match is not None and value is not None and _PART_ENDS.match(reading.masked, value.end):
        yield _put_right("company", value, reading, reading.objection(value.start, value.end))


def _age_anew(reading: Reading, after: int) -> Iterator[Statement]:
    """ "44 actually", "sorry, 44"."""
    match = _AGE.match(reading.masked, after)
    value = slots.forward("age", reading, match.start("age"), len(reading.masked)) if match else None
    if value is not None:
        yield _put_right("age", value, reading)


def _chosen_anew(reading: Reading, old: str, after: int, choices: frozenset[str]) -> Iterator[Statement]:
    """The one other choice that stands behind the second thought."""
    thought = _AGAIN.search(reading.masked, after)
    if thought is None:
        return
    said = list(re.finditer(rf"\b(?:{'|'.join(map(re.escape, sorted(choices)))})\b", reading.masked[thought.end() :], re.IGNORECASE))
    other = {m.group().casefold() for m in said} - {old.casefold()}
    if len(other) != 1:
        return
    match = next(m for m in said if m.group().casefold() in other)
    start, end = thought.end() + match.start(), thought.end() + match.end()
    value = slots.forward("tier", reading, start, end)
    if value is not None and reading.objection(start, end) in {None, Objection.REPORTED}:
        yield _put_right("tier", value, reading)


def _put_right(kind: str, value: Span, reading: Reading, objection: Objection | None = None) -> Statement:
    """The statement, with the clause for its evidence."""
    start, end = reading.clause(value.start)
    said = reading.masked[start : max(end, value.end)]
    start += len(said) - len(said.lstrip())
    return Statement(kind, "set", value, start, max(value.end, start + len(said.strip(" .,;:!?\n"))), objection, RANK)
