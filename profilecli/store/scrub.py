"""Taking the bytes of what was erased out of a SQLite file.

``secure_delete`` overwrites deleted rows, but SQLite also leaves stale copies of rows in the
free space of pages that it has rebalanced, and in the WAL. So after an erase: a truncating
checkpoint, a look for the erased bytes in the file's free space, and a VACUUM, which writes
the file anew, where they are found.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from profilecli.errors import EraseBlocked
from profilecli.store.pages import dead_bytes

__all__ = ["checkpoint", "scrub"]

_SHORTEST = 4
"""Bytes of the shortest text looked for; a shorter one is anywhere by chance."""

_BLOCK = 32
"""Bytes of the blocks that a longer text is looked for by, since a copy may be half overwritten."""

_AT_ONCE = 8 * 1024 * 1024

_SEARCH_BUDGET = 20_000_000_000
"""Bytes that a search may read, over all texts; beyond that a VACUUM is quicker."""


def scrub(db: sqlite3.Connection, path: Path, traces: Iterable[str], rewriting: Callable[[], None]) -> bool:
    """Checkpoints, and rewrites the file if one of the erased texts is still in it; says whether it did.

    ``rewriting`` is called before the file has to be rewritten. Raises EraseBlocked.
    """
    checkpoint(db, path, "Erased, but")
    if not _left(path, traces):
        return False
    rewriting()
    try:
        db.execute("VACUUM")
    except sqlite3.OperationalError as error:
        raise EraseBlocked(
            f"Erased, but {path} could not be rewritten ({error}). Close other programs that use it and run the command again."
        ) from error
    checkpoint(db, path, "Erased, but")
    return True


def checkpoint(db: sqlite3.Connection, path: Path, so_far: str) -> None:
    """Moves all that is in the WAL into the file, and empties it. Raises EraseBlocked."""
    busy, _, _ = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise EraseBlocked(f"{so_far} another process keeps old pages of {path} in use. Close it and run the command again.")


def _left(path: Path, texts: Iterable[str]) -> bool:
    """Whether one of the texts is still in the file; True too where looking would cost more than a VACUUM."""
    forms = {form for text in texts for form in (text, json.dumps(text, ensure_ascii=False)[1:-1])}
    needles = {block for form in forms for block in _blocks(form.encode())}
    budget = _SEARCH_BUDGET
    for dead in _joined(dead_bytes(path)):
        budget -= len(dead) * len(needles)
        if budget < 0 or any(needle in dead for needle in needles):
            return True
    return False


def _blocks(text: bytes) -> Iterator[bytes]:
    if len(text) < 2 * _BLOCK:
        yield from [text] if len(text) >= _SHORTEST else []
    else:
        yield from (text[start : start + _BLOCK] for start in range(0, len(text) - _BLOCK + 1, _BLOCK))


def _joined(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces in larger ones, with a byte between them that is in no text."""
    held: list[bytes] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size > _AT_ONCE:
            yield b"\0".join(held)
            held, size = [], 0
    if held:
        yield b"\0".join(held)
