"""Whether a name is that of somebody whom the author talks to: "Hey Tim!", "Jon, you …", "I missed that, Greg."."""

from __future__ import annotations

from collections.abc import Sequence

from profilecli.language.weighing.tokens import BEFORE_A_SENTENCE

__all__ = ["is_addressed"]

_HAILING = frozenset({"hi", "hello", "hey", "hiya", "dear", "yo", "morning", "howdy"})
_EXCLAIMING = frozenset(
    {"oh", "aw", "aww", "wow", "thanks", "thank", "sorry", "congrats", "congratulations", "bye", "goodbye", "dear", "ha", "haha", "ugh"}
    | {"gosh", "bravo", "welcome", "ooh", "whoa", "yay"}
)
_OPENING_WITH = _EXCLAIMING | {"ok", "okay", "no", "cheers", "good", "night", "thx", "ta", "sure"}
"""Words with which a message opens before the name of whom it is said to: "Ok Bob", "Bye, Claude"."""
_INTRODUCING = frozenset({"i", "i'm", "name", "it's", "is", "myself", "called", "named", "meant", "truly", "this"})
_SIGNING = frozenset(
    {"yes", "no", "love", "thanks", "thx", "regards", "cheers", "best", "xoxo", "ciao", "hugs", "kisses", "greetings"}
    | {"sincerely", "respectfully", "yours", "saludos", "grüße"}
)
_BEFORE_ME = frozenset({"just", "only", "by", "it's", "is", "as", "being", "that's"})
_SAID_TO_SOMEBODY = frozenset(
    {"you", "you're", "you've", "you'll", "you'd", "your", "thanks", "thank", "don't", "let's", "can", "could", "please", "sorry", "how"}
    | {"what", "why", "where", "when", "do", "are", "did", "will", "would", "have", "is", "was", "i", "i'm", "i've", "i'd", "i'll", "if"}
    | {"stop", "look", "listen", "tell", "remember", "imagine", "guess", "believe", "wait", "come", "let", "go", "get", "take", "quick"}
    | {"help", "put", "pinch", "give", "send", "call", "ask", "try", "read", "watch", "check", "hold", "bring", "keep", "promise", "trust"}
    | {"honestly", "he", "she", "they", "it", "there", "we're", "hi", "hello", "hey", "good"}
)


def is_addressed(said: Sequence[str], first: int, after: int) -> bool:
    """Whether the name at the words ``[first, after)`` of a message, in lower case, stands where one calls somebody."""
    three, two, one = ("", "", "", *said[:first])[-3:]
    behind, *next_behind = (*said[after : after + 3], "", "", "")[:3]
    if said and 0 < first <= 3 and said[0] in _OPENING_WITH and (one == "," or first == 1):
        return True
    if one in _HAILING:
        return behind in {",", "!", ".", "?", ""}
    if one in _EXCLAIMING or (one in {",", "!"} and two in _EXCLAIMING):
        return behind in {",", "!", "?"} or (behind == "." and next_behind[0] != "")
    if one == "," and behind in {".", "!", "?", "…", "..."}:
        return not (three in _BEFORE_ME if two == "me" else two in _INTRODUCING or (two in _SIGNING and behind != "!"))
    if one == "," and behind == "," and two not in _HAILING:
        return not (three in _BEFORE_ME if two == "me" else two in _INTRODUCING)
    return (one == "," or one in BEFORE_A_SENTENCE) and behind in {",", "!"} and _goes_to_somebody(*next_behind)


def _goes_to_somebody(one: str, two: str) -> bool:
    """Whether the words behind a name and a comma go to who is named: "Jon, you …", "Jon, that's great"; not "Jon, that's my name"."""
    return one in _SAID_TO_SOMEBODY or (one == "that's" and two not in {"my", "me", "how", "what", "who"})
