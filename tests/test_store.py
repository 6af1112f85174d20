"""What every store does, whatever database is behind it: one suite, on SQLite and on PostgreSQL."""

from __future__ import annotations

import contextlib
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from profilecli.errors import InvalidUserId
from profilecli.models import Portable, Profile, Rejection, Source, Update, UpdateAction
from profilecli.schema import SchemaSet
from profilecli.store import Heard, Learning, Store, open_store
from tests.postgres import any_database, any_store, server

__all__ = ["any_database", "any_store", "server"]


@pytest.fixture
def store(any_store: Store) -> Store:
    """A store of either kind."""
    return any_store


def change(field: str, value: object, action: UpdateAction = "set", source: Source = "rules") -> Update:
    """An update as an extractor or a hand makes it."""
    return Update(field, action, value, "the words", source)


def test_a_profile_comes_back_as_an_instance_of_its_schema(store: Store) -> None:
    """``profile.company``, typed; None for nobody."""
    assert store.get("alice") is None
    store.apply("alice", [change("name", "Alice"), change("company", "Acme")], schema="customer")
    profile = store.get("alice")
    assert type(profile).__name__ == "CustomerProfile"
    assert (profile.user_id, profile.name, profile.company, profile.role) == ("alice", "Alice", "Acme", None)


def test_the_row_is_made_with_the_first_message(store: Store) -> None:
    """With the schema that was chosen, and no field set."""
    store.add_message("alice", "s", "user", "hello", schema="customer")
    (summary,) = store.users()
    assert (summary.user_id, summary.schema, summary.fields_set, summary.pending) == ("alice", "customer", 0, 1)


def test_everything_that_happened_to_a_field_is_in_the_history(store: Store) -> None:
    """Old, new, by whom, the words, the conversation."""
    message = store.add_message("alice", "s1", "user", "I work at Acme")
    store.apply("alice", [change("company", "Acme")], message=message)
    store.apply("alice", [change("company", "Globex", "replace", "user")])
    store.apply("alice", [change("company", None, "unset", "user")])
    assert [(c.old, c.new, c.source, c.quote, c.session_id) for c in store.history("alice", "company")] == [
        (None, "Acme", "rules", "the words", "s1"),
        ("Acme", "Globex", "user", "the words", None),
        ("Globex", None, "user", "the words", None),
    ]


def test_a_message_is_learned_from_exactly_once(store: Store) -> None:
    """Whoever comes second writes nothing."""
    message = store.add_message("alice", "s", "user", "I'm Alice")
    assert [m.id for m in store.pending("alice")] == [message.id]
    assert store.apply("alice", [change("name", "Alice")], message=message).done
    assert store.pending("alice") == []
    assert not store.apply("alice", [change("name", "Bob")], message=message).done
    assert store.get("alice").name == "Alice"


def test_an_older_message_learned_late_does_not_overwrite_a_newer_statement(store: Store) -> None:
    """It is on record as superseded; a field that nobody touched since is learned all the same."""
    older = store.add_message("alice", "s", "user", "I'm at Acme in Rome")
    newer = store.add_message("alice", "s", "user", "I'm at Globex")
    store.apply("alice", [change("company", "Globex")], message=newer)
    applied = store.apply("alice", [change("company", "Acme"), change("city", "Rome")], message=older)
    assert [(c.field, c.new, c.superseded) for c in applied.changes] == [("city", "Rome", False), ("company", "Acme", True)]
    profile = store.profile("alice")
    assert profile is not None
    assert profile.fields == {"company": "Globex", "city": "Rome"}


def test_an_older_message_does_not_overwrite_a_hand_edit_either(store: Store) -> None:
    """Nor bring back what a hand has cleared."""
    message = store.add_message("alice", "s", "user", "I'm at Acme")
    store.apply("alice", [change("company", "X", "replace", "user")])
    store.apply("alice", [change("company", None, "unset", "user")])
    store.apply("alice", [change("company", "Acme")], message=message)
    profile = store.profile("alice")
    assert profile is not None
    assert profile.fields == {}


def test_refusals_are_kept_with_their_reason(store: Store) -> None:
    """For ``history --rejected``."""
    message = store.add_message("alice", "s", "user", "Is Samsung good?")
    store.apply("alice", [], message=message, rejections=[Rejection("company", "Samsung", "it is a question", "Samsung", "model")])
    (entry,) = store.rejections("alice", "company")
    assert (entry.rejection.value, entry.rejection.reason, entry.session_id) == ("Samsung", "it is a question", "s")
    assert store.rejections("alice", "name") == []


