"""Other programs' chat logs as conversations: what ``profile learn`` reads.

The format is told by how the text begins: a JSON array (what ChatGPT and Claude export, and
arrays of our own records), JSON Lines, or plain text. However large it is, one record at a
time is in memory.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from profilecli.models import Role

__all__ = ["BadRecord", "Record", "Said", "read"]


@dataclass(frozen=True, slots=True)
class Said:
    """One message. ``key`` tells it from others of the same user; ``at`` is when it was said, where the log says so."""

    role: Role
    content: str
    key: bytes
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """A conversation, or one message of a user's. ``user_id`` None is whoever is learned for."""

    where: str
    user_id: str | None
    messages: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record that can't be read, where it stands, and why."""

    where: str
    reason: str


class _Bad(Exception):
    """Why a record can't be read."""


def read(chunks: Iterable[str]) -> Iterator[Record | BadRecord]:
    """The records of a transcript that comes in pieces of any size.

    A record is ``{"user_id"?, "content"}``, ``{"user_id"?, "messages": [{"role", "content"}, …]}``,
    or a conversation of a ChatGPT or Claude export (``conversations.json``).
    """
    pieces = iter(chunks)
    head = ""
    while len(head.lstrip("\ufeff \t\r\n")) < 2 and (piece := next(pieces, None)) is not None:
        head += piece
    head = head.removeprefix("\ufeff")
    rest = _chain(head, pieces)
    start = "".join(head.split())[:2]
    if start in ("[{", "[]") or (start == "[" and head.rstrip().endswith("[")):
        yield from _from_array(rest)
    elif start.startswith("{"):
        yield from (_parsed(f"line {number}", line, _record) for number, line in _lines(rest))
    else:
        yield from (Record(f"line {number}", None, (_said([("user", line, None, None)])[0],)) for number, line in _lines(rest))


def _chain(head: str, rest: Iterator[str]) -> Iterator[str]:
    yield head
    yield from rest


def _lines(chunks: Iterable[str]) -> Iterator[tuple[int, str]]:
    """The lines that aren't blank, with their numbers."""
    held, number = "", 0
    for chunk in chunks:
        *whole, held = (held + chunk).split("\n")
        for line in whole:
            number += 1
            if text := line.strip():
                yield number, text
    if text := held.strip():
        yield number + 1, text


def _parsed(where: str, text: str, reader: Callable[[Any], tuple[str | None, list[_Spoken]]]) -> Record | BadRecord:
    try:
        user_id, spoken = reader(json.loads(text))
    except (ValueError, RecursionError) as error:
        return BadRecord(where, f"not JSON: {error}")
    except _Bad as bad:
        return BadRecord(where, str(bad))
    return Record(where, user_id, tuple(_said(spoken)))


# ---- a JSON array, element by element

_SIGN = re.compile(r'"(?:[^"\\]++|\\.)*+"|["\[\]{},]', re.DOTALL)
"""A whole string, or what parts an array; a quotation mark alone is a string that has not ended yet."""

_LARGEST = 256 * 1024 * 1024
"""Characters of the largest conversation; a longer element is a file that is damaged."""


def _from_array(chunks: Iterable[str]) -> Iterator[Record | BadRecord]:
    for number, (line, element) in enumerate(_elements(chunks), 1):
        where = f"line {line}" if line > 1 else f"conversation {number}"
        if element is None:
            yield BadRecord(where, "the file ends in the middle of it")
        else:
            yield _parsed(where, element, _conversation)


def _elements(chunks: Iterable[str]) -> Iterator[tuple[int, str | None]]:
    """The texts of an array's elements, each with the line on which it begins; None for one that has no end."""
    buffer, depth, begun, place, line = "", 0, 0, 0, 1
    for chunk in chunks:
        buffer += chunk
        while (match := _SIGN.search(buffer, place)) and match[0] != '"':
            place, sign = match.end(), match[0]
            if sign in "[{":
                depth += 1
                begun = begun if depth > 1 else place
            elif sign in "]}":
                depth -= 1
            if depth == 0 or (sign == "," and depth == 1):
                text = buffer[begun : place - 1]
                if text.strip():
                    yield line + text[: len(text) - len(text.lstrip())].count("\n"), text
                if depth == 0:
                    return
                line += buffer.count("\n", 0, place)
                buffer, begun, place = buffer[place:], 0, 0
        place = match.start() if match else len(buffer)
        if len(buffer) > _LARGEST:
            break
    yield line, None


