"""What is taken back in words that the profile or the conversation completes: "drop Acme", "it lapsed", "no, don't".

Taking back in words of their own ("I was laid off", "forget my name") is read by the frames of a
language, and by :mod:`profilecli.language.named`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from profilecli.language.clauses import Reading, read
from profilecli.language.kinds import phrases
from profilecli.language.lazy import Lazy
from profilecli.language.lexicon import words
from profilecli.language.statements import Statement
from profilecli.language.statements import statements as of_message
from profilecli.language.text import words_of
from profilecli.models import Utterance
from profilecli.schema.fields import Field

__all__ = ["just_said", "last_message", "last_stated", "statements", "taken_back"]

_LONGER = Lazy(r"\b(?:any ?more|any longer|no longer)\b", re.IGNORECASE)
_ENDED = Lazy(
    r"\b(?:i|we)(?:'ve| have)? (?:just |recently |already |since |actually )?(?:cancelled|canceled|dropped|ended|terminated|quit|stopped|gave it up|got rid of)(?: using| paying for| working)? ?(?:it|that|them|there|this)?(?=$|[.!,]| (?:now|yesterday|today|last|in|a (?:week|month|year|while)|this|though|already)\b)"
    r"|\b(?:it|that|the (?:plan|trial|contract|subscription|licen[cs]e|membership))(?:'s| has| is| was)? (?:just |since |already |now )?(?:lapsed|expired|ran out|run out|ended|been cancell?ed|cancell?ed|over)(?=$|[.!,]| (?:and|now|yesterday|today|last|at|in|on|this|though|already)\b)"
    r"|\b(?:i|we)(?:'ve)? let (?:it|that) (?:lapse|expire|run out|go)\b|\bthey(?:'ve)? cut us off\b|\b(?:no longer|not any ?more)[.,;] (?:we |i |it was |got )?cancell?ed\b",
    re.IGNORECASE,
)
_POLITE = r"(?:(?:please|pls|actual+y|no|nah|nope|sorry|wait|oh|ok|okay|good|now|so|well|lol|omg|hmm|thanks|on (?:second thoughts?|reflection)|can you|could you|would you|you can|you may|you should|could u|can u|maybe|just)\b[\s,.!]*){0,4}"
_TAKEN_BACK = Lazy(
    rf"\W*{_POLITE}(?:(?:forget|disregard|ignore)(?: about)? (?:that|this|the lot|it all|my last (?:message|line)|the (?:last|previous) (?:message|line)|all (?:of )?(?:that|this|it)|what i (?:just )?(?:said|told you))|(?:remove|delete|erase|scratch|undo|unsave|unsay|un-?know|unlearn|un-?remember|unstore|clear|wipe|reset|purge|strike|take back|empty|drop) (?:that|it|this|both|the lot|the whole (?:thing|lot)|all of (?:it|that|this))|take (?:that|it|this|both) (?:out|back|off)|unsave|forget both|both out"
    r"|(?:that|it) was (?:just |only )?my (?:[\w-]{1,10} )?(?:brother|sister|son|daughter|kid|kids|child|wife|husband|partner|flatmate|roommate|colleague|friend|cousin|mate|mum|mom|dad)"
    r"(?:,? (?:who was )?(?:typing|writing|messing (?:about|around)|playing (?:about|around)|who (?:typed|wrote) (?:that|it)))(?:,? not me)?"
    r"|(?:(?:that|it) was |i was |i'm )?(?:just |only )?(?:a joke|joking|kidding)|jk|(?:don't|do not|dont) (?:remember|save|store|keep|note) (?:that|this|it)|(?:that's |that is )?not true"
    r"|vergiss das|olvida eso|olvídalo|oublie ça|dimenticalo|esquece isso|忘了吧|忘掉(?:这个|它)?)"
    r"(?: (?:please|pls|again|one|bit|too|part|now|will you|would you|from (?:your|the|my) \w{3,10}))?(?:[,.;?]? (?:please|thanks|thank you|would you|i(?:'d| would) (?:rather|prefer) (?:not|you)|i don't want|i do not want|it's private|that's private|it is private|i changed my mind|that was private|you'll|before|my|this is)\b[^.!?\n]{0,60})?\s*[.!?]*\s*$",
    re.IGNORECASE,
)
_NOT_CALLED = Lazy(
    rf"\W*{_POLITE}(?:(?:don't|do not|please don't|can (?:yo)?u not|absolutely not|never mind)(?: (?:actually )?call me (?:that|it))?|(?:don't|do not|dont) use (?:that|it)(?: one)?(?: any ?more| any longer| again)?|drop it|(?:i was )?(?:only |just )?(?:joking|kidding),? (?:please )?don't(?: actually)?(?: call me (?:that|it))?)(?: (?:please|pls))?\s*(?:[.!,;]|$)",
    re.IGNORECASE,
)
_NO_MORE = Lazy(
    r"\W*(?:well|actually|no|nope|hm+|sorry|oh)?,? {0,2}(?:i'm |i am |we're |it's )?(?:not any ?more|not any longer|no longer)(?= it seems| now|[.,;!]|$)"
    r"|\W*(?:well|ok|okay|actually),? {0,2}(?:i )?was(?: there)?[.,]"
    r"|[^.!?]{0,40}, so (?:i'm |we're )?not any ?(?:more|longer)\s*[.!]*$"
    r"|\W*(?:well,? {0,2})?until (?:they|he|she|my boss|the boss) (?:fired|sacked|canned|laid off|let go of) me\b",
    re.IGNORECASE,
)
_OVER = frozenset(
    {"left", "quit", "there", "them", "cancel", "drop", "laps", "expir", "ran out", "run out", "ended", "over", "let ", "cut ", "terminat"}
    | {"stop", "gave", "rid", "parted", "sold", "closed", "shut", "contract", "former", "any more", "anymore"}
)
"""Of which one stands where the two that follow match."""
_NOT_THERE = Lazy(
    r"^\W*(?:i'm |i am )?no longer there\b|^\W*not (?:at|with) [\w &'.-]{2,24} any ?more\b|\bmy contract (?:has |just )?ended\b|\bwe parted ways\b|\bi sold it\b|\b(?:that's|they're|it's) my (?:former|ex|old) (?:employer|company|job) now\b"
    r"|\b(?:i|we)(?:'ve)? (?:just )?(?:closed|shut)(?: down)? (?:the|my|our) (?:shop|business|company|store|caf[eé]|restaurant|studio|firm|place)\b|\b(?:it|the (?:shop|business|company|store|caf[eé]|restaurant|studio|firm|place)) (?:closed|shut)(?: down|(?= last| in| for good))"
    r"|^\W*(?:i )?(?:just |have |'ve )?(?:left|quit)\b(?: in a huff)?(?=\s*(?:$|[.,!])| (?:on|last|yesterday|today|this|in) )|\b(?:i'm|i am|we're) not there (?:any ?more|any longer)\b|\bmy contract with them (?:has )?(?:ended|ran out|expired|is over|finished)\b",
    re.IGNORECASE,
)
_ORDER = (
    r"(?:^|[.!?,;:\n] ?|\b(?:please|pls|can you|could you|and|just|then|so|actually|ok|okay|now|to|can u|but) )"
    r"(?:forget|remove|delete|drop|scrap|scratch|strike|erase|wipe|unsay|un-?note|un-?know|unlearn|un-?remember|bin|lose|purge|expunge|discard|ditch|stop with|no more|take|leave out|take out|cross (?:off|out)|get rid of|(?:don't|do not|dont|stop) (?:use|using|say|saying|call me|calling me)|away with)"
    r"(?: about| out| off)?(?: the| that| this| my| our)?(?: (?:everything|all)(?: you know)? about| (?:bit|part|thing|stuff) about(?: the| my)?)?"
)
_ORDERED = (
    r"(?:'s)?(?: (?:bit|part|thing|stuff|label|one|name|nickname|company|firm|job|business))?"
    r"(?=\s*(?:$|[,.!?;]|(?:please|pls|and|but|again|any ?more|any longer|though|for now|will you|would you|thanks|(?:off|from|out of) (?:my|your|the) (?:profile|notes?|memory|records?|brain))\b))"
)
_REST = Lazy(
    r"\b(?:forget|drop|lose|delete|bin|erase|remove|wipe|scrap|purge|scrub)(?: all)? (?:of )?(?:the rest|everything else|all else)\b(?! of\b)"
    r"|\bkeep (?:only |just )?(?:my|the|our) [\w ]{3,24}?,? (?:and )?nothing else\b|\bkeep nothing (?:except|but|apart from)\b",
    re.IGNORECASE,
)
_ISNT = r"(?:isn't|isnt|is not|is no longer|was never|wasn't)"
_AM_NOT = r"(?:i'm|i am|im|we're|we are) (?:not|no longer)"
_DENIALS = {
    "name": (
        rf"\bmy (?:real |actual |full |first )?name {_ISNT} HELD",
        rf"\bHELD {_ISNT} my (?:real |actual |full |first )?name\b",
        rf"\b{_AM_NOT} HELD(?=\s*(?:$|[.,!;]))",
    ),
    "preferred_name": (
        rf"\bHELD {_ISNT} my (?:nickname|name|preferred name)\b",
        rf"\b{_AM_NOT} called HELD",
        r"\bi (?:hate|dislike|can't stand|don't like) (?:the (?:nick)?name |being called )HELD",
        r"\b(?:only|just) (?:my )?(?:friends|family|mates) (?:may |can )?call me HELD",
        r"\bno nicknames?\b(?=\s*(?:$|[.,!]|please))",
    ),
    "company": (
        rf"\bmy (?:current )?(?:company|employer|firm|workplace) (?:{_ISNT}|was) HELD",
        rf"\bHELD(?: \w+)? (?:{_ISNT}|was|used to be) (?:my|our) (?:company|employer|firm|workplace)\b",
        rf"\b{_AM_NOT} (?:with|at|employed (?:at|by)) HELD(?! (?:on|today|right now|until|till)\b)",
        r"\bi (?:used to work|haven't worked|have not worked|never worked|don't (?:actually |really )?work|do not work) (?:at|for|with) HELD(?! (?:on|at|during|from|after|every)\b)",
        r"\bi(?:'m| am) done (?:at|with) HELD",
        r"\bi worked (?:at|for|with) HELD (?:until|till|up to|before)\b",
    ),
    "timezone": (rf"\bmy (?:time ?zone|clock) {_ISNT} HELD", rf"\b{_AM_NOT} (?:in|on) HELD"),
    "role": (
        r"\bi was (?:an? |the )?HELD(?=[,.;]? (?:but )?(?:not any ?more|until|no longer)\b)",
        r"\b(?:stopped|quit|gave up) being (?:an? |the )?HELD",
        r"\bi (?:never was|was never) (?:an? |the )?HELD",
    ),
    "plan": (
        r"\b(?:my|our) HELD(?: plan| subscription| tier| membership| trial| licen[cs]e| contract)? (?:just |has |is |was |got ){0,2}(?:expired|ended|lapsed|ran out|over|cancell?ed|gone)\b",
        r"\b(?:stopped|quit) paying for HELD",
        r"\blet HELD(?: plan| subscription)? (?:lapse|expire|run out|go)\b",
        rf"\b{_AM_NOT} (?:on|using) (?:the )?HELD(?=\s*(?:$|[.,!;]|plan|tier|any ?more|any longer|now|yet))",
        r"(?:^|\b(?:i|we)(?:'ve)? )(?:just |already )?(?:cancelled|canceled|dropped) HELD(?=\s*(?:$|[.,!]|plan|tier|yesterday|today|last))",
    ),
}
"""Forms that deny what is held, by kind."""

_SHORT = 90
"""Characters of a message in which a first sentence takes back what was said, and the others tell why."""
_NO_NICKNAMES = "no nickname"
_LEAST_LETTERS = 4
"""Of a word of a longer value, by which that is named."""


def statements(
    reading: Reading, *, context: Sequence[Utterance], held: Mapping[str, str], kinds: Mapping[str, Sequence[Field]]
) -> Iterator[Statement]:
    """What the message takes back of what is ``held``, by kind, or was said just now."""
    if any(held.values()):
        yield from _by_name(reading, held)
        yield from _the_rest(reading, held, kinds)
    if context:
        yield from _of_what_was_said(reading, context, held)


def last_stated(context: Sequence[Utterance]) -> dict[str, str]:
    """What the newest of the user's last three messages that states anything states, by kind."""
    for utterance in [u for u in context if u.role == "user"][-3:][::-1]:
        stated = {s.kind_of_field: s.meant.value for s in of_message(read(utterance.content)) if s.meant is not None}
        if stated:
            return stated
    return {}


