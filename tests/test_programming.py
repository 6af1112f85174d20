"""Programming languages that somebody writes."""

from __future__ import annotations

from typing import Any

import pytest

from profilecli.schema.fields import Field
from tests.learning import DEVELOPER, learn


@pytest.mark.parametrize(
    ("fields", "turns", "profile"),
    [
        (DEVELOPER, ["I write Go and a bit of Zig"], {"programming_languages": ["Go", "Zig"]}),
        (DEVELOPER, ["I mostly write TypeScript these days"], {"programming_languages": ["TypeScript"]}),
        (DEVELOPER, ["I write poetry"], {}),
        (DEVELOPER, ["I write Go to learn it? no way"], {}),
        (DEVELOPER, ["I go to the gym and write letters"], {}),
        (DEVELOPER, ["I know Python and Rust"], {"programming_languages": ["Python", "Rust"]}),
        (DEVELOPER, ["I never write Java"], {}),
        (DEVELOPER, ["how do I write Go"], {}),
    ],
)
def test_the_languages_that_one_writes_are_read(fields: list[Field], turns: list[str | tuple[str, str]], profile: dict[str, Any]) -> None:
    """Verbs of writing programs, and other things that one writes."""
    assert learn(fields, *turns) == profile
