"""``profile reset``."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from profilecli.cli.edit import _complete_fields as complete_fields
from profilecli.cli.options import Db, SchemaDir, User, Yes, open_stores, settings
from profilecli.cli.reading import stored_profile
from profilecli.errors import ProfilecliError, UnknownField, UsageError
from profilecli.render import plain
from profilecli.store import Erased

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def reset(
    fields: Annotated[
        list[str] | None, typer.Argument(metavar="FIELD", help="Fields to erase; none: everything.", autocompletion=complete_fields)
    ] = None,
    user: User = None,
    db: Db = None,
    schema_dir: SchemaDir = None,
    yes: Yes = False,
) -> None:
    """Erase a user, or some fields, for good.

    Without fields: the whole user, history and messages included. With fields: the
    values, their history, and each message that contains such a value. This can't be
    undone, and can't be recovered from the file. (To undo a change: profile undo.)

    \b
    Examples:
      profile reset --user alice@example.com
      profile reset company --yes
    """
    chosen = settings(user=user, db=db, schema_dirs=schema_dir)
    store = open_stores(chosen)
    profile = stored_profile(store, chosen.user_id)
    known = {**store.schemas.for_profile(profile.schema).by_name, **profile.fields, **{c.field: c for c in store.history(chosen.user_id)}}
    for field in fields or []:
        if field not in known:
            raise UnknownField(field, list(known))
    what = f"{', '.join(fields)} of {chosen.user_id}" if fields else f"everything about {chosen.user_id}"
    _confirm(what, yes=yes)
    erased = store.erase_fields(chosen.user_id, fields) if fields else store.erase(chosen.user_id)
    plain.notice(f"Erased {what}{_counts(erased)}.")


def _confirm(what: str, *, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError("Erasing asks first; in a script, add --yes.")
    if not typer.confirm(f"Erase {what} for good?", err=True):
        raise ProfilecliError("Nothing was erased.")


def _counts(erased: Erased) -> str:
    parts = [
        f"{number} {word}{'s' * (number != 1)}" for number, word in ((erased.changes, "change"), (erased.messages, "message")) if number
    ]
    rewritten = "; the file was rewritten, since it still held traces" if erased.vacuumed else ""
    return (f" ({' and '.join(parts)})" if parts else "") + rewritten
