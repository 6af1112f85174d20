"""Names of people: where one begins, how far it goes, and whether some words are one at all.

Script decides how much a name shows: with capitals the letters tell, without them a name is one
that the list ``given_names`` knows, or, where the words before it leave no doubt ("my name is"),
any word that isn't on the list ``common_words``.
"""

from __future__ import annotations

import re
import unicodedata
from enum import IntEnum
from functools import cache

from profilecli.language.lazy import Lazy
from profilecli.language.lexicon import lines, words
from profilecli.language.spans import Span

__all__ = ["Trust", "backward", "forward", "is_famous", "is_name_like", "without_title"]

_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0963\u0971-\u0dff\u0e31-\u0e4e\u200c\u200d"
_LETTER = rf"(?:[^\W\d_]|[{_MARKS}])"
_TOKEN = Lazy(rf"('t(?=\s)|{_LETTER}{{1,40}}(?:['-]{_LETTER}{{1,40}}){{0,9}})(\.(?=\s|$|\w|,))?")
_GAP = Lazy(r"[ ]{1,4}|(?<=\.)|·")
_TITLE = Lazy(
    r"(?:dr|mr|mrs|ms|miss|prof|professor|sir|madam|dame|lord|lady|captain|capt|rev|reverend|father|sister|uncle|aunt|auntie|king|queen|princess|prince|coach)\b\.?[ ]{1,3}|(?:(?:lt|col|sgt|cpl|maj|gen|cmdr|hon)\.[ ]{1,3}){1,2}",
    re.IGNORECASE,
)
_DROPPED_TITLE = Lazy(r"^(?:dr|mr|mrs|ms|miss|prof|professor)\b\.?[ ]{1,3}", re.IGNORECASE)
_FILLER = Lazy(r"(?:(?:uh|um|uhm|er|erm|hmm)\b[,. ]{1,4}){1,2}", re.IGNORECASE)
_SUFFIX = Lazy(r",?[ ]{1,2}ph\.?d\b\.?$", re.IGNORECASE)
_POSSESSIVE = Lazy(r"'s?(?=[\s,.]|$)| 's\b")

_PREFIXED = Lazy(r"(?:al|el|ad|as|ar|ul|d|l)['-](?=[A-Z])")
""" "al-Hadi", "d'Arc"."""

_ASKING = frozenset({"what", "who", "how", "where", "it", "that", "here"})
""" "My name is Monica what's yours": what may stand with "'s" behind a name, and owns nothing."""

_JOINERS = frozenset({"e", "y", "i", "und", "of", "o"})

_FOLLOWS_A_NAME = Lazy(
    r"\s{0,3}(?:$|[,.!?;:()\n\[/|&…—\"'-]|[^\w\s]|(?:and|from|but|here|with|at|in|by|again|the|a|an|i|i'm|im|speaking|calling|writing|btw|on|of|who|what|how|nice|just|your|my|so|or|as|"
    r"to|for|is|was|not|lol|haha|thanks|please|can|could|you|we|working|currently|trying|looking|now|aka|whats|hows|if|because|but|then|also|live|love|work|like|have|need|want|is|it|this|too|though|that's|don't|do|are|where|why|when|u|y|und|et|e)\b)",
    re.IGNORECASE,
)
_ENDS_A_NAME = Lazy(
    r"\s{0,3}(?:$|[^\w\s'-]|(?:and|from|but|or|btw|lol|i'm|im|i am|my|at|here|please|thanks|by the way|what|how|nice|not|aka|with)\b)",
    re.IGNORECASE,
)
_ADJECTIVAL = Lazy(r"(?:[a-z]{3}ed|ing|ful|less|ous|able|ible|ly|ish|ese|ward|wards|ated|ized|ised|ified|ness|ment|tion|ship|proof)$")

_VERBAL = Lazy(r"(?:ing|ful|less|ous|ly|ish|i[sz]ed|ness|ment|tion)$")
_SPELLED = Lazy(r"(?:[A-Za-z]-){2,20}[A-Za-z]")

