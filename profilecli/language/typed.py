"""Values by a field's type: what a number, a date, a choice or a plain phrase looks like behind "my … is"."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from datetime import date, datetime

from profilecli.language import booleans, contacts, dates, languages, numbers, pronouns
from profilecli.language.clauses import Reading
from profilecli.language.kinds import phrases
from profilecli.language.lazy import Lazy
from profilecli.language.spans import Span
from profilecli.language.statements import Statement
from profilecli.schema.fields import Field

__all__ = ["choice_in", "forward", "statements"]

_END = Lazy(
    r"[.!?;](?=\s|$)|\n|, (?:has|always|it's|been|for|since|and|but|i|my|we|so|which|though|because|since|if|it|that|please|what|how|can|could|is|are|do)\b| - | (?:and|but) (?:i|i'm|im|my|we|our|it|the|that|you|please|can|not)\b|"
    r" (?:because|since|so i|by the way|btw|if that|if you|in case|when i|but|though|although|which|who|where|until|unless)\b|[)(]",
    re.IGNORECASE,
)
_TRAILING = Lazy(
    r"(?:,? (?:now|btw|though|please|these days|too|as well|actually|right now|at the moment|for now|lol|haha|by far|of course|obviously|hands down|instead|currently|not \w+))+$",
    re.IGNORECASE,
)
_SAYS_LITTLE = Lazy(
    r"(?:not|no longer|what|why|how|when|where|which|who|whatever|unknown|secret|a secret|none|nothing|missing|wrong|broken|private|confidential|the same|different|better|worse|very|so|too|really|pretty|quite|great|good|bad|awesome|terrible|slow|"
    r"fast|fine|ok|okay|important|mine|yours|there|here|on|in|at|of|for|to|still|almost|never|always|gone|down|up|out|empty|blank|hard|easy|like|about|going|being|getting|one of|something|anything|supposed|available|it|that|this|if|whether|"
    r"asking|changing|coming|based|because|probably|maybe|also|just|due|late|right|incorrect|correct|invalid|outdated|expired|stored|saved|used|used to|i|you|we|they|he|she|her|his|their)\b",
    re.IGNORECASE,
)
_JOIN = Lazy(r",? (?:and|&|plus|as well as|or) (?:also )?|, ?|; ?", re.IGNORECASE)
_ABOUT = Lazy(
    r"\s*(?:about|around|over|exactly|roughly|nearly|almost|just|only|like|approximately|approx\.?|at least|more than)\s+", re.IGNORECASE
)

_EMAIL_CUE = Lazy(
    r"\b(?:my|our)(?: (?!\w+'s)[\w-]{1,12}){0,2} (?:e-?mail|mail|address)|\b(?:reach|e-?mail|contact|write|mail|ping|message)(?: to)? me\b|(?:^|[\n.,;] {0,2})e-?mail(?: address)?(?: is)? ?:?|\bi'm (?:at|on)|\bi use\b",
    re.IGNORECASE,
)
_PHONE_CUE = Lazy(
    r"\b(?:my|our)(?: (?!\w+'s)[\w-]{1,12}){0,2} (?:phone|number|cell|mobile|tel|telephone|whatsapp|line|extension)|\b(?:call|text|reach|ring|phone|contact|whatsapp)(?: or \w+)? me\b|(?:^|[\n.,;] {0,2})(?:phone|tel|mobile|cell|telephone|whatsapp)(?: number)?(?: is)? ?:?",
    re.IGNORECASE,
)
_BIRTH_CUE = Lazy(
    r"\b(?:my )?(?:birthday|birth ?date|date of birth|d\.?o\.?b\.?|bday|b-day)(?: is| was|'s|s|:| =)?|\bi was born\b|\bborn on\b|\b(?:my name is|i'm|i am)\b[^.!?\n]{2,40}, born\b",
    re.IGNORECASE,
)
_OTHERS_BIRTH = Lazy(
    r"\b(?:his|her|their|'s|whose|your|our (?:son|daughter|kid|child|baby)|(?:son|daughter|mother|father|wife|husband|sister|brother|friend|mom|mum|dad|boss|kid|baby|dog|cat)) ?(?:birthday|birth ?date|bday)?$",
    re.IGNORECASE,
)
_PRONOUN_CUE = Lazy(
    r"\b(?:my|preferred) pronouns?\b|\bi (?:use|go by|prefer)\b|(?:^|[\n.,;(] {0,2})pronouns? ?(?:are|is)? ?:?|\b(?:i'm|i am|my name is|call me|name's)\b|^\W{0,3}$|\((?=\w+/\w+)",
    re.IGNORECASE,
)
_PLEASE = Lazy(r",? (?:please|pronouns|for me|btw|by the way|only)\b", re.IGNORECASE)
_SPEAK_CUE = Lazy(
    r"\b(?:i|we|and) (?:also |can |only |mostly |mainly |both |fluently |natively |all )?(?:speak|know|write|read|understand|get by in|converse in|am fluent in)\b|\bi(?:'m| am) (?:fluent|native|bilingual|trilingual|conversational|proficient|a native) ?(?:in|speaker of)?|\bmy (?:native |first |mother |second |preferred |main |primary |home )?(?:languages?|tongue)(?: is| are|:|'s)|\bat (?:home|work|school) it's\b|\bi grew up (?:speaking|with)\b|(?:^|[\n.,;] {0,2})languages? ?:",
    re.IGNORECASE,
)
_AFTER_LANGUAGE = Lazy(
    r"\bi(?:'m| am) a native (\w+) speaker|\b(\w+) is my (?:native|first|mother|second|preferred|main) (?:language|tongue)", re.IGNORECASE
)


def statements(reading: Reading, field: Field, kind: str) -> Iterator[Statement]:
    """Statements of kinds whose values are known by their looks: e-mail, phone, birthday, pronouns, language."""
    if kind in _BY_LOOKS:
        yield from _by_looks(reading, kind)
    elif field.choices:
        yield from _of_choice(reading, field, kind)


_BY_LOOKS = {
    "email": ("@", contacts.emails, _EMAIL_CUE),
    "phone": ("", contacts.phones, _PHONE_CUE),
    "birthday": ("", dates.find, _BIRTH_CUE),
    "pronouns": ("/", pronouns.find, _PRONOUN_CUE),
    "language": ("", languages.find, _SPEAK_CUE),
}


def _by_looks(reading: Reading, kind: str) -> Iterator[Statement]:
    need, find, cue = _BY_LOOKS[kind]
    text = reading.masked
    alone = kind == "pronouns" and "/" in text
    if (need and need not in text and kind != "pronouns") or not (alone or cue.search(text)):
        return
    for span in find(text):
        start, _ = reading.sentence(span.start)
        if alone and not text[start : span.start].strip() and _PLEASE.match(text, span.end):
            yield Statement(kind, "set", span, span.start, span.end, reading.objection(span.start, span.end))
            continue
        led = next(iter(deque(cue.finditer(text, start, span.start + 1), maxlen=1)), None)
        begin = led.start() if led else start
        if led is None or span.start - led.end() > 60 or (kind == "birthday" and _OTHERS_BIRTH.search(text[start : led.start()].rstrip())):
            if kind != "language" or not _native(text, span):
                continue
            begin = span.start
        while begin < span.start and not text[begin].isalnum():
            begin += 1
        between = text[led.end() : span.start] if led else ""
        if re.search(r"\b(?:not|isn't|no longer|but|he|she|they|his|her|their|was)\b", between):
            continue
        yield Statement(
            kind, "set", span, begin, max(span.end, begin + 1), reading.objection(begin, span.end, request=kind in {"email", "phone"})
        )


def _native(text: str, span: Span) -> bool:
    return any(match.start() <= span.start <= match.end() for match in _AFTER_LANGUAGE.finditer(text, max(0, span.start - 40)))


def _of_choice(reading: Reading, field: Field, kind: str) -> Iterator[Statement]:
    """ "I'm a beginner", "I prefer dark", where a choice of the field has more to it than an everyday word."""
    for choice in field.choices:
        words = choice.lower().replace("_", " ").replace("-", " ")
        if len(words) < 3 or words not in reading.lowered.replace("_", " ").replace("-", " "):
            continue
        pattern = re.compile(
            rf"\b(?:i'm|im|i am|i prefer|i use|i drink|i eat|i drive|i like|i have|i'd say i'm|i consider myself|i would call myself|i own|i play|i follow|i (?:usually |always |normally |only |mostly )?(?:fly|travel|sit|book|run|go)(?: in| on| by)?)(?: still| really| definitely| now| currently| mostly| basically| just)?(?: an?| the| on| at)?(?: complete| total| strict| bit of an?| arch| ubuntu| debian| fedora| mint| apple| microsoft)? (?P<value>{re.escape(words).replace(chr(92) + ' ', '[ _-]')})(?=$|[.,!?;)]|-(?:level|career|weight)\b| (?:level|mode|class|cabin|one|and|but|at|with|in|when|so|for|by|user|plan|theme|person|person|myself|please|because|now|since|size)\b| (?:[\w-]{{2,14}} )?(?:developer|engineer|designer|programmer|analyst|manager|consultant|scientist|member|employee|dev)\b)"
            rf"|\b(?:i|i'm|i'd|my|we)\b[^.!?\n]{{0,30}}? (?:an?|the|my) (?P<worded>{re.escape(words)}) (?:{'|'.join(map(re.escape, phrases(field)))})\b"
            rf"|(?:^|[.!?\n] ?)(?:an? )?(?P<titled>{re.escape(words)})(?:[ -]level)? (?:[\w-]{{2,14}} )?(?:developer|engineer|designer|programmer|analyst|consultant|scientist|dev|coder)(?= here\b|[.,])"
            rf"|(?:^|[.!?;,\n] ?)(?:an? )?(?P<ordered>{re.escape(words)}) (?:{'|'.join(map(re.escape, phrases(field)))}),? (?:for me|please)\b",
            re.IGNORECASE,
        )
        for match in pattern.finditer(reading.masked):
            group = str(match.lastgroup)
            span = Span(match.start(group), match.end(group), match.group(group), choice)
            yield Statement(kind, "set", span, match.start(), match.end(), reading.objection(match.start(), match.end()))


def forward(field: Field, kind: str, reading: Reading, start: int, end: int) -> Iterator[Span]:
    """The values of the field's type that begin at ``start``: one, or several for a list field."""
    text = reading.masked
    stop = match.start() if (match := _END.search(text, start, end)) else end
    if field.choices:
        choice = choice_in(field, text, start, stop)
        if choice is not None:
            yield choice
        if not field.is_list or choice is None:
            return
        while (choice := choice_in(field, text, choice.end, stop, anywhere=True)) is not None:
            yield choice
    elif field.type is bool:
        words = text[start:stop].strip(" .!,")
        truth = booleans.boolean_of(words)
        truth = (
            booleans.boolean_of(words.split()[0])
            if truth is None and words and words.split()[0].lower() in {"yes", "no", "true", "false", "on", "off"}
            else truth
        )
        if truth is not None:
            yield Span(start, stop, text[start:stop], "true" if truth else "false")
    elif field.type in (int, float):
        yield from _number(text, start, min(stop, start + 60), several=field.is_list)
    elif field.type in (date, datetime) or kind == "birthday":
        yield from _date(text, start, min(end, start + 60), with_time=field.type is datetime)
    else:
        yield from _phrase(field, kind, text, start, stop)


