"""Statements that only the conversation completes: answers, corrections, "from DataForge", "we cancelled it".

The context is never evidence: it tells what the words of the present message are about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from profilecli.language import endings, named, patterns, replacements, second_thoughts, slots
from profilecli.language.clauses import Objection, Reading, read
from profilecli.language.kinds import kind_of
from profilecli.language.lazy import Lazy
from profilecli.language.lexicon import words
from profilecli.language.spans import Span
from profilecli.language.statements import Statement
from profilecli.language.statements import statements as of_message
from profilecli.language.text import fold, likeness, plain, words_of
from profilecli.models import Utterance
from profilecli.schema.fields import Field

__all__ = ["held_by", "of_field", "statements"]

_LEAD = Lazy(
    r"(?:(?:no|nope|nah|sorry|oops|oh|wait|whoops|woops|actually|correction|i meant|i mean|meant|make that|scratch that|my bad|my mistake|typo|er|um|hmm|ah|ok|so|well|ugh|wrong|that's wrong|i was wrong|i (?:misspelt|misspelled|mistyped|misspoke|got that wrong)(?: it| that)?|put|on second thought|you (?:misspelled|misspelt|got|spelled|spelt|have|wrote|heard)(?: (?:it|that|my name|me))?(?: wrong| incorrectly| as \w+)?|not quite|pardon|apologies|(?:it's |it is |that's )?with(?:out)? (?:an?|the|no|one|two|double) [\"']?[a-z][\"']?s?|spelled|spelt)"
    r"\b[\s,.:;!*-]{0,4}|\*\s?){1,5}(?:(?:it's|its|it is|i'm|i am|im|that's|i meant|i mean|make that|it should be|should be|make it|we're|we are|you can say|now it's|it's now|the|a|an|in|at|on)\b\s?){0,3}",
    re.IGNORECASE,
)
_ANSWER_LEAD = Lazy(
    r"\W{0,3}(?:(?:sure|yes|yeah|yep|ok|okay|well|um|uh|oh|hi|hey|hello|at the moment|right now|currently|these days|mostly|mainly|i work|working|mine is|mine's|it's|its|it is|i'm|im|i am|that's|that would be|just|the name's|my|please|of course|no problem|the (?:first|second|third|middle|last|latter|former|other|top|cheapest|bottom|highest|lowest) one|at|for|in|on|with|a|an|the|call me|es|ich bin|je suis|sono|sou|soy)\b[\s,.!:]{0,3}){0,4}",
    re.IGNORECASE,
)
_ENDS = Lazy(
    r"\s{0,3}(?:$|[,.!?;()\n\"*-]|(?:not|instead|rather|sorry|and|actually|please|thanks|though|was|now|btw|by the way|is the|my bad|at|in|for|with|since|because|as|from)\b)",
    re.IGNORECASE,
)
_ANSWER_ENDS = Lazy(
    r"[\s.!,)\"*]{0,6}(?:$|(?:one|plan|tier|mostly|mainly|basically|at the moment|for now|right now|currently|these days|is fine|is good|is ok|is okay|is great|works|will do|like (?:the|my|in|that)|as in|named after|it is|it's|why|nice to meet|what's yours|how about|and yours|yours|i am|i'm|my|and you|you|thanks|thank you|please|what about you|yours|near|by the|close to|just outside|not far)\b|[^\w\s,.]{1,8}\s?$)",
    re.IGNORECASE,
)
_IS_IT_YOU = Lazy(
    r"\b(?:is (?:this|that|it)|are you|am i (?:speaking|talking|chatting) (?:to|with)|do i have|still)\b[^?\n]{1,40}\?", re.IGNORECASE
)
_KIN = Lazy(
    r"\W{0,2}(?:no|nope|not quite|nah|actually|sorry)[,.!]? {1,2}(?:no[,.]? )?(?:this is |it's |its |i'm |i am |im )?(?:her|his|their) "
    r"(?:\w{1,8} )?(?:wife|husband|mother|father|mom|mum|dad|son|daughter|sister|brother|partner|assistant|secretary|colleague|roommate|flatmate|girlfriend|boyfriend|carer|nurse|niece|nephew|aunt|uncle|cousin|friend|neighbou?r)[,:]? ",
    re.IGNORECASE,
)
_NONE = Lazy(
    r"\W{0,3}(?:no|nope|nah|none|nothing|not|never|neither|yes|yep|yeah|a few|several|some|many|why|i don't|i do|idk|maybe|it depends)\b(?!,? (?:but|just) )",
    re.IGNORECASE,
)
"""Answers that name no value."""
_TAKES_BACK = Lazy(
    r"\b(?:scratch|strike) that\b|\bwrong\b|\bmy (?:bad|mistake)\b|\b(?:oops|whoops|typo|mistyped|misread|misspoke)\b", re.IGNORECASE
)
_CONFIRMS = Lazy(
    r"\W{0,2}(?:yes|yeah|yep|yup|correct|indeed|that's (?:right|me|correct)|right|it is|i am|speaking|you are|sure|si|sí|oui|ja)\b[\s,.!:-]{1,4}(?:(?:it's|it is|this is|i'm|i am|im|that's me|speaking|my name is)\b[\s,.!:-]{1,3}){0,2}",
    re.IGNORECASE,
)
_JUDGED = Lazy(r" (?:is|are|was|were|would be|sounds|seems|costs|looks) (?:too|so|not|very|really|a bit|pretty|out|more)\b", re.IGNORECASE)
_STOPS = Lazy(r"\s{0,3}(?:$|[.,!;-]|speaking\b|here\b)", re.IGNORECASE)
_STARRED = Lazy(r"\s*(?:\*{1,2} ?([^\W_][\w'-]{1,30})|([^\W_][\w'-]{1,30}) ?\*)\s*[.!]?\s*$")
_PAUSE = Lazy(r"(?:[.!;]|,| -)\s|,? (?:i (?:think|believe|guess)|maybe)\b", re.IGNORECASE)
_NOT = Lazy(r",? {0,3}(?:and |but )?\bnot (?:an? |the |at |in |on )?(?P<old>[^\s,.;!?]{2,30}(?: [^\s,.;!?]{1,30}){0,3})", re.IGNORECASE)
_NOT_FIRST = Lazy(
    r"^(?:\w{1,10}[,!]? ){0,3}?(?:it's |i'm |i said )?not (?:an? |the )?(?P<old>[^,.;!?-]{2,40}?)[,.;!-]{1,2} {0,3}(?:but |it's |i'm |just |i meant |i mean |i said |rather |make that )?(?:an? |the )?",
    re.IGNORECASE,
)
_ELLIPSIS = {
    "company": Lazy(r"^(?:and |i'm |im )?(?:from|at|with|over at|for|@) ", re.IGNORECASE),
    "role": Lazy(r"^(?:and )?(?:as (?:an? |the )?|an? )", re.IGNORECASE),
}
_HAS_NONE = Lazy(r"\W{0,3}(?:i )?(?:don't|do not|dont|haven't) (?:have|got|really have|do)\b", re.IGNORECASE)
_SLOTS = {
    "name": "maybe_name",
    "preferred_name": "nick",
    "company": "cased_org",
    "role": "role",
    "plan": "plan",
    "timezone": "zone",
    "location": "place",
    "age": "age",
    "expertise": "skill",
}
_ANSWER_SLOTS = _SLOTS | {"name": "name", "company": "org_full", "role": "role_full", "timezone": "zone_city"}


def statements(
    reading: Reading, *, context: Sequence[Utterance], values: Mapping[str, Any], kinds: Mapping[str, Sequence[Field]]
) -> list[Statement]:
    """Statements of the message that the conversation or the stored ``values`` complete.

    ``kinds`` are the schema's fields by their kind.
    """
    found: list[Statement] = []
    held = {kind: held_by(fields, values) for kind, fields in kinds.items()}
    if len(reading.masked) < 400 and any(held.values()):
        found.extend(_contrast(reading, held))
    # What was said before is read again only where these words may put it right.
    if (context or any(held.values())) and len(reading.masked) < 300 and replacements.may_replace(reading):
        stated = {kind: old for kind, old in (held | endings.last_stated(context)).items() if old}
        found.extend(replacements.statements(reading, stated, {kind: replacements.choices_of(fields) for kind, fields in kinds.items()}))
    if len(reading.masked) < 400:
        found.extend(endings.statements(reading, context=context, held=held, kinds=kinds))
    if context and len(reading.masked) < 300:
        found.extend(_answer(reading, context, kinds))
        found.extend(_kin_answer(reading, context))
        found.extend(_confirmed(reading, context))
        found.extend(_retyped(reading, context))
        found.extend(_correction(reading, context, kinds))
        if second_thoughts.may_think_again(reading):
            said = {kind: (old, 0) for kind, old in endings.just_said(context, held).items()}
            found.extend(second_thoughts.statements(reading, said, replacements.choices_of(kinds.get("plan", ()))))
        found.extend(_elliptic(reading, context))
    return found


def held_by(fields: Sequence[Field], values: Mapping[str, Any]) -> str:
    """The text that the first of the fields with one holds; empty where none does."""
    return next((value for field in fields if isinstance(value := values.get(field.name), str)), "")


def _answer(reading: Reading, context: Sequence[Utterance], kinds: Mapping[str, Sequence[Field]]) -> Iterator[Statement]:
    """A bare answer to what the assistant asked last ("What's your name?" – "Alice")."""
    asked = plain(context[-1].content)[-600:] if context[-1].role == "assistant" else ""
    if ("?" not in asked and not asked.rstrip().endswith((":", "."))) or len(reading.masked) > 120:
        return
    text = reading.masked
    lead = _ANSWER_LEAD.match(text)
    start = lead.end() if lead else 0
    if _HAS_NONE.match(text):
        return
    for kind in kinds:
        if kind not in _ANSWER_SLOTS or not patterns.asked(kind, asked):
            continue
        for begin in dict.fromkeys((start, 0)):
            value = slots.forward(_ANSWER_SLOTS[kind], reading, begin, len(text))
            if (
                value is not None
                and text[begin : value.start].strip(" \"'") in {"", "the", "a", "an"}
                and (_ANSWER_ENDS.match(text, value.end) or (_is_sure(kind, value) and _PAUSE.match(text, value.end)))
            ):
                yield Statement(
                    kind,
                    "set",
                    value,
                    begin,
                    value.end,
                    None if not reading.region(value.start, value.end) else reading.objection(value.start, value.end),
                )
                return


def _retyped(reading: Reading, context: Sequence[Utterance]) -> Iterator[Statement]:
    """ "i'm jonh" – "*john": the last message read with its most similar word as it is typed now."""
    match = _STARRED.match(reading.masked)
    earlier = endings.last_message(context)
    if match is None or not earlier or len(earlier) > 200:
        return
    said = match.group(1) or match.group(2)
    old = max(re.findall(r"[^\W_][\w'-]*", earlier), key=lambda word: likeness(word, said), default="")
    if likeness(old, said) < 0.6 or fold(old) == fold(said):
        return
    start = reading.masked.index(said)
    for s in of_message(read(re.sub(rf"\b{re.escape(old)}\b", lambda _: said, earlier, count=1))):
        if s.meant is not None and s.meant.value == said:
            value = Span(start, start + len(said), said, said)
            yield Statement(s.kind, "set", value, 0, start + len(said), None, replacements.RANK)


def _kin_answer(reading: Reading, context: Sequence[Utterance]) -> Iterator[Statement]:
    """ "Is this still Rachel?" – "no, her son Ezra": who answers in another's place gives their own name."""
    asked = context[-1].content[-200:] if context[-1].role == "assistant" else ""
    lead = _KIN.match(reading.masked) if _IS_IT_YOU.search(asked) else None
    value = slots.forward("maybe_name", reading, lead.end(), len(reading.masked)) if lead else None
    if value is not None and lead is not None:
        objection = reading.objection(value.start, value.end)
        yield Statement("name", "set", value, 0, value.end, None if objection is Objection.THIRD_PERSON else objection)


