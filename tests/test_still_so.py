"""What seems to take something back and doesn't."""

from __future__ import annotations

import pytest

from tests.learning import CUSTOMER, FULL, learn


@pytest.mark.parametrize(
    "message",
    [
        "I was fired from my first job.",
        "I got laid off in 2020.",
        "I got fired once, back in college.",
        "I was let go from my internship in 2012.",
        "I resigned from the tennis club",
        "I retired from football at 20",
        "I left Acme at 5 today.",
        "I left Acme at 6 and went for beers",
        "I left Acme's office early to pick up the kids.",
        "I left the company laptop at home.",
        "I stopped working at 8.",
        "I don't work there on weekends.",
        "I no longer have access to the Acme wiki.",
        "I'm out of a job if this doesn't work!",
        "Forget Acme, let's talk about Globex.",
        "I cancelled my gym membership.",
        "My Netflix subscription expired.",
        "I don't have a subscription to the Times.",
        "Remove my name and address from this letter.",
        "Remove the name field from this form.",
        "Delete the name and role columns from the CSV.",
        "Clear my name! I didn't do it.",
        "I forget my name sometimes, haha.",
        "Delete all my data in Excel column B, how?",
        "Reset my timezone setting in Outlook, how?",
        "don't use my name so often",
        "Leave out my job title in the bio",
        "I'm not a good data scientist",
        "I lost my job application, can you rewrite it?",
        "I resigned myself to it",
        "I retired my old laptop",
        "I'm not using pro features much",
        "Yesterday was my last day at Globex",
    ],
)
def test_the_rest_of_the_sentence_says_what_ended(message: str) -> None:
    """Long ago, another membership, a name in a letter, an early evening: the profile stays as it was."""
    assert learn(CUSTOMER, message, held=FULL) == FULL


@pytest.mark.parametrize(
    "message",
    ["Forget everything about me except my name.", "Forget everything about me but keep my name", "Remove all fields except the name."],
)
def test_what_is_excepted_is_kept(message: str) -> None:
    """And all else goes."""
    assert learn(CUSTOMER, message, held=FULL) == {"name": "Alice Chen"}


@pytest.mark.parametrize(
    ("message", "gone"),
    [
        ("I was laid off last week", {"company", "role"}),
        ("I resigned from my job", {"company", "role"}),
        ("Today was my last day at Acme", {"company"}),
        ("I used to work at Acme.", {"company"}),
        ("Acme isn't my employer anymore", {"company"}),
        ("I'm not with Acme.", {"company"}),
        ("My name isn't Alice.", {"name"}),
        ("Ali isn't my nickname anymore.", {"preferred_name"}),
        ("My pro plan expired.", {"plan_tier"}),
        ("we cancelled our subscription", {"plan_tier"}),
        ("My time zone isn't Europe/Berlin.", {"timezone"}),
        ("I stopped being a data scientist.", {"role"}),
        ("Forget my job title but keep my company.", {"role"}),
        ("Acme Corp fired me", {"company"}),
        ("Forget everything about Acme Corp", {"company"}),
        ("my position was eliminated", {"company"}),
        ("I unsubscribed", {"plan_tier"}),
        ("our pro contract expired", {"plan_tier"}),
        ("you can forget my name now", {"name"}),
        ("that was a fake name", {"name"}),
    ],
)
def test_what_ended_goes(message: str, gone: set[str]) -> None:
    """That, and nothing else."""
    assert learn(CUSTOMER, message, held=FULL) == {name: value for name, value in FULL.items() if name not in gone}