_GOES_ON = Lazy(r"[/_]\w|-\d|\s(?:time|hours|standard|plan|tier)\b")
""" "Debian GNU/Linux", "CVE-2021-44531", "Berlin time"."""
_AND_MORE = Lazy(r"[\u0648\u05d5][^\W\d_]{3}|(?:\u0645\u0646|\u0641\u064a)$")
""" "and …" in Arabic and Hebrew, written as one word with what follows; "from", "in"."""
_AND_PARTNER = Lazy(r" & [A-Z]")
""" "Tallow & Finch"."""

LONGEST = 9
"""Parts of a name, particles counted."""


class Trust(IntEnum):
    """How much the words around already say that a name stands here.

    ``LITTLE`` ("I'm …"), ``MUCH`` ("my name is …"), ``FULL`` ("call me … from now on").
    """

    LITTLE = 0
    MUCH = 1
    FULL = 2


@cache
def _inner_particles() -> frozenset[str]:
    """Particles that are no words of their own; the others stand only between two capitalised parts of a name."""
    return words("name_particles") - _JOINERS


def _is_capital(token: str) -> bool:
    return token[0].isupper() or token[0].istitle() or _PREFIXED.match(token) is not None


def _has_no_case(token: str) -> bool:
    return token.lower() == token.upper()


def _known(token: str) -> bool:
    parts = _unaccented(token.lower()).split("-")
    return all(part in words("given_names") for part in parts)


def _unaccented(text: str) -> str:
    return text if text.isascii() else "".join(ch for ch in unicodedata.normalize("NFKD", text) if not unicodedata.combining(ch))


def _common(token: str) -> bool:
    lowered = token.lower()
    if "-" in lowered and token[0].islower() and any(part in words("common_words") for part in lowered.split("-")):
        return True
    return lowered in words("common_words") or lowered in words("common_world") or lowered.replace("'", "") in words("common_words")


def _stops(token: str) -> bool:
    return token.lower() in words("not_in_names")


def without_title(name: str) -> str:
    """The name without "Dr" or "Mrs" before it, as it is stored where more than a surname follows."""
    return _DROPPED_TITLE.sub("", name, count=1)


def forward(text: str, start: int, end: int, *, trust: Trust = Trust.LITTLE, shouted: bool = False) -> Span | None:
    """The name that begins at ``start``, within ``text[start:end]``; None if none does.

    ``words`` of the span is as written, ``value`` without quotation marks and a title that a
    fuller name makes needless. ``shouted`` says that capitals mean nothing in this text.
    """
    begin = start
    while begin < end and text[begin] in " \"'*_“(":
        begin += 1
    if filler := _FILLER.match(text, begin, end):
        begin = filler.end()
    title = _TITLE.match(text, begin, end)
    at = title.end() if title else begin
    parts: list[re.Match[str]] = []
    while len(parts) < LONGEST:
        match = _TOKEN.match(text, at, end)
        if match is not None and match.group(1).lower().endswith("'s") and (parts or _is_capital(match.group(1))):
            if not parts or match.group(1).lower()[:-2] not in _ASKING:
                return None
            break
        if match is None or not _continues(parts, match, trust, text, end, shouted=shouted, titled=title is not None):
            break
        if match.group(2) and not _is_initial(match):
            match = _TOKEN.match(text, at, match.end(1))
            assert match is not None
            parts.append(match)
            break
        parts.append(match)
        gap = _GAP.match(text, match.end(), end)
        if gap is None:
            break
        at = gap.end()
    parts = _without_loose_ends(parts)
    if not parts or (title and sum(part.group(1).lower() not in words("name_particles") for part in parts) > 3):
        return None
    return _checked(text, title.start() if title else begin, parts, end, trust=trust)


def _is_initial(match: re.Match[str]) -> bool:
    return bool(match.group(2)) and (len(match.group(1)) == 1 or match.group(1).lower() in {"st", "jr", "sr", "ph"})


def _without_loose_ends(parts: list[re.Match[str]]) -> list[re.Match[str]]:
    while (
        len(parts) > 1
        and parts[-1].group(1).lower() in words("name_particles")
        and not (_is_capital(parts[-1].group(1)) and parts[-1].group(1).lower() not in _JOINERS)
    ):
        parts = parts[:-1]
    return parts