def _confirmed(reading: Reading, context: Sequence[Utterance]) -> Iterator[Statement]:
    """ "Are you Mr Delgado?" – "Yes, Andrés Delgado": the name in the user's own words, and a part of it asked for."""
    asked = _IS_IT_YOU.search(context[-1].content[-200:]) if context[-1].role == "assistant" else None
    lead = _CONFIRMS.match(reading.masked) if asked and not asked.group().lower().startswith(("is it", "is that", "still")) else None
    value = slots.forward("maybe_name", reading, lead.end(), len(reading.masked)) if lead else None
    if (
        value is not None
        and asked is not None
        and set(words_of(value.value)) & set(words_of(asked.group()))
        and _STOPS.match(reading.masked, value.end)
    ):
        yield Statement("name", "set", value, 0, value.end, reading.objection(value.start, value.end))


def _is_sure(kind: str, value: Span) -> bool:
    """Whether a value shows by itself what it is, so that more may follow: "Kofi. My order is late"."""
    if kind in {"name", "preferred_name"}:
        return value.value[:1].isupper() or value.value.split()[0].lower() in words("given_names")
    return kind != "expertise"


def _correction(reading: Reading, context: Sequence[Utterance], kinds: Mapping[str, Sequence[Field]]) -> Iterator[Statement]:
    """A fragment that puts right what the user said before ("Sorry, lead designer.")."""
    text = reading.masked
    lead = _LEAD.match(text)
    if lead is None:
        return
    stated = endings.last_stated(context)
    candidates: list[tuple[float, Statement]] = []
    for kind, old in stated.items():
        value = slots.forward(_SLOTS[kind], reading, lead.end(), len(text)) if kind in _SLOTS and kind in kinds else None
        if value is None or value.start > lead.end() + 2 or not _ENDS.match(text, value.end) or fold(value.value) == fold(old):
            continue
        alike = likeness(old, value.value) + (1 if set(words_of(old)) & set(words_of(value.value)) else 0)
        candidates.append((alike, Statement(kind, "set", value, lead.start(), value.end, None, replacements.RANK)))
    if not candidates:
        candidates = list(_last_words(reading, stated, kinds))
    if len(candidates) > 1:
        candidates = [pair for pair in candidates if pair[0] >= 0.5]
    if candidates:
        yield max(candidates, key=lambda pair: pair[0])[1]


