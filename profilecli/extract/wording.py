"""The words of a message that a model may choose from, where it is too small to copy them.

A grammar lets a small model write JSON, but not what is true: most of what it calls a quote is of its
own making. Where it may only choose a field and a phrase of the message, it can still be wrong about
the field, which grounding judges, but it can no longer make anything up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from profilecli import grounding
from profilecli.language.lazy import Lazy
from profilecli.models import Proposal
from profilecli.schema import Field

__all__ = ["phrases_of", "quoted"]

_MOST_WORDS = 48
_LONGEST_PHRASE = 4
"""Words; a grammar of many long phrases takes longer to follow than the model to think."""

_UNSPACED = r"\u3040-\u309f\u3400-\u9fff"
_WORD = Lazy(rf"[{_UNSPACED}]|[^\s,;:!?()\"“”。，！？、{_UNSPACED}]+")
"""A word, or one character of a script that puts no spaces between words."""

_EDGE = ".'’`*_-"
_NO_VALUE = frozenset(
    "i i'm im i've ive i'd me my mine we we're us our you your u it it's its is am are was were be been being the a an and or but in on at to of for from with by as that this these so do does did not no yes he she they his her their has have had can could would will just there here what how who when where please if then than too very also".split()  # noqa: SIM905 -- a hundred quoted words are harder to read
)
"""Words in which no value begins or ends."""


def phrases_of(message: str) -> tuple[str, ...]:
    """The phrases of up to four words that a value can be; of a long message, those at its beginning."""
    words = [match.span() for match, _ in zip(_WORD.finditer(message), range(_MOST_WORDS), strict=False)]
    found = []
    for first in range(len(words)):
        for last in range(first, min(first + _LONGEST_PHRASE, len(words))):
            ends = {message[slice(*words[index])].lower().strip(_EDGE) for index in (first, last)}
            phrase = message[words[first][0] : words[last][1]].strip(_EDGE)
            if phrase and "\n" not in phrase and not ends & _NO_VALUE:
                found.append(phrase)
    return tuple(dict.fromkeys(found))


def quoted(proposals: Iterable[Proposal], message: str, fields: Mapping[str, Field]) -> list[Proposal]:
    """The proposals with the clause that states each as its quote, or, where none does, the bare phrase."""
    found = []
    for proposal in proposals:
        if proposal.value is not None and proposal.field in fields:
            place = grounding.locate(fields[proposal.field], proposal.value, messages=[message])
            found.append(replace(proposal, quote=place[1] if place else proposal.value))
    return found
