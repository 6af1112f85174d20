"""Statements about a field by its own words: "my favourite editor is Helix", "favourite editor: Helix", "forget my age"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache

from profilecli.language import programming, typed
from profilecli.language.clauses import Reading
from profilecli.language.kinds import kind_of, phrases
from profilecli.language.spans import Span
from profilecli.language.statements import Statement
from profilecli.schema.fields import Field

__all__ = ["FRAMED", "is_asked", "may_forget", "statements", "values"]

FRAMED = frozenset({"name", "preferred_name", "company", "role", "timezone", "location", "age", "plan", "expertise"})
"""Kinds that have frames of their own for setting; only forgetting them is read here."""

_KIN = (
    r"(?:boss|wife|husband|partner|girlfriend|boyfriend|friends?|colleagues?|coworkers?|manager|mother|father|mom|mum|dad|parents?|son|daughter|kids?|child|children|brothers?|sisters?|"
    r"cousin|uncle|aunt|grandma|grandpa|ex|dog|cat|pet|client|customer|teacher|doctor|roommate|neighbou?r|team|assistant)\b"
)
_FORGET = (
    r"(?:^|[,.!?;:\n] ?|\b(?:please|actually|ok|okay|nah|nope|yeah|hmm|no|sorry|oh|well|hey|i'd|i would|can you|could you|would you|will you|you can|you may|feel free to|and|just|then|now|i|i want you to|i'd like you to|to)\s)(?:just |also |please )?"
    r"(?:(?:rather|prefer(?: that)?) you (?:did not|didn't|do not|don't|not) (?:keep|store|remember|save|use|have|know)|forget|delete|remove|erase|clear|unset|drop|wipe|discard|reset|unlearn|stop (?:storing|remembering|saving|using|tracking)|(?:you )?(?:don't|do not|dont|never) (?:(?:need|have) to )?(?:store|remember|save|keep|use|track|want you to (?:store|remember|save|keep|know|use)))"
    r"(?: about| out)?(?: (?:both )?(?:my|our|where|what|how)(?: [\w'-]{1,14}){1,5}?,? (?:and|or|plus))?"
    r"(?: (?:my|our|the|your record of my|what you know about my|everything about my))?(?: (?:saved|stored|current|old))?"
)
_STRUCK = (
    r"(?:^|[,.!?;:\n] ?|\b(?:please|actually|ok|okay|nah|no|sorry|oh|well|can you|could you|would you|and|just|then|now) )"
    r"(?:(?:lose|scratch|scrap|strike|bin|void|throw out|throw away) (?:the|that)|(?:scrap|scratch|strike|bin) my(?= (?:job )?title| nickname| name| time ?zone| company)|(?:scratch|strike|purge|expunge|scrub|redact|disregard|un-?know|un-?remember|un-?note|unsave|unstore|black out|"
    r"throw (?:out|away)|get rid of|leave out|take back|(?:not|never) (?:store|save|keep|remember|record)|i take back) (?:my|our|the|that)|(?:i'd|i would) like (?:my|our|the))"
)
""" "Lose the nickname", "purge my name": not of a plan, since others than the stored one are scrapped too."""
_NEVER_MIND = r"\b(?:never mind|nevermind|scrap|ignore|about|as for|regarding)"
_DROP_IT = r"(?:just |please )?(?:remove|forget|delete|erase|drop|clear) (?:it|that)\b"
_FORGET_CUES = (
    "forget",
    "delete",
    "remove",
    "erase",
    "clear",
    "unset",
    "lose",
    "scra",
    "strike",
    "bin ",
    "void",
    "throw",
    "purge",
    "expunge",
    "scrub",
    "redact",
    "regard",
    "un-",
    "unknow",
    "unremember",
    "unnote",
    "unsave",
    "unstore",
    "black out",
    "get rid",
    "leave out",
    "take ",
    "not ",
    "empty",
    "removed",
    "drop",
    "wipe",
    "discard",
    "reset",
    "unlearn",
    "stop ",
    "don't",
    "do not",
    "dont",
    "never",
    "rather you",
    "prefer you",
    "prefer that you",
)
_FORGOTTEN = {
    "company": r"(?:that )?(?:i work|i'm|i am) (?:at|for|with) [\w .&'-]{2,40}|where i(?:'m)? work(?:ing)?|job(?! title)|workplace|who i work for|my job(?! title)|that i work at [\w .&'-]{2,40}|my work",
    "role": r"(?:that )?(?:i'm|i am) an? [\w -]{2,40}|what i do(?: for (?:a living|work))?|my job|job",
    "location": r"(?:that )?i live (?:in|at|near) [\w ,'-]{2,40}|where i(?:'m)? (?:live|living|am|from)|my address",
    "age": r"how old i am",
    "preferred_name": r"what (?:to call me|you call me|i'm called|i like to be called|i go by)",
    "name": r"who i am|what i'm called",
    "timezone": r"what time ?zone i(?:'m| am) in",
    "plan": r"(?:what|which) plan (?:i'm|we're|i am|we are) on",
}
_FORGETTING = (("forget", "drop", "struck"), ("forget", "drop"))
_PREPOSITIONS = frozenset({"at", "by", "for", "from", "in", "on", "to", "with"})


@lru_cache(maxsize=256)
def _stripped(own: tuple[str, ...]) -> tuple[str, ...]:
    """The phrases of a field, and without "is" and "has", in which names of Boolean fields begin."""
    return tuple(
        dict.fromkeys(
            (
                *own,
                *(
                    re.sub(r"^(?:is|has|have|likes|wants|prefers|uses|owns|number of|num|the|user|users|user's|favs) ", "", phrase)
                    for phrase in own
                ),
            )
        )
    )


def _pattern(field: Field, form: str) -> re.Pattern[str]:
    return _compiled(_stripped(phrases(field)), form)


@lru_cache(maxsize=1024)
def _compiled(phrases: tuple[str, ...], form: str) -> re.Pattern[str]:
    words = "(?:" + "|".join(re.escape(word).replace(r"\ ", r"[ _-]") + "s?" for word in sorted(phrases, key=len, reverse=True)) + ")"
    forms = {
        "is": rf"\b(?:my|our)(?: (?!not\b|[\w-]{{1,20}}'s?\b|{_KIN})[\w-]{{1,16}}){{0,2}} {words}(?: of choice| address| number| level| these days| right now| at the moment)?(?: is| are|'s|'re|s|:| =| would be| will always be| has to be| remains| has changed to| changed to| was changed to| has been|,)(?: now| still| always| currently| definitely| actually| just| called| set to| also|:){{0,2}} ",
        "colon": rf"(?:^|[.!?;,\n(] {{0,3}}|\b(?:and|my) ){words} ?[:=] ?",
        "dated": rf"\b(?:my|our) {words} (?:on|in|by) (?:the )?",
        "set": rf"\b(?:set|change|update|switch|make|put|save|note|remember|record) (?:down )?(?:my|our) {words} (?:to|as|is|from [\w .-]{{1,30}} to) ",
        "is_my": rf" (?:is|are|'s|has always been|will always be|has to be) (?:definitely |still |now |always |also |actually )?(?:my|our) (?:all-time |absolute |new |current |main |personal |own )?{words}\b",
        "forget": rf"{_FORGET} {words}\b(?! (?:plan|is|in the|field on|from (?:the (?!profile|notes?|records?|chat|file\b)|it|them|this)|into|if|of|when|unless|columns?|variables?|attributes?|propert(?:y|ies)|parameters?|arguments?|keys?|tags?|prefix|suffix|server|space))",
        "struck": rf"{_STRUCK} {words}\b(?! (?:into|in the|field on|from (?:the (?!profile|notes?|records?|chat)|it|them|this)|if|of|when|unless|columns?|variables?|server|space|(?!purged|removed|deleted|forgotten|erased)\w+ed))",
        "drop": rf"{_NEVER_MIND} (?:my|the) {words}\b,? {{0,2}}{_DROP_IT}",
        "none": rf"\b(?:i|we)(?:'ve)? (?:no longer|don't|do not|dont|never|got no|have no)(?: (?:have|use|got|own|need|want))?(?: an?| any| my| our| the)? {words}\b(?: any ?more| now|$|[.,!])",
        "self": rf"\b(?:i'm|im|i am)(?P<no> not| never| no longer)?(?: really| actually| currently| also| now)?(?: an?| the)? {words}\b",
        "have": rf"\b(?:i|we)(?P<no> don't| do not| dont| never| no longer)?(?:'ve| have| own| got| want| prefer| use| would like|'d like| like| need| get| subscribe to| receive)(?: got| to (?:get|receive|have|subscribe to|join))?(?P<none> no| any)?(?: an?| the| your| my)? {words}\b",
        "please": rf"\b(?P<verb>take me off|get me off|sign me up for|subscribe me to|enrol+ me in|add me to|send me|turn on|enable|opt me (?:in|into)|unsubscribe me from|turn off|disable|opt me out of|remove me from|stop sending me|no more)(?: the| your| my| any)? {words}\b",
        "asked": rf"\byour (?:[\w-]{{1,14}} ){{0,2}}{words}\b|\b(?:which|what|how many|any)(?: (?:food|other|known|special|particular|specific|current))? {words}\b",
        "predicate": rf"\b(?:i|we)(?:'m|m| am|'re| are)?(?: also| mostly| mainly| usually| only| always| really| severely| very| still| both| now){{0,2}} {words} (?:both )?",
        "count": rf"\b(?:i|we)(?:'ve| have|'m| am| got| bring| own| raise)?(?: got| had| worked| been)?(?: about| over| around| roughly| nearly| almost| exactly| only| just| with)? (?=\S{{1,12}}(?: \S{{1,12}})? (?:[\w-]{{1,14}} ){{0,2}}{_any_order(phrases)})",
    }
    return re.compile(forms[form], re.IGNORECASE)


def _any_order(phrases: tuple[str, ...]) -> str:
    """The field's words, or for two words the second before the first ("years of experience" for experience_years)."""
    options = []
    for phrase in phrases:
        options.append(re.escape(phrase).replace(r"\ ", r"[ _-]"))
        parts = phrase.split(" ")
        if len(parts) == 2:
            options.append(rf"{re.escape(parts[1])} (?:of )?(?:[\w-]{{1,20}} ){{0,2}}{re.escape(parts[0])}")
    return "(?:" + "|".join(options) + r")\b"


