"""The words and marks of a message as cues see them: hurried spellings put right, names told apart from words."""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache

from profilecli.language import roles
from profilecli.language.clauses import Reading
from profilecli.language.lazy import Lazy
from profilecli.language.lexicon import words
from profilecli.language.weighing.classes import classes

__all__ = ["BEFORE_A_SENTENCE", "CAPITAL", "COMMON", "GIVEN", "HEAD", "LETTER", "WORD", "Tokens", "tokens_of"]

_TOKEN = Lazy(r"(?<![^\W_])[Nn]ame(?='s\b)|(?<=ame)'s\b|[^\W_]+(?:['&@.+/#-][^\W_]+){0,8}(?:\+\+|#)?|\n|\.{2,6}|[^\w\s]")
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
    "'s": "is",
}
""""'s" is cut off from "name" alone, so that "my name's Ada" says as much as "my name is Ada"."""


CAPITAL, COMMON, GIVEN, HEAD, LETTER, WORD = (1 << bit for bit in range(6))
"""Traits of a token: it begins in a capital that means something, is an everyday word, a listed given name,
the head noun of a title, begins in a letter, in a letter or digit."""


BEFORE_A_SENTENCE = frozenset({"", ".", "!", "?", "\n", ":", ";", "..."})
"""Words and marks behind which a capital may only open a sentence; the empty one stands before the first."""


class Tokens:
    """Parallel sequences, an element a word or mark: where it stands, as written, in lower case, as a cue names it, its traits.

    A label is the word itself, ``#`` for digits, ``<given>`` for a listed given name, ``<Cap>`` for
    another capital that no everyday word has, nor one of a class, ``<job>`` for the head noun of a title.
    """

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    texts: tuple[str, ...]
    words: tuple[str, ...]
    labels: tuple[str, ...]
    traits: tuple[int, ...]
    last_word: int
    """Behind the last word, where only marks follow."""

    def __init__(self, reading: Reading) -> None:
        places = [(match.start(), match.end(), match.group()) for match in _TOKEN.finditer(reading.masked)]
        self.starts, self.ends, self.texts = zip(*places, strict=True) if places else ((), (), ())
        shouts = reading.shouts
        forms = [_form(text, shouts) for text in self.texts]
        self.words, self.labels, self.traits = zip(*forms, strict=True) if forms else ((), (), ())
        self.last_word = len(forms)
        while self.last_word and not self.traits[self.last_word - 1] & WORD:
            self.last_word -= 1

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
def _form(text: str, shouts: bool) -> tuple[str, str, int]:
    """A token in lower case, its label, and its traits."""
    lowered = text.lower()
    word = _HURRIED.get(lowered, lowered)
    traits = 0
    for trait, has in (
        (CAPITAL, (text[0].isupper() or text[0].istitle()) and not shouts),
        (COMMON, word in words("common_words")),
        (GIVEN, word in words("given_names")),
        (HEAD, roles.is_head(word)),
        (LETTER, text[0].isalpha()),
        (WORD, text[0].isalnum()),
    ):
        traits |= trait * has
    return word, _label(text, word, traits), traits


def _label(text: str, word: str, traits: int) -> str:
    if not traits & WORD:
        return word
    if text.isdigit():
        return "#"
    if traits & CAPITAL and text[0].isupper() and not traits & COMMON and "'" not in word and word not in classes():
        return "<given>" if traits & GIVEN else "<Cap>"
    return "<job>" if traits & HEAD else word
