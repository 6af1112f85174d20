"""``profile import``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated

import typer

from profilecli.cli.options import OPENED, Db, SchemaDir, SchemaName, chosen_schema, one_of, open_stores, settings
from profilecli.config import Settings, masked
from profilecli.errors import TransferError, UsageError
from profilecli.models import Portable
from profilecli.render import plain
from profilecli.schema import Schema
from profilecli.store import Replaced, Store, is_database, open_store

__all__ = ["PROGRAMS"]

PROGRAMS = ("agno",)
"""The other programs whose profiles can be imported."""

_MOST_NOTICES = 20
"""Lines about an import that are shown; a large database may give one a user."""

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(name="import")
def import_(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="What export wrote, - for stdin; or a database: its file or URL.")],
    program: Annotated[
        str | None, typer.Option("--from", metavar="PROGRAM", help="Another program's database: agno.", autocompletion=one_of(*PROGRAMS))
    ] = None,
    table: Annotated[str | None, typer.Option("--table", metavar="NAME", help="Which table, where agno's database has several.")] = None,
    db: Db = None,
    schema: SchemaName = None,
    schema_dir: SchemaDir = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would change, and change nothing.")] = False,
) -> None:
    """Read back what export wrote, copy another database, or bring over agno's user profiles. All or nothing.

    Each profile in it replaces the stored one whole; other users stay as they are. Another
    database of profilecli is copied with history and messages.

    \b
    Examples:
      profile import profiles.json
      profile export --all | profile import - --db copy.db
      profile import profiles.db --db postgresql://db.example.com/profiles
      profile import --from agno agno.db --schema customer
    """
    if program is not None and program not in PROGRAMS:
        raise UsageError(f"--from is one of {', '.join(PROGRAMS)}, not {program!r}.")
    if program is None and (schema or table):
        raise UsageError("--schema and --table go with --from: what export wrote has its schema with it.")
    chosen = settings(db=db, schema=schema, schema_dirs=schema_dir)
    # The source is read before the database is opened: where that fails, none is made.
    read = _agno(source, table, chosen) if program else _database(source, chosen) if is_database(source) else _file(source)
    store = open_stores(chosen, create=not dry_run)
    replaced = store.replace(read(store), dry_run=dry_run)
    if dry_run:
        for each in replaced:
            _tell(each)
    number = len(replaced)
    plain.notice(f"{'Would import' if dry_run else 'Imported'} {number} profile{'s' * (number != 1)}.")


def _database(source: str, chosen: Settings) -> Callable[[Store], Iterable[Portable]]:
    """Another database of ours, whole."""
    if source == chosen.database or ("://" not in source and _same_file(source, chosen.database)):
        raise TransferError(f"{masked(source)} can't be imported into itself.")
    original = OPENED.enter_context(open_store(source, create=False))
    if original.in_memory:
        raise TransferError(f"There is no profile in {masked(source)}. Nothing was imported.")
    return lambda _store: original.portable(whole=True)


def _same_file(source: str, database: str) -> bool:
    return Path(source).expanduser().resolve() == Path(database).expanduser().resolve()


def _file(source: str) -> Callable[[Store], Iterable[Portable]]:
    from profilecli import transfer

    profiles = transfer.parse(_text(source))
    return lambda _store: profiles


def _agno(source: str, table: str | None, chosen: Settings) -> Callable[[Store], Iterable[Portable]]:
    """agno's profiles, through the chosen schema, else that of the stored profile, else base."""
    from profilecli.agno_profiles import portable
    from profilecli.store.agno import read_profiles

    rows = read_profiles(source, table)

    def through_schemas(store: Store) -> list[Portable]:
        everyone = chosen_schema(chosen, store)

        def schema_of(user_id: str) -> Schema:
            stored = None if everyone else store.profile(user_id)
            return everyone or store.schemas.for_profile(stored.schema if stored else "base")

        profiles, notices = portable(rows, schema_of)
        for line in notices[:_MOST_NOTICES]:
            plain.notice(line)
        if len(notices) > _MOST_NOTICES:
            plain.notice(f"… and {len(notices) - _MOST_NOTICES} lines like these.")
        return profiles

    return through_schemas


def _tell(replaced: Replaced) -> None:
    if replaced.created or not replaced.changes:
        plain.text(f"{replaced.user_id}  {'new' if replaced.created else 'as it is'}")
    for change in replaced.changes:
        plain.text(f"{replaced.user_id}  {plain.change_line(change)}")


def _text(source: str) -> str:
    try:
        data = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
        return data.decode("utf-8")
    except OSError as error:
        raise TransferError(f"{source} can't be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise TransferError(f"{source} is not UTF-8 text. Nothing was imported.") from error
