"""Whether a clause is about a field, where it states a value in words that no pattern reads.

A clause that holds a company's name and speaks of work need not say that the user works there ("our
team uses Slack"). So a value has to stand at a place where its kind of fact is stated: right behind
"been at", right before "hired me". The places are data: ``about.toml``. A field of a schema's own
has no places; its clause needs a word of the field's, or one that means as much.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from profilecli.language import contacts, languages, names, numbers, organisations, patterns, places, pronouns, roles, timezones
from profilecli.language.kinds import kind_of, phrases
from profilecli.language.lazy import Lazy
from profilecli.language.lexicon import words
from profilecli.language.spans import Span
from profilecli.language.text import fold, words_of
from profilecli.schema.fields import Field

__all__ = ["agrees", "could_be", "is_everyday", "is_own", "is_undone", "names_a_field", "speaks_of", "stands_for"]

_NEAR = 80
"""Characters before a value in which the words are looked for that lead to it."""

_PLACE_NAME = Lazy(r"[^\W\d_]{2,30}(?:[ ,-]{1,2}[^\W\d_]{1,30}){0,5}")
_SENTENCE = Lazy(r"\b(?:am|is|are|was|were)\b", re.IGNORECASE)
_BROKEN = Lazy(r"(?:^|\s)['\"(\[][^'\")\]]*$|^[^'\"(\[]*['\")\]](?:\s|$)")
"""Half of a quotation or of a bracket."""

_SAY_LITTLE = frozenset(
    "a an and any are at be best by day do does for from has have how in is it its kind level like likes list most next number of on or preferred prefers the their them they this to type use used user users user's uses usual usually what when where whether which who with".split()  # noqa: SIM905 -- a list of quoted words is harder to read
)
"""Words of names and descriptions of fields that tell nothing about what the field is for."""

_SHORTEST_STEM = 4
"""Letters that two words have to share to be forms of one."""

_FINDERS: Mapping[str, Callable[[str], Sequence[Span]]] = {
    "email": contacts.emails,
    "phone": contacts.phones,
    "pronouns": pronouns.find,
    "language": languages.find,
}


def names_a_field(value: str, fields: Iterable[Field]) -> bool:
    """Whether a value is only what a field, or a choice of one, is called: "my role", copied as a role."""
    said = words_of(value)
    return any(
        " ".join(said) in phrases(field)
        or fold(value) in {fold(field.description), *map(fold, field.choices)}
        or (is_own(kind_of(field)) and bool(said) and all(any(_alike(word, own) for own in _called(field)) for word in said))
        for field in fields
    )


def is_own(kind: str) -> bool:
    """Whether a kind is one that a schema has of its own, for which no places are known."""
    return kind not in _places() and kind not in _data()["words"]


def is_undone(before: str) -> bool:
    """Whether what leads to a value says that it did not come to it, or is over."""
    return bool(_pattern(_data()["undone"]).search(before))


def could_be(kind: str, value: str, said: str) -> bool:
    """Whether a value could be of its kind, in doubt not; ``said`` are the message's words for it."""
    first = said.split(maxsplit=1)[0].lower() if said.split() else ""
    capital = said[:1].isupper() or said[:1].lower() == said[:1].upper()
    if kind in {"name", "preferred_name"}:
        return names.is_name_like(value) and not names.is_famous(value) and (capital or first in words("given_names"))
    if kind == "company":
        ordinary = first in words("common_words") or fold(value) in words("products")
        return capital and organisations.is_organisation_like(value) and not ordinary
    if kind == "role":
        return roles.is_role(value) or roles.is_role_like(value)
    if kind == "timezone":
        return timezones.zone_of(value) is not None
    if kind == "location":
        return places.place_of(value) is not None or (capital and bool(_PLACE_NAME.fullmatch(said)) and first not in words("common_words"))
    if kind == "age":
        number = numbers.number_of(value)
        return isinstance(number, int) and 0 < number <= 120
    if kind == "expertise":
        return bool(_pattern(_data()["level"]).search(said)) or not first.islower() or first not in words("common_words")
    if kind == "plan":
        return capital or first in words("plan_words")
    if is_own(kind) and (_BROKEN.search(said) or _SENTENCE.search(said)):
        return False
    find = _FINDERS.get(kind)
    return find is None or any(fold(said) in fold(span.words) for span in find(f"I speak {said}"))


def agrees(field: Field, said: str, read: str) -> bool:
    """Whether words can be meant, where a pattern ``read`` others there: a fuller name, or a phrase without its end."""
    if is_own(kind_of(field)) and field.type is str and not field.choices:
        return words_of(read)[: len(words_of(said))] == words_of(said)
    extra = set(words_of(said)) - set(words_of(read))
    if not extra or not set(words_of(read)) <= set(words_of(said)) or extra & (words("common_words") | words("common_world")):
        return False
    small = {word for word in said.split() if word.islower() and fold(word) in extra}
    return kind_of(field) not in {"name", "preferred_name"} or small <= words("name_particles")


