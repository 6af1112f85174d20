"""Erasing beyond recovery from the file."""

from __future__ import annotations

import contextlib
import random
import sqlite3
from pathlib import Path

import psycopg
import pytest

from profilecli.errors import EraseBlocked, NoSuchProfile
from profilecli.models import Rejection, Update
from profilecli.store import Heard, Store, connection, open_store
from profilecli.store.portables import TABLES
from profilecli.store.sqlite import SQLiteStore
from tests.postgres import any_database, any_store, server

__all__ = ["any_database", "any_store", "server"]


def files(path: Path) -> bytes:
    """Every byte of the database, its WAL and its index."""
    return b"".join(file.read_bytes() for file in sorted(path.parent.glob(path.name + "*")))


def kept(database: str) -> bytes:
    """All that is in a database: the bytes of a file, the rows of a server."""
    if "://" not in database:
        return files(Path(database))
    with contextlib.closing(psycopg.connect(database)) as db:
        rows = [db.execute(f"SELECT {table}::text FROM {table}".encode()).fetchall() for table in TABLES]
        digests = db.execute("SELECT key FROM imports").fetchall()
    return str(rows).encode() + b"".join(row[0] for row in digests)


def say(store: Store, user: str, text: str, **fields: str) -> None:
    """A message, an answer, and what was learned from it."""
    message = store.add_message(user, "s", "user", text)
    store.apply(user, [Update(name, "set", value, value, "rules") for name, value in fields.items()], message=message)
    store.add_message(user, "s", "assistant", f"You said: {text}")


def test_nothing_of_an_erased_user_is_left_in_the_files(store: SQLiteStore) -> None:
    """Among many users with long and short values, whose pages have been split and merged."""
    rng = random.Random(7)
    users = [f"user{n}-{rng.randrange(10**9)}" for n in range(60)]
    for _ in range(3):
        for user in rng.sample(users, len(users)):
            secret = f"{user}-secret-{rng.randrange(10**12)}"
            say(store, user, f"I work at {secret} " + "x" * rng.randrange(900), company=secret)
    for user in rng.sample(users, 20):
        words = [message.content for message in store.messages(user, "s")]
        store.erase(user)
        left = files(store.path)
        assert user.encode() not in left
        assert not [word for word in words if word[:60].encode() in left]
    assert len(store.users()) == 40


def test_erasing_a_field_takes_its_history_and_the_messages_that_say_it(any_store: Store, any_database: str) -> None:
    """Of either role; other fields and messages stay."""
    say(any_store, "alice", "I am at Zyxware Labs now", company="Zyxware Labs")
    say(any_store, "alice", "Call me Ali", preferred_name="Ali")
    any_store.apply("alice", [], rejections=[Rejection("role", "boss of Zyxware Labs", "not stated by the user", "")])
    erased = any_store.erase_fields("alice", ["company"])
    assert (erased.messages, erased.changes) == (2, 1)
    assert [m.content for m in any_store.messages("alice", "s")] == ["Call me Ali", "You said: Call me Ali"]
    assert any_store.profile("alice").fields == {"preferred_name": "Ali"}  # type: ignore[union-attr]
    assert [c.field for c in any_store.history("alice")] == ["preferred_name"]
    assert b"Zyxware" not in kept(any_database)


def test_a_value_is_looked_for_as_words_not_as_letters(any_store: Store) -> None:
    """Erasing the plan ``pro`` leaves the message about a problem."""
    say(any_store, "alice", "I have a problem with my products")
    say(any_store, "alice", "We are on PRO.", plan="pro")
    any_store.erase_fields("alice", ["plan"])
    assert [m.content for m in any_store.messages("alice", "s") if m.role == "user"] == ["I have a problem with my products"]


def test_an_earlier_value_of_the_field_is_erased_too(any_store: Store, any_database: str) -> None:
    """Not only the present one."""
    say(any_store, "alice", "I am at Oldcorp", company="Oldcorp")
    say(any_store, "alice", "I am at Newcorp", company="Newcorp")
    any_store.erase_fields("alice", ["company"])
    assert b"Oldcorp" not in kept(any_database)
    assert any_store.messages("alice", "s") == []


def test_other_users_keep_the_same_value(any_store: Store) -> None:
    """Erasing is for one user."""
    say(any_store, "alice", "I am at Acme Corporation", company="Acme Corporation")
    say(any_store, "bob", "I am at Acme Corporation", company="Acme Corporation")
    any_store.erase("alice")
    assert any_store.get("alice") is None
    assert any_store.profile("bob").fields == {"company": "Acme Corporation"}  # type: ignore[union-attr]
    assert len(any_store.messages("bob", "s")) == 2


def test_values_that_others_have_too_do_not_make_every_erase_rewrite_the_file(store: SQLiteStore) -> None:
    """Long messages, short ones, and a company that all share: what lives is no trace."""
    rng = random.Random(3)
    users = [f"user{n}" for n in range(120)]
    for user in users * 2:
        say(store, user, f"I am at Acme Corporation {rng.random()} " + "words " * rng.choice([1, 50, 2000]), company="Acme Corporation")
    rewritten = []
    for user in rng.sample(users, 30):
        rewritten.append(store.erase(user).vacuumed)
        assert store.profile(user) is None
    assert sum(rewritten) <= 5
    assert len(store.users()) == 90


def test_it_says_that_the_file_is_rewritten_before_it_is(store: SQLiteStore) -> None:
    """With traces that an SQLite without secure_delete has left."""
    say(store, "alice", "I am at Zyxware Labs now", company="Zyxware Labs")
    say(store, "bob", "I am at Acme", company="Acme")
    db = sqlite3.connect(store.path, isolation_level=None)
    db.execute("PRAGMA secure_delete = OFF")
    db.execute("DELETE FROM messages WHERE user_id = 'alice'")
    db.close()
    told: list[bytes] = []
    assert store.erase("alice", rewriting=lambda: told.append(files(store.path))).vacuumed
    assert b"Zyxware" in told[0]
    assert b"Zyxware" not in files(store.path)


def test_pins_and_digests_of_transcripts_go_too(any_store: Store, any_database: str) -> None:
    """So that the same transcript can be learned again, and nothing tells what was in it."""
    heard = [Heard("alice", "s", "I am at Acme", b"0123456789abcdef")]
    assert any_store.hear(heard, "first") != [None]
    any_store.pin("alice", ["name"])
    assert any_store.hear(heard, "second") == [None]
    any_store.erase("alice")
    assert any_store.pinned("alice") == ()
    assert b"0123456789abcdef" not in kept(any_database)
    assert any_store.hear(heard, "third") != [None]


def test_an_erase_that_somebody_blocks_erases_nothing_and_can_be_run_again(store: SQLiteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader keeps old pages in use."""
    say(store, "alice", "I am at Zyxware Labs now", company="Zyxware Labs")
    reader = sqlite3.connect(store.path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM profiles").fetchall()
    say(store, "alice", "Call me Ali", preferred_name="Ali")
    monkeypatch.setattr(connection, "BUSY_SECONDS", 0.1)
    impatient = open_store(store.path)
    with pytest.raises(EraseBlocked, match="Nothing was erased"):
        impatient.erase("alice")
    assert impatient.profile("alice") is not None
    reader.close()
    impatient.erase("alice")
    assert b"Zyxware" not in files(store.path)
    impatient.close()


def test_nobody_can_be_erased_who_is_not_there(any_store: Store) -> None:
    """An error, not a shrug."""
    with pytest.raises(NoSuchProfile):
        any_store.erase("nobody")
