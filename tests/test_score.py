"""The evaluation of extraction: right answers, counts, tables, and the soundness of the cases."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.extraction import run, score
from benchmarks.extraction.answers import Either, Expectation, fold, matches
from benchmarks.extraction.cases import SCHEMA_DIRECTORIES, Case, CaseError, load_cases, problems
from profilecli.errors import ModelError
from profilecli.extract import Extraction, RulesExtractor
from profilecli.models import Proposal, Source, Utterance
from profilecli.schema import SchemaSet
from profilecli.session import CONTEXT_MESSAGES
from tests.endpoint import Endpoint

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from profilecli.schema import Field


def outcomes(expected: Expectation, profile: Mapping[str, Any], *, strict: bool = False) -> list[tuple[str, str]]:
    return [(verdict.field, verdict.outcome) for verdict in score.judge(expected, profile, strict=strict)]


def case(case_id: str, expected: Expectation, *turns: str, schema: str = "base") -> Case:
    return Case(case_id, case_id.partition("-")[0], "en", schema, tuple(Utterance("user", turn) for turn in turns or ("hi",)), expected)


ANA = Expectation(gold={"name": ("Ana",)})
NOTHING = Expectation()


# ---- when two values are the same


@pytest.mark.parametrize("said", ["ana", " ANA. ", "“Ana”", "Ana\n", "the Ana"])
def test_case_space_and_edge_punctuation_make_no_difference(said: str) -> None:
    assert matches("name", said, ["Ana"])


@pytest.mark.parametrize(
    ("name", "value", "answer"), [("name", "Anna", "Ana"), ("age", 4, 42), ("newsletter", True, 1), ("newsletter", False, 0)]
)
def test_another_value_is_not_the_answer(name: str, value: Any, answer: Any) -> None:
    assert not matches(name, value, [answer])


def test_typographic_quotes_and_unicode_forms_make_no_difference() -> None:
    assert matches("name", "Siobhán O’Flaherty", ["Siobha\u0301n O'Flaherty"])


def test_a_whole_float_is_its_integer() -> None:
    assert matches("experience_years", 12.0, [12])


def test_a_list_matches_in_any_order_but_not_in_part() -> None:
    assert matches("languages", ["greek", "Italian"], [["Italian", "Greek"]])
    assert not matches("languages", ["Italian"], [["Italian", "Greek"]])
    assert not matches("languages", "Italian", [["Italian"]])


@pytest.mark.parametrize("role", ["registered nurse", "a nurse", "senior ward nurse", "nurse at night"])
def test_a_role_may_have_a_few_words_more(role: str) -> None:
    assert matches("role", role, ["nurse"])


@pytest.mark.parametrize("role", ["former nurse", "ex-nurse", "not a nurse", "doctor", "nurse with one two three four"])
def test_a_role_of_another_meaning_is_wrong(role: str) -> None:
    assert not matches("role", role, ["nurse"])


def test_a_role_may_not_have_fewer_words() -> None:
    assert not matches("role", "nurse", ["senior nurse"])


def test_only_free_text_fields_may_have_words_more() -> None:
    assert not matches("company", "Acme Labs", ["Acme"])


@given(st.text())
def test_a_text_is_always_the_same_as_itself(text: str) -> None:
    assert matches("name", text, [text])
    assert fold(text) == fold(text.strip())


# ---- the verdicts on one profile


def test_a_right_value_is_a_hit() -> None:
    assert outcomes(ANA, {"name": "ana"}) == [("name", "hit")]


def test_an_empty_wanted_field_is_a_miss() -> None:
    assert outcomes(ANA, {}) == outcomes(ANA, {"name": None}) == outcomes(ANA, {"name": ""}) == [("name", "miss")]


def test_a_wrong_value_of_a_wanted_field_is_false_and_a_miss() -> None:
    assert outcomes(ANA, {"name": "Anna"}) == [("name", "false"), ("name", "miss")]


def test_a_value_that_nobody_wanted_is_false() -> None:
    assert outcomes(NOTHING, {"company": "Acme"}) == [("company", "false")]


def test_false_and_zero_are_values() -> None:
    assert outcomes(NOTHING, {"newsletter": False, "children": 0}) == [("children", "false"), ("newsletter", "false")]


def test_an_empty_list_is_no_value() -> None:
    assert outcomes(NOTHING, {"languages": []}) == []


def test_an_allowed_value_counts_as_nothing_unless_strict() -> None:
    expected = Expectation(allow={"name": ("Ana",)})
    assert outcomes(expected, {"name": "Ana"}) == outcomes(expected, {}) == []
    assert outcomes(expected, {"name": "Bo"}) == [("name", "false")]
    assert outcomes(expected, {"name": "Ana"}, strict=True) == [("name", "false")]


def test_allowed_beside_gold_is_another_right_answer() -> None:
    expected = Expectation(gold={"name": ("Ana",)}, allow={"name": ("Ana Ruiz",)})
    assert outcomes(expected, {"name": "Ana Ruiz"}) == outcomes(expected, {"name": "Ana Ruiz"}, strict=True) == [("name", "hit")]


def test_either_field_will_do_and_a_wrong_one_is_false() -> None:
    expected = Expectation(either=(Either(("name", "preferred_name"), ("Al",)),))
    assert outcomes(expected, {"preferred_name": "Al"}) == [("preferred_name", "hit")]
    assert outcomes(expected, {"name": "Al", "preferred_name": "Al"}) == [("name", "hit")]
    assert outcomes(expected, {"name": "Bo"}) == [("name", "miss"), ("name", "false")]
    assert outcomes(expected, {}) == [("name", "miss")]


# ---- counts over cases


def test_counts_and_ratios_of_a_small_set() -> None:
    cases = [case("intro-1", ANA), case("intro-2", ANA), case("intro-3", ANA), case("task-1", NOTHING), case("task-2", NOTHING)]
    profiles = {"intro-1": {"name": "Ana"}, "intro-2": {"name": "Bo"}, "task-1": {"company": "Acme"}}
    report = score.evaluate(cases, profiles)
    total = report.total
    assert (total.cases, total.hits, total.false, total.misses, total.empty) == (5, 1, 2, 2, 2)
    assert total.precision == pytest.approx(1 / 3)
    assert total.recall == pytest.approx(1 / 3)
    assert total.f1 == pytest.approx(1 / 3)
    assert total.exact_share == pytest.approx(2 / 5)
    assert total.empty_fp_rate == pytest.approx(1 / 2)
    assert report.groups["kind"]["intro"].recall == pytest.approx(1 / 3)
    assert report.groups["field"]["company"].precision == 0
    assert report.groups["field"]["name"].wanted == 3


def test_nothing_to_divide_by_is_no_ratio() -> None:
    total = score.evaluate([case("task-1", NOTHING)], {}).total
    assert (total.precision, total.recall, total.f1, total.exact_share, total.empty_fp_rate) == (None, None, None, 1.0, 0.0)


@given(
    st.lists(
        st.tuples(st.sampled_from([ANA, NOTHING]), st.sampled_from([{}, {"name": "Ana"}, {"name": "Bo"}, {"role": "cook"}])), max_size=20
    )
)
def test_groups_add_up_to_the_total(drawn: list[tuple[Expectation, dict[str, str]]]) -> None:
    cases = [case(f"{'ab'[number % 2]}-{number}", expected) for number, (expected, _) in enumerate(drawn)]
    report = score.evaluate(cases, {each.id: profile for each, (_, profile) in zip(cases, drawn, strict=True)})
    for group in ("kind", "field", "lang", "schema"):
        for count in ("hits", "false", "misses"):
            assert sum(getattr(tally, count) for tally in report.groups[group].values()) == getattr(report.total, count)
    assert report.total.exact == len(cases) - len(
        list(score.mistakes(cases, {each.id: p for each, (_, p) in zip(cases, drawn, strict=True)}))
    )


# ---- tables and files


def test_tables_show_systems_side_by_side() -> None:
    cases = [case("intro-1", ANA), case("task-1", NOTHING)]
    reports = {"good": score.evaluate(cases, {"intro-1": {"name": "Ana"}}), "bad": score.evaluate(cases, {"task-1": {"name": "Bo"}})}
    table = score.render(reports, markdown=True).split("\n\n")[0].split("\n")
    assert table[0].split(" | ")[:3] == ["| kind", "cases", "good: precision"]
    assert table[-1] == "| all | 2 | 1.000 | 1.000 | 1.000 | 1.000 | 0.000 | 0.000 | 0.000 | 0.000 | 0.000 | 1.000 |"
    assert len({len(line) for line in score.render(reports).split("\n\n")[0].split("\n")}) == 1


def write_lines(path: Path, *records: Mapping[str, Any]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


@pytest.fixture
def one_case(tmp_path: Path) -> Path:
    folder = tmp_path / "cases"
    folder.mkdir()
    write_lines(
        folder / "a.jsonl",
        {"id": "intro-1", "kind": "intro", "lang": "en", "schema": "base", "turns": ["I'm Ana"], "gold": {"name": ["Ana"]}},
    )
    return folder


@pytest.mark.parametrize("program", [score.main, run.main])
def test_predictions_are_scored_from_a_file(program: Any, one_case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    predictions = write_lines(tmp_path / "mine.jsonl", {"id": "intro-1", "profile": {"name": "Bo"}})
    assert program([str(predictions), "--cases", str(one_case), "--json", "--errors", "1"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["mine"]["all"]["precision"] == 0
    assert "I'm Ana" in err
    assert "false: name 'Bo'" in err


@pytest.mark.parametrize("text", ["{", "[]", '{"id": "intro-1"}', '{"profile": {}}', '{"id": "intro-1", "profile": 3}'])
def test_a_broken_prediction_is_named_by_its_line(text: str, one_case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "broken.jsonl"
    path.write_text(f'{{"id": "x", "profile": {{}}}}\n{text}\n', encoding="utf-8")
    assert score.main([str(path), "--cases", str(one_case)]) == 1
    assert "broken.jsonl:2: not a prediction" in capsys.readouterr().err


def test_a_broken_case_is_named_by_its_line(tmp_path: Path) -> None:
    write_lines(tmp_path / "bad.jsonl", {"id": "x"})
    with pytest.raises(CaseError, match=r"bad\.jsonl:1: not a case"):
        load_cases(tmp_path)


# ---- the cases themselves


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return load_cases()


@pytest.fixture(scope="module")
def schemas() -> SchemaSet:
    return SchemaSet(SCHEMA_DIRECTORIES)


def test_the_cases_of_the_project_are_sound(cases: list[Case], schemas: SchemaSet) -> None:
    assert problems(cases, schemas) == []


def test_the_schemas_of_the_cases_load_without_a_fault(schemas: SchemaSet) -> None:
    assert schemas.faults == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"kind": "other"}, "does not begin with the kind"),
        ({"schema": "nowhere"}, "no schema 'nowhere'"),
        ({"turns": ()}, "last turn is not the user's"),
        ({"turns": (Utterance("user", "I'm Ana"), Utterance("assistant", "Hi"))}, "last turn is not the user's"),
        ({"turns": (Utterance("user", " "), Utterance("user", "I'm Ana"))}, "a turn is empty"),
        ({"expected": Expectation(gold={"salary": ("Ana",)})}, "has no field 'salary'"),
        ({"expected": Expectation(gold={"name": ()})}, "no answer for 'name'"),
        ({"expected": Expectation(gold={"name": ("Bo",)})}, "is in the user's words"),
        ({"expected": Expectation(allow={"age": ("old",)})}, "age: 'old'"),
        ({"expected": Expectation(allow={"age": ("34",)})}, "would be stored as 34"),
        ({"unknown_keys": frozenset({"golb"})}, "unknown keys golb"),
    ],
)
def test_a_fault_in_a_case_is_found(change: dict[str, Any], fault: str, schemas: SchemaSet) -> None:
    sound = case("intro-1", ANA, "I'm Ana", schema="persona")
    assert not any("intro-1" in found for found in problems([sound], schemas))
    found = problems([dataclasses.replace(sound, **change)], schemas)
    assert any("intro-1" in each and fault in each for each in found), found


def test_an_id_or_a_conversation_used_twice_is_found(schemas: SchemaSet) -> None:
    first = case("intro-1", ANA, "I'm Ana")
    found = problems([first, first, dataclasses.replace(first, id="intro-2")], schemas)
    assert "intro-1: 2 cases have this id" in found
    assert "intro-2: says the same as intro-1" in found


def test_a_small_or_lopsided_set_is_found(schemas: SchemaSet) -> None:
    found = problems([case("intro-1", ANA, "I'm Ana")], schemas)
    assert found == ["1 cases are fewer than 700", "0.0% of the cases have nothing to extract; wanted: 35% to 48%"]


# ---- running an extractor


class Knowing:
    """An extractor that was told the answers to one case, and proposes them at its last message."""

    source: Source = "model"

    def __init__(self, case: Case) -> None:
        self.case = case

    async def extract(
        self, message: str, *, context: Sequence[Utterance], fields: Sequence[Field], values: Mapping[str, Any]
    ) -> Extraction:
        if message != self.case.turns[-1].content:
            return Extraction([])
        best = ((name, answers[0]) for name, answers in self.case.expected.gold.items())
        parts = ((name, part) for name, answer in best for part in (answer if isinstance(answer, list) else [answer]))
        return Extraction([Proposal(name, "set", part if isinstance(part, str) else json.dumps(part), message) for name, part in parts])


def test_what_is_stored_of_the_right_answers_is_found_right(cases: list[Case], schemas: SchemaSet) -> None:
    for each in cases:
        learned = asyncio.run(run.learn_all([each], schemas, Knowing(each), run.bare))
        verdicts = score.judge(dataclasses.replace(each.expected, either=()), learned.profiles[each.id])
        assert [(verdict.field, verdict.outcome) for verdict in verdicts] == [(name, "hit") for name in sorted(each.expected.gold)], each.id


class Scripted:
    """An extractor that proposes what it was given, a list a message, or fails."""

    source: Source = "model"

    def __init__(self, *steps: list[Proposal] | ModelError) -> None:
        self.steps = list(steps)
        self.seen: list[tuple[list[str], dict[str, Any]]] = []

    async def extract(
        self, message: str, *, context: Sequence[Utterance], fields: Sequence[Field], values: Mapping[str, Any]
    ) -> Extraction:
        self.seen.append(([turn.content for turn in context], dict(values)))
        step = self.steps.pop(0)
        if isinstance(step, ModelError):
            raise step
        return Extraction(step)


def learn(extractor: Scripted, *turns: str, schema: str = "member") -> run.Run:
    return asyncio.run(run.learn_all([case("x-1", NOTHING, *turns, schema=schema)], SchemaSet(SCHEMA_DIRECTORIES), extractor, run.bare))


def test_turns_are_folded_into_one_profile() -> None:
    extractor = Scripted(
        [Proposal("languages", "set", "Polish", "a"), Proposal("name", "set", "Ana", "a")],
        [Proposal("languages", "set", "Czech", "b")],
        [Proposal("languages", "unset", "polish", "c"), Proposal("name", "unset", None, "c")],
    )
    assert learn(extractor, "a", "b", "c").profiles == {"x-1": {"languages": ["Czech"]}}
    assert extractor.seen[1] == (["a"], {"languages": ["Polish"], "name": "Ana"})


def test_what_a_field_can_not_hold_is_not_stored() -> None:
    proposals = [
        Proposal("age", "set", "old", "a"),
        Proposal("salary", "set", "1", "a"),
        Proposal("name", "set", None, "a"),
        Proposal("age", "set", "34", "a"),
    ]
    assert learn(Scripted(proposals), "a").profiles == {"x-1": {"age": 34}}


def test_an_answer_that_can_not_be_used_is_counted_and_the_rest_goes_on() -> None:
    learned = learn(Scripted(ModelError("protocol", "no JSON"), [Proposal("name", "set", "Ana", "b")]), "a", "b")
    assert learned.unusable == {"protocol": 1}
    assert learned.profiles == {"x-1": {"name": "Ana"}}


@pytest.mark.parametrize("kind", ["auth", "network", "timeout", "rate_limit", "server"])
def test_a_failure_of_the_endpoint_ends_the_run(kind: str) -> None:
    with pytest.raises(ModelError, match="it failed"):
        learn(Scripted(ModelError(kind, "it failed")), "a")


def test_a_model_at_an_endpoint_is_scored(
    one_case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written = tmp_path / "model.jsonl"
    with Endpoint() as endpoint:
        endpoint.extract([{"field": "name", "action": "set", "value": "Ana", "quote": "I'm Ana"}])
        monkeypatch.setenv("OPENAI_API_KEY", endpoint.api_key)
        options = [
            "--extractor",
            "model",
            "--bare",
            "--base-url",
            endpoint.base_url,
            "--cases",
            str(one_case),
            "--json",
            "--write",
            str(written),
        ]
        assert run.main(options) == 0
    assert json.loads(capsys.readouterr().out)["bare"]["all"]["hits"] == 1
    assert score.read_predictions(written) == {"intro-1": {"name": "Ana"}}


def test_a_model_without_an_endpoint_is_a_clear_line(
    one_case: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    assert run.main(["--extractor", "model", "--cases", str(one_case)]) == 1
    assert "needs --model" in capsys.readouterr().err


def test_no_more_earlier_messages_go_along_than_in_a_session() -> None:
    extractor = Scripted(*([] for _ in range(7)))
    learn(extractor, *"abcdefg")
    assert extractor.seen[-1][0] == list("cdef")
    assert len(extractor.seen[-1][0]) == CONTEXT_MESSAGES


def test_the_check_of_the_cases_reports_their_number(capsys: pytest.CaptureFixture[str], cases: list[Case]) -> None:
    assert run.main(["--check"]) == 0
    assert f"{len(cases)} cases" in capsys.readouterr().out


def test_the_check_of_unsound_cases_fails(one_case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["--check", "--cases", str(one_case)]) == 1
    assert "fewer than 700" in capsys.readouterr().err


def test_the_rules_are_run_and_scored(one_case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["--cases", str(one_case), "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["rules"]["all"]["hits"] == 1
    assert "messages: 1, median" in err


@pytest.mark.slow
def test_the_command_learns_what_the_extractor_learns(cases: list[Case], schemas: SchemaSet) -> None:
    some = [each for each in cases if each.kind in {"mixed", "assistant-said"}]
    in_process = asyncio.run(run.learn_all(some, schemas, RulesExtractor(), run.grounded))
    assert run.learn_via_cli(some).profiles == in_process.profiles
    assert any(in_process.profiles.values())


def test_a_command_that_fails_is_reported_with_what_it_said(cases: list[Case]) -> None:
    with pytest.raises(CaseError, match=r"profile learn ended with 2: .*no-such-extractor"):
        run.learn_via_cli(cases[:1], "no-such-extractor")


def test_a_sample_is_every_so_many_cases_of_a_kind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The rule is the number in the id, so that new cases change no sample of the old ones."""
    path = tmp_path / "few.jsonl"
    write_lines(
        path,
        *(
            {"id": f"intro-{n}", "kind": "intro", "lang": "en", "schema": "base", "turns": [f"{n}: I'm Ana"], "gold": {}}
            for n in range(1, 8)
        ),
    )
    written = tmp_path / "predictions.jsonl"
    assert run.main(["--cases", str(path), "--every", "3", "--write", str(written)]) == 0
    assert [json.loads(line)["id"] for line in written.read_text(encoding="utf-8").splitlines()] == ["intro-3", "intro-6"]
    capsys.readouterr()
