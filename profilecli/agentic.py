"""AGENTIC mode: the replying model has one tool, ``update_user_profile``, and calls it when it likes.

What it asks for is grounded and applied like any other proposal; the result tells it what
was saved and what was refused, and why.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from typing import Any

from profilecli import grounding
from profilecli.extract import rules
from profilecli.language.text import fold
from profilecli.llm import LLM, Delta, ReplyEnd, Round, Tool, ToolCall
from profilecli.models import Change, Message, Proposal, Rejection, Usage, Utterance
from profilecli.schema import Field, Schema
from profilecli.store import Store
from profilecli.text import whole_characters

__all__ = ["MAX_ROUNDS", "TOOL", "BadCall", "evidence", "read_call", "reply_with_tool", "result_of", "save", "update_tool"]

TOOL = "update_user_profile"

MAX_ROUNDS = 4
"""Answers with calls in one turn, after which the model has to answer without the tool."""

_REMOVE = "_remove"
"""No field can be called so: their names don't begin with an underscore."""


class BadCall(Exception):
    """A call that can't be carried out, and why."""


def update_tool(fields: Sequence[Field]) -> Tool:
    """The tool for these fields: strict, so every field is required, and null leaves it alone."""
    properties: dict[str, Any] = {field.name: _parameter(field) for field in fields}
    properties["unset"] = {
        "type": "array",
        "items": {"type": "string", "enum": [field.name for field in fields]},
        "description": "Fields that no longer hold or should be forgotten",
    }
    if lists := [field.name for field in fields if field.is_list]:
        properties[_REMOVE] = {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string", "enum": lists}, "value": {"type": "string"}},
                "required": ["field", "value"],
                "additionalProperties": False,
            },
            "description": "Single elements to take off a list",
        }
    return Tool(
        TOOL,
        "Save what the user has just stated about themselves. Never guesses. null leaves a field alone.",
        {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False},
    )


def _parameter(field: Field) -> dict[str, Any]:
    one = field.json_type()
    parameter: dict[str, Any] = {"type": ["array", "null"], "items": one} if field.is_list else {**one, "type": [one["type"], "null"]}
    if "enum" in parameter:
        parameter["enum"] = [*parameter["enum"], None]
    return parameter | ({"description": field.description} if field.description else {})


def read_call(call: ToolCall, fields: Sequence[Field]) -> list[Proposal]:
    """What a call proposes, still without the words that state it. Raises BadCall."""
    if call.name != TOOL:
        raise BadCall(f"There is no tool {call.name!r}; the only one is {TOOL}.")
    try:
        arguments = json.loads(call.arguments or "{}", object_pairs_hook=_without_duplicates)
    except RecursionError as error:
        raise BadCall("The arguments are nested too deeply.") from error
    except ValueError as error:
        raise BadCall(f"The arguments are not JSON: {error}. Call again with all of them.") from error
    if not isinstance(arguments, dict):
        raise BadCall("The arguments need to be an object.")
    removals = _removals(arguments.pop(_REMOVE, None) or [], fields)
    known = {field.name for field in fields}
    unset = arguments.pop("unset", None) or []
    unknown = [name for name in [*arguments, *(unset if isinstance(unset, list) else [])] if not isinstance(name, str) or name not in known]
    if unknown or not isinstance(unset, list):
        raise BadCall(f"Unknown: {', '.join(map(str, unknown)) or 'unset'}. Fields: {', '.join(sorted(known))}. Nothing was saved.")
    proposals = [
        Proposal(name, "set", _as_text(element), "")
        for name, value in arguments.items()
        for element in (value if isinstance(value, list) else [value])
        if element is not None
    ]
    return proposals + removals + [Proposal(name, "unset", None, "") for name in unset]


