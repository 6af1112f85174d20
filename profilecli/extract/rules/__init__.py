"""The rules: what a message states, found offline by patterns and recognisers, the same every time.

All reading is done by :mod:`profilecli.language.stated`, which grounding uses too. What is left here
is to choose where a message says more than one thing about a field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from profilecli.language.claims import Claim
from profilecli.language.stated import claims, reading_of
from profilecli.language.text import words_of
from profilecli.models import Proposal, Utterance
from profilecli.schema.fields import Field

__all__ = ["propose"]


def propose(message: str, *, context: Sequence[Utterance], fields: Sequence[Field], values: Mapping[str, Any]) -> list[Proposal]:
    """What ``message`` states about its author for ``fields``, by place in the message.

    ``context`` is the conversation before it, oldest first, of both roles; ``values`` are the
    profile's present JSON values. Neither is evidence: they help to read an answer or a correction.
    """
    reading = reading_of(message, context)
    stated = [claim for claim in claims(reading, context=context, fields=fields, values=values) if claim.objection is None]
    proposals: list[tuple[Claim, Proposal]] = []
    for field in fields:
        chosen = _chosen([claim for claim in stated if claim.field == field.name], is_list=field.is_list)
        proposals.extend(
            (claim, Proposal(claim.field, "set" if claim.action == "set" else "unset", claim.value, message[claim.start : claim.end]))
            for claim in chosen
        )
    return [proposal for _, proposal in sorted(proposals, key=lambda pair: (pair[0].start, pair[0].end))]


def _chosen(stated: list[Claim], *, is_list: bool) -> list[Claim]:
    """The claims for one field that count: a value over its taking back, then the surest, then the first."""
    if is_list:
        seen: dict[tuple[str, str | None], Claim] = {}
        for claim in stated:
            seen.setdefault((claim.action, claim.value), claim)
        return list(seen.values())
    sets = [claim for claim in stated if claim.action == "set"]
    if not sets:
        return stated[:1]
    best = max(claim.rank for claim in sets)
    chosen = next(claim for claim in sets if claim.rank == best)
    fuller = [claim for claim in sets if claim.rank == best and set(words_of(chosen.value or "")) < set(words_of(claim.value or ""))]
    return [max(fuller, key=lambda claim: len(claim.value or ""), default=chosen)] if chosen.field == "name" else [chosen]