def taken_back(reading: Reading) -> re.Match[str] | None:
    """The words of a message that take back whatever was said before it ("forget that"): all of it, or its last sentence, or a short one's first."""
    if "_taken_back" not in reading.__dict__:
        text, sentences = reading.masked, reading.sentences() if len(reading.masked) <= 200 else []
        found = _TAKEN_BACK.match(text, *sentences[-1]) if sentences else None
        if found is None and len(sentences) > 1 and len(text) < _SHORT:
            found = _TAKEN_BACK.match(text, *sentences[0])
        reading.__dict__["_taken_back"] = found
    kept: re.Match[str] | None = reading.__dict__["_taken_back"]
    return kept


def _by_name(reading: Reading, held: Mapping[str, str]) -> Iterator[Statement]:
    """ "I quit Acme", "my company isn't Acme anymore", "drop Acme please": what the profile holds, taken back by its name."""
    for kind, old in held.items():
        said = words_of(old)
        if (
            not said
            or (len(said[0]) < 2 and kind != "preferred_name")
            or not (_NO_NICKNAMES in reading.lowered or any(word in reading.lowered for word in said))
        ):
            continue
        match = _given_up(said[0]).search(reading.masked) or _denied(kind, old).search(reading.masked)
        # Who left Oslo at noon may live there still.
        if match is None or (kind == "location" and not _LONGER.search(match.group())):
            match = None if kind == "plan" else _ordered(old).search(reading.masked)
        if match is not None:
            start = match.start() + len(match.group()) - len(match.group().lstrip(" ,.!?;:\n"))
            yield Statement(kind, "unset", None, start, match.end(), reading.objection(start, match.end(), request=True))


