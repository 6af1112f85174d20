"""Statements about a field by its own words: "my favourite editor is Helix", "favourite editor: Helix", "forget my age"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from profilecli.language.clauses import Reading
from profilecli.language.statements import Statement
from profilecli.models import Utterance
from profilecli.schema.fields import Field

__all__ = ["statements"]


def statements(reading: Reading, field: Field, *, context: Sequence[Utterance], values: Mapping[str, Any]) -> Iterator[Statement]:
    return iter(())
