"""What a model that is too small to copy may choose from."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.extraction.cases import CASES, SCHEMA_DIRECTORIES, load_cases
from benchmarks.extraction.run import EveryPhrase, grounded, learn_all
from benchmarks.extraction.score import evaluate
from profilecli.extract import ModelExtractor
from profilecli.extract.wording import phrases_of, quoted
from profilecli.llm import StructuredReply
from profilecli.models import Proposal, Usage
from profilecli.schema import SchemaSet
from profilecli.schema.fields import Field

FIELDS = [Field("name"), Field("company"), Field("role")]


class Chooser:
    """A model that answers what it is given, and keeps what it was asked."""

    name = "chooser"
    context_window: int | None = None

    def __init__(self, answer: str, *, extracts: bool = False) -> None:
        self.answer, self.extracts, self.schema = answer, extracts, dict[str, Any]()

    async def structured(self, system: str, prompt: str, schema: dict[str, Any]) -> StructuredReply:
        """The answer, whatever is asked."""
        del system, prompt
        self.schema = schema
        return StructuredReply(self.answer, Usage(1))


def item(model: Chooser) -> dict[str, Any]:
    """The properties of one update in the schema that the model was given."""
    properties: dict[str, Any] = model.schema["properties"]["updates"]["items"]["properties"]
    return properties


def extracted(model: Chooser, message: str, values: dict[str, Any] | None = None) -> list[Proposal]:
    """What the extractor proposes."""
    extraction = asyncio.run(ModelExtractor(model).extract(message, context=[], fields=FIELDS, values=values or {}))  # type: ignore[arg-type]
    return list(extraction.proposals)


def test_phrases_begin_and_end_in_words_that_a_value_can() -> None:
    """Up to four words each."""
    assert phrases_of("Hi, I work at Acme Rail, Leeds") == (
        "Hi", "Hi, I work", "work", "work at Acme", "work at Acme Rail", "Acme", "Acme Rail", "Acme Rail, Leeds", "Rail", "Rail, Leeds", "Leeds",
    )  # fmt: skip


@given(st.text(max_size=400))
def test_every_phrase_stands_in_the_message(message: str) -> None:
    """And they are few, however long the message."""
    phrases = phrases_of(message)
    assert all(phrase in message for phrase in phrases)
    assert len(phrases) == len(set(phrases)) <= 4 * 48


def test_a_phrase_gets_the_clause_that_states_it_as_its_quote() -> None:
    """Where none does, it stands for itself, and grounding says why it doesn't hold."""
    message = "Nice day! I work at Acme, by the way."
    fields = {field.name: field for field in FIELDS}
    assert quoted([Proposal("company", "set", "Acme", ""), Proposal("role", "set", "Acme", "")], message, fields) == [
        Proposal("company", "set", "Acme", "I work at Acme"),
        Proposal("role", "set", "Acme", "Acme"),
    ]


def test_a_small_model_only_chooses_a_field_and_a_phrase() -> None:
    """It is asked for no quote, and can't write any value of its own."""
    model = Chooser('{"updates": [{"field": "company", "value": "Acme"}]}')
    assert extracted(model, "I work at Acme") == [Proposal("company", "set", "Acme", "I work at Acme")]
    assert item(model) == {
        "field": {"type": "string", "enum": ["name", "company", "role"]},
        "value": {"type": "string", "enum": ["work", "work at Acme", "Acme"]},
    }


def test_a_model_that_extracts_writes_what_it_reads() -> None:
    """Its schema is the same for every message."""
    model = Chooser('{"updates": []}', extracts=True)
    assert extracted(model, "I work at Acme") == []
    assert list(item(model)) == ["field", "action", "value", "quote"]
    assert "enum" not in item(model)["value"]


@pytest.mark.parametrize("extracts", [False, True])
def test_an_order_to_forget_is_obeyed_whatever_a_model_makes_of_it(extracts: bool) -> None:
    """What is taken back is read by the rules as well."""
    model = Chooser('{"updates": []}', extracts=extracts)
    assert extracted(model, "Forget where I work", {"company": "Acme"}) == [Proposal("company", "unset", None, "Forget where I work")]


def test_what_the_worst_model_proposes_is_stored_only_where_it_is_true() -> None:
    """Every field taken back, and every phrase proposed for every field, over a sample of the project's cases."""
    cases = [case for case in load_cases(CASES) if case.number % 10 == 0]
    run = asyncio.run(learn_all(cases, SchemaSet(SCHEMA_DIRECTORIES), EveryPhrase(), grounded))
    total = evaluate(cases, run.profiles).total
    assert total.precision is not None
    assert total.precision >= 0.93  # all of the cases together give 0.96; a tenth of them varies
    assert total.recall is not None
    assert total.recall >= 0.80
    assert total.empty_fp_rate is not None
    assert total.empty_fp_rate <= 0.03
