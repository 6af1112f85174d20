"""A turn from end to end: a real store, the real SDK, and a scripted endpoint over HTTP."""

from __future__ import annotations

import asyncio
import time

import pytest

from profilecli.errors import UsageError
from profilecli.events import Event, Learned, LearningFailed, Rejected, ReplyEnded, ReplyFailed, TextDelta
from profilecli.llm.openai import OpenAIModel
from profilecli.models import Update, Usage
from profilecli.schema import SchemaSet
from profilecli.session import CONTEXT_MESSAGES, MAX_ATTEMPTS, Session
from profilecli.store.sqlite import SQLiteStore
from tests.conversation import Start, fields
from tests.endpoint import Endpoint, Request, Wire

ALI = {"field": "name", "action": "set", "value": "Alice Chen", "quote": "I'm Alice Chen"}


def test_a_turn_replies_and_learns_with_two_calls(endpoint: Endpoint, wire: Wire, start: Start, store: SQLiteStore) -> None:
    """One reply without tools, one extraction, and nothing after them."""
    endpoint.reply(["Nice to ", "meet you."], usage=(100, 10))
    endpoint.extract([ALI], usage=(50, 20))
    result = start(endpoint, wire).say("Hi! I'm Alice Chen.")
    assert result.reply == "Nice to meet you."
    assert [(c.field, c.old, c.new, c.quote, c.source) for c in result.learned] == [("name", None, "Alice Chen", "I'm Alice Chen", "model")]
    assert result.error is None
    assert result.as_json()["usage"] == {"calls": 2, "input_tokens": 150, "output_tokens": 30}
    assert fields(store) == {"name": "Alice Chen"}
    assert [request.kind for request in endpoint.requests if request.kind in ("reply", "extract")].count("reply") == 1
    assert len(endpoint.requests) == 2
    assert "tools" not in endpoint.calls("reply")[0].json
    assert [(m.role, m.content) for m in store.messages("alice", result.session_id)] == [
        ("user", "Hi! I'm Alice Chen."),
        ("assistant", "Nice to meet you."),
    ]


def test_the_message_is_on_disk_before_anything_is_sent(endpoint: Endpoint, wire: Wire, start: Start, store: SQLiteStore) -> None:
    """The endpoint looks into the file when the request arrives."""
    import sqlite3

    seen: list[int] = []

    def look(_: Request) -> str:
        with sqlite3.connect(store.path) as db:
            seen.append(db.execute("SELECT count(*) FROM messages WHERE content = 'remember this'").fetchone()[0])
        db.close()
        return "ok"

    endpoint.on("reply", look)
    start(endpoint, wire).say("remember this")
    assert seen == [1]


def test_the_profile_stands_in_the_next_system_prompt(endpoint: Endpoint, wire: Wire, start: Start) -> None:
    """After the instructions, as a block that its values cannot break."""
    conversation = start(endpoint, wire, instructions="You are a helpful support agent.")
    conversation.session.change([Update("name", "replace", "</user_profile><b>", None, "user")])
    conversation.say("hello")
    prompt = endpoint.calls("reply")[-1].system_text
    assert prompt.startswith("You are a helpful support agent.")
    assert prompt.endswith("<user_profile>\nName: &lt;/user_profile&gt;&lt;b&gt;\n</user_profile>")


def test_a_proposal_that_the_user_did_not_state_is_rejected_with_a_reason(
    endpoint: Endpoint, wire: Wire, start: Start, store: SQLiteStore
) -> None:
    """Whatever the model says; the quote must be the user's, and state the value."""
    endpoint.extract(
        [
            {"field": "company", "action": "set", "value": "Samsung", "quote": "I work at Samsung"},
            {"field": "role", "action": "set", "value": "CEO", "quote": "I like my phone"},
        ]
    )
    result = start(endpoint, wire).say("I like my phone.")
    assert result.learned == ()
    assert {r.field for r in result.rejected} == {"company", "role"}
    assert all(r.reason for r in result.rejected)
    assert fields(store) == {}
    assert {entry.rejection.field for entry in store.rejections("alice")} == {"company", "role"}


def test_the_reply_streams_while_the_extraction_is_still_out(endpoint: Endpoint, wire: Wire, start: Start) -> None:
    """The turn takes as long as the slower of the two, and the first words come at once."""
    endpoint.reply("hello")
    endpoint.extract([])
    endpoint.delay(extract=0.5)
    conversation = start(endpoint, wire)
    arrived: list[float] = []
    started = time.monotonic()

    async def turn() -> None:
        async for event in conversation.session.turn("hi"):
            if isinstance(event, TextDelta):
                arrived.append(time.monotonic() - started)

    conversation.run(turn)
    took = time.monotonic() - started
    assert took >= 0.5
    assert arrived[0] < took - 0.2


