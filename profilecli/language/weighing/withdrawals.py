"""What tells that a message takes back what the profile holds, as cues: "strike the timezone", "I've gone off Duke, bin it"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from profilecli.language.clauses import Reading
from profilecli.language.text import words_of
from profilecli.language.weighing.classes import classes
from profilecli.language.weighing.cues import OWNERS, SUBJECTS, Beside, Cue
from profilecli.language.weighing.tokens import tokens_of

__all__ = ["KIND", "mention", "of_field", "of_message"]

KIND = "withdrawal"
"""What these cues' weights are kept as, beside those of the kinds of facts."""

LONGEST = 60
"""Words and marks of a message that is read for this; a longer one is about something else."""


def mention(reading: Reading, held: str, called: Sequence[str]) -> tuple[str, int, int] | None:
    """What the message names of a field that holds ``held`` and is ``called`` so: ``"value"``, ``"field"`` or ``"nothing"``.

    Then at which word, and how many words long. None where the message is too long.
    """
    said = tokens_of(reading).words
    if len(said) > LONGEST:
        return None
    text = f" {' '.join(said)} "
    at, size = _place(text, words_of(held))
    if size:
        return "value", at, size
    for phrase in called:
        at, size = _place(text, phrase.split())
        if size:
            return "field", at, size
    return "nothing", 0, 0


def of_message(reading: Reading, mentioned: str, beside: Beside) -> list[Cue]:
    """The cues that all fields share of which the message names the same."""
    said = _without_values(tokens_of(reading).words, beside)
    found = [("bias", ""), ("long", str(min(len(said) // 4, 5))), ("mentions", mentioned), ("opening", said[0] if said else "")]
    found += [("about", _about(said)), ("mark", said[-1] if said and said[-1] in {"?", "!", "."} else "")]
    return list(dict.fromkeys([*found, *_words(said, mentioned)]))


def of_field(reading: Reading, kind: str, named: tuple[str, int, int], beside: Beside) -> list[Cue]:
    """The cues of one field, of which the message has ``named`` what :func:`mention` tells."""
    mentioned, at, size = named
    found = [("of", kind), ("fields", str(min(len(beside.held), 4)))]
    if size:
        found += _around(_without_values(tokens_of(reading).words, beside), at, size, mentioned)
    for each in beside.stated:
        if each.kind in {kind, f"no {kind}"}:
            found.append(("pattern", f"{each.kind.startswith('no ')} {each.objection.name if each.objection else 'meant'}"))
    return list(dict.fromkeys(found))


def _without_values(said: Sequence[str], beside: Beside) -> list[str]:
    """The words, with a mark for those of what is held: what is learned of one value holds for all."""
    held = {word for value in beside.held.values() for word in words_of(value)}
    return ["<held>" if word in held and word not in classes() else word for word in said]


def _place(text: str, wanted: Sequence[str]) -> tuple[int, int]:
    """Which word of a text words begin at, or the first of them does, and how many; (0, 0) where they don't stand."""
    for size in (len(wanted), 1) if len(wanted) > 1 else (len(wanted),):
        at = text.find(f" {' '.join(wanted[:size])} ") if size else -1
        if at >= 0:
            return text.count(" ", 0, at), size
    return 0, 0


def _words(said: Sequence[str], mentioned: str) -> Iterator[Cue]:
    of = classes()
    for one, two in zip(["^", *said], [*said, "$"], strict=True):
        yield "w", two
        yield "ww", f"{one} {two}"
        yield f"{mentioned} w", two
        if two in of:
            yield "w:", of[two]


def _about(said: Sequence[str]) -> str:
    """Whom the message is about first: "i", "she", "my kin"."""
    for word, following in zip(said, [*said[1:], "$"], strict=False):
        if word in SUBJECTS:
            return f"{word} {classes().get(following, 'x')}" if word in OWNERS else word
    return "nobody"


def _around(said: Sequence[str], at: int, size: int, mentioned: str) -> Iterator[Cue]:
    b3, b2, b1 = [*["^"] * 3, *said[:at]][-3:]
    a1, a2 = [*said[at + size :], *["$"] * 2][:2]
    yield f"{mentioned} b1", b1
    yield f"{mentioned} b2", b2
    yield f"{mentioned} b12", f"{b2} {b1}"
    yield f"{mentioned} b123", f"{b3} {b2} {b1}"
    yield f"{mentioned} a1", a1
    yield f"{mentioned} a12", f"{a1} {a2}"
    for word in said[max(0, at - 6) : at]:
        yield f"{mentioned} L", word
    for word in said[at + size : at + size + 6]:
        yield f"{mentioned} R", word
