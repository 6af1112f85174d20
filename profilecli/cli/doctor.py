"""``profile doctor``."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from profilecli.cli.options import Api, BaseUrl, Db, Json, Model, SchemaDir, SchemaName
from profilecli.errors import ExitStatus
from profilecli.render import plain

app = typer.Typer(add_completion=False)

_MARKS = {"ok": "✓", "warning": "!", "broken": "✗"}


@app.command()
def doctor(
    db: Db = None,
    schema: SchemaName = None,
    schema_dir: SchemaDir = None,
    model: Model = None,
    base_url: BaseUrl = None,
    api: Api = None,
    probe: Annotated[
        bool, typer.Option("--probe", help="Also try streaming, structured output and tools: three small calls, which may cost.")
    ] = False,
    json: Json = False,
) -> None:
    """Check the database, schemas, settings, key and model; exit 1 if something is broken.

    Nothing is changed, and without --probe nothing is asked that costs anything.

    Examples: profile doctor · profile doctor --probe --json
    """
    from profilecli.doctor import Check, examined, probed

    flags = {"db": db, "schema": schema, "schema_dirs": schema_dir, "model": model, "base_url": base_url, "api": api}
    checks: list[Check] = []
    for check in examined(flags):
        checks.append(check)
        if not json:
            _show(check.status, check.check, check.detail, check.advice)
    for check in probed(flags) if probe else ():
        checks.append(check)
        if not json:
            _show(check.status, check.check, check.detail, check.advice)
    if json:
        plain.json_text([asdict(check) for check in checks])
    if any(check.status == "broken" for check in checks):
        raise typer.Exit(ExitStatus.FAILED)


def _show(status: str, name: str, detail: str, advice: str) -> None:
    plain.text(f"{_MARKS[status]} {name}: {detail}")
    if advice:
        plain.text(f"    {advice}")
