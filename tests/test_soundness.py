"""Which claims hold up against the whole: what the profile holds, the form of a value, whom a mail is to."""

from __future__ import annotations

from typing import Any

import pytest

from profilecli.language.clauses import Objection
from profilecli.language.soundness import says_less
from profilecli.language.stated import claims, reading_of
from tests.learning import CUSTOMER, FULL, learn


@pytest.mark.parametrize(
    ("value", "held", "less"),
    [
        ("Alice", "Alice Chen", True),
        ("alice chen", "Alice Chen", True),
        ("Acme", "Acme Corp", True),
        ("Alice Chen", "Alice", False),
        ("Alice Chen", "Alice Chen", False),
        ("Alicia", "Alice Chen", False),
        ("Alice", None, False),
        ("", "Alice", False),
    ],
)
def test_a_part_of_what_is_held_says_less(value: str, held: Any, less: bool) -> None:
    """And what is typed without its capitals."""
    assert says_less(value, held) is less


@pytest.mark.parametrize(
    "message",
    [
        "Is this fine?\n\nBest,\nAlice",
        "It's me again, Alice",
        "At Acme we use Slack, I work at Acme after all",
        "I'm a scientist.",
        "my name is alice chen",
    ],
)
def test_a_part_of_what_is_held_does_not_replace_it(message: str) -> None:
    """A signed mail is no change of name."""
    assert learn(CUSTOMER, message, held=FULL) == FULL


def test_a_change_and_a_correction_may_say_less() -> None:
    """Where they say that they are one."""
    assert learn(CUSTOMER, "I'm now a scientist", held=FULL)["role"] == "scientist"
    assert learn(CUSTOMER, "My name is Alice Chen Weber", held=FULL)["name"] == "Alice Chen Weber"


def test_why_it_is_not_stored_is_told() -> None:
    """The profile knows more already."""
    (claim,) = [c for c in claims(reading_of("My name is Alice", []), context=[], fields=CUSTOMER, values=FULL) if c.field == "name"]
    assert claim.objection is Objection.KNOWN


def test_a_mail_that_greets_the_user_is_somebody_elses() -> None:
    """By the name that the profile holds; one that greets others may be the user's own."""
    mail = "Hi Alice,\n\nI'm Eva from Globex, are you coming on Friday?\n\nBest,\nEva Klein\nSales Manager\nGlobex"
    assert learn(CUSTOMER, mail, held=FULL) == FULL
    own = "Hi all,\n\nthe heating is out.\n\nBest regards,\nEva Klein"
    assert learn(CUSTOMER, own)["name"] == "Eva Klein"


@pytest.mark.parametrize(
    "message",
    [
        "Felix from Bosch says hi.",
        "Jonas from Siemens sent me the contract.",
        "Robert Chen, my dad, is a doctor.",
        "Jan (designer) is on leave.",
        "It's 9pm here.",
        "My job is a nightmare this week.",
        "My company is suing Globex",
        "Soy de Sevilla.",
        "I'm the designated driver tonight",
        "I'm the captain of our volleyball team.",
        "I'm at the Google office for a meetup.",
        "I'm with Telekom, and the internet is down again.",
        "I'm with Lisa and Tom in Prague.",
        "I'm on the free tier of AWS",
        "I just bought an iPhone 16 Pro",
        "Our customers on the free plan complain a lot.",
        "It was free.",
        "My weekend is free.",
        "I'm looking for a job as a data engineer.",
        "I'm hiring a nurse.",
        "I'm a former nurse.",
        "maybe I'll join Google",
        "They're on London time",
        "my mum's on Sydney time",
        "I scheduled the demo for 9am PST",
        "We sell to enterprise",
        "We have an enterprise license for Windows",
        "Our pro plan costs $20",
        "we launched our enterprise plan today",
        "I use Notion on the free plan",
        "they have the free plan",
        "Hello doctor",
        "Hi coach",
        "Dear Hiring Manager,",
        "Every nurse I know is tired",
        "I'm a dog owner",
        "I'm a bad driver",
        "I'm mentoring a data analyst",
        "I'm seeing a therapist on Thursday",
        "Sorry, Kate",
        "Bye, Claude",
        "Thanks, James",
        "ok google",
        "I own Tesla shares",
        "I run Windows 11 Pro",
        "I was treated at Mayo Clinic",
        "My gym is Gold's Gym",
        "Working at McDonald's must be exhausting",
        "We sold our company to Cisco",
        "Ben from Accenture sent me this deck",
        "Change Alice to Bob in line 3",
        "Replace Acme with Zeta in the text",
        "Create a business card for Ahmed Saleh, realtor at Century 21",
        "I'm Hermione for Halloween",
        "I used to be called Al",
        "I'm British",
        "My boyfriend's a paramedic with St. Agnes Ambulance.",
        "Our neighbour, a retired plumber, fixed it",
        "I'm barely a writer",
        "I'm nowhere near a senior engineer",
        "I've never been a manager",
    ],
)
def test_what_only_looks_like_a_fact_is_none(message: str) -> None:
    """Of others, of the moment, of other products, only looked for."""
    assert learn(CUSTOMER, message) == {}
    assert learn(CUSTOMER, message, held=FULL) == FULL


def test_who_speaks_for_somebody_is_still_named() -> None:
    """ "… here", "… speaking", and what one says of oneself after a name or beside one's kin."""
    assert learn(CUSTOMER, "my wife is a nurse and I'm a plumber") == {"role": "plumber"}
    assert learn(CUSTOMER, "we're plasterers, the firm is Doyle & Daughter") == {"company": "Doyle & Daughter"}
    assert learn(CUSTOMER, "Felix from Bosch here, the printer is down")["name"] == "Felix"
    assert learn(CUSTOMER, "I'm on the free plan") == {"plan_tier": "free"}
