"""Reading a model's list of updates, however it is wrapped.

A server without structured output answers in prose with JSON in it, fenced or not; a small
model leaves fields out. What can be read is read; all of it is grounded afterwards.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from profilecli.errors import ModelError
from profilecli.models import Proposal
from profilecli.text import whole_characters

__all__ = ["parse_updates", "with_taken_back"]


def parse_updates(text: str) -> list[Proposal]:
    """The proposals in a model's answer. Raises ModelError (``protocol``) where there is no JSON in it."""
    answer = _json_in(text)
    items = answer.get("updates") if isinstance(answer, dict) else answer
    if not isinstance(items, list):
        items = [answer] if isinstance(answer, dict) and "field" in answer else []
    return list(_proposals(items))


def with_taken_back(proposals: Sequence[Proposal], read: Sequence[Proposal]) -> list[Proposal]:
    """What the rules have ``read`` as taken back, then the model's proposals.

    "Forget where I live" has to be obeyed, whether or not a model makes anything of it.
    """
    unset = {proposal.field for proposal in proposals if proposal.action == "unset"}
    return [*(proposal for proposal in read if proposal.action == "unset" and proposal.field not in unset), *proposals]


def _proposals(items: list[Any]) -> Iterator[Proposal]:
    for item in items:
        if not isinstance(item, dict) or not isinstance(item.get("field"), str):
            continue
        value = item.get("value")
        name, quote = whole_characters(item["field"]), whole_characters(item["quote"]) if isinstance(item.get("quote"), str) else ""
        if item.get("action") == "unset":
            yield Proposal(name, "unset", _as_text(value), quote)
            continue
        for element in value if isinstance(value, list) else [value]:
            if (text := _as_text(element)) is not None:
                yield Proposal(name, "set", text, quote)


def _as_text(value: Any) -> str | None:
    if value is None:
        return None
    return whole_characters(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _json_in(text: str) -> Any:
    """The first JSON object or array in the text that can be decoded."""
    decoder = json.JSONDecoder()
    starts = [index for index, ch in enumerate(text) if ch in "{["][:64]
    for start in starts:
        try:
            return decoder.raw_decode(text, start)[0]
        except (json.JSONDecodeError, RecursionError):
            continue
    raise ModelError("protocol", "The model's list of facts is not JSON.")
