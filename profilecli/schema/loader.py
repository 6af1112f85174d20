"""Schemas from directories of Python modules.

A schema module is code, so it is loaded only from directories that the user named or owns,
never from the working directory unasked.
"""

from __future__ import annotations

import contextlib
import importlib.util
import sys
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from profilecli.errors import SchemaError
from profilecli.schema.base import UserProfile
from profilecli.schema.schema import BASE, Schema, schema_name

__all__ = ["SchemaFault", "SchemaSet", "load_module"]

_AGNO_IMPORT = "from agno.learn.schemas import UserProfile"


@dataclass(frozen=True, slots=True)
class SchemaFault:
    """Why a module, or a class in it, is not a schema. ``line`` is None where no line is to blame."""

    path: Path
    line: int | None
    reason: str

    def __str__(self) -> str:
        return f"{self.path}{f':{self.line}' if self.line else ''}: {self.reason}"


class SchemaSet:
    """The schemas of a list of directories, loaded when first asked for.

    A broken module is a fault and the others still load. Later directories don't shadow
    earlier ones: two schemas of one name are a fault of the second, and neither is used.
    """

    def __init__(self, directories: Sequence[Path] = ()) -> None:
        self.directories = tuple(directories)

    @cached_property
    def _loaded(self) -> tuple[dict[str, Schema], list[SchemaFault]]:
        schemas: dict[str, Schema] = {"base": BASE}
        faults: list[SchemaFault] = []
        clashing: set[str] = set()
        for path in self._paths():
            found, broken = load_module(path)
            faults += broken
            for schema in found:
                other = schemas.get(schema.name)
                if other is None:
                    schemas[schema.name] = schema
                    continue
                clashing.add(schema.name)
                where = f"in {other.path}" if other.path else "built in"
                faults.append(
                    SchemaFault(path, None, f"a second schema called {schema.name!r}; the other is {where}. Rename one of the classes.")
                )
        for name in clashing - {"base"}:
            del schemas[name]
        return schemas, faults

    def _paths(self) -> Iterator[Path]:
        for directory in self.directories:
            if directory.is_dir():
                yield from sorted(p for p in directory.glob("*.py") if not p.name.startswith((".", "_")))

    @property
    def schemas(self) -> dict[str, Schema]:
        """Every sound schema by its name, ``base`` first."""
        return self._loaded[0]

    @property
    def faults(self) -> list[SchemaFault]:
        """What could not be loaded, and why."""
        return self._loaded[1]

    def find(self, name: str) -> Schema | None:
        """The schema of this name, or None. ``base`` needs no module to be loaded."""
        return BASE if name == "base" else self.schemas.get(name)

    def get(self, name: str) -> Schema:
        """The schema of this name. Raises SchemaError that says what there is, and what is broken."""
        schema = self.find(name)
        if schema is None:
            blame = [fault for fault in self.faults if repr(name) in fault.reason or schema_name(name) in fault.path.stem] or self.faults
            hint = f" {blame[0]}" if blame else ""
            looked = ", ".join(str(d) for d in self.directories) or "no directory"
            raise SchemaError(
                f"There is no schema {name!r} (have: {', '.join(self.schemas)}; looked in {looked}; --schema-dir names another).{hint}"
            )
        return schema

    def for_profile(self, name: str) -> Schema:
        """The schema of a stored profile; where its module is not at hand, a stand-in with the base fields."""
        return self.find(name) or Schema(name=name, cls=UserProfile, fields=BASE.fields, missing=True)


def load_module(path: Path) -> tuple[list[Schema], list[SchemaFault]]:
    """The schemas of one module in the order of their definition, and what is wrong with it."""
    try:
        module = _execute(path)
    except (Exception, SystemExit) as error:  # noqa: BLE001 -- a user's module can raise anything; all of it is reported
        return [], [_fault(path, error)]
    schemas, faults = [], []
    for value in list(vars(module).values()):
        if isinstance(value, type) and value.__module__ == module.__name__ and _extends_profile(value):
            try:
                schemas.append(Schema.from_class(value, path))
            except SchemaError as error:
                faults.append(SchemaFault(path, _line_of(path, value.__name__), str(error)))
    if not schemas and not faults:
        faults.append(SchemaFault(path, None, "no class here extends UserProfile (from profilecli import UserProfile)."))
    return schemas, faults


def _extends_profile(cls: type[Any]) -> bool:
    bases = cls.__mro__[1:]
    return UserProfile in bases or any(b.__name__ == "UserProfile" and b.__module__.split(".")[0] == "agno" for b in bases)


def _execute(path: Path) -> ModuleType:
    # A name of its own, so that schemas/json.py doesn't replace the standard library's.
    name = f"profilecli_schema_modules.{path.stem}_{abs(hash(str(path.resolve())))}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise SchemaError("this is not a Python module.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses and get_type_hints look the module up by name
    sys.path.append(str(path.parent))  # a module may import its neighbour
    try:
        with contextlib.redirect_stdout(sys.stderr):  # stdout is for data
            spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    finally:
        sys.path.remove(str(path.parent))
    return module


def _fault(path: Path, error: BaseException) -> SchemaFault:
    if isinstance(error, SyntaxError):
        return SchemaFault(path, error.lineno, f"syntax error: {error.msg}.")
    if isinstance(error, ModuleNotFoundError) and (error.name or "").split(".")[0] == "agno":
        return SchemaFault(
            path, _line_of(path, "agno"), f"agno is not installed: change '{_AGNO_IMPORT}' to 'from profilecli import UserProfile'."
        )
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename) == path]
    text = " ".join(str(error).split())
    return SchemaFault(path, frames[-1].lineno if frames else None, f"{type(error).__name__}: {text}" if text else type(error).__name__)


def _line_of(path: Path, words: str) -> int | None:
    with contextlib.suppress(OSError, UnicodeDecodeError):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if words in line:
                return number
    return None
