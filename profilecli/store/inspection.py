"""Looking at a database file without changing anything, not even beside it."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import stat
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from profilecli.store.migrations import APPLICATION_ID, VERSION

__all__ = ["Inspection", "inspect"]


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a file is like. ``fault`` says why it can't be used; what was not reached then is None.

    ``free`` is the room on its disk in bytes; ``mode`` its permission bits, ``pending`` the
    number of messages that are still to be learned.
    """

    exists: bool
    size: int
    mode: int
    free: int
    version: int | None = None
    known_version: int = VERSION
    users: int | None = None
    pending: int | None = None
    fault: str | None = None


def inspect(path: Path) -> Inspection:
    """Reads a file whole, as SQLite's ``integrity_check`` does. Raises OSError where not even its folder can be looked at."""
    free = shutil.disk_usage(next(folder for folder in path.absolute().parents if folder.exists())).free
    if not path.exists():
        return Inspection(False, 0, 0, free)
    state = path.stat()
    size, mode = state.st_size, stat.S_IMODE(state.st_mode)
    if not stat.S_ISREG(state.st_mode):
        return Inspection(True, size, mode, free, fault="it is not a file")
    try:
        return _looked_into(path, size, mode, free)
    except sqlite3.Error as error:
        return Inspection(True, size, mode, free, fault=str(error))


def _looked_into(path: Path, size: int, mode: int, free: int) -> Inspection:
    with contextlib.closing(_reader(path)) as db:
        application, version = _number(db, "PRAGMA application_id"), _number(db, "PRAGMA user_version")
        problems = [str(row[0]) for row in db.execute("PRAGMA integrity_check(5)")]
        fault = None if problems == ["ok"] else problems[0]
        if fault is None and application != APPLICATION_ID and _number(db, "SELECT count(*) FROM sqlite_master"):
            fault = "it is another program's database"
        elif fault is None and version > VERSION:
            fault = f"it was made by a newer profilecli (version {version}, this one knows {VERSION})"
        if fault is not None or not version:
            return Inspection(True, size, mode, free, version, fault=fault)
        users = _number(db, "SELECT count(*) FROM profiles")
        pending = _number(db, "SELECT count(*) FROM messages WHERE learned_at IS NULL AND role = 'user'")
        return Inspection(True, size, mode, free, version, users=users, pending=pending)


def _reader(path: Path) -> sqlite3.Connection:
    # A file in WAL mode gets its -wal and -shm back even from a reader; SQLite leaves them out only
    # for a file that it is told nobody writes. Where -wal is there, somebody may, and it is made already.
    in_use = Path(f"{path}-wal").exists()
    uri = f"file:{quote(str(path.absolute()))}?mode=ro{'' if in_use else '&immutable=1'}"
    return sqlite3.connect(uri, uri=True, timeout=5, isolation_level=None)


def _number(db: sqlite3.Connection, sql: str) -> int:
    return int(db.execute(sql).fetchone()[0])
