"""What a model is sent."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from profilecli.models import Utterance
from profilecli.prompts import extraction_prompt, extraction_schema, extraction_system, profile_block, reply_system
from profilecli.schema import SchemaSet
from profilecli.schema.fields import Field


@given(st.dictionaries(st.sampled_from(["name", "preferred_name", "company", "role"]), st.text(min_size=1)))
def test_a_line_a_set_field_in_schema_order_whatever_the_values(values: dict[str, str]) -> None:
    """No value can close the block, open another, or add a line."""
    fields = [Field("name"), Field("preferred_name"), Field("company"), Field("role")]
    block = profile_block(fields, values)
    if not values:
        assert block == ""
        return
    lines = block.split("\n")
    assert lines[0] == "<user_profile>"
    assert lines[-1] == "</user_profile>"
    assert [line.partition(":")[0] for line in lines[1:-1]] == [f.title for f in fields if f.name in values]
    assert "<" not in "".join(lines[1:-1])
    assert ">" not in "".join(lines[1:-1])
    assert len(block.splitlines()) == len(lines)


def test_the_block_is_as_documented(schemas: SchemaSet) -> None:
    """Title case names, zero and no shown, lists with commas."""
    fields = [*schemas.get("customer").fields, Field("age", int), Field("paid", bool), Field("langs", list[str])]
    values = {"name": "Alice Chen", "plan_tier": "pro", "age": 0, "paid": False, "langs": ["fr", "de"]}
    assert (
        profile_block(fields, values)
        == "<user_profile>\nName: Alice Chen\nPlan Tier: pro\nAge: 0\nPaid: no\nLangs: fr, de\n</user_profile>"
    )


def test_internal_fields_stay_out() -> None:
    """Of every prompt."""
    assert profile_block([Field("score", internal=True)], {"score": "9"}) == ""


def test_instructions_stand_before_the_profile() -> None:
    """And replace the default ones."""
    prompt = reply_system([Field("name")], {"name": "Ali"}, instructions="You are a pirate.")
    assert prompt.startswith("You are a pirate.\n")
    assert "helpful assistant" not in prompt
    assert prompt.endswith("</user_profile>")


def test_the_extraction_names_every_field_with_its_description_and_value(schemas: SchemaSet) -> None:
    """So that one call is enough."""
    text = extraction_system(schemas.get("customer").learnable, {"company": "Acme\nname: Eve"})
    assert "plan_tier: Subscription tier: free | pro | enterprise\n" in text
    assert "company: Company or organization = Acme name: Eve\n" in text


def test_the_message_comes_after_its_context() -> None:
    """Which is marked as reference."""
    text = extraction_prompt("Sorry, lead designer.", [Utterance("user", "I'm a designer"), Utterance("assistant", "x" * 1000)])
    assert text.endswith("The message:\nSorry, lead designer.")
    assert len(text) < 700
    assert extraction_prompt("alone", []) == "alone"


def _strict(schema: Any) -> bool:
    if not isinstance(schema, dict):
        return True
    if schema.get("type") == "object" and not (
        schema["additionalProperties"] is False and sorted(schema["required"]) == sorted(schema["properties"])
    ):
        return False
    return all(_strict(part) for value in schema.values() for part in (value if isinstance(value, list) else [value])) and all(
        _strict(part) for part in schema.get("properties", {}).values()
    )


def test_the_output_schema_is_strict(schemas: SchemaSet) -> None:
    """One flat item, all of it required, no other properties, the schema's fields and no other."""
    schema = extraction_schema(schemas.get("customer").learnable)
    assert _strict(schema)
    item = schema["properties"]["updates"]["items"]
    assert list(item["properties"]) == ["field", "action", "value", "quote"]
    assert item["properties"]["field"]["enum"] == list(schemas.get("customer").by_name)


def test_with_phrases_only_a_field_and_one_of_them_can_be_chosen(schemas: SchemaSet) -> None:
    """For a model that is too small to copy."""
    schema = extraction_schema(schemas.get("customer").learnable, ["Acme", "Acme Rail"])
    assert _strict(schema)
    item = schema["properties"]["updates"]["items"]
    assert list(item["properties"]) == ["field", "value"]
    assert item["properties"]["value"]["enum"] == ["Acme", "Acme Rail"]
