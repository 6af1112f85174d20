"""Profiles that travel from one database to another, with all that belongs to them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from profilecli.models import Change, HeardBefore, Message, PastChange, PastRejection, Portable, Profile, Rejection, Source, Update
from profilecli.store import Heard, Store, open_store
from tests.postgres import Server, any_database, any_store, database, server
from tests.program import Program

__all__ = ["any_database", "any_store", "database", "server"]

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    ["\0", "a\0b", "\ufdd0", "\\u0000", "ß'\"\\%s ?;--"]
)
NAMES = st.sampled_from(["name", "company", "x y", "größe"])
SCALARS = TEXTS | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.booleans()
VALUES = SCALARS | st.lists(SCALARS, min_size=1, max_size=3)
TIMES = st.datetimes().map(lambda at: at.isoformat() + "Z")
SOURCES: st.SearchStrategy[Source] = st.sampled_from(["rules", "model", "tool", "user", "import", "undo"])


@st.composite
def portables(draw: st.DrawFn, user_id: str) -> Portable:
    """A profile with messages, changes that rest on some of them, refusals, pins, and what was heard."""
    messages = [
        Message(n, user_id, draw(TEXTS), draw(st.sampled_from(["user", "assistant"])), draw(TEXTS), draw(TIMES), draw(st.none() | TIMES), draw(st.integers(0, 3)))
        for n in range(1, draw(st.integers(0, 3)) + 1)
    ]  # fmt: skip
    rests_on = st.sampled_from([None, *(message.id for message in messages)])
    sets = itertools.accumulate(draw(st.lists(st.integers(0, 1), max_size=4)), initial=1)
    history = [
        PastChange(
            Change(n, draw(NAMES), draw(st.none() | VALUES), draw(st.none() | VALUES), draw(SOURCES), draw(st.none() | TEXTS), draw(st.none() | TEXTS), draw(TIMES), change_set, draw(st.booleans())),
            draw(TIMES),
            draw(rests_on),
        )
        for n, change_set in enumerate(sets, 1)
    ]  # fmt: skip
    refused = [
        PastRejection(Rejection(draw(NAMES), draw(st.none() | TEXTS), draw(TEXTS), draw(TEXTS), draw(SOURCES)), draw(st.none() | TEXTS), draw(TIMES), draw(rests_on))
        for _ in range(draw(st.integers(0, 2)))
    ]  # fmt: skip
    heard = draw(st.dictionaries(st.binary(min_size=16, max_size=16), st.tuples(st.integers(1, 9), TEXTS, st.integers(1, 9)), max_size=2))
    return Portable(
        Profile(user_id, draw(st.sampled_from(["base", "customer"])), draw(st.dictionaries(NAMES, VALUES)), draw(TIMES), draw(TIMES)),
        tuple(history),
        tuple(sorted(draw(st.sets(NAMES)))),
        tuple(messages),
        tuple(refused),
        tuple(HeardBefore(key, *heard[key]) for key in sorted(heard)),
    )


def unnumbered(portable: Portable) -> Portable:
    """The same with messages, changes and sets numbered from 1, since each database has numbers of its own."""
    numbers: dict[int | None, int | None] = {None: None} | {m.id: n for n, m in enumerate(portable.messages or (), 1)}
    sets: dict[int, int] = {}
    return replace(
        portable,
        messages=tuple(replace(m, id=n) for n, m in enumerate(portable.messages or (), 1)),
        history=tuple(
            PastChange(
                replace(past.change, id=n, change_set=sets.setdefault(past.change.change_set, n)), past.said_at, numbers[past.message_id]
            )
            for n, past in enumerate(portable.history or (), 1)
        ),
        rejections=tuple(replace(past, message_id=numbers[past.message_id]) for past in portable.rejections or ()),
    )


def everything(store: Store) -> list[str]:
    """All that a store has, with the types of numbers."""
    return [repr(_sorted_fields(unnumbered(portable))) for portable in store.portable(whole=True)]


def _sorted_fields(portable: Portable) -> Portable:
    # -0.0 is 0.0, and PostgreSQL's numbers have but one of them; the order of keys is nobody's.
    fields = {name: _zero(value) for name, value in sorted(portable.profile.fields.items())}
    history = tuple(
        replace(past, change=replace(past.change, old=_zero(past.change.old), new=_zero(past.change.new)))
        for past in portable.history or ()
    )
    return replace(portable, profile=replace(portable.profile, fields=fields), history=history)


def _zero(value: Any) -> Any:
    if isinstance(value, list):
        return [_zero(each) for each in value]
    return 0.0 if isinstance(value, float) and value == 0 else value


@pytest.fixture(scope="module")
def line(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Store]]:
    """A file, a server, and another file."""
    folder = tmp_path_factory.mktemp("line")
    stores = [open_store(database) for database in (folder / "first.db", server.new_database(), folder / "last.db")]
    yield stores
    for store in stores:
        store.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=40, deadline=None)
@given(st.tuples(portables("alice"), portables("李明")))
def test_a_copy_to_a_server_and_back_is_equal(line: list[Store], profiles: tuple[Portable, Portable]) -> None:
    """Every text, number, time and reference; and in place of what was there before."""
    first, middle, last = line
    first.replace(profiles)
    middle.replace(first.portable(whole=True))
    last.replace(middle.portable(whole=True))
    expected = everything(first)
    assert everything(middle) == expected
    assert everything(last) == expected
    assert expected == [repr(_sorted_fields(unnumbered(replace(p, history=p.history)))) for p in profiles]


def test_what_a_copy_holds_works_like_the_original(any_store: Store, tmp_path: Path) -> None:
    """What was pending is learned once, what was heard is known, an undo takes back the last set, a late message is superseded."""
    first = any_store.add_message("alice", "s", "user", "I'm Alice at Acme")
    any_store.note_attempt(first.id)
    second = any_store.add_message("alice", "s", "user", "I'm at Globex")
    any_store.apply("alice", [Update("company", "set", "Globex", "at Globex", "rules")], message=second)
    any_store.hear([Heard("bob", "s", "hello", b"k" * 16)], "run")
    any_store.pin("bob", ["name"])
    with open_store(tmp_path / "copy.db") as copy:
        assert [replaced.created for replaced in copy.replace(any_store.portable(whole=True))] == [True, True]
        (waiting,) = copy.pending("alice")
        assert (waiting.content, waiting.attempts) == ("I'm Alice at Acme", 1)
        late = [Update("company", "set", "Acme", "at Acme", "rules"), Update("name", "set", "Alice", "Alice", "rules")]
        assert [(c.field, c.superseded) for c in copy.apply("alice", late, message=waiting).changes] == [("name", False), ("company", True)]
        assert not copy.apply("alice", late, message=waiting).done
        assert copy.hear([Heard("bob", "s", "hello", b"k" * 16)], "another") == [None]
        assert copy.pinned("bob") == ("name",)
        assert [c.field for c in copy.undo("alice").changes] == ["name"]
        copy.erase_fields("alice", ["company"])
        assert copy.messages("alice", "s") == []


def test_what_a_file_does_not_bring_is_left_as_it_is(any_store: Store) -> None:
    """An export has no messages: those that are there stay."""
    any_store.add_message("alice", "s", "user", "hello")
    any_store.replace([Portable(Profile("alice", "base", {"name": "Alice"}, "", ""), history=(), pinned=())])
    assert [m.content for m in any_store.messages("alice", "s")] == ["hello"]
    assert any_store.history("alice") == []


@pytest.fixture
def filled(any_database: str, program: Program) -> str:
    """A database of either kind with something in it, as the program makes it."""
    assert program("chat", "--model", "offline", "--db", any_database, stdin="I'm Alice Chen.\nIs Samsung good?\n").code == 0
    assert program("edit", "--db", any_database, "--user", "bob", "name=Bob", "--pin", "name").code == 0
    return any_database


def test_import_copies_another_database_whole(filled: str, program: Program, tmp_path: Path) -> None:
    """A file or a URL, messages included; first it says what it would do."""
    dry = program("import", filled, "--db", tmp_path / "copy.db", "--dry-run")
    assert (dry.code, dry.out.splitlines()) == (0, ["alice  new", "alice  name: Alice Chen", "bob  new", "bob  name: Bob"])
    assert dry.err.endswith("Would import 2 profiles.\n")
    assert not (tmp_path / "copy.db").exists()
    ran = program("import", filled, "--db", tmp_path / "copy.db")
    assert (ran.code, ran.err) == (0, "Imported 2 profiles.\n")
    with open_store(tmp_path / "copy.db") as copy, open_store(filled) as original:
        assert everything(copy) == everything(original)
        assert len(copy.messages("alice", copy.last_session("alice") or "")) == 4


def test_import_copies_into_a_server(filled: str, program: Program, server: Server) -> None:
    """Over what is there; other users stay."""
    target = server.new_database()
    for user in ("alice", "carol"):
        assert program("edit", "--db", target, "--user", user, "name=X").code == 0
    assert program("import", filled, "--db", target).code == 0
    with open_store(target) as copy, open_store(filled) as original:
        assert [u.user_id for u in copy.users()] == ["alice", "bob", "carol"]
        assert everything(copy)[:2] == everything(original)


def test_import_of_nothing_and_of_itself_is_refused(any_database: str, program: Program, tmp_path: Path) -> None:
    """One line, exit 1; nothing is made."""
    missing = any_database if "://" in any_database else f"{any_database}-missing"
    ran = program("import", missing, "--db", tmp_path / "new.db")
    assert (ran.code, len(ran.err.splitlines())) == (1, 1)
    assert not (tmp_path / "new.db").exists()
    assert program("edit", "--db", any_database, "name=Alice").code == 0
    ran = program("import", any_database, "--db", any_database)
    assert (ran.code, len(ran.err.splitlines())) == (1, 1)
    assert "itself" in ran.err
