"""The judge of proposals: one message with what it states, and what holds against it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from profilecli.errors import InvalidValue
from profilecli.grounding import about, taking_back
from profilecli.grounding.trust import is_believable
from profilecli.language import contacts, credentials, dates, languages, numbers, patterns, timezones, typed
from profilecli.language.claims import Claim
from profilecli.language.clauses import Objection, Reading, last_of
from profilecli.language.kinds import kind_of, phrases
from profilecli.language.stated import claims, reading_of
from profilecli.language.statements import statements
from profilecli.language.text import fold, occurrences, words_of
from profilecli.models import Proposal, Rejection, Source, Update, Utterance
from profilecli.schema.fields import SAYS_NOTHING, Field

__all__ = ["check", "locate"]

_WORDS = frozenset({"name", "preferred_name", "company", "role"})
"""Kinds of facts whose values are whole words: ``hunter`` is none in ``hunter2``."""

_COMPLETED = frozenset({"name", "company", "role", "expertise"})
"""Kinds of facts of which a part is another fact: "Alice", where the message has "I'm Alice Chen"."""

_OF_A_CITY = frozenset({"location", "timezone"})
"""Kinds of facts that one name may state at once: "Kyoto is where I live"."""

_NO_FIELD = "there is no such field"
_SAYS_NOTHING = "it says nothing"


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
    proposals = list(proposals)
    if not proposals:
        return [], []
    ground = _Ground(message, context, fields, values, believed=is_believable(proposals, message))
    by_name = {field.name: field for field in fields}
    updates: list[Update] = []
    rejections: list[Rejection] = []
    for proposal in proposals:
        field = by_name.get(proposal.field)
        reason = _NO_FIELD if field is None else ground.reason(proposal, field)
        if reason is None and field is not None:
            try:
                value = None if proposal.value is None else field.convert_element(ground.stored(proposal, field))
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
    """One message with what it states, to judge proposals by.

    ``believed``: who proposes is to be believed about which field words are meant for, where the
    words themselves don't say.
    """

    message: str
    context: Sequence[Utterance]
    fields: Sequence[Field]
    values: Mapping[str, Any]
    believed: bool = True

    def __post_init__(self) -> None:
        self.reading: Reading = reading_of(self.message, self.context)
        read = claims(self.reading, context=self.context, fields=self.fields, values=self.values)
        # That a pattern doesn't apply where it stands says nothing about other readings of the words.
        self.claims: list[Claim] = [claim for claim in read if claim.objection is not Objection.NOT_STATED]

    def normal(self, value: str, field: Field) -> str:
        """The form that is stored: an IANA zone, a number in digits, a date in ISO 8601."""
        if kind_of(field) == "timezone" and not field.choices:
            return timezones.zone_of(value) or value
        if field.type in (int, float) or (kind_of(field) == "age" and not value.isdigit()):
            number = numbers.number_of(value)
            return value if number is None else str(number)
        if field.type in (date, datetime):
            return dates.date_of(value) or value
        if kind_of(field) == "phone":
            return next((span.value for span in contacts.phones(value)), value)
        return value

    def stored(self, proposal: Proposal, field: Field) -> str:
        """What is stored for a proposal that holds: its normal form, or all that is stated where it is a part of that."""
        assert proposal.value is not None
        for start, end in occurrences(self.message, proposal.quote):
            whole = self._whole(proposal.value, field, start, end)
            if whole is not None and whole.value is not None and whole.objection is None:
                return self.normal(whole.value, field)
        return self.normal(proposal.value, field)

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
            return taking_back.reason(proposal, field, places, reading=self.reading, claims=self.claims, held=self.values.get(field.name))
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

    @cached_property
    def _kinds(self) -> dict[str, str]:
        return {known.name: kind_of(known) for known in self.fields}

    def quotes(self, field: Field, value: str) -> Iterator[str]:
        """Words of the message that may state ``value``: what the patterns read, then clauses that hold it."""
        wanted = fold(self.normal(value, field))
        for claim in self.claims:
            if claim.field == field.name and claim.value is not None and fold(self.normal(claim.value, field)) == wanted:
                yield self.message[claim.start : claim.end]
        for start, _ in self._spans(value, field, 0, len(self.message)):
            clause_start, clause_end = self.reading.clause(start)
            yield self.message[clause_start:clause_end].strip()

    # ---- how

    def _not_stated(self, value: str, field: Field, start: int, end: int) -> str | None:
        claim = self._claim(value, field, start, end) or self._whole(value, field, start, end)
        if (
            claim is not None
            and claim.objection is None
            and kind_of(field) in _WORDS
            and _inside_word(self.message, claim.value_start, claim.value_end)
        ):
            return Objection.NOT_STATED
        if claim is not None:
            return claim.objection.value if claim.objection is not None else self._put_right(claim, field)
        spans = list(self._spans(value, field, start, end))
        if not spans:
            return Objection.NOT_STATED
        reasons = [self._not_meant(value, field, at, until) for at, until in spans]
        return None if None in reasons else reasons[0]

    def _put_right(self, claim: Claim, field: Field) -> str | None:
        """Whether what the patterns read is put right by other words of the message: "I'm Ray. Sorry, Rae"."""
        surer = any(
            each.rank > claim.rank and each.objection is None and fold(str(each.value)) != fold(str(claim.value))
            for each in self._claims(field, 0, len(self.message))
        )
        return Objection.PAST.value if surer and not field.is_list else None

    def _claim(self, value: str, field: Field, start: int, end: int) -> Claim | None:
        """What the patterns read for this field and value within the quote, the unobjectionable first."""
        wanted = fold(self.normal(value, field))
        found = [claim for claim in self._claims(field, start, end) if fold(self.normal(str(claim.value), field)) == wanted]
        return min(found, key=lambda claim: claim.objection is not None, default=None)

    def _whole(self, value: str, field: Field, start: int, end: int) -> Claim | None:
        """What the patterns read for this field, where the value is only some of its words."""
        if kind_of(field) not in _COMPLETED or field.choices:
            return None
        some = words_of(value)
        for claim in self._claims(field, start, end):
            all_of_it = words_of(str(claim.value))
            if len(some) < len(all_of_it) and any(all_of_it[at : at + len(some)] == some for at in range(len(all_of_it))):
                return claim
        return None

    def _claims(self, field: Field, start: int, end: int) -> Iterator[Claim]:
        """What the patterns read for this field within the quote."""
        for claim in self.claims:
            if claim.field == field.name and claim.action == "set" and claim.value_start < end and start < claim.value_end:
                yield claim

    def _spans(self, value: str, field: Field, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Where in ``message[start:end]`` the value's words stand, or words of which it is the normal form."""
        quote = self.message[start:end]
        for at, until in occurrences(quote, value):
            if not _inside_word(self.message, start + at, start + until):
                yield start + at, start + until
        wanted = fold(self.normal(value, field))
        for span in _recognised(field, quote):
            if fold(span.value) == wanted:
                yield start + span.start, start + span.end

    def _not_meant(self, value: str, field: Field, start: int, end: int) -> str | None:
        """Why the clause around a value that no pattern reads doesn't state it for the field."""
        kind = kind_of(field)
        region = self.reading.region(start, end)
        if region is not None:
            return Objection(region.value)
        other = self._stated_elsewhere(field, start, end)
        if other is not None:
            return other
        clause_start, clause_end = self.reading.clause(start)
        before, clause = self.reading.masked[clause_start:start], self.reading.masked[clause_start:clause_end]
        objection = self.reading.objection(start, end, request=kind == "preferred_name")
        # "I love painting" is no wish, but "I'd love to be a painter" is one.
        liked = objection is Objection.WISH and about.is_own(kind) and patterns.licence_of("wished").search(before) is None
        if objection is not None and not liked:
            return objection
        answered = self._asked_for(field) and len(self.reading.masked) < 120
        said = self.reading.masked[start:end]
        if patterns.licence_of("denied").search(said):
            return Objection.NEGATED
        objection = _reading_of_clause(before if kind == "role" else before + said, clause, answered=answered)
        if objection is not None:
            return objection
        return None if self._about(field, value, start, end, answered=answered) else Objection.NOT_STATED

    def _stated_elsewhere(self, field: Field, start: int, end: int) -> str | None:
        """Where a pattern reads the value as another fact: the company that isn't a name."""
        kind = kind_of(field)
        for statement in statements(self.reading):
            if statement.kind == "tier" or statement.kind_of_field == kind or statement.value is None or statement.action != "set":
                continue
            if statement.objection is None and statement.value.start <= start and end <= statement.value.end:
                return f"stated as the user's {statement.kind.replace('_', ' ')}"
        for claim in self.claims:
            if claim.action != "set" or not (claim.value_start < end and start < claim.value_end):
                continue
            if claim.field == field.name:
                if claim.objection is not None or not about.agrees(field, self.message[start:end], str(claim.value)):
                    return (claim.objection or Objection.NOT_STATED).value
            elif claim.objection is None and not {kind, self._kinds[claim.field]} <= _OF_A_CITY:
                return f"stated as the user's {claim.field.replace('_', ' ')}"
        return None

    def _asked_for(self, field: Field) -> bool:
        if not self.context or self.context[-1].role != "assistant":
            return False
        asked = self.context[-1].content[-400:]
        if patterns.asked(kind_of(field), asked):
            return True
        return "?" in asked and any(phrase in asked.lower() for phrase in phrases(field))

    def _about(self, field: Field, value: str, start: int, end: int, *, answered: bool) -> bool:
        """Whether the value is of the field's sort, and stands where its clause states the field."""
        text = self.reading.masked
        said = text[start:end]
        begin, finish = self.reading.sentence(start)
        if about.is_undone(text[begin:start]):
            return False
        if not field.choices and (about.names_a_field(value, self.fields) or not about.could_be(kind_of(field), value, said)):
            return False
        stands = answered or about.stands_for(field, text[begin:start], said, text[end:finish])
        if stands is not None:
            return stands
        if about.speaks_of(field, text[begin:start], text[end:finish]):
            return self.believed or field.type is not str or bool(field.choices) or not about.is_everyday(value)
        # Words alone don't tell what a field of the schema's own is about: "I love painting" is a hobby.
        return self.believed and field.type is str and not field.choices


def _recognised(field: Field, quote: str) -> list[Any]:
    """What stands in the quote with a normal form that the field could hold."""
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


def _inside_word(text: str, start: int, end: int) -> bool:
    """Whether a found text is only part of a word; scripts without spaces know no such thing."""
    first, last = text[start], text[end - 1]
    joins_before = start > 0 and text[start - 1].isalnum() and first.isalnum() and text[start - 1].isascii()
    joins_after = end < len(text) and text[end].isalnum() and last.isalnum() and text[end].isascii()
    return joins_before or joins_after


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
