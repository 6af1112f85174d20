"""A value put in the place of one that was stated before."""

from __future__ import annotations

from typing import Any

import pytest

from profilecli.schema.fields import Field
from tests.learning import CUSTOMER, NAMES, PERSONA, learn


@pytest.mark.parametrize(
    ("fields", "turns", "profile"),
    [
        (NAMES, ["I'm Stefan, sorry, Stephen"], {"name": "Stephen"}),
        (NAMES, ["My name is Ilse. Sorry, Elke."], {"name": "Elke"}),
        (NAMES, ["My name's Katrin. It's spelled Catrin actually."], {"name": "Catrin"}),
        (NAMES, ["I'm Marc with a c, not Mark"], {"name": "Marc"}),
        (NAMES, ["It's Sophia, not Sofia"], {"name": "Sophia"}),
        (NAMES, ["Please note it's Jonatan, not Jonathan"], {"name": "Jonatan"}),
        (NAMES, ["It's Ruby, not Python"], {}),
        (NAMES, ["It's Monday, not Tuesday"], {}),
        (NAMES, ["it's React, not Angular"], {}),
        (NAMES, ["it's Jordan, not Jerusalem, that we're flying to"], {}),
        (CUSTOMER, ["I work at Brightwave, no wait, Brightware"], {"company": "Brightware"}),
        (CUSTOMER, ["we're on pro. oops, I mean enterprise"], {"plan_tier": "enterprise"}),
    ],
)
def test_a_sentence_puts_an_earlier_one_right(fields: list[Field], turns: list[str | tuple[str, str]], profile: dict[str, Any]) -> None:
    """Corrections within a message, and things that only look like one."""
    assert learn(fields, *turns) == profile


@pytest.mark.parametrize(
    ("fields", "turns", "profile"),
    [
        (NAMES, ["I'm Jon", "typo: Joan"], {"name": "Joan"}),
        (NAMES, ["I'm Jon", "*Joan"], {"name": "Joan"}),
        (NAMES, ["I'm Jon", "Joan*"], {"name": "Joan"}),
        (NAMES, ["I'm Jon", "did I say Jon? I meant Joan"], {"name": "Joan"}),
        (NAMES, ["I'm Jon", "Scratch that, it's Joan"], {"name": "Joan"}),
        (NAMES, ["my name is Maria", "Mariah, with an h at the end"], {"name": "Mariah"}),
        (NAMES, ["my name is Maria", "ah I forgot the h: Mariah"], {"name": "Mariah"}),
        (NAMES, ["my name is Maria", "you got my name wrong, it's Mariah"], {"name": "Mariah"}),
        (NAMES, ["my name is Maria", "Change Maria to Mariah"], {"name": "Mariah"}),
        (NAMES, ["my name is Maria", "Replace Maria with Mariah please"], {"name": "Mariah"}),
        (NAMES, ["my name is Maria Lund", "I got married, I'm Maria Holm now"], {"name": "Maria Holm"}),
        (NAMES, ["my name is Maria Lund", "Lund is my maiden name, it's Maria Holm these days"], {"name": "Maria Holm"}),
        (NAMES, ["Call me Vicky", "actually, Victoria is better"], {"preferred_name": "Victoria"}),
        (NAMES, ["Call me Vicky", "on reflection Victoria sounds nicer"], {"preferred_name": "Victoria"}),
        (NAMES, ["Call me Vicky", "hmm, I'd rather have Victoria"], {"preferred_name": "Victoria"}),
        (NAMES, ["Call me Vicky", "let's make it Victoria instead"], {"preferred_name": "Victoria"}),
        (NAMES, ["Call me Vicky", "nah, go back to Victoria"], {"preferred_name": "Victoria"}),
        (NAMES, ["Call me Vicky", "I prefer Victoria after all"], {"preferred_name": "Victoria"}),
        (NAMES, ["Call me Vicky", "Not Vicky, Vic."], {"preferred_name": "Vic"}),
        (CUSTOMER, ["I work at Solara", "sorry, it's Solarra with two r's"], {"company": "Solarra"}),
        (CUSTOMER, ["I work at Solara", "that should be Solarra"], {"company": "Solarra"}),
        (CUSTOMER, ["I work at Solara", "We're called Solarra Systems, to be exact"], {"company": "Solarra Systems"}),
        (CUSTOMER, ["I work at Solara", "the full name is Solara Systems Ltd"], {"company": "Solara Systems Ltd"}),
        (CUSTOMER, ["I work at Solara", "I left, I'm at Brineworks now"], {"company": "Brineworks"}),
        (CUSTOMER, ["I work at Solara", "quit Solara last month. Brineworks hired me"], {"company": "Brineworks"}),
        (CUSTOMER, ["we're on the pro plan", "wait, the invoice says enterprise. we are on enterprise"], {"plan_tier": "enterprise"}),
        (CUSTOMER, ["we're on the pro plan", "it's actually the free one"], {"plan_tier": "free"}),
        (CUSTOMER, ["we're on the pro plan", "turns out it's enterprise"], {"plan_tier": "enterprise"}),
        (CUSTOMER, ["we're on the pro plan", "my bad, free"], {"plan_tier": "free"}),
        (CUSTOMER, ["we're on the pro plan", "Correction: enterprise plan"], {"plan_tier": "enterprise"}),
        (CUSTOMER, ["we're on the pro plan", "We just moved up to enterprise"], {"plan_tier": "enterprise"}),
        (CUSTOMER, ["we're on the pro plan", "is the enterprise one better?"], {"plan_tier": "pro"}),
        (CUSTOMER, ["I'm a designer", "correction, senior designer"], {"role": "senior designer"}),
        (CUSTOMER, ["I'm a designer", "well, lead designer since Monday"], {"role": "lead designer"}),
        (CUSTOMER, ["I'm a designer", "not any more, I'm a product manager now"], {"role": "product manager"}),
        (CUSTOMER, ["I'm a designer", "I got promoted to art director"], {"role": "art director"}),
        (CUSTOMER, ["I'm a designer", "just got promoted, art director now"], {"role": "art director"}),
        (CUSTOMER, ["I'm in Pacific time", "no sorry, Mountain time"], {"timezone": "America/Denver"}),
        (CUSTOMER, ["I'm in Pacific time", "moved to Berlin, so it's CET now"], {"timezone": "CET"}),
        (PERSONA, ["I'm 34", "whoops, 35 since yesterday"], {"age": 35}),
    ],
)
def test_a_message_puts_an_earlier_one_right(fields: list[Field], turns: list[str | tuple[str, str]], profile: dict[str, Any]) -> None:
    """Corrections over turns: spelling, preference, exchange, change."""
    assert learn(fields, *turns) == profile


