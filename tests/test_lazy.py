"""Regular expressions that are compiled when first used."""

from __future__ import annotations

import re

import pytest

from profilecli.language.lazy import Lazy


def test_it_finds_what_the_compiled_expression_finds() -> None:
    """By each of its methods, the first time and the next."""
    lazy, pattern = Lazy(r"\b(na)me\b", re.IGNORECASE), re.compile(r"\b(na)me\b", re.IGNORECASE)
    text = "Name, name and names"
    for _ in range(2):
        for method in ("match", "search", "fullmatch"):
            found, known = getattr(lazy, method)(text, 4), getattr(pattern, method)(text, 4)
            assert (found and found.span()) == (known and known.span())
        assert [match.span() for match in lazy.finditer(text)] == [match.span() for match in pattern.finditer(text)]
        assert lazy.findall(text) == pattern.findall(text)
        assert lazy.sub("x", text, 1) == pattern.sub("x", text, 1)


def test_a_faulty_expression_shows_only_when_it_is_used() -> None:
    """So importing a module compiles nothing."""
    lazy = Lazy("(")
    with pytest.raises(re.error):
        lazy.search("x")
