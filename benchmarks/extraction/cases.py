"""The cases: what is said, and what a profile should hold afterwards.

The format is described in README.md beside this module.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.extraction.answers import Either, Expectation, fold
from profilecli.errors import InvalidValue
from profilecli.models import Utterance
from profilecli.session import CONTEXT_MESSAGES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from profilecli.schema import Field, SchemaSet

__all__ = ["CASES", "LEARNING", "SCHEMA_DIRECTORIES", "UNSEEN", "Case", "CaseError", "load_cases", "problems"]

_HERE = Path(__file__).parent
CASES = _HERE / "cases"
LEARNING = _HERE / "learning"
UNSEEN = _HERE / "unseen"
SCHEMA_DIRECTORIES = (_HERE.parents[1] / "schemas", _HERE / "schemas")

FEWEST_CASES = 700
EMPTY_SHARE = (0.35, 0.48)
"""Bounds of the share of cases with nothing to extract: enough to measure what is made up, and what is missed."""

_KEYS = {"id", "kind", "lang", "schema", "held", "turns", "gold", "allow", "either"}
_OTHER_SPELLINGS = frozenset({"timezone"})
"""Text fields that are stored in another form than is said, so that the answer's words need not stand in the message."""


class CaseError(Exception):
    """A file of cases or of predictions can't be read; the text says where."""


@dataclass(frozen=True)
class Case:
    """One conversation and the answers to it; ``held`` is what the profile holds before, mostly nothing."""

    id: str
    kind: str
    lang: str
    schema: str
    turns: tuple[Utterance, ...]
    expected: Expectation
    held: Mapping[str, Any] = field(default_factory=dict)
    unknown_keys: frozenset[str] = field(default_factory=frozenset)

    @property
    def number(self) -> int:
        """The number within the kind, with which the id ends; 0 where it ends in none."""
        tail = self.id.rpartition("-")[2]
        return int(tail) if tail.isdigit() else 0

    @property
    def user_text(self) -> str:
        """All that the user says, a message a line."""
        return "\n".join(turn.content for turn in self.turns if turn.role == "user")

    def messages(self) -> Iterator[tuple[str, tuple[Utterance, ...]]]:
        """What the user says, a message at a time, each with the conversation before it as far as a session looks back."""
        for index, turn in enumerate(self.turns):
            if turn.role == "user":
                yield turn.content, self.turns[max(0, index - CONTEXT_MESSAGES) : index]

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Case:
        """The case that a line of a file stands for. Raises KeyError or TypeError where a part is missing or misshapen."""
        return cls(
            id=record["id"],
            kind=record["kind"],
            lang=record["lang"],
            schema=record["schema"],
            turns=tuple(
                Utterance("user", turn) if isinstance(turn, str) else Utterance(turn["role"], turn["content"]) for turn in record["turns"]
            ),
            expected=Expectation(
                gold={name: tuple(answers) for name, answers in record["gold"].items()},
                allow={name: tuple(answers) for name, answers in record.get("allow", {}).items()},
                either=tuple(Either(tuple(group["fields"]), tuple(group["values"])) for group in record.get("either", [])),
            ),
            held=record.get("held", {}),
            unknown_keys=frozenset(record) - _KEYS,
        )


def load_cases(source: Path = CASES) -> list[Case]:
    """Every case of a file, or of a directory's ``*.jsonl``, by file and line. Raises CaseError."""
    cases = []
    for path in [source] if source.is_file() else sorted(source.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            if not line:
                continue
            try:
                cases.append(Case.from_json(json.loads(line)))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise CaseError(f"{path}:{number}: not a case: {type(error).__name__}: {error}") from error
    if not cases:
        raise CaseError(f"{source}: no cases here.")
    return cases


def problems(cases: Sequence[Case], schemas: SchemaSet) -> list[str]:
    """What is wrong with the cases, a line a fault; empty where they are sound."""
    faults = [f"{case_id}: {count} cases have this id" for case_id, count in Counter(case.id for case in cases).items() if count > 1]
    seen: dict[tuple[str, tuple[Utterance, ...]], str] = {}
    for case in cases:
        faults += (f"{case.id}: {fault}" for fault in _problems_of(case, schemas))
        earlier = seen.setdefault((case.schema, case.turns), case.id)
        if earlier != case.id:
            faults.append(f"{case.id}: says the same as {earlier}")
    return faults + list(_problems_of_set(cases))


def _problems_of_set(cases: Sequence[Case]) -> Iterator[str]:
    if len(cases) < FEWEST_CASES:
        yield f"{len(cases)} cases are fewer than {FEWEST_CASES}"
    share = sum(case.expected.is_empty for case in cases) / len(cases)
    if not EMPTY_SHARE[0] <= share <= EMPTY_SHARE[1]:
        yield f"{share:.1%} of the cases have nothing to extract; wanted: {EMPTY_SHARE[0]:.0%} to {EMPTY_SHARE[1]:.0%}"


def _problems_of(case: Case, schemas: SchemaSet) -> Iterator[str]:
    if case.unknown_keys:
        yield f"unknown keys {', '.join(sorted(case.unknown_keys))}"
    if not case.id.startswith(f"{case.kind}-"):
        yield f"the id does not begin with the kind {case.kind!r}"
    if not case.turns or case.turns[-1].role != "user":
        yield "the last turn is not the user's"
    if any(turn.role not in {"user", "assistant"} or not turn.content.strip() for turn in case.turns):
        yield "a turn is empty, or neither the user's nor the assistant's"
    schema = schemas.find(case.schema)
    if schema is None:
        yield f"no schema {case.schema!r}"
        return
    for where, name, answers in _answers(case.expected):
        if name not in schema.by_name:
            yield f"{where}: the schema {case.schema!r} has no field {name!r}"
        elif not answers:
            yield f"{where}: no answer for {name!r}"
        else:
            yield from (f"{where}: {fault}" for fault in _unstorable(schema.by_name[name], answers))
            if where == "gold" and not _is_said(schema.by_name[name], answers, case.user_text):
                yield f"gold: no answer for {name!r} is in the user's words"


def _answers(expected: Expectation) -> Iterator[tuple[str, str, tuple[Any, ...]]]:
    for name, answers in expected.gold.items():
        yield "gold", name, answers
    for name, answers in expected.allow.items():
        yield "allow", name, answers
    for group in expected.either:
        for name in group.fields:
            yield "either", name, group.values


def _unstorable(field: Field, answers: Sequence[Any]) -> Iterator[str]:
    """Answers that the field would refuse, or store as another JSON value."""
    for answer in answers:
        try:
            stored = field.convert(answer)
        except InvalidValue as error:
            yield str(error)
            continue
        if stored != answer or isinstance(stored, bool) is not isinstance(answer, bool):
            yield f"{field.name}: {answer!r} would be stored as {stored!r}"


def _is_said(field: Field, answers: Sequence[Any], text: str) -> bool:
    """Whether every word of some answer stands in the text; true of fields whose values are normal forms."""
    if field.type is not str or field.choices or field.is_list or field.name in _OTHER_SPELLINGS:
        return True
    said = fold(text)
    return any(all(word in said for word in re.findall(r"\w+", fold(answer))) for answer in answers)
