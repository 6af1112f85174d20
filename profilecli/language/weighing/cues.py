"""What stands around a candidate, as named cues: the words beside it, whom the clause is about, its own form.

A cue is a sort and a text: ``("before", "at")``, ``("subject", "my kin")``. How much each speaks for a
fact or against it is data (:mod:`profilecli.language.weighing`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache
from importlib.resources import files

from profilecli.language import patterns, places, roles
from profilecli.language.clauses import Objection, Reading
from profilecli.language.lexicon import lines, words
from profilecli.language.spans import Span
from profilecli.language.weighing.tokens import Tokens, tokens_of

__all__ = ["Beside", "Cue", "Stated", "classes", "of_candidate", "of_clause", "of_message"]

Cue = tuple[str, str]

NEAR = 8
"""Words and marks on either side of a candidate that are looked at."""

_SUBJECTS = frozenset(
    {"i", "i'm", "i've", "i'd", "i'll", "my", "me", "mine", "myself", "we", "we're", "we've", "we'll", "our", "us", "ours", "you", "your"}
    | {"you're", "he", "he's", "she", "she's", "his", "him", "her", "they", "they're", "their", "them", "it", "it's", "this", "that"}
    | {"that's", "who", "someone", "somebody", "everyone", "people"}
)
_OWNERS = frozenset({"my", "our", "your", "his", "her", "their"})


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


@cache
def classes() -> dict[str, str]:
    """Words to the name of their class, of ``classes.toml``."""
    data = tomllib.loads(files(__package__).joinpath("classes.toml").read_text("utf-8"))
    return {word: name for name, group in data.items() for word in group.split()}


def of_message(reading: Reading) -> list[Cue]:
    """The cues that all candidates of a message share: its words, wherever they stand."""
    known: list[Cue] | None = reading.__dict__.get("_message_cues")
    if known is None:
        labels = tokens_of(reading).labels
        said = {*labels[:60], *labels[-20:]}
        known = [("M", word) for word in said]
        known += [("M:", name) for name in {classes()[word] for word in said & classes().keys()}]
        known.append(("M long", f"{min(len(labels) // 10, 4)} {reading.is_cased}"))
        reading.__dict__["_message_cues"] = known
    return known


def of_candidate(reading: Reading, span: Span, kind: str, beside: Beside) -> list[Cue]:
    """The cues of one candidate for a kind of fact, but for :func:`of_clause`."""
    tokens = tokens_of(reading)
    first, after = tokens.from_(span.start), tokens.from_(span.end)
    return [
        *_of_place(reading, tokens, first, after),
        *_form(tokens, span, kind, first, after),
        *_conversation(span, kind, beside, tokens.labels),
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
    found = _next_to(labels[max(0, first - 3) : first], labels[after : after + 3])
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


def _next_to(left: Sequence[str], right: Sequence[str]) -> list[Cue]:
    b3, b2, b1 = ["^^", "^^", "^", *left][-3:]
    a1, a2, a3 = [*right, "$", "$$", "$$"][:3]
    found = [
        ("bias", ""),
        ("b1", b1),
        ("b2", b2),
        ("b3", b3),
        ("b12", f"{b2} {b1}"),
        ("b123", f"{b3} {b2} {b1}"),
        ("a1", a1),
        ("a2", a2),
        ("a12", f"{a1} {a2}"),
        ("a123", f"{a1} {a2} {a3}"),
        ("b1a1", f"{b1} {a1}"),
        ("b12a1", f"{b2} {b1} {a1}"),
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
        if labels[index] in _SUBJECTS:
            subject, far = labels[index], first - index
            following = labels[index + 1] if far > 1 else ""
            if subject in _OWNERS and following:
                found.append(("owned", classes().get(following, following)))
                subject = f"{subject} {classes().get(following, 'x')}"
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
    if first > low + 1:
        found.append(("opening2", f"{labels[low]} {labels[low + 1]}"))
    if high > low and labels[high - 1] in {"?", "!", ".", "…"}:
        found.append(("mark", labels[high - 1]))
    found += [("earlier", word) for word in labels[max(0, low - 3) : low]]
    return found


def _form(tokens: Tokens, span: Span, kind: str, first: int, after: int) -> Iterator[Cue]:
    """What the candidate itself looks like."""
    yield "words", str(min(after - first, 4))
    if first >= after:
        return
    given = words("given_names")
    text, head, tail = tokens.texts[first], tokens.words[first], tokens.words[after - 1]
    shape = "AA" if text.isupper() and len(text) > 1 else "A" if text[0].isupper() else "aA" if any(map(str.isupper, text)) else "a"
    yield "shape", shape
    yield "known", f"{head in given} {tail in given and after - first > 1} {shape}"
    if head in words("common_words"):
        yield "common", shape
    lowered = span.value.lower()
    if kind == "role":
        yield "head", tail
        yield "is head", str(roles.is_head(tail))
    elif kind in {"tier", "timezone"}:
        yield "is", lowered
        yield "zone", f"{shape} {'/' in span.value} {after - first}"
    else:
        yield from _named(lowered, tail, kind, several=after - first > 1)
    if kind == "expertise":
        for word in tokens.words[first:after]:
            yield "w", word


def _named(lowered: str, tail: str, kind: str, *, several: bool) -> Iterator[Cue]:
    """What a name of a person, firm, plan or skill is known as beside."""
    if kind == "plan":
        yield "is", lowered
    if lowered in lines("famous_people"):
        yield "famous", "person"
    if lowered in lines("famous_organisations"):
        yield "famous", "firm"
    if lowered in words("products") or lowered in lines("programming_languages"):
        yield "famous", "product"
    if tail.strip(".") in words("organisation_words"):
        yield "firm word", str(several)
    if places.place_of(lowered):
        yield "famous", "place"
    if "&" in lowered:
        yield "&", ""


def _conversation(span: Span, kind: str, beside: Beside, labels: Sequence[str]) -> Iterator[Cue]:
    """What the patterns read here and elsewhere, what was asked, and what is known already."""
    others = set()
    for each in beside.stated:
        overlaps = each.span.start < span.end and span.start < each.span.end
        if each.kind == kind:
            exact = "same" if (each.span.start, each.span.end) == (span.start, span.end) else "over" if overlaps else "elsewhere"
            yield "pattern", f"{exact} {each.objection.name if each.objection else 'put right' if each.puts_right else 'meant'}"
        elif each.objection is None:
            if overlaps:
                yield "pattern of", each.kind
            else:
                others.add(each.kind)
    yield "others", str(min(len(others), 3))
    for name in others:
        yield "beside", name
    if beside.asked is not None:
        yield "asked", str(patterns.asked("plan" if kind == "tier" else kind, beside.asked))
    held = beside.held.get(kind)
    yield "held", str(held is not None)
    if held is not None:
        yield "held opening", labels[0] if labels else ""
        yield "held alike", _alike(held, span.value)
        yield "held words", str(min(len(labels), 12))
    called = beside.held.get("name") if kind == "preferred_name" else None
    if called is not None:
        yield "name alike", _alike(called, span.value)


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
