"""How the weights are learned from cases."""

from __future__ import annotations

import math

import pytest

from benchmarks.extraction import weigh
from benchmarks.extraction.answers import Expectation
from benchmarks.extraction.cases import LEARNING, SCHEMA_DIRECTORIES, UNSEEN, Case, load_cases
from benchmarks.extraction.weigh import Example, Regression, crossed, examples_of, fit, threshold
from profilecli.language import weighing
from profilecli.language.weighing import withdrawals
from profilecli.models import Utterance
from profilecli.schema import SchemaSet

SCHEMAS = SchemaSet(SCHEMA_DIRECTORIES)


def case(case_id: str, expected: Expectation, *turns: str, schema: str = "customer") -> Case:
    return Case(case_id, case_id.rpartition("-")[0], "en", schema, tuple(Utterance("user", turn) for turn in turns), expected)


def examples(of: Case) -> dict[tuple[str, bool], list[Example]]:
    found: dict[tuple[str, bool], list[Example]] = {}
    for example in examples_of(of, SCHEMAS.get(of.schema)):
        found.setdefault((example.kind, example.is_fact), []).append(example)
    return found


def test_right_answers_are_facts_and_other_candidates_are_none() -> None:
    """A firm is no name."""
    found = examples(case("job-1", Expectation(gold={"company": ("Quillix",)}), "I work at Quillix"))
    assert len(found["company", True]) == 1
    assert ("company", False) not in found
    assert ("name", True) not in found


def test_what_may_be_or_not_teaches_nothing_but_for_what_one_is_called() -> None:
    """A preferred name is asked for, not given with the name; that is no mistake to count, though."""
    allowed = case("intro-1", Expectation({"name": ("Berit",)}, {"preferred_name": ("Berit",)}), "I'm Berit", schema="base")
    (example,) = examples(allowed)["preferred_name", False]
    assert not example.scored
    assert ("role", False) not in examples(case("job-2", Expectation(allow={"role": ("teacher",)}), "I was a teacher"))


def test_a_later_message_teaches_whether_what_is_held_is_taken_back() -> None:
    """It is where the profile must end empty; it isn't where it keeps the value."""
    taken = case("forget-1", Expectation(), "My name is Ada Lund", "please forget my name", schema="base")
    kept = case("forget-2", Expectation(gold={"name": ("Ada Lund",)}), "My name is Ada Lund", "please forget the weather", schema="base")
    assert len(examples(taken)[withdrawals.KIND, True]) == 1
    assert len(examples(kept)[withdrawals.KIND, False]) == 1


def _toy(count: int) -> list[Example]:
    return [
        Example(
            case(f"toy-{number}", Expectation(), f"x{number}"),
            "company",
            (("b1", "at" if number % 3 else "from"), ("L", f"w{number % 7}")),
            bool(number % 3),
        )
        for number in range(count)
    ]


def test_the_regression_learns_what_tells_and_forgets_what_does_not() -> None:
    """The L1 term leaves no weight to words that stand beside both."""
    weights = fit(_toy(210))
    assert weights["b1", "at"] > 100 > 0 > weights["b1", "from"]
    assert all(abs(weight) < 50 for (sort, _), weight in weights.items() if sort == "L")


def test_the_same_examples_give_the_same_weights() -> None:
    """Whatever order a set or a dict has."""
    assert fit(_toy(90)) == fit(_toy(90))


def test_a_step_goes_towards_the_answer() -> None:
    """From even odds."""
    regression = Regression(l1=0.0)
    regression.learn([("b1", "at")], is_fact=True)
    assert regression.weight(("b1", "at")) > 0
    assert regression.weight(("b1", "by")) == 0


def test_each_example_is_judged_by_weights_that_have_not_seen_its_case() -> None:
    """All of them, once."""
    toy = _toy(60)
    scored = crossed(toy, folds=3)
    assert sorted(example.case.id for _, example in scored) == sorted(example.case.id for example in toy)
    assert sum(value > 0 for value, _ in scored) == sum(example.is_fact for example in toy)


@pytest.mark.parametrize(("precision", "at", "share"), [(1.0, 3.0, 0.5), (0.75, 1.0, 1.0), (0.6, 0.5, 1.0)])
def test_the_bound_is_the_least_with_the_precision_asked_for(precision: float, at: float, share: float) -> None:
    """What isn't scored doesn't count."""
    told = [
        (4.0, True, True),
        (3.0, True, True),
        (2.5, False, False),
        (2.0, False, True),
        (1.0, True, True),
        (1.0, True, True),
        (0.5, False, True),
    ]
    scored = [(value, Example(case("toy-1", Expectation(), "x"), "name", (), is_fact, counts)) for value, is_fact, counts in told]
    assert threshold(scored, precision) == (at, share)


def test_nothing_is_accepted_where_no_bound_is_good_enough() -> None:
    """An infinite one."""
    scored = [(1.0, Example(case("toy-1", Expectation(), "x"), "name", (), is_fact=False))]
    assert threshold(scored, 0.9) == (math.inf, 0.0)


def test_no_unseen_case_is_among_those_that_are_learned_from() -> None:
    """Neither its id nor its words."""
    learned = [*load_cases(LEARNING), *load_cases()]
    unseen = load_cases(UNSEEN)
    assert not {each.id for each in unseen} & {each.id for each in learned}
    assert not {(each.schema, each.turns) for each in unseen} & {(each.schema, each.turns) for each in learned}


def test_there_is_a_table_for_each_kind_that_is_weighed() -> None:
    """And none for any other."""
    assert {path.stem for path in weigh.TABLES.glob("*.json")} == {*weighing.KINDS, withdrawals.KIND}
