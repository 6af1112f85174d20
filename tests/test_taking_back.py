"""Pins, and taking back in the conversation what it has just taught."""

from __future__ import annotations

from profilecli.events import Learned
from profilecli.models import Update
from profilecli.store.sqlite import SQLiteStore
from tests.conftest import SCHEMAS
from tests.conversation import Start, fields
from tests.endpoint import Endpoint, Wire
from tests.program import Program

ACME = {"field": "company", "action": "set", "value": "Acme", "quote": "I work at Acme"}


def test_thats_wrong_takes_back_what_the_last_turn_learned(start: Start, store: SQLiteStore) -> None:
    """Offline: the values are as before, the answer says so, and once more takes back nothing else."""
    conversation = start(None)
    conversation.say("I work at Globex. Call me Ali.")
    conversation.say("I work at Acme now.")
    result = conversation.say("No, undo that.")
    assert fields(store) == {"company": "Globex", "preferred_name": "Ali"}
    assert [(c.field, c.old, c.new, c.source) for c in result.learned] == [("company", "Acme", "Globex", "undo")]
    assert "Globex" in result.reply
    assert conversation.say("That's wrong").learned == ()
    assert fields(store) == {"company": "Globex", "preferred_name": "Ali"}
    assert store.pending("alice") == []


def test_it_takes_back_nothing_of_other_conversations_or_of_a_hand(start: Start, store: SQLiteStore) -> None:
    """Only what the turn before it learned."""
    start(None).say("I work at Globex.")
    conversation = start(None)
    conversation.say("What's the weather?")
    conversation.session.change([Update("role", "replace", "boss", None, "user")])
    conversation.say("That's wrong!")
    assert fields(store) == {"company": "Globex", "role": "boss"}


def test_the_reply_already_knows_that_it_was_wrong(endpoint: Endpoint, wire: Wire, start: Start, store: SQLiteStore) -> None:
    """And no extraction is asked for; the change is an event."""
    endpoint.extract([ACME])
    conversation = start(endpoint, wire)
    conversation.say("I work at Acme")
    asked = len(endpoint.calls("extract"))
    conversation.say("that's not right")
    assert fields(store) == {}
    assert any(isinstance(event, Learned) for event in conversation.events)
    assert len(endpoint.calls("extract")) == asked
    assert "Acme" not in endpoint.calls("reply")[-1].system_text


def test_a_pinned_field_is_left_alone_by_learning_and_the_refusal_is_on_record(start: Start, store: SQLiteStore) -> None:
    """A hand changes it all the same, and unpinned it is learned again."""
    conversation = start(None)
    conversation.say("I work at Acme.")
    store.pin("alice", ["company"])
    result = conversation.say("I work at Globex now. Call me Ali.")
    assert fields(store) == {"company": "Acme", "preferred_name": "Ali"}
    assert [(r.field, r.value, r.reason) for r in result.rejected] == [("company", "Globex", "pinned")]
    assert [entry.rejection.reason for entry in store.rejections("alice", "company")] == ["pinned"]
    assert conversation.say("I work at Acme.").rejected == ()
    conversation.session.change([Update("company", "replace", "Initech", None, "user")])
    assert fields(store)["company"] == "Initech"
    store.unpin("alice", ["company"])
    conversation.say("I work at Globex now.")
    assert fields(store)["company"] == "Globex"


def test_pins_are_set_by_edit(program: Program) -> None:
    """With a value in the same call, too; an unknown field is wrong usage."""
    ran = program("edit", "name=Alice", "--pin", "name")
    assert "name is pinned" in ran.err
    program("ask", "--model", "offline", "My name is Bob Marsh.")
    assert program("show", "--json").json["fields"]["name"] == "Alice"
    assert program("history", "--rejected", "--json").json[0]["reason"] == "pinned"
    assert program("edit", "--pin", "nonsense").code == 2
    assert "no longer pinned" in program("edit", "--unpin", "name").err
    program("ask", "--model", "offline", "My name is Bob Marsh.")
    assert program("show", "--json").json["fields"]["name"] == "Bob Marsh"


def test_a_backup_with_history_is_the_whole_story(program: Program) -> None:
    """Out, in, and out again is the same; undo works in the copy; a dry run says what it would change and changes nothing."""
    schema = ("--schema", "customer", "--schema-dir", str(SCHEMAS))
    program("edit", *schema, "company=Acme", "role=boss", "--pin", "role")
    program("ask", *schema, "--model", "offline", "I work at Globex now.")
    program("edit", "--user", "bob", "name=Bob")
    backup, copy = program.home / "backup.json", program.home / "copy.db"
    assert program("export", "--all", "--history", "-o", backup).code == 0
    dry = program("import", backup, "--dry-run", "--db", copy)
    assert "alice  new" in dry.out
    assert not copy.exists()
    assert program("import", backup, "--db", copy).code == 0
    assert program("export", "--all", "--history", "--db", copy).out == backup.read_text()
    assert program("import", backup, "--dry-run", "--db", copy).out == "alice  as it is\nbob  as it is\n"
    program("undo", "--db", copy)
    assert program("show", "--json", "--db", copy, *schema[2:]).json["fields"]["company"] == "Acme"
    assert "alice  company: Acme → Globex" in program("import", backup, "--dry-run", "--db", copy).out
    assert program("export", "--history", "--format", "csv").code == 2