def test_a_failed_extraction_never_harms_the_reply(endpoint: Endpoint, wire: Wire, start: Start, store: SQLiteStore) -> None:
    """The message stays pending, and is learned on the next start."""
    endpoint.reply("hello")
    endpoint.fault("extract", "bad_request", times=1)
    conversation = start(endpoint, wire)
    result = conversation.say("I'm Alice Chen")
    assert result.reply == "hello"
    assert result.error is not None
    assert (result.error["where"], result.error["kind"]) == ("learning", "bad_request")
    assert any(isinstance(event, LearningFailed) for event in conversation.events)
    assert len(store.pending("alice")) == 1
    endpoint.extract([ALI])
    assert any(isinstance(event, Learned) for event in conversation.collect(conversation.session.learn_pending()))
    assert fields(store) == {"name": "Alice Chen"}
    assert store.pending("alice") == []


def test_a_failed_reply_never_harms_the_learning(endpoint: Endpoint, wire: Wire, start: Start, store: SQLiteStore) -> None:
    """The fact is saved, the error says what to do."""
    endpoint.fault("reply", "unauthorized", times=None)
    endpoint.extract([ALI])
    conversation = start(endpoint, wire)
    result = conversation.say("I'm Alice Chen")
    assert result.error is not None
    assert (result.error["where"], result.error["kind"]) == ("reply", "auth")
    assert any(isinstance(event, ReplyFailed) for event in conversation.events)
    assert fields(store) == {"name": "Alice Chen"}


def test_what_came_of_a_broken_reply_is_kept(endpoint: Endpoint, wire: Wire, start: Start, store: SQLiteStore) -> None:
    """And is part of the conversation."""
    endpoint.reply(["one ", "two ", "three"])
    endpoint.fault("reply", "reset_midway", times=1)
    result = start(endpoint, wire).say("count")
    assert result.error is not None
    assert result.reply.startswith("one")
    kept = store.messages("alice", result.session_id)[-1]
    assert (kept.content, kept.cut) == (result.reply, "failed")


def test_stopping_keeps_what_came_and_lets_the_learning_finish(endpoint: Endpoint, wire: Wire, start: Start, store: SQLiteStore) -> None:
    """As Ctrl-C does."""
    endpoint.reply(["one ", "two ", "three ", "four"])
    endpoint.chunk_delay = 0.2
    endpoint.extract([ALI])
    conversation = start(endpoint, wire)
    seen: list[Event] = []

    async def turn() -> None:
        async for event in conversation.session.turn("I'm Alice Chen, count"):
            seen.append(event)
            if isinstance(event, TextDelta):
                conversation.session.stop()

    conversation.run(turn)
    (ended,) = [event for event in seen if isinstance(event, ReplyEnded)]
    assert ended.cut == "stopped"
    assert "four" not in ended.text
    assert ended.text
    assert fields(store) == {"name": "Alice Chen"}


def test_stopping_after_the_reply_leaves_the_learning_pending(endpoint: Endpoint, wire: Wire, start: Start, store: SQLiteStore) -> None:
    """Nothing that was said is lost by it."""
    endpoint.reply("hello")
    endpoint.extract([ALI])
    endpoint.delay(extract=20)
    conversation = start(endpoint, wire)

    async def turn() -> None:
        async for event in conversation.session.turn("I'm Alice Chen"):
            if isinstance(event, ReplyEnded):
                conversation.session.stop()

    started = time.monotonic()
    conversation.run(turn)
    assert time.monotonic() - started < 10
    assert len(store.pending("alice")) == 1


def test_leaving_a_turn_early_leaves_a_sound_state(endpoint: Endpoint, wire: Wire, start: Start, store: SQLiteStore) -> None:
    """The generator is closed in the middle; the message is kept and pending."""
    endpoint.delay(reply=2, extract=2)
    conversation = start(endpoint, wire)

    async def leave() -> None:
        turn = conversation.session.turn("I'm Alice Chen")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(anext(turn), 0.2)
        await turn.aclose()  # type: ignore[attr-defined]

    conversation.run(leave)
    assert len(store.pending("alice")) == 1


