"""What a right answer is: the values that a field may hold after a case, and when two values are the same."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Either", "Expectation", "fold", "matches"]

FREE_TEXT = frozenset({"role", "expertise"})
"""Fields that a few words more or less don't make wrong: "registered nurse" for "nurse"."""

_MORE_WORDS = 3
_FILLERS = frozenset(
    {"a", "an", "the", "of", "at", "in", "for", "to", "and", "or", "with", "as", "my", "i", "am", "i'm", "is", "very", "really", "quite"}
)
_OTHER_MEANING = frozenset({"not", "no", "non", "never", "former", "ex", "retired", "aspiring", "future"})
"""Words that make it another answer: a former nurse is not a nurse."""

_TYPOGRAPHY = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-", "−": "-"})
_EDGE = " .,;:!?\"'`*_。，！？"


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of ``fields`` must hold one of ``values``."""

    fields: tuple[str, ...]
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a profile should hold after a case.

    ``gold``: the field must hold one of the answers. ``allow``: it may be empty or hold one
    of them (beside ``gold``: further right answers). Any other field must be empty.
    """

    gold: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    allow: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    either: tuple[Either, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing that must be extracted."""
        return not self.gold and not self.either


def fold(value: Any) -> str:
    """A value as text, with case, Unicode form, typography, white space, edge punctuation and a leading "the" folded."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = unicodedata.normalize("NFKC", text).translate(_TYPOGRAPHY).casefold()
    return " ".join(text.split()).strip(_EDGE).removeprefix("the ")


def matches(name: str, value: Any, answers: Iterable[Any]) -> bool:
    """Whether a field's value is one of the answers. Lists match in any order."""
    return any(_equal(value, answer) or (name in FREE_TEXT and _says_as_much(value, answer)) for answer in answers)


def _equal(value: Any, answer: Any) -> bool:
    if isinstance(answer, list):
        return isinstance(value, list) and {fold(element) for element in value} == {fold(element) for element in answer}
    return fold(value) == fold(answer)


def _says_as_much(value: Any, answer: Any) -> bool:
    """Whether free text has every content word of an answer and a few more that don't change its meaning."""
    said, wanted = _content_words(value), _content_words(answer)
    extra = said - wanted
    return bool(wanted) and wanted <= said and len(extra) <= _MORE_WORDS and not extra & _OTHER_MEANING


def _content_words(value: Any) -> set[str]:
    words = (word.strip("./-'") for word in re.findall(r"[\w+#./&'-]+", fold(value)))
    return {part for word in words for part in ([word] if "+" in word else word.split("-")) if part} - _FILLERS
