"""``profile import``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from profilecli.cli.options import Db, open_stores, settings
from profilecli.errors import TransferError
from profilecli.render import plain
from profilecli.store import Replaced

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(name="import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What export wrote; - is stdin.")],
    db: Db = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would change, and change nothing.")] = False,
) -> None:
    """Read back what export wrote. All or nothing.

    Each profile in the file replaces the stored one whole; other users stay as they are.

    \b
    Examples:
      profile import profiles.json
      profile export --all | profile import - --db copy.db
    """
    from profilecli import transfer

    profiles = transfer.parse(_read(file))
    replaced = open_stores(settings(db=db), create=not dry_run).replace(profiles, dry_run=dry_run)
    if dry_run:
        for each in replaced:
            _tell(each)
    number = len(replaced)
    plain.notice(f"{'Would import' if dry_run else 'Imported'} {number} profile{'s' * (number != 1)}.")


def _tell(replaced: Replaced) -> None:
    if replaced.created or not replaced.changes:
        plain.text(f"{replaced.user_id}  {'new' if replaced.created else 'as it is'}")
    for change in replaced.changes:
        plain.text(f"{replaced.user_id}  {plain.change_line(change)}")


def _read(file: Path) -> str:
    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        return data.decode("utf-8")
    except OSError as error:
        raise TransferError(f"{file} can't be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise TransferError(f"{file} is not UTF-8 text. Nothing was imported.") from error
