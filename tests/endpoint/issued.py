"""What this endpoint has handed out and may get back: responses, calls and reasoning."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.endpoint.answers import Answer, Reasoning, ToolCall

__all__ = ["PREFIXES", "Issued", "call_id_of", "encrypted_of", "item_id_of"]

PREFIXES = {"Text": "msg", "Refusal": "msg", "ToolCall": "fc", "Reasoning": "rs"}


def item_id_of(answer: Answer, index: int, unique: str) -> str:
    """The id of an answer's part as an item of a response; ``unique`` is the request's own part of all ids."""
    return f"{PREFIXES[type(answer.parts[index]).__name__]}_{unique}{index:02d}"


def call_id_of(part: ToolCall, index: int, unique: str) -> str:
    """The id under which a call's output is to come back."""
    return part.call_id or f"call_{unique}{index:02d}"


def encrypted_of(index: int, unique: str) -> str:
    """A reasoning item's encrypted content: opaque to a client, and only ever this one for the item."""
    return f"gAAAAAB{unique}{index:02d}Zm9yLXRoZS1zZXJ2aWNlLW9ubHk="


@dataclass(slots=True)
class Issued:
    """Ids handed out by one endpoint on the Responses wire.

    ``responses`` maps a stored response to its calls, ``stored`` are the reasoning items of
    stored responses, ``encrypted`` maps a reasoning item to its encrypted content, and
    ``reasons`` an item to the reasoning item that it came with.
    """

    responses: dict[str, tuple[str, ...]] = field(default_factory=dict)
    stored: set[str] = field(default_factory=set)
    encrypted: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)

    def note(self, answer: Answer, unique: str, *, stored: bool) -> None:
        """Remember what an answer hands out. Only the item right behind a reasoning item needs it back."""
        if stored:
            calls = (call_id_of(part, index, unique) for index, part in enumerate(answer.parts) if isinstance(part, ToolCall))
            self.responses[f"resp_{unique}"] = tuple(calls)
        before: str | None = None
        for index, part in enumerate(answer.parts):
            id_ = item_id_of(answer, index, unique)
            if isinstance(part, Reasoning):
                self.encrypted[id_] = encrypted_of(index, unique)
                if stored:
                    self.stored.add(id_)
                before = id_
            elif before is not None:
                self.reasons[id_], before = before, None
