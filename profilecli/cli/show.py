"""``profile show``."""

from __future__ import annotations

from typing import Annotated

import typer

from profilecli.cli.options import Db, Json, SchemaDir, SchemaName, User, one_of, open_stores, settings
from profilecli.cli.reading import view_of
from profilecli.render import plain

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def show(
    user: User = None,
    db: Db = None,
    schema: SchemaName = None,
    schema_dir: SchemaDir = None,
    json: Json = False,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="panel, json, or prompt: the <user_profile> block as a model sees it.",
            autocompletion=one_of("panel", "json", "prompt"),
        ),
    ] = None,
) -> None:
    """Show what is known about a user.

    \b
    Examples:
      profile show
      profile show --user alice@example.com --json
      profile show --format prompt
    """
    if form not in (None, "panel", "json", "prompt"):
        raise typer.BadParameter("--format is panel, json or prompt.")
    chosen = settings(user=user, db=db, schema=schema, schema_dirs=schema_dir)
    store = open_stores(chosen)
    view, seen_through = view_of(store, chosen)
    if json or form == "json":
        plain.json_text(view.as_json())
    elif form == "prompt":
        from profilecli.prompts import profile_block

        plain.pieces([profile_block(seen_through.fields, view.fields) + "\n"])
    else:
        from profilecli.render import rich

        rich.console().print(rich.profile_panel(view, seen_through))