@lru_cache(maxsize=64)
def _given_up(word: str) -> re.Pattern[str]:
    name = rf"\b{re.escape(word)}\b"
    return re.compile(
        rf"\b(?:i|i'm|we|we're|my|our)\b[^.!?\n]{{0,30}}?(?:\bnot\b|n't\b)[^.!?\n]{{0,30}}?{name}[^.!?\n]{{0,20}}\b(?:any ?more|any longer)\b"
        rf"|\b(?:i|i'm|we|we're|my|our)\b[^.!?\n]{{0,30}}?\bno longer\b[^.!?\n]{{0,30}}?{name}"
        rf"|\b(?:i|we)(?:'ve| have)? (?:just |recently |finally |already )?(?:quit|left|resigned from|stepped down (?:as|from)|gave up|dropped|ditched|cancelled|canceled|retired (?:as|from)|sold)(?: (?:the|my|our|being|a|as)){{0,2}} {name}"
        rf"|{name}(?: \w{{1,12}}){{0,2}} (?:let me go|fired me|laid me off|sacked me)\b"
        rf"|{name}(?: \w{{1,12}})? and (?:i|we)(?:'ve| have)? (?:just )?parted ways\b"
        rf"|{name}(?: \w{{1,12}})? (?:has |had |just |recently )?(?:folded|shut down|closed down|went bust|went under|went bankrupt|no longer exists)\b",
        re.IGNORECASE,
    )