def _last_words(reading: Reading, stated: Mapping[str, str], kinds: Mapping[str, Sequence[Field]]) -> Iterator[tuple[float, Statement]]:
    """ "Scratch that, I looked at the wrong tab. Essentials.": a last sentence that is a value and nothing else."""
    text = reading.masked
    parts = reading.sentences()
    if not 2 <= len(parts) <= 3 or not _TAKES_BACK.search(text, 0, parts[-1][0]):
        return
    start, end = parts[-1]
    for kind, old in stated.items():
        value = slots.forward(_SLOTS[kind], reading, start, end) if kind in _SLOTS and kind in kinds else None
        if value is None or text[start : value.start].strip() or text[value.end : end].strip(" .!") or fold(value.value) == fold(old):
            continue
        alike = likeness(old, value.value)
        yield alike, Statement(kind, "set", value, start, value.end, reading.objection(value.start, value.end), replacements.RANK)


def _contrast(reading: Reading, held: Mapping[str, str]) -> Iterator[Statement]:
    """ "It's Jon, not John": whatever field holds John is to hold Jon."""
    text = reading.masked
    for match in _NOT.finditer(text):
        for kind, old in held.items():
            if kind in _SLOTS and old and _begins_with(match.group("old"), old):
                value = _before(reading, kind, match.start())
                if value is not None:
                    yield Statement(kind, "set", value, value.start, match.end("old"), None, replacements.RANK)
                    break
    match_first = _NOT_FIRST.match(text)
    if match_first is None:
        return
    for kind, old in held.items():
        if kind in _SLOTS and old and _begins_with(match_first.group("old"), old):
            value = slots.forward(_SLOTS[kind], reading, match_first.end(), len(text))
            if value is not None and _ENDS.match(text, value.end):
                yield Statement(kind, "set", value, match_first.start(), value.end, None, replacements.RANK)
                return


