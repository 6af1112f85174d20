"""Learns the weights by which the rules tell a statement of fact from other words (:mod:`profilecli.language.weighing`).

A logistic regression for each kind of fact over the candidates of all cases, fitted by FTRL-Proximal
(McMahan et al., "Ad Click Prediction: a View from the Trenches", KDD 2013), whose L1 term leaves few
weights. From which odds on a candidate counts as a fact is chosen on folds that the weights have not
seen. The same cases give the same table.

    python -m benchmarks.extraction.weigh           what cross-validation gives
    python -m benchmarks.extraction.weigh --write   the same, and writes the tables
"""

from __future__ import annotations

import argparse
import math
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.extraction.answers import fold, matches
from benchmarks.extraction.cases import CASES, LEARNING, SCHEMA_DIRECTORIES, Case, load_cases
from benchmarks.extraction.counterfactuals import of_somebody_else
from benchmarks.extraction.held import CHANGING, TAKING_BACK, some
from profilecli import grounding
from profilecli.extract import rules
from profilecli.language import weighing
from profilecli.language.claims import read_by_patterns
from profilecli.language.clauses import Reading
from profilecli.language.kinds import phrases
from profilecli.language.stated import beside_of, reading_of, weighed_kind
from profilecli.language.weighing import candidates, cues, withdrawals
from profilecli.language.weighing.cues import Beside, Cue
from profilecli.merge import merge
from profilecli.schema import Field, Schema, SchemaSet

__all__ = ["Example", "Regression", "crossed", "examples_of", "fit", "gathered", "learn", "main", "threshold"]

TABLES = Path(weighing.__file__).with_name("weights")

SAID_ITSELF = frozenset({"name", "preferred_name"})
"""Fields that another one doesn't fill, though a case allows it: who says what they are called has not said their name."""

FEWEST = 3
"""Examples that have a cue, for it to get a weight."""

PRECISION = {withdrawals.KIND: 0.97, "name": 0.935, "preferred_name": 0.94, "timezone": 0.945}
"""The share of facts among what is accepted of unseen folds, where it is to be higher than usual.

For what is taken back by mistake is lost, and nearly all messages take nothing back; and names and
places stand in far more of what people say than in these cases, mostly those of others.
"""

USUAL_PRECISION = 0.93
"""The same for the other kinds of facts, where a mistake puts something false into the profile."""

REGRESSIONS = LEARNING / "tests.jsonl"
"""Sentences of the project's own tests, which count for three."""

MOST_ALIKE = 3
"""Examples with the very same cues that count."""

LEAST = 10
"""Weights below this, in hundredths, are dropped: a third of all, they decide nothing."""

PASSES = 12
L1 = 0.8


@dataclass(frozen=True)
class Example:
    """A candidate with its cues, and whether it is a fact. One that isn't ``scored`` teaches, but counts as no mistake."""

    case: Case
    kind: str
    cues: tuple[Cue, ...]
    is_fact: bool
    scored: bool = True


def examples_of(case: Case, schema: Schema) -> Iterator[Example]:
    """The candidates of a case's messages of which it is plain whether they are facts, and whether what is held is taken back."""
    values: dict[str, Any] = dict(some(case, schema))
    lists = frozenset(known.name for known in schema.fields if known.is_list)
    messages = list(case.messages())
    for number, (message, context) in enumerate(messages, 1):
        last = number == len(messages)
        reading = reading_of(message, context)
        beside = beside_of(schema.learnable, read_by_patterns(reading, context, schema.learnable, values), context, values)
        for field in schema.learnable:
            kind = weighed_kind(field)
            if kind is not None:
                yield from _facts(case, field, kind, reading, beside, last=last)
                if kind in beside.held:
                    yield from _withdrawal(case, field, kind, reading, beside, last=last)
        proposals = rules.propose(message, context=context, fields=schema.learnable, values=values)
        updates, _ = grounding.check(proposals, message=message, context=context, fields=schema.learnable, values=values, source="rules")
        values, _ = merge(values, updates, lists)


