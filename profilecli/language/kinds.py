"""What a field of a schema is about: one of the kinds of facts that there are recognisers for, or its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from profilecli.language.lazy import Lazy
from profilecli.schema.fields import Field

__all__ = ["kind_of", "phrases"]

_NAMES: Mapping[str, frozenset[str]] = {
    "name": frozenset(
        {"name", "full name", "fullname", "user name full", "real name", "legal name", "first name", "given name", "person name"}
    ),
    "preferred_name": frozenset(
        {
            "preferred name",
            "nickname",
            "nick",
            "display name",
            "preferred first name",
            "goes by",
            "call name",
            "short name",
            "name preferred",
        }
    ),
    "company": frozenset(
        {
            "company",
            "company name",
            "employer",
            "organisation",
            "organization",
            "org",
            "workplace",
            "firm",
            "business",
            "current company",
            "current employer",
        }
    ),
    "role": frozenset(
        {"role", "job", "job title", "title", "occupation", "profession", "position", "job role", "current role", "work role"}
    ),
    "plan": frozenset(
        {
            "plan",
            "plan tier",
            "tier",
            "subscription",
            "subscription tier",
            "subscription plan",
            "account tier",
            "account type",
            "plan name",
            "plan type",
            "pricing plan",
            "subscription level",
        }
    ),
    "timezone": frozenset({"timezone", "time zone", "tz", "zone", "time_zone"}),
    "location": frozenset(
        {
            "location",
            "city",
            "home city",
            "residence",
            "place of residence",
            "where they live",
            "lives in",
            "home",
            "hometown",
            "country",
            "based in",
            "current location",
            "home town",
            "place",
            "region",
        }
    ),
    "age": frozenset({"age", "age years", "age in years", "years old", "current age"}),
    "birthday": frozenset({"birthday", "birth date", "birthdate", "date of birth", "dob", "born", "born on", "day of birth"}),
    "email": frozenset({"email", "e mail", "email address", "mail", "e mail address", "contact email", "work email"}),
    "phone": frozenset(
        {"phone", "phone number", "telephone", "mobile", "mobile number", "cell", "cell phone", "contact number", "telephone number"}
    ),
    "pronouns": frozenset({"pronouns", "pronoun", "preferred pronouns"}),
    "language": frozenset(
        {
            "language",
            "languages",
            "preferred language",
            "native language",
            "mother tongue",
            "spoken languages",
            "languages spoken",
            "spoken language",
            "first language",
            "human languages",
        }
    ),
    "programming_language": frozenset(
        {
            "programming languages",
            "programming language",
            "coding languages",
            "coding language",
            "computer languages",
            "code in",
            "program in",
        }
    ),
    "expertise": frozenset(
        {
            "expertise",
            "expertise level",
            "skill level",
            "technical level",
            "experience level",
            "technical expertise",
            "skills",
            "skill",
            "proficiency",
            "tech level",
        }
    ),
}
_ALSO = {"children": "kids", "operating system": "os", "email": "e-mail"}
"""Words for the same thing."""
_SPACES = Lazy(r"[\s_-]+")


def _words(text: str) -> str:
    return _SPACES.sub(" ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)).strip().casefold()


@lru_cache(maxsize=256)
def _kind(name: str, aliases: tuple[str, ...], is_date: bool) -> str:
    for words in (name, *aliases):
        for kind, known in _NAMES.items():
            if _words(words) in known:
                return kind
    return "birthday" if is_date and "birth" in name else ""


def kind_of(field: Field) -> str:
    """The kind of fact that a field holds, by its name and aliases; empty where it is a kind of its own."""
    return _kind(field.name, field.aliases, field.type is date)


@lru_cache(maxsize=256)
def _phrases(name: str, aliases: tuple[str, ...], kind: str) -> tuple[str, ...]:
    own = [_words(name), *map(_words, aliases)]
    spelled = [
        variant for phrase in own for variant in (phrase, phrase.replace("favourite", "favorite"), phrase.replace("favorite", "favourite"))
    ]
    spelled += [phrase.replace(word, other) for phrase in spelled for word, other in _ALSO.items() if word in phrase]
    known = sorted(_NAMES.get(kind, ()), key=len, reverse=True)
    return tuple(dict.fromkeys(phrase for phrase in (*spelled, *known) if phrase))


def phrases(field: Field) -> tuple[str, ...]:
    """The words by which a person may call a field: its name, its aliases, and what its kind is called."""
    return _phrases(field.name, field.aliases, kind_of(field))
