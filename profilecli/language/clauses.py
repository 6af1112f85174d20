"""How a message is meant: for any words of it, whether their author states them of themselves, now, in earnest.

A message is cut into regions (:mod:`profilecli.language.regions`), sentences, and clauses.
:meth:`Reading.objection` says why the words at a place are no statement of fact, or that nothing
speaks against them. It is worked out only for a place that is asked about, so that a message
without a fact costs little. The words that it goes by are data: the table ``moods`` of
:mod:`profilecli.language.patterns`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Sequence
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import pairwise

from profilecli.language import patterns
from profilecli.language.lazy import Lazy
from profilecli.language.regions import Region, RegionKind, mask, regions
from profilecli.language.text import plain

__all__ = ["Objection", "Reading", "in_role_play", "last_of", "read"]

LONGEST_SENTENCE = 600
"""Characters; a longer one is read in pieces, so that reading stays linear."""


class Objection(StrEnum):
    """Why words are no statement of the user's about themselves; the value is for the user to read."""

    CODE = "inside code"
    LOG = "inside a log"
    DOCUMENT = "inside a pasted document"
    FORWARDED = "inside quoted or forwarded text"
    QUOTATION = "inside quotation marks"
    FICTION = "a story or a role play"
    QUESTION = "it is a question"
    HYPOTHETICAL = "only supposed, not a fact"
    REPORTED = "what somebody else says"
    WISH = "a wish, not a fact"
    PLAN = "a plan, not a fact"
    NEGATED = "the user says the opposite"
    PAST = "no longer so"
    THIRD_PERSON = "about somebody else"
    INSTRUCTION = "an instruction, not a fact"
    KNOWN = "the profile knows more already"
    DOUBTFUL = "the words around it hardly state it"
    NOT_STATED = "not stated by the user"


_TERMINATOR = Lazy(r"[.!?…]{1,8}[\"')\]]{0,3}(?=\s|$)|[。！？；।؟]|\n+|;(?=\s)|(?<=\w)\.(?=[A-Z][a-z])")
_ABBREVIATION = Lazy(
    r"(?:^|[\s(.])(?:dr|mr|mrs|ms|st|prof|jr|sr|sra|srta|hr|fr|mme|mlle|lt|col|sgt|cpl|maj|gen|cmdr|hon|rev|capt|[A-Z]|vs|e\.g|i\.e|no|approx)$",
    re.IGNORECASE,
)
_COMPANY_FORM = Lazy(r"(?:^|\s)(?:inc|corp|co|ltd|jr|sr|bros|u\.s|s\.a|llc)$", re.IGNORECASE)


_LOOSE_MARK = Lazy(r"(?<=\w) ([,.!?;])(?= |\n|$)")
_BESIDE_A_SUBJECT = frozenset({"", "all", "also", "are", "both", "is", "now", "still", "was", "were"})


