"""Every word that a model is sent by us: pure text, from the schema and the profile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from profilecli.models import Utterance
from profilecli.schema import Field
from profilecli.text import for_prompt, shown_value

__all__ = ["extraction_prompt", "extraction_schema", "extraction_system", "profile_block", "reply_system"]

_ASSISTANT = "You are a helpful assistant."
_HOW_IT_LEARNS = {
    "always": "What the user says about themselves is saved by itself.",
    "agentic": "When the user states something about themselves that a field is for, save it with update_user_profile; then answer.",
}
_EXTRACT = (
    "List what the user states about themselves in the message, as of now. No guesses, wishes, plans, questions, fiction, quotations or other people."
    " quote: the message's exact words. unset: what no longer holds or should be forgotten. Else an empty list."
)
_CONTEXT_CHARACTERS = 400


def profile_block(fields: Iterable[Field], values: Mapping[str, Any]) -> str:
    """The ``<user_profile>`` block: a line a set field, in schema order; empty where nothing is set.

    Internal fields stay out. No value can open or close a tag, or start a new line.
    """
    lines = [
        f"{field.title}: {for_prompt(shown_value(values[field.name]))}"
        for field in fields
        if not field.internal and values.get(field.name) is not None
    ]
    return "\n".join(["<user_profile>", *lines, "</user_profile>"]) if lines else ""


def reply_system(fields: Iterable[Field], values: Mapping[str, Any], *, instructions: str | None = None, mode: str = "always") -> str:
    """The system prompt of a reply: who the assistant is, then what it knows of the user."""
    parts = [instructions or _ASSISTANT, _HOW_IT_LEARNS.get(mode, ""), profile_block(fields, values)]
    return "\n".join(part for part in parts if part)


def extraction_system(fields: Sequence[Field], values: Mapping[str, Any]) -> str:
    """The system prompt of an extraction: the task, and each field with its description and present value."""
    return "\n".join([_EXTRACT, "Fields:", *(_field_line(field, values.get(field.name)) for field in fields)])


def extraction_prompt(message: str, context: Sequence[Utterance]) -> str:
    """The message, after the end of the conversation that it refers to."""
    if not context:
        return message
    earlier = "\n".join(f"{turn.role}: {_cut(turn.content)}" for turn in context)
    return f"Earlier, for reference only:\n{earlier}\n\nThe message:\n{message}"


def extraction_schema(fields: Sequence[Field], phrases: Sequence[str] = ()) -> dict[str, Any]:
    """The strict JSON Schema of an extraction's output: one flat item, all of it required.

    With ``phrases``, the model can only choose a field and one of these as its value.
    """
    properties: dict[str, Any] = {"field": {"type": "string", "enum": [field.name for field in fields]}}
    if phrases:
        properties["value"] = {"type": "string", "enum": list(phrases)}
    else:
        properties |= {
            "action": {"type": "string", "enum": ["set", "unset"]},
            "value": {"type": ["string", "null"]},
            "quote": {"type": "string"},
        }
    item = {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
    return {
        "type": "object",
        "properties": {"updates": {"type": "array", "items": item}},
        "required": ["updates"],
        "additionalProperties": False,
    }


def _field_line(field: Field, value: Any) -> str:
    about = for_prompt(field.description)
    if field.choices and not all(choice in field.description for choice in field.choices):
        about = f"{about} ({' | '.join(field.choices)})".strip()
    if field.type_name not in ("text", "choice"):
        about = f"{about} [{field.type_name}]".strip()
    if field.examples:
        about = f"{about}, e.g. {', '.join(map(for_prompt, field.examples))}"
    line = f"{field.name}: {about}" if about else field.name
    return line if value is None else f"{line} = {for_prompt(shown_value(value))}"


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _CONTEXT_CHARACTERS else "…" + flat[-_CONTEXT_CHARACTERS:]
