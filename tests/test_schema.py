"""A stored profile through a schema."""

from __future__ import annotations

from profilecli.models import Profile
from profilecli.schema import SchemaSet, UserProfile


def _profile(**fields: object) -> Profile:
    return Profile("alice", "customer", fields, "2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z")


def test_every_field_is_there_in_order_and_unset_ones_are_null(schemas: SchemaSet) -> None:
    """The shape of show --json."""
    view = schemas.get("customer").view(_profile(company="Acme", name="Alice"))
    assert list(view.as_json()) == ["user_id", "schema", "fields", "other", "created_at", "updated_at"]
    assert view.fields == {"name": "Alice", "preferred_name": None, "company": "Acme", "plan_tier": None, "role": None, "timezone": None}


def test_what_the_schema_lacks_is_kept_under_other(schemas: SchemaSet) -> None:
    """And comes back with a schema that has it."""
    profile = _profile(name="Alice", expertise="Python")
    assert schemas.get("customer").view(profile).other == {"expertise": "Python"}
    assert schemas.get("support").view(profile).fields["expertise"] == "Python"


def test_a_value_that_no_longer_validates_is_shown_as_it_is_and_marked(schemas: SchemaSet) -> None:
    """It is never silently dropped, and the rest of the profile stays readable."""
    schema = schemas.get("customer")
    profile = _profile(name="Alice", plan_tier="gold")
    assert schema.view(profile).fields["plan_tier"] == "gold"
    assert "plan_tier" in schema.view(profile).as_json()["invalid"]
    assert schema.instance(profile).plan_tier == "gold"
    assert schema.instance(profile).name == "Alice"


def test_zero_and_no_are_values(schemas: SchemaSet) -> None:
    """Only None is unset."""
    assert schemas.get("base").view(_profile(count=0, flag=False)).other == {"count": 0, "flag": False}


def test_a_schema_that_is_not_at_hand_shows_the_values_as_stored(schemas: SchemaSet) -> None:
    """With the base fields to learn, and the profile's schema keeps its name."""
    stand_in = schemas.for_profile("gone")
    view = stand_in.view(_profile(name="Alice", budget=5))
    assert view.schema == "gone"
    assert view.fields == {"name": "Alice", "budget": 5}
    assert [field.name for field in stand_in.learnable] == ["name", "preferred_name"]
    assert isinstance(stand_in.instance(_profile(name="Alice", budget=5)), UserProfile)
