"""Regular expressions that are compiled when first used, so that importing their module costs nothing."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import Any, Generic, Protocol, TypeVar, cast

__all__ = ["Lazy"]

T = TypeVar("T")


class _Matcher(Protocol):
    def __call__(self, string: str, pos: int = 0, endpos: int = sys.maxsize, /) -> re.Match[str] | None: ...


class _Finder(Protocol):
    def __call__(self, string: str, pos: int = 0, endpos: int = sys.maxsize, /) -> Iterator[re.Match[str]]: ...


class _Lister(Protocol):
    def __call__(self, string: str, pos: int = 0, endpos: int = sys.maxsize, /) -> list[Any]: ...


class _Replacer(Protocol):
    def __call__(self, repl: str, string: str, count: int = 0) -> str: ...


class _Method(Generic[T]):
    """A method of the compiled pattern, which takes its own place in the instance when first asked for."""

    def __set_name__(self, owner: type[Lazy], name: str) -> None:
        self._name = name

    def __get__(self, instance: Lazy, owner: type[Lazy]) -> T:
        method = getattr(re.compile(instance.source, instance.flags), self._name)
        instance.__dict__[self._name] = method
        return cast("T", method)


class Lazy:
    """A regular expression at module level; its methods are those of :class:`re.Pattern`."""

    match = _Method[_Matcher]()
    fullmatch = _Method[_Matcher]()
    search = _Method[_Matcher]()
    finditer = _Method[_Finder]()
    findall = _Method[_Lister]()
    sub = _Method[_Replacer]()

    def __init__(self, source: str, flags: int = 0) -> None:
        self.source = source
        self.flags = flags
