"""``profile history``."""

from __future__ import annotations

from typing import Annotated

import typer

from profilecli.cli.edit import complete_fields
from profilecli.cli.options import Db, Json, SchemaDir, User, open_stores, settings
from profilecli.cli.reading import stored_profile
from profilecli.errors import UnknownField
from profilecli.models import Change
from profilecli.render import plain
from profilecli.store import StoredRejection

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def history(
    field: Annotated[str | None, typer.Argument(metavar="FIELD", help="One field; none: all.", autocompletion=complete_fields)] = None,
    user: User = None,
    db: Db = None,
    schema_dir: SchemaDir = None,
    rejected: Annotated[bool, typer.Option("--rejected", help="What was proposed and refused, and why.")] = False,
    json: Json = False,
) -> None:
    """Show every change: old, new, when, by whom, and your words that state it.

    \b
    Examples:
      profile history
      profile history company --json
      profile history --rejected
    """
    chosen = settings(user=user, db=db, schema_dirs=schema_dir)
    store = open_stores(chosen)
    profile = stored_profile(store, chosen.user_id)
    known = {
        *store.schemas.for_profile(profile.schema).by_name,
        *profile.fields,
        *(change.field for change in store.history(chosen.user_id)),
    }
    if field is not None and field not in known:
        raise UnknownField(field, sorted(known))
    if rejected:
        refused = store.rejections(chosen.user_id, field)
        if json:
            plain.json_text([_rejection(entry) for entry in refused])
        else:
            _table(refused, "rejections_table")
        return
    changes = store.history(chosen.user_id, field)
    if json:
        plain.json_text([_change(change) for change in changes])
    else:
        _table(changes, "history_table")


def _table(entries: list[Change] | list[StoredRejection], drawn_by: str) -> None:
    if not entries:
        plain.notice("Nothing on record.")
        return
    from profilecli.render import rich

    rich.console().print(getattr(rich, drawn_by)(entries))


def _change(change: Change) -> dict[str, object]:
    shape: dict[str, object] = {
        "id": change.id, "field": change.field, "old": change.old, "new": change.new, "source": change.source, "quote": change.quote,
        "session_id": change.session_id, "at": change.at[:19] + "Z", "change_set": change.change_set,
    }  # fmt: skip
    return shape | ({"superseded": True} if change.superseded else {})


def _rejection(entry: StoredRejection) -> dict[str, object]:
    refused = entry.rejection
    return {
        "field": refused.field, "value": refused.value, "reason": refused.reason, "source": refused.source, "quote": refused.quote,
        "session_id": entry.session_id, "at": entry.at[:19] + "Z",
    }  # fmt: skip
