"""A PostgreSQL server that goes away, comes back, or cuts connections at the worst moment: nothing is lost or done twice."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Literal

import psycopg
import pytest

from profilecli.errors import StoreError
from profilecli.models import Portable, Profile, Update
from profilecli.store import Heard, Store, open_store, postgres_connection
from profilecli.store.postgres import PostgresStore
from tests.postgres import Server, database, free_port, server
from tests.program import Program
from tests.timing import wait_until

__all__ = ["database", "server"]


def change(field: str, value: object) -> Update:
    """An update as an extractor makes it."""
    return Update(field, "set", value, "the words", "rules")


@pytest.fixture
def store(database: str) -> Iterator[PostgresStore]:
    """A store in a new database."""
    opened = open_store(database)
    assert isinstance(opened, PostgresStore)
    yield opened
    opened.close()


# ---- connections that break


def test_a_terminated_connection_is_made_again_at_the_next_call(server: Server, database: str, store: PostgresStore) -> None:
    """Reading and writing, without anybody noticing."""
    store.apply("alice", [change("name", "Alice")])
    server.terminate(database)
    assert store.get("alice").name == "Alice"
    server.terminate(database)
    store.apply("alice", [change("company", "Acme")])
    server.terminate(database)
    assert [portable.profile.fields for portable in store.portable()] == [{"name": "Alice", "company": "Acme"}]
    server.terminate(database)
    assert len(next(store.portable("alice")).history or ()) == 2


def test_a_connection_that_ends_within_a_transaction_stores_nothing_by_halves_and_the_work_is_done_again(
    server: Server, database: str, store: PostgresStore
) -> None:
    """Whatever was written before the end of the connection was never stored."""
    ended: list[int] = []

    def profiles() -> Iterator[Portable]:
        for name in ("alice", "bob", "carol"):
            yield Portable(Profile(name, "base", {"name": name}, "", ""))
            if not ended and name == "bob":
                server.terminate(database)
                ended.append(1)

    class Twice(list[Portable]):
        def __iter__(self) -> Iterator[Portable]:
            return profiles()

    assert len(store.replace(Twice())) == 3
    assert [(user.user_id, len(store.history(user.user_id))) for user in store.users()] == [("alice", 1), ("bob", 1), ("carol", 1)]
    ended.clear()
    with pytest.raises(StoreError, match="can't be reached"):  # what can be read only once isn't done again
        store.replace(profiles())
    assert len(store.users()) == 3


class Cutter:
    """Stands between us and the server, and cuts the connection at a COMMIT: before the server gets it, or after it has answered."""

    def __init__(self, port: int) -> None:
        self._server = port
        self.cut: Literal["before", "after"] | None = None
        self.deaf = False
        """No new connection is let through."""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Ends it."""
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                if self.deaf:
                    client.close()
                    continue
                server = socket.create_connection(("127.0.0.1", self._server))
                threading.Thread(target=self._pass, args=(client, server), daemon=True).start()

    def _pass(self, client: socket.socket, server: socket.socket) -> None:
        silent = threading.Event()  # of this connection alone: the next one may be there before this one is closed
        threading.Thread(target=self._answer, args=(client, server, silent), daemon=True).start()
        with contextlib.suppress(OSError):
            while data := client.recv(65536):
                if self.cut and b"COMMIT" in data:
                    how, self.cut = self.cut, None
                    silent.set()
                    if how == "after":
                        server.sendall(data)
                        time.sleep(0.3)  # until it is committed
                    break
                server.sendall(data)
        for sock in (client, server):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()

    @staticmethod
    def _answer(client: socket.socket, server: socket.socket, silent: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while data := server.recv(65536):
                if not silent.is_set():
                    client.sendall(data)


@pytest.fixture
def cutter(server: Server) -> Iterator[Cutter]:
    """A line to the server that can be cut."""
    made = Cutter(server.port)
    yield made
    made.close()


@pytest.mark.parametrize("moment", ["before", "after"])
def test_when_nobody_answers_to_a_commit_everything_is_stored_exactly_once(
    server: Server, database: str, cutter: Cutter, moment: Literal["before", "after"]
) -> None:
    """Messages, what was learned, undo, transcripts, pins and erasing: it is looked up whether it was stored."""
    store = open_store(server.url(database.rpartition("/")[2], port=cutter.port))

    def cut() -> None:
        cutter.cut = moment

    cut()
    message = store.add_message("alice", "s", "user", "I'm Alice")
    assert [m.id for m in store.messages("alice", "s")] == [message.id]
    cut()
    applied = store.apply("alice", [change("name", "Alice")], message=message)
    assert applied.done
    assert [(c.id, c.new) for c in store.history("alice")] == [(c.id, c.new) for c in applied.changes] == [(applied.changes[0].id, "Alice")]
    cut()
    assert store.apply("alice", [change("company", "Acme")]).done
    cut()
    assert [c.field for c in store.undo("alice").changes] == ["company"]
    assert [c.new for c in store.history("alice", "company")] == ["Acme", None]
    cut()
    (heard,) = store.hear([Heard("bob", "s", "hello", b"k" * 16)], "run")
    assert heard is not None
    assert [m.id for m in store.pending("bob")] == [heard.id]
    cut()
    assert len(store.replace([Portable(Profile("carol", "base", {"name": "C"}, "", ""))])) == 1
    assert len(store.history("carol")) == 1
    store.close()


def test_where_nobody_can_tell_whether_it_was_stored_that_is_what_is_said(
    server: Server, database: str, cutter: Cutter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server isn't there any more to be asked; nothing is done a second time."""
    monkeypatch.setattr(postgres_connection, "_RECONNECT_SECONDS", 0.3)
    store = open_store(server.url(database.rpartition("/")[2], port=cutter.port))
    store.add_message("alice", "s", "user", "one")
    cutter.cut, cutter.deaf = "after", True
    with pytest.raises(StoreError, match="to see whether it was") as raised:
        store.add_message("alice", "s", "user", "two")
    assert "\n" not in str(raised.value)
    cutter.deaf = False
    assert [m.content for m in store.messages("alice", "s")] == ["one", "two"]
    message = store.messages("alice", "s")[0]
    cutter.cut = "before"
    with pytest.raises(StoreError, match="is not known"):  # a count that nothing else in the database tells of
        store.note_attempt(message.id)
    assert store.note_attempt(message.id) == 1
    store.close()


# ---- a server that goes away


def test_a_restart_in_the_middle_of_a_session_is_survived(server: Server, store: PostgresStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """While it is down, one line says so; what was said before is pending, and learned later."""
    monkeypatch.setattr(postgres_connection, "_RECONNECT_SECONDS", 0.3)
    message = store.add_message("alice", "s", "user", "I'm Alice")
    server.stop()
    try:
        with pytest.raises(StoreError, match=r"can't be reached.*Start it") as raised:
            store.apply("alice", [change("name", "Alice")], message=message)
        assert "\n" not in str(raised.value)
    finally:
        server.start()
    assert [m.id for m in store.pending("alice")] == [message.id]
    assert store.apply("alice", [change("name", "Alice")], message=message).done
    assert store.pending("alice") == []


def test_a_restart_while_a_call_waits_for_the_server_is_waited_for(
    server: Server, store: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long as a restart takes."""
    monkeypatch.setattr(postgres_connection, "_RECONNECT_SECONDS", 30.0)
    store.apply("alice", [change("name", "Alice")])
    server.stop()
    starting = threading.Timer(0.5, server.start)
    starting.start()
    assert store.get("alice").name == "Alice"
    starting.join()


def test_a_chat_goes_on_after_a_restart_and_ends_in_one_line_without_the_server(program: Program, server: Server, database: str) -> None:
    """What was said is there; the exit code says that something could not be done."""
    chat = program.start("chat", "--model", "offline", "--db", database)
    assert chat.stdin
    assert chat.stdout
    assert chat.stderr

    def say(text: str) -> bytes:
        assert chat.stdin
        assert chat.stdout
        chat.stdin.write(text.encode() + b"\n")
        chat.stdin.flush()
        return chat.stdout.readline()

    assert say("My name is Alice Chen.")
    server.stop()
    server.start()
    assert say("Call me Ali.")
    server.stop()
    try:
        _, errors = chat.communicate(b"My name is Bob.\n", timeout=60)
    finally:
        server.start()
    assert chat.returncode == 1
    assert b"Traceback" not in errors
    assert b"can't be reached" in errors
    assert program("show", "--db", database, "--json").json["fields"] == {"name": "Alice Chen", "preferred_name": "Ali"}


def test_what_could_not_be_learned_is_learned_at_the_next_start(program: Program, server: Server, database: str) -> None:
    """The message was kept, and the server went before its learning."""
    with contextlib.closing(open_store(database)) as store:
        store.add_message("alice", "s", "user", "My name is Alice Chen.")
    server.terminate(database)
    assert program("ask", "--model", "offline", "--db", database, "Hello!").code == 0
    assert program("show", "--db", database, "--json").json["fields"]["name"] == "Alice Chen"


# ---- others in the way


def test_waiting_for_others_has_an_end_and_one_line(database: str, store: PostgresStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row that somebody keeps locked, and a table; the time is shorter here."""
    store.apply("alice", [change("name", "Alice")])
    monkeypatch.setattr(postgres_connection, "_LIMITS", "SET LOCAL lock_timeout = 100; SET LOCAL statement_timeout = 200; ")
    with contextlib.closing(psycopg.connect(database)) as holder:
        holder.execute("SELECT 1 FROM profiles FOR UPDATE")
        with pytest.raises(StoreError, match="another process has held it"):
            store.add_message("alice", "s", "user", "hello")
        holder.execute("LOCK TABLE messages")
        with pytest.raises(StoreError, match="another process has held it"):
            store.messages("alice", "s")
    assert store.add_message("alice", "s", "user", "hello").id
    with pytest.raises(StoreError, match="still waiting, or working"):
        store.connection.one("SELECT pg_sleep(5)")
    assert store.get("alice").name == "Alice"


def test_transactions_that_wait_in_a_circle_are_done_again(server: Server, database: str, store: PostgresStore) -> None:
    """PostgreSQL ends one of them; both are done in the end."""
    server.execute("ALTER SYSTEM SET deadlock_timeout = '50ms'")
    server.execute("SELECT pg_reload_conf()")
    with contextlib.closing(open_store(database)) as other:
        for user in ("alice", "bob"):
            store.apply(user, [change("name", user)])
        meeting = threading.Barrier(2)

        class Slow(list[Portable]):
            met = False

            def __iter__(self) -> Iterator[Portable]:
                for number, portable in enumerate(super().__iter__()):
                    if number == 1 and not self.met:
                        self.met = True
                        meeting.wait(10)
                    yield portable

        def imported(names: list[str], into: Store, value: str) -> Callable[[], None]:
            portables = Slow(Portable(Profile(name, "base", {"name": value}, "", "")) for name in names)

            def work() -> None:
                into.replace(portables)

            return work

        threads = [
            threading.Thread(target=imported(["alice", "bob"], store, "1")),
            threading.Thread(target=imported(["bob", "alice"], other, "2")),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert {store.get("alice").name, store.get("bob").name} in ({"1"}, {"2"})
        assert len(store.history("alice")) == 3


_CRASHER = """
import os, sys
from profilecli.models import Update
from profilecli.store import open_store
store = open_store(sys.argv[1])
n = 0
while True:
    n += 1
    count = f"{os.getpid()}.{n}"
    message = store.add_message("alice", "s", "user", count)
    store.apply("alice", [Update("count", "set", count, None, "rules"), Update(f"w{n % 5}", "set", str(n), None, "rules")], message=message)
    os.write(1, f"{n}\\n".encode())
"""


def wait_until_alone(database: str) -> None:
    """Until only the test's own store is connected: the server may still end what a killed process asked of it."""
    sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with psycopg.connect(database, autocommit=True) as asking:
        wait_until(lambda: (asking.execute(sql).fetchone() or (0,))[0] <= 1)


@pytest.mark.slow
def test_killed_at_any_moment_nothing_is_stored_by_halves_and_no_acknowledged_fact_is_gone(database: str, store: PostgresStore) -> None:
    """A writer is killed in the middle, several times."""
    for delay in (0.0, 0.003, 0.011, 0.05):
        process = subprocess.Popen([sys.executable, "-c", _CRASHER, database], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(delay)
        os.kill(process.pid, signal.SIGKILL)
        acknowledged = int((process.stdout.read().split() or [b"1"])[-1])
        process.wait()
        process.stdout.close()
        wait_until_alone(database)
        profile = store.profile("alice")
        assert profile is not None
        writer, _, count = profile.fields["count"].partition(".")
        assert (int(writer), int(count) >= acknowledged) == (process.pid, True)
        history = store.history("alice")
        for field, value in profile.fields.items():
            ours = [c for c in history if c.field == field and not c.superseded]
            assert ours[-1].new == value
            assert [c.old for c in ours[1:]] == [c.new for c in ours[:-1]]
        learned = {m.content for m in store.messages("alice", "s")} - {m.content for m in store.pending("alice")}
        assert {c.new for c in history if c.field == "count"} == learned


def test_a_port_on_which_nobody_listens_is_one_line() -> None:
    """With what to do."""
    with pytest.raises(StoreError, match=r"can't be reached.*Start it, or check the address, or name another with --db") as raised:
        open_store(f"postgresql://u:geheim@127.0.0.1:{free_port()}/x")
    assert "geheim" not in str(raised.value)
    assert "\n" not in str(raised.value)
