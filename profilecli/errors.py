"""Everything that can go wrong, as types; the only exit codes there are.

::

    ProfilecliError                exit 1
    ├── UsageError                 exit 2: the call itself is wrong
    │   ├── InvalidUserId
    │   ├── UnknownField
    │   ├── InvalidValue           a value that its field can't hold
    │   └── ConfigError            a setting that can't be read or is out of range
    ├── SchemaError                a schema module, or a schema that isn't there
    ├── NoSuchProfile
    ├── StoreError                 the database can't do it: locked, damaged, foreign, newer, read-only, full
    ├── TransferError              a file to import, or to export to
    ├── EraseBlocked               erased, but bytes may still be in the file
    └── ModelError                 the model's endpoint failed; ``kind`` says how

An error is raised where it is known and reported once, by :func:`profilecli.cli.main`.
Its text is one line that says what happened and what to do next.
"""

from __future__ import annotations

from enum import IntEnum

__all__ = [
    "ConfigError",
    "EraseBlocked",
    "ExitStatus",
    "InvalidUserId",
    "InvalidValue",
    "ModelError",
    "NoSuchProfile",
    "ProfilecliError",
    "SchemaError",
    "StoreError",
    "TransferError",
    "UnknownField",
    "UsageError",
]


class ExitStatus(IntEnum):
    """The exit codes of every command."""

    OK = 0
    FAILED = 1
    USAGE = 2
    INTERRUPTED = 130


class ProfilecliError(Exception):
    """Base of all errors of this package; its text is fit for a user."""

    exit_status = ExitStatus.FAILED


class UsageError(ProfilecliError):
    """The call is wrong; the same call will fail again."""

    exit_status = ExitStatus.USAGE


class InvalidUserId(UsageError):
    """A user id is any text of 1 to 255 printable characters."""

    def __init__(self, user_id: str) -> None:
        shown = user_id if len(user_id) <= 40 else user_id[:40] + "…"
        super().__init__(f"{shown!r} is not a user id: 1 to 255 printable characters, such as alice@example.com.")


class UnknownField(UsageError):
    """A field that neither the schema nor the stored profile has."""

    def __init__(self, field: str, known: list[str]) -> None:
        super().__init__(f"There is no field {field!r} here. Fields: {', '.join(known)}.")


class InvalidValue(UsageError):
    """A value that its field can't hold; ``reason`` is the part after the field's name."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class ConfigError(UsageError):
    """A setting, or the file that holds them, can't be read or is out of range."""


class SchemaError(ProfilecliError):
    """A schema module that can't be loaded, or a schema that isn't there."""


class NoSuchProfile(ProfilecliError):
    """Nothing is stored about this user."""

    def __init__(self, user_id: str) -> None:
        super().__init__(f"No profile for {user_id!r}. Start one with: profile chat --user {user_id!r}")
        self.user_id = user_id


class StoreError(ProfilecliError):
    """The database can't do it; nothing was changed."""


class TransferError(ProfilecliError):
    """A file can't be imported, or can't be written; nothing was changed."""


class EraseBlocked(ProfilecliError):
    """The rows are gone, but their bytes may still be in the file."""


class ModelError(ProfilecliError):
    """The endpoint didn't answer as asked.

    ``kind`` is one of ``auth``, ``not_found``, ``quota``, ``rate_limit``, ``bad_request``,
    ``context``, ``server``, ``network``, ``timeout``, ``protocol``, ``refusal``, ``empty``,
    ``setup``. ``fatal`` says that the next call will fail in the same way, so that a
    batch stops there. ``retry_after`` is what the endpoint asks to wait, in seconds.
    """

    FATAL = frozenset({"auth", "not_found", "quota", "setup"})

    def __init__(self, kind: str, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.retry_after = retry_after

    @property
    def fatal(self) -> bool:
        """Whether every further call will fail in the same way."""
        return self.kind in self.FATAL