def statements(reading: Reading, field: Field) -> Iterator[Statement]:
    """What the message states about ``field`` in the field's own words, or by what values of its type look like."""
    kind = kind_of(field)
    mentioned = any(word in reading.lowered for word in _mentions(phrases(field)))
    if may_forget(reading):
        yield from _forgotten(reading, field, kind, mentioned=mentioned)
    if kind in FRAMED:
        return
    yield from typed.statements(reading, field, kind)
    if kind == "programming_language":
        yield from programming.statements(reading, kind)
    if not mentioned:
        return
    if field.type is not bool:
        for match in _pattern(field, "none").finditer(reading.masked):
            yield Statement(kind, "unset", None, match.start(), match.end(), reading.objection(match.start(), match.end()))
    yield from _set(reading, field, kind)


def _set(reading: Reading, field: Field, kind: str) -> Iterator[Statement]:
    """What sets a field that the message names."""
    for form, request in (("is", False), ("colon", False), ("set", True)):
        for match in _pattern(field, form).finditer(reading.masked):
            yield from _stated(reading, field, kind, match, request=request)
    if predicates := _predicates(phrases(field)):
        for match in _compiled(predicates, "predicate").finditer(reading.masked):
            yield from _stated(reading, field, kind, match, request=False)
    for match in _pattern(field, "is_my").finditer(reading.masked):
        yield from _stated_before(reading, field, kind, match)
    if field.type in (date, datetime):
        for match in _pattern(field, "dated").finditer(reading.masked):
            yield from _stated(reading, field, kind, match, request=False)
    if field.type is bool:
        yield from _of_truth(reading, field, kind)
    elif field.type in (int, float):
        for match in _pattern(field, "count").finditer(reading.masked):
            yield from _stated(reading, field, kind, match, request=False)


