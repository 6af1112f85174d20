"""AGENTIC mode: the tool, over both wires, with the real SDK."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profilecli.agentic import MAX_ROUNDS, TOOL, BadCall, evidence, read_call, update_tool
from profilecli.events import Learned, ReplyEnded, TextDelta
from profilecli.llm import ToolCall
from profilecli.models import Proposal
from profilecli.schema import SchemaSet
from profilecli.schema.fields import Field
from profilecli.store.sqlite import SQLiteStore
from tests.conftest import SCHEMAS
from tests.conversation import Start, fields
from tests.endpoint import Endpoint, Reasoning, Wire
from tests.endpoint import ToolCall as Call

CUSTOMER = SchemaSet([SCHEMAS]).get("customer")
NOTHING: dict[str, Any] = dict.fromkeys(CUSTOMER.by_name) | {"unset": []}


def save(**values: Any) -> str:
    """The arguments of a call, as a strict schema wants them: every field, null or not."""
    return json.dumps(NOTHING | values)


def outputs(endpoint: Endpoint) -> list[Any]:
    """What the model was told in the last request, call by call."""
    return [json.loads(output) for output in endpoint.calls("reply")[-1].tool_outputs.values()]


def test_a_call_is_grounded_saved_and_answered(endpoint: Endpoint, wire: Wire, start: Start, store: SQLiteStore) -> None:
    """Text before and after it; the quote is found in the user's words; no other call is made."""
    endpoint.tool_call(TOOL, save(name="Alice Chen", company="Samsung"), before="Let me note that.")
    endpoint.reply("Welcome, Alice!")
    conversation = start(endpoint, wire, mode="agentic")
    result = conversation.say("Hi! I'm Alice Chen.")
    assert result.reply == "Let me note that.\n\nWelcome, Alice!"
    assert [(c.field, c.new, c.source, c.quote) for c in result.learned] == [("name", "Alice Chen", "tool", "I'm Alice Chen")]
    assert [r.field for r in result.rejected] == ["company"]
    (told,) = outputs(endpoint)
    assert told["saved"] == {"name": "Alice Chen"}
    assert "company" in told["rejected"]
    assert fields(store) == {"name": "Alice Chen"}
    assert result.usage.calls == 2
    assert len(endpoint.requests) == 2
    assert store.pending("alice") == []
    kinds = [type(event) for event in conversation.events]
    assert kinds.index(Learned) > kinds.index(ReplyEnded)


def test_a_turn_in_which_nothing_is_learned_is_one_call(endpoint: Endpoint, wire: Wire, start: Start) -> None:
    """With the tool offered, strictly."""
    result = start(endpoint, wire, mode="agentic").say("What's the weather?")
    assert result.usage.calls == 1
    (request,) = endpoint.requests
    assert TOOL in json.dumps(request.json["tools"])


@pytest.mark.parametrize("quirk", ["repeated_names", "no_finish"])
def test_calls_are_read_as_other_servers_send_them(endpoint: Endpoint, start: Start, store: SQLiteStore, quirk: Any) -> None:
    """Seen in the wild: the name in every piece, and no reason to finish."""
    endpoint.tool_call(TOOL, save(name="Alice Chen"))
    endpoint.reply("Welcome, Alice!")
    endpoint.fault("reply", quirk, times=1)
    result = start(endpoint, "chat", mode="agentic").say("Hi! I'm Alice Chen.")
    assert result.reply == "Welcome, Alice!"
    assert fields(store) == {"name": "Alice Chen"}


def test_calls_in_parallel_and_one_after_another(endpoint: Endpoint, wire: Wire, start: Start, store: SQLiteStore) -> None:
    """Each gets its own result."""
    endpoint.reply(Call(TOOL, save(name="Alice Chen")), Call(TOOL, save(company="Acme")))
    endpoint.reply(Call(TOOL, save(role="designer")))
    endpoint.reply("Done.")
    result = start(endpoint, wire, mode="agentic").say("I'm Alice Chen. I work at Acme as a designer.")
    assert fields(store) == {"name": "Alice Chen", "company": "Acme", "role": "designer"}
    assert result.reply == "Done."
    assert result.usage.calls == 3


def test_reasoning_is_passed_back_as_the_api_wants_it(endpoint: Endpoint, start: Start, store: SQLiteStore) -> None:
    """Unchanged, in front of the call it belongs to; the endpoint checks."""
    endpoint.reply(Reasoning("The user is Alice."), Call(TOOL, save(name="Alice Chen")))
    endpoint.reply("Hello.")
    result = start(endpoint, "responses", mode="agentic").say("I'm Alice Chen.")
    assert result.error is None
    kinds = [item.get("type", "message") for item in endpoint.calls("reply")[-1].json["input"]]
    assert kinds == ["message", "reasoning", "function_call", "function_call_output"]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (Call(TOOL, '{"name": '), "not JSON"),
        (Call(TOOL, '{"name": "A", "name": "B"}'), "twice"),
        (Call(TOOL, "[1]"), "object"),
        (Call(TOOL, '{"shoe_size": "44"}'), "shoe_size"),
        (Call(TOOL, '{"unset": ["shoe_size"]}'), "shoe_size"),
        (Call("delete_everything", "{}"), "only one is"),
    ],
)
def test_a_call_that_makes_no_sense_is_answered_with_an_error_and_the_turn_goes_on(
    endpoint: Endpoint,
    wire: Wire,
    start: Start,
    store: SQLiteStore,
    call: Call,
    words: str,
) -> None:
    """Nothing is saved by it."""
    endpoint.reply(call)
    endpoint.reply("Anyway.")
    result = start(endpoint, wire, mode="agentic").say("I'm Alice Chen.")
    assert result.reply == "Anyway."
    assert words in outputs(endpoint)[0]["error"]
    assert fields(store) == {}


