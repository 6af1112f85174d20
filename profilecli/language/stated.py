"""What a message states for the fields of a schema: the one reading that the rules and grounding share.

The patterns make claims (:mod:`profilecli.language.claims`). All that stands around the words then
decides (:mod:`profilecli.language.weighing`): a claim that it outweighs is doubted, and the likeliest
words for a field of which no pattern reads a value are a claim too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from profilecli.language import patterns, weighing
from profilecli.language.claims import Claim, choice_of, read_by_patterns
from profilecli.language.clauses import Objection, Reading, in_role_play, read
from profilecli.language.kinds import kind_of, phrases
from profilecli.language.replacements import RANK
from profilecli.language.soundness import sound
from profilecli.language.spans import Span
from profilecli.language.text import words_of
from profilecli.models import Utterance
from profilecli.schema.fields import Field

__all__ = ["beside_of", "claims", "reading_of", "weighed_kind"]


_OTHER_SCRIPTS = "\u0370"
"""Where the Latin letters end."""
_NAMES = frozenset({"name", "preferred_name"})
"""Who one is and what one is called may be put right by the same words."""


def reading_of(message: str, context: Sequence[Utterance]) -> Reading:
    """The reading of a message in its conversation."""
    return read(message, role_play=in_role_play([u.content for u in context[-12:] if u.role == "user"]))


def claims(reading: Reading, *, context: Sequence[Utterance], fields: Sequence[Field], values: Mapping[str, Any]) -> list[Claim]:
    """Everything that the message states, or seems to state, for the fields; by place.

    Claims with an objection tell why words that look like a fact are none. The rules and
    grounding ask for the same message one after the other, so the last answer is kept.
    """
    asked = (list(fields), dict(values), list(context))
    kept = reading.__dict__.get("_claims")
    if kept is None or kept[0] != asked:
        kept = reading.__dict__["_claims"] = (asked, _claims(reading, context, fields, values))
    return list(kept[1])


def _claims(reading: Reading, context: Sequence[Utterance], fields: Sequence[Field], values: Mapping[str, Any]) -> list[Claim]:
    found = read_by_patterns(reading, context, fields, values)
    beside = beside_of(fields, found, context, values)
    for field in fields:
        kind = weighed_kind(field)
        if kind is not None:
            found = _weighed(reading, field, kind, found, beside)
            if kind in beside.held:
                found = [*found, *_withdrawn(reading, field, kind, found, beside)]
    return sorted(sound(found, reading, fields, values), key=lambda claim: (claim.start, claim.end))


def weighed_kind(field: Field) -> str | None:
    """The kind of fact by which candidates for the field are weighed; None where they aren't."""
    kind = kind_of(field)
    if field.is_list or kind not in weighing.KINDS:
        return None
    if not field.choices:
        return kind
    return "tier" if kind == "plan" else None


def beside_of(fields: Sequence[Field], found: Sequence[Claim], context: Sequence[Utterance], values: Mapping[str, Any]) -> weighing.Beside:
    """What is known beside a message's words, to weigh its candidates by."""
    kinds = {field.name: weighed_kind(field) or kind_of(field) for field in fields}
    stated = tuple(
        weighing.Stated(
            kinds[claim.field] if claim.action == "set" else f"no {kinds[claim.field]}",
            Span(claim.value_start, claim.value_end, "", str(claim.value)),
            claim.objection,
            claim.rank > 0,
        )
        for claim in found
    )
    asked = context[-1].content if context and context[-1].role == "assistant" else None
    held = {kinds[name]: value for name, value in values.items() if name in kinds and isinstance(value, str)}
    return weighing.Beside(stated, asked, held)


def _weighed(reading: Reading, field: Field, kind: str, found: list[Claim], beside: weighing.Beside) -> list[Claim]:
    """The claims, those for the field doubted that are outweighed; and the likeliest candidate, where none of them holds."""
    weighed = weighing.weigh(reading, kind, beside, field.choices)
    if not weighed:
        return found
    odds = {(each.span.start, each.span.end): each.odds for each in weighed}
    found = [
        _doubted(claim, odds.get((claim.value_start, claim.value_end), 0))
        if claim.field == field.name and not (kind == "name" and _is_joined(claim, reading))
        else claim
        for claim in found
    ]
    if any(claim.field == field.name and claim.action == "set" and claim.objection is None for claim in found):
        return found
    read = [
        each
        for each in found
        if each.action == "set"
        and each.rank >= 0
        and each.objection is None
        and (not {each.field, field.name} <= _NAMES or (each.field == "preferred_name" and each.rank >= RANK))
    ]
    free = [each for each in weighed if not any(_takes(claim, each.span) for claim in read)]
    if kind in _NAMES and beside.asked is not None and not patterns.asked("name", beside.asked) and not patterns.asked(kind, beside.asked):
        free = [each for each in free if each.span.words != reading.masked.strip(" .!?,\n")]
    best = max(free, key=lambda each: each.odds, default=None)
    claim = _by_weight(reading, field, best.span) if best is not None and weighing.is_fact(kind, best.odds) else None
    return found if claim is None else [*found, claim]


def _takes(claim: Claim, span: Span) -> bool:
    """Whether a claim has the words of a candidate for its value, or puts them right."""
    if claim.rank >= RANK:
        return claim.value_start < span.end and span.start < claim.value_end
    return claim.value_start <= span.start and span.end <= claim.value_end


def _is_joined(claim: Claim, reading: Reading) -> bool:
    """Whether only a part of a name stands in the message: what is weighed is a whole one."""
    return len(words_of(str(claim.value))) > len(words_of(reading.masked[claim.value_start : claim.value_end]))


def _doubted(claim: Claim, odds: int) -> Claim:
    """The claim, with an objection where the words around outweigh the pattern that reads it; of other scripts they know little."""
    doubtful = (
        str(claim.value)[:1] < _OTHER_SCRIPTS
        and claim.action == "set"
        and claim.objection is None
        and weighing.is_doubtful(odds, puts_right=claim.rank > 0)
    )
    return replace(claim, objection=Objection.DOUBTFUL) if doubtful else claim


def _by_weight(reading: Reading, field: Field, span: Span) -> Claim | None:
    """The claim of a candidate, with its clause for evidence; None where it is no choice of the field's."""
    value = choice_of(field, span.value) if field.choices else span.value
    if value is None:
        return None
    start, end = reading.clause(span.start)
    said = reading.masked[start : max(span.end, end)]
    start += len(said) - len(said.lstrip())
    end = max(span.end, start + len(said.strip(" ,;:\n")))
    return Claim(field.name, "set", value, start, end, span.start, span.end, rank=-1)


def _withdrawn(reading: Reading, field: Field, kind: str, found: Sequence[Claim], beside: weighing.Beside) -> Iterator[Claim]:
    """What the message takes back in words that no pattern reads."""
    stated = any(claim.field == field.name and claim.objection is None for claim in found)
    if not stated and weighing.takes_back(reading, kind, beside.held[kind], phrases(field), beside):
        yield Claim(field.name, "unset", None, 0, len(reading.message), 0, len(reading.message), rank=-1)
