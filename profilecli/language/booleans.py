"""Yes and no, in the words in which people say them."""

from __future__ import annotations

from profilecli.language.tables import key, table

__all__ = ["boolean_of"]


def boolean_of(words: str) -> bool | None:
    """The truth value that ``words`` as a whole state, or None: "yes" is True, "nope" False, "maybe" neither.

    Where commas part it, every part must say the same ("yes, I do").
    """
    if len(words) > 80:
        return None
    parts = key(words).strip(" .!?\"'。！").replace("，", ",").split(",")
    readings = {_reading(part.strip()) for part in parts}
    return readings.pop() if len(readings) == 1 else None


def _reading(part: str) -> bool | None:
    words = table("words")
    if part in words["true"]:
        return True
    return False if part in words["false"] else None
