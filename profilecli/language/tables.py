"""The data files beside this package, read when first needed, and the form of their keys."""

from __future__ import annotations

import json
import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["key", "named", "table"]

_TYPOGRAPHIC = str.maketrans({"\u2019": "'", "\u2018": "'", "\u2010": "-", "\u2011": "-", "\u2013": "-", "\u2212": "-"})


@cache
def table(name: str) -> Any:
    """The content of ``data/<name>.json``, which ``scripts/make_tables.py`` wrote; parsed once."""
    return json.loads((Path(__file__).parent / "data" / f"{name}.json").read_bytes())


def named(groups: Mapping[str, str]) -> dict[str, str]:
    """A table of names parted by ``|`` turned about: every name with what it stands for."""
    return {name: group for group, names in groups.items() for name in names.split("|")}


def key(text: str) -> str:
    """Case, accents, typographic signs and white space folded, as the keys of the tables are.

    The length may change, so a folded text has no positions of the original.
    """
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text.translate(_TYPOGRAPHIC))
        text = unicodedata.normalize("NFC", "".join(char for char in decomposed if not unicodedata.combining(char)))
    return " ".join(text.casefold().split())
