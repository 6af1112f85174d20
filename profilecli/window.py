"""How much of a conversation a model is sent: whole turns, newest first, as many as its window holds. Pure.

Tokens are estimated from bytes, and the estimate is corrected by what the endpoint reports.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from profilecli.models import Utterance

__all__ = ["UNKNOWN_WINDOW", "Window", "known_window"]

UNKNOWN_WINDOW = 8192
"""Tokens that a model of which nothing is known is trusted to read."""

# Context windows as documented at https://platform.openai.com/docs/models; the first match counts.
_KNOWN = (
    (re.compile(r"(^|/)gpt-(5|6)"), 400_000),
    (re.compile(r"(^|/)gpt-4\.1"), 1_047_576),
    (re.compile(r"(^|/)o[134]"), 200_000),
    (re.compile(r"(^|/)(gpt-4o|chatgpt-4o|gpt-4-turbo|gpt-oss)"), 128_000),
    (re.compile(r"(^|/)gpt-3\.5"), 16_385),
)

_BYTES_PER_TOKEN = 4.0
_PER_MESSAGE = 16
"""Bytes that the frame of a message stands for."""


def known_window(model: str) -> int:
    """The tokens that a model reads at once, as far as its name tells."""
    return next((window for pattern, window in _KNOWN if pattern.search(model)), UNKNOWN_WINDOW)


class Window:
    """A model's window of ``tokens``; a quarter of it, at most 4,096, is left for the reply."""

    def __init__(self, tokens: int) -> None:
        self.tokens = tokens
        self._bytes_per_token = _BYTES_PER_TOKEN

    def fitting(self, conversation: Sequence[Utterance], system: str) -> list[Utterance]:
        """The newest turns that fit. The last message always stays, and what stays begins with the user's words."""
        room = (self.tokens - min(self.tokens // 4, 4096)) * self._bytes_per_token - len(system.encode())
        kept: list[Utterance] = []
        whole = 0  # how many of the kept messages make whole turns
        for utterance in reversed(conversation):
            room -= _size(utterance)
            if kept and room < 0:
                break
            kept.append(utterance)
            if utterance.role == "user":
                whole = len(kept)
        return kept[: whole or 1][::-1]

    def correct(self, sent: Sequence[Utterance], system: str, tokens: int | None) -> None:
        """Learns from what the endpoint counted for a request. Short requests say little, since much of them is frame."""
        size = len(system.encode()) + sum(map(_size, sent))
        if tokens and size > 2000:
            # Between Chinese (1 to 2 bytes a token and up) and plain English with long words.
            self._bytes_per_token = min(max(size / tokens, 1.0), 6.0)

    def shrink(self, sent: Sequence[Utterance], system: str) -> None:
        """Takes half of what was sent as the window: the endpoint has said that it was too much."""
        size = len(system.encode()) + sum(map(_size, sent))
        self.tokens = max(int(size / self._bytes_per_token / 2), 256)


def _size(utterance: Utterance) -> int:
    return len(utterance.content.encode()) + _PER_MESSAGE
