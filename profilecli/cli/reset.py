"""``profile reset``."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from profilecli.cli.edit import complete_fields
from profilecli.cli.options import Db, SchemaDir, User, Yes, open_stores, settings
from profilecli.cli.reading import stored_profile
from profilecli.errors import ProfilecliError, UnknownField, UsageError
from profilecli.render import plain
from profilecli.repl import typed_lines_path
from profilecli.store import Erased, Store

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
    if not _agreed(f"Erase {what} for good?", yes=yes):
        raise ProfilecliError("Nothing was erased.")
    typed = typed_lines_path(chosen.database, chosen.user_id)
    clearing = typed is not None and typed.exists() and _agreed("Erase the lines typed at the prompt, too?", yes=yes)
    erased = _erase(store, chosen.user_id, fields or [])
    plain.notice(f"Erased {what}{_counts(erased)}.")
    if erased.remains:
        plain.notice(erased.remains)
    if clearing and typed is not None:
        _overwrite(typed)
        plain.notice("Erased the lines typed at the prompt.")


def _agreed(question: str, *, yes: bool) -> bool:
    if yes:
        return True
    if not sys.stdin.isatty():
        raise UsageError("Erasing asks first; in a script, add --yes.")
    return typer.confirm(question, err=True)


def _erase(store: Store, user_id: str, fields: list[str]) -> Erased:
    def rewriting() -> None:
        plain.notice("The file still holds traces, so it is written anew. If it is large, that takes a while.")

    return store.erase_fields(user_id, fields, rewriting=rewriting) if fields else store.erase(user_id, rewriting=rewriting)


def _overwrite(path: Path) -> None:
    """Makes an end of a file and of its bytes. Raises ProfilecliError."""
    try:
        with path.open("r+b") as file:
            file.write(b"\0" * path.stat().st_size)
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
    except OSError as error:
        raise ProfilecliError(f"{path} can't be erased: {error.strerror}. Delete it yourself.") from error


def _counts(erased: Erased) -> str:
    parts = [
        f"{number} {word}{'s' * (number != 1)}" for number, word in ((erased.changes, "change"), (erased.messages, "message")) if number
    ]
    rewritten = "; the file was rewritten, since it still held traces" if erased.vacuumed and not erased.remains else ""
    return (f" ({' and '.join(parts)})" if parts else "") + rewritten
