"""Bytes that can be made once: an answer with marks where each request puts its own ids and counts."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.endpoint.answers import Answer, Text, ToolCall

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Marks", "Rendered", "calls_of", "dump", "fill", "halved", "output_tokens", "padding", "sse"]

_SECRET = secrets.token_hex(8)


class Marks:
    """Stand-ins inside rendered bytes; unguessable, so that no text can contain one.

    ``UNIQUE`` stands inside ids, ``MODEL`` inside a text; the others are whole JSON strings
    that :func:`fill` replaces by numbers, and ``ECHO`` is a member replaced by several.
    """

    UNIQUE = f"{_SECRET}u"
    MODEL = f"{_SECRET}m"
    CREATED = f"{_SECRET}c"
    INPUT = f"{_SECRET}i"
    OUTPUT = f"{_SECRET}o"
    TOTAL = f"{_SECRET}t"
    ECHO = f"{_SECRET}e"


@dataclass(frozen=True, slots=True)
class Rendered:
    """An answer on a wire: what is written, one event a frame, and which frames are deltas."""

    frames: tuple[bytes, ...]
    deltas: tuple[int, ...] = ()

    def middle(self, after: int | None = None) -> int:
        """The frame before which a fault strikes: after so many deltas, by default half of them."""
        if not self.deltas:
            return len(self.frames) // 2
        count = (len(self.deltas) + 1) // 2 if after is None else min(after, len(self.deltas))
        return self.deltas[count - 1] + 1 if count else self.deltas[0]


def dump(value: Any) -> bytes:
    """Compact UTF-8 JSON; a lone surrogate, which has no UTF-8, is escaped."""
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode()


def sse(value: Any, event: str | None = None) -> bytes:
    """One server-sent event."""
    name = f"event: {event}\n".encode() if event else b""
    return name + b"data: " + dump(value) + b"\n\n"


def fill(frames: Sequence[bytes], values: Mapping[str, bytes]) -> list[bytes]:
    """Put a request's values in the place of the marks.

    ``values`` has the marks as keys. The ECHO member and the counts are replaced with their quotes.
    """
    filled = list(frames)
    for mark, value in values.items():
        quoted = mark if mark in {Marks.UNIQUE, Marks.MODEL} else f'"{mark}"'
        old = f"{quoted}:0".encode() if mark == Marks.ECHO else quoted.encode()
        filled = [frame.replace(old, value) for frame in filled]
    return filled


def padding(delta: str) -> str:
    """The ``obfuscation`` of a delta: brings its length to a multiple of 16, as the service hides token lengths."""
    return "x" * (-len(delta) % 16)


def output_tokens(answer: Answer) -> int:
    """About how many tokens an answer is: a delta is the size of a token."""
    sizes = (len(part.deltas) if isinstance(part, Text) else len(str(part)) // 4 for part in answer.parts)
    return sum(sizes)


def halved(text: str) -> str:
    """The first half of a text, at least one character of it where there is one."""
    return text[: (len(text) + 1) // 2]


def calls_of(answer: Answer) -> list[tuple[int, ToolCall]]:
    """An answer's tool calls with their place among its parts."""
    return [(index, part) for index, part in enumerate(answer.parts) if isinstance(part, ToolCall)]
