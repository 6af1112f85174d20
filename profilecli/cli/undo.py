"""``profile undo``."""

from __future__ import annotations

from typing import Annotated

import typer

from profilecli.cli.options import Db, User, open_stores, settings
from profilecli.cli.reading import stored_profile
from profilecli.errors import ProfilecliError
from profilecli.render import plain

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def undo(
    user: User = None,
    db: Db = None,
    number: Annotated[
        int, typer.Option("-n", "--number", metavar="N", min=1, max=1_000_000, help="How many change sets to take back.")
    ] = 1,
) -> None:
    """Take back the newest change, or the newest N.

    A change is everything that one message or one command changed. Undoing twice is no
    change. A field that has changed since is kept.

    \b
    Examples:
      profile undo
      profile undo -n 3
    """
    chosen = settings(user=user, db=db)
    store = open_stores(chosen)
    stored_profile(store, chosen.user_id)
    undone = store.undo(chosen.user_id, number)
    for change in undone.changes:
        plain.notice(f"↩ {plain.change_line(change)}")
    for field in undone.kept:
        plain.notice(f"  {field} has changed since, so it was kept.")
    if not undone.changes:
        raise ProfilecliError("There is nothing to take back.")
