"""What one field of a schema is: its type, its words, and the values that it can hold.

A stored value is a JSON value. Pydantic's ``TypeAdapter`` converts and validates
(https://docs.pydantic.dev/latest/concepts/type_adapter/), except for plain text, which
needs no adapter, so that a schema of text fields costs nothing to load.
"""

from __future__ import annotations

import json
import math
import re
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin

from profilecli.errors import InvalidValue
from profilecli.text import one_line

if TYPE_CHECKING:
    from pydantic import TypeAdapter

__all__ = ["MAX_VALUE_LENGTH", "SAYS_NOTHING", "Field", "choices_in", "is_supported"]

MAX_VALUE_LENGTH = 2000
"""Characters in a value (design: refused everywhere above that)."""

SAYS_NOTHING = frozenset(
    {
        "",
        "unknown",
        "n/a",
        "na",
        "none",
        "null",
        "nil",
        "undefined",
        "not specified",
        "not provided",
        "not stated",
        "unspecified",
        "not mentioned",
        "tbd",
        "-",
        "?",
    }
)
"""Words that a model writes where a message states nothing; never learned, kept by hand."""

_SCALARS = (str, int, float, bool, date, datetime)
_ISO = re.compile(r"\s*[+-]?\d{4,}-\d\d?-\d\d?")


def choices_in(description: str) -> tuple[str, ...]:
    """The choices that a description lists: ``tier: free | pro`` or ``tier (free | pro)``.

    They stand after the last colon or within the last brackets; fewer than two are none.
    """
    if "|" not in description:
        return ()
    bracketed = re.findall(r"[(\[]([^()\[\]]*\|[^()\[\]]*)[)\]]", description)
    tail = bracketed[-1] if bracketed else description.rpartition(":")[2] if ":" in description else ""
    words = [word.strip().rstrip(".").strip("\"'`") for word in tail.split("|")]
    return tuple(words) if len(words) > 1 and all(0 < len(word) <= 60 for word in words) else ()


def _unwrap(annotation: Any) -> Any:
    """``Optional[X]`` and ``X | None`` are X: every field can be unset."""
    if get_origin(annotation) in (Union, types.UnionType):
        inner = [arg for arg in get_args(annotation) if arg is not type(None)]
        if len(inner) == 1:
            return inner[0]
    return annotation


def is_supported(annotation: Any) -> bool:
    """Whether a field can have this type: a scalar, Enum, Literal, a list of these, or Optional of any."""
    inner = _unwrap(annotation)
    if get_origin(inner) is list:
        arguments = get_args(inner)
        return len(arguments) == 1 and get_origin(_unwrap(arguments[0])) is not list and is_supported(arguments[0])
    if get_origin(inner) is Literal:
        return all(isinstance(arg, str | int | bool) for arg in get_args(inner))
    return isinstance(inner, type) and (inner in _SCALARS or issubclass(inner, Enum))


