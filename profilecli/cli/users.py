"""``profile users``."""

from __future__ import annotations

import typer

from profilecli.cli.options import Db, Json, open_stores, settings
from profilecli.render import plain

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def users(db: Db = None, json: Json = False) -> None:
    """List the users, by user id.

    \b
    Examples:
      profile users
      profile users --json
    """
    found = open_stores(settings(db=db)).users()
    if json:
        plain.json_text(
            [
                {
                    "user_id": u.user_id,
                    "schema": u.schema,
                    "fields_set": u.fields_set,
                    "updated_at": u.updated_at[:19] + "Z",
                    "pending": u.pending,
                }
                for u in found
            ]
        )
    elif not found:
        plain.notice("No users yet. Start with: profile chat")
    else:
        from profilecli.render import rich

        rich.console().print(rich.users_table(found))
