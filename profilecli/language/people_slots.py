"""The slots that read names of people, by how much the words before them already say."""

from __future__ import annotations

from profilecli.language import names, places, roles
from profilecli.language.lazy import Lazy
from profilecli.language.lexicon import lines, words
from profilecli.language.names import Trust
from profilecli.language.slot_place import Place, Reader
from profilecli.language.spans import Span

__all__ = ["READERS", "names_something_else"]

_NATIONS = frozenset(
    [
        "German",
        "Bavarian",
        "Scottish",
        "Welsh",
        "Basque",
        "Catalan",
        "Breton",
        "Prussian",
        "Persian",
        "Sicilian",
        "Corsican",
        "Sardinian",
        "Tuscan",
        "Cornish",
    ]
)
""" "I'm German": those that are, or could be, somebody's name as well."""
_DERIVED = Lazy(r"(?:.i[sz]e|tion|sion|ure|ness|ment|able|ible|ally|ify|[^n]ance|ence|[bdlrs]ity|[a-z]{3}ed|[a-z]{3}ing)$")
"""Endings of verbs and nouns that a sentence begins with as often as with an unknown name: "Failure here"."""
_CAMEL = Lazy(r"[a-z][A-Z]|[A-Z]{2}[a-z]")
_CAMEL_NAME = Lazy(r"(?:Mc|Mac|Fitz|De|Di|La|Le|Du|Van|Von|Da|O')[A-Z]")
_CAPITAL = Lazy(r" {0,3}((?-i:[A-Z])[a-z]{2,14})(?=$|[.,!;)])")
_NICKNAMED = Lazy(r"([^\W\d_][\w'-]{1,20}) [\"'(][^\W\d_][\w -]{1,16}[\"')] ([^\W\d_][\w'-]{1,20})(?=$|[\s.,!?;)])")


def _name(trust: Trust) -> Reader:
    def read(at: Place) -> Span | None:
        span = names.forward(at.text, at.start, at.end, trust=trust, shouted=at.reading.shouts)
        return None if span is not None and trust is Trust.LITTLE and names_something_else(at.text, span) else span

    return read


def names_something_else(text: str, span: Span) -> bool:
    """ "I'm Switzerland", "I'm Netflix and chilling", "I'm Deputy Head of Legal", "I'm Batman": a place, a firm, a title or a hero, not one's name."""
    value = span.value
    if names.is_famous(value) or value in _NATIONS:
        return True
    if value.split()[0].lower() in words("given_names"):
        return False
    if _DERIVED.search(value.split()[0]) or (_CAMEL.search(value.split()[0]) and not _CAMEL_NAME.match(value)):
        return True
    if " " in value and (role := roles.forward(text, span.start, span.end)) is not None and role.start == span.start:
        return True
    if " " in value and value.split()[-1].lower().rstrip(".") in words("organisation_words"):
        return True
    return value.lower() in lines("famous_organisations") or places.place_of(value) is not None


def _sure_name(at: Place) -> Span | None:
    """A name whose first part is on the list, where a thing or a day stands as often ("It's …, but")."""
    span = names.forward(at.text, at.start, at.end, trust=Trust.LITTLE, shouted=at.reading.shouts)
    known = span is not None and span.value.split()[0].lower() in words("given_names")
    return span if known and span is not None and not names_something_else(at.text, span) else None


def _sure_nick(at: Place) -> Span | None:
    """A name from the list that is not as well the name of a program ("I prefer Ruby")."""
    span = _sure_name(at)
    return None if span is None or span.value.lower() in lines("programming_languages") | words("products") else span


def _nicknamed(at: Place) -> Span | None:
    """A name with what one is called in the middle, without that: ``Josephine "Jo" Marsden``."""
    match = _NICKNAMED.match(at.text, at.start, at.end)
    if match is None or not match.group(1)[:1].isupper() or not match.group(2)[:1].isupper():
        return None
    return Span(match.start(), match.end(), match.group(), f"{match.group(1)} {match.group(2)}")


def _full_name(at: Place) -> Span | None:
    """A name of two parts or more."""
    span = names.forward(at.text, at.start, at.end, trust=Trust.MUCH, shouted=at.reading.shouts)
    return span if span is not None and " " in span.value else None


def _nick(at: Place) -> Span | None:
    """After "call me": not "call me Sherlock, I found it", which is a boast."""
    span = names.forward(at.text, at.start, at.end, trust=Trust.MUCH, shouted=at.reading.shouts)
    if span is None and not at.reading.shouts and (word := _CAPITAL.match(at.text, at.start, at.end)):
        return _common_nick(at, word.group(1))
    return None if span is None or names.is_famous(span.value) else span


def _common_nick(at: Place, word: str) -> Span | None:
    """An everyday word with a capital that it would not have otherwise: "my friends call me Bear"."""
    span = names.forward(at.text, at.start, at.end, trust=Trust.FULL)
    unlikely = word.lower() in words("not_organisations") | words("never_names") | words("not_in_names")
    return None if span is None or span.value != word or unlikely or names.is_famous(word) else span


def _nick_short(at: Place) -> Span | None:
    span = names.forward(at.text, at.start, at.end, trust=Trust.MUCH, shouted=at.reading.shouts)
    return (
        span
        if span is not None and " " not in span.value and (span.value[:1].isupper() or span.value.lower() in words("given_names"))
        else None
    )


READERS: dict[str, Reader] = {
    "name": _name(Trust.MUCH),
    "any_name": _name(Trust.FULL),
    "full_name": _full_name,
    "sure_name": _sure_name,
    "sure_nick": _sure_nick,
    "nicknamed": _nicknamed,
    "maybe_name": _name(Trust.LITTLE),
    "nick": _nick,
    "nick_any": _name(Trust.FULL),
    "nick_full": _name(Trust.FULL),
    "maybe_nick": _name(Trust.LITTLE),
    "nick_short": _nick_short,
}
"""The readers by the names of their slots."""
