"""Messages that take back what the profile holds, and those that only have the words for it."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.extraction.answers import Expectation
from benchmarks.extraction.cases import UNSEEN, load_cases
from profilecli.language.clauses import read
from profilecli.language.weighing import withdrawals
from profilecli.schema.fields import Field
from tests.learning import CUSTOMER, FULL, NAMES, learn


@pytest.mark.parametrize(
    ("fields", "turns", "profile"),
    [
        (CUSTOMER, ["I'm on Central Time", "please drop my time zone from your notes"], {}),
        (NAMES, ["Call me Duke", "lose the nickname please"], {}),
        (CUSTOMER, ["I work at Plinth", "delete my company please"], {}),
        (CUSTOMER, ["I work at Plinth", "delete the last sentence please"], {"company": "Plinth"}),
        (NAMES, ["My name is Ada Lund", "what's my name?"], {"name": "Ada Lund"}),
        (CUSTOMER, ["I'm a nurse at Plinth", "remind me to leave work at five"], {"role": "nurse", "company": "Plinth"}),
        (CUSTOMER, ["We're on pro", "my neighbour cancelled her gym membership"], {"plan_tier": "pro"}),
    ],
)
def test_only_what_is_taken_back_goes(fields: list[Field], turns: list[str], profile: dict[str, Any]) -> None:
    """In words that no pattern was written for, and near misses."""
    assert learn(fields, *turns) == profile


@pytest.mark.parametrize(
    "message",
    [
        "Thanks, Tim!",
        "Pretend my name is Napoleon.",
        "what is my name",
        "is joey my name",
        "do you know what you call me",
        "tell me what you believe my name to be",
        "can i call you dave",
        "change your name to theodore",
        "tell me the time zone las vegas is in",
        "i spend my free time on crosswords since my wife left",
        "what's the weather like in Oslo?",
        "book a table for four at the harbour grill",
        "my sister works at a bakery",
        "ok",
    ],
)
def test_what_is_about_something_else_leaves_a_full_profile_as_it_was(message: str) -> None:
    """A question about a field too."""
    assert learn(CUSTOMER, message, held=FULL) == FULL


def test_talk_that_states_nothing_leaves_a_full_profile_as_it_was() -> None:
    """But for one message in two hundred, of those that only measure."""
    cases = [case for name in ("talk", "talk2") for case in load_cases(UNSEEN / f"{name}.jsonl")]
    said = [case.turns[-1].content for case in cases if case.expected == Expectation() and case.schema == "customer"]
    changed = [message for message in said if learn(CUSTOMER, message, held=FULL) != FULL]
    assert len(said) > 150
    assert len(changed) <= len(said) / 200


def test_what_a_message_mentions_is_a_cue() -> None:
    """The value, the field, or neither."""

    def mentioned(message: str) -> tuple[str, int, int] | None:
        return withdrawals.mention(read(message), "Big Sal", ("nickname",))

    assert mentioned("stop with the Big Sal thing") == ("value", 3, 2)
    assert mentioned("stop with Big") == ("value", 2, 1)
    assert mentioned("stop with the nickname") == ("field", 3, 1)
    assert mentioned("stop it") == ("nothing", 0, 0)


def test_a_long_message_is_about_something_else() -> None:
    """It isn't read for this."""
    assert withdrawals.mention(read("forget it " * 100), "Ada", ("name",)) is None
