"""Which of the claims read from a message hold up: against what the profile holds, against the form of a value, against whom the mail is to.

The patterns and the weights read what is near; these look at the whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from profilecli.language import still_so
from profilecli.language.claims import Claim
from profilecli.language.clauses import Objection, Reading
from profilecli.language.kinds import kind_of
from profilecli.language.lexicon import words
from profilecli.language.patterns import whole
from profilecli.language.replacements import RANK
from profilecli.language.text import words_of
from profilecli.schema.fields import Field

__all__ = ["says_less", "sound"]

_ILL_FORMED = {"role": "no_role", "company": "no_firm", "name": "no_name", "preferred_name": "no_name"}
"""The expressions of values that are none, by kind."""
_OF_PEOPLE = frozenset({"name", "preferred_name", "company", "role"})


def sound(found: Sequence[Claim], reading: Reading, fields: Sequence[Field], values: Mapping[str, Any]) -> list[Claim]:
    """The claims without those whose values are none, and with an objection where the whole speaks against one."""
    if not found:
        return []
    known = {field.name: field for field in fields}
    kinds = {field.name: kind_of(field) for field in fields}
    mail = _mail_to(reading, values, kinds)
    kept = []
    for claim in found:
        kind = kinds.get(claim.field, "")
        form = _ILL_FORMED.get(kind)
        if claim.objection is not None:
            kept.append(claim)
        elif claim.action == "unset":
            objection = still_so.objection(claim, known[claim.field], reading, values.get(claim.field))
            kept.append(claim if objection is None else replace(claim, objection=objection))
        elif not (form and whole(form).match(str(claim.value))) and not (kind == "company" and _is_a_trade(str(claim.value))):
            objection = Objection.NEGATED if _is_taken_back(claim, found, values.get(claim.field)) else None
            objection = objection or _objection(claim, kind, reading, values.get(claim.field), mail)
            kept.append(claim if objection is None else replace(claim, objection=objection))
    return kept


def _is_a_trade(value: str) -> bool:
    """ "We're roofers", "we're painters and decorators"."""
    return value.islower() and all(word == "and" or (word.endswith("s") and word[:-1] in words("role_heads")) for word in words_of(value))


def _is_taken_back(claim: Claim, found: Sequence[Claim], held: Any) -> bool:
    """ "I stopped being a nurse": what is held, and stands in the words that take it back."""
    if not isinstance(held, str) or not set(words_of(str(claim.value))) <= set(words_of(held)):
        return False
    return any(
        other.field == claim.field and other.action == "unset" and other.objection is None and other.start <= claim.value_start < other.end
        for other in found
    )


def _objection(claim: Claim, kind: str, reading: Reading, held: Any, mail: int | None) -> Objection | None:
    if mail is not None and claim.value_start >= mail:
        return Objection.FORWARDED
    if claim.rank < RANK and _is_known(claim, kind, reading, held):
        return Objection.KNOWN
    if kind == "timezone" and _is_anothers_time(claim, reading):
        return Objection.THIRD_PERSON
    if _is_in_a_text(claim, reading):
        return Objection.INSTRUCTION
    if kind == "preferred_name" and whole("used_to").search(reading.masked, *reading.sentence(claim.value_start)):
        return Objection.PAST
    if kind in _OF_PEOPLE and _is_of_somebody_named(claim, reading):
        return Objection.THIRD_PERSON
    if (objection := _by_what_leads_there(claim, kind, reading)) is not None:
        return objection
    if (kind == "role" and _is_of_the_moment(claim, reading)) or (kind == "company" and _is_where_one_is(claim, reading)):
        return Objection.DOUBTFUL
    if kind == "plan" and claim.rank < RANK and _is_anothers_plan(claim, reading):
        return Objection.THIRD_PERSON
    return None


def _is_of_somebody_named(claim: Claim, reading: Reading) -> bool:
    """ "Felix from Bosch says hi", "Tom, my brother, is coming", "Jan (designer) is on leave"."""
    start, finish = reading.sentence(claim.value_start)
    match = None if reading.shouts else whole("somebody").match(reading.masked, start, finish)
    return match is not None and claim.value_start < match.end()


def _by_what_leads_there(claim: Claim, kind: str, reading: Reading) -> Objection | None:
    """ "My boyfriend's a paramedic", "I'm barely a writer", "if I change my time zone to Reno", "can I call you Liz", "I'm meeting a recruiter"."""
    before = reading.masked[reading.sentence(claim.value_start)[0] : claim.value_start]
    if kind in _OF_PEOPLE and whole("of_kin").search(before):
        return Objection.THIRD_PERSON
    if kind in {"role", "expertise"} and whole("hardly").search(before):
        return Objection.NEGATED
    if whole("supposed").search(before):
        return Objection.HYPOTHETICAL
    if (kind in {"name", "preferred_name"} and whole("names_another").search(before)) or (kind == "role" and whole("met").search(before)):
        return Objection.THIRD_PERSON
    return None


def _is_anothers_time(claim: Claim, reading: Reading) -> bool:
    """ "They're on London time", "my mum's on Sydney time", "I moved the demo to 9am PST"."""
    start, finish = reading.sentence(claim.value_start)
    before = reading.masked[start : claim.value_start]
    return whole("on_anothers").search(before) is not None or (
        whole("at_a_time").search(before) is not None and whole("my_time").search(reading.masked, start, finish) is None
    )


def _is_in_a_text(claim: Claim, reading: Reading) -> bool:
    """ "Change Alice to Bob in line 3", "replace Acme with Zeta in the slide", "a business card for Ahmed Saleh, realtor"."""
    start, finish = reading.sentence(claim.value_start)
    if whole("in_a_text").match(reading.masked, claim.value_end, finish) or whole("to_a_text").search(
        reading.masked[start : claim.value_start]
    ):
        return True
    if whole("edits_a_text").match(reading.masked, start, finish):
        return True
    match = whole("for_somebody").match(reading.masked, start, finish)
    return match is not None and "that's me" not in reading.lowered and claim.value_start >= match.start("whom")


def _is_of_the_moment(claim: Claim, reading: Reading) -> bool:
    """ "I'm the driver tonight", "the captain of our volleyball team", "maid of honor"."""
    start, finish = reading.sentence(claim.value_start)
    if whole("hailed").match(reading.masked[start : claim.value_start]) and not reading.masked[claim.value_end : finish].strip(" .!?,\n"):
        return True
    return (
        whole("played").match(str(claim.value)) is not None or whole("tonight").match(reading.masked, claim.value_end, finish) is not None
    )


def _is_where_one_is(claim: Claim, reading: Reading) -> bool:
    """ "I'm at the Google office for a meetup", "I'm with Telekom, and the internet is down", "I'm with Lisa and Tom"."""
    start, finish = reading.sentence(claim.value_start)
    said = words_of(str(claim.value))
    if "and" in said and all(word in words("given_names") for word in said if word != "and"):
        return True
    before, after = reading.masked[start : claim.value_start], reading.masked[claim.value_end : finish]
    own, working = whole("owned").search(before), whole("worked_at").search(before)
    if whole("visited").search(before) or (own and (whole("a_thing").match(after) or words("products").intersection(said[:1]))):
        return True
    if working and (working.group("about") or whole("must_be").match(after)):
        return True
    return whole("on_site").match(after) is not None or (
        whole("with").search(before) is not None and (whole("served").search(before) or whole("served").search(after)) is not None
    )


def _is_anothers_plan(claim: Claim, reading: Reading) -> bool:
    """ "The free tier of AWS", "iPhone 16 Pro", "our customers on the free plan"."""
    start, finish = reading.sentence(claim.value_start)
    before, after = reading.masked[start : claim.value_start], reading.masked[claim.value_end : finish]
    return (
        whole("of_a_product").match(after) is not None
        or (whole("an_enterprise").search(before) is not None and whole("plan_behind").match(after) is None)
        or whole("product").search(before) is not None
        or whole("of_customers").search(before) is not None
    )


def says_less(value: str, held: Any) -> bool:
    """Whether a value is only a part of the held one, "Alice" of "Alice Chen", or the same without its capitals."""
    if not isinstance(held, str) or value == held:
        return False
    said, known = words_of(value), words_of(held)
    return bool(said) and ((len(said) < len(known) and set(said) <= set(known)) or (said == known and value.islower()))


def _is_known(claim: Claim, kind: str, reading: Reading, held: Any) -> bool:
    if kind not in {"name", "company", "role"} or not says_less(str(claim.value), held):
        return False
    start, finish = reading.sentence(claim.value_start)
    return whole("changed").search(reading.masked, start, finish) is None


def _mail_to(reading: Reading, values: Mapping[str, Any], kinds: Mapping[str, str]) -> int | None:
    """From where on the message is a mail that greets the user by the name that the profile holds; None where none does."""
    called = {word for name, kind in kinds.items() if kind in {"name", "preferred_name"} for word in words_of(str(values.get(name) or ""))}
    for match in whole("greeting").finditer(reading.masked) if called else ():
        to = words_of(match.group("to"))
        if to and set(to) <= called:
            return match.end()
    return None
