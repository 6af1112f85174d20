"""Text as it is compared: typographic variants folded, places in the original kept."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache

from profilecli.language.lazy import Lazy

__all__ = ["fold", "likeness", "occurrences", "plain", "words_of"]

_PLAIN = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u201b": "'", "\u02bc": "'", "\uff07": "'", "\u00b4": "'",
        "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u201f": '"', "\u00ab": '"', "\u00bb": '"',
        "\u2013": "-", "\u2014": "-", "\u2212": "-", "\u2010": "-", "\u2011": "-",
        "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u3000": " ", "\t": " ",
    }
)  # fmt: skip
_INVISIBLE = Lazy("[\u200b-\u200f\u2060\ufeff\u00ad]")
_WORD = Lazy(r"[^\W_]+(?:[.'&+#/@-]{1,2}[^\W_]+)*[+#]{0,2}")


def plain(text: str) -> str:
    """The text with typographic quotes, dashes and spaces made plain, character for character.

    Offsets into the result are offsets into ``text``.
    """
    return text if text.isascii() and "\t" not in text else text.translate(_PLAIN)


def fold(text: str) -> str:
    """The form in which two texts are compared: NFKC, case folded, white space and quotes plain."""
    if text.isascii() and text.isprintable():
        return " ".join(text.casefold().split())
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text.translate(_PLAIN))).casefold()
    return " ".join(unicodedata.normalize("NFKC", text).split())


def words_of(text: str) -> list[str]:
    """The words of a text, folded; ``C++``, ``O'Brien`` and ``al-Farsi`` are one each."""
    return _WORD.findall(fold(text))


@lru_cache(maxsize=32)
def _folded(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters where in ``text`` it comes from."""
    if text.isascii():
        simple = text.replace("\t", " ").replace("\n", " ").casefold()
        if "  " not in simple and simple == simple.strip() and not any(ord(ch) < 32 for ch in simple):
            return simple, list(range(len(simple)))
    pieces: list[str] = []
    offsets: list[int] = []
    for start, end in _clusters(text):
        folded = fold(text[start:end])
        if not folded:
            if text[start:end].isspace() and pieces and pieces[-1] != " ":
                pieces.append(" ")
                offsets.append(start)
            continue
        pieces.append(folded)
        offsets.extend([start] * len(folded))
    return "".join(pieces), offsets


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Runs of a character and the marks that combine with it, so that folding joins them."""
    start = 0
    for index in range(1, len(text) + 1):
        if index == len(text) or not unicodedata.combining(text[index]):
            yield start, index
            start = index


def occurrences(message: str, quote: str) -> list[tuple[int, int]]:
    """Where ``quote`` stands in ``message``, both folded: ``(start, end)`` offsets into ``message``.

    At most the first 20 places. A quote that is empty when folded stands nowhere.
    """
    wanted = fold(quote)
    if not wanted:
        return []
    folded, offsets = _folded(message)
    places: list[tuple[int, int]] = []
    at = folded.find(wanted)
    while at >= 0 and len(places) < 20:
        last = offsets[at + len(wanted) - 1]
        after = bisect_right(offsets, last)
        end = offsets[after] if after < len(offsets) else len(message.rstrip()) or len(message)
        places.append((offsets[at], len(message[:end].rstrip()) if end > last else last + 1))
        at = folded.find(wanted, at + 1)
    return places


def likeness(one: str, other: str) -> float:
    """How much of two spellings is the same, from 0 to 1, case and the like folded (:meth:`difflib.SequenceMatcher.ratio`)."""
    return SequenceMatcher(None, fold(one), fold(other)).ratio()
