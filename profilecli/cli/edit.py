"""``profile edit``."""

from __future__ import annotations

from typing import Annotated

import typer

from profilecli.cli.completion import assignments, field_names
from profilecli.cli.options import Db, Json, SchemaDir, SchemaName, User, chosen_schema, open_stores, settings
from profilecli.cli.reading import seconds, warn_if_missing
from profilecli.errors import UsageError
from profilecli.models import Profile
from profilecli.render import plain

app = typer.Typer(add_completion=False, rich_markup_mode=None)


def complete_fields(ctx: typer.Context, incomplete: str) -> list[str]:
    """The profile's fields, for the shell."""
    return field_names(ctx.params, incomplete)


def _complete_assignments(ctx: typer.Context, incomplete: str) -> list[str]:
    return assignments(ctx.params, incomplete)


@app.command()
def edit(
    changes: Annotated[
        list[str] | None, typer.Argument(metavar="FIELD=VALUE", help="Fields to set.", autocompletion=_complete_assignments)
    ] = None,
    unset: Annotated[
        list[str] | None,
        typer.Option("--unset", metavar="FIELD", help="A field to clear; may be repeated.", autocompletion=complete_fields),
    ] = None,
    pin: Annotated[
        list[str] | None,
        typer.Option("--pin", metavar="FIELD", help="Keep a field from being changed by what you say.", autocompletion=complete_fields),
    ] = None,
    unpin: Annotated[
        list[str] | None, typer.Option("--unpin", metavar="FIELD", help="Let it be changed again.", autocompletion=complete_fields)
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
      profile edit --pin name
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
    edits.check_known([*(pin or []), *(unpin or [])], in_force, profile)
    if changes or unset or pin or unpin:
        updates = [*edits.assignments(changes or [], in_force), *edits.unsetting(unset or [], in_force, profile)]
        if twice := {update.field for update in updates if update.action == "replace"} & set(unset or []):
            raise UsageError(f"{', '.join(twice)}: set and cleared in one call. Which one?")
    else:
        updates = edits.edit_in_editor(profile, in_force)
    applied = store.apply(chosen.user_id, updates, schema=named.name if named else None)
    pins = store.pinned(chosen.user_id)
    store.pin(chosen.user_id, pin or [])
    store.unpin(chosen.user_id, unpin or [])
    if json:
        plain.json_text(in_force.view(seconds(store.profile(chosen.user_id) or profile), store.pinned(chosen.user_id)).as_json())
    for change in applied.changes:
        plain.notice(f"✓ {plain.change_line(change)}")
    told = [f"{name} is pinned: what you say leaves it as it is." for name in pin or [] if name not in pins]
    told += [f"{name} is no longer pinned." for name in unpin or [] if name in pins]
    for line in told or ([] if applied.changes else ["Nothing changed."]):
        plain.notice(line)
