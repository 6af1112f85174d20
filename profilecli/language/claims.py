"""What the patterns of a message read for the fields of a schema, as claims."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from profilecli.language import followups, full_names, introductions, list_elements, named, replacements, second_thoughts, signatures, slots
from profilecli.language.clauses import Objection, Reading
from profilecli.language.kinds import kind_of
from profilecli.language.lazy import Lazy
from profilecli.language.lexicon import pairs, words
from profilecli.language.statements import Statement, statements
from profilecli.language.text import words_of
from profilecli.models import Utterance
from profilecli.schema.fields import Field

__all__ = ["Claim", "choice_of", "read_by_patterns"]

_EMPLOYED_AT = Lazy(
    r"\b(?:last day|last shift|work|working|employed|job|laid off|fired|let go|travaille|lavoro|trabajo|trabalho|arbeite)\b[^.!?\n]{0,20}?"
    r"\b(?:at|for|with|by|from|chez|bei|für|en|para|na|no|alla|presso|per) (?:the |la |le |el |il |der |die )?",
    re.IGNORECASE,
)

_OF_NO_FIELD = frozenset({"surname", "everything"})
"""What is read beside the kinds of fields: a part of a name, and "forget all you know about me"."""
_NOT_TOLD = Lazy(r"none of (?:your|ur|yer|anybody|anyone)\b|not telling\b", re.IGNORECASE)

LONGEST_CORRECTED = 400
"""Characters of the longest message in which a later sentence is taken to put an earlier one right."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Words of a message that set or unset a field, as far as the words go.

    ``value`` is the text that the field is to hold, None where it is taken back. The evidence is
    ``message[start:end]``; the value's words stand at ``value_start:value_end``. ``rank`` orders
    claims for one field: a higher one wins, else the earlier.
    """

    field: str
    action: str
    value: str | None
    start: int
    end: int
    value_start: int
    value_end: int
    objection: Objection | None = None
    rank: int = 0


def read_by_patterns(reading: Reading, context: Sequence[Utterance], fields: Sequence[Field], values: Mapping[str, Any]) -> list[Claim]:
    """What the patterns alone read, in no order."""
    kinds: dict[str, list[Field]] = {}
    for field in fields:
        kinds.setdefault(kind_of(field), []).append(field)
    stated = (*_by_kind(reading, context, kinds, values), *_by_field(reading, context, kinds, values))
    found = [claim for statement, field in stated if (claim := _claim(statement, field, values)) is not None]
    choices = {field.name: field.choices for field in fields}
    return _without_shadows([claim for claim in found if not _takes_back_another(claim, found, reading, values, choices[claim.field])])


def _by_kind(
    reading: Reading, context: Sequence[Utterance], kinds: Mapping[str, Sequence[Field]], values: Mapping[str, Any]
) -> Iterator[tuple[Statement, Field]]:
    """What is stated in the ways of a kind of fact, with each field of that kind."""
    known = {kind: fields for kind, fields in kinds.items() if kind}
    read = statements(reading, frozenset(known) | _OF_NO_FIELD)
    surnames = [s for s in read if s.kind == "surname"]
    plain = [
        *(s for s in read if s.kind not in _OF_NO_FIELD),
        *signatures.statements(reading),
        *introductions.statements(reading),
        *replacements.of_names(reading),
    ]
    found = [
        *plain,
        *full_names.statements(reading, plain, surnames),
        *_put_right(reading, plain, kinds),
        *_thought_again(reading, plain, kinds),
        *followups.statements(reading, context=context, values=values, kinds=known),
    ]
    held = followups.held_by(kinds.get("name", ()), values)
    for statement in full_names.with_the_rest(reading, found, surnames, held, context):
        for field in kinds.get(statement.kind_of_field, ()):
            yield statement, field
    for statement in read:
        if statement.kind == "everything" and not ("don't forget" in reading.lowered or "never forget" in reading.lowered):
            yield from ((replace(statement, kind=kind), field) for kind, fields in kinds.items() for field in fields if not field.internal)


def _by_field(
    reading: Reading, context: Sequence[Utterance], kinds: Mapping[str, Sequence[Field]], values: Mapping[str, Any]
) -> Iterator[tuple[Statement, Field]]:
    """What is stated in a field's own words, or of its elements; of a field with frames only what is forgotten."""
    may_forget = named.may_forget(reading)
    for kind, fields in kinds.items():
        for field in fields:
            if kind in named.FRAMED and not may_forget and not field.is_list:
                continue
            for statement in (
                *named.statements(reading, field),
                *followups.of_field(reading, field, context=context),
                *(list_elements.statements(reading, field, values.get(field.name)) if field.is_list else ()),
            ):
                yield statement, field


