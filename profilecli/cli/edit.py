"""``profile edit``."""

from __future__ import annotations

from typing import Annotated

import typer

from profilecli.cli.completion import field_names
from profilecli.cli.options import Db, Json, SchemaDir, SchemaName, User, chosen_schema, open_stores, settings
from profilecli.cli.reading import seconds, warn_if_missing
from profilecli.models import Profile
from profilecli.render import plain

app = typer.Typer(add_completion=False, rich_markup_mode=None)


def _complete_fields(ctx: typer.Context, incomplete: str) -> list[str]:
    return field_names(ctx.params, incomplete)


def _complete_assignments(ctx: typer.Context, incomplete: str) -> list[str]:
    return [f"{name}=" for name in field_names(ctx.params, incomplete)]


@app.command()
def edit(
    changes: Annotated[
        list[str] | None, typer.Argument(metavar="FIELD=VALUE", help="Fields to set.", autocompletion=_complete_assignments)
    ] = None,
    unset: Annotated[
        list[str] | None,
        typer.Option("--unset", metavar="FIELD", help="A field to clear; may be repeated.", autocompletion=_complete_fields),
    ] = None,
    user: User = None,
    db: Db = None,
    schema: SchemaName = None,
    schema_dir: SchemaDir = None,
    json: Json = False,
) -> None:
    """Change fields by hand; without any, in your editor.

    \b
    Examples:
      profile edit company=Acme role="data scientist"
      profile edit --unset company
      profile edit
    """
    from profilecli import edits

    chosen = settings(user=user, db=db, schema=schema, schema_dirs=schema_dir)
    store = open_stores(chosen, create=True)
    stored = store.profile(chosen.user_id)
    named = chosen_schema(chosen, store)
    in_force = named or store.schemas.for_profile(stored.schema if stored else "base")
    warn_if_missing(in_force)
    profile = stored or Profile(chosen.user_id, in_force.name, {}, "", "")
    if changes or unset:
        updates = [*edits.assignments(changes or [], in_force), *edits.unsetting(unset or [], in_force, profile)]
    else:
        updates = edits.edit_in_editor(profile, in_force)
    applied = store.apply(chosen.user_id, updates, schema=named.name if named else None)
    if json:
        plain.json_text(in_force.view(seconds(store.profile(chosen.user_id) or profile)).as_json())
    for change in applied.changes:
        plain.notice(f"✓ {plain.change_line(change)}")
    if not applied.changes:
        plain.notice("Nothing changed.")
