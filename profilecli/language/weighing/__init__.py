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
from itertools import repeat

from profilecli.language.clauses import Reading
from profilecli.language.spans import Span
from profilecli.language.weighing import candidates, cues, withdrawals
from profilecli.language.weighing.candidates import KINDS
from profilecli.language.weighing.cues import Beside, Cue, Stated

__all__ = ["KINDS", "Beside", "Model", "Stated", "Weighed", "model_of", "preset", "reasons", "takes_back", "weigh"]


@dataclass(frozen=True)
class Model:
    """The weights of one kind's cues, and the log-odds from which on a candidate is a fact."""

    accept: float
    weights: Mapping[Cue, float]

    def odds(self, said: Iterable[Cue]) -> float:
        """The log-odds that cues add up to."""
        return sum(map(self.weights.get, said, repeat(0.0)))

    @cached_property
    def most_by_clause(self) -> float:
        """What an objection to the clause can add at most."""
        return max((0.0, *(weight for (sort, _), weight in self.weights.items() if sort == "objection")))

    @classmethod
    def from_json(cls, text: str) -> Model:
        """A table as :meth:`to_json` writes it: the weights by sort and text."""
        data = json.loads(text)
        return cls(data["accept"], {(sort, said): weight for sort, texts in data["weights"].items() for said, weight in texts.items()})

    def to_json(self) -> str:
        """The table, a sort of cue a line."""
        sorts: dict[str, dict[str, float]] = {}
        for (sort, said), weight in sorted(self.weights.items()):
            sorts.setdefault(sort, {})[said] = weight
        return json.dumps({"accept": self.accept, "weights": sorts}, ensure_ascii=False, separators=(",", ":")).replace("},", "},\n") + "\n"


@dataclass(frozen=True, slots=True)
class Weighed:
    """A candidate, and by how much its log-odds pass what is asked of a fact: from 0 on it is one; below, it is at most so much."""

    span: Span
    excess: float


def weigh(reading: Reading, kind: str, beside: Beside, choices: Sequence[str] = ()) -> list[Weighed]:
    """The candidates for a kind of fact, what the patterns read among them, each weighed; ``choices`` are the field's."""
    found = candidates.find(reading, kind, beside.spans(kind), choices)
    if not found:
        return []
    model = model_of(kind)
    shared = model.odds(cues.of_message(reading)) - model.accept
    weighed = []
    for span in found:
        excess = shared + model.odds(cues.of_candidate(reading, span, kind, beside))
        if excess + model.most_by_clause >= 0:
            excess += model.odds(cues.of_clause(reading, span, kind))
        weighed.append(Weighed(span, excess))
    return weighed


def takes_back(reading: Reading, kind: str, held: str, called: Sequence[str], beside: Beside) -> bool:
    """Whether the message takes back a field of a kind, which holds ``held`` and is ``called`` so."""
    model = model_of(withdrawals.KIND)
    said = withdrawals.of_held(reading, kind, held, called, beside)
    return bool(said) and model.odds(said) >= model.accept


def reasons(reading: Reading, span: Span, kind: str, beside: Beside) -> list[tuple[Cue, float]]:
    """The cues of a candidate that weigh anything, the heaviest first."""
    weights = model_of(kind).weights
    said = {*cues.of_candidate(reading, span, kind, beside), *cues.of_clause(reading, span, kind), *cues.of_message(reading)}
    return sorted(((cue, weights[cue]) for cue in said if cue in weights), key=lambda pair: (-abs(pair[1]), pair[0]))


_models: dict[str, Model] = {}


def model_of(kind: str) -> Model:
    """The weights for a kind of fact; read when first asked for."""
    if kind not in _models:
        _models[kind] = _read(kind)
    return _models[kind]


def preset(models: Mapping[str, Model]) -> None:
    """Takes these weights in place of those that are kept, from now on: for who learns new ones."""
    _models.update(models)


def _read(kind: str) -> Model:
    return Model.from_json(files(__package__).joinpath("weights", f"{kind}.json").read_text("utf-8"))
