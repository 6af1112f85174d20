"""How likely words are to state a fact about their author, told by all that stands around them.

The patterns of :mod:`profilecli.language.patterns` read what people say in known ways. For the other
ways each cue around a candidate has a weight ("before it stands *at*", "the clause is about *my
sister*", "a pattern reads it"): the sum is the logarithm of the odds that the candidate is a fact. It
is a logistic regression; the weights are data, learned from cases by
``python -m benchmarks.extraction.weigh`` and kept in ``weights/``. The same words always weigh the
same, and :func:`reasons` says which cues decided.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import NamedTuple

from profilecli.language.clauses import Reading, read
from profilecli.language.spans import Span
from profilecli.language.weighing import candidates, cues, withdrawals
from profilecli.language.weighing.candidates import KINDS
from profilecli.language.weighing.cues import Beside, Cue, Stated

__all__ = [
    "KINDS",
    "Beside",
    "Model",
    "Stated",
    "Weighed",
    "is_doubtful",
    "is_fact",
    "model_of",
    "preset",
    "reasons",
    "takes_back",
    "weigh",
]


@dataclass(frozen=True)
class Model:
    """The weights of one kind's cues, a table a sort, and the odds from which on a candidate is a fact.

    Both in hundredths of log-odds: whole numbers add up to the same in any order.
    """

    accept: float
    weights: Mapping[str, Mapping[str, int]]

    def odds(self, said: Iterable[Cue]) -> int:
        """What cues add up to, in hundredths of log-odds."""
        weights = self.weights
        return sum([weights.get(sort, _NONE).get(text, 0) for sort, text in said])

    @cached_property
    def most_by_clause(self) -> int:
        """What an objection to the clause can add at most."""
        return max((0, *self.weights.get("objection", _NONE).values()))

    @classmethod
    def of_cues(cls, accept: float, weights: Mapping[Cue, int]) -> Model:
        """A model of the weights of cues."""
        tables: dict[str, dict[str, int]] = {}
        for (sort, text), weight in sorted(weights.items()):
            tables.setdefault(sort, {})[text] = weight
        return cls(accept, tables)

    @classmethod
    def from_json(cls, text: str) -> Model:
        """A table as :meth:`to_json` writes it."""
        return cls(**json.loads(text))

    def to_json(self) -> str:
        """The table, a sort of cue a line."""
        data = {"accept": self.accept, "weights": self.weights}
        return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("},", "},\n") + "\n"


_NONE: Mapping[str, int] = {}

LEAST = -100
"""Below these odds nothing is a fact. Words that a pattern reads are one from here on, where one in two is right: what is said is not to be lost."""


class Weighed(NamedTuple):
    """A candidate and the odds that it is a fact, in hundredths of log-odds; where they are below every bound, they are at most so much."""

    span: Span
    odds: int


def weigh(reading: Reading, kind: str, beside: Beside, choices: Sequence[str] = ()) -> list[Weighed]:
    """The candidates for a kind of fact, what the patterns read among them, each weighed; ``choices`` are the field's."""
    stated = beside.spans(kind)
    found = candidates.find(reading, kind, stated, choices)
    if not found:
        return []
    model = model_of(kind)
    bound = LEAST if stated else model.accept
    shared = model.odds(cues.of_message(reading, kind))
    weighed = []
    for span in found:
        odds = shared + model.odds(cues.of_candidate(reading, span, kind, beside))
        if odds + model.most_by_clause >= bound:
            clause = cues.of_clause(reading, span, kind)
            odds = 2 * LEAST - 1 if cues.rules_out(clause) else odds + model.odds(clause)
        weighed.append(Weighed(span, odds))
    return weighed


def is_fact(kind: str, odds: int) -> bool:
    """Whether words with these odds are a fact, though no pattern reads them so."""
    return odds >= model_of(kind).accept


def is_doubtful(odds: int, *, puts_right: bool = False) -> bool:
    """Whether words with these odds are none, though a pattern reads them so; it takes twice as much where they put an earlier statement right."""
    return odds < (2 * LEAST if puts_right else LEAST)


def takes_back(reading: Reading, kind: str, held: str, called: Sequence[str], beside: Beside) -> bool:
    """Whether the message takes back a field of a kind, which holds ``held`` and is ``called`` so."""
    named = withdrawals.mention(reading, held, called)
    if named is None:
        return False
    model = model_of(withdrawals.KIND)
    shared: dict[str, int] = reading.__dict__.setdefault("_withdrawal_odds", {})
    if named[0] not in shared:
        shared[named[0]] = model.odds(withdrawals.of_message(reading, named[0], beside))
    return shared[named[0]] + model.odds(withdrawals.of_field(reading, kind, named, beside)) >= model.accept


def reasons(reading: Reading, span: Span, kind: str, beside: Beside) -> list[tuple[Cue, int]]:
    """The cues of a candidate that weigh anything, the heaviest first."""
    model = model_of(kind)
    said = {*cues.of_candidate(reading, span, kind, beside), *cues.of_clause(reading, span, kind), *cues.of_message(reading, kind)}
    weighed = [(cue, model.odds([cue])) for cue in said]
    return sorted((pair for pair in weighed if pair[1]), key=lambda pair: (-abs(pair[1]), pair[0]))


_models: dict[str, Model] = {}


def model_of(kind: str) -> Model:
    """The weights for a kind of fact; read when first asked for."""
    if kind not in _models:
        _models[kind] = _read(kind)
    return _models[kind]


def preset(models: Mapping[str, Model]) -> None:
    """Takes these weights in place of those that are kept, from now on: for who learns new ones."""
    _models.update(models)
    read.cache_clear()  # readings keep what they weighed


def _read(kind: str) -> Model:
    return Model.from_json(files(__package__).joinpath("weights", f"{kind}.json").read_text("utf-8"))
