"""The profile that everybody has; a user's own schema extends it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Optional

__all__ = ["UserProfile"]


@dataclass
class UserProfile:
    """What is known of a user: who they are, and what to call them.

    Extend it with a dataclass of your own fields, each ``Optional`` with a default of None
    and a ``description`` in its metadata::

        @dataclass
        class CustomerProfile(UserProfile):
            company: Optional[str] = field(default=None, metadata={"description": "Company or organization"})
    """

    user_id: str = ""
    # Optional[] rather than "| None": this is the form that people copy into their own modules.
    name: Optional[str] = field(default=None, metadata={"description": "User's full name"})  # noqa: UP045
    preferred_name: Optional[str] = field(  # noqa: UP045
        default=None, metadata={"description": "What the user wants to be called", "aliases": ["nickname"]}
    )