def _begins_with(said: str, held: str) -> bool:
    """Whether the words said begin with the value held, or with one of its words."""
    first = words_of(said)[:1]
    return bool(first) and (first[0] in words_of(held) or fold(said).startswith(fold(held)))


def _before(reading: Reading, kind: str, end: int) -> Span | None:
    """The value of ``kind`` that ends at ``end``, behind "it's", "I'm", "is", "at" or at the start of its clause."""
    start, _ = reading.sentence(max(0, end - 1))
    window = reading.masked[start:end]
    for match in list(
        re.finditer(
            r"(?:^|\b(?:it's|its|it is|is|i'm|im|i am|at|for|called|in|on|that's|with|actually|spelled|as)\b|[,:;])\s{0,3}(?:an? |the )?",
            window,
            re.IGNORECASE,
        )
    )[::-1]:
        value = slots.forward(_SLOTS[kind], reading, start + match.end(), end)
        if value is not None and not reading.masked[value.end : end].strip(" ,-"):
            return value
    return None


def _elliptic(reading: Reading, context: Sequence[Utterance]) -> Iterator[Statement]:
    """A fragment that goes on from the user's last message ("I'm Bogdan" – "from DataForge")."""
    text = reading.masked
    matches = {kind: match for kind, pattern in _ELLIPSIS.items() if (match := pattern.match(text))}
    if not matches:
        return
    stated = endings.last_stated([u for u in context if u.role == "user"][-1:])
    for kind, match in matches.items():
        value = slots.forward(_SLOTS[kind], reading, match.end(), len(text))
        if (
            value is not None
            and stated.keys() & {"name", "role", "company", "preferred_name"}
            and re.match(r"[\s.!]{0,4}$", text[value.end :])
        ):
            yield Statement(kind, "set", value, match.start(), value.end)


