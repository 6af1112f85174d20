"""Names of places and languages found in a text by looking them up, however long the list is."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from profilecli.language.overlaps import apart
from profilecli.language.spans import Span
from profilecli.language.tables import key

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

__all__ = ["Gazetteer", "name_key"]

_PLAIN_INITIALISMS = frozenset({"usa", "uk", "nyc", "uae", "cdmx"})
"""Initialisms that are no word in lower case."""

_UNSPACED = "\u3040"
"""The scripts from here on put no spaces between words, or let particles stick to them."""

_WINDOW = 8
"""Names in scripts without spaces are tried up to so many characters long."""


@cache
def _word() -> re.Pattern[str]:
    return re.compile(r"[^\W_]+")


@cache
def _capitalised() -> re.Pattern[str]:
    # Begins with the set of characters that it looks for, which the engine skips to; a lookbehind would be tried everywhere.
    return re.compile(r"[A-Z][A-Za-z]*")


@cache
def _tail() -> re.Pattern[str]:
    """The words that may go on a name: "York" after "New", "au-Prince" after "Port", "D.C." after "Washington"."""
    return re.compile(r"(?:(?:, ?|\.? |[.'’-])[^\W\d_]+){1,5}")


@cache
def _unspaced() -> re.Pattern[str]:
    return re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,}")


def name_key(name: str) -> str:
    """A name as it is looked up: its words, folded, parted by one space ("Saint-Étienne" → "saint etienne")."""
    if name.isascii() and name.isalpha():
        return name.lower()
    return " ".join(_word().findall(key(name)))


def _is_inside_word(text: str, start: int) -> bool:
    """Whether what begins at ``start`` goes on a word ("al-Farsi", "@paris", "x_york")."""
    return start > 0 and (text[start - 1].isalnum() or text[start - 1] in "-'’_@#")


class Gazetteer:
    """Names with a value each, found where they are written as names.

    Args:
        names: from :func:`name_key` of a name to its value.
        capital_only: names that are also ordinary words, never read in lower case.
        initialisms: names read only in capitals ("US"), or after "the".
    """

    def __init__(self, names: Mapping[str, str], *, capital_only: Collection[str] = (), initialisms: Collection[str] = ()) -> None:
        self.names = names
        self._capital_only = capital_only
        self._initialisms = initialisms
        self._longest: dict[str, int] = {}
        self._seconds: dict[str, set[str]] = {}
        for name in names:
            first, *others = name.split(" ")
            self._longest[first] = max(self._longest.get(first, 0), 1 + len(others))
            if others:
                self._seconds.setdefault(first, set()).add(others[0])
        self._firsts = frozenset(self._longest)

    def find(self, text: str, *, lower: bool = False) -> Iterator[Span]:
        """The longest names in ``text`` from left to right, apart; with ``lower`` also those that begin in lower case."""
        spaced = self._find_spaced(text, lower=lower)
        return spaced if text.isascii() else iter(apart([*spaced, *self._find_unspaced(text)]))

    def _find_spaced(self, text: str, *, lower: bool) -> Iterator[Span]:
        end = 0
        for match, word in self._candidates(text, lower=lower):
            if match.start() >= end and (span := self._at(text, match, self._longest[word])) is not None:
                end = span.end
                yield span

    def _candidates(self, text: str, *, lower: bool) -> Iterator[tuple[re.Match[str], str]]:
        """The words of ``text`` with which a name may begin, and their keys."""
        if text.isascii():
            folded = text.lower()
            words = set(_word().findall(folded))
            # Most texts name nothing, and are left here: "new" alone begins no name, only "new" with a "york" somewhere.
            firsts = {word for word in words & self._firsts if word in self.names or not self._seconds[word].isdisjoint(words)}
            if not firsts:
                return
            pattern = _word() if lower else _capitalised()
            for match in pattern.finditer(text):
                word = folded[match.start() : match.end()]
                if word in firsts and not _is_inside_word(text, match.start()):
                    yield match, word
            return
        for match in _word().finditer(text):
            if (
                (lower or match[0][0].isupper())
                and match[0] < _UNSPACED
                and (word := name_key(match[0])) in self._firsts
                and not _is_inside_word(text, match.start())
            ):
                yield match, word

    def _at(self, text: str, first: re.Match[str], count: int) -> Span | None:
        """The longest name of at most ``count`` words that begins with ``first``."""
        ends = [first.end()]
        if count > 1 and (tail := _tail().match(text, first.end())) is not None:
            ends.extend(match.end() for match in _word().finditer(text, first.end(), tail.end()))
        for end in reversed(ends[:count]):
            words = text[first.start() : end]
            name = name_key(words)
            if name in self.names and self._is_written_as_name(text, first.start(), words, name):
                return Span(first.start(), end, words, self.names[name])
        return None

    def _is_written_as_name(self, text: str, start: int, words: str, name: str) -> bool:
        if words[0].isupper():
            return name not in self._initialisms or words.isupper()
        # "us", "uk" and the like are words or nothing in lower case, but "the us" is a country.
        return name not in self._capital_only and (
            name not in self._initialisms or text.startswith(("the ", "The "), max(0, start - 4)) or name in _PLAIN_INITIALISMS
        )

    def _find_unspaced(self, text: str) -> Iterator[Span]:
        for run in _unspaced().finditer(text):
            start = run.start()
            while start < run.end() - 1:
                for end in range(min(run.end(), start + _WINDOW), start + 1, -1):
                    value = self.names.get(text[start:end])
                    if value is not None:
                        yield Span(start, end, text[start:end], value)
                        start = end
                        break
                else:
                    start += 1
