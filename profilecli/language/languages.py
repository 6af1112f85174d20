"""Names of human languages, in the languages that the program reads."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from profilecli.language.gazetteer import Gazetteer, name_key
from profilecli.language.tables import named, table

if TYPE_CHECKING:
    from profilecli.language.spans import Span

__all__ = ["find"]


@cache
def _names() -> Gazetteer:
    return Gazetteer(named(table("languages")["names"]))


@cache
def _words() -> frozenset[str]:
    return frozenset(table("languages")["words"])


@cache
def _about_languages() -> re.Pattern[str]:
    """Words that show that the text speaks of languages."""
    return re.compile(
        r"\b(?:speak\w{0,3}|spoken|language\w?|fluent\w{0,2}|bilingual|trilingual|mother tongue|native|get by in|learn\w{0,3}|study\w{0,3}|studying|translat\w{1,5}|write in|reply in|answer in|talk in"
        r"|respond in|switch to|hablo|habla\w{0,3}|idioma\w?|lengua\w?|spreche\w?|sprache\w?|muttersprache|parle\w{0,2}|langue\w?|falo|fala\w?|língua\w?|parlo|parla\w?|lingua|lingue)\b"
        r"|[说說讲講语語文话話]",
        re.IGNORECASE,
    )


# A part of each of those words: most texts have none, which is quicker seen so.
_HINTS = (
    "speak",
    "spok",
    "lang",
    "fluent",
    "lingual",
    "tongue",
    "nativ",
    "get by",
    "learn",
    "stud",
    "transl",
    "write in",
    "reply in",
    "answer in",
    "talk in",
    "respond in",
)
_FOREIGN_HINTS = (
    "switch to",
    "habl",
    "idioma",
    "lengua",
    "sprech",
    "sprache",
    "parl",
    "fal",
    "língua",
    "lingu",
    "说",
    "說",
    "讲",
    "講",
    "语",
    "語",
    "文",
    "话",
    "話",
)


def find(text: str) -> list[Span]:
    """Every language that ``text`` names, in order and apart; the value is its English name.

    In lower case, or where the name is also an ordinary word or an adjective ("Polish", "French"),
    it counts only in a text that speaks of languages.
    """
    lowered = text.lower()
    about = any(hint in lowered for hint in (*_HINTS, *_FOREIGN_HINTS)) and _about_languages().search(text) is not None
    return [span for span in _names().find(text, lower=about) if about or name_key(span.words) not in _words()]
