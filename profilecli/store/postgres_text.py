"""Texts that PostgreSQL can't hold as they are, held all the same.

Its text has no NUL, and its jsonb refuses ``\\u0000``. A message may have one: a paste, a
transcript. So NUL is kept as U+FDD0 and ``0``, and U+FDD0 itself, which Unicode reserves for a
program's own use (https://www.unicode.org/faq/private_use.html#noncharacters), as two of it.
Every other text is kept as it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from psycopg.adapt import Buffer, Loader
from psycopg.types.string import StrDumper

from profilecli.store.rows import JsonText

if TYPE_CHECKING:
    from psycopg import Connection

__all__ = ["register", "to_json", "to_text"]

_MARK = "\ufdd0"
_NUL = "\0"
_JSON_TYPE = 3802
"""The type ``jsonb`` in ``pg_type``."""


def to_text(text: str) -> str:
    """A text without NUL that stands for ``text``; most stand for themselves."""
    return text.replace(_MARK, _MARK * 2).replace(_NUL, f"{_MARK}0") if _NUL in text or _MARK in text else text


def to_json(text: str) -> str:
    """The same for JSON, where NUL is an escape."""
    if _MARK not in text and "\\u0000" not in text:
        return text
    return re.sub(r"\\u0000|\\.", lambda match: f"{_MARK}0" if match[0] == "\\u0000" else match[0], text.replace(_MARK, _MARK * 2))


def register(connection: Connection[Any]) -> None:
    """Makes a connection write and read texts in this way, and jsonb as text."""
    adapters = connection.adapters
    adapters.register_dumper(str, _TextDumper)
    adapters.register_dumper(JsonText, _JsonDumper)
    for name in ("text", "varchar"):
        adapters.register_loader(name, _TextLoader)
    adapters.register_loader("jsonb", _JsonLoader)


class _TextDumper(StrDumper):
    def dump(self, obj: str) -> Buffer | None:
        return super().dump(to_text(obj))


class _JsonDumper(StrDumper):
    oid = _JSON_TYPE

    def dump(self, obj: str) -> Buffer | None:
        return super().dump(to_json(obj))


def _back(text: str, nul: str) -> str:
    return re.sub(f"{_MARK}(.)", lambda match: nul if match[1] == "0" else match[1], text) if _MARK in text else text


class _TextLoader(Loader):
    def load(self, data: Buffer) -> str:
        return _back(str(data, "utf-8"), _NUL)


class _JsonLoader(Loader):
    def load(self, data: Buffer) -> str:
        return _back(str(data, "utf-8"), "\\u0000")
