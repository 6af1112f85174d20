"""A full name in two pieces."""

from __future__ import annotations

from typing import Any

import pytest

from profilecli.schema.fields import Field
from tests.learning import NAMES, learn


@pytest.mark.parametrize(
    ("fields", "turns", "profile"),
    [
        (NAMES, ["I'm Ada. Lovelace is the surname."], {"name": "Ada Lovelace"}),
        (NAMES, ["First name Hedda, surname Krohn"], {"name": "Hedda Krohn"}),
        (NAMES, ["My first name is Hedda and my last name is Krohn"], {"name": "Hedda Krohn"}),
        (NAMES, ["name: Hedda, family name: Krohn"], {"name": "Hedda Krohn"}),
        (NAMES, ["I'm Hedda, her surname is Krohn"], {"name": "Hedda"}),
        (NAMES, ["The name's De Wit. Sanne De Wit."], {"name": "Sanne De Wit"}),
    ],
)
def test_a_surname_joins_the_first_name(fields: list[Field], turns: list[str | tuple[str, str]], profile: dict[str, Any]) -> None:
    """Given apart in one message; of the author alone."""
    assert learn(fields, *turns) == profile
