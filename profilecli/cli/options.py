"""The options that several commands share, each declared once, and what they resolve to."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from profilecli.config import APIS, EXTRACTORS, MODES, Settings, load, masked

if TYPE_CHECKING:
    from profilecli.schema import Schema, SchemaSet
    from profilecli.store import Store

__all__ = [
    "Api", "BaseUrl", "Continue", "Db", "Extractor", "Instructions", "Json", "Mode", "Model", "SchemaDir", "SchemaName", "SessionId", "User", "Yes",
    "chosen_schema", "complete_schemas", "one_of", "open_stores", "schema_set", "settings",
]  # fmt: skip


def _complete_users(ctx: typer.Context, incomplete: str) -> list[str]:
    from profilecli.cli.completion import user_ids

    return user_ids(ctx.params, incomplete)


def complete_schemas(ctx: typer.Context, incomplete: str) -> list[str]:
    """The schemas, for the shell."""
    from profilecli.cli.completion import schema_names

    return schema_names(ctx.params, incomplete)


def one_of(*values: str) -> Callable[[str], list[str]]:
    """Completes fixed values, for the shell."""

    def complete(incomplete: str) -> list[str]:
        return [value for value in values if value.startswith(incomplete)]

    return complete


User = Annotated[
    str | None, typer.Option("--user", "-u", metavar="ID", help="Whose profile. Default: your login name.", autocompletion=_complete_users)
]
Db = Annotated[str | None, typer.Option("--db", metavar="PATH", help="The database: a file, or a postgresql:// URL.")]
SchemaName = Annotated[
    str | None, typer.Option("--schema", "-s", metavar="NAME", help="The profile's schema, such as base.", autocompletion=complete_schemas)
]
SchemaDir = Annotated[list[Path] | None, typer.Option("--schema-dir", metavar="DIR", help="Folder of schema modules; may be repeated.")]
Model = Annotated[
    str | None,
    typer.Option(
        "--model",
        "-m",
        metavar="MODEL",
        help="Who answers: offline, local, a .gguf file, or a model id.",
        autocompletion=one_of("offline", "local"),
    ),
]
BaseUrl = Annotated[
    str | None, typer.Option("--base-url", metavar="URL", help="An OpenAI-compatible endpoint, such as http://localhost:11434/v1.")
]
Api = Annotated[
    str | None, typer.Option("--api", metavar="API", help="Which API the endpoint speaks: responses or chat.", autocompletion=one_of(*APIS))
]
Mode = Annotated[
    str | None,
    typer.Option(
        "--mode",
        metavar="MODE",
        help="always: learn from every message. agentic: the model saves. off: keep nothing.",
        autocompletion=one_of(*MODES),
    ),
]
Extractor = Annotated[
    str | None,
    typer.Option(
        "--extractor", metavar="WHO", help="Who reads messages for facts: auto, rules or model.", autocompletion=one_of(*EXTRACTORS)
    ),
]
Instructions = Annotated[
    str | None, typer.Option("--instructions", metavar="TEXT", help='Who the assistant is: "You are a helpful support agent."')
]
SessionId = Annotated[str | None, typer.Option("--session", metavar="ID", help="Go on with this conversation.")]
Continue = Annotated[bool, typer.Option("--continue", "-c", help="Go on with your last conversation.")]
Json = Annotated[bool, typer.Option("--json", help="JSON on stdout, for scripts.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")]


def settings(**flags: Any) -> Settings:
    """The settings in force, given the flags that were used."""
    return load(flags)


OPENED = ExitStack()
"""The databases that this run has opened; :func:`profilecli.cli.run` closes them."""


def schema_set(chosen: Settings) -> SchemaSet:
    """The schemas of the folders in force; nothing is loaded yet."""
    from profilecli.schema import SchemaSet

    return SchemaSet(chosen.schema_dirs)


def open_stores(chosen: Settings, *, create: bool = False) -> Store:
    """The database in force. Commands that only read don't make one."""
    from profilecli.store import open_store

    store = OPENED.enter_context(closing(open_store(chosen.database, schemas=schema_set(chosen), create=create)))
    if chosen.db and store.in_memory:
        from profilecli.render import plain

        missing = f"There is no database {chosen.db}" if "://" not in chosen.db else f"There is no profile yet in {masked(chosen.db)}"
        plain.notice(f"{missing} ({chosen.source('db')}).")
    return store


def chosen_schema(chosen: Settings, store: Store) -> Schema | None:
    """The schema that a flag, the environment or the config file names, or None."""
    return store.schemas.get(chosen.schema) if chosen.schema else None
