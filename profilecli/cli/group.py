"""A Typer group that imports and builds a command when it is called."""

from __future__ import annotations

import copy
import importlib
import sys
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

__all__ = ["COMMANDS", "LazyGroup", "debugging", "root"]

COMMANDS: dict[str, str] = {
    "chat": "profilecli.cli.chat",
    "ask": "profilecli.cli.ask",
    "show": "profilecli.cli.show",
    "edit": "profilecli.cli.edit",
    "history": "profilecli.cli.history",
    "undo": "profilecli.cli.undo",
    "reset": "profilecli.cli.reset",
    "export": "profilecli.cli.export",
    "import": "profilecli.cli.import_",
    "learn": "profilecli.cli.learn",
    "users": "profilecli.cli.users",
    "schemas": "profilecli.cli.schemas",
    "model": "profilecli.cli.model",
    "mcp": "profilecli.cli.mcp",
    "config": "profilecli.cli.config",
    "doctor": "profilecli.cli.doctor",
}
"""Each command's module, in the order of ``--help``; each module has its Typer as ``app``."""


_HELP = ["-h", "--help"]


class _Debug:
    on = False


def debugging() -> bool:
    """Whether ``--debug`` was given: errors then come with a traceback."""
    return _Debug.on


def _turn_on(_context: Any, _parameter: Any, value: bool) -> bool:
    _Debug.on = _Debug.on or bool(value)
    return value


class LazyGroup(TyperGroup):
    """Commands by name, each built when it is asked for."""

    def list_commands(self, _context: Any) -> list[str]:
        """Every command, without building one."""
        return list(COMMANDS)

    def get_command(self, _context: Any, cmd_name: str) -> Any:
        """The command of this name, or None."""
        return _built(cmd_name) if cmd_name in COMMANDS else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """As Typer does, with a suggestion for a name that is nearly one."""
        try:
            return super().resolve_command(ctx, args)
        except typer.TyperException as error:
            from difflib import get_close_matches

            if args[0] not in COMMANDS and (near := get_close_matches(args[0], COMMANDS)):
                error.message = f"{error.message.rstrip('.')}. Did you mean {' or '.join(near)}?"
            raise

    def invoke(self, ctx: Any) -> Any:
        """Runs the command. A reader that has left is no error of ours: see :func:`profilecli.cli.run`."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            from profilecli.render import plain

            plain.silence_stdout()
            raise typer.Exit(0) from None


@cache
def _built(name: str) -> Any:
    command: Any = get_command(importlib.import_module(COMMANDS[name]).app)
    command.name = name
    _spare_pydantic(command)
    for leaf in getattr(command, "commands", {"": command}).values():
        _spare_pydantic(leaf)
        leaf.params.append(_debug_option())  # people add it where they are, at the end of the line
        for parameter in leaf.params:
            if parameter.param_type_name == "argument":
                parameter.display_type_rich = _no_type
    return command


def _spare_pydantic(command: Any) -> None:
    """Lets Typer convert only what needs it.

    Its conversion imports Pydantic, which takes longer than all that ``profile show`` does,
    and uses it also to leave a text as it is, and for options that nobody gave.
    """
    for parameter in (*command.params, command.get_help_option(typer.Context(command, help_option_names=_HELP))):
        if parameter is not None:
            parameter.process_value = partial(_process_value, parameter, parameter.process_value)


def _process_value(parameter: Any, typers_own: Callable[[Any, Any], Any], ctx: Any, value: Any) -> Any:
    missing = parameter.value_is_missing(value)
    as_is = _AS_IS.get(parameter.type_descriptor.annotation)
    if (missing and parameter.required) or not (missing or as_is):
        return typers_own(ctx, value)
    if as_is and not missing:
        value = as_is(value)
    return value if parameter.callback is None else parameter.callback(ctx, parameter, value)


_AS_IS: dict[Any, Callable[[Any], Any]] = {str: str, list[str]: list, list[Path]: lambda values: [Path(value) for value in values]}
"""Types that need no validation, with what makes them of an argument's text."""


def _no_type(*, ctx: Any) -> None:
    """Nothing, where Typer's help would add ``<list[str]>``: the argument's name and help say what it is."""
    del ctx


def _debug_option() -> Any:
    """The root's ``--debug`` for a command: taken there too, listed only once."""
    option = copy.copy(next(parameter for parameter in root().params if parameter.name == "debug"))
    option.expose_value, option.hidden = False, True
    return option


@cache
def root() -> Any:
    """The whole program as one command."""
    # The options that install completion cost a look at the process tree: only where they can be meant.
    wanted = len(sys.argv) < 2 or sys.argv[1].startswith("-")
    if wanted:
        from profilecli.cli.shells import use_scripts

        use_scripts()
    app = typer.Typer(
        name="profile",
        cls=LazyGroup,
        add_completion=wanted,
        no_args_is_help=True,
        rich_markup_mode=None,
        context_settings={"help_option_names": _HELP},
        epilog="Settings and exit codes: docs/reference.md. Start with: profile chat",
    )

    @app.callback()
    def profile(
        version: bool = typer.Option(False, "--version", help="Show the version and exit.", is_eager=True, callback=_show_version),
        debug: bool = typer.Option(False, "--debug", help="Show a traceback with an error.", callback=_turn_on),
    ) -> None:
        """A personal assistant in the terminal that gets to know you.

        It learns a profile from what you say (your name, and the fields of your own
        schema), keeps it in a file on your machine, and uses it in every later answer.
        Nothing is remembered that you did not say, and nothing that you said is lost.
        """
        del version, debug

    made = get_command(app)
    _spare_pydantic(made)
    return made


def _show_version(value: bool) -> None:
    if value:
        from profilecli import __version__
        from profilecli.render import plain

        plain.text(f"profilecli {__version__}")
        raise typer.Exit
