"""A schema: the dataclass that a profile is an instance of, and how a stored profile looks through it."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, get_type_hints

from profilecli.errors import InvalidValue, SchemaError, UnknownField
from profilecli.models import Profile
from profilecli.schema.base import UserProfile
from profilecli.schema.fields import Field, is_supported

__all__ = ["BASE", "RESERVED", "ProfileView", "Schema", "schema_name"]

RESERVED = frozenset({"user_id", "schema", "unset"})
"""Names that mean something else in the file, in JSON or in the model's tool."""

_AGNO_OWN = frozenset({"user_id", "agent_id", "team_id", "created_at", "updated_at"})
"""Fields of agno's own ``UserProfile`` (agno/learn/schemas.py) that are not the user's."""


def schema_name(class_name: str) -> str:
    """The class name without ``Profile``, in snake case: ``CustomerProfile`` is ``customer``."""
    stem = class_name.removesuffix("Profile")
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", stem)
    return words.strip("_").lower()


@dataclasses.dataclass(frozen=True)
class ProfileView:
    """A stored profile through a schema.

    ``fields`` has every field of the schema in order (None is unset), ``other`` the stored
    values that the schema lacks, ``invalid`` the reason for each value in ``fields`` that
    the schema no longer allows. ``pinned`` fields are kept from being changed by learning.
    """

    user_id: str
    schema: str
    fields: Mapping[str, Any]
    other: Mapping[str, Any]
    invalid: Mapping[str, str]
    created_at: str
    updated_at: str
    pinned: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The shape of ``profile show --json``; ``invalid`` and ``pinned`` are there only where something is."""
        shape = {
            "user_id": self.user_id,
            "schema": self.schema,
            "fields": dict(self.fields),
            "other": dict(self.other),
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        }
        marks = {"invalid": dict(self.invalid), "pinned": list(self.pinned)}
        return shape | {name: mark for name, mark in marks.items() if mark}


@dataclasses.dataclass(frozen=True)
class Schema:
    """A named set of fields, made from a dataclass that extends :class:`UserProfile`.

    ``missing`` marks the stand-in for a schema whose module is not at hand: it has the base
    fields, and a stored profile is shown through it as it is.
    """

    name: str
    cls: type[Any]
    fields: tuple[Field, ...]
    path: Path | None = None
    missing: bool = False

    @classmethod
    def from_class(cls, profile_class: type[Any], path: Path | None = None) -> Schema:
        """The schema that a dataclass stands for. Raises SchemaError with the reason."""
        name = "base" if profile_class is UserProfile else schema_name(profile_class.__name__)
        if not name:
            raise SchemaError(f"class {profile_class.__name__}: its name without 'Profile' is empty.")
        if "__dataclass_fields__" not in vars(profile_class):
            raise SchemaError(f"class {profile_class.__name__} needs @dataclass above it.")
        try:
            hints = get_type_hints(profile_class)
        except NameError as error:
            raise SchemaError(f"class {profile_class.__name__}: {error}.") from error
        own = {f.name for f in dataclasses.fields(UserProfile)} if issubclass(profile_class, UserProfile) else _AGNO_OWN
        fields = []
        for declared in dataclasses.fields(profile_class):
            if declared.name == "user_id" or (declared.name in own and declared.name in _AGNO_OWN):
                continue
            _refuse_unsound(profile_class, declared, hints[declared.name])
            fields.append(_field_of(declared, hints[declared.name]))
        return cls(name=name, cls=profile_class, fields=tuple(fields), path=path)

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """The fields by their names."""
        return {field.name: field for field in self.fields}

    @cached_property
    def learnable(self) -> tuple[Field, ...]:
        """The fields that may be shown to a model and learned: those that aren't ``internal``."""
        return tuple(field for field in self.fields if not field.internal)

    @property
    def description(self) -> str:
        """The first paragraph of the class's docstring, or nothing."""
        text = vars(self.cls).get("__doc__") or ""
        # A dataclass without a docstring gets its signature as one.
        return "" if text.startswith(f"{self.cls.__name__}(") else " ".join(text.strip().split("\n\n")[0].split())

    def field(self, name: str) -> Field:
        """The field of this name, in whatever Unicode form it is typed: Python's own is NFKC. Raises UnknownField."""
        found = self.by_name.get(name) or self.by_name.get(unicodedata.normalize("NFKC", name))
        if found is None:
            raise UnknownField(name, list(self.by_name))
        return found

    def view(self, profile: Profile, pinned: tuple[str, ...] = ()) -> ProfileView:
        """The stored profile as this schema shows it; nothing stored is left out."""
        names = list(profile.fields) if self.missing else list(self.by_name)
        fields = {name: profile.fields.get(name) for name in names}
        other = {name: value for name, value in profile.fields.items() if name not in fields}
        invalid = {} if self.missing else self._invalid(fields)
        return ProfileView(profile.user_id, self.name, fields, other, invalid, profile.created_at, profile.updated_at, pinned)

    def instance(self, profile: Profile) -> Any:
        """The profile as an instance of the schema's dataclass.

        A stored value that no longer validates is there as it is stored; one that the
        schema lacks is not there (see :meth:`view`).
        """
        values: dict[str, Any] = {}
        for field in self.fields:
            stored = profile.fields.get(field.name)
            if stored is None:
                values[field.name] = None
                continue
            try:
                values[field.name] = field.to_python(stored)
            except InvalidValue:
                values[field.name] = stored
        return self.cls(user_id=profile.user_id, **values)

    def _invalid(self, fields: Mapping[str, Any]) -> dict[str, str]:
        reasons = {}
        for name, value in fields.items():
            if value is None:
                continue
            try:
                self.by_name[name].convert(value)
            except InvalidValue as error:
                reasons[name] = error.reason
        return reasons


def _refuse_unsound(cls: type[Any], declared: dataclasses.Field[Any], annotation: Any) -> None:
    where = f"{cls.__name__}.{declared.name}"
    if declared.name.startswith("_") or declared.name in RESERVED:
        raise SchemaError(f"{where}: a field can't be called {declared.name!r}.")
    if not declared.init:
        raise SchemaError(f"{where}: a field with init=False can't be filled.")
    if declared.default is dataclasses.MISSING and declared.default_factory is dataclasses.MISSING:
        raise SchemaError(f"{where}: needs a default (= None), since a profile starts empty.")
    if not is_supported(annotation):
        shown = getattr(annotation, "__name__", None) or str(annotation)
        raise SchemaError(
            f"{where}: the type {shown} can't be stored. Use str, int, float, bool, date, datetime, Enum, Literal, or a list of one."
        )


def _field_of(declared: dataclasses.Field[Any], annotation: Any) -> Field:
    metadata = dict(declared.metadata)
    return Field(
        name=declared.name,
        annotation=annotation,
        description=" ".join(str(metadata.get("description", "")).split()),
        examples=_texts(metadata.get("examples", ())),
        aliases=_texts(metadata.get("aliases", ())),
        internal=bool(metadata.get("internal", False)),
        metadata=metadata,
    )


def _texts(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(str(item) for item in value)


BASE = Schema.from_class(UserProfile)
"""The schema of a profile that has no schema of its own."""
