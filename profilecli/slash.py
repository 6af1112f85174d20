"""The commands of the prompt that begin with a slash: a registry that names, describes and completes them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from profilecli.errors import ProfilecliError, UsageError
from profilecli.llm import LLM
from profilecli.models import Change
from profilecli.render import plain
from profilecli.session import Session

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["COMMANDS", "Context", "Quit", "SlashCommand", "completions", "is_command", "run"]


class Quit(Exception):
    """The user leaves the prompt."""


@dataclass
class Context:
    """What a slash command works on."""

    session: Session
    console: Console
    open_model: Callable[[str], LLM | None]
    extractor: str = "auto"


@dataclass(frozen=True)
class SlashCommand:
    """One command: ``complete`` gives the words that can follow it."""

    name: str
    argument: str
    help: str
    run: Callable[[Context, str], None]
    complete: Callable[[Context], Iterable[str]]


COMMANDS: dict[str, SlashCommand] = {}

Handler = Callable[[Context, str], None]


def command(
    name: str, argument: str, text: str, complete: Callable[[Context], Iterable[str]] = lambda _: ()
) -> Callable[[Handler], Handler]:
    """Registers a function as a slash command."""

    def register(function: Handler) -> Handler:
        COMMANDS[name] = SlashCommand(name, argument, text, function, complete)
        return function

    return register


def is_command(line: str) -> bool:
    """Whether a line is a command; ``/etc/hosts is broken`` is not."""
    return re.match(r"/[a-zA-Z?]*(\s|$)", line) is not None


def run(context: Context, line: str) -> None:
    """Runs a line that begins with a slash. Raises ProfilecliError, Quit."""
    name, _, argument = line[1:].partition(" ")
    found = COMMANDS.get(name.lower()) or _by_prefix(name.lower())
    if found is None:
        raise UsageError(f"There is no /{name}. /help lists the commands.")
    found.run(context, argument.strip())


def completions(context: Context, line: str) -> list[str]:
    """What the word at the end of the line can become."""
    name, space, argument = line[1:].partition(" ")
    if not space:
        return [f"/{command}" for command in COMMANDS if command.startswith(name)]
    found = COMMANDS.get(name)
    last = argument.rpartition(" ")[2]
    return [word for word in found.complete(context) if word.startswith(last)] if found else []


def _by_prefix(name: str) -> SlashCommand | None:
    near = [command for command in COMMANDS if name and command.startswith(name)]
    return COMMANDS[near[0]] if len(near) == 1 else None


def _fields(context: Context) -> list[str]:
    return list(context.session.schema.by_name)


def _set_fields(context: Context) -> list[str]:
    return [name for name, value in context.session.profile.fields.items() if value is not None]


def _schemas(context: Context) -> list[str]:
    return list(context.session.store.schemas.schemas)


@command("profile", "", "Show what is known about you.")
def _profile(context: Context, _argument: str) -> None:
    from profilecli.render import rich

    schema = context.session.schema
    context.console.print(rich.profile_panel(schema.view(context.session.profile), schema))


@command("edit", "[FIELD=VALUE]...", "Change fields; without any, in your editor.", lambda c: [f"{name}=" for name in _fields(c)])
def _edit(context: Context, argument: str) -> None:
    from profilecli import edits

    session = context.session
    try:
        words = shlex.split(argument)
    except ValueError as error:
        raise UsageError(f'{error}. Quote a value with spaces: /edit role="data scientist"') from error
    updates = edits.assignments(words, session.schema) if words else edits.edit_in_editor(session.profile, session.schema)
    _changed(context, session.change(updates))


@command("forget", "FIELD", "Clear a field. (profile reset erases it for good.)", _set_fields)
def _forget(context: Context, argument: str) -> None:
    from profilecli import edits

    session = context.session
    if not argument:
        raise UsageError("Forget which field? Example: /forget company")
    _changed(context, session.change(edits.unsetting(argument.split(), session.schema, session.profile)))


@command("undo", "", "Take back the last change of this conversation.")
def _undo(context: Context, _argument: str) -> None:
    undone = context.session.undo()
    for change in undone.changes:
        context.console.print(f"↩ {plain.change_line(change)}")
    for field in undone.kept:
        context.console.print(f"  {field} has changed since, so it was kept.")
    if not undone.changes:
        raise ProfilecliError("There is nothing to take back in this conversation.")


@command("why", "FIELD", "Show why a field has its value: your words.", _fields)
def _why(context: Context, argument: str) -> None:
    from profilecli.render import rich

    if not argument:
        raise UsageError("Why which field? Example: /why company")
    session = context.session
    known = {*session.schema.by_name, *session.profile.fields}
    if argument not in known:
        session.schema.field(argument)
    changes = session.store.history(session.user_id, argument)
    refused = session.store.rejections(session.user_id, argument)
    if not changes and not refused:
        context.console.print(f"Nothing was ever said about {argument}.")
    if changes:
        context.console.print(rich.history_table(changes[-3:]))
    if refused:
        context.console.print(rich.rejections_table(refused[-3:]))


@command("history", "[FIELD]", "Show every change, oldest first.", _fields)
def _history(context: Context, argument: str) -> None:
    from profilecli.render import rich

    changes = context.session.store.history(context.session.user_id, argument or None)
    context.console.print(rich.history_table(changes) if changes else "Nothing on record.")


@command("mode", "[always|off]", "Show or set whether messages are learned from and kept.", lambda _: ("always", "off"))
def _mode(context: Context, argument: str) -> None:
    if argument:
        if argument not in ("always", "off"):
            raise UsageError("/mode is always or off.")
        context.session.mode = argument
    meaning = "messages are kept and learned from" if context.session.mode == "always" else "nothing is learned, and no message is kept"
    context.console.print(f"mode {context.session.mode}: {meaning}.")


@command("model", "[NAME]", "Show or set which model answers.", lambda _: ("offline",))
def _model(context: Context, argument: str) -> None:
    session = context.session
    if argument:
        session.use_model(context.open_model(argument), context.extractor)
    context.console.print(f"model {session.model.name if session.model else 'offline'}")


@command("schema", "[NAME]", "Show or set the profile's schema.", _schemas)
def _schema(context: Context, argument: str) -> None:
    session = context.session
    if argument:
        session.chosen_schema = session.store.schemas.get(argument)
    context.console.print(f"schema {session.schema.name}: {', '.join(session.schema.by_name)}")


@command("new", "", "Start a new conversation; the profile stays.")
def _new(context: Context, _argument: str) -> None:
    context.session.start_new()
    context.console.print("A new conversation.")


@command("export", "[FILE]", "Write your profile as JSON, to a file or here.")
def _export(context: Context, argument: str) -> None:
    from profilecli import transfer

    view = context.session.schema.view(context.session.profile)
    if argument:
        path = Path(argument).expanduser()
        transfer.write_private(path, transfer.dump([view], "json"))
        context.console.print(f"Written to {path}.")
    else:
        plain.pieces(transfer.dump([view], "json"))


@command("help", "", "Show these commands.")
def _help(context: Context, _argument: str) -> None:
    from profilecli.render import rich

    context.console.print(rich.rows_table(("Command", ""), [(f"/{c.name} {c.argument}".strip(), c.help) for c in COMMANDS.values()]))
    context.console.print("Alt-Enter: new line · Tab: complete · Ctrl-C: stop a reply · Ctrl-D: leave", style="dim")


@command("quit", "", "Leave.")
def _quit(_context: Context, _argument: str) -> None:
    raise Quit


def _changed(context: Context, changes: Sequence[Change]) -> None:
    from profilecli.render import rich

    context.console.print(rich.learned_line(changes) if changes else "Nothing changed.")