def test_undo_takes_back_a_whole_set_and_undo_again_is_no_change(store: Store) -> None:
    """A set is everything that one message or one command changed."""
    store.apply("alice", [change("name", "Alice")])
    store.apply("alice", [change("name", "Ali"), change("company", "Acme")])
    assert {c.field for c in store.undo("alice").changes} == {"name", "company"}
    assert store.get("alice").name == "Alice"
    store.undo("alice")
    assert store.profile("alice").fields == {"name": "Ali", "company": "Acme"}  # type: ignore[union-attr]


def test_undo_of_several_sets_is_one_new_set(store: Store) -> None:
    """So that one more undo brings all of them back."""
    for company in ("Acme", "Globex", "Initech"):
        store.apply("alice", [change("company", company)])
    store.undo("alice", 2)
    assert store.profile("alice").fields == {"company": "Acme"}  # type: ignore[union-attr]
    store.undo("alice")
    assert store.profile("alice").fields == {"company": "Initech"}  # type: ignore[union-attr]


def test_undo_keeps_a_field_that_has_changed_since(store: Store) -> None:
    """Of this conversation's last set, a field that somebody else changed is reported."""
    store.apply("alice", [change("name", "Alice"), change("company", "Acme")], session_id="mine")
    store.apply("alice", [change("company", "Globex")], session_id="theirs")
    undone = store.undo("alice", session_id="mine")
    assert [c.field for c in undone.changes] == ["name"]
    assert undone.kept == ("company",)
    assert store.undo("nobody").changes == ()


def test_an_import_replaces_a_profile_whole_and_leaves_others_alone(store: Store) -> None:
    """What the file lacks is unset, and the history says so."""
    store.apply("alice", [change("name", "Alice"), change("company", "Acme")])
    store.apply("bob", [change("name", "Bob")])
    (replaced,) = store.replace([Portable(Profile("alice", "customer", {"name": "Ali"}, "2020-01-01T00:00:00Z", "2020-01-02T00:00:00Z"))])
    assert (replaced.created, {c.field: c.new for c in replaced.changes}) == (False, {"name": "Ali", "company": None})
    profile = store.profile("alice")
    assert profile == Profile("alice", "customer", {"name": "Ali"}, "2020-01-01T00:00:00Z", "2020-01-02T00:00:00Z")
    assert store.history("alice", "company")[-1].source == "import"
    assert store.get("bob").name == "Bob"


def test_an_import_is_all_or_nothing(store: Store) -> None:
    """A bad profile at the end takes the first ones with it."""
    with pytest.raises(InvalidUserId):
        store.replace([Portable(Profile("alice", "base", {"name": "A"}, "", "")), Portable(Profile("b\x00", "base", {}, "", ""))])
    assert store.users() == []


@pytest.mark.parametrize("user_id", ["", " ", "a" * 256, "a\nb", "\x1b[31m", "\u202ealice"])
def test_a_user_id_is_printable_text(store: Store, user_id: str) -> None:
    """Of 1 to 255 characters."""
    with pytest.raises(InvalidUserId):
        store.add_message(user_id, "s", "user", "hi")


@pytest.mark.parametrize("user_id", ["alice@example.com", "O'Brien; DROP TABLE profiles;--", "李明", "%_*", "a" * 255, "👩‍🔬x"[0] + " x"])
def test_any_printable_text_is_a_user_id(store: Store, user_id: str) -> None:
    """Nothing in it is SQL, or a pattern."""
    store.apply(user_id, [change("name", "N")])
    assert [u.user_id for u in store.users()] == [user_id]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=50))
def test_any_text_is_stored_and_read_back_as_it_is(store: Store, text: str) -> None:
    """Values, quotes and messages."""
    message = store.add_message("alice", "s", "user", text)
    store.apply("alice", [Update("name", "set", text, text, "rules")], message=message)
    assert store.profile("alice").fields["name"] == text  # type: ignore[union-attr]
    assert store.messages("alice", "s")[-1].content == text
    store.apply("alice", [Update("name", "unset", None, None, "user")])


def test_reading_makes_no_database(any_database: str, schemas: SchemaSet) -> None:
    """A store that isn't there is empty, and stays so."""
    for _ in range(2):
        store = open_store(any_database, schemas=schemas, create=False)
        assert store.in_memory
        assert store.users() == []
        assert store.get("alice") is None
        store.close()


