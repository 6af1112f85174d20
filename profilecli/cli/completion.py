"""What the shell completes besides names of options: user ids, schemas and fields. Never fails, never writes."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

from profilecli.cli.options import chosen_schema, open_stores, schema_set, settings
from profilecli.errors import ProfilecliError
from profilecli.schema import BASE

__all__ = ["field_names", "schema_names", "user_ids"]


def user_ids(given: Mapping[str, Any], incomplete: str) -> list[str]:
    """The stored users whose ids begin so."""
    with contextlib.suppress(ProfilecliError):
        store = open_stores(settings(db=given.get("db")))
        return [user.user_id for user in store.users() if user.user_id.startswith(incomplete)]
    return []


def schema_names(given: Mapping[str, Any], incomplete: str) -> list[str]:
    """The schemas whose names begin so."""
    with contextlib.suppress(ProfilecliError):
        return [name for name in schema_set(settings(schema_dirs=given.get("schema_dir"))).schemas if name.startswith(incomplete)]
    return []


def field_names(given: Mapping[str, Any], incomplete: str) -> list[str]:
    """The fields of the profile's schema whose names begin so."""
    with contextlib.suppress(ProfilecliError):
        chosen = settings(user=given.get("user"), db=given.get("db"), schema=given.get("schema"), schema_dirs=given.get("schema_dir"))
        store = open_stores(chosen)
        profile = store.profile(chosen.user_id)
        schema = chosen_schema(chosen, store) or (store.schemas.for_profile(profile.schema) if profile else BASE)
        return [name for name in schema.by_name if name.startswith(incomplete)]
    return []
