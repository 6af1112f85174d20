"""What is left of deleted rows in a SQLite file: the bytes that belong to no row.

``secure_delete`` overwrites a row that is deleted. But when SQLite moves rows between pages it
leaves the old copies in the space between a page's cell pointers and its cells, and those
stay when the row goes. Only that space, the free blocks and the free pages are looked at, so
that what other users have stored is never taken for a trace. Overflow pages need no look: a
page that becomes one comes off the free list, where it was overwritten.
See https://www.sqlite.org/fileformat2.html#b_tree_pages.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

__all__ = ["dead_bytes"]

_READ = 8 * 1024 * 1024
_LEAVES = frozenset({10, 13})
_INTERIORS = frozenset({2, 5})


def dead_bytes(path: Path) -> Iterator[bytes]:
    """The pieces of the file that belong to no row and are not all zero."""
    with path.open("rb") as file:
        head = file.read(100)
        if len(head) < 100:
            return
        size = int.from_bytes(head[16:18], "big")
        size = 65536 if size == 1 else size
        reserved = head[20]
        free = _free_pages(file, size, int.from_bytes(head[32:36], "big"))
        file.seek(0)
        number = 0
        while chunk := file.read(_READ // size * size):
            for start in range(0, len(chunk), size):
                number += 1
                page = memoryview(chunk)[start : start + size]
                yield from _dead_in(page, 100 if number == 1 else 0, size - reserved, whole=number in free)


def _dead_in(page: memoryview, header: int, usable: int, *, whole: bool) -> Iterator[bytes]:
    if whole:
        pieces = [bytes(page)]
    elif page[header] in _LEAVES or page[header] in _INTERIORS:
        pieces = _unused(page, header, usable)
    else:
        return
    yield from (piece for piece in pieces if piece.strip(b"\0"))


def _unused(page: memoryview, header: int, usable: int) -> list[bytes]:
    """The gap before the cells, and the free blocks among them, without their four bytes of links."""
    block, cells, content = struct.unpack_from(">HHH", page, header + 1)
    pointers = header + (12 if page[header] in _INTERIORS else 8) + 2 * cells
    pieces = [bytes(page[pointers : content or 65536])]
    while 0 < block <= usable - 4:
        following, length = struct.unpack_from(">HH", page, block)
        pieces.append(bytes(page[block + 4 : block + length]))
        if following <= block:  # the blocks stand in ascending order
            break
        block = following
    return pieces


def _free_pages(file: BinaryIO, size: int, trunk: int) -> set[int]:
    """The numbers of the pages on the free list."""
    free: set[int] = set()
    while trunk and trunk not in free:
        free.add(trunk)
        file.seek((trunk - 1) * size)
        page = file.read(size)
        if len(page) < size:
            break
        following, count = struct.unpack_from(">II", page)
        free.update(struct.unpack_from(f">{min(count, size // 4 - 2)}I", page, 8))
        trunk = following
    return free