def _number(text: str, start: int, end: int, *, several: bool) -> Iterator[Span]:
    about = _ABOUT.match(text, start, end)
    begin = about.end() if about else start
    found = numbers.find(text[begin:end])
    if found and not text[begin : begin + found[0].start].strip(" $€£"):
        yield from (Span(begin + span.start, begin + span.end, span.words, span.value) for span in (found if several else found[:1]))


def _date(text: str, start: int, end: int, *, with_time: bool) -> Iterator[Span]:
    for span in dates.find(text[start:end])[:1]:
        time = re.compile(r"(?:,? at |[ T])(\d{1,2}:\d{2}(?::\d{2})?)(?![\d:])").match(text, start + span.end) if with_time else None
        finish = time.end() if time else start + span.end
        value = f"{span.value}T{time.group(1):0>5}" if time else span.value
        yield Span(start + span.start, finish, text[start + span.start : finish], value)


def choice_in(field: Field, text: str, start: int, end: int, *, anywhere: bool = False) -> Span | None:
    """The field's choice that stands first in ``text[start:end]``, at most a few words in."""
    window = text[start : end if anywhere else min(end, start + 50)]
    best: Span | None = None
    for choice in sorted(field.choices, key=len, reverse=True):
        spelled = re.escape(choice).replace(r"\ ", "[ _-]").replace("_", "[ _-]").replace(r"\-", "[ _-]?")
        match = re.search(rf"(?<![\w-])(?:{spelled})(?![\w])", window, re.IGNORECASE)
        if (
            match
            and (best is None or start + match.start() < best.start)
            and not re.search(r"\b(?:not|never|no longer|isn't|than|over|instead of)\s", window[: match.start()])
        ):
            best = Span(start + match.start(), start + match.end(), match.group(), choice)
    return best