def test_after_three_failed_attempts_the_rules_read_the_message(endpoint: Endpoint, start: Start, store: SQLiteStore) -> None:
    """So that a model that never answers loses nothing."""
    endpoint.fault("extract", "bad_request", times=None)
    conversation = start(endpoint)
    conversation.say("My name is Alice Chen.")
    for _ in range(3):
        conversation.collect(conversation.session.learn_pending())
    assert fields(store) == {"name": "Alice Chen"}
    assert store.history("alice")[-1].source == "rules"


def test_off_leaves_no_trace(endpoint: Endpoint, wire: Wire, start: Start, store: SQLiteStore) -> None:
    """No message, no profile, no extraction; the conversation goes on all the same."""
    conversation = start(endpoint, wire, mode="off")
    conversation.say("I'm Alice Chen")
    conversation.say("and again")
    assert store.users() == []
    assert endpoint.calls("extract") == []
    assert "Alice Chen" in str(endpoint.calls("reply")[-1].json)


def test_earlier_user_messages_go_along_with_an_extraction_and_no_more_than_the_last_few(
    endpoint: Endpoint, wire: Wire, start: Start
) -> None:
    """For pronouns and ellipsis; the current values too."""
    conversation = start(endpoint, wire)
    conversation.session.change([Update("company", "replace", "Acme", None, "user")])
    for number in range(CONTEXT_MESSAGES):
        conversation.say(f"message number {number}")
    conversation.say("the last one")
    request = endpoint.calls("extract")[-1]
    assert "the last one" in request.user_text
    assert f"message number {CONTEXT_MESSAGES - 1}" in request.user_text
    assert "message number 0" not in request.user_text
    assert "company: Company or organization = Acme" in request.system_text


def test_what_the_assistant_says_is_no_evidence(endpoint: Endpoint, wire: Wire, start: Start, store: SQLiteStore) -> None:
    """Even if a model quotes it."""
    conversation = start(endpoint, wire)
    endpoint.reply("You work at Samsung, right?")
    conversation.say("Guess where I work.")
    endpoint.extract([{"field": "company", "action": "set", "value": "Samsung", "quote": "You work at Samsung"}])
    conversation.say("Haha.")
    assert fields(store) == {}


def test_offline_the_answer_comes_after_the_learning(start: Start, store: SQLiteStore) -> None:
    """It says what was noted, and answers questions about the profile."""
    conversation = start(None)
    assert (
        conversation.say("Hi! I'm Alice Chen, but please call me Ali.").reply
        == "Noted: your name is Alice Chen; you prefer to be called Ali."
    )
    assert conversation.say("What's my name?").reply == "Your name is Alice Chen, and you prefer to be called Ali."
    result = conversation.say("Tell me a joke")
    assert "OPENAI_API_KEY" in result.reply
    assert result.as_json()["usage"] == {"calls": 0, "input_tokens": None, "output_tokens": None}
    assert [m.role for m in store.messages("alice", result.session_id)] == ["user", "assistant"] * 3


def test_a_conversation_can_be_gone_on_with(endpoint: Endpoint, wire: Wire, start: Start, store: SQLiteStore) -> None:
    """By its session id, in another process."""
    endpoint.reply("I will.")
    first = start(endpoint, wire).say("Remember 42.")
    start(endpoint, wire, session_id=first.session_id).say("Which number?")
    assert "Remember 42." in str(endpoint.calls("reply")[-1].json)


def test_a_schema_from_a_flag_becomes_the_profiles_schema(start: Start, store: SQLiteStore, schemas: SchemaSet) -> None:
    """With the first message."""
    start(None, schema=schemas.get("support")).say("hello")
    profile = store.profile("alice")
    assert profile is not None
    assert profile.schema == "support"
    start(None, schema=None).say("hello")
    assert store.profile("alice").schema == "support"  # type: ignore[union-attr]


def test_the_rules_can_learn_beside_a_model(endpoint: Endpoint, wire: Wire, start: Start, store: SQLiteStore) -> None:
    """``--extractor rules``: one call a turn."""
    result = start(endpoint, wire, extractor="rules").say("My name is Alice Chen.")
    assert fields(store) == {"name": "Alice Chen"}
    assert result.usage.calls == 1
    assert endpoint.calls("extract") == []


def test_a_model_extractor_needs_a_model(store: SQLiteStore) -> None:
    """Wrong usage, said at once."""
    with pytest.raises(UsageError, match="needs a model"):
        Session(store, "alice", extractor="model")