@lru_cache(maxsize=256)
def _predicates(phrases: tuple[str, ...]) -> tuple[str, ...]:
    """Of a field's words those that go on to its value in a sentence: "allergic to", "code in"."""
    return tuple(phrase for phrase in phrases if phrase.rpartition(" ")[2] in _PREPOSITIONS and " " in phrase)


@lru_cache(maxsize=256)
def _mentions(phrases: tuple[str, ...]) -> tuple[str, ...]:
    """Beginnings of a field's words, of which one must stand in a message that names it."""
    words = _stripped(phrases)
    return tuple(
        {word.split(" ")[0] if len(word.split(" ")[0]) > 3 else word for word in words}
        | {word.split(" ")[-1] for word in words if " " in word}
    )


def may_forget(reading: Reading) -> bool:
    """Whether the message has a word by which something is forgotten; where it has none, nothing is said here of a framed field."""
    known = reading.__dict__.get("_may_forget")
    if known is None:
        known = reading.__dict__["_may_forget"] = any(cue in reading.lowered for cue in _FORGET_CUES)
    return bool(known)


def _forgotten(reading: Reading, field: Field, kind: str, *, mentioned: bool) -> Iterator[Statement]:
    text = reading.masked
    matches = [match for form in _FORGETTING[kind == "plan"] for match in _pattern(field, form).finditer(text)] if mentioned else []
    if kind in _FORGOTTEN:
        matches.extend(re.finditer(rf"{_FORGET} ?(?:{_FORGOTTEN[kind]})\b", text, re.IGNORECASE))
        matches.extend(re.finditer(rf"{_NEVER_MIND} (?:{_FORGOTTEN[kind]}),? {{0,2}}{_DROP_IT}", text, re.IGNORECASE))
    for match in matches:
        said = match.group().lower()
        if "don't forget" in text.lower()[max(0, match.start() - 7) : match.end()] or re.search(r"\bnever forget", said):
            continue
        start = match.start() + len(match.group()) - len(match.group().lstrip(" ,.!?;:\n"))
        yield Statement(kind, "unset", None, start, match.end(), reading.objection(start, match.end(), request=True))


