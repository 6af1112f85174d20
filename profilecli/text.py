"""Text from elsewhere made harmless: for a terminal, for one line of a prompt."""

from __future__ import annotations

import re

__all__ = ["for_prompt", "for_terminal", "one_line", "shown_value", "whole_characters"]

# C0 and C1 controls but tab and newline; and the marks that reorder, hide or break text
# (https://www.unicode.org/reports/tr9/, Trojan Source: CVE-2021-42574).
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
_BREAKS = re.compile("[\t\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_ENTITY = re.compile(r"&(?=#?\w{1,31};)")


def whole_characters(text: str) -> str:
    """The text with ``?`` for each half of a character: JSON can spell one, UTF-8 can't."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def for_terminal(text: str) -> str:
    """The text without anything that a terminal obeys: control characters and marks of direction are dropped."""
    return _UNSAFE.sub("", text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """The same for a place that is one line high: breaks become spaces."""
    return for_terminal(_BREAKS.sub(" ", text)).strip()


def for_prompt(text: str) -> str:
    """The text on one line, unable to open or close a tag."""
    return _ENTITY.sub("&amp;", one_line(text)).replace("<", "&lt;").replace(">", "&gt;")


def shown_value(value: object) -> str:
    """A JSON value as a person writes it: ``yes`` and ``no``, lists with commas, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(shown_value(element) for element in value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
