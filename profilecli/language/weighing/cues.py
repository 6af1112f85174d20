"""What stands around a candidate, as named cues: the words beside it, whom the clause is about, its own form.

A cue is a sort and a text: ``("before", "at")``, ``("subject", "my kin")``. How much each speaks for a
fact or against it is data (:mod:`profilecli.language.weighing`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache

from profilecli.language import patterns, places
from profilecli.language.clauses import Objection, Reading
from profilecli.language.lexicon import lines, words
from profilecli.language.spans import Span
from profilecli.language.weighing.classes import classes
from profilecli.language.weighing.tokens import COMMON, GIVEN, HEAD, Tokens, tokens_of

__all__ = ["OWNERS", "SUBJECTS", "Beside", "Cue", "Stated", "of_candidate", "of_clause", "of_message", "rules_out"]

Cue = tuple[str, str]

NEAR = 8
"""Words and marks on either side of a candidate that are looked at."""

SUBJECTS = frozenset(
    {"i", "i'm", "i've", "i'd", "i'll", "my", "me", "mine", "myself", "we", "we're", "we've", "we'll", "our", "us", "ours", "you", "your"}
    | {"you're", "he", "he's", "she", "she's", "his", "him", "her", "they", "they're", "their", "them", "it", "it's", "this", "that"}
    | {"that's", "who", "someone", "somebody", "everyone", "people"}
)
"""Words for whom a sentence may be about."""

OWNERS = frozenset({"my", "our", "your", "his", "her", "their"})
_OF_ONESELF = frozenset(
    {"i", "i'm", "i've", "my", "we", "we're", "our", "<job>", "from", "at", "here", "#", "customer", "user", "name", "calling"}
)
"""Behind a name and a comma: who is named goes on about themselves, and isn't called."""
_BY_ALL_WORDS = frozenset({"preferred_name"})
"""Kinds that every word of a message tells something about; for the others their classes do as well."""

_RULING_OUT = frozenset({Objection.FICTION.name, Objection.PAST.name, Objection.PLAN.name})
"""Objections that nothing outweighs: in the cases, one candidate in forty of these is a fact."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What a pattern reads: a kind of fact, where its value stands, what speaks against it, whether it puts another right."""

    kind: str
    span: Span
    objection: Objection | None
    puts_right: bool = False


@dataclass(frozen=True)
class Beside:
    """What is known beside the words: what the patterns read, what the assistant said last, what the profile holds by kind."""

    stated: Sequence[Stated] = ()
    asked: str | None = None
    held: Mapping[str, str] = field(default_factory=dict)

    def spans(self, kind: str) -> list[Span]:
        """Where the patterns read a value of the kind."""
        return [each.span for each in self.stated if each.kind == kind]


def of_message(reading: Reading, kind: str) -> list[Cue]:
    """The cues that all candidates of a message share: what its words are of, wherever they stand, and its length."""
    known: list[Cue] | None = reading.__dict__.get("_message_cues")
    if known is None:
        of, labels = classes(), tokens_of(reading).labels
        known = [("M:", name) for name in {of[word] for word in labels[:60] if word in of}]
        known.append(("M long", f"{min(len(labels) // 10, 4)} {reading.is_cased}"))
        reading.__dict__["_message_cues"] = known
    return known if kind not in _BY_ALL_WORDS else known + [("M", word) for word in set(tokens_of(reading).labels[:60])]


def of_candidate(reading: Reading, span: Span, kind: str, beside: Beside) -> list[Cue]:
    """The cues of one candidate for a kind of fact, but for :func:`of_clause`."""
    tokens = tokens_of(reading)
    first, after = tokens.from_(span.start), tokens.from_(span.end)
    return [
        *_of_place(reading, tokens, first, after),
        *_form(tokens, span, kind, first, after),
        *_conversation(span, kind, beside, tokens.labels, alone=first == 0 and after >= tokens.last_word),
    ]


