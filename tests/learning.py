"""What a conversation teaches the rules, and schemas to learn it with."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any, Literal

from profilecli.extract.rules import propose
from profilecli.grounding import check
from profilecli.merge import merge
from profilecli.models import Utterance
from profilecli.schema.fields import Field

__all__ = ["CUSTOMER", "DEVELOPER", "FULL", "MEMBER", "NAMES", "PERSONA", "SUPPORT", "TRAVELLER", "Cabin", "learn"]


class Cabin(Enum):
    """A class of travel."""

    ECONOMY = "economy"
    BUSINESS = "business"


NAMES = [Field("name"), Field("preferred_name")]
CUSTOMER = [
    *NAMES,
    Field("company", description="Company or organization"),
    Field("plan_tier", description="Subscription tier: free | pro | enterprise"),
    Field("role", description="Job title or role"),
    Field("timezone", description="User's timezone"),
]
SUPPORT = [*NAMES, Field("company"), Field("plan", examples=("Starter", "Business")), Field("expertise")]
PERSONA = [*NAMES, Field("location"), Field("age", int), Field("role"), Field("company")]
DEVELOPER = [
    *NAMES,
    Field("programming_languages", list[str], aliases=("program in", "code in")),
    Field("os", Literal["linux", "macos", "windows"]),
]
MEMBER = [*NAMES, Field("languages", list[str])]
TRAVELLER = [*NAMES, Field("cabin", Cabin), Field("allergies", list[str], aliases=("allergic to",))]

FULL: Mapping[str, str] = MappingProxyType(
    {
        "name": "Alice Chen",
        "preferred_name": "Ali",
        "company": "Acme Corp",
        "plan_tier": "pro",
        "role": "data scientist",
        "timezone": "Europe/Berlin",
    }
)
"""A profile with every field of ``CUSTOMER``."""


def learn(fields: list[Field], *turns: str | tuple[str, str], held: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What the profile holds after a conversation; a pair is what the assistant says, with its role; ``held``: what it held before."""
    values: dict[str, Any] = dict(held or {})
    context: list[Utterance] = []
    lists = frozenset(field.name for field in fields if field.is_list)
    for turn in turns:
        if isinstance(turn, tuple):
            context.append(Utterance("assistant", turn[1]))
            continue
        proposals = propose(turn, context=context, fields=fields, values=values)
        updates, _ = check(proposals, message=turn, context=context, fields=fields, values=values, source="rules")
        values, _ = merge(values, updates, lists)
        context.append(Utterance("user", turn))
    return values
