"""E-mail addresses and phone numbers."""

from __future__ import annotations

import re
from functools import cache

from profilecli.language import credentials
from profilecli.language.spans import Span

__all__ = ["emails", "phones"]

_LOCAL_PART = 64
_DOMAIN = 255
"""The longest parts of an address (RFC 5321, 4.5.3.1)."""


@cache
def _domain_pattern() -> re.Pattern[str]:
    return re.compile(r"(?:[^\W_](?:[^\W_]|-){0,62}\.){1,8}[^\W\d_]{2,24}(?![\w@])")


@cache
def _phone_pattern() -> re.Pattern[str]:
    # The separators are taken possessively: how they divide never matters, so there is nothing to try again.
    piece, separator = r"(?:\(\+?\d{1,4}\)|\d)", "[-.–/ \u00a0\u202f]{0,3}+"
    return re.compile(rf"(?<![\w.,:/#@$€£=-])(?:\+|00)?{piece}(?:{separator}{piece}){{4,16}}(?![\w@%]|[.,:/]\d|-\w)")


@cache
def _seven_digits() -> re.Pattern[str]:
    return re.compile(r"\d(?:[^\w\n]{0,3}\d){6}")


@cache
def _phone_words() -> re.Pattern[str]:
    return re.compile(
        r"\b(?:phone|telephone|tel|mobile|cell(?:phone)?|call|text|sms|ring|reach|whats ?app|signal|dial|fax|landline|contact|number"
        r"|tel[eé]fono|m[oó]vil|celular|telefon|handy|rufnummer|t[eé]l[eé]phone|portable|telefone|telem[oó]vel|telefono|cellulare)\b|电话|手机|電話",
        re.IGNORECASE,
    )


@cache
def _other_numbers() -> re.Pattern[str]:
    """Words right before a number that say that it is something else."""
    return re.compile(
        r"(?:\b(?:order|invoice|ticket|case|ref(?:erence)?|id|account|acct|tracking|serial|isbn|issue|pr|card|iban|ssn|passport|licen[cs]e|zip"
        r"|version|port|ip|policy|booking|flight|bestellnummer|pedido|commande|factura|rechnung)\b[^\w\n]{0,3}"
        r"(?:(?:number|no|num|nr|id|code|is|was)\b[^\w\n]{0,3}){0,2}|#\s?|№\s?)$",
        re.IGNORECASE,
    )


def emails(text: str) -> list[Span]:
    """Every e-mail address in ``text``, in order; the value has its domain in lower case.

    The login in a URL and the address of a Git remote are none.
    """
    spans: list[Span] = []
    at = text.find("@")
    while at >= 0:
        span = _address(text, at, spans[-1].end if spans else 0)
        if span is not None:
            spans.append(span)
        at = text.find("@", at + 1)
    return spans


def _address(text: str, at: int, floor: int) -> Span | None:
    """The address around the ``@`` at ``at``, no further left than ``floor``."""
    domain = _domain_pattern().match(text, at + 1, at + 1 + _DOMAIN)
    if domain is None or re.match(r":[^\s]", text[domain.end() : domain.end() + 2]) is not None:
        return None
    start, lowest = at, max(floor, at - _LOCAL_PART - 1)
    while start > lowest and (text[start - 1].isalnum() or text[start - 1] in "!#$%&'*+-/=?^_`{|}~."):
        start -= 1
    if at - start > _LOCAL_PART or "://" in text[max(0, at - 80) : at].rpartition(" ")[2]:
        return None
    # A mark before the first letter opens a quotation or a list; it is hardly ever meant as part of the address.
    name = text[start:at].lstrip("!#$%&'*+-/=?^`{|}~.")
    if not name or name.endswith(".") or ".." in name:
        return None
    return Span(at - len(name), domain.end(), text[at - len(name) : domain.end()], f"{name}@{domain[0].lower()}")


def phones(text: str) -> list[Span]:
    """Every phone number in ``text``, in order; the value is its digits, after a ``+`` where one stands.

    A number has 7 to 15 digits (ITU-T E.164 allows no more) and looks like one: it begins with
    ``+``, or is grouped, or stands in a text about phoning. A date, an address on the Internet, a
    card, a social security number, or a number that is called something else (an order, an
    invoice, a ticket) is none.
    """
    if _seven_digits().search(text) is None:
        return []
    spans = []
    for match in _phone_pattern().finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if 7 <= len(digits) <= 15 and not _is_other_number(text, match, digits) and _looks_like_phone(text, match, digits):
            plus = "+" if match[0].startswith(("+", "(+")) else ""
            spans.append(Span(match.start(), match.end(), match[0], plus + digits))
    return spans


def _is_other_number(text: str, match: re.Match[str], digits: str) -> bool:
    if _other_numbers().search(text[max(0, match.start() - 40) : match.start()]) is not None or credentials.is_card_number(digits):
        return True
    groups = re.findall(r"\d+", match[0])
    sizes = [len(group) for group in groups]
    address = len(groups) == 4 and match[0].count(".") == 3 and all(int(group) <= 255 for group in groups)
    return not match[0].startswith(("+", "(+")) and (address or sizes == [3, 2, 4] or _is_date(groups))


def _looks_like_phone(text: str, match: re.Match[str], digits: str) -> bool:
    words = match[0]
    sizes = [len(group) for group in re.findall(r"\d+", words)]
    about_phones = _phone_words().search(text[max(0, match.start() - 60) : match.end() + 20]) is not None
    if words.startswith(("+", "(+")) or len(sizes) == 1:
        return words.startswith("+") or (about_phones and len(digits) <= 13)
    # People write groups, not one digit after the other; 3-3-4 is North American (NANP) and nothing else.
    grouped = len(sizes) <= 6 and len(digits) >= 2 * len(sizes)
    return grouped and ("(" in words or words.startswith(("0", "1-", "1 ")) or about_phones or sizes == [3, 3, 4])


def _is_date(groups: list[str]) -> bool:
    """Whether the first groups of digits are a year, a month and a day in some order, or two years."""
    years = [group for group in groups[:3] if len(group) == 4 and 1800 <= int(group) <= 2199]
    if len(groups) == 2:
        return len(years) == 2
    return bool(years) and sorted(len(group) for group in groups[:3]) in ([1, 1, 4], [1, 2, 4], [2, 2, 4])
