"""The words and marks of a message as cues see them: hurried spellings put right, names told apart from words."""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache

from profilecli.language import roles
from profilecli.language.clauses import Reading
from profilecli.language.lazy import Lazy
from profilecli.language.lexicon import words

__all__ = ["Tokens", "tokens_of"]

_TOKEN = Lazy(r"[^\W_]+(?:['&@.+/#-][^\W_]+){0,8}(?:\+\+|#)?|\n|\.{2,6}|[^\w\s]")
_HURRIED = {
    "im": "i'm",
    "iam": "i'm",
    "ive": "i've",
    "id": "i'd",
    "mi": "my",
    "ur": "your",
    "u": "you",
    "r": "are",
    "dont": "don't",
    "hes": "he's",
    "shes": "she's",
    "thats": "that's",
    "wanna": "want",
    "nmae": "name",
}


class Tokens:
    """Parallel lists, an element a word or mark: where it stands, as written, in lower case, and as a cue names it.

    A label is the word itself, ``#`` for digits, ``<given>`` for a listed given name, ``<Cap>`` for
    another capital that no everyday word has, ``<job>`` for the head noun of a title.
    """

    # ``last_word``: behind the last word, where only marks follow.
    __slots__ = ("ends", "labels", "last_word", "starts", "texts", "words")

    def __init__(self, reading: Reading) -> None:
        places = [match.span() for match in _TOKEN.finditer(reading.masked)]
        self.starts = [start for start, _ in places]
        self.ends = [end for _, end in places]
        self.texts = [reading.masked[start:end] for start, end in places]
        forms = [_forms(text, reading.shouts) for text in self.texts]
        self.words = [word for word, _ in forms]
        self.labels = [label for _, label in forms]
        self.last_word = next((index + 1 for index in range(len(places) - 1, -1, -1) if self.texts[index][0].isalnum()), 0)

    def __len__(self) -> int:
        return len(self.starts)

    def from_(self, at: int) -> int:
        """The first element that begins at ``at`` or later."""
        return bisect_left(self.starts, at)


def tokens_of(reading: Reading) -> Tokens:
    """The tokens of a message; made once."""
    known: Tokens | None = reading.__dict__.get("_tokens")
    if known is None:
        known = reading.__dict__["_tokens"] = Tokens(reading)
    return known


@lru_cache(maxsize=8192)
def _forms(text: str, shouts: bool) -> tuple[str, str]:
    """A token in lower case, and its label."""
    lowered = text.lower()
    word = _HURRIED.get(lowered, lowered)
    if not text[0].isalnum():
        return word, word
    if text.isdigit():
        return word, "#"
    if text[0].isupper() and not shouts and word not in words("common_words") and "'" not in word:
        return word, "<given>" if word in words("given_names") else "<Cap>"
    return word, "<job>" if roles.is_head(word) else word