@dataclass(frozen=True)
class Field:
    """One field of a schema.

    ``annotation`` is the declared type; ``type`` the type of one element without Optional
    and list; ``choices`` the texts that a value is held to, in order, or empty.
    """

    name: str
    annotation: Any = str
    description: str = ""
    examples: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    internal: bool = False
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """``plan_tier`` as a person reads it: ``Plan Tier``."""
        return self.name.replace("_", " ").strip().title()

    @cached_property
    def is_list(self) -> bool:
        """Whether the field holds several values."""
        return get_origin(_unwrap(self.annotation)) is list

    @cached_property
    def type(self) -> Any:
        """The type of one value: str, int, float, bool, date, datetime, an Enum or a Literal."""
        inner = _unwrap(self.annotation)
        return _unwrap(get_args(inner)[0]) if get_origin(inner) is list else inner

    @cached_property
    def choices(self) -> tuple[str, ...]:
        """The values that the field is held to, as spelled; empty where any value will do."""
        if get_origin(self.type) is Literal:
            return tuple(str(arg) for arg in get_args(self.type))
        if isinstance(self.type, type) and issubclass(self.type, Enum):
            return tuple(str(member.value) for member in self.type)
        return choices_in(self.description) if self.type is str else ()

    @property
    def type_name(self) -> str:
        """The type in a word, for listings: ``text``, ``choice``, ``list of number``."""
        if self.choices:
            word = "choice"
        else:
            word = {str: "text", int: "whole number", float: "number", bool: "yes or no", date: "date", datetime: "date and time"}.get(
                self.type, "text"
            )
        return f"list of {word}" if self.is_list else word

    def convert(self, value: Any) -> Any:
        """The JSON value that the field stores for ``value``, which may be text or a JSON value.

        For a list field ``value`` is the whole list. Raises InvalidValue.
        """
        if not self.is_list:
            return self.convert_element(value)
        if not isinstance(value, list):
            raise InvalidValue(self.name, "needs a list.")
        elements = []
        for element in value:
            converted = self.convert_element(element)
            if converted not in elements:
                elements.append(converted)
        if not elements:
            raise InvalidValue(self.name, "needs at least one element; --unset clears a field.")
        if sum(len(json.dumps(e, ensure_ascii=False)) for e in elements) > MAX_VALUE_LENGTH:
            raise InvalidValue(self.name, f"is over {MAX_VALUE_LENGTH:,} characters in all.")
        return elements

    def convert_element(self, value: Any) -> Any:
        """The JSON value of one value (for a list field: of one element). Raises InvalidValue."""
        if isinstance(value, str):
            value = self._checked_text(value)
        if self.choices:
            return self._choice(value)
        if self.type is str:
            if not isinstance(value, str):
                raise InvalidValue(self.name, f"needs text, not {_shown(value)}.")
            return value
        return self._validated(value)

    def from_text(self, text: str) -> Any:
        """The JSON value of what a person typed: a list field takes JSON or commas, which quotes keep. Raises InvalidValue."""
        if not self.is_list:
            return self.convert(text)
        text = self._checked_text(text)
        if text.startswith(("[", "{")):
            try:
                return self.convert(json.loads(text))
            except ValueError as error:
                raise InvalidValue(self.name, f"starts like a JSON list but isn't one ({error}).") from error
        import csv

        parts = next(csv.reader([text.replace("\n", " ")], skipinitialspace=True))
        return self.convert([part.strip() for part in parts if part.strip()])

    def to_python(self, value: Any) -> Any:
        """A stored JSON value as the declared Python type. Raises InvalidValue."""
        converted = self.convert(value)
        if self.type is str:
            return converted
        if self.is_list:
            return [self._adapter.validate_python(element) for element in converted]
        return self._adapter.validate_python(converted)

    def json_type(self) -> dict[str, Any]:
        """The JSON Schema of one value, for a model."""
        if self.choices:
            return {"type": "string", "enum": list(self.choices)}
        names = {int: "integer", float: "number", bool: "boolean"}
        return {"type": names.get(self.type, "string")}

    # ---- how

    def _checked_text(self, text: str) -> str:
        if "\x00" in text or any("\ud800" <= ch <= "\udfff" for ch in text):
            raise InvalidValue(self.name, "has a NUL or half a character in it.")
        text = text.strip()
        if not one_line(text):  # nor is there anything in a zero-width space
            raise InvalidValue(self.name, "is empty; --unset clears a field.")
        if len(text) > MAX_VALUE_LENGTH:
            raise InvalidValue(self.name, f"is over {MAX_VALUE_LENGTH:,} characters.")
        return text

    def _choice(self, value: Any) -> Any:
        wanted = " ".join(str(value).split()).casefold()
        for spelled, stored in self._choice_values():
            if wanted == spelled.casefold():
                return stored
        raise InvalidValue(self.name, f"{_shown(value)} is not one of {' | '.join(self.choices)}.")

    def _choice_values(self) -> Iterator[tuple[str, Any]]:
        """Each spelling of a choice with the JSON value that is stored for it."""
        if get_origin(self.type) is Literal:
            yield from ((str(arg), arg) for arg in get_args(self.type))
        elif isinstance(self.type, type) and issubclass(self.type, Enum):
            yield from ((str(member.value), member.value) for member in self.type)
            yield from ((member.name, member.value) for member in self.type)
        else:
            yield from ((choice, choice) for choice in self.choices)

    def _validated(self, value: Any) -> Any:
        from pydantic import ValidationError

        if isinstance(value, bool) and self.type is not bool:
            raise InvalidValue(self.name, f"needs a {self.type_name.removeprefix('list of ')}, not {_shown(value)}.")
        if self.type in (date, datetime) and not (isinstance(value, str) and _ISO.match(value)):
            # Pydantic takes a bare number for seconds since 1970: nobody's birthday is "42".
            raise InvalidValue(self.name, f"needs a date such as 1990-05-31, not {_shown(value)}.")
        try:
            converted = self._adapter.validate_python(value)
        except ValidationError as error:
            reason = error.errors()[0]["msg"].rstrip(".")
            raise InvalidValue(self.name, f"{_shown(value)}: {reason[0].lower()}{reason[1:]}.") from error
        if isinstance(converted, float) and not math.isfinite(converted):
            raise InvalidValue(self.name, "needs a finite number.")
        if isinstance(converted, int) and not isinstance(converted, bool) and abs(converted) >= 2**63:
            raise InvalidValue(self.name, "is too large a number.")
        return self._adapter.dump_python(converted, mode="json")

    @cached_property
    def _adapter(self) -> TypeAdapter[Any]:
        """Pydantic's adapter of one value; made when first needed, since most fields are text."""
        from pydantic import TypeAdapter

        return TypeAdapter(self.type)


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return repr(text if len(text) <= 60 else text[:60] + "…")
