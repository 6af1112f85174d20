"""The store, in a real file."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from profilecli.errors import InvalidUserId, StoreError
from profilecli.models import Portable, Profile, Rejection, Source, Update, UpdateAction
from profilecli.schema import SchemaSet
from profilecli.store import open_store
from profilecli.store.migrations import VERSION
from profilecli.store.sqlite import SQLiteStore


def change(field: str, value: object, action: UpdateAction = "set", source: Source = "rules") -> Update:
    """An update as an extractor or a hand makes it."""
    return Update(field, action, value, "the words", source)


def test_a_profile_comes_back_as_an_instance_of_its_schema(store: SQLiteStore) -> None:
    """``profile.company``, typed; None for nobody."""
    assert store.get("alice") is None
    store.apply("alice", [change("name", "Alice"), change("company", "Acme")], schema="customer")
    profile = store.get("alice")
    assert type(profile).__name__ == "CustomerProfile"
    assert (profile.user_id, profile.name, profile.company, profile.role) == ("alice", "Alice", "Acme", None)


def test_the_row_is_made_with_the_first_message(store: SQLiteStore) -> None:
    """With the schema that was chosen, and no field set."""
    store.add_message("alice", "s", "user", "hello", schema="customer")
    (summary,) = store.users()
    assert (summary.user_id, summary.schema, summary.fields_set, summary.pending) == ("alice", "customer", 0, 1)


def test_everything_that_happened_to_a_field_is_in_the_history(store: SQLiteStore) -> None:
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


def test_a_message_is_learned_from_exactly_once(store: SQLiteStore) -> None:
    """Whoever comes second writes nothing."""
    message = store.add_message("alice", "s", "user", "I'm Alice")
    assert [m.id for m in store.pending("alice")] == [message.id]
    assert store.apply("alice", [change("name", "Alice")], message=message).done
    assert store.pending("alice") == []
    assert not store.apply("alice", [change("name", "Bob")], message=message).done
    assert store.get("alice").name == "Alice"


def test_an_older_message_learned_late_does_not_overwrite_a_newer_statement(store: SQLiteStore) -> None:
    """It is on record as superseded; a field that nobody touched since is learned all the same."""
    older = store.add_message("alice", "s", "user", "I'm at Acme in Rome")
    newer = store.add_message("alice", "s", "user", "I'm at Globex")
    store.apply("alice", [change("company", "Globex")], message=newer)
    applied = store.apply("alice", [change("company", "Acme"), change("city", "Rome")], message=older)
    assert [(c.field, c.new, c.superseded) for c in applied.changes] == [("city", "Rome", False), ("company", "Acme", True)]
    profile = store.profile("alice")
    assert profile is not None
    assert profile.fields == {"company": "Globex", "city": "Rome"}


def test_an_older_message_does_not_overwrite_a_hand_edit_either(store: SQLiteStore) -> None:
    """Nor bring back what a hand has cleared."""
    message = store.add_message("alice", "s", "user", "I'm at Acme")
    store.apply("alice", [change("company", "X", "replace", "user")])
    store.apply("alice", [change("company", None, "unset", "user")])
    store.apply("alice", [change("company", "Acme")], message=message)
    profile = store.profile("alice")
    assert profile is not None
    assert profile.fields == {}


def test_refusals_are_kept_with_their_reason(store: SQLiteStore) -> None:
    """For ``history --rejected``."""
    message = store.add_message("alice", "s", "user", "Is Samsung good?")
    store.apply("alice", [], message=message, rejections=[Rejection("company", "Samsung", "it is a question", "Samsung", "model")])
    (entry,) = store.rejections("alice", "company")
    assert (entry.rejection.value, entry.rejection.reason, entry.session_id) == ("Samsung", "it is a question", "s")
    assert store.rejections("alice", "name") == []


def test_undo_takes_back_a_whole_set_and_undo_again_is_no_change(store: SQLiteStore) -> None:
    """A set is everything that one message or one command changed."""
    store.apply("alice", [change("name", "Alice")])
    store.apply("alice", [change("name", "Ali"), change("company", "Acme")])
    assert {c.field for c in store.undo("alice").changes} == {"name", "company"}
    assert store.get("alice").name == "Alice"
    store.undo("alice")
    assert store.profile("alice").fields == {"name": "Ali", "company": "Acme"}  # type: ignore[union-attr]


def test_undo_of_several_sets_is_one_new_set(store: SQLiteStore) -> None:
    """So that one more undo brings all of them back."""
    for company in ("Acme", "Globex", "Initech"):
        store.apply("alice", [change("company", company)])
    store.undo("alice", 2)
    assert store.profile("alice").fields == {"company": "Acme"}  # type: ignore[union-attr]
    store.undo("alice")
    assert store.profile("alice").fields == {"company": "Initech"}  # type: ignore[union-attr]


def test_undo_keeps_a_field_that_has_changed_since(store: SQLiteStore) -> None:
    """Of this conversation's last set, a field that somebody else changed is reported."""
    store.apply("alice", [change("name", "Alice"), change("company", "Acme")], session_id="mine")
    store.apply("alice", [change("company", "Globex")], session_id="theirs")
    undone = store.undo("alice", session_id="mine")
    assert [c.field for c in undone.changes] == ["name"]
    assert undone.kept == ("company",)
    assert store.undo("nobody").changes == ()


