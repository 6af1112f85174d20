"""``profile show --json`` against the least Typer program, and against what reads a stored record with ``llm`` and with agno."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from benchmarks import peers
from benchmarks.agno_programs import SHOW
from benchmarks.scene import KEY, PROFILE, REPLY, Scene, endpoint, scene, seconds
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
    """One promise, and two comparisons."""
    with scene() as made:
        ours = made.program("show", "--json")
        # What follows the command's name is the same for both.
        least = [sys.executable, made.script("least.py", _LEAST), *ours[3:]]
        agno = [peers.python(), "-W", "ignore", made.script("agno_show.py", SHOW), str(made.home / "agno.db")]
        llm = [peers.python(), "-m", "llm", "logs", "--json", "-n", "1"]
        with endpoint() as base_url:
            asked = [peers.python(), "-m", "llm", "Hello"]
            seconds(asked, made.environment() | {"OPENAI_BASE_URL": base_url, "OPENAI_API_KEY": KEY}, "", REPLY)
        return [
            _beside(made, "the least Typer program", TARGET, runs, ours, least, PROFILE["name"]),
            _beside(made, "`llm logs --json -n 1`", 1.0, runs, ours, llm, REPLY),
            _beside(made, "agno: open its store, get a profile", 1.0, runs, ours, agno, PROFILE["name"]),
        ]


def _beside(made: Scene, peer: str, target: float, runs: int, ours: Sequence[str], theirs: Sequence[str], expected: str) -> Measured:
    environment = made.environment()
    return compared(
        "start-up: `profile show --json`",
        peer,
        target,
        runs,
        lambda: seconds(ours, environment, "", PROFILE["name"]),
        lambda: seconds(theirs, environment, "", expected),
        headline="agno" not in peer,
    )


if __name__ == "__main__":
    sys.exit(main(measure))
