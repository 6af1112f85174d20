"""``profile schemas``."""

from __future__ import annotations

import keyword
import re
from pathlib import Path
from typing import Annotated

import typer

from profilecli.cli.options import Json, SchemaDir, complete_schemas, schema_set, settings
from profilecli.errors import SchemaError, UsageError
from profilecli.render import plain
from profilecli.schema import Schema, SchemaFault, SchemaSet

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Schemas: which there are, what they hold, and how to make one.", rich_markup_mode=None
)


@app.command(name="list")
def list_(schema_dir: SchemaDir = None, json: Json = False) -> None:
    """List the schemas that can be used.

    \b
    Examples:
      profile schemas list
      profile schemas list --schema-dir schemas
    """
    known = schema_set(settings(schema_dirs=schema_dir))
    if json:
        plain.json_text(
            [{"schema": s.name, "description": s.description, "fields": list(s.by_name), "path": _path(s)} for s in known.schemas.values()]
        )
    else:
        from profilecli.render import rich

        rows = [(s.name, ", ".join(s.by_name), _path(s) or "built in") for s in known.schemas.values()]
        rich.console().print(rich.rows_table(("Schema", "Fields", "Module"), rows))
    for fault in known.faults:
        plain.error(str(fault))


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A schema, such as customer.", autocompletion=complete_schemas)],
    schema_dir: SchemaDir = None,
    json: Json = False,
) -> None:
    """Show the fields of a schema.

    \b
    Examples:
      profile schemas show customer --schema-dir schemas
    """
    schema = schema_set(settings(schema_dirs=schema_dir)).get(name)
    if json:
        plain.json_text({"schema": schema.name, "description": schema.description, "path": _path(schema), "fields": _fields(schema)})
        return
    from profilecli.render import rich

    if schema.description:
        plain.text(schema.description)
    rows = [(f.name, f.type_name, " | ".join(f.choices), f.description) for f in schema.fields]
    rich.console().print(rich.rows_table(("Field", "Type", "Choices", "Description"), rows))


@app.command()
def check(
    where: Annotated[Path | None, typer.Argument(metavar="FILE|DIR", help="A module or a folder; none: the folders in force.")] = None,
    schema_dir: SchemaDir = None,
) -> None:
    """Check that schema modules are sound; exit 1 if one is not.

    \b
    Examples:
      profile schemas check
      profile schemas check schemas/customer.py
    """
    schemas, faults = _checked(where, schema_dir)
    for schema in schemas:
        plain.text(f"ok  {schema.name}: {len(schema.fields)} fields ({_path(schema) or 'built in'})")
    for fault in faults:
        plain.error(str(fault))
    if faults:
        raise SchemaError(f"{len(faults)} fault{'s' * (len(faults) != 1)} found.")


@app.command()
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its name in snake case, such as my_team.")],
    schema_dir: SchemaDir = None,
) -> None:
    """Write a starting file for a schema of your own.

    \b
    Examples:
      profile schemas new team --schema-dir schemas
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name) or name == "base":
        raise UsageError(f"{name!r} can't be a schema's name: lower-case words with _ between them, such as my_team.")
    if keyword.iskeyword(name):
        raise UsageError(f"{name!r} can't be a schema's name: it is a word of Python's own, and no module could be imported by it.")
    folder = schema_dir[0] if schema_dir else settings().schema_dirs[0]
    path = folder / f"{name}.py"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(_START.format(cls="".join(word.title() for word in name.split("_"))))
    except FileExistsError:
        raise SchemaError(f"{path} is there already; nothing was written.") from None
    except OSError as error:
        raise SchemaError(f"{path} can't be written: {error.strerror}.") from error
    plain.text(str(path))


_START = '''from dataclasses import dataclass, field
from typing import Literal, Optional

from profilecli import UserProfile


@dataclass
class {cls}Profile(UserProfile):
    """What this schema is for, in a line."""

    # The description tells people and models what belongs here.
    company: Optional[str] = field(default=None, metadata={{"description": "Company or organization"}})
    # A list of choices holds the field to them.
    plan: Optional[Literal["free", "pro"]] = field(default=None, metadata={{"description": "Subscription plan"}})
    # Other words for a field help the offline rules to find it.
    editor: Optional[str] = field(default=None, metadata={{"description": "Favourite text editor", "aliases": ["favourite editor"]}})
    # Several values.
    languages: Optional[list[str]] = field(default=None, metadata={{"description": "Languages that the user speaks"}})
'''


def _checked(where: Path | None, schema_dir: list[Path] | None) -> tuple[list[Schema], list[SchemaFault]]:
    if where is not None and not where.exists():
        raise UsageError(f"There is no file or folder {where}.")
    if where is not None and where.is_file():
        from profilecli.schema.loader import load_module

        return load_module(where)
    known = SchemaSet([where]) if where is not None else schema_set(settings(schema_dirs=schema_dir))
    return list(known.schemas.values()), known.faults


def _fields(schema: Schema) -> list[dict[str, object]]:
    return [
        {
            "name": f.name, "type": f.type_name, "description": f.description, "choices": list(f.choices),
            "examples": list(f.examples), "aliases": list(f.aliases), "internal": f.internal,
        }
        for f in schema.fields
    ]  # fmt: skip


def _path(schema: Schema) -> str | None:
    return str(schema.path) if schema.path else None