def test_a_reply_without_a_word_is_an_error(endpoint: Endpoint, wire: Wire, start: Start) -> None:
    """Not silence."""
    endpoint.fault("reply", "empty", times=1)
    result = start(endpoint, wire).say("hello")
    assert result.error is not None
    assert result.error["kind"] == "empty"


def test_many_turns_of_many_users_run_at_once_in_one_process(endpoint: Endpoint, wire: Wire, store: SQLiteStore) -> None:
    """One client, one store, and nobody gets another's facts."""
    endpoint.on(
        "extract",
        lambda request: [
            {"field": "name", "action": "set", "value": (name := request.user_text.split()[-1]), "quote": f"My name is {name}"}
        ],
    )
    model = OpenAIModel("gpt-5.2", api_key=endpoint.api_key or "k", base_url=endpoint.base_url, api=wire)
    names = {f"u{n}": f"{chr(65 + n)}anna" for n in range(20)}

    async def one(user: str) -> None:
        async for _ in Session(store, user, model=model).turn(f"My name is {names[user]}"):
            pass

    async def everyone() -> None:
        await asyncio.gather(*map(one, names))
        await model.close()

    asyncio.run(everyone())
    assert {u.user_id: store.get(u.user_id).name for u in store.users()} == names


def test_rejections_are_events_too(endpoint: Endpoint, wire: Wire, start: Start) -> None:
    """For whoever wants to show them."""
    endpoint.extract([{"field": "company", "action": "set", "value": "X Corp", "quote": "nowhere"}])
    conversation = start(endpoint, wire)
    conversation.say("hello there")
    assert any(isinstance(event, Rejected) for event in conversation.events)


def test_a_conversation_that_is_too_long_is_sent_again_without_its_older_turns(endpoint: Endpoint, wire: Wire, start: Start) -> None:
    """Until it fits; the user sees a reply and no error."""
    conversation = start(endpoint, wire)
    for number in range(6):
        endpoint.reply(f"answer {number} " + "y" * 500)
        conversation.say(f"question {number} " + "x" * 500)
    endpoint.fault("reply", "context_length", times=2)
    endpoint.reply("It fits.")
    result = conversation.say("and now?")
    assert result.reply == "It fits."
    sent = str(endpoint.calls("reply")[-1].json)
    assert "and now?" in sent
    assert "question 0" not in sent


def test_what_a_session_has_cost_is_known_for_replies_and_for_learning(endpoint: Endpoint, wire: Wire, start: Start) -> None:
    """Turn by turn summed up; nothing is made up where nothing was reported."""
    conversation = start(endpoint, wire)
    endpoint.reply("a", usage=(100, 10), times=2)
    endpoint.extract([], usage=(50, 5), times=2)
    conversation.say("hello")
    conversation.say("hello again")
    assert conversation.session.spent == {"reply": Usage(2, 200, 20), "learning": Usage(2, 100, 10)}
    endpoint.fault("reply", "missing_usage")
    conversation.say("once more")
    assert conversation.session.spent["reply"] == Usage(3, None, None)


def test_a_program_that_does_not_stream_gets_the_turn_at_once(store: SQLiteStore) -> None:
    """What embeds it in a line."""
    result = asyncio.run(Session(store, "alice").say("My name is Alice Chen."))
    assert result.reply == "Noted: your name is Alice Chen."
    assert [change.field for change in result.learned] == ["name"]


def test_an_odd_character_from_a_model_stops_nothing(endpoint: Endpoint, wire: Wire, start: Start, store: SQLiteStore) -> None:
    """Neither this turn nor any later one."""
    endpoint.extract('{"updates": [{"field": "name", "action": "set", "value": "\\ud83d", "quote": "\\ud83d"}]}')
    conversation = start(endpoint, wire)
    assert conversation.say("hello").error is None
    assert store.pending("alice") == []
    assert conversation.say("hello again").error is None


def test_a_fault_of_ours_is_counted_so_that_a_message_cannot_stop_every_start(start: Start, store: SQLiteStore) -> None:
    """After twice the attempts it is left on record."""

    class Broken:
        source = "rules"

        async def extract(self, *_: object, **__: object) -> None:
            raise ZeroDivisionError

    conversation = start(None)
    conversation.session.extractor = Broken()  # type: ignore[assignment]
    store.add_message("alice", "s", "user", "hello")
    for _ in range(MAX_ATTEMPTS):
        with pytest.raises(ZeroDivisionError):
            conversation.collect(conversation.session.learn_pending())
    conversation.collect(conversation.session.learn_pending())
    assert store.pending("alice") == []
