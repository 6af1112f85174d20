"""Which of the claims read from a message hold up: against what the profile holds, against the form of a value, against whom the mail is to.

The patterns and the weights read what is near; these look at the whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from profilecli.language import still_so
from profilecli.language.claims import Claim
from profilecli.language.clauses import Objection, Reading
from profilecli.language.kinds import kind_of
from profilecli.language.lazy import Lazy
from profilecli.language.lexicon import words
from profilecli.language.replacements import RANK
from profilecli.language.text import words_of
from profilecli.schema.fields import Field

__all__ = ["says_less", "sound"]

_GREETING = Lazy(
    r"(?:^|\n)[ >]*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|hallo|liebe|bonjour|hola|ciao)[ ]+(?P<to>[^\W\d_][\w' -]{0,30}?)[ ]?[,!.:]?[ ]*\n",
    re.IGNORECASE,
)
_NO_ROLE = Lazy(
    r"(?:no longer|not|never|mein|meine|mon|j'étais|reading|watching|playing|wrong|(?:an? )?(?:joke|nightmare|mess|disaster|blessing|pain|grind|dream|lot)|mostly|basically|less|more|dont|don't)\b",
    re.IGNORECASE,
)
_NO_FIRM = Lazy(
    r"(?:it's|its|it is)\s+(?:\d|\w+day\b)|(?:null|none|n/a|nil|page \d|pages?)\b|(?:soy|sono|sou|ich bin|je suis|j'étais|mein|saí|trabajo)\s|(?-i:[a-z]+ing (?=[A-Z]))|(?:closing|hiring|growing|moving|doing|going|looking|suing|buying|selling)\b",
    re.IGNORECASE,
)
_NO_NAME = Lazy(r"(?:it's|its|soy|sono|sou|ich|je|mein|meine|but|and|or|not|no|the)(?:\s|$)", re.IGNORECASE)
_ILL_FORMED = {"role": _NO_ROLE, "company": _NO_FIRM, "name": _NO_NAME, "preferred_name": _NO_NAME}
_OF_A_PRODUCT = Lazy(r" ?(?:plan|tier|version|edition|trial|subscription|licen[cs]e|account)?s? of (?-i:[A-Z])\w", re.IGNORECASE)
_PRODUCT = Lazy(
    r"(?<=\w )(?-i:[A-Z])[\w.]{2,20} $|\b\d{1,4} $|\b(?:downgraded|upgraded|switched|moved) (?-i:[A-Z])\w+ (?:from \w+ )?to (?:the )?$",
    re.IGNORECASE,
)
_OF_CUSTOMERS = Lazy(
    r"\b(?:our|my|the|their|some|many|most) (?:customers?|users?|clients?|competitors?|rivals?)\b[^.!?,;]{0,24}$", re.IGNORECASE
)
_OF_PEOPLE = frozenset({"name", "preferred_name", "company", "role"})
_SOMEBODY = Lazy(
    r"\W*(?:(?:so|and|but|well|today|yesterday|then|also),? )?(?-i:[A-Z])[\w'.-]{1,20}(?: (?-i:[A-Z])[\w'.-]{1,20}){0,2}"
    r"(?: (?:from|at|of|in) [^,.!?;():]{2,30}?| \([^)]{2,30}\)|, (?:my|our|his|her|the|an?) [^,.!?;]{2,30},)"
    r" (?:just |also |already )?(?:says|said|sends|sent|calls|called|is|was|has|had|wants|wanted|wrote|writes|asked|asks|told|tells|will|can|needs|needed|works|thinks|thought|left|came|comes|got|gave|knows|likes|loves|hates|does|did|opens|opened|owes|laughed|failed)\b"
    r"(?! (?:my (?:\w+ )?name|speaking|here|calling|writing|asking|who i|what i|me\b(?! an?\b| the\b)))",
    re.IGNORECASE,
)
_PLAYED = Lazy(r"(?:designated driver|maid of honou?r|best man|bridesmaid|groomsman|author of (?:the|this))\b", re.IGNORECASE)
_TONIGHT = Lazy(
    r" (?:tonight|today|this (?:evening|week|weekend|month)|at home|for (?:tonight|my kids|the (?:night|evening|party|kids))|of (?:this mess|an? \d{4}\b)"
    r"|of (?:our|my|the|an?|this)(?: [\w-]{1,16}){0,2} (?:team|club|group|choir|band|league|party|wedding|family|facebook group)\b)",
    re.IGNORECASE,
)
_ON_SITE = Lazy(
    r"(?:'s)? (?:office|store|shop|airport|station|conference|event|meetup|website|site|app|queue|concert|stadium) (?:for|to|in|at|waiting|trying|now|right)\b|,? trying to\b",
    re.IGNORECASE,
)
_WITH = Lazy(r"\b(?:with|joined|join|switched to|changed to|at) (?:the )?$", re.IGNORECASE)
_SERVED = Lazy(
    r"\b(?:internet|wifi|wi-fi|broadband|my (?:line|connection|bill|flight|contract)|banks?|insurance|carrier|provider|network|membership|party|gym|church|reservation|booking)\b",
    re.IGNORECASE,
)
_CHANGED = Lazy(
    r"\b(?:now|promot\w+|demot\w+|became|become|any ?more|no longer|just|only|as of|since|new|actually|instead|plain|mere)\b", re.IGNORECASE
)


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
        elif form is None or not form.match(str(claim.value)):
            objection = Objection.NEGATED if _is_taken_back(claim, found, values.get(claim.field)) else None
            objection = objection or _objection(claim, kind, reading, values.get(claim.field), mail)
            kept.append(claim if objection is None else replace(claim, objection=objection))
    return kept


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
    if kind in _OF_PEOPLE and _is_of_somebody_named(claim, reading):
        return Objection.THIRD_PERSON
    if (kind == "role" and _is_of_the_moment(claim, reading)) or (kind == "company" and _is_where_one_is(claim, reading)):
        return Objection.DOUBTFUL
    if kind == "plan" and _is_anothers_plan(claim, reading):
        return Objection.THIRD_PERSON
    return None


def _is_of_somebody_named(claim: Claim, reading: Reading) -> bool:
    """ "Felix from Bosch says hi", "Tom, my brother, is coming", "Jan (designer) is on leave"."""
    start, finish = reading.sentence(claim.value_start)
    match = _SOMEBODY.match(reading.masked, start, finish)
    return match is not None and claim.value_start < match.end()


def _is_of_the_moment(claim: Claim, reading: Reading) -> bool:
    """ "I'm the driver tonight", "the captain of our volleyball team", "maid of honor"."""
    _, finish = reading.sentence(claim.value_start)
    return _PLAYED.match(str(claim.value)) is not None or _TONIGHT.match(reading.masked, claim.value_end, finish) is not None


def _is_where_one_is(claim: Claim, reading: Reading) -> bool:
    """ "I'm at the Google office for a meetup", "I'm with Telekom, and the internet is down", "I'm with Lisa and Tom"."""
    start, finish = reading.sentence(claim.value_start)
    said = words_of(str(claim.value))
    if "and" in said and all(word in words("given_names") for word in said if word != "and"):
        return True
    before, after = reading.masked[start : claim.value_start], reading.masked[claim.value_end : finish]
    return _ON_SITE.match(after) is not None or (
        _WITH.search(before) is not None and _SERVED.search(reading.masked, start, finish) is not None
    )


def _is_anothers_plan(claim: Claim, reading: Reading) -> bool:
    """ "The free tier of AWS", "iPhone 16 Pro", "our customers on the free plan"."""
    start, finish = reading.sentence(claim.value_start)
    before, after = reading.masked[start : claim.value_start], reading.masked[claim.value_end : finish]
    return _OF_A_PRODUCT.match(after) is not None or _PRODUCT.search(before) is not None or _OF_CUSTOMERS.search(before) is not None


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
    return _CHANGED.search(reading.masked, start, finish) is None


def _mail_to(reading: Reading, values: Mapping[str, Any], kinds: Mapping[str, str]) -> int | None:
    """From where on the message is a mail that greets the user by the name that the profile holds; None where none does."""
    called = {word for name, kind in kinds.items() if kind in {"name", "preferred_name"} for word in words_of(str(values.get(name) or ""))}
    for match in _GREETING.finditer(reading.masked) if called else ():
        to = words_of(match.group("to"))
        if to and set(to) <= called:
            return match.end()
    return None