@pytest.mark.parametrize(
    ("fields", "turns", "profile"),
    [
        (CUSTOMER, ["I'm at Bolt", "I switched jobs, Nuvo hired me last week"], {"company": "Nuvo"}),
        (CUSTOMER, ["I'm at Bolt", "as of today I'm with Nuvo"], {"company": "Nuvo"}),
        (CUSTOMER, ["I'm at Bolt", "my last day at Bolt was Friday"], {}),
        (CUSTOMER, ["I'm at Bolt", "I'm starting at Nuvo next month"], {"company": "Bolt"}),
        (CUSTOMER, ["I'm at Bolt", "I got an offer from Nuvo"], {"company": "Bolt"}),
        (CUSTOMER, ["I'm at Bolt as a tester", "now I'm a developer there"], {"company": "Bolt", "role": "developer"}),
        (CUSTOMER, ["I'm a tester at Bolt", "they made me team lead"], {"role": "team lead", "company": "Bolt"}),
        (
            CUSTOMER,
            ["I'm a tester at Bolt", "I moved into product, I'm a product owner these days"],
            {"role": "product owner", "company": "Bolt"},
        ),
        (CUSTOMER, ["I work at Bolt", "Bolt was bought by Nuvo, so that's where I am now"], {"company": "Nuvo"}),
        (CUSTOMER, ["I work at Bolt", "I retired in March"], {}),
        (CUSTOMER, ["I work at Bolt", "went from Bolt to Nuvo in the spring"], {"company": "Nuvo"}),
        (CUSTOMER, ["I work at Bolt", "I've since moved to Nuvo Labs"], {"company": "Nuvo Labs"}),
        (CUSTOMER, ["I work at Bolt", "we rebranded, we're Nuvo now"], {"company": "Nuvo"}),
    ],
)
def test_a_new_job_takes_the_place_of_the_old_one(fields: list[Field], turns: list[str | tuple[str, str]], profile: dict[str, Any]) -> None:
    """Changes of job, and those that have not happened."""
    assert learn(fields, *turns) == profile
