"""Updates folded into a profile's fields: pure, one field at a time.

Only the fields that an update names change, so that two writers of different fields both win.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from profilecli.models import Update

__all__ = ["FieldChange", "merge"]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """What one update did to one field; None is unset."""

    field: str
    old: Any
    new: Any
    update: Update


def merge(
    fields: Mapping[str, Any], updates: Iterable[Update], list_fields: AbstractSet[str] = frozenset()
) -> tuple[dict[str, Any], list[FieldChange]]:
    """The fields after the updates, and what changed, in order.

    An update that changes nothing is not a change. Clearing a field removes its key.
    """
    merged = dict(fields)
    changes = []
    for update in updates:
        old = merged.get(update.field)
        new = _new_value(old, update, update.field in list_fields)
        if _same(new, old):
            continue
        if new is None:
            del merged[update.field]
        else:
            merged[update.field] = new
        changes.append(FieldChange(update.field, old, new, update))
    return merged, changes


def _new_value(old: Any, update: Update, is_list: bool) -> Any:
    if update.action == "replace" or not is_list:
        return None if update.action == "unset" else update.value
    elements = old if isinstance(old, list) else [] if old is None else [old]
    if update.action == "set":
        return elements if any(_same(element, update.value) for element in elements) else [*elements, update.value]
    if update.value is None:
        return None
    return [element for element in elements if not _alike(element, update.value)] or None


def _same(a: Any, b: Any) -> bool:
    # True == 1 in Python, and they are different answers in a profile.
    return type(a) is type(b) and bool(a == b)


def _alike(a: Any, b: Any) -> bool:
    return a.casefold() == b.casefold() if isinstance(a, str) and isinstance(b, str) else _same(a, b)
