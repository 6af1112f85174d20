"""``profile show --json`` against the least Typer program: one command, the same options, one query."""

from __future__ import annotations

import sys

from benchmarks.scene import PROFILE, scene, seconds
from benchmarks.timing import Measured, compared, main

__all__ = ["measure"]

TARGET = 1.25
_LEAST = '''import json
import sqlite3
from pathlib import Path
from typing import Annotated

import typer


def show(
    user: Annotated[str | None, typer.Option("--user", "-u", help="Whose profile.")] = None,
    db: Annotated[str | None, typer.Option("--db", help="The database file.")] = None,
    schema: Annotated[str | None, typer.Option("--schema", "-s", help="The schema.")] = None,
    schema_dir: Annotated[list[Path] | None, typer.Option("--schema-dir", help="Folder of schemas.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
    form: Annotated[str | None, typer.Option("--format", help="panel, json or prompt.")] = None,
) -> None:
    """Show a profile."""
    row = sqlite3.connect(db).execute("SELECT fields FROM profiles WHERE user_id = ?", (user,)).fetchone()
    print(json.dumps(json.loads(row[0]), indent=2))


typer.run(show)
'''


def measure(runs: int) -> list[Measured]:
    """The one claim."""
    with scene() as made:
        ours = made.program("show", "--json")
        # What follows the command's name is the same for both.
        theirs = [sys.executable, made.script("least.py", _LEAST), *ours[3:]]
        environment, expected = made.environment(), PROFILE["name"]
        return [
            compared(
                "`profile show --json` : the least Typer program",
                TARGET,
                runs,
                lambda: seconds(ours, environment, "", expected),
                lambda: seconds(theirs, environment, "", expected),
            )
        ]


if __name__ == "__main__":
    sys.exit(main(measure))
