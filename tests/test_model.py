"""Reading a model's list of updates, however it is wrapped."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from profilecli.errors import ModelError
from profilecli.extract.model import parse_updates, with_taken_back
from profilecli.models import Proposal

ITEM = {"field": "company", "action": "set", "value": "Acme", "quote": "I work at Acme"}
ACME = Proposal("company", "set", "Acme", "I work at Acme")


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"updates": [ITEM]}),
        json.dumps([ITEM]),
        json.dumps(ITEM),
        "Sure! Here it is:\n```json\n" + json.dumps({"updates": [ITEM]}, indent=2) + "\n```\nAnything else?",
        "{broken} " + json.dumps({"updates": [ITEM]}),
        json.dumps({"updates": [ITEM, "junk", {"value": "x"}, None, {"field": 5}]}),
    ],
)
def test_the_list_is_found_in_whatever_stands_around_it(text: str) -> None:
    """Strict output, a bare list, one item, fenced, behind prose, or with junk in it."""
    assert parse_updates(text) == [ACME]


def test_half_a_character_is_no_character() -> None:
    """JSON can spell one, and neither a file nor a terminal can hold it."""
    (proposal,) = parse_updates('{"updates": [{"field": "name", "action": "set", "value": "Al\\ud83d", "quote": "I\'m Al\\ud83d"}]}')
    assert proposal == Proposal("name", "set", "Al?", "I'm Al?")


def test_types_that_are_no_text_are_taken_as_their_json() -> None:
    """A number, a list of several, and null with an unset."""
    items = [
        {"field": "age", "action": "set", "value": 42, "quote": "I'm 42"},
        {"field": "langs", "action": "set", "value": ["fr", "de"], "quote": "q"},
        {"field": "role", "action": "unset", "value": None, "quote": "q"},
        {"field": "role", "action": "set", "value": None, "quote": "q"},
        {"field": "paid", "value": True},
    ]
    assert parse_updates(json.dumps({"updates": items})) == [
        Proposal("age", "set", "42", "I'm 42"),
        Proposal("langs", "set", "fr", "q"),
        Proposal("langs", "set", "de", "q"),
        Proposal("role", "unset", None, "q"),
        Proposal("paid", "set", "true", ""),
    ]


@pytest.mark.parametrize("text", ["I found nothing.", "", "{", "[1, 2", "<html>", '{"updates": ' + "[" * 100_000])
def test_an_answer_without_json_is_an_error_and_no_empty_list(text: str) -> None:
    """So that the message stays pending."""
    with pytest.raises(ModelError):
        parse_updates(text)


@settings(deadline=None)
@given(
    st.text()
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda x: st.lists(x) | st.dictionaries(st.sampled_from(["updates", "field", "value", "action", "quote"]), x),
    ).map(json.dumps)
)
def test_any_answer_is_read_or_refused(text: str) -> None:
    """Nothing else is raised."""
    try:
        proposals = parse_updates(text)
    except ModelError:
        return
    assert all(isinstance(p.field, str) and isinstance(p.quote, str) for p in proposals)


def test_what_the_rules_read_as_taken_back_goes_with_a_models_proposals() -> None:
    """Before them, so that a new value wins; and not twice."""
    gone, named = Proposal("role", "unset", None, "I retired"), Proposal("company", "set", "Beta", "I'm at Beta")
    assert with_taken_back([ACME], [gone, named]) == [gone, ACME]
    mine = Proposal("role", "unset", None, "retired")
    assert with_taken_back([ACME, mine], [gone]) == [ACME, mine]
