"""Grounding: is this value stated in these words of the user's, about themselves, now, and in earnest?

Pure. A proposal, whoever makes it, becomes an update only if its quote stands in the message, the
quote states the value, and the clause means it. Everything else is a rejection with its reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from profilecli.errors import InvalidValue
from profilecli.language import credentials
from profilecli.language.stated import Claim, claims, reading_of
from profilecli.language.text import fold, occurrences
from profilecli.models import Proposal, Rejection, Source, Update, Utterance
from profilecli.schema.fields import SAYS_NOTHING, Field

__all__ = ["check", "locate"]


def check(
    proposals: Iterable[Proposal],
    *,
    message: str,
    context: Sequence[Utterance],
    fields: Sequence[Field],
    values: Mapping[str, Any],
    source: Source,
) -> tuple[list[Update], list[Rejection]]:
    """The proposals that hold, converted, and those that don't, with the reason.

    Evidence is ``message`` alone. A list field's update carries one element.
    """
    reading = reading_of(message, context)
    stated = claims(reading, context=context, fields=fields, values=values)
    by_name = {field.name: field for field in fields}
    updates: list[Update] = []
    rejections: list[Rejection] = []
    for proposal in proposals:
        field = by_name.get(proposal.field)
        reason = "there is no such field" if field is None else _reason(proposal, field, message, stated)
        if reason is None and field is not None:
            try:
                value = None if proposal.value is None else field.convert_element(proposal.value)
            except InvalidValue as error:
                reason = error.reason
            else:
                updates.append(Update(proposal.field, proposal.action, value, proposal.quote, source))
                continue
        rejections.append(Rejection(proposal.field, proposal.value, reason or "", proposal.quote, source))
    return updates, rejections


def _reason(proposal: Proposal, field: Field, message: str, stated: list[Claim]) -> str | None:
    if proposal.action == "set" and (proposal.value is None or fold(proposal.value) in SAYS_NOTHING):
        return "it says nothing"
    if proposal.value and (what := credentials.is_credential(proposal.value, message)):
        return f"it looks like {what}, which is never stored"
    if not occurrences(message, proposal.quote):
        return "not stated by the user"
    for claim in stated:
        if (
            claim.field == field.name
            and claim.action == proposal.action
            and (claim.value is None or fold(claim.value) == fold(proposal.value or ""))
        ):
            return None if claim.objection is None else claim.objection.value
    return "not stated by the user"


def locate(field: Field, value: str, *, messages: Sequence[str]) -> tuple[int, str] | None:
    """The newest of the user's ``messages`` that states ``value`` for ``field``: its index, and the words."""
    for index in range(len(messages) - 1, -1, -1):
        reading = reading_of(messages[index], [])
        for claim in claims(reading, context=[], fields=[field], values={}):
            if claim.objection is None and claim.value is not None and fold(claim.value) == fold(value):
                return index, messages[index][claim.start : claim.end]
    return None
