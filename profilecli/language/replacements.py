"""A value put in the place of one that the user stated before: "Rob sounds better", "change Maria to Mariah", "turns out it's enterprise".

The words alone don't say what they are about. They count only where an earlier message, or the
profile, has a value of that kind, and for names only where the new one could be meant by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from profilecli.language import slots
from profilecli.language.clauses import Reading
from profilecli.language.lazy import Lazy
from profilecli.language.lexicon import words
from profilecli.language.spans import Span
from profilecli.language.statements import Statement
from profilecli.language.text import fold, likeness, words_of
from profilecli.schema.fields import Field

__all__ = ["RANK", "choices_of", "may_replace", "of_names", "statements"]

RANK = 5
"""A correction goes before what the rest of its message seems to state."""

_SLOTS = {
    "name": "maybe_name",
    "preferred_name": "nick",
    "company": "cased_org",
    "role": "role",
    "plan": "plan",
    "timezone": "zone",
    "location": "place",
    "age": "age",
}
_NAMES = frozenset({"name", "preferred_name"})

_OPENING = r"(?:^|[.!?,;:] |\b(?:hmm|um|oh|ah|so|and|but|well|actually|wait|sorry|nah|no|ok|okay|please|thought|reflection|then)[,.]? )"
_PUT_RIGHT = Lazy(
    rf"{_OPENING}(?:"
    r"(?:did i (?:say|write|type) [^?\n]{1,30}\?|i (?:said|wrote|typed|put) [^,.;!?\n]{1,30}[,.;]?(?: but)?) (?:i |but )?(?:meant|mean|it's|it is|should be)"
    r"|i (?:forgot|missed|dropped|left out|left off|misspell?ed|misspelt|mistyped|misspoke|got) [^.!?:\n]{1,24}:"
    r"|(?:starting|as of|from) (?:today|now|this week|(?:mon|tues|wednes|thurs|fri|satur|sun)day|yesterday)(?: on)?,? (?:it's|it is|i'm (?:at|with)|we're)"
    r"|(?:(?:that|it|this) )?should(?:'ve| have)? (?:been|be|say|read)|(?:that|it)'s supposed to (?:be|say)"
    r"|(?:it's|its|it is|that's) (?:actually |really )?(?:spelled|spelt|written)(?: as)?"
    r"|(?:correction|typo|amendment)(?: to that)? ?[:,-]"
    r"|turns out (?:it's|its|it is|that it's|this one's|we're on|we are on|i'm on|i am on|i'm|we have)(?: actually)?(?: on)?"
    r"|the (?:full|correct|right|proper|exact|real|official|legal|whole) (?:name|one|spelling|title|word|answer)(?: is|'s|:)"
    r"|my birthday was [^.!?\n]{0,20}?so(?: i'm| now| that's| it's)?|my (?:job )?title (?:has )?changed(?: to)?:?|my new title(?: is|'s|:)?"
    r") ?(?:the |an? |on )?",
    re.IGNORECASE,
)
_IN_FACT = Lazy(
    rf"{_OPENING}(?:(?:this|that) one(?:'s| is)|(?:ours|mine) is|(?:it's|its|it is|we're|that's) (?:actually|really|only|just|in fact|now|still)(?: on)?|(?:it's|its|it is) (?=the? ?[^.!?,\n]{{1,20}} (?:one|after all))) ?(?:the |an? |on )?",
    re.IGNORECASE,
)
"""Said of anything: a firm's name must then be like the old one."""
_RATHER = Lazy(
    rf"{_OPENING}(?:i(?:'d| would) (?:rather|prefer|like)(?: to)? (?:have|use|be|go by|go with|take|keep)|i (?:do )?prefer"
    r"|(?:let's |please |just |we can |you can |i'll |can you )?(?:make it|make that|go back to|switch back to|go with|stick with|change (?:it|that) (?:back )?to|switch (?:it|that)? ?(?:back )?to|set it to|put)) ",
    re.IGNORECASE,
)
"""Said of names; of anything else it is a wish or an order."""
_FORMER = Lazy(
    r"\b[\w'-]{2,30} (?:is|was) my (?:maiden|old|former|birth|previous|married|dead|ex-?husband's) ?(?:name|surname|employer|company|job|title)?,? (?:and |but |so )?(?:it's|its|i'm|i am|now it's|now i'm|these days i'm|these days it's) ",
    re.IGNORECASE,
)
_AFTER = Lazy(
    r" (?:is|sounds|feels|looks|seems|suits me|reads|would be|works)(?: (?:a bit|much|way|so much|far|a lot|definitely|probably|just))? "
    r"(?:better|nicer|friendlier|cooler|cleaner|simpler|easier|shorter|fine after all|right|correct|the right one|the correct one|the right spelling|more [\w-]{3,20}|less [\w-]{3,20}|best)\b",
    re.IGNORECASE,
)
_EXCHANGED = Lazy(
    r"\b(?:change|replace|swap|switch|correct|update|turn|amend) (?:the |my )?(?:\w{1,12} )?(?:from )?[\"']?(?P<old>[^\s,.;!?\"']{2,30}(?: [^\s,.;!?\"']{1,30}){0,3}?)[\"']? (?:to|with|by|for|into) [\"']?",
    re.IGNORECASE,
)
_FIRM = r"[^\s,.;!?]{2,30}(?: [^\s,.;!?]{1,30}){0,2}?"
_BECAME = Lazy(
    rf"\b(?:moved|went|switched|jumped|came|transferred|hopped)(?: over)? from (?P<from>{_FIRM}) (?:over )?to "
    rf"|(?:^|[.!?,;:] |\b(?:and|but|so|that|since|as) )(?P<was>{_FIRM}) (?:became|merged (?:with|into)|(?:was|got|has been|have been|is|just got)(?: just| recently| now| since)? "
    r"(?:bought(?: out)?|acquired|taken over|absorbed|swallowed(?: up)?|renamed|rebranded|called|part of|known as)(?: by| to| as)?) ",
    re.IGNORECASE,
)
"""What happens to a firm whose name is known."""
_WENT = Lazy(
    r"(?:^|[.!?,;:] |\b(?:i|i've|we|we've|and|just|recently|since|have|finally) )(?P<verb>(?:moved|switched|jumped|hopped|transferred|went|gone|defected)"
    r"(?: (?:over|across|ship|jobs|companies|employers)){1,2} to) ",
    re.IGNORECASE,
)
_OPENED = "|".join(pattern.source.removeprefix(_OPENING) for pattern in (_PUT_RIGHT, _IN_FACT, _RATHER))
_ANY = Lazy(
    rf"{_OPENING}(?:{_OPENED})|{'|'.join(pattern.source for pattern in (_FORMER, _AFTER, _WENT, _BECAME, _EXCHANGED))}", re.IGNORECASE
)
"""Whether one of them stands in a text, told in one search."""
_ENDS = Lazy(
    r"[\"']?\s{0,3}(?:$|[,.!?;()\n\"*]|(?:plan|tier|one|subscription|then|instead|rather|sorry|and|actually|please|thanks|though|now|these days|after all|btw|by the way|is|was|with|to be|in fact|it seems|apparently|again|at|from|for|in|last|this|on|so|since)\b)",
    re.IGNORECASE,
)
_MISNAMED = Lazy(
    r"\b(?:it's|its|it is|i'm|im|i am|that's|name's)(?: actually| spelled| really)? (?P<new>[^\W\d_][\w'-]{1,20}),? (?:and )?not (?P<old>[^\W\d_][\w'-]{1,20})(?=$|[.,!?;)\n]| (?:please|thanks|btw|by the way|ok|okay|and|but)\b)",
    re.IGNORECASE,
)


