"""A full name stated in two pieces: "First name Hedda, surname Krohn", "I'm Ada. Lovelace is the surname."."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from profilecli.language import slots
from profilecli.language.clauses import Reading
from profilecli.language.lazy import Lazy
from profilecli.language.spans import Span
from profilecli.language.statements import Statement

__all__ = ["statements"]

_SURNAME = r"(?:last|family|sur|second) ?name"
_BEFORE = Lazy(rf"(?:^|[.!?,;:\n(] ?|\b(?:and|my|with|the) ){_SURNAME}(?: is|'s|s|:| =|,)? ", re.IGNORECASE)
_AFTER = Lazy(rf" (?:is|being|as|'s) (?:my|the) {_SURNAME}\b", re.IGNORECASE)
_OTHERS = Lazy(rf"\b(?:his|her|their|your|whose|'s) {_SURNAME}\b", re.IGNORECASE)
_AGAIN = Lazy(r"(?: here| speaking)?[.,;:!-]\s{1,3}")
_FURTHEST = 80
"""Characters between the two pieces."""


def statements(reading: Reading, stated: Sequence[Statement]) -> Iterator[Statement]:
    """The first name among what is ``stated``, joined with the surname that the message gives apart from it."""
    yield from _in_full(reading, stated)
    text = reading.masked
    if "name" not in reading.lowered or _OTHERS.search(text):
        return
    firsts = [s for s in stated if s.kind == "name" and s.meant is not None and " " not in s.meant.value]
    if not firsts:
        return
    for surname in _surnames(reading):
        first = min(firsts, key=lambda each: abs(each.end - surname.start))
        assert first.value is not None
        if abs(first.value.end - surname.start) > _FURTHEST or first.value.value.lower() == surname.value.lower():
            continue
        start, end = min(first.value.start, surname.start), max(first.value.end, surname.end)
        value = Span(start, end, text[start:end], f"{first.value.value} {surname.value}")
        yield Statement("name", "set", value, min(first.start, start), end, reading.objection(surname.start, surname.end), first.rank + 1)
        return


def _in_full(reading: Reading, stated: Sequence[Statement]) -> Iterator[Statement]:
    """ "Okonkwo here. Chidi Okonkwo", "the name's De Wit. Sanne De Wit": the name again, with what goes before it."""
    for s in stated:
        said = s.meant if s.kind == "name" else None
        if said is None:
            continue
        again = _AGAIN.match(reading.masked, said.end)
        value = slots.forward("name", reading, again.end(), len(reading.masked)) if again else None
        if value is not None and value.value.endswith(f" {said.value}"):
            yield Statement("name", "set", value, value.start, value.end, reading.objection(value.start, value.end), s.rank + 1)


def _surnames(reading: Reading) -> Iterator[Span]:
    text = reading.masked
    for match in _BEFORE.finditer(text):
        name = slots.forward("name", reading, match.end(), reading.sentence(match.end())[1])
        if name is not None:
            yield name
    for match in _AFTER.finditer(text):
        begin, _ = reading.sentence(match.start())
        name = slots.backward("maybe_name", reading, begin, match.start())
        if name is not None:
            yield name
