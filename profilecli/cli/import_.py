"""``profile import``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from profilecli.cli.options import Db, open_stores, settings
from profilecli.errors import TransferError
from profilecli.render import plain

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(name="import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What export wrote; - is stdin.")],
    db: Db = None,
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
    number = open_stores(settings(db=db), create=True).replace(profiles)
    plain.notice(f"Imported {number} profile{'s' * (number != 1)}.")


def _read(file: Path) -> str:
    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        return data.decode("utf-8")
    except OSError as error:
        raise TransferError(f"{file} can't be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise TransferError(f"{file} is not UTF-8 text. Nothing was imported.") from error