# ---- records

_Spoken = tuple[str, str, str | None, Any]
"""Role, content, the export's own key, and the time as the log has it."""


def _said(spoken: Iterable[_Spoken]) -> list[Said]:
    """Messages with their keys: the export's own, else a digest of the conversation as far as the message."""
    said = []
    before = b""
    for role, content, key, at in spoken:
        text = content.encode("utf-8", "replace")
        before = hashlib.blake2b(key.encode("utf-8", "replace") if key else before + role.encode() + b"\0" + text, digest_size=16).digest()
        # Only what the user wrote is evidence; the assistant's words are context, a system prompt is neither.
        if role in ("user", "assistant") and content.strip():
            said.append(Said("user" if role == "user" else "assistant", content, before, _time(at)))
    return said


def _record(record: Any) -> tuple[str | None, list[_Spoken]]:
    """One of our own records."""
    if not isinstance(record, dict):
        raise _Bad("not a JSON object")
    user_id = record.get("user_id")
    if user_id is not None and not isinstance(user_id, str):
        raise _Bad("user_id is not text")
    messages = record.get("messages", [{**record, "role": "user"}] if "content" in record else None)
    if not isinstance(messages, list) or not all(_is_message(message) for message in messages):
        raise _Bad("needs content, or messages with role and content")
    return user_id, [(m["role"], m["content"], None, m.get("at")) for m in messages]


def _conversation(record: Any) -> tuple[str | None, list[_Spoken]]:
    """An element of an array: a conversation of an export, else one of our own records."""
    if isinstance(record, dict) and isinstance(record.get("mapping"), dict):
        return None, _chatgpt(record)
    if isinstance(record, dict) and isinstance(record.get("chat_messages"), list):
        return None, _claude(record)
    return _record(record)


def _chatgpt(record: Mapping[str, Any]) -> list[_Spoken]:
    """The branch that ends in ``current_node``: the conversation as it was last seen, without what was edited away."""
    nodes, name = record["mapping"], record.get("current_node")
    whose = str(record.get("conversation_id") or record.get("id") or record.get("create_time"))
    branch: list[_Spoken] = []
    visited = set()
    while isinstance(name, str) and name not in visited and isinstance(node := nodes.get(name), dict):
        visited.add(name)
        message = node.get("message")
        if isinstance(message, dict):
            role = (message.get("author") or {}).get("role")
            parts = (message.get("content") or {}).get("parts") or []
            text = "\n".join(part for part in parts if isinstance(part, str))
            branch.append((str(role), text, f"{whose}/{name}", message.get("create_time")))
        name = node.get("parent")
    if not visited:
        raise _Bad("its current_node is none of its messages")
    return branch[::-1]


def _claude(record: Mapping[str, Any]) -> list[_Spoken]:
    spoken: list[_Spoken] = []
    for number, message in enumerate(record["chat_messages"]):
        if not isinstance(message, dict):
            raise _Bad(f"message {number + 1} is not an object")
        parts = message.get("content") if isinstance(message.get("content"), list) else []
        texts = [part["text"] for part in parts or [] if isinstance(part, dict) and isinstance(part.get("text"), str)]
        text = "\n".join(texts) or str(message.get("text") or "")
        role = {"human": "user", "assistant": "assistant"}.get(str(message.get("sender")), "other")
        spoken.append((role, text, f"{record.get('uuid')}/{message.get('uuid') or number}", message.get("created_at")))
    return spoken


def _is_message(message: Any) -> bool:
    return isinstance(message, dict) and isinstance(message.get("role"), str) and isinstance(message.get("content"), str)


def _time(at: Any) -> str | None:
    """A moment in seconds since 1970 or in ISO 8601, as the store writes it; None for anything else."""
    try:
        if isinstance(at, int | float) and not isinstance(at, bool):
            moment = datetime.fromtimestamp(at, UTC)
        elif isinstance(at, str):
            moment = datetime.fromisoformat(at)
        else:
            return None
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    except (ValueError, OverflowError, OSError):
        return None
