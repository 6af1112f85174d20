"""What the commands that read have in common."""

from __future__ import annotations

from profilecli.cli.options import chosen_schema
from profilecli.config import Settings
from profilecli.errors import NoSuchProfile
from profilecli.models import Profile
from profilecli.render import plain
from profilecli.schema import ProfileView, Schema
from profilecli.store import Store

__all__ = ["seconds", "stored_profile", "view_of", "warn_if_missing"]


def stored_profile(store: Store, user_id: str) -> Profile:
    """The user's profile. Raises NoSuchProfile."""
    profile = store.profile(user_id)
    if profile is None:
        raise NoSuchProfile(user_id)
    return profile


def view_of(store: Store, chosen: Settings) -> tuple[ProfileView, Schema]:
    """The user's profile through the schema in force, else its own."""
    profile = stored_profile(store, chosen.user_id)
    schema = chosen_schema(chosen, store) or store.schemas.for_profile(profile.schema)
    warn_if_missing(schema)
    return schema.view(seconds(profile), store.pinned(chosen.user_id)), schema


def seconds(profile: Profile) -> Profile:
    """The same profile with times in whole seconds, as they are shown."""
    return Profile(profile.user_id, profile.schema, profile.fields, _seconds(profile.created_at), _seconds(profile.updated_at))


def _seconds(at: str) -> str:
    return at[:19] + "Z" if len(at) > 20 else at


def warn_if_missing(schema: Schema) -> None:
    """Says how to point at the module of a schema that is not at hand."""
    if schema.missing:
        plain.notice(
            f"The schema {schema.name!r} of this profile is not at hand: its values are shown as stored. --schema-dir names the folder that has it."
        )
