"""What a message states: by the patterns, and by all that stands around its words."""

from __future__ import annotations

from typing import Literal

from profilecli.language.claims import Claim, read_by_patterns
from profilecli.language.clauses import Objection
from profilecli.language.stated import beside_of, claims, reading_of, weighed_kind
from profilecli.models import Utterance
from profilecli.schema.fields import Field
from tests.learning import CUSTOMER, MEMBER, learn

COMPANY = CUSTOMER[2]


def _claims(message: str, fields: list[Field], **values: str) -> list[Claim]:
    return claims(reading_of(message, []), context=[], fields=fields, values=values)


def test_what_no_pattern_reads_is_claimed_with_its_clause_for_evidence() -> None:
    """Nothing else of the message is."""
    message = "Good morning, I lay bricks with Halvard Builders, can you help?"
    assert read_by_patterns(reading_of(message, []), [], [COMPANY], {}) == []
    (claim,) = _claims(message, [COMPANY])
    assert claim.value == "Halvard Builders"
    assert message[claim.value_start : claim.value_end] == "Halvard Builders"
    assert message[claim.start : claim.end] in message
    assert "Good morning" not in message[claim.start : claim.end]


def test_what_the_rest_outweighs_is_doubted_and_still_told() -> None:
    """The reason is shown to the user."""
    refused = [claim for claim in _claims("My boss's name is Gregor and he says hi", CUSTOMER[:1]) if claim.objection is not None]
    meant = [claim for claim in _claims("My boss's name is Gregor and he says hi", CUSTOMER[:1]) if claim.objection is None]
    assert not meant
    assert {claim.objection for claim in refused} <= {Objection.DOUBTFUL, Objection.THIRD_PERSON, Objection.NOT_STATED}


def test_what_is_held_is_taken_back_by_words_that_no_pattern_reads() -> None:
    """And only what is held."""
    (claim,) = _claims("please drop my time zone from your notes", CUSTOMER, timezone="CET")
    assert (claim.field, claim.action, claim.objection) == ("timezone", "unset", None)


def test_lists_and_fields_of_ones_own_are_not_weighed() -> None:
    """A plan with choices is weighed as a tier."""
    kinds = {field.name: weighed_kind(field) for field in [*CUSTOMER, *MEMBER, Field("plan"), Field("hobby")]}
    assert kinds == {
        "name": "name",
        "preferred_name": "preferred_name",
        "company": "company",
        "plan_tier": "tier",
        "role": "role",
        "timezone": "timezone",
        "languages": None,
        "plan": "plan",
        "hobby": None,
    }


def test_what_is_beside_the_words_is_told_by_kind() -> None:
    """What is read, what was asked, what is held."""
    context = [Utterance("assistant", "Where do you work?")]
    message = "I'm Berit, we're on pro"
    found = read_by_patterns(reading_of(message, context), context, CUSTOMER, {})
    beside = beside_of(CUSTOMER, found, context, {"plan_tier": "free"})
    assert {each.kind for each in beside.stated} >= {"name", "tier"}
    assert (beside.asked, beside.held) == ("Where do you work?", {"tier": "free"})


def test_another_word_for_a_choice_is_that_choice_unless_it_is_one_itself() -> None:
    """ "Professional" is pro, where there is no professional."""
    plan = Literal["free", "pro"]
    other = Literal["free", "professional", "pro"]
    message = "We bought the Professional package for everyone"
    assert learn([Field("plan_tier", plan)], message) == {"plan_tier": "pro"}
    assert learn([Field("plan_tier", other)], message) == {"plan_tier": "professional"}