def _without_shadows(found: list[Claim]) -> list[Claim]:
    """Without what is stated elsewhere by words that put another field right: "it's Solarra with two r's", of a firm."""
    corrections = [claim for claim in found if claim.rank >= replacements.RANK and claim.objection is None]
    return [
        claim
        for claim in found
        if claim.rank > 0
        or claim.action != "set"
        or not any(
            other.field != claim.field and other.value_start < claim.value_end and claim.value_start < other.value_end
            for other in corrections
        )
    ]


def _takes_back_another(claim: Claim, found: Sequence[Claim], reading: Reading, values: Mapping[str, Any], choices: Sequence[str]) -> bool:
    """ "I'm no longer on the free plan", "I don't work at Renault any more": what is taken back has a name, and is not what is held."""
    if claim.action != "unset" or claim.value is not None or claim.field not in values:
        return False
    names = [each.value for each in found if each.field == claim.field and each.value and claim.start <= each.value_start < claim.end]
    if choices and not names:
        said = words_of(reading.masked[claim.start : claim.end])
        names = [choice for choice in choices if choice.casefold() in said]
    elif not names:
        _, finish = reading.clause(claim.start)
        at = _EMPLOYED_AT.search(reading.masked, claim.start, finish)
        span = slots.forward("cased_org", reading, at.end(), finish) if at else None
        names = [] if span is None else [span.value]
    return bool(names) and not any(_is_held(name, values[claim.field]) for name in names)


def _put_right(reading: Reading, found: Sequence[Statement], kinds: Mapping[str, Sequence[Field]]) -> Iterator[Statement]:
    """What a later sentence of the message puts in the place of what an earlier one states."""
    stated = {s.kind_of_field: s.meant.value for s in found if s.meant is not None}
    if not stated or len(reading.masked) > LONGEST_CORRECTED or not replacements.may_replace(reading):
        return
    first = min(s.end for s in found if s.meant is not None)
    for statement in replacements.statements(reading, stated, {kind: replacements.choices_of(fields) for kind, fields in kinds.items()}):
        if statement.start >= first and statement.value is not None:
            yield statement


def _thought_again(reading: Reading, found: Sequence[Statement], kinds: Mapping[str, Sequence[Field]]) -> Iterator[Statement]:
    """What a second thought of the message puts in the place of what it states first."""
    if all(s.meant is None for s in found) or not second_thoughts.may_think_again(reading):
        return
    choices = replacements.choices_of(kinds.get("plan", ()))
    stated: dict[str, tuple[str, int]] = {}
    for s in sorted(found, key=lambda each: each.start):
        if s.meant is not None and (s.kind != "tier" or s.meant.value.casefold() in choices):
            stated.setdefault(s.kind_of_field, (s.meant.value, s.end))
    yield from second_thoughts.statements(reading, stated, choices)


def _claim(statement: Statement, field: Field, values: Mapping[str, Any]) -> Claim | None:
    if statement.action == "unset":
        if statement.value is not None and not _is_held(statement.value.value, values.get(field.name)):
            return None
        element = statement.value.value if statement.value is not None and field.is_list else None
        return Claim(
            field.name,
            "unset",
            element,
            statement.start,
            statement.end,
            statement.start,
            statement.end,
            statement.objection,
            statement.rank,
        )
    assert statement.value is not None
    value: str | None = None if _NOT_TOLD.match(statement.value.value) else statement.value.value
    if field.choices:
        value = choice_of(field, statement.value.value)
    elif statement.kind == "tier" and not (
        statement.value.value.split()[0].lower() in words("plan_words") and statement.value.value[0].isupper()
    ):
        value = None
    if value is None:
        return None
    return Claim(
        field.name,
        "set",
        value,
        statement.start,
        statement.end,
        statement.value.start,
        statement.value.end,
        statement.objection,
        statement.rank,
    )


def _is_held(said: str, held: Any) -> bool:
    """Whether what is taken back may be what the profile holds: a word in common, or its initials; or nothing is held."""
    if not isinstance(held, str):
        return True
    named, known = words_of(said), words_of(held)
    return bool(set(named) & set(known)) or any(
        len(initials) > 1 and initials in other
        for initials, other in (("".join(w[0] for w in named), known), ("".join(w[0] for w in known), named))
    )


def choice_of(field: Field, said: str) -> str | None:
    """The field's choice that the words name: alone, in another word for it, or among others, and no other choice with it."""
    folded = " ".join(said.split()).casefold()
    for wanted in (folded, pairs("plan_synonyms").get(folded) if kind_of(field) == "plan" else None):
        for choice in field.choices:
            if wanted == choice.casefold():
                return choice
    among = [choice for choice in field.choices if f" {choice.casefold()} " in f" {folded.replace('-', ' ')} "]
    return among[0] if len(among) == 1 else None
