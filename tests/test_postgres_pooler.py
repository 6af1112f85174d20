"""The store through PgBouncer in transaction mode, which has two connections to the server for all its clients."""

from __future__ import annotations

import contextlib
import subprocess
import sys

import pytest

from profilecli.models import Portable, Profile, Update
from profilecli.store import open_store
from tests.postgres import Pooler, Server, database, pooler, server

__all__ = ["database", "pooler", "server"]


def test_everything_works_through_a_pooler(server: Server, database: str, pooler: Pooler) -> None:
    """Each transaction may be another connection of the server's."""
    url = server.url(database.rpartition("/")[2], port=pooler.port)
    stores = [open_store(url) for _ in range(5)]
    for number, store in enumerate(stores):
        message = store.add_message("alice", "s", "user", f"message {number}")
        store.apply(
            "alice", [Update("name", "set", f"A{number}", None, "rules"), Update(f"f{number}", "set", "x", None, "rules")], message=message
        )
        store.pin("bob", [f"f{number}"])
        assert len(list(store.portable())) == 2
        store.replace([Portable(Profile(f"user{n}", "base", {"name": "U"}, "", "")) for n in range(20)], dry_run=True)
    assert stores[0].profile("alice") == stores[4].profile("alice")
    assert len(stores[2].history("alice")) == 10
    assert stores[1].undo("alice").changes
    erased = stores[3].erase("alice")
    assert (erased.messages, erased.vacuumed) == (5, True)
    server.terminate(database)
    assert [u.user_id for u in stores[0].users()] == ["bob"]
    for store in stores:
        store.close()


_WRITER = """
import sys
from profilecli.models import Update
from profilecli.store import open_store
store = open_store(sys.argv[1])
for n in range(20):
    message = store.add_message("alice", "s", "user", "hello")
    store.apply("alice", [Update(sys.argv[2], "set", str(n), None, "rules"), Update("shared", "set", f"{sys.argv[2]} {n}", None, "user")], message=message)
"""


@pytest.mark.slow
def test_eight_writers_through_a_pooler_with_two_connections_lose_nothing(server: Server, database: str, pooler: Pooler) -> None:
    """Who waits for a lock doesn't keep the one who holds it from a connection for ever."""
    url = server.url(database.rpartition("/")[2], port=pooler.port)
    writers = [subprocess.Popen([sys.executable, "-c", _WRITER, url, f"w{n}"], stderr=subprocess.PIPE) for n in range(8)]
    for writer in writers:
        assert writer.communicate(timeout=120)[1] == b""
        assert writer.returncode == 0
    with contextlib.closing(open_store(database)) as store:
        profile = store.profile("alice")
        assert profile is not None
        assert {profile.fields[f"w{n}"] for n in range(8)} == {"19"}
        assert store.pending("alice") == []