@lru_cache(maxsize=64)
def _denied(kind: str, old: str) -> re.Pattern[str]:
    """Words that say of a held value that it is none, or none any more."""
    names = {old, old.split(maxsplit=1)[0], old.rsplit("/", 1)[-1].replace("_", " ")} if kind != "role" else {old}
    held = "(?:" + "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)) + r")\b"
    source = "|".join(form.replace("HELD", held) for form in _DENIALS.get(kind, ())) or r"(?!)"
    return re.compile(source, re.IGNORECASE)


@lru_cache(maxsize=64)
def _ordered(old: str) -> re.Pattern[str]:
    parts = words_of(old)
    telling = [part for part in parts if len(part) >= _LEAST_LETTERS and part not in words("given_names")] if len(parts) > 1 else []
    names = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in (old, *telling))
    return re.compile(rf"{_ORDER} (?:{names}){_ORDERED}", re.IGNORECASE)


def _the_rest(reading: Reading, held: Mapping[str, str], kinds: Mapping[str, Sequence[Field]]) -> Iterator[Statement]:
    """ "Keep my name, lose the rest": every field but those that are named."""
    match = _REST.search(reading.masked)
    if match is None:
        return
    said = f" {' '.join(words_of(reading.masked))} "
    for kind, fields in kinds.items():
        called = [*words_of(held.get(kind, "")), *(phrase for field in fields for phrase in phrases(field))]
        if held.get(kind) and not any(f" {name} " in said for name in called):
            yield Statement(kind, "unset", None, match.start(), match.end(), reading.objection(match.start(), match.end(), request=True))


def last_message(context: Sequence[Utterance]) -> str:
    """What the user said last; empty where they said nothing yet."""
    return next((u.content for u in reversed(context) if u.role == "user"), "")


def just_said(context: Sequence[Utterance], held: Mapping[str, str]) -> dict[str, str]:
    """What the user's last messages state, by kind: as they read alone, and what of them is ``held``."""
    last = last_message(context).casefold()
    return {kind: old for kind, old in held.items() if old and old.casefold() in last} | last_stated(context)


def _of_what_was_said(reading: Reading, context: Sequence[Utterance], held: Mapping[str, str]) -> Iterator[Statement]:
    """ "Forget that", "it lapsed", "not any more", "no, don't": what the user's last statement states."""
    text = reading.masked
    over = any(cue in reading.lowered for cue in _OVER)
    for kinds, found in (
        (None, taken_back(reading)),
        (("preferred_name",), _NOT_CALLED.match(text)),
        (("company", "role", "plan"), _NO_MORE.match(text)),
        (("company",), _NOT_THERE.search(text) if over else None),
        (("plan",), _ENDED.search(text) if over else None),
    ):
        if found is None:
            continue
        objection = reading.objection(found.start(), found.end(), request=True) if kinds == ("plan",) else None
        for kind in just_said(context, held):
            if kinds is None or kind in kinds:
                yield Statement(kind, "unset", None, found.start(), found.end(), objection)
