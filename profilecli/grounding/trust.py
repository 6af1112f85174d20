"""Whether a list of proposals shows that its author reads the message, or makes things up."""

from __future__ import annotations

from collections.abc import Sequence

from profilecli.language.text import fold, occurrences
from profilecli.models import Proposal

__all__ = ["is_believable"]

_SHARED = frozenset({"name", "preferred_name"})
"""Fields that may rightly hold the same value."""


def is_believable(proposals: Sequence[Proposal], message: str) -> bool:
    """Whether the author of the proposals may be believed about what words mean that don't say it themselves.

    Not one who quotes what was not said, repeats itself, or has one value for several fields. A
    poor model does that in nearly every list, a good one in hardly any.
    """
    values: dict[str, set[str]] = {}
    seen: set[tuple[str, str, str]] = set()
    for proposal in proposals:
        value = fold(proposal.value or "")
        item = (proposal.field, proposal.action, value)
        if item in seen or not occurrences(message, proposal.quote):
            return False
        seen.add(item)
        if proposal.action == "set":
            values.setdefault(value, set()).add(proposal.field)
    return all(len(fields) == 1 or fields <= _SHARED for fields in values.values())
