"""The patterns by which statements are found: data, a file a language, compiled when first needed.

A file ``<language>.toml`` holds tables of *frames*, one a line::

    cue|cue :: words {slot} words

A line without ``::`` is its own cue: its first word. A frame is tried on a message only if one of
its cues stands in it, in lower case. Its words are a regular expression with three additions: a
space is one to four spaces, ``<macro>`` is replaced from the table ``[macros]`` of the same file,
and ``{slot}`` is read by a recogniser: see :mod:`profilecli.language.statements`. A language is
added by its file and a line in ``languages.toml``; ``languages.toml`` says by which words a language is told,
``asks.toml`` what a question asks for, ``licences.toml`` what grounding goes by,
``moods.toml`` holds the expressions of :mod:`profilecli.language.clauses`, and ``wholes.toml`` those that
look at whole sentences (:mod:`profilecli.language.soundness`, :mod:`profilecli.language.still_so`,
:mod:`profilecli.language.full_names`).
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

__all__ = ["Frame", "Language", "asked", "language", "languages_of", "licence", "licence_of", "mood", "mood_cue", "whole"]

_SLOT = re.compile(r"\{([a-z_]+)\}")
_SPACE = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]| \{\d+,\d+\}| \??|\$")
_LATIN = re.compile(r"[A-Za-z]")
_OTHER_SCRIPTS = frozenset({"zh", "hi", "ja", "ko", "ru", "uk", "ar", "he", "el", "fa", "th", "bn", "ta"})
_MACRO = re.compile(r"<([a-z_]+)>")


@dataclass(frozen=True)
class Frame:
    """One pattern: what stands before its slot, the slot, what stands after it.

    ``slot`` is empty where the words alone are the pattern. Of the ``flags``, ``?`` before the
    cues says that it may be asked or wished of the program, ``!`` that it puts an earlier statement
    right, ``^`` before the words that only a greeting may stand before it in its sentence.
    """

    source: str
    cues: tuple[str, ...]
    slot: str
    flags: str
    macros: tuple[tuple[str, str], ...]

    @cached_property
    def before(self) -> re.Pattern[str]:
        """What leads to the slot."""
        return re.compile(_expanded(self.source[: _slot_span(self.source)[0]], self.macros), re.IGNORECASE)

    @cached_property
    def after(self) -> re.Pattern[str] | None:
        """What must follow the slot, or None."""
        rest = self.source[_slot_span(self.source)[1] :]
        return re.compile(_expanded(rest, self.macros), re.IGNORECASE) if rest else None

    @cached_property
    def leads(self) -> bool:
        """Whether the slot comes first, so that it is read backwards from what follows."""
        return self.source.startswith("{")

    @cached_property
    def opening(self) -> re.Pattern[str]:
        """What is looked for in a text: what leads to the slot, or what follows where that is nothing."""
        return self.after if self.leads and self.after is not None else self.before


def _slot_span(source: str) -> tuple[int, int]:
    match = _SLOT.search(source)
    return match.span() if match else (len(source), len(source))


def _expanded(source: str, macros: tuple[tuple[str, str], ...]) -> str:
    table = dict(macros)
    for _ in range(3):
        source = _MACRO.sub(lambda match: table.get(match.group(1), match.group()), source)
    return _SPACE.sub(_spaced, source)


def _spaced(match: re.Match[str]) -> str:
    """A space is one to four, an optional one up to four, ``$`` the end of a sentence; classes stay."""
    return {" ": " {1,4}", " ?": " {0,4}", "$": r"(?=\s{0,3}(?:$|[.!?…\n]))"}.get(match.group(), match.group())


@dataclass(frozen=True)
class Language:
    """The patterns of one language, by table; ``after.name`` is the table ``name`` within ``after``."""

    name: str
    tables: dict[str, tuple[Frame, ...]]

    @cached_property
    def _indexes(self) -> dict[frozenset[str] | None, _Index]:
        return {}

    def cued(self, lowered: str, kinds: frozenset[str] | None = None) -> list[tuple[str, str, Frame]]:
        """The frames of which a cue stands in a text in lower case, in order; each with its table's group and kind.

        ``kinds``: only tables of these kinds; None is all. What goes on from a value (``[after]``) is left out.
        """
        index = self._indexes.get(kinds)
        if index is None:
            index = self._indexes[kinds] = _Index(self.tables, kinds)
        return index.cued(lowered)


class _Index:
    """Frames by their cues. A cue is looked for only where the rarest three characters of it stand in a text."""

    def __init__(self, tables: Mapping[str, Sequence[Frame]], kinds: frozenset[str] | None) -> None:
        self._frames: list[tuple[str, str, Frame]] = []
        by_cue: dict[str, list[int]] = {}
        for table, frames in tables.items():
            group, _, kind = table.partition(".")
            if group == "after" or (kinds is not None and kind not in kinds):
                continue
            for frame in frames:
                for cue in frame.cues:
                    by_cue.setdefault(cue, []).append(len(self._frames))
                self._frames.append((group, kind, frame))
        common = Counter(part for cue in by_cue for part in _threes(cue))
        self._by_part: dict[str, list[tuple[str, list[int]]]] = {}
        for cue, numbers in by_cue.items():
            part = min(_threes(cue), key=lambda part: (common[part], part), default="")
            self._by_part.setdefault(part, []).append((cue, numbers))

    def cued(self, lowered: str) -> list[tuple[str, str, Frame]]:
        found: set[int] = set()
        for part in ("", *(self._by_part.keys() & _threes(lowered))):
            for cue, numbers in self._by_part.get(part, ()):
                if cue in lowered:
                    found.update(numbers)
        return [self._frames[number] for number in sorted(found)]


def _threes(text: str) -> set[str]:
    return {text[at : at + 3] for at in range(len(text) - 2)}


def _frames(block: str, macros: tuple[tuple[str, str], ...]) -> tuple[Frame, ...]:
    frames = []
    for line in block.splitlines():
        if not line or line.startswith("#"):
            continue
        cues, found, source = line.rpartition(" :: ")
        flags = ""
        if found:
            stripped = cues.lstrip("?!")
            flags = cues[: len(cues) - len(stripped)]
            cues = stripped
        if source.startswith("^"):
            source, flags = source[1:], flags + "^"
        slot = _SLOT.search(source)
        frames.append(Frame(source, tuple(cues.split("|")) if cues else ("",), slot.group(1) if slot else "", flags, macros))
    return tuple(frames)


@cache
def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text("utf-8"))


@cache
def language(name: str) -> Language:
    """The patterns of the language with this two-letter code."""
    data = dict(_toml(name))
    macros = tuple(data.pop("macros", {}).items())
    flat = {}
    for table, blocks in data.items():
        flat.update({f"{table}.{key}": block for key, block in blocks.items()} if isinstance(blocks, dict) else {table: blocks})
    return Language(name, {table: _frames(block, macros) for table, block in flat.items()})


@cache
def _cues(*, ascii_only: bool) -> tuple[re.Pattern[str], tuple[tuple[str, re.Pattern[str]], ...]]:
    """An expression for any language but English, and one for each; with ``ascii_only`` those in Latin letters."""
    of = {name: cue for name, cue in _toml("languages").items() if name != "en"}
    words = {name: cue for name, cue in of.items() if name not in _OTHER_SCRIPTS}
    sources = {name: rf"\b(?:{cue})\b" for name, cue in words.items()} | (
        {} if ascii_only else {name: of[name] for name in of.keys() - words.keys()}
    )
    # One boundary for all of them: tried for each language by itself, this search would take most of the time of a short message.
    any_of = "|".join([rf"\b(?:{'|'.join(words.values())})\b", *(sources[name] for name in sources.keys() - words.keys())])
    return re.compile(any_of), tuple((name, re.compile(sources[name])) for name in of if name in sources)


def languages_of(text: str) -> list[Language]:
    """The languages of which a cue stands in a text, with their patterns; English, if it has a Latin letter."""
    text = text.lower()
    any_of, each = _cues(ascii_only=text.isascii())
    found = [language("en")] if _LATIN.search(text) else []
    if any_of.search(text):
        found.extend(language(name) for name, cue in each if cue.search(text))
    return found


@cache
def _moods() -> dict[str, Any]:
    return _toml("moods")


@cache
def mood(name: str) -> re.Pattern[str]:
    """An expression of ``moods.toml``."""
    return re.compile(_moods()[name].replace("\n", ""), re.IGNORECASE)


@cache
def whole(name: str) -> re.Pattern[str]:
    """An expression of ``wholes.toml``."""
    return re.compile(_wholes()[name], re.IGNORECASE)


@cache
def _wholes() -> dict[str, Any]:
    return _toml("wholes")


@cache
def _asks(kind: str) -> re.Pattern[str] | None:
    source = _toml("asks").get(kind)
    return re.compile(source, re.IGNORECASE) if source else None


def asked(kind: str, question: str) -> bool:
    """Whether words of the assistant ask for this kind of fact, by ``asks.toml``."""
    pattern = _asks(kind)
    return pattern is not None and pattern.search(question) is not None


@cache
def licence_of(name: str) -> re.Pattern[str]:
    """An expression of ``licences.toml``."""
    return re.compile(_toml("licences")[name], re.IGNORECASE)


def licence(kind: str) -> re.Pattern[str] | None:
    """What a clause that states this kind of fact has a word of; None for kinds that ask for none."""
    return licence_of(kind) if kind and kind in _toml("licences") else None


def mood_cue(name: str, lowered: str) -> bool:
    """Whether a cue of the expression ``name`` stands in a text in lower case."""
    return any(cue in lowered for cue in _moods()["cues"][name])
