"""What a field is about, by its words."""

from __future__ import annotations

from datetime import date

import pytest

from profilecli.language.kinds import kind_of, phrases
from profilecli.schema.fields import Field


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        (Field("company"), "company"),
        (Field("employer"), "company"),
        (Field("jobTitle"), "role"),
        (Field("plan_tier"), "plan"),
        (Field("time_zone"), "timezone"),
        (Field("where", aliases=("home city",)), "location"),
        (Field("birthdate_official", date), "birthday"),
        (Field("favourite_editor"), ""),
    ],
)
def test_a_field_is_of_a_kind_by_its_name_or_aliases(field: Field, kind: str) -> None:
    """However it is spelled."""
    assert kind_of(field) == kind


def test_a_field_is_called_by_either_spelling() -> None:
    """British and American."""
    assert {"favourite editor", "favorite editor", "editor"} <= set(phrases(Field("favourite_editor", aliases=("editor",))))