class Reading:
    """A message cut up, with what its regions, sentences and clauses tell about any place in it.

    ``plain`` is the message with plain quotes and dashes; ``masked`` the same with all regions but
    quotations blanked, and marks that a space sets loose closed up. Offsets into either are offsets
    into ``message``.
    """

    def __init__(self, message: str, *, role_play: bool = False) -> None:
        self.message = message
        self.plain = plain(message)
        self.regions: list[Region] = regions(self.plain)
        self.masked = _closed_up(mask(self.plain, self.regions))
        self._role_play = role_play
        self._clauses: dict[int, list[tuple[int, int]]] = {}

    @cached_property
    def lowered(self) -> str:
        """``masked`` in lower case, for looking up cue words; its offsets may differ."""
        return self.masked.lower()

    @cached_property
    def is_cased(self) -> bool:
        """Whether the author uses capitals as one does: some words with, most letters without."""
        upper = sum(map(str.isupper, self.masked[:400].replace(" I ", " ").replace("I'", "")))
        lower = sum(map(str.islower, self.masked[:400]))
        return upper > 1 and upper * 2 < lower

    @cached_property
    def shouts(self) -> bool:
        """Whether the message is typed in capitals throughout."""
        return len(self.masked) > 8 and self.masked.isupper()

    @cached_property
    def _ends(self) -> list[int]:
        """Where sentences end, in order; the last is the end of the message."""
        ends: list[int] = []
        start = 0
        text = self.masked
        for match in _TERMINATOR.finditer(text):
            if match.group()[0] == "." and self._is_abbreviation(start, match):
                continue
            start = self._append_end(ends, start, match.end())
        if start < len(text) or not ends:
            self._append_end(ends, start, len(text))
        return ends

    def _is_abbreviation(self, start: int, match: re.Match[str]) -> bool:
        word = self.masked[max(start, match.start() - 8) : match.start()]
        if _ABBREVIATION.search(word):
            return word[-1:] != "I"
        return bool(_COMPANY_FORM.search(word)) and self.masked[match.end() : match.end() + 2].strip()[:1].islower()

    def _append_end(self, ends: list[int], start: int, end: int) -> int:
        while end - start > LONGEST_SENTENCE:
            at = self.masked.rfind(" ", start + LONGEST_SENTENCE // 2, start + LONGEST_SENTENCE)
            start = at + 1 if at > 0 else start + LONGEST_SENTENCE
            ends.append(start)
        ends.append(end)
        return end

    def sentence(self, at: int) -> tuple[int, int]:
        """Start and end of the sentence around ``at``, white space trimmed from its start."""
        index = min(bisect_right(self._ends, at), len(self._ends) - 1)
        start, end = (self._ends[index - 1] if index else 0), self._ends[index]
        while start < end and self.masked[start].isspace():
            start += 1
        return start, end

    def sentences(self) -> list[tuple[int, int]]:
        """All sentences that hold anything, in order."""
        spans = []
        start = 0
        for end in self._ends:
            if self.masked[start:end].strip():
                spans.append(self.sentence(start))
            start = end
        return spans

    def region(self, start: int, end: int) -> RegionKind | None:
        """The kind of a region that holds any of ``[start, end)``, or all of it where it is a quotation."""
        for region in self.regions:
            if region.start >= end:
                break
            if region.kind is RegionKind.QUOTATION:
                if region.start <= start and end <= region.end:
                    return region.kind
            elif start < region.end:
                return region.kind
        return None

    def clauses(self, start: int, end: int) -> list[tuple[int, int]]:
        """The clauses of the sentence ``[start, end)``."""
        if start not in self._clauses:
            self._clauses[start] = self._cut(start, end)
        return self._clauses[start]

    def _cut(self, start: int, end: int) -> list[tuple[int, int]]:
        cuts = [start]
        sentence = self.masked[start:end]
        for match in patterns.mood("boundary").finditer(sentence):
            at = start + (match.start("next") if match.group("next") is not None else match.end())
            if at > cuts[-1]:
                cuts.append(at)
        cuts.append(end)
        return [(a, b) for a, b in pairwise(cuts) if b > a]

    def clause(self, at: int) -> tuple[int, int]:
        """Start and end of the clause around ``at``."""
        for start, end in self.clauses(*self.sentence(at)):
            if start <= at < end:
                return start, end
        return self.sentence(at)

    def objection(self, start: int, end: int, *, request: bool = False) -> Objection | None:
        """Why the words ``[start, end)``, a subject with what is said of it, are no statement; None if they are.

        With ``request`` they may ask or wish something of the program ("Can you call me Al?").
        """
        kind = self.region(start, start + 1)
        if kind is not None:
            return Objection(kind.value)
        begin, finish = self.sentence(start)
        left, right = self.masked[begin:start], self.masked[end:finish]
        return self._fiction(start, left, right) or self._supposed(left) or self._clausal(start, end, request=request)

    def _fiction(self, start: int, left: str, right: str) -> Objection | None:
        if self._role_play or self._pretence_start <= start:
            return Objection.FICTION
        if patterns.mood("fiction_before").search(left) or patterns.mood("fiction_after").search(right):
            return Objection.FICTION
        if ("instance" in left or "such as" in left or "example" in left or ":" in left or "e.g" in left) and patterns.mood(
            "announced"
        ).search(left):
            return Objection.REPORTED
        return Objection.INSTRUCTION if patterns.mood("writing").search(left) else None

    @cached_property
    def _pretence_start(self) -> int:
        """From where on the message is a role play; beyond its end where it is none.

        "Act as a career coach" gives the program a part; who asks for advice speaks of themselves.
        """
        found = patterns.mood("pretence").finditer(self.masked) if patterns.mood_cue("pretence", self.lowered) else ()
        starts = (match.start() for match in found if not patterns.mood("advising").match(self.masked, match.end() - len("act as")))
        return next(starts, len(self.masked) + 1)

    @staticmethod
    def _supposed(left: str) -> Objection | None:
        """``if I were a nurse, …``: the whole sentence; ``if you wonder, …``: only up to the comma."""
        last = last_of(patterns.mood("supposition"), left)
        if last is None or patterns.mood("supposition_idiom").match(left, last.start()):
            return None
        condition = left[last.end() :]
        if re.search(r",\s*\S{0,12}\s*$", condition) and not patterns.mood("self").search(condition):
            return None
        return Objection.HYPOTHETICAL

    def _clausal(self, start: int, end: int, *, request: bool) -> Objection | None:
        clause_start, _ = self.clause(start)
        before = self.masked[clause_start:start]
        if asked := self._question(start, end, before, request=request):
            return asked
        if patterns.mood("reported").search(before) or patterns.mood("quoting").search(before):
            return Objection.REPORTED
        if patterns.mood("negated").search(before):
            return Objection.NEGATED
        if patterns.mood("others_call").search(before) if request else self._has_another_subject(before, start):
            return Objection.THIRD_PERSON
        if patterns.mood("past").search(before) or patterns.mood("ended").search(before):
            return Objection.PAST
        if not request:
            if patterns.mood("sought").search(before) or patterns.mood("unsure").match(self.masked[clause_start:end]):
                return Objection.PLAN
            if patterns.mood("wish").search(before):
                return Objection.WISH
            if patterns.mood("plan").search(before):
                return Objection.PLAN
        if patterns.mood("relative").search(before):
            return Objection.THIRD_PERSON
        return self._afterthought(end)

    def _has_another_subject(self, before: str, start: int) -> bool:
        """ "My parents | live in Goa": what stands right before words without a subject of their own is theirs."""
        if not before.strip() or patterns.licence_of("self").match(self.masked, start) or " me " in self.masked[start : start + 24]:
            return False
        others = last_of(patterns.licence_of("others"), before)
        return (
            others is not None
            and not others.group().lower().startswith("you")
            and before[others.end() :].strip().lower() in _BESIDE_A_SUBJECT
        )

    def _question(self, start: int, end: int, before: str, *, request: bool) -> Objection | None:
        """A clause that begins as a question, one that ends in its mark, or one with a tag that asks."""
        opening = patterns.mood("question").search(before + self.masked[start : start + 3])
        if opening and not (request and patterns.mood("request").search(before)):
            return Objection.QUESTION
        begin, finish = self.sentence(start)
        if "?" not in self.masked[finish - 4 : finish]:
            return None
        clauses = self.clauses(begin, finish)
        tail = self.masked[end:finish]
        if patterns.mood("tag").match(tail) or (clauses[-1][0] <= start and not opening and not request and self._asks(end, finish)):
            return Objection.QUESTION
        return None

    def _asks(self, end: int, finish: int) -> bool:
        """Whether the question mark after ``end`` belongs to the same clause, not to a question that follows."""
        return not patterns.mood("question_after").search(self.masked[end:finish])

    def _afterthought(self, end: int) -> Objection | None:
        after = self.masked[end : end + 60]
        if patterns.mood("joke").search(after):
            return Objection.NEGATED
        _, finish = self.sentence(end - 1)
        _, clause_end = self.clause(end - 1)
        if patterns.mood("future_after").search(self.masked[end : min(clause_end, finish)]):
            return Objection.PLAN
        return None


def _closed_up(text: str) -> str:
    """The text with a mark set loose by a space put before the space ("i am ana , hi" to "i am ana,  hi"): as long as before."""
    return _LOOSE_MARK.sub(r"\1 ", text) if " ," in text or " ." in text or " !" in text or " ?" in text or " ;" in text else text


def last_of(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The last match of a pattern in a text, or None."""
    return next(iter(deque(pattern.finditer(text), maxlen=1)), None)


@lru_cache(maxsize=32)
def read(message: str, *, role_play: bool = False) -> Reading:
    """The reading of a message; ``role_play`` says that the conversation is in the middle of one."""
    return Reading(message, role_play=role_play)


def in_role_play(earlier: Sequence[str]) -> bool:
    """Whether the user's ``earlier`` messages began a role play and haven't ended it."""
    playing = False
    for message in earlier:
        turn = _role_play_turn(message)
        playing = playing if turn is None else turn
    return playing


@lru_cache(maxsize=256)
def _role_play_turn(message: str) -> bool | None:
    """True where a message begins a role play, False where it would end one, else None."""
    lowered = message.lower()
    if (
        patterns.mood_cue("pretence", lowered)
        and patterns.mood("role_play").search(lowered)
        and not patterns.mood("advising").search(lowered)
    ):
        return True
    return False if patterns.mood("role_play_ends").search(lowered) else None