def _facts(case: Case, field: Field, kind: str, reading: Reading, beside: Beside, *, last: bool) -> Iterator[Example]:
    for span in candidates.find(reading, kind, beside.spans(kind), field.choices):
        value = span.value.lower() if field.choices else span.value
        is_fact = _is_fact(case, field, value, last=last)
        allowed = is_fact is None and field.name in SAID_ITSELF and _is_allowed(case, field, value)
        if is_fact is None and not allowed:
            continue
        clause = cues.of_clause(reading, span, kind)
        if cues.rules_out(clause):
            continue
        said = [*cues.of_candidate(reading, span, kind, beside), *clause, *cues.of_message(reading, kind)]
        yield Example(case, kind, tuple(sorted(said)), bool(is_fact), scored=not allowed)


def _is_fact(case: Case, field: Field, value: str, *, last: bool) -> bool | None:
    """Whether a value is right for a field; None where the case doesn't say."""
    gold = case.expected.gold.get(field.name, ())
    if matches(field.name, value, gold):
        return True
    if _is_allowed(case, field, value) or (not last and (gold or case.kind in CHANGING)):
        return None
    return None if any(_touch(value, answer) for answer in gold) else False


def _is_allowed(case: Case, field: Field, value: str) -> bool:
    """Whether a field may hold a value without having to."""
    either = [answer for group in case.expected.either if field.name in group.fields for answer in group.values]
    return matches(field.name, value, [*case.expected.allow.get(field.name, ()), *either])


def _touch(value: str, answer: Any) -> bool:
    """Whether a value is a part of an answer, or has it as a part: cut wrongly, but at the right place."""
    return isinstance(answer, str) and (fold(answer) in fold(value) or fold(value) in fold(answer))


def _withdrawal(case: Case, field: Field, kind: str, reading: Reading, beside: Beside, *, last: bool) -> Iterator[Example]:
    """Whether the message takes back what a field holds, where the case tells."""
    held = beside.held[kind]
    gold, allow = case.expected.gold.get(field.name, ()), case.expected.allow.get(field.name, ())
    named = withdrawals.mention(reading, held, phrases(field))
    if named is None:
        return
    said = (*withdrawals.of_message(reading, named[0], beside), *withdrawals.of_field(reading, kind, named, beside))
    if matches(field.name, held, gold) or (case.kind not in TAKING_BACK and not gold and not allow):
        yield Example(case, withdrawals.KIND, said, is_fact=False)
    elif not gold and not matches(field.name, held, allow) and last and case.kind in CHANGING:
        yield Example(case, withdrawals.KIND, said, is_fact=True)


class Regression:
    """FTRL-Proximal for one logistic regression."""

    def __init__(self, *, rate: float = 0.15, l1: float = L1, l2: float = 1.0) -> None:
        self._rate, self._l1, self._l2 = rate, l1, l2
        self._z: defaultdict[Cue, float] = defaultdict(float)
        self._n: defaultdict[Cue, float] = defaultdict(float)

    def weight(self, cue: Cue) -> float:
        """The weight of a cue."""
        z = self._z.get(cue, 0.0)
        if abs(z) <= self._l1:
            return 0.0
        return -(z - math.copysign(self._l1, z)) / ((1 + math.sqrt(self._n[cue])) / self._rate + self._l2)

    def learn(self, said: Sequence[Cue], *, is_fact: bool) -> None:
        """One step towards one example."""
        weights = [self.weight(cue) for cue in said]
        gradient = 1 / (1 + math.exp(-max(-30.0, min(30.0, sum(weights))))) - is_fact
        for cue, weight in zip(said, weights, strict=True):
            n = self._n[cue]
            sigma = (math.sqrt(n + gradient * gradient) - math.sqrt(n)) / self._rate
            self._z[cue] += gradient - sigma * weight
            self._n[cue] = n + gradient * gradient

    @property
    def weights(self) -> dict[Cue, int]:
        """The weights that are kept, in hundredths."""
        found = {cue: round(100 * self.weight(cue)) for cue in sorted(self._z)}
        return {cue: weight for cue, weight in found.items() if abs(weight) >= LEAST}


def fit(examples: Sequence[Example]) -> dict[Cue, int]:
    """The weights that the examples of one kind teach."""
    counts = Counter(cue for example in examples for cue in example.cues)
    known = [([cue for cue in example.cues if counts[cue] >= FEWEST], example.is_fact) for example in examples]
    regression, order = Regression(), random.Random(0)
    for _ in range(PASSES):
        order.shuffle(known)
        for said, is_fact in known:
            regression.learn(said, is_fact=is_fact)
    return regression.weights


