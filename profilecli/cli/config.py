"""``profile config``."""

from __future__ import annotations

import os
from typing import Annotated, Any

import typer

from profilecli import config as settings_of
from profilecli.cli.options import Json, one_of
from profilecli.errors import ProfilecliError
from profilecli.render import plain

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Settings: what is in force, where it came from, and how to change it.",
    rich_markup_mode=None,
)


@app.command()
def show(json: Json = False) -> None:
    """Show the settings in force, and where each came from.

    \b
    Examples:
      profile config show
      profile config show --json
    """
    chosen = settings_of.load()
    rows = {setting.name: (_value(chosen, setting.name), chosen.source(setting.name)) for setting in settings_of.SETTINGS}
    if json:
        plain.json_text({name: {"value": value, "source": source} for name, (value, source) in rows.items()})
        return
    from profilecli.render import rich

    shown = [(name, _text(value), source) for name, (value, source) in rows.items()]
    shown.append(("API key", "set" if os.environ.get("OPENAI_API_KEY") else "not set", "OPENAI_API_KEY"))
    rich.console().print(rich.rows_table(("Setting", "Value", "From"), shown))


def _complete_keys(incomplete: str) -> list[str]:
    return one_of(*(setting.name for setting in settings_of.SETTINGS))(incomplete)


def _complete_values(ctx: typer.Context, incomplete: str) -> list[str]:
    from profilecli.cli.completion import setting_values

    return setting_values(ctx.params, incomplete)


@app.command(name="set")
def set_(
    key: Annotated[str, typer.Argument(metavar="KEY", help="A setting, such as user or model.", autocompletion=_complete_keys)],
    value: Annotated[str, typer.Argument(metavar="VALUE", help="Its new value.", autocompletion=_complete_values)],
) -> None:
    """Write a setting into the config file.

    \b
    Examples:
      profile config set user alice@example.com
      profile config set model offline
    """
    path = settings_of.save(key, value)
    plain.notice(f"Set {key} in {path}.")


@app.command()
def path() -> None:
    """Print the path of the config file.

    \b
    Examples:
      profile config path
    """
    plain.text(str(settings_of.config_path()))


def _value(chosen: settings_of.Settings, name: str) -> Any:
    if name == "user":
        try:
            return chosen.user_id
        except ProfilecliError:
            return None
    value = chosen.database if name == "db" else getattr(chosen, name)
    if isinstance(value, tuple):
        return [str(path) for path in value]
    return settings_of.masked(value) if isinstance(value, str) else value


def _text(value: Any) -> str:
    return "–" if value is None else os.pathsep.join(value) if isinstance(value, list) else str(value)