def test_an_import_replaces_a_profile_whole_and_leaves_others_alone(store: SQLiteStore) -> None:
    """What the file lacks is unset, and the history says so."""
    store.apply("alice", [change("name", "Alice"), change("company", "Acme")])
    store.apply("bob", [change("name", "Bob")])
    (replaced,) = store.replace([Portable(Profile("alice", "customer", {"name": "Ali"}, "2020-01-01T00:00:00Z", "2020-01-02T00:00:00Z"))])
    assert (replaced.created, {c.field: c.new for c in replaced.changes}) == (False, {"name": "Ali", "company": None})
    profile = store.profile("alice")
    assert profile == Profile("alice", "customer", {"name": "Ali"}, "2020-01-01T00:00:00Z", "2020-01-02T00:00:00Z")
    assert store.history("alice", "company")[-1].source == "import"
    assert store.get("bob").name == "Bob"


def test_an_import_is_all_or_nothing(store: SQLiteStore) -> None:
    """A bad profile at the end takes the first ones with it."""
    with pytest.raises(InvalidUserId):
        store.replace([Portable(Profile("alice", "base", {"name": "A"}, "", "")), Portable(Profile("b\x00", "base", {}, "", ""))])
    assert store.users() == []


@pytest.mark.parametrize("user_id", ["", " ", "a" * 256, "a\nb", "\x1b[31m", "\u202ealice"])
def test_a_user_id_is_printable_text(store: SQLiteStore, user_id: str) -> None:
    """Of 1 to 255 characters."""
    with pytest.raises(InvalidUserId):
        store.add_message(user_id, "s", "user", "hi")


@pytest.mark.parametrize("user_id", ["alice@example.com", "O'Brien; DROP TABLE profiles;--", "李明", "%_*", "a" * 255, "👩‍🔬x"[0] + " x"])
def test_any_printable_text_is_a_user_id(store: SQLiteStore, user_id: str) -> None:
    """Nothing in it is SQL, or a pattern."""
    store.apply(user_id, [change("name", "N")])
    assert [u.user_id for u in store.users()] == [user_id]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=50))
def test_any_text_is_stored_and_read_back_as_it_is(store: SQLiteStore, text: str) -> None:
    """Values, quotes and messages."""
    message = store.add_message("alice", "s", "user", text)
    store.apply("alice", [Update("name", "set", text, text, "rules")], message=message)
    assert store.profile("alice").fields["name"] == text  # type: ignore[union-attr]
    assert store.messages("alice", "s")[-1].content == text
    store.apply("alice", [Update("name", "unset", None, None, "user")])


def test_the_file_is_its_owners_alone(tmp_path: Path, schemas: SchemaSet) -> None:
    """And so is a folder that was made for it; the WAL follows the file."""
    path = tmp_path / "new" / "profiles.db"
    store = open_store(path, schemas=schemas)
    store.add_message("alice", "s", "user", "hi")
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
    store.close()


