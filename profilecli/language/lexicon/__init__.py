"""The word lists that the recognisers share: small, written by hand, read when first asked for.

Each list is a text file beside this module, words parted by white space
(``famous_organisations.txt`` and ``famous_people.txt``: one a line; ``plan_synonyms.txt``: a word and its meaning). All are lower case.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

__all__ = ["lines", "pairs", "words"]


@cache
def words(name: str) -> frozenset[str]:
    """The words of the list ``name``, such as ``given_names``."""
    return frozenset(_read(name).split())


@cache
def lines(name: str) -> frozenset[str]:
    """The lines of the list ``name``, for entries of several words."""
    return frozenset(line.strip() for line in _read(name).splitlines() if line.strip())


@cache
def pairs(name: str) -> dict[str, str]:
    """The lines of the list ``name``, each a word and what it stands for."""
    return dict(line.split() for line in lines(name))


def _read(name: str) -> str:
    return files(__package__).joinpath(f"{name}.txt").read_text("utf-8")