def _removals(items: Any, fields: Sequence[Field]) -> list[Proposal]:
    lists = {field.name for field in fields if field.is_list}
    if not isinstance(items, list) or not all(
        isinstance(item, dict) and str(item.get("field")) in lists and "value" in item for item in items
    ):
        raise BadCall(f"{_REMOVE} is a list of objects with a field and a value. Fields: {', '.join(sorted(lists))}. Nothing was saved.")
    return [Proposal(item["field"], "unset", _as_text(item["value"]), "") for item in items]


def _as_text(value: Any) -> str:
    return whole_characters(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def evidence(proposal: Proposal, field: Field, messages: Sequence[str], held: Any = None) -> tuple[int, str] | None:
    """The newest of the user's ``messages`` (oldest first) that states a proposal, and the words; None where none does.

    ``held`` is what the profile has for the field.
    """
    if proposal.action == "set" and proposal.value is not None:
        return grounding.locate(field, proposal.value, messages=messages)
    for index in range(len(messages) - 1, -1, -1):
        for stated in rules.propose(messages[index], context=(), fields=[field], values={} if held is None else {field.name: held}):
            if stated.action == "unset" and fold(stated.value or "") == fold(proposal.value or ""):
                return index, stated.quote
    return None


def save(store: Store, schema: Schema, proposals: Sequence[Proposal], said: Sequence[Message]) -> tuple[list[Change], list[Rejection]]:
    """Grounds each proposal in what its user said (at least one message, oldest first) and applies it; returns what changed, and what was refused."""
    changes: list[Change] = []
    rejections: list[Rejection] = []
    for proposal in proposals:
        profile = store.profile(said[-1].user_id)
        held = profile.fields.get(proposal.field) if profile else None
        found = evidence(proposal, schema.by_name[proposal.field], [message.content for message in said], held)
        index, quote = found or (len(said) - 1, "")
        message = said[index]
        updates, refused = grounding.check(
            [replace(proposal, quote=quote)],
            message=message.content,
            context=[Utterance("user", earlier.content) for earlier in said[:index]],
            fields=schema.learnable,
            values=profile.fields if profile else {},
            source="tool",
        )
        applied = store.apply(message.user_id, updates, message=message, finish=False, rejections=refused)
        changes += applied.changes
        rejections += [*refused, *applied.pinned]
    return changes, rejections


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        raise ValueError("a key stands there twice")
    return dict(pairs)


def result_of(changes: Sequence[Change], rejections: Sequence[Rejection]) -> str:
    """What a call did, as the model is told."""
    result: dict[str, Any] = {
        "saved": {change.field: change.new for change in changes if change.new is not None},
        "removed": [change.field for change in changes if change.new is None],
        "rejected": {rejection.field: rejection.reason for rejection in rejections},
    }
    told = {name: part for name, part in result.items() if part} or {"saved": {}, "note": "nothing changed"}
    return json.dumps(told, ensure_ascii=False)


async def reply_with_tool(
    model: LLM, system: str, messages: Sequence[Utterance], tool: Tool, carry_out: Callable[[ToolCall], str]
) -> AsyncIterator[Delta | ReplyEnd]:
    """One reply with as many rounds of calls as the model wants, up to :data:`MAX_ROUNDS`; ends with one ReplyEnd.

    ``carry_out`` does what a call asks for and gives its result. Raises ModelError.
    """
    rounds: list[Round] = []
    usage, spoken = Usage(), False
    while True:
        tools = [tool] if len(rounds) < MAX_ROUNDS else []
        silent = True
        async for piece in model.reply(system, messages, tools=tools, rounds=rounds):
            if isinstance(piece, Delta):
                if silent and spoken and piece.text:
                    yield Delta("\n\n")  # what a model says before and after a call are paragraphs
                silent, spoken = silent and not piece.text, spoken or bool(piece.text)
                yield piece
            else:
                end = piece
        usage += end.usage
        if not end.calls or not tools:
            yield ReplyEnd(usage, end.cut)
            return
        rounds.append(Round(end.items, tuple((call, carry_out(call)) for call in end.calls)))
