"""Any sequence of learning, editing, pinning, undoing and resetting gives what a plain model in a few lines predicts."""

from __future__ import annotations

import tempfile
from collections import deque
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from profilecli.models import Message, Update
from profilecli.schema import SchemaSet
from profilecli.store import Learning, open_store
from tests.conftest import SCHEMAS
from tests.postgres import Server, server

__all__ = ["server"]

USERS = st.sampled_from(["alice", "alice2", "李明"])
FIELDS = st.sampled_from(["name", "company", "role"])
VALUES = st.sampled_from(["Acme", "Globex", "Initech Labs", "x", '</a> "q"']) | st.none()
CHANGES = st.dictionaries(FIELDS, VALUES, min_size=1, max_size=3)

Sets = list[dict[str, tuple[Any, Any]]]


class _User:
    """What is to be expected of one user: values, when each was last spoken of, the change sets, and the pins."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.moment: dict[str, int] = {}
        self.sets: Sets = []
        self.pins: set[str] = set()
        self.waiting: deque[tuple[Message, int]] = deque()

    def write(self, changes: dict[str, Any], moment: int) -> None:
        """Changes the fields as one set; what is the same already is no change."""
        done = {}
        for name, value in changes.items():
            if (old := self.values.get(name)) != value:
                done[name] = (old, value)
                self.values[name] = value
                self.moment[name] = moment
        self.values = {name: value for name, value in self.values.items() if value is not None}
        if done:
            self.sets.append(done)

    def learn(self, changes: dict[str, Any], moment: int) -> None:
        """Changes the fields that are not pinned and that nobody has spoken of since."""
        self.write({n: v for n, v in changes.items() if n not in self.pins and self.moment.get(n, -1) <= moment}, moment)

    def undo(self, count: int, moment: int) -> None:
        """Takes back the newest sets as one, but what has changed since."""
        first: dict[str, Any] = {}
        last: dict[str, Any] = {}
        for changes in self.sets[-count:]:
            for name, (old, new) in changes.items():
                first.setdefault(name, old)
                last[name] = new
        self.write({name: old for name, old in first.items() if self.values.get(name) == last[name]}, moment)


class StoreMachine(RuleBasedStateMachine):
    """The store beside its model."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.database = self.new_database()
        self.store = open_store(self.database, schemas=SchemaSet([SCHEMAS]))
        self.model: dict[str, _User] = {}
        self.clock = 0

    def new_database(self) -> str:
        """A database that isn't there yet."""
        return str(Path(self.folder.name) / "profiles.db")

    def teardown(self) -> None:
        """Removes the file."""
        self.store.close()
        self.folder.cleanup()

    def now(self) -> int:
        """A moment after all others."""
        self.clock += 1
        return self.clock

    @rule(user=USERS)
    def say(self, user: str) -> None:
        """A message is kept, and waits."""
        message = self.store.add_message(user, "s", "user", "words")
        self.model.setdefault(user, _User()).waiting.append((message, self.now()))

    @precondition(lambda self: any(user.waiting for user in self.model.values()))
    @rule(data=st.data(), changes=CHANGES, newest=st.booleans(), twice=st.booleans())
    def learn(self, data: st.DataObject, changes: dict[str, Any], newest: bool, twice: bool) -> None:
        """A message is learned from, in any order, and only once."""
        user = data.draw(st.sampled_from(sorted(name for name, user in self.model.items() if user.waiting)))
        expected = self.model[user]
        message, moment = expected.waiting.pop() if newest else expected.waiting.popleft()
        updates = [Update(n, "unset" if v is None else "set", v, "words", "rules") for n, v in changes.items()]
        learning = Learning(user, updates, message)
        applied = self.store.apply_all([learning] * (2 if twice else 1))
        assert [each.done for each in applied] == [True, False][: len(applied)]
        expected.learn(changes, moment)

    @rule(user=USERS, changes=CHANGES)
    def edit(self, user: str, changes: dict[str, Any]) -> None:
        """A hand changes what it wants."""
        self.store.apply(user, [Update(n, "unset" if v is None else "replace", v, None, "user") for n, v in changes.items()])
        self.model.setdefault(user, _User()).write(changes, self.now())

    @rule(user=USERS, field=FIELDS, on=st.booleans())
    def pin(self, user: str, field: str, on: bool) -> None:
        """A pin comes or goes."""
        if user in self.model:
            (self.store.pin if on else self.store.unpin)(user, [field])
            (self.model[user].pins.add if on else self.model[user].pins.discard)(field)

    @rule(user=USERS, count=st.integers(1, 3))
    def undo(self, user: str, count: int) -> None:
        """The newest sets are taken back."""
        self.store.undo(user, count)
        if user in self.model:
            self.model[user].undo(count, self.now())

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def reset(self, data: st.DataObject) -> None:
        """A user is erased; what waited has nothing to change any more."""
        user = data.draw(st.sampled_from(sorted(self.model)))
        self.store.erase(user)
        for message, _ in self.model.pop(user).waiting:
            assert not self.store.apply(user, [Update("name", "set", "ghost", "words", "rules")], message=message).done

    @rule()
    def open_again(self) -> None:
        """Another process sees the same."""
        self.store.close()
        self.store = open_store(self.database, schemas=SchemaSet([SCHEMAS]))

    @invariant()
    def the_store_is_as_the_model_says(self) -> None:
        """Users, values, history, what waits, and pins."""
        assert {p.user_id: dict(p.fields) for p in self.store.profiles()} == {name: user.values for name, user in self.model.items()}
        for name, user in self.model.items():
            written = [(c.field, c.old, c.new) for c in self.store.history(name) if not c.superseded]
            assert written == [(field, old, new) for changes in user.sets for field, (old, new) in changes.items()]
            assert [m.id for m in self.store.pending(name)] == [message.id for message, _ in user.waiting]
            assert set(self.store.pinned(name)) == user.pins


TestStore = StoreMachine.TestCase
TestStore.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)


def test_the_same_on_a_server(server: Server) -> None:
    """In fewer examples: each of its steps is a conversation with another process."""

    class OnServer(StoreMachine):
        def new_database(self) -> str:
            return server.new_database()

    run_state_machine_as_test(OnServer, settings=settings(max_examples=8, stateful_step_count=25, deadline=None))
