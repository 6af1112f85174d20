"""``profile export``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from profilecli.cli.options import Db, SchemaDir, User, one_of, open_stores, settings
from profilecli.cli.reading import seconds, stored_profile, warn_if_missing
from profilecli.errors import UsageError
from profilecli.models import Profile
from profilecli.render import plain
from profilecli.schema import ProfileView
from profilecli.store import Store

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def export(
    user: User = None,
    everyone: Annotated[bool, typer.Option("--all", help="Every user.")] = False,
    form: Annotated[
        str,
        typer.Option("--format", metavar="FORMAT", help="json (an array), jsonl or csv.", autocompletion=one_of("json", "jsonl", "csv")),
    ] = "json",
    history: Annotated[bool, typer.Option("--history", help="With every change and the pins, as a backup (json and jsonl).")] = False,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to a file, whole or not at all.")] = None,
    db: Db = None,
    schema_dir: SchemaDir = None,
) -> None:
    """Write profiles as JSON, JSON Lines or CSV.

    \b
    Examples:
      profile export --user alice@example.com
      profile export --all --format csv -o profiles.csv
      profile export --all --history -o backup.json
    """
    from profilecli import transfer

    if form not in transfer.FORMATS:
        raise UsageError(f"--format is one of {', '.join(transfer.FORMATS)}, not {form!r}.")
    if history and form == "csv":
        raise UsageError("CSV has no room for --history: use --format json or jsonl.")
    if user and everyone:
        raise UsageError("Either --user or --all.")
    chosen = settings(user=user, db=db, schema_dirs=schema_dir)
    store = open_stores(chosen)
    profiles = store.profiles() if everyone else iter([stored_profile(store, chosen.user_id)])
    more = (lambda user_id: transfer.past(next(store.portable(user_id)))) if history else (lambda _: {})
    pieces = transfer.dump(_views(store, profiles), form, more)
    if output is None or str(output) == "-":
        plain.pieces(pieces)
    else:
        transfer.write_private(output, pieces)


def _views(store: Store, profiles: Iterator[Profile]) -> Iterator[ProfileView]:
    warned = set()
    for profile in profiles:
        schema = store.schemas.for_profile(profile.schema)
        if schema.missing and schema.name not in warned:
            warned.add(schema.name)
            warn_if_missing(schema)
        yield schema.view(seconds(profile))
