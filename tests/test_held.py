"""What a profile may hold before a case is said."""

from __future__ import annotations

from benchmarks.extraction.answers import Expectation
from benchmarks.extraction.cases import SCHEMA_DIRECTORIES, Case
from benchmarks.extraction.held import full, lost, some
from profilecli.models import Utterance
from profilecli.schema import SchemaSet

SCHEMA = SchemaSet(SCHEMA_DIRECTORIES).get("customer")


def case(case_id: str, expected: Expectation | None = None) -> Case:
    return Case(case_id, case_id.rpartition("-")[0], "en", "customer", (Utterance("user", "hello"),), expected or Expectation())


def test_a_full_profile_has_no_answer_to_the_case() -> None:
    """So that what is held at the end was said."""
    held = full(case("intro-1"), SCHEMA)
    assert held.keys() == {"name", "preferred_name", "company", "role", "timezone", "plan_tier"}
    told = case("intro-1", Expectation(gold={"name": (held["name"],)}, allow={"company": (held["company"],)}))
    assert full(told, SCHEMA)["name"] != held["name"]
    assert full(told, SCHEMA)["company"] != held["company"]
    assert full(told, SCHEMA)["role"] == held["role"]


def test_every_second_case_that_takes_nothing_back_begins_with_something() -> None:
    """The same at each call; the others begin with nothing."""
    held = [some(case(f"task-{number}"), SCHEMA) for number in range(200)]
    assert 60 < sum(1 for values in held if values) < 140
    assert held == [some(case(f"task-{number}"), SCHEMA) for number in range(200)]
    assert not any(some(case(f"forget-{number}"), SCHEMA) for number in range(50))


def test_what_is_empty_afterwards_is_lost_unless_the_case_takes_back() -> None:
    """What was written over is counted as learned, rightly or not."""
    held = {"name": "Ada", "company": "Acme"}
    assert lost(case("task-1"), held, {"name": "Bob"}) == {"company"}
    assert lost(case("forget-1"), held, {"name": "Bob"}) == set()