def crossed(examples: Sequence[Example], folds: int = 5) -> list[tuple[float, Example]]:
    """Each example with its odds by weights that were learned from the cases of the other folds, which say something else."""
    order = sorted({example.case.user_text for example in examples})
    random.Random(1).shuffle(order)
    fold_of = {said: number % folds for number, said in enumerate(order)}
    found: list[tuple[float, Example]] = []
    for number in range(folds):
        model = weighing.Model.of_cues(0, fit([each for each in examples if fold_of[each.case.user_text] != number]))
        found += [(model.odds(each.cues), each) for each in examples if fold_of[each.case.user_text] == number]
    return found


def threshold(scored: Iterable[tuple[float, Example]], precision: float) -> tuple[float, float]:
    """The least odds from which on this share of the examples are facts, and the share of all facts that lie there."""
    ordered = sorted((pair for pair in scored if pair[1].scored), key=lambda pair: -pair[0])
    facts = sum(example.is_fact for _, example in ordered) or 1
    right, best = 0, (math.inf, 0.0)
    for count, (value, example) in enumerate(ordered, 1):
        right += example.is_fact
        if right / count >= precision:
            best = (value, right / facts)
    return best


def gathered(cases: Iterable[Case]) -> dict[str, list[Example]]:
    """The examples of all cases by kind, and of each case as said of somebody else."""
    schemas = SchemaSet(SCHEMA_DIRECTORIES)
    by_kind: defaultdict[str, list[Example]] = defaultdict(list)
    seen: Counter[tuple[str, tuple[Cue, ...], bool]] = Counter()
    for case in cases:
        schema = schemas.get(case.schema)
        for example in examples_of(case, schema):
            # Many cases begin with the same message.
            alike = (example.kind, example.cues, example.is_fact)
            seen[alike] += 1
            if seen[alike] <= MOST_ALIKE:
                by_kind[example.kind].append(example)
        other = of_somebody_else(case)
        for example in examples_of(other, schema) if other is not None else ():
            by_kind[example.kind].append(replace(example, scored=False))
    return dict(by_kind)


def learn(cases: Sequence[Case]) -> Iterator[tuple[str, weighing.Model, str]]:
    """The model of each kind with a line about it.

    Twice over: what a message does to what is held can be learned only when something is held, so
    first come weights that are learned where the patterns alone fill the profile.
    """
    patterns_only = weighing.Model(50, {"pattern": {"same meant": 100, "same put right": 100}})
    weighing.preset(dict.fromkeys(weighing.KINDS, patterns_only) | {withdrawals.KIND: weighing.Model(math.inf, {})})
    with ProcessPoolExecutor() as pool:
        first = gathered(cases)
        weighing.preset(
            {kind: weighing.Model.of_cues(0, weights) for kind, weights in zip(first, pool.map(fit, first.values()), strict=True)}
        )
        examples = gathered(cases)
        scores = pool.map(crossed, examples.values())
        for kind, weights, scored in zip(examples, pool.map(fit, examples.values()), scores, strict=True):
            accept, share = threshold(scored, PRECISION.get(kind, USUAL_PRECISION))
            if kind == withdrawals.KIND:
                accept = max(accept, 0)  # what is held goes at even odds at the least
            facts = sum(example.is_fact for _, example in scored)
            told = f"{kind:15}{len(scored):7} candidates{facts:6} facts{len(weights):6} weights; from {accept:5.0f} on: {share:.3f} of the facts"
            yield kind, weighing.Model.of_cues(accept, weights), told


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="weigh", description="Learn the weights of cues from the cases.")
    parser.add_argument("--cases", type=Path, default=[CASES, LEARNING], nargs="*", help="files or directories to learn from")
    parser.add_argument("--write", action="store_true", help="write the tables")
    options = parser.parse_args(arguments)
    cases = [case for path in options.cases for case in load_cases(path)]
    for kind, model, told in learn([*cases, *load_cases(REGRESSIONS), *load_cases(REGRESSIONS)]):
        print(told, flush=True)
        if options.write:
            (TABLES / f"{kind}.json").write_text(model.to_json(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
