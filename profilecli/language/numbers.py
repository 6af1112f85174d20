"""Numbers in digits and in English words."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from profilecli.language.overlaps import apart
from profilecli.language.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["find", "number_of"]

_UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12, "lakh": 10**5, "crore": 10**7}
_FACTORS = {"hundred": 100, "k": 10**3, "K": 10**3, "M": 10**6, "mn": 10**6, "bn": 10**9, "B": 10**9} | _SCALES
_WORDS = frozenset([*_UNITS, *_TENS, *_SCALES, "hundred", "dozen", "couple"])
_JOINTS = frozenset(["a", "an", "and", "point", "half", "minus", "negative"])
"""Words that only stand inside a number, never alone."""
_LONGEST = 24
"""A number in words has at most so many of them."""


@cache
def _digits_pattern() -> re.Pattern[str]:
    number = (
        r"(?:\d{1,3}(?:,\d{3}){1,6}(?!\d)(?:\.\d{1,12})?|\d{1,3}(?:\.\d{3}){1,6},\d{1,12}"
        r"|\d{1,3}(?:['’\u00a0\u202f]\d{3}){1,6}(?!\d)(?:\.\d{1,12})?|\d{1,18}(?:[.,]\d{1,12})?)"
    )
    return re.compile(
        rf"(?<![\w.,:/@#-])(?P<sign>[-−+]?)(?P<number>{number})"
        r"(?:(?P<suffix>[kKMB]|mn|bn)|\s{1,2}(?P<scale>hundred|thousand|million|billion|trillion|lakh|crore))?"
        r"(?![\w%°]|[.,:/@'’-]\d|[-/@](?!year|yr|month|week|day|hour)\w)"
    )


@cache
def _words_pattern() -> re.Pattern[str]:
    word = "|".join(sorted(_WORDS | _JOINTS, key=len, reverse=True))
    return re.compile(rf"(?<![\w'’-])(?:{word})(?:(?:\s{{1,3}}|-)(?:{word})){{0,{_LONGEST - 1}}}(?![\w'’])", re.IGNORECASE)


@cache
def _no_quantity_before() -> re.Pattern[str]:
    return re.compile(r"\b(?:no|any|every|some|each|this|that|which|the|another|day)\s$", re.IGNORECASE)


@cache
def _no_quantity_after() -> re.Pattern[str]:
    return re.compile(r"-?(?:something|ish)\b|-(?:thirds?|quarters?|fold|on|way|star|time|man|piece)\b", re.IGNORECASE)


@cache
def _one_after() -> re.Pattern[str]:
    return re.compile(r"\s(?:of|day|time|thing|more|another|way)\b", re.IGNORECASE)


@cache
def _digit() -> re.Pattern[str]:
    return re.compile(r"\d")


@cache
def _letters() -> re.Pattern[str]:
    return re.compile(r"[a-z]+")


def number_of(words: str) -> int | float | None:
    """The number that ``words`` as a whole say, or None.

    Digits ("1,200.5", "2.5k", "3 million", "1.200,50") and English words ("forty-two", "a dozen",
    "two and a half", "nineteen ninety"). A comma before three digits parts thousands, a dot is
    the decimal sign, and the other way round only where both stand and leave no doubt.
    """
    text = words.strip().rstrip(".!?,;")
    if not text or len(text) > 200:
        return None
    match = _digits_pattern().fullmatch(text)
    if match is not None:
        return _from_digits(match)
    return _from_words(re.split(r"[\s-]+", text.lower()))


def find(text: str) -> list[Span]:
    """Every number in ``text``, in order and apart; the value is the number in digits.

    Digits within a word, a date, a time, a version or an address are no number, nor is a per cent.
    """
    spans: list[Span] = []
    if _digit().search(text) is not None:
        spans.extend(Span(match.start(), match.end(), match[0], str(_from_digits(match))) for match in _digits_pattern().finditer(text))
    if not _WORDS.isdisjoint(_letters().findall(text.lower())):
        for match in _words_pattern().finditer(text):
            spans.extend(span for span in _numbers_in(match) if _is_quantity(text, span))
    return apart(spans)


def _is_quantity(text: str, span: Span) -> bool:
    """Whether number words count something; "one" alone often doesn't ("no one", "one of them")."""
    if _no_quantity_after().match(text, span.end) is not None:
        return False
    bare_one = span.words.lower() == "one"
    return not bare_one or (
        _no_quantity_before().search(text[max(0, span.start - 10) : span.start]) is None and _one_after().match(text, span.end) is None
    )