def test_reading_makes_no_file(tmp_path: Path, schemas: SchemaSet) -> None:
    """A store that isn't there is empty."""
    path = tmp_path / "none.db"
    store = open_store(path, schemas=schemas, create=False)
    assert store.users() == []
    assert not path.exists()
    store.close()


def test_a_file_of_a_newer_version_is_refused_untouched(tmp_path: Path, store: SQLiteStore) -> None:
    """With a line that says what to do."""
    store.close()
    with sqlite3.connect(store.path) as db:
        db.execute(f"PRAGMA user_version = {VERSION + 1}")
    db.close()
    before = store.path.read_bytes()
    with pytest.raises(StoreError, match="newer profilecli"):
        open_store(store.path)
    assert store.path.read_bytes() == before


def test_another_programs_database_is_refused_untouched(tmp_path: Path) -> None:
    """Nobody's photos get a profiles table."""
    path = tmp_path / "photos.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE photos (id)")
    db.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program's database"):
        open_store(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"not a database at all, just text that is long enough to be looked at" * 20, b"SQLite format 3\x00" + b"\xff" * 5000]
)
def test_a_file_that_is_no_database_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    """Text, or a damaged file."""
    path = tmp_path / "x.db"
    path.write_bytes(content)
    with pytest.raises(StoreError) as refused:
        open_store(path)
    assert "\n" not in str(refused.value)
    assert path.read_bytes() == content


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_to_is_reported(tmp_path: Path) -> None:
    """One line, with another way."""
    (tmp_path / "closed").mkdir(mode=0o500)
    with pytest.raises(StoreError, match="--db"):
        open_store(tmp_path / "closed" / "profiles.db")


def test_a_path_through_a_file_is_reported(store: SQLiteStore) -> None:
    """Not a traceback."""
    with pytest.raises(StoreError, match="--db"):
        open_store(store.path / "profiles.db")


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
def test_eight_writers_of_one_profile_lose_nothing(tmp_path: Path) -> None:
    """Different fields all win, the history has every write, and nobody sees a locked database; the file is made by all at once."""
    path, times = tmp_path / "new.db", 40
    writers = [subprocess.Popen([sys.executable, "-c", _WRITER, str(path), f"w{n}", str(times)], stderr=subprocess.PIPE) for n in range(8)]
    for writer in writers:
        assert writer.communicate(timeout=120)[1] == b""
        assert writer.returncode == 0
    store = open_store(path, create=False)
    profile = store.profile("alice")
    assert profile is not None
    assert {profile.fields[f"w{n}"] for n in range(8)} == {str(times - 1)}
    assert len(store.history("alice")) == 8 * times * 2
    store.close()


_CRASHER = """
import os, sys
from profilecli.models import Update
from profilecli.store import open_store
store = open_store(sys.argv[1])
n = 0
while True:
    n += 1
    message = store.add_message("alice", "s", "user", f"number {n}")
    store.apply("alice", [Update("count", "set", str(n), None, "rules")], message=message)
    os.write(1, f"{n}\\n".encode())
"""


@pytest.mark.slow
def test_killed_at_any_moment_the_file_is_sound_and_no_acknowledged_fact_is_gone(tmp_path: Path) -> None:
    """Several processes are killed in the middle of writing."""
    path = tmp_path / "profiles.db"
    for delay in (0.0, 0.003, 0.011, 0.05, 0.1):
        process = subprocess.Popen([sys.executable, "-c", _CRASHER, str(path)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        with_delay = subprocess.run(["sleep", str(delay)], check=True)
        assert with_delay.returncode == 0
        process.kill()
        acknowledged = int((process.stdout.read().split() or [b"1"])[-1])
        process.wait()
        process.stdout.close()
        store = open_store(path)
        profile = store.profile("alice")
        assert profile is not None
        assert int(profile.fields["count"]) >= acknowledged
        store.close()
        db = sqlite3.connect(path)
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        db.close()