def _continues(parts: list[re.Match[str]], match: re.Match[str], trust: Trust, text: str, end: int, *, shouted: bool, titled: bool) -> bool:
    token = match.group(1)
    if not parts:
        return (titled and _is_capital(token) and not _stops(token)) or _begins(match, trust, text, end, shouted=shouted)
    first = parts[0].group(1)
    inner = token.lower() in _inner_particles() and (_is_capital(first) or first.lower() in _inner_particles()) and not shouted
    if (
        _stops(token)
        and not inner
        and not (_is_capital(token) and token.lower() in {"will", "so", "do", "in", "an", "may"} and not shouted)
    ):
        return False
    if _has_no_case(token):
        return _has_no_case(first) and not _AND_MORE.match(token)
    if _is_capital(token) and not shouted:
        return not _has_no_case(first) and token.lower() not in words("never_names")
    if token.lower() in words("name_particles") and not (_known(token) and not _is_capital(first)):
        return _particle_fits(match, text, end, capitals=_is_capital(first) and not shouted)
    if _common(token):
        return False
    if _is_capital(first) and not shouted and _known(token) and len(parts) > 1:
        return False
    if len(token) == 1:
        return False
    # Lower case: a second name is one from the list, or the last word before something else begins.
    ends = bool(_ENDS_A_NAME.match(text, match.end(1), end))
    return _known(token) or (ends and (trust is not Trust.LITTLE or not _ADJECTIVAL.search(token.lower())))


def _particle_fits(match: re.Match[str], text: str, end: int, *, capitals: bool) -> bool:
    following = _TOKEN.match(text, match.end() + 1, end) if text[match.end() : match.end() + 1] in {" ", "-"} else None
    if following is None:
        return False
    token = following.group(1)
    if capitals:
        return _is_capital(token) or (token.lower() in _inner_particles() and match.group(1).lower() not in _JOINERS)
    return match.group(1).lower() not in _JOINERS and not _common(token) and not _stops(token)


def _begins(match: re.Match[str], trust: Trust, text: str, end: int, *, shouted: bool) -> bool:
    token = match.group(1)
    lowered = token.lower()
    if lowered in words("never_names") or len(token) > 40 or _is_compound(token):
        return False
    if _has_no_case(token):
        return len(token) <= 12
    if len(token) == 1:
        lone = trust is not Trust.LITTLE and bool(_ENDS_A_NAME.match(text, match.end(1), end))
        return (bool(match.group(2)) or lone) and (_is_capital(token) or lone) and not _stops(token)
    if lowered in {"i'm", "i've", "i'd", "i'll", "it's", "that's", "there's", "don't", "can't", "what's"}:
        return False
    if trust is Trust.FULL:
        return lowered not in {
            "a",
            "an",
            "the",
            "by",
            "my",
            "your",
            "that",
            "this",
            "it",
            "when",
            "if",
            "something",
            "anything",
            "whatever",
            "in",
            "at",
            "on",
            "for",
            "to",
            "back",
            "what",
            "as",
            "me",
            "you",
        }
    if lowered in _inner_particles() and _is_capital(token) and not shouted and not _known(token):
        return _particle_fits(match, text, end, capitals=True)
    if lowered in words("not_in_names") and not (_is_capital(token) and _known(token)):
        return False
    if _common(token) and not (trust is Trust.MUCH and _known(token)):
        return _is_capital(token) and not shouted and (trust is Trust.MUCH or _known(token)) and _before_a_surname(match, text, end)
    if _known(token):
        return True
    if _is_capital(token) and not shouted:
        return trust is not Trust.LITTLE or not _VERBAL.search(lowered)
    if lowered in words("name_particles") and not _common(token):
        return trust is not Trust.LITTLE and _particle_fits(match, text, end, capitals=False)
    return trust is not Trust.LITTLE and not _ADJECTIVAL.search(lowered)


def _is_compound(token: str) -> bool:
    """ "Italian-American", "Pre-Raphaelite": a hyphen beside an everyday word."""
    return "-" in token and not _known(token) and any(len(part) > 1 and part in words("common_words") for part in token.lower().split("-"))


