"""What the shell completes besides names of commands and options: user ids, schemas, fields, values.

It never fails, never writes and never waits: a database on a server is not asked.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from profilecli.cli.options import chosen_schema, open_stores, schema_set, settings
from profilecli.config import APIS, EXTRACTORS, MODES, Settings
from profilecli.errors import ProfilecliError
from profilecli.models import Profile
from profilecli.schema import BASE, Schema
from profilecli.store import Store

__all__ = ["assignments", "field_names", "schema_names", "setting_values", "user_ids"]

_MOST_USERS = 100
"""More than a screen has room for."""


def user_ids(given: Mapping[str, Any], incomplete: str) -> list[str]:
    """The stored users whose ids begin so; the first of them, where there are very many."""
    with contextlib.suppress(ProfilecliError):
        store = _opened(settings(db=given.get("db")))
        if store is not None:
            return list(islice((p.user_id for p in store.profiles() if p.user_id.startswith(incomplete)), _MOST_USERS))
    return []


def schema_names(given: Mapping[str, Any], incomplete: str) -> list[str]:
    """The schemas whose names begin so."""
    with contextlib.suppress(ProfilecliError):
        return [name for name in schema_set(settings(schema_dirs=given.get("schema_dir"))).schemas if name.startswith(incomplete)]
    return []


def field_names(given: Mapping[str, Any], incomplete: str) -> list[str]:
    """The fields of the profile's schema whose names begin so, and stored ones that it lacks."""
    with contextlib.suppress(ProfilecliError):
        schema, profile = _schema(given)
        names = dict.fromkeys([*schema.by_name, *(profile.fields if profile else ())])
        return [name for name in names if name.startswith(incomplete)]
    return []


def assignments(given: Mapping[str, Any], incomplete: str) -> list[str]:
    """``FIELD=`` for the fields of the schema, and behind the sign the choices that a field is held to."""
    with contextlib.suppress(ProfilecliError):
        schema, _ = _schema(given)
        name, equals, _ = incomplete.partition("=")
        if not equals:
            return [f"{field}=" for field in schema.by_name if field.startswith(incomplete)]
        choices = schema.by_name[name].choices if name in schema.by_name else ()
        return [word for choice in choices if (word := f"{name}={choice}").startswith(incomplete)]
    return []


def setting_values(given: Mapping[str, Any], incomplete: str) -> list[str]:
    """The values that a setting can have, where they are known; otherwise the shell completes files."""
    fixed = {"mode": MODES, "api": APIS, "extractor": EXTRACTORS, "model": ("offline", "local")}
    key = given.get("key")
    if key == "user":
        return user_ids({}, incomplete)
    if key == "schema":
        return schema_names({}, incomplete)
    return [value for value in fixed.get(str(key), ()) if value.startswith(incomplete)]


def _schema(given: Mapping[str, Any]) -> tuple[Schema, Profile | None]:
    """The schema in force, and the profile where there is one. Raises ProfilecliError."""
    chosen = settings(user=given.get("user"), db=given.get("db"), schema=given.get("schema"), schema_dirs=given.get("schema_dir"))
    store = _opened(chosen)
    if store is None:
        return (schema_set(chosen).get(chosen.schema) if chosen.schema else BASE), None
    profile = store.profile(chosen.user_id)
    return chosen_schema(chosen, store) or (store.schemas.for_profile(profile.schema) if profile else BASE), profile


def _opened(chosen: Settings) -> Store | None:
    """The database, if it is a file that is there."""
    if "://" in chosen.database or not Path(chosen.database).expanduser().exists():
        return None
    return open_stores(chosen)
