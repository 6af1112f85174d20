"""What a case says of its author, said of somebody else: the same words, and nothing to learn.

Who a sentence is about is the cue that matters most, and the one that cases teach least: they hold
many ways to say a thing of oneself and few to say the same of one's sister. So the weights are also
learned from each plain case in the third person, made by rule. None of these is scored.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import replace

from benchmarks.extraction.answers import Expectation
from benchmarks.extraction.cases import Case
from profilecli.models import Utterance

__all__ = ["of_somebody_else"]

LATEST_SPEAKER = 8
"""Where the speaker stands at the latest, a greeting before: what stands before the speaker may be said without one."""

LONGEST = 160
"""Characters of a message that is about one person throughout."""

_PEOPLE = (
    ("my sister", "she", "her"),
    ("my brother", "he", "his"),
    ("my boss", "he", "his"),
    ("a friend of mine", "she", "her"),
    ("my dad", "he", "his"),
    ("our neighbour", "she", "her"),
    ("my wife", "she", "her"),
    ("her son", "he", "his"),
    ("the previous owner", "he", "his"),
    ("my roommate", "she", "her"),
)
_SPEAKER = re.compile(
    r"\b(?P<am>i'm|i am|im|we're|we are)\b|\b(?P<have>i've|i have|we've|we have)\b|\b(?P<would>i'd|i'll|we'd|we'll)\b"
    r"|\b(?P<own>my|our|mine|ours)\b|\b(?P<object>me|us|myself)\b|\b(?P<speaker>i|we)\b(?: (?P<verb>[a-z]+))?",
    re.IGNORECASE,
)
_UNCHANGED = frozenset(
    {"can", "could", "will", "would", "should", "must", "may", "might", "did", "was", "had", "got", "went", "left", "never", "also", "just"}
    | {"now", "still", "only", "really", "currently", "recently", "usually", "mostly", "always", "moved", "joined", "started", "ran"}
)
_IRREGULAR = {"am": "is", "do": "does", "go": "goes", "have": "has", "teach": "teaches", "don't": "doesn't", "were": "was", "are": "is"}


def of_somebody_else(case: Case) -> Case | None:
    """The case in the third person, with nothing to learn; None where it has no plain speaker."""
    if case.lang != "en" or case.expected.is_empty or case.held or len(case.turns) != 1:
        return None
    said = case.turns[0].content
    first = _SPEAKER.search(said)
    if first is None or first.start() > LATEST_SPEAKER or len(said) > LONGEST or '"' in said:
        return None
    person, pronoun, own = _PEOPLE[zlib.crc32(case.id.encode()) % len(_PEOPLE)]
    named = False

    def third(match: re.Match[str]) -> str:
        nonlocal named
        if match["own"]:
            return _as_typed(own, match)
        if match["object"]:
            return "him" if own == "his" else "her"
        subject, named = (pronoun if named else person), True
        if match["am"]:
            return _as_typed(f"{subject} is", match)
        if match["have"]:
            return _as_typed(f"{subject} has", match)
        if match["would"]:
            return _as_typed(f"{subject} would", match)
        return _as_typed(f"{subject} {_conjugated(match['verb'])}" if match["verb"] else subject, match)

    return replace(case, turns=(Utterance("user", _SPEAKER.sub(third, said)),), expected=Expectation())


def _as_typed(text: str, match: re.Match[str]) -> str:
    """With a capital where what it replaces begins a sentence with one."""
    before = match.string[: match.start()].rstrip()
    return text[0].upper() + text[1:] if match.group()[0].isupper() and (not before or before[-1] in ".!?") else text


def _conjugated(verb: str) -> str:
    lowered = verb.lower()
    if lowered in _IRREGULAR:
        return _IRREGULAR[lowered]
    if lowered in _UNCHANGED or lowered.endswith(("ed", "ly", "s")):
        return verb
    return verb[:-1] + "ies" if lowered.endswith("y") and lowered[-2:-1] not in set("aeiou") else verb + "s"
