"""What seems to take something back and doesn't: a job lost long ago, another subscription, a name in a letter, an early evening.

The frames read that something ended or is to be forgotten. Here the rest of the sentence is asked what that was.
"""

from __future__ import annotations

import re
from typing import Any

from profilecli.language.claims import Claim
from profilecli.language.clauses import Objection, Reading
from profilecli.language.kinds import kind_of, phrases
from profilecli.language.lazy import Lazy
from profilecli.language.text import words_of
from profilecli.schema.fields import Field

__all__ = ["objection"]

_LONG_AGO = Lazy(
    r"\b(?:in|since|during|around|of) (?:the )?(?:19|20)\d\d\b|\byears? ago\b|\bonce\b|\b(?:fired|laid off|let go|sacked|redundant) before\b|\bback (?:in|then|when)\b"
    r"|\bduring (?:covid|the pandemic|school|college|uni)\b|\bmy (?:first|previous|summer|student|old) (?:job|gig)\b|\binternship\b|\b(?:unemployed|out of work|jobless|between jobs) for an?\b"
    r"|\bbut (?:i |then |soon |have |i've ){0,3}found (?:a new|another)\b",
    re.IGNORECASE,
)
_LEFT_WHAT = Lazy(r"\b(?:resigned|retired|stepped down|withdrew) (?:from|as) (?:being )?(?P<what>[^,.!?;\n]{2,40})", re.IGNORECASE)
_WORK = Lazy(
    r"(?:my|the|this|that|our) (?:job|position|post|role|work|company|firm|workplace|board)\b|(?:work|working|my job|public service|the force|the army)\b",
    re.IGNORECASE,
)
_STILL_THERE = Lazy(
    r"(?:'s\b|[ ](?:at|around|by|before|after) (?:\d|noon|midnight|five|six|seven|eight|nine|lunch)|[ ](?:early|late)\b|[ ](?:laptop|phone|car|keys?|badge|bag|wallet|charger|office|building|site|party|meeting)\b"
    r"|[ ](?:on|during|at) (?:weekends|nights?|holidays|(?:mon|tues|wednes|thurs|fri|satur|sun)days)\b|[ ]?,? (?:let's|let us|now let|what about|how about)\b)",
    re.IGNORECASE,
)
_BESIDE_WORK = Lazy(
    r"\bwork there (?:on|at|during|after|before)\b|\b(?:stopped|stop) working at \d|\bno longer (?:have|get|receive|see) (?:any )?(?:access|mails?|e-?mails?|news)\b",
    re.IGNORECASE,
)
_ON_CONDITION = Lazy(r"[^.!?\n]{0,20}\bif\b", re.IGNORECASE)
_SUBSCRIBED = Lazy(
    r"\b(?:my|our|the|your|that|this|any|an?|for|have|no longer have) (?P<what>(?:[\w'-]{1,20} ){0,2})(?:plans?|subscription|tier|membership|trial)\b(?P<to> (?:to|at|with|for|of) (?!you\b|this\b|your\b)\w+)?",
    re.IGNORECASE,
)
_OF_A_PLAN = frozenset(
    {"paid", "monthly", "annual", "yearly", "current", "whole", "entire", "own", "existing", "company", "team", "business", "premium"}
    | {"old", "new", "trial", "free", "pro", "enterprise", "longer", "have", "a", "an", "the", "my", "our", "your", "that", "this", "any"}
)
_ORDER = Lazy(
    r"\W*(?:[\w']+ ){0,4}?(?:forget|remove|delete|erase|clear|reset|drop|wipe|strike|take|get rid of|unset|discard|scrub|purge)\b",
    re.IGNORECASE,
)
_ELSEWHERE = Lazy(
    r"[^.!?\n]{0,30}?(?: (?:from|in|on|off|out of|of) (?:this|that|these|those|the|my|our|an?) (?!profile|memory|memories|notes?|records?|file|brain|chat|conversation|history|list of what|things)\w+"
    r"|\b(?:fields?|columns?|csv|tables?|forms?|letters?|excel|outlook|spreadsheets?|sheets?|code|headers?|rows?|cells?)\b)",
    re.IGNORECASE,
)
_NO_ORDER = Lazy(
    r"\b(?:i|people) (?:always |often |sometimes |even |nearly |almost |never |just )?(?:forget|forgot)\b|\bclear (?:my|his|her|your) name\b",
    re.IGNORECASE,
)
_EXCEPT = Lazy(r"\b(?:except|but|apart from|other than|besides|only keep|keep only)\b(?P<kept>[^.!?\n]{2,80})", re.IGNORECASE)
_ALL = Lazy(r"\b(?:everything|all|anything|whatever)\b", re.IGNORECASE)


def objection(claim: Claim, field: Field, reading: Reading, held: Any) -> Objection | None:
    """Why words that seem to take a field back, which holds ``held``, don't; None if they may."""
    if claim.value is not None:  # an element of a list
        return None
    kind, text = kind_of(field), reading.masked
    begin, finish = reading.sentence(claim.start)
    said, after = text[claim.start : claim.end], text[claim.end : finish]
    if _NO_ORDER.search(text, begin, claim.end):
        return Objection.NOT_STATED
    if (
        (match := _EXCEPT.search(text, claim.start, finish))
        and _is_named(match.group("kept"), field, held)
        and _ALL.search(text, begin, match.start())
    ):
        return Objection.NEGATED
    if _ORDER.match(said) and _ELSEWHERE.match(after):
        return Objection.INSTRUCTION
    if kind in {"company", "role"}:
        return _about_work(claim, reading, held)
    return Objection.THIRD_PERSON if kind == "plan" and _another_subscription(text[begin:finish], field, held) else None


def _is_named(words: str, field: Field, held: Any) -> bool:
    said = f" {' '.join(words_of(words))} "
    return any(f" {phrase} " in said for phrase in (*phrases(field), *words_of(str(held or ""))))


def _about_work(claim: Claim, reading: Reading, held: Any) -> Objection | None:
    text = reading.masked
    begin, finish = reading.sentence(claim.start)
    if _LONG_AGO.search(text, begin, finish) or _STILL_THERE.match(text, claim.end) or _BESIDE_WORK.search(text, begin, finish):
        return Objection.PAST
    if _ON_CONDITION.match(text, claim.end, finish):
        return Objection.HYPOTHETICAL
    left = _LEFT_WHAT.search(text, begin, finish)
    if left is None or _WORK.match(left.group("what")):
        return None
    known = {word[:4] for word in words_of(str(held or ""))}
    return None if known & {word[:4] for word in words_of(left.group("what"))} else Objection.PAST


def _another_subscription(sentence: str, field: Field, held: Any) -> bool:
    """ "I cancelled my gym membership", "my subscription to the Times"."""
    match = _SUBSCRIBED.search(sentence)
    if match is None:
        return False
    of_ours = _OF_A_PLAN | {choice.casefold() for choice in field.choices} | set(words_of(str(held or "")))
    return match.group("to") is not None or not set(words_of(match.group("what"))) <= of_ours