def _of_place(reading: Reading, tokens: Tokens, first: int, after: int) -> list[Cue]:
    """The cues of the place ``[first, after)``, whatever the kind; made once, since a name may be two kinds of fact."""
    made: dict[tuple[int, int], list[Cue]] = reading.__dict__.setdefault("_place_cues", {})
    found = made.get((first, after))
    if found is not None:
        return found
    begin, finish = reading.sentence(tokens.starts[first] if first < len(tokens) else len(reading.masked))
    low, high = tokens.from_(begin), tokens.from_(finish)
    labels = tokens.labels
    found = _next_to(labels[max(0, first - 3) : first], labels[after : after + 2])
    found += _around(labels[max(low, first - NEAR) : first], labels[after : min(high, after + NEAR)])
    found += _clause(labels, low, first, after, high)
    if first == 0:
        found.append(("opens", ""))
    if after >= tokens.last_word:
        found.append(("closes", ""))
    if len(labels) <= NEAR:
        found.append(("short", str(after - first == len(labels))))
    made[first, after] = found
    return found


def of_clause(reading: Reading, span: Span, kind: str) -> list[Cue]:
    """What speaks against the clause around a candidate, as a cue. It takes longer to find than all others."""
    objection = reading.objection(span.start, span.end, request=kind == "preferred_name")
    return [] if objection is None else [("objection", objection.name)]


def rules_out(said: Sequence[Cue]) -> bool:
    """Whether what speaks against a clause, as :func:`of_clause` tells it, leaves no fact in it, whatever else is said."""
    return any(objection in _RULING_OUT for _, objection in said)


def _next_to(left: Sequence[str], right: Sequence[str]) -> list[Cue]:
    b3, b2, b1 = ["^^", "^^", "^", *left][-3:]
    a1, a2 = [*right, "$", "$$"][:2]
    found = [
        ("bias", ""),
        ("b1", b1),
        ("b2", b2),
        ("b3", b3),
        ("b12", f"{b2} {b1}"),
        ("a1", a1),
        ("a2", a2),
        ("a12", f"{a1} {a2}"),
        ("b1a1", f"{b1} {a1}"),
    ]
    of = classes()
    found += [(place, of[word]) for place, word in (("b1:", b1), ("b2:", b2), ("a1:", a1), ("a2:", a2)) if word in of]
    return found


def _around(left: Sequence[str], right: Sequence[str]) -> list[Cue]:
    of = classes()
    before, behind = set(left), set(right)
    found = [("L", word) for word in before]
    found += [("R", word) for word in behind]
    found += [("L:", name) for name in {of[word] for word in before if word in of}]
    found += [("R:", name) for name in {of[word] for word in behind if word in of}]
    return found


def _clause(labels: Sequence[str], low: int, first: int, after: int, high: int) -> list[Cue]:
    """Whom the words before are about, how the sentence opens and ends, what the one before it ends in."""
    found = [("into", str(min(first - low, 4))), ("left over", str(min(high - after, 4)))]
    subject, far = "none", 0
    for index in range(first - 1, low - 1, -1):
        if labels[index] in SUBJECTS:
            subject, far = labels[index], first - index
            following = labels[index + 1] if far > 1 else ""
            if subject in OWNERS and following:
                found.append(("owned", classes().get(following, following)))
                subject = f"{subject} {classes().get(following, following if following == '<job>' else 'x')}"
            elif following:
                found.append(("verb", f"{subject} {following}"))
            break
    found.append(("subject", subject))
    found.append(("subject far", f"{subject} {min(far, 5)}"))
    if first > low:
        found.append(("subject b1", f"{subject} {labels[first - 1]}"))
        found.append(("opening", labels[low]))
    if after < high:
        found.append(("subject a1", f"{subject} {labels[after]}"))
    if first == low and after < high and labels[after] == ",":
        found.append(("opens with", str(_OF_ONESELF.isdisjoint(labels[after:high]))))
    if high > low and labels[high - 1] in {"?", "!", ".", "…"}:
        found.append(("mark", labels[high - 1]))
    found += [("earlier", word) for word in labels[max(0, low - 3) : low]]
    return found


