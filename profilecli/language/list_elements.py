"""Elements taken off a list that the profile holds: "remove Go from my languages", "I don't speak Dutch any more"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from profilecli.language.clauses import Objection, Reading
from profilecli.language.kinds import kind_of
from profilecli.language.spans import Span
from profilecli.language.statements import Statement
from profilecli.language.text import fold
from profilecli.schema.fields import Field

__all__ = ["statements"]

_CUES = (
    "remove", "delete", "drop", "take", "strike", "scratch", "forget", "erase", "cross", "any more", "anymore", "any longer", "no longer",
    "stopped", "quit", "gave", "given", "done with", "ditched", "dropped", "abandoned", "moved on", "switched", "unlearn", "over my", "outgrew",
)  # fmt: skip
_USED = r"(?: (?:use|using|write|writing|code in|coding in|program in|programming in|speak|speaking|play|playing|eat|eating|drink|drinking|do|doing|like|follow|following|work with|working with|work in|working in|have|need|own|know|be|being|allergic to|into|learn|learning|study|studying|take|taking|on|touch|care for|want|wanting)){0,2}"


@lru_cache(maxsize=256)
def _pattern(element: str) -> re.Pattern[str]:
    """What takes the element back. An order names a list or nothing more; a change of habit says that it has ended."""
    it = rf"(?:the |my |any )?[\"']?{re.escape(element)}(?![\w+#-])[\"']?"
    return re.compile(
        rf"(?<!don't )(?<!not )(?<!never )\b(?:remove|delete|drop|take|strike|scratch|forget|erase|cross|clear)(?: (?:that|about|out|off))?(?: i)?{_USED} {it}"
        r"(?=\s*(?:$|[.!,]|please|now|too|and\b|\s(?:from|off|out of|as)\b))"
        rf"|\b(?:i|we)(?:'ve| have)? (?:just |recently |finally |completely |pretty much )?(?:stopped|quit|gave up(?: on)?|given up(?: on)?|dropped|ditched|abandoned|moved on from|switched away from|outgrew){_USED} {it}"
        rf"|\bi(?:'m| am) (?:all )?(?:done|finished|through) with{_USED} {it}"
        rf"|\b(?:i|we)(?:'m| am|'re| are)? no longer{_USED} {it}"
        rf"|\b(?:i|we)(?:'m|'re| am| are)? (?:don't|do not|dont|not|never|hardly|can't|cannot){_USED} {it}[^.!?\n]{{0,20}}?\b(?:any ?more|any longer|these days|now)\b",
        re.IGNORECASE,
    )


def statements(reading: Reading, field: Field, held: Any) -> Iterator[Statement]:
    """What the message takes off ``field``, of the elements that are ``held``."""
    if not isinstance(held, list) or not any(cue in reading.lowered for cue in _CUES):
        return
    for element in held:
        said = str(element)
        if fold(said) not in fold(reading.masked):
            continue
        for match in _pattern(said).finditer(reading.masked):
            value = Span(match.start(), match.end(), match.group(), said)
            objection = reading.objection(match.start(), match.end(), request=True)
            # "I don't use Go any more" denies the habit, which is what ends it.
            yield Statement(
                kind_of(field), "unset", value, match.start(), match.end(), None if objection is Objection.NEGATED else objection
            )
