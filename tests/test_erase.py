"""Erasing beyond recovery from the file."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from profilecli.errors import NoSuchProfile
from profilecli.models import Rejection, Update
from profilecli.store.sqlite import SQLiteStore


def files(path: Path) -> bytes:
    """Every byte of the database, its WAL and its index."""
    return b"".join(file.read_bytes() for file in sorted(path.parent.glob(path.name + "*")))


def say(store: SQLiteStore, user: str, text: str, **fields: str) -> None:
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


def test_erasing_a_field_takes_its_history_and_the_messages_that_say_it(store: SQLiteStore) -> None:
    """Of either role; other fields and messages stay."""
    say(store, "alice", "I am at Zyxware Labs now", company="Zyxware Labs")
    say(store, "alice", "Call me Ali", preferred_name="Ali")
    store.apply("alice", [], rejections=[Rejection("role", "boss of Zyxware Labs", "not stated by the user", "")])
    erased = store.erase_fields("alice", ["company"])
    assert (erased.messages, erased.changes) == (2, 1)
    assert [m.content for m in store.messages("alice", "s")] == ["Call me Ali", "You said: Call me Ali"]
    assert store.profile("alice").fields == {"preferred_name": "Ali"}  # type: ignore[union-attr]
    assert [c.field for c in store.history("alice")] == ["preferred_name"]
    assert b"Zyxware" not in files(store.path)


def test_a_value_is_looked_for_as_words_not_as_letters(store: SQLiteStore) -> None:
    """Erasing the plan ``pro`` leaves the message about a problem."""
    say(store, "alice", "I have a problem with my products")
    say(store, "alice", "We are on PRO.", plan="pro")
    store.erase_fields("alice", ["plan"])
    assert [m.content for m in store.messages("alice", "s") if m.role == "user"] == ["I have a problem with my products"]


def test_an_earlier_value_of_the_field_is_erased_too(store: SQLiteStore) -> None:
    """Not only the present one."""
    say(store, "alice", "I am at Oldcorp", company="Oldcorp")
    say(store, "alice", "I am at Newcorp", company="Newcorp")
    store.erase_fields("alice", ["company"])
    assert b"Oldcorp" not in files(store.path)
    assert store.messages("alice", "s") == []


def test_other_users_keep_the_same_value(store: SQLiteStore) -> None:
    """Erasing is for one user."""
    say(store, "alice", "I am at Acme Corporation", company="Acme Corporation")
    say(store, "bob", "I am at Acme Corporation", company="Acme Corporation")
    store.erase("alice")
    assert store.get("alice") is None
    assert store.profile("bob").fields == {"company": "Acme Corporation"}  # type: ignore[union-attr]
    assert len(store.messages("bob", "s")) == 2


def test_nobody_can_be_erased_who_is_not_there(store: SQLiteStore) -> None:
    """An error, not a shrug."""
    with pytest.raises(NoSuchProfile):
        store.erase("nobody")