def test_what_was_heard_is_heard_once_and_two_equal_lines_are_two(store: Store) -> None:
    """Within a run and over runs."""
    twice = [Heard("alice", "s", "hello", b"k" * 16)] * 2
    assert [message is not None for message in store.hear(twice, "first")] == [True, True]
    assert store.hear(twice, "second") == [None, None]
    assert [message is not None for message in store.hear(twice + twice[:1], "third")] == [False, False, True]
    assert [m.content for m in store.pending("alice")] == ["hello"] * 3
    assert store.awaiting() == ["alice"]
    assert store.last_session("alice") == "s"


def test_what_was_heard_with_a_schema_gets_it_only_if_it_is_new(store: Store) -> None:
    """The profile keeps its schema when a transcript is read again."""
    heard = Heard("alice", "s", "hello", b"k" * 16, schema="customer")
    store.hear([heard], "first")
    store.apply("alice", [], schema="base")
    store.hear([heard], "second")
    assert store.profile("alice").schema == "base"  # type: ignore[union-attr]


def test_many_learnings_are_one_transaction(store: Store) -> None:
    """One that can't be written takes all with it."""
    good = Learning("alice", [change("name", "Alice")])
    with pytest.raises(ValueError, match="JSON"):
        store.apply_all([good, Learning("bob", [change("age", float("nan"))])])
    assert store.users() == []


def test_failed_attempts_are_counted(store: Store) -> None:
    """For the message that failed, as long as it is still to be learned."""
    first, second = (store.add_message("alice", "s", "user", text) for text in ("one", "two"))
    assert [store.note_attempt(first.id), store.note_attempt(first.id), store.note_attempt(second.id)] == [1, 2, 1]
    assert [m.attempts for m in store.pending("alice", 1)] == [2]
    assert store.note_attempt(10**9) == 0


def test_what_a_conversation_taught_is_unlearned_and_a_hand_edit_is_not(store: Store) -> None:
    """Since a moment."""
    message = store.add_message("alice", "s", "user", "I'm Alice at Acme")
    store.apply("alice", [change("name", "Alice"), change("company", "Acme")], message=message)
    store.apply("alice", [change("company", "Globex", "replace", "user")], session_id="s")
    undone = store.unlearn("alice", "s", message.at)
    assert ([c.field for c in undone.changes], undone.kept) == (["name"], ("company",))
    assert store.profile("alice").fields == {"company": "Globex"}  # type: ignore[union-attr]


def test_a_pinned_field_is_left_alone_until_it_is_let_go(store: Store) -> None:
    """What learning proposes for it is a rejection; pinning twice is one pin."""
    store.apply("alice", [change("name", "Alice")])
    store.pin("alice", ["name", "company"])
    store.pin("alice", ["name"])
    assert store.pinned("alice") == ("company", "name")
    applied = store.apply("alice", [change("name", "Bob")])
    assert (applied.changes, [r.reason for r in applied.pinned]) == ((), ["pinned"])
    store.unpin("alice", ["name"])
    store.apply("alice", [change("name", "Bob")])
    assert store.get("alice").name == "Bob"


def test_an_answer_to_somebody_who_was_erased_meanwhile_is_not_kept(store: Store) -> None:
    """Nor makes a profile."""
    assert store.add_message("alice", "s", "assistant", "Hi!").id == 0
    assert store.users() == []


def test_all_profiles_are_read_as_of_one_moment_while_others_write(store: Store) -> None:
    """And the same store may write meanwhile; more of them than are read at once."""
    store.replace([Portable(Profile(f"user{n:04}", "base", {"name": "A"}, "", "")) for n in range(1100)])
    seen = 0
    for profile in store.profiles():
        assert profile.fields == {"name": "A"}
        if not seen:
            store.apply("user1099", [change("name", "B")])
        seen += 1
    assert seen == 1100
    assert store.get("user1099").name == "B"
    assert [p.profile.user_id for p in store.portable()] == [u.user_id for u in store.users()]


def test_users_come_in_the_order_of_their_characters(store: Store) -> None:
    """Whatever the locale of a server: capitals first, accents last."""
    for user in ("b", "B", "a", "é", "_", "10", "9", "李明"):
        store.apply(user, [change("name", "N")])
    expected = ["10", "9", "B", "_", "a", "b", "é", "李明"]
    assert [u.user_id for u in store.users()] == expected == [p.user_id for p in store.profiles()]


