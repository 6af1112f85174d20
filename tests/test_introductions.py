"""Introductions without a verb."""

from __future__ import annotations

from typing import Any

import pytest

from profilecli.schema.fields import Field
from tests.learning import CUSTOMER, PERSONA, learn


@pytest.mark.parametrize(
    ("fields", "turns", "profile"),
    [
        (
            CUSTOMER,
            ["Ottoline Marsh, head of ops, Fenwick Freight"],
            {"name": "Ottoline Marsh", "role": "head of ops", "company": "Fenwick Freight"},
        ),
        (CUSTOMER, ["Hi! Kwesi, Accra, accountant."], {"name": "Kwesi", "role": "accountant"}),
        (PERSONA, ["52, widowed, from Cork, work at Tesco"], {"age": 52, "location": "Cork", "company": "Tesco"}),
        (PERSONA, ["29, nurse, Leeds"], {"age": 29, "role": "nurse", "location": "Leeds"}),
        (CUSTOMER, ["Paris, London, Rome"], {}),
        (CUSTOMER, ["Anna, Ben, Chris"], {}),
        (CUSTOMER, ["Write a bio: Anna Smith, dentist, London"], {}),
        (CUSTOMER, ["My team: Anna Smith, designer, Berlin"], {}),
        (PERSONA, ["buy eggs, milk, bread"], {}),
        (CUSTOMER, ["Who was Ada Lovelace, mathematician, London?"], {}),
        (CUSTOMER, ["Compare these candidates: Jo Brand, nurse, Leeds"], {}),
        (
            CUSTOMER,
            ["Hey, Aoife here, product designer with Nuvo, based in Galway (so GMT), free tier"],
            {"name": "Aoife", "role": "product designer", "company": "Nuvo", "plan_tier": "free", "timezone": "GMT"},
        ),
        (
            CUSTOMER,
            ["my name's tarek, i run support at nuvo, we pay for enterprise, and i'm in dubai time"],
            {"name": "tarek", "company": "nuvo", "plan_tier": "enterprise", "timezone": "Asia/Dubai"},
        ),
        (
            CUSTOMER,
            ["Luca Moretti / CTO / Nuvo GmbH / CET"],
            {"name": "Luca Moretti", "role": "CTO", "company": "Nuvo GmbH", "timezone": "CET"},
        ),
        (
            CUSTOMER,
            ["I'm Aoife, 34, an analyst for Nuvo on the enterprise plan"],
            {"name": "Aoife", "role": "analyst", "company": "Nuvo", "plan_tier": "enterprise"},
        ),
        (CUSTOMER, ["Aoife (analyst, Nuvo) again"], {"name": "Aoife", "role": "analyst", "company": "Nuvo"}),
        (
            CUSTOMER,
            ["Name: Aoife Byrne\nCompany: Nuvo\nRole: analyst\nPlan: pro\nTimezone: GMT+1"],
            {"name": "Aoife Byrne", "company": "Nuvo", "role": "analyst", "plan_tier": "pro", "timezone": "GMT+1"},
        ),
        (CUSTOMER, ["I'm Nuvo's only designer"], {"company": "Nuvo", "role": "designer"}),
        (CUSTOMER, ["We're Nuvo, a small agency on pro; I do the books. Aoife"], {"company": "Nuvo", "plan_tier": "pro"}),
        (PERSONA, ["hi, dana, 41, paramedic, from leeds"], {"name": "dana", "age": 41, "role": "paramedic", "location": "leeds"}),
        (PERSONA, ["i am a 33 year old librarian living in Ghent with two cats"], {"age": 33, "role": "librarian", "location": "Ghent"}),
        (PERSONA, ["32F, teacher, London"], {"age": 32, "role": "teacher", "location": "London"}),
    ],
)
def test_a_list_of_facts_is_an_introduction(fields: list[Field], turns: list[str | tuple[str, str]], profile: dict[str, Any]) -> None:
    """Name or age first, every part a fact; not a list of anything else."""
    assert learn(fields, *turns) == profile
