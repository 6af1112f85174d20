"""What seems to take something back and doesn't: a job lost long ago, another subscription, a name in a letter, an early evening.

The frames read that something ended or is to be forgotten. Here the rest of the sentence is asked what that was.
"""

from __future__ import annotations

from typing import Any

from profilecli.language.claims import Claim
from profilecli.language.clauses import Objection, Reading
from profilecli.language.kinds import kind_of, phrases
from profilecli.language.patterns import whole
from profilecli.language.text import words_of
from profilecli.schema.fields import Field

__all__ = ["objection"]

_OF_A_PLAN = frozenset(
    {"paid", "monthly", "annual", "yearly", "current", "whole", "entire", "own", "existing", "company", "team", "business", "premium"}
    | {
        "old",
        "no",
        "new",
        "trial",
        "free",
        "pro",
        "enterprise",
        "longer",
        "have",
        "a",
        "an",
        "the",
        "my",
        "our",
        "your",
        "that",
        "this",
        "any",
    }
)


def objection(claim: Claim, field: Field, reading: Reading, held: Any) -> Objection | None:
    """Why words that seem to take a field back, which holds ``held``, don't; None if they may."""
    if claim.value is not None:  # an element of a list
        return None
    kind, text = kind_of(field), reading.masked
    begin, finish = reading.sentence(claim.start)
    said, after = text[claim.start : claim.end], text[claim.end : finish]
    if whole("no_order").search(text, begin, finish):
        return Objection.NOT_STATED
    if (
        (match := whole("except").search(text, claim.start, finish))
        and _is_named(match.group("kept"), field, held)
        and whole("all").search(text, begin, match.start())
    ):
        return Objection.NEGATED
    if whole("my_name_so").search(text, begin, finish):
        return Objection.INSTRUCTION
    if kind == "role" and (match := whole("not_a").search(said)) and held and match.group("what").lower() not in words_of(str(held))[:1]:
        return Objection.NEGATED
    ordered = whole("order").match(said) is not None
    if ordered and whole("elsewhere").match(after):
        return Objection.INSTRUCTION
    if kind in {"company", "role"}:
        return _about_work(claim, reading, held)
    if kind == "plan" and not ordered and _another_subscription(text[begin:finish], field, held):
        return Objection.THIRD_PERSON
    return None


def _is_named(words: str, field: Field, held: Any) -> bool:
    said = f" {' '.join(words_of(words))} "
    return any(f" {phrase} " in said for phrase in (*phrases(field), *words_of(str(held or ""))))


def _about_work(claim: Claim, reading: Reading, held: Any) -> Objection | None:
    text = reading.masked
    begin, finish = reading.sentence(claim.start)
    if (
        whole("long_ago").search(text, begin, finish)
        or whole("still_there").match(text, claim.end)
        or whole("beside_work").search(text, begin, finish)
    ):
        return Objection.PAST
    if whole("on_condition").match(text, claim.end, finish):
        return Objection.HYPOTHETICAL
    left = whole("left_what").search(text, begin, finish)
    if left is None or whole("work").match(left.group("what")):
        return None
    known = {word[:4] for word in words_of(str(held or ""))}
    return None if known & {word[:4] for word in words_of(left.group("what"))} else Objection.PAST


def _another_subscription(sentence: str, field: Field, held: Any) -> bool:
    """ "I cancelled my gym membership", "my subscription to the Times"."""
    match = whole("subscribed").search(sentence)
    if match is None:
        return False
    of_ours = _OF_A_PLAN | {choice.casefold() for choice in field.choices} | set(words_of(str(held or "")))
    return match.group("to") is not None or not set(words_of(match.group("what"))) <= of_ours