@pytest.mark.parametrize(
    "value", [True, 0, -1, 2**70, 0.1, 1e22, -1e308, 5e-324, 1.0, "", "\\u0000 \\", ["a", 'b"', "é\u2028"], [1.0, 1e16]]
)
def test_a_value_comes_back_with_its_type(store: Store, value: object) -> None:
    """Numbers to the last digit, in the profile and in the history."""
    store.apply("alice", [change("x", value, "replace", "user")])
    profile = store.profile("alice")
    assert profile is not None
    for found in (profile.fields["x"], store.history("alice")[-1].new):
        assert (found, type(found)) == (value, type(value))
        if isinstance(value, list):
            assert list(map(type, found)) == list(map(type, value))


@pytest.mark.parametrize("text", ["a\0b", "\0", "\ufdd0", "\ufdd00\0\ufdd0", "\\u0000 as typed", "\\\\u0000", "\uffff\U0010ffff"])
def test_text_with_nul_and_other_oddities_comes_back_as_it_is(store: Store, text: str) -> None:
    """A paste may hold anything: messages, quotes, values, refusals."""
    message = store.add_message("alice", "s\0", "user", text)
    store.apply("alice", [Update("name", "set", text, text, "rules")], message=message, rejections=[Rejection("role", text, "no", text)])
    assert [m.content for m in store.messages("alice", "s\0")] == [text]
    assert store.profile("alice").fields == {"name": text}  # type: ignore[union-attr]
    assert [(c.new, c.quote, c.session_id) for c in store.history("alice")] == [(text, text, "s\0")]
    assert [(r.rejection.value, r.rejection.quote) for r in store.rejections("alice")] == [(text, text)]
    assert [p.messages[0].content for p in store.portable("alice", whole=True) if p.messages] == [text]


def test_nothing_that_is_tried_out_is_kept(store: Store) -> None:
    """A rehearsal knows the users who were brought over, with their history, pins and what was heard, and forgets all."""
    store.hear([Heard("alice", "s", "hello", b"k" * 16)], "first")
    store.apply("alice", [change("name", "Alice")])
    store.pin("alice", ["name"])
    with store.rehearsal() as stage:
        stage.adopt("alice")
        stage.adopt("bob")
        assert stage.get("alice").name == "Alice"
        assert (stage.pinned("alice"), len(stage.history("alice")), stage.awaiting()) == (("name",), 1, [])
        assert stage.hear([Heard("alice", "s", "hello", b"k" * 16)], "second") == [None]
        stage.apply("alice", [change("company", "Acme")])
        stage.apply("bob", [change("name", "Bob")])
        with pytest.raises(InvalidUserId):
            stage.adopt("")
    assert [u.user_id for u in store.users()] == ["alice"]
    assert store.profile("alice").fields == {"name": "Alice"}  # type: ignore[union-attr]


def test_a_dry_import_changes_nothing(store: Store) -> None:
    """And says what it would."""
    store.apply("alice", [change("name", "Alice")])
    (replaced,) = store.replace([Portable(Profile("alice", "base", {"name": "Ali"}, "", ""))], dry_run=True)
    assert [(c.old, c.new) for c in replaced.changes] == [("Alice", "Ali")]
    assert store.get("alice").name == "Alice"
    assert len(store.history("alice")) == 1


_WRITER = """
import sys
from profilecli.models import Update
from profilecli.store import open_store
path, who, times = sys.argv[1], sys.argv[2], int(sys.argv[3])
store = open_store(path)
for n in range(times):
    store.apply("alice", [Update(who, "set", str(n), None, "rules"), Update("shared", "set", f"{who} {n}", None, "rules")])
"""


@pytest.mark.slow
def test_eight_writers_of_one_profile_lose_nothing(any_database: str) -> None:
    """Different fields all win, the history has every write, nobody sees a lock; the database is made by all at once."""
    times = 40
    writers = [
        subprocess.Popen([sys.executable, "-c", _WRITER, any_database, f"w{n}", str(times)], stderr=subprocess.PIPE) for n in range(8)
    ]
    for writer in writers:
        assert writer.communicate(timeout=120)[1] == b""
        assert writer.returncode == 0
    with contextlib.closing(open_store(any_database, create=False)) as store:
        profile = store.profile("alice")
        history = store.history("alice")
    assert profile is not None
    assert {profile.fields[f"w{n}"] for n in range(8)} == {str(times - 1)}
    assert len(history) == 8 * times * 2
    shared = [change for change in history if change.field == "shared"]
    assert [change.old for change in shared] == [None, *(change.new for change in shared[:-1])]
    assert profile.fields["shared"] == shared[-1].new