def may_replace(reading: Reading) -> bool:
    """Whether the message has words at all by which a value is put in the place of another."""
    known: bool | None = reading.__dict__.get("_may_replace")
    if known is None:
        known = reading.__dict__["_may_replace"] = _ANY.search(reading.masked) is not None
    return known


def statements(reading: Reading, stated: Mapping[str, str], choices: Mapping[str, frozenset[str]]) -> Iterator[Statement]:
    """What the message puts in the place of what was ``stated``, a value by kind; ``choices`` are those of the kind's fields, in lower case."""
    text = reading.masked
    for match in (*_PUT_RIGHT.finditer(text), *_FORMER.finditer(text)):
        yield from _best(reading, stated, choices, match.start(), match.end(), len(text))
    for match in _IN_FACT.finditer(text):
        yield from _best(reading, stated, choices, match.start(), match.end(), len(text), alike=True)
    for match in _RATHER.finditer(text):
        yield from _best(
            reading, {k: old for k, old in stated.items() if k in _NAMES}, choices, match.start(), match.end(), len(text), short=True
        )
    yield from _judged(reading, stated)
    yield from _of_firms(reading, stated)
    yield from _exchanged(reading, stated)


def choices_of(fields: Sequence[Field]) -> frozenset[str]:
    """The choices of all the fields, in lower case."""
    return frozenset(choice.casefold() for field in fields for choice in field.choices)


def _judged(reading: Reading, stated: Mapping[str, str]) -> Iterator[Statement]:
    """ "Rob sounds better": of two forms of a name."""
    for match in _AFTER.finditer(reading.masked):
        value = _name_before(reading, match.start())
        for kind in _NAMES & stated.keys() if value is not None else ():
            if value is not None and _fits(kind, value, stated[kind]):
                objection = reading.objection(value.start, value.end, request=True)
                meant = _kind_of_form(kind, value, stated[kind])
                yield Statement(meant, "set", value, value.start, match.end(), objection, RANK)


