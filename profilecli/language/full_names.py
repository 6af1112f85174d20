"""A full name given in parts: "First name Hedda, surname Krohn"; "My last name is Weber now", where the first name is held."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import replace

from profilecli.language import names, patterns, replacements, slots
from profilecli.language.clauses import Reading
from profilecli.language.lazy import Lazy
from profilecli.language.lexicon import words
from profilecli.language.spans import Span
from profilecli.language.statements import Statement
from profilecli.language.text import fold, likeness
from profilecli.models import Utterance

__all__ = ["statements", "with_the_rest"]

_AGAIN = Lazy(r"(?: here| speaking)?[.,;:!-]\s{1,3}")
_FURTHEST = 80
"""Characters between the two pieces."""
_ALIKE = 0.6
"""Likeness of two spellings of one part of a name."""


def statements(reading: Reading, stated: Sequence[Statement], surnames: Sequence[Statement]) -> Iterator[Statement]:
    """The first name among what is ``stated``, joined with the one of the ``surnames`` that the message gives apart from it."""
    yield from _in_full(reading, stated)
    text = reading.masked
    firsts = [s for s in stated if s.kind == "name" and s.meant is not None and " " not in s.meant.value] if surnames else []
    if not firsts or patterns.whole("others_surname").search(text):
        return
    for surname in surnames:
        said = surname.meant
        if said is None:
            continue
        first = min(firsts, key=lambda each: abs(each.end - said.start))
        assert first.value is not None
        if abs(first.value.end - said.start) > _FURTHEST or fold(first.value.value) == fold(said.value):
            continue
        start, end = min(first.value.start, said.start), max(first.value.end, said.end)
        value = Span(start, end, text[start:end], f"{first.value.value} {said.value}")
        yield Statement("name", "set", value, min(first.start, start), end, reading.objection(said.start, said.end), first.rank + 1)
        return


def _in_full(reading: Reading, stated: Sequence[Statement]) -> Iterator[Statement]:
    """ "Okonkwo here. Chidi Okonkwo", "the name's De Wit. Sanne De Wit": the name again, with what goes before it."""
    for s in stated:
        said = s.meant if s.kind == "name" else None
        if said is None:
            continue
        again = _AGAIN.match(reading.masked, said.end)
        value = slots.forward("name", reading, again.end(), len(reading.masked)) if again else None
        if value is not None and value.value.endswith(f" {names.without_title(said.value)}"):
            yield Statement("name", "set", value, value.start, value.end, reading.objection(value.start, value.end), s.rank + 1)


def with_the_rest(
    reading: Reading, stated: Sequence[Statement], surnames: Sequence[Statement], held: str, context: Sequence[Utterance]
) -> list[Statement]:
    """What is ``stated``, with each part of a name made whole by the rest of the name that is ``held``.

    A part is a surname that is called one, a first name that is called one, or a spelling put right
    of one part of the name. The rest was said by the user too, when it was learned: nothing is in
    the whole that they did not say.
    """
    if not held and not surnames:
        return list(stated)
    asked = context[-1].content if context and context[-1].role == "assistant" else ""
    lasts = frozenset(s.meant.start for s in surnames if s.meant is not None)
    found = [_with_the_rest(reading, s, lasts, held, asked) for s in stated]
    found.extend(_first_alone(reading, s, held) for s in surnames if s.action == "unset" and _parts(held)[1])
    if not any(s.kind == "name" and s.meant is not None for s in stated):
        own = (replace(s, kind="name", rank=1) for s in surnames if s.meant is not None and _is_own(reading, s))
        found.extend(_with_the_rest(reading, s, lasts, held, asked) for s in own)
    return found


def _with_the_rest(reading: Reading, s: Statement, lasts: Container[int], held: str, asked: str) -> Statement:
    said = s.meant if s.kind == "name" else None
    if said is None or not held or _parts(said.value)[1] or not all(_is_cased(each) for each in (held, said.value)):
        return s
    first, last = _parts(held)
    lead = reading.masked[s.start : said.start]
    # What was asked for tells the part only of a name that isn't whole yet.
    is_first = patterns.whole("first_name").search(lead) is not None or (not last and patterns.asked("first_name", asked))
    is_last = said.start in lasts or (not last and patterns.asked("surname", asked))
    if not last:
        if likeness(said.value, first) >= _ALIKE:
            return s
        if is_first and not is_last and fold(first) not in words("given_names"):
            return _whole(s, f"{said.value} {first}")
        return _whole(s, f"{first} {said.value}") if is_last and not is_first else s
    if is_first != is_last:
        return _whole(s, f"{said.value} {last}" if is_first else f"{first} {said.value}")
    if s.rank >= replacements.RANK or patterns.whole("spelled_so").match(reading.masked, said.end):
        part = max((first, last), key=lambda each: likeness(said.value, each))
        if likeness(said.value, part) >= _ALIKE:
            return _whole(s, f"{said.value} {last}" if part == first else f"{first} {said.value}")
    return s


def _first_alone(reading: Reading, s: Statement, held: str) -> Statement:
    """ "Forget my surname": what is left of the name."""
    return replace(
        s, kind="name", action="set", value=Span(s.start, s.end, reading.masked[s.start : s.end], _parts(held)[0]), rank=replacements.RANK
    )


def _whole(s: Statement, value: str) -> Statement:
    assert s.value is not None
    return replace(s, kind="name", value=s.value._replace(value=value))


def _parts(name: str) -> tuple[str, str]:
    """What stands before the surname, and the surname with its particles; empty where there is none."""
    pieces = name.split()
    if len(pieces) < 2:
        return name.strip(), ""
    at = len(pieces) - 1
    while at > 1 and pieces[at - 1].lower() in words("name_particles"):
        at -= 1
    return " ".join(pieces[:at]), " ".join(pieces[at:])


def _is_cased(name: str) -> bool:
    """Whether a name's script has capitals; those without put a surname first, or know none."""
    return name[0].upper() != name[0].lower()


def _is_own(reading: Reading, surname: Statement) -> bool:
    """Whether the message says itself that the surname is its author's, and gives no other name with it."""
    text = reading.masked
    return (
        patterns.whole("own_surname").search(text, surname.start, surname.end) is not None
        and patterns.whole("others_surname").search(text) is None
    )
