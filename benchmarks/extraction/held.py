"""What a profile may hold before a case is said: the cases themselves begin with an empty one, as few conversations do."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

from benchmarks.extraction.answers import matches
from benchmarks.extraction.cases import Case
from profilecli.language.stated import weighed_kind
from profilecli.schema import Schema

__all__ = ["CHANGING", "TAKING_BACK", "full", "lost", "some"]

CHANGING = frozenset({"correction", "forget", "job-change", "dialogue"})
"""Kinds of cases in which a value may be right for a while."""

TAKING_BACK = CHANGING | {"negation", "mixed"}
"""Kinds of cases of which a message may take back what was held before the case."""

_ANYBODY = {
    "name": ("Alice Chen", "tom", "Ruth Adeyemi", "J. P. Moreau"),
    "preferred_name": ("Ali", "Big Sal", "T", "Ruthie"),
    "company": ("Acme Corp", "Nordlys Bakeri", "harrow mill", "Globex"),
    "role": ("data scientist", "nurse", "head of marketing", "welder"),
    "timezone": ("Europe/Berlin", "CET", "America/New_York", "UTC+2"),
    "tier": ("pro", "free", "enterprise", "pro"),
    "plan": ("Growth", "Team", "Starter", "Business"),
    "expertise": ("Python expert", "new to Excel", "not technical", "advanced in SQL"),
}
"""Values of anybody's, by kind of fact."""


def some(case: Case, schema: Schema) -> dict[str, str]:
    """What the case says is held; else nothing, or for every second case that takes nothing back some values of anybody's. The same at each call."""
    if case.held:
        return dict(case.held)
    seed = zlib.crc32(case.id.encode())
    if case.kind in TAKING_BACK or seed % 2:
        return {}
    kinds = _kinds(schema)
    return {name: _ANYBODY[kind][(seed >> 1) % 4] for place, (name, kind) in enumerate(kinds.items()) if seed >> (place + 3) & 1}


def full(case: Case, schema: Schema) -> dict[str, str]:
    """A value for each field that is weighed, none of them an answer to the case."""
    expected = case.expected
    answers = [answer for group in (expected.gold, expected.allow) for listed in group.values() for answer in listed]
    answers += [value for either in expected.either for value in either.values]
    return {name: next(value for value in _ANYBODY[kind] if not matches(name, value, answers)) for name, kind in _kinds(schema).items()}


def lost(case: Case, held: Mapping[str, Any], values: Mapping[str, Any]) -> set[str]:
    """The fields that were held and are empty after a case that takes nothing back."""
    return set() if case.kind in TAKING_BACK else held.keys() - values.keys()


def _kinds(schema: Schema) -> dict[str, str]:
    kinds = ((known.name, weighed_kind(known)) for known in schema.learnable)
    return {name: kind for name, kind in kinds if kind}
