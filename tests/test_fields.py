"""One field: its type, its choices, and the values that it can hold."""

from __future__ import annotations

import json
import math
from datetime import date, datetime
from enum import Enum
from typing import Any, Literal, Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profilecli.errors import InvalidValue
from profilecli.schema.fields import MAX_VALUE_LENGTH, Field, choices_in, is_supported


class Colour(Enum):
    """For the tests of enumerations."""

    RED = "red"
    DARK_BLUE = "dark blue"


@pytest.mark.parametrize(
    ("description", "choices"),
    [
        ("Subscription tier: free | pro | enterprise", ("free", "pro", "enterprise")),
        ("Tier (free | pro)", ("free", "pro")),
        ("Tier [free | pro], as billed", ("free", "pro")),
        ("Tier: one of: free | pay as you go.", ("free", "pay as you go")),
        ("Tier: free", ()),
        ("free | pro", ()),
        ("Pipes | in text without a list", ()),
        ("", ()),
    ],
)
def test_choices_are_read_from_the_description(description: str, choices: tuple[str, ...]) -> None:
    """After the last colon, or within the last brackets."""
    assert choices_in(description) == choices


@pytest.mark.parametrize(
    ("annotation", "text", "stored"),
    [
        (Optional[str], "  Acme ", "Acme"),
        (int, "42", 42),
        (Optional[float], "2.5", 2.5),
        (bool, "yes", True),
        (bool, "off", False),
        (date, "1990-05-31", "1990-05-31"),
        (datetime, "2026-01-31T12:00:00", "2026-01-31T12:00:00"),
        (Colour, "RED", "red"),
        (Colour, "Dark Blue", "dark blue"),
        (Colour, "DARK_BLUE", "dark blue"),
        (Literal["free", "pro"], "PRO", "pro"),
        (Literal[1, 2], "2", 2),
        (list[str], "a, b, a", ["a", "b"]),
        (list[str], '"Acme, Inc.", 5" disks', ["Acme, Inc.", '5" disks']),
        (list[int], "[1, 2]", [1, 2]),
        (Optional[list[Literal["x", "y"]]], "Y", ["y"]),
    ],
)
def test_what_a_person_types_becomes_the_value_of_its_type(annotation: Any, text: str, stored: Any) -> None:
    """Each type of a schema, from text."""
    assert Field("f", annotation).from_text(text) == stored


@pytest.mark.parametrize(
    ("annotation", "value"),
    [
        (int, "forty-two"), (int, True), (int, "1e400"), (float, "nan"), (float, "inf"), (bool, "perhaps"), (date, "42"), (date, "31 May"),
        (datetime, "1700000000"), (Colour, "green"), (Literal["free"], "pro"), (str, 5), (str, ""), (str, "   "), (str, "\u200b\u2060"), (str, "a\x00b"), (str, "\ud800"),
        (str, "x" * (MAX_VALUE_LENGTH + 1)), (int, str(2**63)), (list[str], "text"), (list[str], []), (str, ["a"]), (str, {"a": 1}), (date, None),
    ],
)  # fmt: skip
def test_a_value_that_the_type_cannot_hold_is_refused(annotation: Any, value: Any) -> None:
    """A number is no date, NaN is no number, and nothing is coerced to text."""
    with pytest.raises(InvalidValue) as refused:
        Field("f", annotation).convert(value)
    assert str(refused.value).startswith("f: ")


@pytest.mark.parametrize("text", ['{"a": 1}', "[1", "{", '["a", ""]'])
def test_json_that_is_no_list_is_refused(text: str) -> None:
    """Rather than kept as a text that looks like one."""
    with pytest.raises(InvalidValue):
        Field("f", list[str]).from_text(text)


def test_choices_are_folded_for_case_and_stored_as_spelled() -> None:
    """A text field whose description lists choices is held to them."""
    field = Field("plan_tier", str, "Subscription tier: free | Pro")
    assert field.convert("FREE") == "free"
    assert field.convert("pro") == "Pro"
    with pytest.raises(InvalidValue, match=r"is not one of free \| Pro"):
        field.convert("gold")


@pytest.mark.parametrize("annotation", [dict, dict[str, str], bytes, object, list[list[str]], list, str | int, set[str], Literal[1.5, "a"]])
def test_types_that_cannot_be_stored_are_known(annotation: Any) -> None:
    """They are refused when a schema is loaded, not when a value comes."""
    assert not is_supported(annotation)


_ANNOTATIONS = [str, int, float, bool, date, datetime, Colour, Literal["a", "b"], list[str], list[int], Optional[list[bool]]]
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(st.sampled_from(_ANNOTATIONS), _JSON)
def test_what_is_accepted_is_sound_and_stable(annotation: Any, value: Any) -> None:
    """An accepted value is JSON, converts to itself, and to the declared type; anything else is InvalidValue."""
    field = Field("f", annotation)
    try:
        stored = field.convert(value)
    except InvalidValue:
        return
    assert json.loads(json.dumps(stored)) == stored
    assert field.convert(stored) == stored
    assert field.to_python(stored) is not None
    assert not (isinstance(stored, float) and not math.isfinite(stored))


@given(st.dates(), st.datetimes())
def test_dates_and_times_survive_the_way_to_json_and_back(day: date, moment: datetime) -> None:
    """Stored as ISO 8601, read as Python's own."""
    assert Field("f", date).to_python(day.isoformat()) == day
    assert Field("f", datetime).to_python(moment.isoformat()) == moment


def test_an_enumeration_comes_back_as_its_member() -> None:
    """``profile.colour is Colour.RED``."""
    assert Field("f", Colour).to_python("red") is Colour.RED