def _before_a_surname(match: re.Match[str], text: str, end: int) -> bool:
    """A common word that is a given name here: "I'm Will Turner", "My name is Sunday Okafor"."""
    following = _TOKEN.match(text, match.end() + 1, end)
    return following is not None and _is_capital(following.group(1)) and not _common(following.group(1)) and not _stops(following.group(1))


def _checked(text: str, begin: int, parts: list[re.Match[str]], end: int, *, trust: Trust) -> Span | None:
    finish = parts[-1].end(1) if not _is_initial(parts[-1]) or len(parts[-1].group(1)) > 2 else parts[-1].end()
    if suffix := _SUFFIX.match(text, finish, end):
        finish = suffix.end() if "ph" not in suffix.group().lower() else finish
    after = text[finish:end]
    if suffix and re.match(r" [A-Z][\w-]{1,20}'s\b", after):
        return None
    if _POSSESSIVE.match(after) and text[begin - 1 : begin] != "'":
        return None
    first = parts[0].group(1)
    if _GOES_ON.match(after):
        return None
    if _AND_PARTNER.match(after) and trust is not Trust.FULL and not _known(first):
        return None
    if trust is Trust.LITTLE and not _plausible(parts, after):
        return None
    if parts[-1].group(1).lower().endswith("-ing"):
        return None
    if any(part.group(1).lower() in words("firm_words") for part in parts[1:]):
        return None
    value = " ".join(text[begin:finish].split())
    if _SPELLED.fullmatch(value):
        value = value.replace("-", "").title()
    if len(parts) > 1:
        value = without_title(value)
    if len(parts) == 1 and _has_no_case(first) and len(first) < 2 and not "\u4e00" <= first <= "\u9fff":
        return None
    return Span(begin, finish, text[begin:finish], value.strip(" \"'*_"))


def _plausible(parts: list[re.Match[str]], after: str) -> bool:
    """After a mere "I'm": a name from the list, or capitals that no adjective or acronym explains."""
    first = parts[0].group(1)
    if any(_known(part.group(1)) for part in parts[:2]) and _known(first):
        return not re.match(r"-\w", after)
    if first.isupper() and len(first) > 1:
        return False
    if any(_common(part.group(1)) for part in parts[1:]):
        return False
    return bool(_FOLLOWS_A_NAME.match(after)) and not re.match(r"\s{0,2}(?:of|certified|based|only|user|fan|nd)\b", after, re.IGNORECASE)


def backward(text: str, start: int, end: int, *, shouted: bool = False) -> Span | None:
    """The name that ends at ``end``, within ``text[start:end]``: for "Tracy here", "Ben is my name".

    Everything from the last mark or greeting on must belong to it.
    """
    window = text[max(start, end - 80) : end]
    offset = end - len(window)
    opening = re.compile(
        r"[^\w\s'\"*-]\s{0,3}|(?:-(?!\w)|(?<!\w)-|\n)\s{0,3}|\b(?:hi|hey|hello|yes|yep|no|it's|its|this is|ok|okay|oh|well|yo|just|or|but|please|under|morning|evening|afternoon|there|everyone|all|again|hallo|hola|name)\s{1,3}",
        re.IGNORECASE,
    )
    begin = 0
    for match in opening.finditer(window):
        if match.end() < len(window.rstrip()):
            begin = match.end()
    span = forward(text, offset + begin, end, trust=Trust.LITTLE, shouted=shouted)
    if span is None:
        # A list name or capitals, as after "I'm"; what stands behind it belongs to the pattern.
        return None
    return span if text[span.end : end].strip(" ,") == "" else None


def is_famous(value: str) -> bool:
    """Whether everybody knows who is called this, so that "I'm …" is a joke or a comparison."""
    return _unaccented(value.lower()) in lines("famous_people")


def is_name_like(value: str) -> bool:
    """Whether a whole text could be a person's name: one to seven words, none of them a mere common word."""
    span = forward(value, 0, len(value), trust=Trust.MUCH)
    return span is not None and span.end >= len(value.rstrip(" .\"'!"))
