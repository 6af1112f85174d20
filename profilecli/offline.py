"""The answer where there is no model: what was noted, and what the profile says. Pure text.

It never pretends to converse.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from profilecli.models import Change
from profilecli.schema import Field, Schema
from profilecli.text import one_line, shown_value

__all__ = ["HOW_TO_GET_A_MODEL", "answer"]

HOW_TO_GET_A_MODEL = "I'm offline: I note what you say about yourself and answer questions about it. For a model, set OPENAI_API_KEY, point --base-url at a server of yours, or fetch a small one: profile model pull"

# How people ask for a fact without its field's name; matched as whole words, case folded.
_ASKED_AS: dict[str, tuple[str, ...]] = {
    "name": ("who am i", "what am i called", "my full name", "my name"),
    "preferred_name": (
        "what should you call me",
        "what do you call me",
        "what do i like to be called",
        "what do i prefer to be called",
        "my nickname",
    ),
    "company": (
        "where do i work",
        "who do i work for",
        "my employer",
        "my work",
        "my workplace",
        "my organization",
        "my organisation",
        "which company",
    ),
    "role": ("what do i do", "my job", "my job title", "my position", "my profession", "my occupation"),
    "timezone": ("my time zone", "what time zone", "which time zone", "what timezone", "which timezone"),
    "plan_tier": ("my plan", "what plan", "which plan", "my tier", "my subscription"),
    "plan": ("my plan", "what plan", "which plan", "my subscription"),
    "location": ("where do i live", "where am i", "where am i based", "my city", "my location"),
    "age": ("how old am i", "my age"),
    "birthday": ("when was i born", "my birthday", "my birth date", "my date of birth"),
    "email": ("my e-mail", "my email", "my mail address"),
    "phone": ("my phone", "my number", "my phone number"),
}
_EVERYTHING = re.compile(
    r"\b(what do you (know|remember) (about|of) me|what have you (noted|learned|saved)|(show|tell) me my profile|my (whole |full )?profile)\b"
)
_ASKS = re.compile(r"^(what|who|where|when|which|how|do|does|did|can|could|am|is|are|tell|show|remind|say|give)\b|\?\s*$")
_SELF = re.compile(r"\b(my|i|me|mine)\b")


def answer(message: str, schema: Schema, values: Mapping[str, Any], learned: Sequence[Change]) -> str:
    """What can honestly be said: what was noted, answers about the profile, or how to get a model."""
    parts = [_noted(schema, learned)] if learned else []
    if asked := _asked(message, schema):
        parts += _answers(asked, schema, values)
    return " ".join(parts) or HOW_TO_GET_A_MODEL


def _noted(schema: Schema, learned: Iterable[Change]) -> str:
    kept = [change for change in learned if change.new is not None]
    gone = [change for change in learned if change.new is None]
    parts = []
    if kept:
        done = "Taken back" if kept[0].source == "undo" else "Noted"
        parts.append(_ended(f"{done}: " + "; ".join(_statement(_field(schema, change.field), change.new) for change in kept)))
    if gone:
        parts.append("Forgotten: " + ", ".join(f"your {_words(_field(schema, change.field))}" for change in gone) + ".")
    return " ".join(parts)


def _asked(message: str, schema: Schema) -> list[Field]:
    """The fields that a message asks about; every set one for a question about everything."""
    text = " ".join(
        message.casefold().replace("’", "'").replace("what's", "what is").replace("who's", "who is").replace("where's", "where is").split()
    )
    if not _ASKS.search(text) or not _SELF.search(text):
        return []
    if _EVERYTHING.search(text):
        return list(schema.fields)
    asked = [field for field in schema.fields if any(re.search(rf"\b{re.escape(cue)}\b", text) for cue in _cues(field))]
    # "my preferred name" asks for that, not for the name.
    return [f for f in asked if not any(other is not f and _words(f) in _words(other).split() and _words(other) in text for other in asked)]


def _cues(field: Field) -> list[str]:
    names = (_words(field), *field.aliases)
    return [
        *_ASKED_AS.get(field.name, ()),
        *(f"my {name.casefold()}" for name in names),
        *(f"what {name.casefold()}" for name in names[:1]),
    ]


def _answers(asked: Sequence[Field], schema: Schema, values: Mapping[str, Any]) -> list[str]:
    known = [field for field in asked if values.get(field.name) is not None]
    if len(asked) == len(schema.fields) > 1:
        return (
            ["You told me: " + "; ".join(_statement(field, values[field.name]) for field in known) + "."]
            if known
            else ["You have told me nothing about yourself yet."]
        )
    parts = []
    for field in asked:
        value = values.get(field.name)
        if field.name == "name" and value is None and values.get("preferred_name") is not None:
            parts.append(f"You prefer to be called {_plain(values['preferred_name'])}; you haven't told me your full name.")
        elif value is None:
            parts.append(f"You haven't told me your {_words(field)}.")
        elif field.name == "name" and values.get("preferred_name") not in (None, value):
            parts.append(_ended(f"Your name is {_plain(value)}, and you prefer to be called {_plain(values['preferred_name'])}"))
        else:
            statement = _statement(field, value)
            parts.append(_ended(f"{statement[0].upper()}{statement[1:]}"))
    return parts


def _statement(field: Field, value: Any) -> str:
    if field.name == "preferred_name":
        return f"you prefer to be called {_plain(value)}"
    return f"your {_words(field)} {'are' if field.is_list else 'is'} {_plain(value)}"


def _ended(sentence: str) -> str:
    # Acme Corp. has its own.
    return sentence if sentence.endswith((".", "!", "?")) else sentence + "."


def _plain(value: Any) -> str:
    return one_line(shown_value(value))


def _field(schema: Schema, name: str) -> Field:
    return schema.by_name.get(name) or Field(name)


def _words(field: Field) -> str:
    return field.name.replace("_", " ").strip().casefold()
