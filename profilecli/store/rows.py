"""Rows and the records that they stand for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from profilecli.errors import InvalidUserId
from profilecli.models import Change, Profile

__all__ = ["CHANGE", "MESSAGE", "PROFILE", "JsonText", "change_of", "checked", "dump", "dump_or_none", "now", "profile_of"]

PROFILE = "user_id, schema, fields, created_at, updated_at"
MESSAGE = "id, user_id, session_id, role, content, at, learned_at, attempts, cut"
CHANGE = "id, field, old, new, source, quote, session_id, at, change_set, superseded"


def now() -> str:
    """UTC in ISO 8601 with microseconds, so that texts sort as times do."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def checked(user_id: str) -> str:
    """The user id, if it is one. Raises InvalidUserId."""
    if not (0 < len(user_id) <= 255 and user_id.isprintable() and not user_id.isspace()):
        raise InvalidUserId(user_id)
    return user_id


def profile_of(row: Sequence[Any]) -> Profile:
    """The profile in a row of :data:`PROFILE`."""
    return Profile(row[0], row[1], json.loads(row[2]), row[3], row[4])


def change_of(row: Sequence[Any]) -> Change:
    """The change in a row of :data:`CHANGE`."""
    number, field, old, new, source, quote, session_id, at, change_set, superseded = row
    return Change(number, field, _load(old), _load(new), source, quote, session_id, at, change_set, bool(superseded))


class JsonText(str):
    """JSON as text, told apart from other text where a database has a type for it."""

    __slots__ = ()


def dump(value: Any) -> JsonText:
    """A JSON value as it is stored."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return JsonText(_spelled_out(value) if "e+" in text else text)


def _spelled_out(value: Any) -> str:
    """The same with large floats in full: ``1e+22`` would come back from a jsonb column as a whole number."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{json.dumps(key, ensure_ascii=False)}: {_spelled_out(each)}' for key, each in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_spelled_out, value))}]"
    if isinstance(value, float) and abs(value) >= 1e16:
        return f"{value:.1f}"
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def dump_or_none(value: Any) -> JsonText | None:
    """The same; None, which is unset, is NULL."""
    return None if value is None else dump(value)


def _load(text: str | None) -> Any:
    return None if text is None else json.loads(text)