def _from_digits(match: re.Match[str]) -> int | float:
    digits = re.sub(r"['’\u00a0\u202f]", "", match["number"])
    if "," in digits and digits.rfind(".") < digits.rfind(","):
        whole, _, fraction = digits.rpartition(",")
        thousands = "." not in digits and len(fraction) == 3 and not whole.startswith("0")
        digits = whole.replace(",", "") + fraction if thousands else f"{whole.replace('.', '')}.{fraction}"
    number = _times(digits.replace(",", ""), _FACTORS.get(match["suffix"] or match["scale"] or "", 1))
    return -number if match["sign"] in {"-", "−"} else number


def _times(digits: str, factor: int) -> int | float:
    """``digits`` times ``factor``, reckoned in integers so that 2.3 million is not 2299999.9999999995."""
    whole, _, fraction = digits.partition(".")
    scaled, unit = int(whole + fraction) * factor, int("1" + "0" * len(fraction))
    return scaled // unit if not fraction or (factor > 1 and scaled % unit == 0) else scaled / unit


def _numbers_in(match: re.Match[str]) -> Iterator[Span]:
    """The longest numbers in a run of number words, from left to right."""
    words = [(found.start() + match.start(), found.end() + match.start(), found[0].lower()) for found in re.finditer(r"\w+", match[0])]
    first = 0
    while first < len(words):
        for last in range(len(words), first, -1):
            number = _from_words([word for _, _, word in words[first:last]])
            if number is not None:
                start, end = words[first][0], words[last - 1][1]
                yield Span(start, end, match.string[start:end], str(number))
                first = last
                break
        else:
            first += 1


def _from_words(words: list[str]) -> int | float | None:
    if not words or len(words) > _LONGEST:
        return None
    if words[0] in {"minus", "negative"}:
        number = _magnitude(words[1:])
        return None if number is None else -number
    return _magnitude(words)


def _magnitude(words: list[str]) -> int | float | None:
    """The number without its sign."""
    if "point" in words:
        return _decimal(words)
    if len(words) > 3 and words[-3:] == ["and", "a", "half"]:
        number = _whole(words[:-3])
        return None if number is None else number + 0.5
    if words[:1] == ["half"]:
        halved = _whole(words[1:]) if len(words) > 2 and words[1] in {"a", "an"} and words[2] != "couple" else None
        return None if halved is None else halved // 2
    year = _year(words)
    return _whole(words) if year is None else year


def _decimal(words: list[str]) -> float | None:
    """Digits after "point", one by one: "three point one four"."""
    at = words.index("point")
    whole, digits = _whole(words[:at]), [_UNITS.get(word, 10) for word in words[at + 1 :]]
    if whole is None or not digits or max(digits) > 9:
        return None
    return float(f"{whole}.{''.join(map(str, digits))}")


def _year(words: list[str]) -> int | None:
    """A century and two more digits: "nineteen ninety-five", "twenty twenty-four"."""
    if len(words) < 2:
        return None
    century = 20 if words[0] == "twenty" else _UNITS.get(words[0], 0)
    rest = _whole(words[1:]) if 10 <= century <= 20 else None
    return century * 100 + rest if rest is not None and 10 <= rest <= 99 and words[1] not in {"a", "an"} else None


def _whole(words: list[str]) -> int | None:
    """A whole number in words, or None where they are no well-formed one ("one two", "hundred and")."""
    total, current, smallest, previous = 0, 0, 10**15, ""
    for word in words:
        if word in {"a", "an", "and"}:
            joins = previous == "hundred" or previous in _SCALES if word == "and" else not previous
            if not joins:
                return None
            current = current if word == "and" else 1
        else:
            step = _step(word, current, previous)
            if step is None:
                return None
            current = step
            if word in _SCALES:
                if _SCALES[word] >= smallest:
                    return None
                smallest, total, current = _SCALES[word], total + step, 0
        previous = word
    return total + current if previous and previous not in {"a", "an", "and"} else None


def _step(word: str, current: int, previous: str) -> int | None:
    """``current`` after ``word``, or None where the word can't follow."""
    if word in _UNITS or word in _TENS:
        value = _UNITS[word] if word in _UNITS else _TENS[word]
        room = current % 100 == 0 or (0 < value < 10 and current % 10 == 0 and current % 100 >= 20)
        return current + value if room and (value or not previous) and previous not in {"a", "an", "dozen", "couple"} else None
    if word == "couple":
        return 2 if previous == "a" else None
    factor = 12 if word == "dozen" else _FACTORS.get(word, 0)
    fits = current and factor and (word in _SCALES or current < 100) and previous not in {"dozen", "couple"}
    return current * factor if fits else None
