"""What a scripted model says: parts of an answer, frozen so that their bytes can be kept.

An :class:`Answer` knows nothing of a wire. :mod:`tests.endpoint.responses` and
:mod:`tests.endpoint.chat` turn it into bytes, :func:`tests.endpoint.faults.alter` bends it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

__all__ = ["Answer", "Ending", "Kind", "Part", "Reasoning", "Refusal", "Scripted", "Text", "ToolCall", "Wire", "answer_of", "deltas_of"]

Kind = Literal["reply", "extract", "models"]
"""The classes of calls, each with its own script."""

Wire = Literal["responses", "chat"]

Ending = Literal["stop", "length", "content_filter", "failed"]


@cache
def _tokens() -> re.Pattern[str]:
    return re.compile(r"\s?\w{1,8}|\s|[^\w\s]{1,4}")


def deltas_of(text: str) -> tuple[str, ...]:
    """Cut a text into pieces the size of a model's tokens; joined they are the text again."""
    return tuple(_tokens().findall(text))


@dataclass(frozen=True, slots=True)
class Text:
    """A message's text, in the pieces in which it is streamed."""

    deltas: tuple[str, ...]

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(self.deltas)


@dataclass(frozen=True, slots=True)
class Refusal:
    """The model declines; the SDK shows it as a refusal, not as text."""

    text: str


@dataclass(frozen=True, slots=True)
class Reasoning:
    """A reasoning item of the Responses wire.

    Its ``encrypted_content`` is made by the endpoint, sent where the request includes
    ``reasoning.encrypted_content``, and checked when it comes back. On the chat wire the
    summary is streamed as ``reasoning_content``, as DeepSeek's and llama.cpp's servers do.
    """

    summary: str = ""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One function call. ``arguments`` is the text that the model writes: JSON, or what it takes for JSON.

    ``call_id`` is made by the endpoint unless given.
    """

    name: str
    arguments: str
    call_id: str | None = None


Part = Text | Refusal | Reasoning | ToolCall


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything one call is answered with, in the order in which it is said.

    ``usage`` is (input tokens, output tokens); None lets the endpoint estimate both.
    ``quirks`` are departures from the wire's documented form, see ``faults.QUIRKS``.
    """

    parts: tuple[Part, ...]
    usage: tuple[int, int] | None = None
    ending: Ending = "stop"
    quirks: frozenset[str] = field(default_factory=frozenset)


Scripted = str | Part | Answer | Mapping[str, Any] | Iterable[str | Part] | Iterable[Mapping[str, Any]]
"""What a script or a handler may say: see :func:`answer_of`."""


def _json(value: Any) -> Answer:
    return Answer((Text(deltas_of(json.dumps(value, ensure_ascii=False, separators=(",", ":")))),))


def answer_of(kind: Kind, scripted: Scripted) -> Answer:
    """Read what a script says as an answer.

    - A text is streamed in pieces the size of tokens; a list of texts in just these pieces.
    - A part, or a list in which texts and parts alternate, stands as it is.
    - For ``extract``, a list of mappings is the ``updates`` of the structured output, and a
      mapping is the whole of it. Nothing is checked against the request's schema.

    Raises TypeError for anything else.
    """
    if isinstance(scripted, Answer):
        return scripted
    if isinstance(scripted, str):
        return Answer((Text(deltas_of(scripted)),))
    if isinstance(scripted, Text | Refusal | Reasoning | ToolCall):
        return Answer((scripted,))
    if isinstance(scripted, Mapping):
        return _json(scripted)
    items = list(scripted)
    if kind == "extract" and all(isinstance(item, Mapping) for item in items):
        return _json({"updates": items})
    if items and all(isinstance(item, str) for item in items):
        return Answer((Text(tuple(str(item) for item in items)),))
    return Answer(tuple(_part(item) for item in items))


def _part(item: object) -> Part:
    if isinstance(item, str):
        return Text(deltas_of(item))
    if isinstance(item, Text | Refusal | Reasoning | ToolCall):
        return item
    raise TypeError(f"{item!r} is no part of an answer")
