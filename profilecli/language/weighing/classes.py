"""Words that say much the same beside a value, by the name of their class: a weight learned for one of them serves all."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

__all__ = ["classes"]


@cache
def classes() -> dict[str, str]:
    """Words to the name of their class, of ``classes.toml``."""
    data = tomllib.loads(files(__package__).joinpath("classes.toml").read_text("utf-8"))
    return {word: name for name, group in data.items() for word in group.split()}
