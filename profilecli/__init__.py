"""profilecli: a personal assistant in the terminal that gets to know its user.

The Python API, for programs that embed it::

    from profilecli import Session, Store, UserProfile

Names are imported when they are first used: a schema module needs only ``UserProfile``,
and should not wait for the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from profilecli.errors import ProfilecliError
    from profilecli.llm import open_model
    from profilecli.schema import Schema, SchemaSet, UserProfile
    from profilecli.session import Session
    from profilecli.store import Store, open_store

__all__ = ["ProfilecliError", "Schema", "SchemaSet", "Session", "Store", "UserProfile", "__version__", "open_model", "open_store"]

__version__ = "0.1.0"

_HOMES = {
    "ProfilecliError": "profilecli.errors",
    "Schema": "profilecli.schema.schema",
    "SchemaSet": "profilecli.schema.loader",
    "Session": "profilecli.session",
    "Store": "profilecli.store",
    "UserProfile": "profilecli.schema.base",
    "open_model": "profilecli.llm",
    "open_store": "profilecli.store",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'profilecli' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
