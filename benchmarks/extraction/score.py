"""Scores profiles against the cases: what was learned, what was missed, what was made up.

For each case and field: a right value is a hit; a wanted field that is empty is a miss; a
value that is neither wanted nor allowed is false; a wrong value of a wanted field is both
false and a miss. A value that is only allowed counts as nothing. Precision, recall and F1
are micro-averaged over field values (Manning, Raghavan and Schütze, Introduction to
Information Retrieval, 2008, section 13.6). A case is exact when nothing of it is false or
missed. ``empty FP`` is the share of the cases with nothing to extract that got a false value.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from benchmarks.extraction.answers import Either, Expectation, matches
from benchmarks.extraction.cases import CASES, Case, CaseError, load_cases

__all__ = [
    "Profiles",
    "Report",
    "Tally",
    "Verdict",
    "as_json",
    "evaluate",
    "judge",
    "main",
    "mistakes",
    "read_predictions",
    "render",
    "show",
]

Profiles = Mapping[str, Mapping[str, Any]]
"""What a system learned: profiles (field to JSON value) by case id."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One count for one field of one case."""

    field: str
    outcome: Literal["hit", "false", "miss"]
    value: Any = None


@dataclass(slots=True)
class Tally:
    """Counts over cases. A ratio is None where there is nothing to divide by."""

    cases: int = 0
    exact: int = 0
    empty: int = 0
    empty_false: int = 0
    hits: int = 0
    false: int = 0
    misses: int = 0

    def add(self, verdicts: Sequence[Verdict], *, empty: bool) -> None:
        """Counts one case."""
        outcomes = [verdict.outcome for verdict in verdicts]
        self.cases += 1
        self.hits += outcomes.count("hit")
        self.false += outcomes.count("false")
        self.misses += outcomes.count("miss")
        self.exact += all(outcome == "hit" for outcome in outcomes)
        self.empty += empty
        self.empty_false += empty and "false" in outcomes

    @property
    def wanted(self) -> int:
        """Field values that should have been learned."""
        return self.hits + self.misses

    @property
    def precision(self) -> float | None:
        """The share of what was learned that is right."""
        return _ratio(self.hits, self.hits + self.false)

    @property
    def recall(self) -> float | None:
        """The share of what should have been learned that was."""
        return _ratio(self.hits, self.wanted)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall."""
        return _ratio(2 * self.hits, 2 * self.hits + self.false + self.misses)

    @property
    def exact_share(self) -> float | None:
        """The share of cases with nothing false and nothing missed."""
        return _ratio(self.exact, self.cases)

    @property
    def empty_fp_rate(self) -> float | None:
        """The share of the cases with nothing to extract that got a false value."""
        return _ratio(self.empty_false, self.empty)


@dataclass(frozen=True)
class Report:
    """The tally of all cases, and by ``kind``, ``field``, ``lang`` and ``schema``."""

    total: Tally
    groups: Mapping[str, Mapping[str, Tally]]


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


# ---- one case


def judge(expected: Expectation, profile: Mapping[str, Any], *, strict: bool = False) -> list[Verdict]:
    """The verdicts on one profile. With ``strict`` nothing is merely allowed: such a field must be empty."""
    values = {name: value for name, value in profile.items() if value not in (None, [], "")}
    verdicts = [verdict for group in expected.either for verdict in _judge_either(group, values)]
    grouped = {name for group in expected.either for name in group.fields}
    for name in sorted({*values, *expected.gold} - grouped):
        value, allowed = values.get(name), expected.allow.get(name, ())
        if name not in expected.gold:
            if strict or not matches(name, value, allowed):
                verdicts.append(Verdict(name, "false", value))
        elif name not in values:
            verdicts.append(Verdict(name, "miss"))
        elif matches(name, value, (*expected.gold[name], *allowed)):
            verdicts.append(Verdict(name, "hit", value))
        else:
            verdicts += [Verdict(name, "false", value), Verdict(name, "miss", value)]
    return verdicts


def _judge_either(group: Either, values: Mapping[str, Any]) -> Iterator[Verdict]:
    held = [name for name in group.fields if name in values]
    right = [name for name in held if matches(name, values[name], group.values)]
    yield Verdict(right[0], "hit", values[right[0]]) if right else Verdict(group.fields[0], "miss")
    yield from (Verdict(name, "false", values[name]) for name in held if name not in right)


# ---- all cases


def evaluate(cases: Iterable[Case], profiles: Profiles, *, strict: bool = False) -> Report:
    """Scores the profiles of a system; a case without one is scored as an empty profile."""
    total = Tally()
    groups: dict[str, dict[str, Tally]] = {"kind": {}, "field": {}, "lang": {}, "schema": {}}
    for case in cases:
        verdicts = judge(case.expected, profiles.get(case.id, {}), strict=strict)
        total.add(verdicts, empty=case.expected.is_empty)
        for group, label in (("kind", case.kind), ("lang", case.lang), ("schema", case.schema)):
            groups[group].setdefault(label, Tally()).add(verdicts, empty=case.expected.is_empty)
        for name in sorted({verdict.field for verdict in verdicts}):
            own = [verdict for verdict in verdicts if verdict.field == name]
            groups["field"].setdefault(name, Tally()).add(own, empty=case.expected.is_empty)
    return Report(total, {group: dict(sorted(tallies.items())) for group, tallies in groups.items()})


def mistakes(cases: Iterable[Case], profiles: Profiles, *, strict: bool = False) -> Iterator[tuple[Case, list[Verdict]]]:
    """The cases that are not exact, with what is wrong in each."""
    for case in cases:
        wrong = [verdict for verdict in judge(case.expected, profiles.get(case.id, {}), strict=strict) if verdict.outcome != "hit"]
        if wrong:
            yield case, wrong


# ---- rendering

_PRECISION: tuple[str, Callable[[Tally], float | None]] = ("precision", lambda tally: tally.precision)
_RECALL: tuple[str, Callable[[Tally], float | None]] = ("recall", lambda tally: tally.recall)
_F1: tuple[str, Callable[[Tally], float | None]] = ("F1", lambda tally: tally.f1)
_EXACT: tuple[str, Callable[[Tally], float | None]] = ("exact", lambda tally: tally.exact_share)
_EMPTY_FP: tuple[str, Callable[[Tally], float | None]] = ("empty FP", lambda tally: tally.empty_fp_rate)

_COLUMNS = {
    "kind": (_PRECISION, _RECALL, _F1, _EXACT, _EMPTY_FP),
    "field": (_PRECISION, _RECALL, _F1),
    "lang": (_PRECISION, _RECALL, _F1, _EMPTY_FP),
}


def render(reports: Mapping[str, Report], *, markdown: bool = False) -> str:
    """Tables by kind, field and language, the systems side by side, as text or in Markdown."""
    return "\n\n".join(_table(group, reports, markdown=markdown) for group in _COLUMNS)


def _table(group: str, reports: Mapping[str, Report], *, markdown: bool) -> str:
    columns = _COLUMNS[group]
    count = "values" if group == "field" else "cases"
    alone = len(reports) == 1
    header = [group, count, *(title if alone else f"{system}: {title}" for system in reports for title, _ in columns)]
    labels = sorted({label for report in reports.values() for label in report.groups[group]})
    rows = [_row(label, count, [report.groups[group].get(label, Tally()) for report in reports.values()], columns) for label in labels]
    rows.append(_row("all", count, [report.total for report in reports.values()], columns))
    if markdown:
        lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)
    widths = [max(len(line[i]) for line in [header, *rows]) for i in range(len(header))]
    return "\n".join(_aligned(line, widths) for line in [header, *rows])


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    label, *numbers = cells
    return "  ".join([label.ljust(widths[0]), *(number.rjust(width) for number, width in zip(numbers, widths[1:], strict=True))])


def _row(label: str, count: str, tallies: Sequence[Tally], columns: Sequence[tuple[str, Callable[[Tally], float | None]]]) -> list[str]:
    number = max(tally.wanted if count == "values" else tally.cases for tally in tallies)
    shares = [share(tally) for tally in tallies for _, share in columns]
    return [label, str(number), *("–" if value is None else f"{value:.3f}" for value in shares)]


def as_json(report: Report) -> dict[str, Any]:
    """The report as a JSON value: counts and ratios, of all and by group."""
    shape: dict[str, Any] = {"all": _tally_json(report.total)}
    return shape | {group: {label: _tally_json(tally) for label, tally in tallies.items()} for group, tallies in report.groups.items()}


def _tally_json(tally: Tally) -> dict[str, float | int | None]:
    counts = ("cases", "empty", "hits", "false", "misses")
    ratios = ("precision", "recall", "f1", "exact_share", "empty_fp_rate")
    return {name: getattr(tally, name) for name in counts + ratios}


# ---- the command line


def read_predictions(path: Path) -> dict[str, dict[str, Any]]:
    """The profiles of a JSON Lines file of ``{"id": …, "profile": {field: value}}``. Raises CaseError."""
    profiles: dict[str, dict[str, Any]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not line:
            continue
        try:
            record = json.loads(line)
            profiles[record["id"]] = dict(record["profile"])
        except (ValueError, KeyError, TypeError) as error:
            raise CaseError(f"{path}:{number}: not a prediction: {type(error).__name__}: {error}") from error
    return profiles


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; 0, or 1 where a file can't be read."""
    parser = argparse.ArgumentParser(
        prog="score", description="Score predictions against the cases; several files are compared side by side."
    )
    parser.add_argument("predictions", nargs="+", type=Path, help='JSON Lines of {"id": …, "profile": {field: value}}')
    parser.add_argument("--cases", type=Path, default=CASES, help="a directory of cases (default: beside this program)")
    parser.add_argument("--strict", action="store_true", help="a field that may be empty or filled must be empty")
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--markdown", action="store_true", help="tables for the docs")
    shape.add_argument("--json", action="store_true", help="counts and ratios as JSON, by system")
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="then the first N wrong cases of each system")
    options = parser.parse_args(arguments)
    try:
        cases = load_cases(options.cases)
        systems = {path.stem: read_predictions(path) for path in options.predictions}
    except (CaseError, OSError) as error:
        print(f"score: {error}", file=sys.stderr)
        return 1
    show(cases, systems, strict=options.strict, markdown=options.markdown, json_shape=options.json, errors=options.errors)
    return 0


def show(cases: Sequence[Case], systems: Mapping[str, Profiles], *, strict: bool, markdown: bool, json_shape: bool, errors: int) -> None:
    """Prints the scores of the systems, and on stderr their first ``errors`` wrong cases."""
    reports = {system: evaluate(cases, profiles, strict=strict) for system, profiles in systems.items()}
    if json_shape:
        print(json.dumps({system: as_json(report) for system, report in reports.items()}, indent=1, ensure_ascii=False))
    else:
        print(render(reports, markdown=markdown))
    for system, profiles in systems.items():
        for case, wrong in list(mistakes(cases, profiles, strict=strict))[:errors]:
            lines = [f"{system}: {case.id} [{case.schema}]", *(f"  {turn.role}: {turn.content}" for turn in case.turns)]
            lines.append(f"  wanted: {json.dumps(case.expected.gold, ensure_ascii=False)}")
            lines += (f"  {verdict.outcome}: {verdict.field} {verdict.value!r}" for verdict in wrong)
            print("\n" + "\n".join(lines), file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