def _stated(reading: Reading, field: Field, kind: str, match: re.Match[str], *, request: bool) -> Iterator[Statement]:
    start = match.start()
    while start < match.end() and not reading.masked[start].isalnum():
        start += 1
    _, finish = reading.sentence(start)
    if match.end() > finish:
        return
    for value in typed.forward(field, kind, reading, match.end(), finish):
        yield Statement(kind, "set", value, start, value.end, reading.objection(start, value.end, request=request), 1)


def _stated_before(reading: Reading, field: Field, kind: str, match: re.Match[str]) -> Iterator[Statement]:
    clause_start, _ = reading.clause(match.start())
    lead = re.compile(r"\W*(?:(?:and|but|so|well|i think|honestly|definitely|yes|no|also|oh)\b[\s,]*){0,3}", re.IGNORECASE).match(
        reading.masked, clause_start, match.start()
    )
    begin = lead.end() if lead else clause_start
    if begin >= match.start() or match.start() - begin > 60:
        return
    if re.match(
        r"(?:what|which|who|that|this|it|where|how|if|is|here|he|she|they|there)\b", reading.masked[begin : match.start()], re.IGNORECASE
    ):
        return
    for value in typed.forward(field, kind, reading, begin, match.start()):
        if not reading.masked[value.end : match.start()].strip():
            yield Statement(kind, "set", value, begin, match.end(), reading.objection(begin, match.end()), 1)


def _of_truth(reading: Reading, field: Field, kind: str) -> Iterator[Statement]:
    """A Boolean field by what one is, has or wants ("I'm not a smoker", "sign me up for the newsletter")."""
    for form in ("self", "have", "please"):
        for match in _pattern(field, form).finditer(reading.masked):
            groups = match.groupdict()
            verb = (groups.get("verb") or "").lower()
            denied = bool(
                groups.get("no")
                or (groups.get("none") or "").strip() == "no"
                or verb.startswith(("take me", "get me", "unsub", "turn off", "disable", "remove", "stop", "no more"))
                or "out of" in verb
            )
            value = Span(match.start(), match.end(), match.group(), "false" if denied else "true")
            yield Statement(
                kind, "set", value, match.start(), match.end(), reading.objection(match.start(), match.end(), request=form == "please"), 1
            )


def values(reading: Reading, field: Field, start: int) -> Iterator[Span]:
    """The values of the field's type that begin at ``start``."""
    return typed.forward(field, kind_of(field), reading, start, len(reading.masked))


def is_asked(field: Field, question: str) -> bool:
    """Whether words of the assistant ask for this field by its own words."""
    tail = question[-300:]
    if "?" not in tail:
        return False
    return bool(_pattern(field, "asked").search(tail)) or sum(_offers(choice, tail) for choice in field.choices) > 1


def _offers(choice: str, question: str) -> bool:
    """Whether a question names a choice: "Aisle or window?"."""
    return re.search(rf"\b{re.escape(choice)}\b", question, re.IGNORECASE) is not None
