"""The answer where there is no model."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profilecli.models import Change
from profilecli.offline import HOW_TO_GET_A_MODEL, answer
from profilecli.schema import SchemaSet
from profilecli.schema.fields import Field
from profilecli.schema.schema import Schema
from tests.conftest import SCHEMAS

CUSTOMER = SchemaSet([SCHEMAS]).get("customer")
ALI = {"name": "Alice Chen", "preferred_name": "Ali", "company": "Acme Corp", "timezone": "Europe/Berlin"}


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        ("What's my name?", "Your name is Alice Chen, and you prefer to be called Ali."),
        ("what is my name", "Your name is Alice Chen, and you prefer to be called Ali."),
        ("Do you remember my name?", "Your name is Alice Chen, and you prefer to be called Ali."),
        ("Who am I?", "Your name is Alice Chen, and you prefer to be called Ali."),
        ("What should you call me?", "You prefer to be called Ali."),
        ("what's my preferred name?", "You prefer to be called Ali."),
        ("Where do I work?", "Your company is Acme Corp."),
        ("what time zone am I in?", "Your timezone is Europe/Berlin."),
        ("Which plan am I on?", "You haven't told me your plan tier."),
        ("What do you know about me?", "You told me: your name is Alice Chen; you prefer to be called Ali; your company is Acme Corp; your timezone is Europe/Berlin."),
        ("What's the weather?", HOW_TO_GET_A_MODEL),
        ("My name is a palindrome, I think", HOW_TO_GET_A_MODEL),
    ],
)  # fmt: skip
def test_questions_about_the_profile_are_answered_from_it(question: str, reply: str) -> None:
    """And nothing else is."""
    assert answer(question, CUSTOMER, ALI, []) == reply


@pytest.mark.parametrize(
    ("values", "reply"),
    [
        ({}, "You haven't told me your name."),
        ({"name": "Alice"}, "Your name is Alice."),
        ({"name": "Ali", "preferred_name": "Ali"}, "Your name is Ali."),
        ({"preferred_name": "Ali"}, "You prefer to be called Ali; you haven't told me your full name."),
    ],
)
def test_a_name_is_told_as_far_as_it_is_known(values: dict[str, Any], reply: str) -> None:
    """Honestly."""
    assert answer("What's my name?", CUSTOMER, values, []) == reply


def _change(field: str, old: Any, new: Any) -> Change:
    return Change(1, field, old, new, "rules", "", "s", "", 1)


def test_what_was_noted_and_what_was_forgotten_is_said() -> None:
    """Before any answer."""
    assert answer("…", CUSTOMER, {}, [_change("company", None, "Acme Corp.")]) == "Noted: your company is Acme Corp."
    changes = [_change("company", None, "Acme"), _change("role", "boss", None)]
    assert answer("…", CUSTOMER, {}, changes) == "Noted: your company is Acme. Forgotten: your role."
    back = dataclasses.replace(_change("company", "Globex", "Acme"), source="undo")
    assert answer("…", CUSTOMER, {}, [back]) == "Taken back: your company is Acme."


def test_a_field_of_the_users_own_schema_can_be_asked_for_by_its_aliases() -> None:
    """And its value is shown as people write it."""
    schema = Schema("s", object, (Field("editor", aliases=("favourite editor",)), Field("langs", list[str])))
    assert answer("What's my favourite editor?", schema, {"editor": "Helix"}, []) == "Your editor is Helix."
    assert answer("what are my langs?", schema, {"langs": ["fr", "de"]}, []) == "Your langs are fr, de."


@given(st.text())
def test_any_message_gets_an_answer(message: str) -> None:
    """Never an exception, never silence."""
    assert answer(message, CUSTOMER, ALI, [])