def _form(tokens: Tokens, span: Span, kind: str, first: int, after: int) -> list[Cue]:
    """What the candidate itself looks like."""
    found = [("words", str(min(after - first, 4)))]
    if first >= after:
        return found
    text, traits, tail = tokens.texts[first], tokens.traits[first], after - 1
    shape = "AA" if text.isupper() and len(text) > 1 else "A" if text[0].isupper() else "a" if text == text.lower() else "aA"
    found.append(("shape", shape))
    found.append(("known", f"{bool(traits & GIVEN)} {bool(tokens.traits[tail] & GIVEN) and tail > first} {shape}"))
    if traits & COMMON:
        found.append(("common", shape))
    if kind == "role":
        found.append(("head", tokens.words[tail]))
        found.append(("is head", str(bool(tokens.traits[tail] & HEAD))))
    elif kind in {"tier", "timezone"}:
        found.append(("is", span.value.lower()))
        found.append(("zone", f"{shape} {'/' in span.value} {after - first}"))
    else:
        found += _named(span.value.lower(), tokens.words[tail], kind, several=tail > first)
    if kind == "expertise":
        found += [("w", word) for word in tokens.words[first:after]]
    return found


def _named(lowered: str, tail: str, kind: str, *, several: bool) -> list[Cue]:
    """What a name of a person, firm, plan or skill is known as beside."""
    found = [("is", lowered)] if kind == "plan" else []
    if lowered in lines("famous_people"):
        found.append(("famous", "person"))
    if lowered in lines("famous_organisations"):
        found.append(("famous", "firm"))
    if lowered in words("products") or lowered in lines("programming_languages"):
        found.append(("famous", "product"))
    if tail.strip(".") in words("organisation_words"):
        found.append(("firm word", str(several)))
    if places.is_place(lowered):
        found.append(("famous", "place"))
    if "&" in lowered:
        found.append(("&", ""))
    return found


def _conversation(span: Span, kind: str, beside: Beside, labels: Sequence[str], *, alone: bool) -> list[Cue]:
    """What the patterns read here and elsewhere, what was asked, and what is known already; ``alone``: nothing else is said."""
    held = beside.held.get(kind)
    found, others = [("held", str(held is not None))], set()
    for each in beside.stated:
        overlaps = each.span.start < span.end and span.start < each.span.end
        if each.kind == kind:
            exact = "same" if (each.span.start, each.span.end) == (span.start, span.end) else "over" if overlaps else "elsewhere"
            found.append(("pattern", f"{exact} {each.objection.name if each.objection else 'put right' if each.puts_right else 'meant'}"))
        elif each.objection is None:
            if overlaps:
                found.append(("pattern of", each.kind))
            else:
                others.add(each.kind)
    found.append(("others", str(min(len(others), 3))))
    found += [("beside", name) for name in others]
    asked = "nothing" if beside.asked is None else str(patterns.asked("plan" if kind == "tier" else kind, beside.asked))
    found.append(("asked", asked))
    if alone:
        found.append(("alone", asked))
    if held is not None:
        found.append(("held opening", labels[0] if labels else ""))
        found.append(("held alike", _alike(held, span.value)))
        found.append(("held words", str(min(len(labels), 12))))
    called = beside.held.get("name") if kind == "preferred_name" else None
    if called is not None:
        found.append(("name alike", _alike(called, span.value)))
    return found


@lru_cache(maxsize=1024)
def _alike(held: str, value: str) -> str:
    """How a value compares with what is held: the same, a part, more, spelled much the same, akin, or another."""
    old, new = held.casefold(), value.casefold()
    if old == new:
        return "same"
    if new in old:
        return "part"
    if old in new:
        return "more"
    matcher = SequenceMatcher(None, old, new)
    # The quick ratios bound the slow one from above.
    ratio = 0.0 if matcher.real_quick_ratio() < 0.45 or matcher.quick_ratio() < 0.45 else matcher.ratio()
    return "near" if ratio >= 0.7 else "akin" if ratio >= 0.45 or old[:2] == new[:2] else "other"