def of_field(reading: Reading, field: Field, *, context: Sequence[Utterance]) -> Iterator[Statement]:
    """For a field without patterns of its own: a bare answer, or a fragment that puts its value right."""
    if not context or len(reading.masked) > 120 or kind_of(field) in named.FRAMED:
        return
    text = reading.masked
    last = context[-1]
    if endings.taken_back(reading) is not None:
        said = endings.last_message(context)
        for stated in named.statements(read(said), field):
            if stated.meant is not None:
                yield Statement(kind_of(field), "unset", stated.value if field.is_list else None, 0, len(text.rstrip()))
        return
    if last.role == "assistant" and named.is_asked(field, plain(last.content)):
        lead = _ANSWER_LEAD.match(text)
        start = lead.end() if lead else 0
        if field.type is str and _NONE.match(text):
            return
        for value in named.values(reading, field, start):
            if _JUDGED.match(text, value.end):
                return
            yield Statement(kind_of(field), "set", value, start, value.end, reading.objection(start, value.end))
        return
    lead = _LEAD.match(text)
    earlier = endings.last_message(context)
    if lead is None or not any(s.meant is not None for s in named.statements(read(earlier), field)):
        return
    for value in named.values(reading, field, lead.end()):
        if value.start <= lead.end() + 2:
            yield Statement(kind_of(field), "set", value, lead.start(), value.end, None, replacements.RANK)
            return
