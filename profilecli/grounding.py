"""Grounding: is this value stated in these words of the user's, about themselves, now, and in earnest?

Pure. A proposal, whoever makes it, becomes an update only if

1. its quote stands in the message (folded for case, white space, Unicode form, typographic quotes);
2. the quote states the value: its words stand there, or what stands there has it as its normal form
   (a choice of the schema, a city or abbreviation for a time zone, a number word, a date);
3. the clause around it is the user speaking of themselves, now, and meaning it
   (:mod:`profilecli.language.clauses`), and it is about that kind of fact.

What the patterns read (:mod:`profilecli.language.stated`) decides first: where they find the value
stated for this field it holds, where they find it stated for another it doesn't. Only words that no
pattern knows are judged by their clause alone. Everything refused has a reason for the user.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from profilecli.errors import InvalidValue
from profilecli.language import credentials, dates, languages, names, numbers, organisations, patterns, places, roles, timezones, typed
from profilecli.language.clauses import Objection, Reading, last_of
from profilecli.language.kinds import kind_of, phrases
from profilecli.language.lazy import Lazy
from profilecli.language.lexicon import words
from profilecli.language.stated import Claim, claims, reading_of
from profilecli.language.statements import statements
from profilecli.language.text import fold, occurrences, words_of
from profilecli.models import Proposal, Rejection, Source, Update, Utterance
from profilecli.schema.fields import SAYS_NOTHING, Field

__all__ = ["check", "locate"]

_WORDS = frozenset({"name", "preferred_name", "company", "role"})
"""Kinds of facts whose values are whole words: ``hunter`` is none in ``hunter2``."""

_NO_FIELD = "there is no such field"
_SAYS_NOTHING = "it says nothing"
_PLACE_NAME = Lazy(r"[^\W\d_]{2,30}(?:[ ,-]{1,2}[^\W\d_]{1,30}){0,5}")
_NOT_TAKEN_BACK = "the user does not take it back"


def check(
    proposals: Iterable[Proposal],
    *,
    message: str,
    context: Sequence[Utterance],
    fields: Sequence[Field],
    values: Mapping[str, Any],
    source: Source,
) -> tuple[list[Update], list[Rejection]]:
    """The proposals that hold, converted, and those that don't, with the reason.

    Evidence is ``message`` alone; ``context``, the conversation before it, only tells what a
    fragment is about. ``values`` are the profile's present JSON values. A list field's update
    carries one element. A credential is masked in its rejection.
    """
    ground = _Ground(message, context, fields, values)
    by_name = {field.name: field for field in fields}
    updates: list[Update] = []
    rejections: list[Rejection] = []
    for proposal in proposals:
        field = by_name.get(proposal.field)
        reason = _NO_FIELD if field is None else ground.reason(proposal, field)
        if reason is None and field is not None:
            try:
                value = None if proposal.value is None else field.convert_element(ground.normal(proposal.value, field))
            except InvalidValue as error:
                reason = error.reason
            else:
                updates.append(Update(proposal.field, proposal.action, value, proposal.quote, source))
                continue
        shown = proposal.value
        if shown is not None and (credentials.is_credential(shown, message) or ground.is_of_a_secret(shown)):
            shown = credentials.mask(shown)
        rejections.append(Rejection(proposal.field, shown, str(reason or _SAYS_NOTHING), _masked(proposal.quote, message), source))
    return updates, rejections


def locate(field: Field, value: str, *, messages: Sequence[str]) -> tuple[int, str] | None:
    """Where the user states ``value`` for ``field``: the index of the newest such message, and the words.

    ``messages`` are the user's, oldest first; for tool calls, which come without a quote. None
    where no message states it.
    """
    for index in range(len(messages) - 1, -1, -1):
        ground = _Ground(messages[index], [Utterance("user", earlier) for earlier in messages[:index]], [field], {})
        for quote in ground.quotes(field, value):
            if ground.reason(Proposal(field.name, "set", value, quote), field) is None:
                return index, quote
    return None


def _masked(quote: str, message: str) -> str:
    """The quote with every credential in it masked, also one of which the quote has only a part."""
    text, start, secrets = quote, 0, [(span.start, span.end) for span in credentials.find(quote)]
    for start, end in occurrences(message, quote)[:1]:
        text, secrets = message[start:end], _secret_places(message)
    for at, until in sorted(secrets, reverse=True):
        if at < start + len(text) and start < until:
            text = text[: max(at - start, 0)] + credentials.mask(message[at:until] or quote[at:until]) + text[max(until - start, 0) :]
    return text


def _secret_places(message: str) -> list[tuple[int, int]]:
    """Where credentials stand in a message, and wherever else it has the same words."""
    return sorted({place for span in credentials.find(message) for place in [(span.start, span.end), *occurrences(message, span.words)]})


@dataclass
class _Ground:
    """One message with what it states, to judge proposals by."""

    message: str
    context: Sequence[Utterance]
    fields: Sequence[Field]
    values: Mapping[str, Any]

    def __post_init__(self) -> None:
        self.reading: Reading = reading_of(self.message, self.context)
        self.claims: list[Claim] = claims(self.reading, context=self.context, fields=self.fields, values=self.values)

    def normal(self, value: str, field: Field) -> str:
        """The form that is stored: an IANA zone, a number in digits, a date in ISO 8601."""
        if kind_of(field) == "timezone" and not field.choices:
            return timezones.zone_of(value) or value
        if field.type in (int, float) or (kind_of(field) == "age" and not value.isdigit()):
            number = numbers.number_of(value)
            return value if number is None else str(number)
        if field.type in (date, datetime):
            return dates.date_of(value) or value
        return value

    def reason(self, proposal: Proposal, field: Field) -> str | None:
        """Why the proposal doesn't hold; None if it does."""
        if proposal.value is not None and (what := credentials.is_credential(proposal.value, self.message)):
            return f"it looks like {what}, and credentials are never stored"
        places = occurrences(self.message, proposal.quote)
        if not places:
            return Objection.NOT_STATED
        if proposal.value is not None and self.is_of_a_secret(proposal.value):
            return "it is part of a credential, and credentials are never stored"
        if proposal.action == "unset":
            return self._not_taken_back(proposal, field, places)
        if proposal.value is None or fold(proposal.value).strip(" .!") in SAYS_NOTHING:
            return _SAYS_NOTHING
        reasons = [reason for start, end in places if (reason := self._not_stated(proposal.value, field, start, end)) is not None]
        return None if len(reasons) < len(places) else reasons[0]

    def is_of_a_secret(self, value: str) -> bool:
        """Whether the value stands within a key or a password, whole or in part, or begins a URL."""
        places = occurrences(self.message, value)
        if any(self.message.startswith("://", end) for _, end in places):
            return True
        return any(start < until and at < end for start, end in places for at, until in self._secrets)

    @cached_property
    def _secrets(self) -> list[tuple[int, int]]:
        return _secret_places(self.message)

    def quotes(self, field: Field, value: str) -> Iterator[str]:
        """Words of the message that may state ``value``: what the patterns read, then clauses that hold it."""
        wanted = fold(self.normal(value, field))
        for claim in self.claims:
            if claim.field == field.name and claim.value is not None and fold(self.normal(claim.value, field)) == wanted:
                yield self.message[claim.start : claim.end]
        for start, _ in self._spans(value, field, 0, len(self.message)):
            clause_start, clause_end = self.reading.clause(start)
            yield self.message[clause_start:clause_end].strip()

    # ---- set

    def _not_stated(self, value: str, field: Field, start: int, end: int) -> str | None:
        claim = self._claim(value, field, start, end)
        if (
            claim is not None
            and claim.objection is None
            and kind_of(field) in _WORDS
            and _inside_word(self.message, claim.value_start, claim.value_end)
        ):
            return Objection.NOT_STATED
        if claim is not None:
            return None if claim.objection is None else claim.objection.value
        spans = list(self._spans(value, field, start, end))
        if not spans:
            return Objection.NOT_STATED
        reasons = [self._not_meant(value, field, at, until) for at, until in spans]
        return None if None in reasons else reasons[0]

    def _claim(self, value: str, field: Field, start: int, end: int) -> Claim | None:
        """What the patterns read for this field and value within the quote, the unobjectionable first."""
        wanted = fold(self.normal(value, field))
        found = [
            claim
            for claim in self.claims
            if claim.field == field.name and claim.action == "set" and claim.value is not None
            and fold(self.normal(claim.value, field)) == wanted and claim.value_start < end and start < claim.value_end
        ]  # fmt: skip
        return min(found, key=lambda claim: claim.objection is not None, default=None)

    def _spans(self, value: str, field: Field, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Where in ``message[start:end]`` the value's words stand, or words of which it is the normal form."""
        quote = self.message[start:end]
        for at, until in occurrences(quote, value):
            if not _inside_word(self.message, start + at, start + until):
                yield start + at, start + until
        wanted = fold(self.normal(value, field))
        for span in self._recognised(field, quote):
            if fold(span.value) == wanted:
                yield start + span.start, start + span.end

    @staticmethod
    def _recognised(field: Field, quote: str) -> list[Any]:
        kind = kind_of(field)
        if field.choices:
            choice = typed.choice_in(field, quote, 0, len(quote), anywhere=True)
            return [choice] if choice else []
        if kind == "timezone":
            return timezones.find(quote)
        if field.type in (int, float) or kind == "age":
            return numbers.find(quote)
        if field.type in (date, datetime) or kind == "birthday":
            return dates.find(quote)
        return languages.find(quote) if kind == "language" else []

    def _not_meant(self, value: str, field: Field, start: int, end: int) -> str | None:
        """Why the clause around a value that no pattern reads doesn't state it for the field."""
        kind = kind_of(field)
        region = self.reading.region(start, end)
        if region is not None:
            return Objection(region.value)
        other = self._stated_elsewhere(field, start, end)
        if other is not None:
            return other
        objection = self.reading.objection(start, end, request=kind == "preferred_name")
        if objection is not None:
            return objection
        clause_start, clause_end = self.reading.clause(start)
        before, clause = self.reading.masked[clause_start:start], self.reading.masked[clause_start:clause_end]
        answered = self._asked_for(field) and len(self.reading.masked) < 120
        objection = _reading_of_clause(before, clause, answered=answered)
        if objection is not None:
            return objection
        return None if answered or self._about(kind, value, clause) else Objection.NOT_STATED

    def _stated_elsewhere(self, field: Field, start: int, end: int) -> str | None:
        """Where a pattern reads the value as another fact: the company that isn't a name."""
        kind = kind_of(field)
        for statement in statements(self.reading):
            said = "plan" if statement.kind == "tier" else statement.kind
            if said == kind or statement.value is None or statement.action != "set":
                continue
            if statement.objection is None and statement.value.start <= start and end <= statement.value.end:
                return f"stated as the user's {said.replace('_', ' ')}"
        for claim in self.claims:
            same = claim.value_start <= start < claim.value_end and claim.action == "set"
            if same and claim.field == field.name and claim.objection is not None:
                return claim.objection.value
        return None

    def _asked_for(self, field: Field) -> bool:
        if not self.context or self.context[-1].role != "assistant":
            return False
        asked = self.context[-1].content[-400:]
        if patterns.asked(kind_of(field), asked):
            return True
        return "?" in asked and any(phrase in asked.lower() for phrase in phrases(field))

    def _about(self, kind: str, value: str, clause: str) -> bool:
        """Whether the clause speaks of this kind of fact, and the value is of its sort."""
        licence = patterns.licence(kind)
        if licence is None:
            return True
        if not _is_of_kind(kind, value, clause):
            return False
        outside = clause.replace(value, " ")
        return bool(licence.search(outside))

    # ---- unset

    def _not_taken_back(self, proposal: Proposal, field: Field, places: list[tuple[int, int]]) -> str | None:
        """Why the quote doesn't take back the field in the user's own words."""
        reason: str = _NOT_TAKEN_BACK
        for start, end in places:
            for claim in self.claims:
                if claim.field == field.name and claim.action == "unset" and claim.start < end and start < claim.end:
                    if claim.objection is None:
                        return None
                    reason = claim.objection.value
            said = self.reading.masked[start:end]
            retracted = patterns.licence_of("retracted").search(said)
            if retracted is None or (not patterns.licence_of("self").search(said) and not _is_order(said)):
                continue
            objection = self.reading.objection(start, end, request=True)
            if objection is not None and objection is not Objection.NEGATED:
                reason = objection.value
            elif self._names(field, proposal.value, said):
                return None
        return reason

    def _names(self, field: Field, value: str | None, quote: str) -> bool:
        """Whether the words name what is taken back: the field, or the value that it holds."""
        said = set(words_of(quote))
        held = [value] if value else [v for v in _listed(self.values.get(field.name)) if isinstance(v, str)]
        return any(set(words_of(each)) & said for each in held) or any(phrase in quote.lower() for phrase in phrases(field))


def _is_of_kind(kind: str, value: str, clause: str) -> bool:
    """Whether a value could be of its kind, where no pattern has read it: in doubt it isn't."""
    first = value.split(maxsplit=1)[0].lower() if value.split() else ""
    capital = value[:1].isupper() or value[:1].lower() == value[:1].upper()
    if kind in {"name", "preferred_name"}:
        return names.is_name_like(value) and (capital or first in words("given_names"))
    if kind == "company":
        return capital and organisations.is_organisation_like(value) and first not in words("common_words")
    if kind == "role":
        return roles.is_role(value) or (roles.is_role_like(value) and bool(patterns.licence_of("job").search(clause)))
    if kind == "timezone":
        return timezones.zone_of(value) is not None and (bool(timezones.find(value, cities=False)) or "time" in clause.lower())
    if kind == "location":
        return places.place_of(value) is not None or (capital and bool(_PLACE_NAME.fullmatch(value)) and first not in words("common_words"))
    if kind == "age":
        number = numbers.number_of(value)
        return isinstance(number, int) and 0 < number <= 120
    return True


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _inside_word(text: str, start: int, end: int) -> bool:
    """Whether a found text is only part of a word; scripts without spaces know no such thing."""
    first, last = text[start], text[end - 1]
    joins_before = start > 0 and text[start - 1].isalnum() and first.isalnum() and text[start - 1].isascii()
    joins_after = end < len(text) and text[end].isalnum() and last.isalnum() and text[end].isascii()
    return joins_before or joins_after


def _is_order(said: str) -> bool:
    return bool(re.match(r"\W*(?:please )?(?:forget|delete|remove|erase|clear|unset|drop|stop)\b", said, re.IGNORECASE))


def _reading_of_clause(before: str, clause: str, *, answered: bool) -> Objection | None:
    """Whose clause it is, and whether it denies, intends or remembers what it says."""
    others = last_of(patterns.licence_of("others"), before)
    own = last_of(patterns.licence_of("self"), before)
    if others is not None and (own is None or own.start() <= others.start()):
        return Objection.THIRD_PERSON
    if patterns.licence_of("denied").search(before):
        return Objection.NEGATED
    if patterns.licence_of("wished").search(before):
        return Objection.WISH
    if patterns.licence_of("intended").search(before):
        return Objection.PLAN
    if patterns.licence_of("former").search(before):
        return Objection.PAST
    if not answered and patterns.licence_of("self").search(clause) is None:
        return Objection.NOT_STATED
    return None
