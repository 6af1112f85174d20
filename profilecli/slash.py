"""The commands of the prompt that begin with a slash: a registry that names, describes and completes them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from profilecli.errors import ProfilecliError, TransferError, UnknownField, UsageError
from profilecli.llm import LLM
from profilecli.models import Change
from profilecli.session import Session
from profilecli.text import for_terminal

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["COMMANDS", "Candidate", "Context", "Quit", "SlashCommand", "completions", "is_command", "run"]

_SHOWN_BY_WHY = 3

_MODES = {
    "always": "messages are kept, and learned from",
    "agentic": "messages are kept, and the model says what to learn",
    "off": "nothing is learned, and no message is kept",
}


class Quit(Exception):
    """The user leaves the prompt."""


class Candidate(NamedTuple):
    """What the end of a line can become: ``replaces`` characters give way to ``text``."""

    text: str
    replaces: int
    help: str = ""


@dataclass
class Context:
    """What a slash command works on."""

    session: Session
    console: Console
    open_model: Callable[[str], LLM | None]
    extractor: str = "auto"


@dataclass(frozen=True)
class SlashCommand:
    """One command: ``complete`` gives the words that can follow it, each with what it means."""

    name: str
    argument: str
    help: str
    run: Callable[[Context, str], None]
    complete: Callable[[Context], Iterable[tuple[str, str]]]
    aliases: tuple[str, ...] = ()


COMMANDS: dict[str, SlashCommand] = {}

Handler = Callable[[Context, str], None]


def command(
    name: str,
    argument: str,
    text: str,
    complete: Callable[[Context], Iterable[tuple[str, str]]] = lambda _: (),
    aliases: tuple[str, ...] = (),
) -> Callable[[Handler], Handler]:
    """Registers a function as a slash command."""

    def register(function: Handler) -> Handler:
        COMMANDS[name] = SlashCommand(name, argument, text, function, complete, aliases)
        return function

    return register


def is_command(line: str) -> bool:
    """Whether a line is a command; ``/etc/hosts is broken`` is not."""
    return re.match(r"/[a-zA-Z?]*(\s|$)", line) is not None


def run(context: Context, line: str) -> None:
    """Runs a line that begins with a slash. Raises ProfilecliError, Quit."""
    name, *rest = line[1:].split(maxsplit=1) if line[1:2].strip() else [""]
    _named(name.casefold()).run(context, rest[0].strip() if rest else "")


def completions(context: Context, line: str) -> list[Candidate]:
    """What the word at the end of the line can become."""
    name, space, argument = line[1:].partition(" ")
    if not space:
        return [Candidate(f"/{c.name}", len(line), c.help) for c in COMMANDS.values() if c.name.startswith(name.casefold())]
    try:
        found = _named(name.casefold())
    except UsageError:
        return []
    last = argument.rpartition(" ")[2]
    return [Candidate(word, len(last), meaning) for word, meaning in found.complete(context) if word.startswith(last) and word != last]


def _named(name: str) -> SlashCommand:
    """The command of this name, or the only one that begins so. Raises UsageError with what may have been meant."""
    for found in COMMANDS.values():
        if name in (found.name, *found.aliases):
            return found
    near = [c.name for c in COMMANDS.values() if name and any(known.startswith(name) for known in (c.name, *c.aliases))]
    if len(near) == 1:
        return COMMANDS[near[0]]
    if not near and name:
        from difflib import get_close_matches

        near = get_close_matches(name, COMMANDS, n=1)
    meant = f" Did you mean {' or '.join(f'/{c}' for c in near)}?" if near else ""
    raise UsageError(f"There is no /{name}.{meant} /help lists the commands.")


# ---- what can follow


def _fields(context: Context) -> list[tuple[str, str]]:
    return [(field.name, field.description) for field in context.session.schema.fields]


def _set_fields(context: Context) -> list[tuple[str, str]]:
    return [(name, "") for name, value in context.session.profile.fields.items() if value is not None]


def _assignments(context: Context) -> Iterator[tuple[str, str]]:
    for field in context.session.schema.fields:
        yield f"{field.name}=", field.description
        for choice in field.choices:
            yield f"{field.name}={choice}", ""


def _schemas(context: Context) -> list[tuple[str, str]]:
    return [(name, schema.description) for name, schema in context.session.store.schemas.schemas.items()]


def _models(_context: Context) -> list[tuple[str, str]]:
    from profilecli.llm import DEFAULT_MODEL, OFFLINE

    return [(OFFLINE, "no model: notes, and answers about your profile"), (DEFAULT_MODEL, "needs OPENAI_API_KEY, or a base URL")]


# ---- the commands


@command("profile", "", "Show what is known about you.")
def _profile(context: Context, _argument: str) -> None:
    from profilecli.render import rich

    schema = context.session.schema
    context.console.print(
        rich.profile_panel(schema.view(context.session.profile, context.session.store.pinned(context.session.user_id)), schema)
    )


@command("edit", "[FIELD=VALUE]...", "Change fields; without any, in your editor.", _assignments)
def _edit(context: Context, argument: str) -> None:
    from profilecli import edits

    _refuse_without_file(context)
    session = context.session
    if argument:
        updates = edits.assignments(_split_assignments(argument), session.schema)
    else:
        updates = edits.edit_in_editor(session.profile, session.schema)
    _changed(context, session.change(updates))


@command("forget", "FIELD...", "Clear a field; /undo brings it back. (profile reset erases it for good.)", _set_fields)
def _forget(context: Context, argument: str) -> None:
    from profilecli import edits

    session = context.session
    if not argument:
        raise UsageError("Forget which field? Example: /forget company")
    names = [argument] if argument in session.profile.fields else argument.replace(",", " ").split()
    _changed(context, session.change(edits.unsetting(names, session.schema, session.profile)))


@command("undo", "", "Take back the last change of this conversation.")
def _undo(context: Context, _argument: str) -> None:
    from profilecli.render import plain

    undone = context.session.undo()
    for change in undone.changes:
        context.console.print(f"↩ {plain.change_line(change)}", soft_wrap=True)
    for field in undone.kept:
        context.console.print(f"{field} has changed since, so it was kept.")
    if not undone.changes and not undone.kept:
        raise ProfilecliError("There is nothing to take back in this conversation.")


@command("why", "FIELD", "Show why a field has its value: your words.", _fields)
def _why(context: Context, argument: str) -> None:
    from profilecli.render import rich

    if not argument:
        raise UsageError("Why which field? Example: /why company")
    session = context.session
    changes = session.store.history(session.user_id, argument)
    refused = session.store.rejections(session.user_id, argument)
    if not changes and not refused:
        _check_known(session, argument)
        context.console.print(f"You have said nothing about {argument} yet.")
    if changes:
        context.console.print(rich.history_table(_with_words(changes)))
    if refused:
        unlike = {(r.rejection.value, r.rejection.reason, r.rejection.quote): r for r in refused}
        context.console.print(rich.rejections_table(list(unlike.values())[-_SHOWN_BY_WHY:]))


@command("history", "[FIELD]", "Show every change, oldest first.", _fields)
def _history(context: Context, argument: str) -> None:
    from profilecli.render import rich

    session = context.session
    changes = session.store.history(session.user_id, argument or None)
    if argument and not changes:
        _check_known(session, argument)
    context.console.print(rich.history_table(changes) if changes else "Nothing on record.")


@command("mode", "[always|agentic|off]", "Show or set what is learned and kept.", lambda _: _MODES.items())
def _mode(context: Context, argument: str) -> None:
    session = context.session
    if argument:
        if argument not in _MODES:
            raise UsageError(f"/mode takes one of: {', '.join(_MODES)}.")
        if argument != "off":
            _refuse_without_file(context)
        session.mode = argument
    as_always = session.mode == "agentic" and session.model is None
    context.console.print(f"mode {session.mode}: {_MODES['always' if as_always else session.mode]}{' (offline)' if as_always else ''}.")


@command("model", "[NAME]", "Show or set which model answers.", _models)
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
    if not argument and (others := [name for name in session.store.schemas.schemas if name != session.schema.name]):
        context.console.print(f"others: {', '.join(others)}", style="dim")


@command("usage", "", "Show what this session has cost, in calls and tokens.")
def _usage(context: Context, _argument: str) -> None:
    from profilecli.render import rich

    rows = [
        (
            what,
            str(usage.calls),
            *(
                "not reported" if count is None and usage.calls else f"{count or 0:,}"
                for count in (usage.input_tokens, usage.output_tokens)
            ),
        )
        for what, usage in context.session.spent.items()
    ]
    context.console.print(rich.rows_table(("For", "Calls", "Tokens in", "Tokens out"), rows))


@command("new", "", "Start a new conversation; the profile stays.")
def _new(context: Context, _argument: str) -> None:
    context.session.start_new()
    context.console.print("A new conversation.")


@command("export", "[FILE]", "Write your profile to a file (.json, .jsonl or .csv), or show it here as JSON.")
def _export(context: Context, argument: str) -> None:
    from pathlib import Path

    from profilecli import transfer

    view = context.session.schema.view(context.session.profile)
    if not argument:
        context.console.print(_escaped("".join(transfer.dump([view], "json"))), end="", soft_wrap=True)
        return
    path = Path(_unquoted(argument)).expanduser()
    if path.is_dir():
        raise TransferError(f"{path} is a folder, so it can't be written. Name a file: /export profile.json")
    form = path.suffix[1:].casefold()
    transfer.write_private(path, transfer.dump([view], form if form in transfer.FORMATS else "json"))
    context.console.print(f"Written to {for_terminal(str(path))}.", soft_wrap=True)


@command("help", "", "Show these commands.", aliases=("?",))
def _help(context: Context, _argument: str) -> None:
    from profilecli.render import rich

    rows = [(f"/{c.name} {c.argument}".strip(), c.help) for c in COMMANDS.values()]
    context.console.print(rich.Entries(("Command", "What it does"), rows, narrowest=64))
    context.console.print(
        "Alt-Enter: new line · Tab: complete · Up, Ctrl-R: earlier lines · Ctrl-C: stop a reply · Ctrl-D: leave", style="dim"
    )


@command("quit", "", "Leave.", aliases=("exit", "q", "bye"))
def _quit(_context: Context, _argument: str) -> None:
    raise Quit


# ---- how


def _changed(context: Context, changes: Sequence[Change]) -> None:
    from profilecli.render import rich

    context.console.print(rich.learned_line(changes) if changes else "Nothing changed.")


def _with_words(changes: Sequence[Change]) -> list[Change]:
    """The newest changes; and the newest that has the user's words, if none of those has."""
    newest = list(changes[-_SHOWN_BY_WHY:])
    if any(change.quote for change in newest):
        return newest
    return [change for change in changes[:-_SHOWN_BY_WHY] if change.quote][-1:] + newest