def is_everyday(value: str) -> bool:
    """Whether a value begins or ends in an everyday word, as what somebody picks at random does."""
    said = [word.partition("'")[0] for word in words_of(value)]
    return not said or said[0] in words("common_words") or said[-1] in words("common_words")


def stands_for(field: Field, before: str, said: str, after: str) -> bool | None:
    """Whether words stand where their clause states the field; None for a field of the schema's own, which has no places.

    ``before`` and ``after`` are the rest of the sentence.
    """
    kind = kind_of(field)
    clause = f"{before}{said}{after}"
    needed = _needed(kind)
    if needed is not None:
        return bool(needed.search(clause))
    if kind not in _places():
        return None
    if kind == "timezone" and timezones.find(said, cities=False):
        licence = patterns.licence("timezone")
        return licence is None or bool(licence.search(before + after))
    if kind == "company" and places.place_of(said) is not None and re.search(r"\b(?:na|no|nella|dans|在)\s*$", before, re.IGNORECASE):
        return False
    if kind == "role" and not roles.is_role(said):
        return bool(_led("role").search(before[-_NEAR:])) and bool(patterns.licence_of("job").search(before))
    if kind == "age" and re.match(r"\s?[%$€£°]|\s(?!years?[ -]old)(?!and\b|but\b|now\b|so\b|today\b|this\b|already\b|years old)\w", after):
        return bool(_followed("age").match(after))
    return _stands(kind, before[-_NEAR:], after[:_NEAR])


def speaks_of(field: Field, before: str, after: str) -> bool:
    """Whether the rest of a sentence has a word of the field's, or treats the value as one of the field's choices."""
    rest = words_of(before[-2 * _NEAR :]) + words_of(after[: 2 * _NEAR])
    stems = _stems(field)
    if any(_alike(word, stem) for word in rest for stem in stems):
        return True
    related = _related(field)
    if related is not None and related.search(f"{before[-2 * _NEAR :]} ; {after[: 2 * _NEAR]}"):
        return True
    if not field.choices:
        return False
    habit = _data()["choice"]
    return bool(_pattern(rf"(?:{habit['before']})\s{{1,3}}$").search(before[-_NEAR:]) and _pattern(habit["after"]).match(after))


# ---- the data


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("about.toml").read_text("utf-8"))


def _places() -> set[str]:
    return _data().keys() - {"words", "akin", "choice", "level", "undone"}


@cache
def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(source, re.IGNORECASE)


def _led(kind: str) -> re.Pattern[str]:
    """What stands right before a value of the kind; scripts without spaces need none between."""
    return _pattern(_ending(_data()[kind].get("before", ())))


def _ending(sources: Any) -> str:
    return rf"(?:{'|'.join(sources)})\s{{0,3}}$" if sources else r"(?!)"


def _followed(kind: str) -> re.Pattern[str]:
    return _pattern("|".join(_data()[kind].get("after", ())) or r"(?!)")


def _stands(kind: str, before: str, after: str) -> bool:
    if _led(kind).search(before) or _followed(kind).match(after):
        return True
    return any(
        _pattern(_ending([left])).search(before) and _pattern(right).match(after) for left, right in _data()[kind].get("between", ())
    )


def _needed(kind: str) -> re.Pattern[str] | None:
    source = _data()["words"].get(kind)
    return None if source is None else _pattern(source)


# ---- the words of a field


@lru_cache(maxsize=256)
def _own_words(name: str, aliases: tuple[str, ...], description: str) -> frozenset[str]:
    told = description.partition(":")[0].partition("(")[0]
    said = words_of(" ".join([name.replace("_", " "), *aliases, told]).replace("-", " "))
    return frozenset(word for word in said if word not in _SAY_LITTLE and len(word) > 1)


def _called(field: Field) -> frozenset[str]:
    """The words of a field's name and aliases."""
    return frozenset(words_of(" ".join([field.name, *field.aliases]).replace("_", " ")))


def _stems(field: Field) -> frozenset[str]:
    return _own_words(field.name, field.aliases, field.description)


def _alike(word: str, stem: str) -> bool:
    """Whether two words are forms of one: "editing" and "editor", "codes" and "code"."""
    if word == stem:
        return True
    shortest = min(len(word), len(stem))
    if shortest < _SHORTEST_STEM or abs(len(word) - len(stem)) > 5:
        return False
    common = max(_SHORTEST_STEM, shortest - 2)
    return word[:common] == stem[:common]


def _related(field: Field) -> re.Pattern[str] | None:
    found = [source for stem, source in _data()["akin"].items() if any(word.startswith(stem) for word in _stems(field))]
    return _pattern(rf"\b(?:{'|'.join(found)})\b") if found else None