def test_the_evidence_may_be_an_earlier_message_of_the_conversation(
    endpoint: Endpoint, wire: Wire, start: Start, store: SQLiteStore
) -> None:
    """But never the assistant's, and never one that a hand has overruled since."""
    conversation = start(endpoint, wire, mode="agentic")
    endpoint.reply("Tom, I guess?")
    conversation.say("I work at Acme.")
    endpoint.reply(Call(TOOL, save(company="Acme", name="Tom")))
    endpoint.reply("Saved.")
    conversation.say("Please remember what I said.")
    assert fields(store) == {"company": "Acme"}


def test_unsetting_needs_the_users_words_too(endpoint: Endpoint, wire: Wire, start: Start, store: SQLiteStore) -> None:
    """A model can't forget what nobody took back."""
    conversation = start(endpoint, wire, mode="agentic")
    endpoint.reply(Call(TOOL, save(company="Acme", name="Alice Chen")))
    endpoint.reply("Saved.")
    conversation.say("I'm Alice Chen. I work at Acme.")
    endpoint.reply(Call(TOOL, save(unset=["company", "name"])))
    endpoint.reply("Gone.")
    conversation.say("I no longer work at Acme.")
    assert fields(store) == {"name": "Alice Chen"}


def test_the_rounds_are_bounded(endpoint: Endpoint, wire: Wire, start: Start) -> None:
    """A model that never stops calling has to answer at last."""
    for _ in range(MAX_ROUNDS):
        endpoint.reply(Call(TOOL, save()))
    endpoint.reply("All right.")
    result = start(endpoint, wire, mode="agentic").say("Hello.")
    assert result.reply == "All right."
    assert result.usage.calls == MAX_ROUNDS + 1
    assert "tools" not in endpoint.calls("reply")[-1].json


def test_a_failed_turn_is_learned_later(endpoint: Endpoint, wire: Wire, start: Start, store: SQLiteStore) -> None:
    """Nothing that was said is lost by it."""
    endpoint.fault("reply", "bad_request", times=1)
    conversation = start(endpoint, wire, mode="agentic")
    assert conversation.say("I'm Alice Chen.").error is not None
    assert len(store.pending("alice")) == 1


def test_it_streams(endpoint: Endpoint, wire: Wire, start: Start) -> None:
    """Each piece as it comes."""
    endpoint.reply(["one ", "two"])
    conversation = start(endpoint, wire, mode="agentic")
    conversation.say("count")
    assert [event.text for event in conversation.events if isinstance(event, TextDelta)] == ["one ", "two"]


def test_a_list_field_takes_several_elements() -> None:
    """Each of which is a proposal of its own; a number is its text."""
    known = [Field("langs", list[str]), Field("age", int)]
    call = ToolCall("1", TOOL, json.dumps({"langs": ["fr", "de"], "age": 42, "unset": ["age"]}))
    assert read_call(call, known) == [
        Proposal("langs", "set", "fr", ""), Proposal("langs", "set", "de", ""), Proposal("age", "set", "42", ""), Proposal("age", "unset", None, ""),
    ]  # fmt: skip


def test_single_elements_are_taken_off_a_list() -> None:
    """Where there is one; the words have to take back that element."""
    known = [Field("langs", list[str], aliases=("languages",)), Field("age", int)]
    assert "_remove" in update_tool(known).parameters["required"]
    assert "_remove" not in update_tool(CUSTOMER.learnable).parameters["properties"]
    call = ToolCall("1", TOOL, json.dumps({"_remove": [{"field": "langs", "value": "Go"}]}))
    (proposal,) = read_call(call, known)
    assert proposal == Proposal("langs", "unset", "Go", "")
    said = ["I write Go.", "I don't use Go any more.", "Thanks!"]
    assert evidence(proposal, known[0], said, ["Go", "Rust"]) == (1, "I don't use Go any more")
    assert evidence(proposal, known[0], said[:1], ["Go", "Rust"]) is None


@pytest.mark.parametrize(
    "removal", ["langs", [1], [{"field": "age", "value": "1"}], [{"field": ["langs"], "value": "x"}], [{"field": "langs"}]]
)
def test_a_removal_that_makes_no_sense_is_refused(removal: Any) -> None:
    """With what would make sense."""
    with pytest.raises(BadCall, match="langs"):
        read_call(ToolCall("1", TOOL, json.dumps({"_remove": removal})), [Field("langs", list[str]), Field("age", int)])


def test_the_tool_says_what_each_field_is() -> None:
    """Types, descriptions and choices; all required and nullable."""
    parameters = update_tool(CUSTOMER.learnable).parameters
    assert parameters["required"] == list(parameters["properties"])
    assert parameters["properties"]["plan_tier"] == {
        "type": ["string", "null"], "enum": ["free", "pro", "enterprise", None], "description": "Subscription tier: free | pro | enterprise",
    }  # fmt: skip


@given(
    st.text()
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda x: st.lists(x) | st.dictionaries(st.sampled_from(["name", "unset", "_remove", "field", "x"]), x),
    ).map(json.dumps)
)
def test_any_arguments_are_read_or_refused(arguments: str) -> None:
    """Whatever a model writes."""
    try:
        proposals = read_call(ToolCall("1", TOOL, arguments), CUSTOMER.learnable)
    except BadCall:
        return
    assert all(p.field in CUSTOMER.by_name for p in proposals)