def _check_known(session: Session, name: str) -> None:
    known = {**dict.fromkeys(session.schema.by_name), **dict.fromkeys(session.profile.fields)}
    if name not in known:
        raise UnknownField(name, list(known))


def _refuse_without_file(context: Context) -> None:
    # A conversation begun with --mode off makes no database, so what it keeps would go with it.
    if getattr(context.session.store, "in_memory", False):
        raise UsageError("There is no database yet, since you began with --mode off. Leave, and start again without it.")


_ASSIGNMENT = r"""([^\s=]+)\s*=\s*("(?:[^"\\]|\\.)*"|'[^']*'|.*?)(?=\s+[^\s=]+=|\s*$)"""


def _split_assignments(text: str) -> list[str]:
    """``FIELD=VALUE`` texts, each value up to the next assignment, quoted or not. Raises UsageError."""
    found = list(re.finditer(_ASSIGNMENT, text, re.DOTALL))
    if not found or text[: found[0].start()].strip():
        raise UsageError('/edit takes FIELD=VALUE, or nothing for your editor. Example: /edit company=Acme role="data scientist"')
    for match in found:
        if not match[2]:
            raise UsageError(f"{match[1]}= has no value. To clear the field: /forget {match[1]}")
    return [f"{match[1]}={_unquoted(match[2])}" for match in found]


def _unquoted(text: str) -> str:
    """The text without quotes around all of it."""
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        try:
            words = shlex.split(text)
        except ValueError:
            return text
        return words[0] if len(words) == 1 else text
    return text


def _escaped(text: str) -> str:
    """JSON in which what a terminal obeys is written as an escape: harmless, and the same value."""
    return "".join(ch if for_terminal(ch) else f"\\u{ord(ch):04x}" for ch in text)
