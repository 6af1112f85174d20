"""Whether words of the user's take a field back: "forget my age", "I no longer work at Acme"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from profilecli.language.claims import Claim
from profilecli.language.clauses import Objection, Reading
from profilecli.language.kinds import phrases
from profilecli.language.lazy import Lazy
from profilecli.models import Proposal
from profilecli.schema.fields import Field

__all__ = ["reason"]

_NOT_TAKEN_BACK = "the user does not take it back"
_BETWEEN = r"(?:[ ,]{1,3}(?:the|my|our|your|an?|at|with|from|for|in|on|as|to|by|of|about|being|been|working|work|using|use|have|having|live|living|called|call|me|that|i|i'm|am|is|saved|stored|current|old|record|job|job of|de|en|bei|chez|la|el|le)){0,5}[ ,]{1,3}[\"']?"
_ORDERED = r"(?<!never )(?<!n't )(?<!not )\b(?:forget|delete|remove|erase|clear|unset|drop|wipe|scrap|discard|stop (?:storing|saving|remembering|using|calling))"
_ENDED = r"\b(?:no longer|not any ?more|cancel\w*|dropped|fired from|laid off (?:from|by)|let go (?:from|by)|retired from|resigned from|ended|stopped|ya no|nicht mehr|plus)"
_DENIED_NOW = r"(?:\b(?:not|never|dont|isnt|no longer|ya no|nicht|ne|non|não)|n't)\b"
_ANY_MORE = Lazy(r"[^.!?\n]{0,40}\b(?:any ?more|any longer|no longer|now|mehr|plus|mais|più|más)\b", re.IGNORECASE)
_LAPSED = r"(?:[\w ]{0,20})\b(?:expired|lapsed|is over|has ended|ran out|was cancell?ed|is gone)\b"


def reason(
    proposal: Proposal, field: Field, places: Sequence[tuple[int, int]], *, reading: Reading, claims: Sequence[Claim], held: Any
) -> str | None:
    """Why a quote, which stands at ``places``, doesn't take back the field in the user's own words; None if it does.

    ``held`` is what the profile has for the field.
    """
    found: str = _NOT_TAKEN_BACK
    for start, end in places:
        for claim in claims:
            if claim.field == field.name and claim.action == "unset" and claim.start < end and start < claim.end:
                if claim.objection is None:
                    return None
                found = claim.objection.value
        said = reading.masked[start:end]
        if not _takes_back(said, _named(field, proposal.value, held)):
            continue
        objection = reading.objection(start, end, request=True)
        if objection is None or objection is Objection.NEGATED:
            return None
        found = objection.value
    return found


def _named(field: Field, value: str | None, held: Any) -> list[str]:
    """The words that name what is taken back: the value that the field holds, or what the field is called."""
    values = [value] if value else [each for each in (held if isinstance(held, list) else [held]) if isinstance(each, str)]
    firsts = [each.split()[0] for each in values if len(each.split()) > 1]
    return [*values, *firsts, *phrases(field)]


def _takes_back(said: str, named: Sequence[str]) -> bool:
    """Whether an order to forget, or an end, goes with the words that name what is meant."""
    it = "(?:" + "|".join(re.escape(name) for name in sorted(named, key=len, reverse=True) if name) + r")\b"
    if re.search(rf"(?:{_ORDERED}|{_ENDED}){_BETWEEN}{it}", said, re.IGNORECASE):
        return True
    if re.search(rf"\b(?:my|our)(?: [\w-]{{1,14}})? {it}{_LAPSED}", said, re.IGNORECASE):
        return True
    denied = re.search(rf"{_DENIED_NOW}[^.!?\n]{{0,30}}?\b{it}", said, re.IGNORECASE)
    return denied is not None and _ANY_MORE.match(said, denied.end()) is not None
