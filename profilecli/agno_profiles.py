"""agno's stored user profiles as ours: what agno forced to text gets its type back, and nothing that says something is lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from profilecli import transfer
from profilecli.errors import InvalidValue, TransferError
from profilecli.models import Portable, Profile
from profilecli.schema import Schema
from profilecli.schema.fields import SAYS_NOTHING
from profilecli.store.agno import AgnoRow

__all__ = ["portable"]

_AGNO_OWN = frozenset({"user_id", "agent_id", "team_id", "created_at", "updated_at"})
"""Keys of the content that are agno's book-keeping (``agno/learn/schemas.py``); agno before 3.0 writes them all."""

_LAST_SECOND = 253_402_300_800
"""The end of the year 9999: no calendar goes further."""


def portable(rows: Iterable[AgnoRow], schema_of: Callable[[str], Schema]) -> tuple[list[Portable], list[str]]:
    """The profiles in agno's rows, and what is to be said of them, a line each.

    ``schema_of`` gives the schema that a user's values are read through. A value that it
    refuses is kept as it is, and what the schema lacks is kept beside it. Of a user's rows
    the last counts: agno's interface can leave several. Raises TransferError.
    """
    notices: list[str] = []
    profiles: dict[str, Profile] = {}
    for number, row in enumerate(rows, 1):
        content = _content(f"profile {number}", row)
        user_id = row.user_id or content.get("user_id")
        if not isinstance(user_id, str) or not user_id:
            raise TransferError(f"profile {number} in agno's table has no user_id. Nothing was imported.")
        if user_id in profiles:
            notices.append(f"{user_id}: agno has several profiles of this user; the one changed last is taken.")
        schema = schema_of(user_id)
        fields = dict(_fields(user_id, content, schema, notices))
        profiles[user_id] = Profile(user_id, schema.name, fields, _time(row.created_at), _time(row.updated_at or row.created_at))
    return [Portable(profile) for profile in profiles.values()], notices


def _content(where: str, row: AgnoRow) -> Mapping[str, Any]:
    try:
        content = json.loads(row.content)
        if isinstance(content, str):  # a program that gave agno JSON text had it encoded twice
            content = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise TransferError(f"{row.user_id or where}: agno's content is not JSON: {error}. Nothing was imported.") from error
    if not isinstance(content, dict):
        raise TransferError(f"{row.user_id or where}: agno's content is not an object. Nothing was imported.")
    return content


def _fields(user_id: str, content: Mapping[str, Any], schema: Schema, notices: list[str]) -> Iterable[tuple[str, Any]]:
    for name, value in content.items():
        if name in _AGNO_OWN or value is None:
            continue
        if value in ([], {}) or (isinstance(value, str) and value.strip().casefold() in SAYS_NOTHING):
            notices.append(f"{user_id}: {name} is {json.dumps(value, ensure_ascii=False)} there, and is left unset.")
            continue
        yield name, transfer.portable_value(user_id, name, _typed(user_id, name, value, schema, notices))


def _typed(user_id: str, name: str, value: Any, schema: Schema, notices: list[str]) -> Any:
    """The value as its field holds it, else as it is."""
    field = schema.by_name.get(name)
    if field is not None:
        try:
            return field.from_text(value) if isinstance(value, str) else field.convert(value)
        except InvalidValue as error:
            notices.append(f"{user_id}: {error} It is kept as it is, and shown as invalid.")
    if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(element, dict | list | None) for element in value)):
        notices.append(f"{user_id}: {name} is nested there, and is kept as JSON text.")
        return json.dumps(value, ensure_ascii=False)
    return value


def _time(seconds: int | None) -> str:
    """ISO 8601 in UTC; nothing where agno has no time, or none that there is, so that the store gives that of the import."""
    if not isinstance(seconds, int) or not 0 <= seconds < _LAST_SECOND:
        return ""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