def _of_firms(reading: Reading, stated: Mapping[str, str]) -> Iterator[Statement]:
    """ "Bolt was bought by Nuvo", "from Bolt to Nuvo", "moved over to Nuvo": what became of the firm, or where its employee went."""
    for match in _WENT.finditer(reading.masked) if "company" in stated else ():
        value = slots.forward("own_org", reading, match.end(), reading.sentence(match.end())[1])
        if value is not None and fold(value.value) != fold(stated["company"]) and _ENDS.match(reading.masked, value.end):
            start = match.start("verb")
            yield Statement("company", "set", value, start, value.end, reading.objection(start, value.end), RANK)
    for match in _BECAME.finditer(reading.masked) if "company" in stated else ():
        old = match.group("from") or match.group("was")
        value = slots.forward("cased_org", reading, match.end(), reading.sentence(match.end())[1])
        if value is not None and words_of(old)[:1] == words_of(stated["company"])[:1] and _ENDS.match(reading.masked, value.end):
            start = match.start("was") if match.group("was") else match.start()
            yield Statement("company", "set", value, start, value.end, reading.objection(start, value.end), RANK)


def _exchanged(reading: Reading, stated: Mapping[str, str]) -> Iterator[Statement]:
    """ "Change Maria to Mariah": whatever is Maria."""
    text = reading.masked
    for match in _EXCHANGED.finditer(text):
        for kind, old in stated.items():
            if kind not in _SLOTS or words_of(match.group("old"))[:1] != words_of(old)[:1]:
                continue
            value = slots.forward("any_name" if kind == "name" else _SLOTS[kind], reading, match.end(), len(text))
            if value is not None and _ENDS.match(text, value.end) and fold(value.value) != fold(old):
                objection = reading.objection(match.start(), value.end, request=True)
                yield Statement(kind, "set", value, match.start(), value.end, objection, RANK)


def _name_before(reading: Reading, end: int) -> Span | None:
    """The name that ends at ``end``, whatever stands before it in its sentence."""
    start, _ = reading.sentence(end)
    for match in re.finditer(r"(?<![\w'-])(?:[^\W\d_][\w'-]{1,20} )?[^\W\d_][\w'-]{1,20}$", reading.masked[max(start, end - 44) : end]):
        for begin in (match.start(), match.start() + match.group().find(" ") + 1):
            at = max(start, end - 44) + begin
            name = slots.forward("maybe_name", reading, at, end)
            if name is not None and name.end == end:
                return name
    return None


def _best(
    reading: Reading,
    stated: Mapping[str, str],
    choices: Mapping[str, frozenset[str]],
    start: int,
    at: int,
    end: int,
    *,
    alike: bool = False,
    short: bool = False,
) -> Iterator[Statement]:
    """The one kind whose value stands at ``at`` and ends there; of several none. ``short``: a short form of a name is what one is called."""
    found = []
    for kind, old in stated.items():
        value = slots.forward(_SLOTS[kind], reading, at, end) if kind in _SLOTS else None
        if value is None or value.start > at + 4 or not _ENDS.match(reading.masked, value.end) or not _fits(kind, value, old):
            continue
        if alike and kind == "company" and not _could_replace(value.value, old):
            continue
        if kind in choices and choices[kind] and not set(words_of(value.value)) & choices[kind]:
            continue
        objection = reading.objection(value.start, value.end, request=True)
        while start < value.start and not reading.masked[start].isalnum():
            start += 1
        meant = _kind_of_form(kind, value, old) if short else kind
        found.append(Statement(meant, "set", value, start, value.end, objection, RANK))
    if {each.kind for each in found} == _NAMES:
        # "I'm Rob": where both names are Rob, what one would rather have is the preferred one.
        found = [each for each in found if (each.kind == "preferred_name") is (stated["name"] != stated["preferred_name"])] or found[:1]
    if len(found) == 1:
        yield found[0]


def _kind_of_form(kind: str, value: Span, old: str) -> str:
    """The kind of a form of a name that one would rather have: "Zeke", of Ezekiel, is what one is called, not another spelling."""
    short = kind == "name" and " " not in value.value and len(value.value) <= len(old.split(maxsplit=1)[0]) - 2
    return "preferred_name" if short else kind


def _fits(kind: str, value: Span, old: str) -> bool:
    """Whether a value differs from the old one and, for a name, could be meant by it."""
    return fold(value.value) != fold(old) and (kind not in _NAMES or _could_replace(value.value, old))


def _could_replace(new: str, old: str) -> bool:
    """Whether one name could be another spelling or form of the other, or is one that people have."""
    first = new.split(maxsplit=1)[0].lower()
    alike = likeness(old, new)
    return first in words("given_names") or alike >= 0.6 or (alike >= 0.4 and fold(old)[:1] == fold(new)[:1])


def of_names(reading: Reading) -> Iterator[Statement]:
    """ "It's Rebecca, not Becky", where nothing was stated before: two names of people, or two spellings of one."""
    if " not " not in reading.lowered:
        return
    for match in _MISNAMED.finditer(reading.masked):
        new, old = match.group("new"), match.group("old")
        value = slots.forward("maybe_name", reading, match.start("new"), match.end("new"))
        known = words("given_names")
        alike = likeness(old, new)
        both = new.lower() in known and (old.lower() in known or alike >= 0.6)
        if value is None or not (both or (old.lower() in known and alike >= 0.7)):
            continue
        if re.match(r",? (?:that|who|which)\b", reading.masked[match.end() : match.end() + 8]):
            continue
        yield Statement("name", "set", value, match.start(), match.end("old"), reading.objection(match.start(), match.end("new")))