def _phrase(field: Field, kind: str, text: str, start: int, stop: int) -> Iterator[Span]:
    finders = {"email": contacts.emails, "phone": contacts.phones, "pronouns": pronouns.find, "language": languages.find}
    if kind in finders:
        found = finders[kind](text[start:stop])
        yield from (Span(start + s.start, start + s.end, s.words, s.value) for s in (found if field.is_list else found[:1]))
        return
    whole = _trimmed(text, start, stop)
    if whole is None:
        return
    if not field.is_list:
        yield whole
        return
    at = whole.start
    for gap in [*_JOIN.finditer(text, whole.start, whole.end), None]:
        element = _trimmed(text, at, gap.start() if gap else whole.end)
        if element is not None:
            yield element
        at = gap.end() if gap else whole.end


def _trimmed(text: str, start: int, stop: int) -> Span | None:
    """A phrase without the words and signs around it that say nothing; None where nothing is left, or too much."""
    while start < stop and text[start] in " \"'*_:(,“":
        start += 1
    words = _TRAILING.sub("", text[start:stop].rstrip(" \"'*_.,!?:;)"))
    words = words.rstrip(" \"'*_.,!?:;")
    if not words or len(words) > 80 or len(words.split()) > 8 or _SAYS_LITTLE.match(words):
        return None
    return Span(start, start + len(words), words, words)
