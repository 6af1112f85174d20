"""What a profile can hold: fields, their validation, and schemas loaded from a user's modules."""

from __future__ import annotations

from profilecli.schema.base import UserProfile
from profilecli.schema.fields import Field
from profilecli.schema.loader import SchemaFault, SchemaSet
from profilecli.schema.schema import BASE, ProfileView, Schema

__all__ = ["BASE", "Field", "ProfileView", "Schema", "SchemaFault", "SchemaSet", "UserProfile"]
