"""Other programs' chat logs as messages: what ``profile learn`` reads."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from profilecli.models import Utterance

__all__ = ["BadRecord", "Record", "read"]


@dataclass(frozen=True, slots=True)
class Record:
    """A conversation, or one message of a user's. ``user_id`` None is whoever is learned for."""

    line: int
    user_id: str | None
    messages: tuple[Utterance, ...]


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A line that can't be read, and why."""

    line: int
    reason: str


def read(lines: Iterable[str]) -> Iterator[Record | BadRecord]:
    """The records of a transcript: JSON Lines where the first line is a JSON object, else a message a line.

    A JSON record is ``{"user_id"?, "content"}`` or ``{"user_id"?, "messages": [{"role", "content"}, …]}``.
    """
    as_json: bool | None = None
    for number, raw in enumerate(lines, 1):
        line = raw.removeprefix("\ufeff").strip() if number == 1 else raw.strip()
        if not line:
            continue
        if as_json is None:
            as_json = line.startswith("{")
        yield _record(number, line) if as_json else Record(number, None, (Utterance("user", line),))


def _record(number: int, line: str) -> Record | BadRecord:
    try:
        record = json.loads(line)
    except ValueError as error:
        return BadRecord(number, f"not JSON: {error}")
    if not isinstance(record, dict):
        return BadRecord(number, "not a JSON object")
    user_id = record.get("user_id")
    if user_id is not None and not isinstance(user_id, str):
        return BadRecord(number, "user_id is not text")
    messages = record.get("messages", [{"role": "user", "content": record["content"]}] if "content" in record else None)
    if not isinstance(messages, list) or not all(_is_message(message) for message in messages):
        return BadRecord(number, "needs content, or messages with role and content")
    # Only what the user wrote is evidence; the assistant's words are context, a system prompt is neither.
    return Record(
        number,
        user_id,
        tuple(Utterance(m["role"], m["content"]) for m in messages if m["role"] in ("user", "assistant") and m["content"].strip()),
    )


def _is_message(message: Any) -> bool:
    return isinstance(message, dict) and isinstance(message.get("role"), str) and isinstance(message.get("content"), str)
