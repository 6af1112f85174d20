"""Runs an extractor over the cases and scores what it learned.

An extractor is what the program itself uses (:class:`profilecli.extract.Extractor`): the
rules, or a model at an endpoint. What it proposes goes through the program's own grounding;
with ``--bare`` it is stored as proposed, which shows what grounding is worth. With ``--full``
each case begins with a full profile, of which it shows what is lost or written over.
``--via-cli`` runs the real command instead, in a process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.extraction.cases import CASES, SCHEMA_DIRECTORIES, Case, CaseError, load_cases, problems
from benchmarks.extraction.held import full, lost
from benchmarks.extraction.score import read_predictions, show
from profilecli import grounding
from profilecli.errors import InvalidValue, ModelError, ProfilecliError
from profilecli.extract import Extraction, Extractor, ModelExtractor, RulesExtractor
from profilecli.extract.wording import phrases_of
from profilecli.llm import open_model
from profilecli.merge import merge
from profilecli.models import Proposal, Source, Update, Utterance
from profilecli.schema import Field, Schema, SchemaSet

__all__ = ["EveryPhrase", "Gate", "Run", "bare", "grounded", "learn", "learn_all", "learn_via_cli", "main"]

UNUSABLE = frozenset({"protocol", "refusal", "empty"})
"""Failures (``ModelError.kind``) that are the model's answer, and are scored as nothing learned; any other ends the run."""

Gate = Callable[..., Sequence[Update]]
"""Which proposals are stored: :func:`grounded` or :func:`bare`, called in the same way."""


def grounded(
    proposals: Sequence[Proposal],
    *,
    message: str,
    context: Sequence[Utterance],
    fields: Sequence[Field],
    values: Mapping[str, Any],
    source: Source,
) -> Sequence[Update]:
    """The proposals that the program would store."""
    updates, _ = grounding.check(proposals, message=message, context=context, fields=fields, values=values, source=source)
    return updates


def bare(
    proposals: Sequence[Proposal],
    *,
    message: str,
    context: Sequence[Utterance],
    fields: Sequence[Field],
    values: Mapping[str, Any],
    source: Source,
) -> Sequence[Update]:
    """Every proposal whose value its field can hold, stated or not."""
    del message, context, values
    by_name = {known.name: known for known in fields}
    updates = []
    for proposal in proposals:
        if proposal.field not in by_name:
            continue
        try:
            value = None if proposal.value is None else by_name[proposal.field].convert_element(proposal.value)
        except InvalidValue:
            continue
        if value is not None or proposal.action == "unset":
            updates.append(Update(proposal.field, proposal.action, value, proposal.quote, source))
    return updates


class EveryPhrase:
    """The worst model that there can be: it takes back every field, and proposes every phrase of up to four words for it.

    What is stored of that is what grounding lets through, whatever a model makes up.
    """

    source: Source = "model"

    async def extract(
        self, message: str, *, context: Sequence[Utterance], fields: Sequence[Field], values: Mapping[str, Any]
    ) -> Extraction:
        """See :class:`profilecli.extract.Extractor`."""
        del context, values
        unsets = [Proposal(known.name, "unset", None, message) for known in fields]
        return Extraction([*unsets, *(Proposal(known.name, "set", phrase, phrase) for known in fields for phrase in phrases_of(message))])


@dataclass
class Run:
    """What an extractor learned.

    ``profiles`` by case id, without what was held before; how many fields were ``held``, and which
    of them were ``lost``; ``seconds`` a user's message, in order; ``unusable`` answers by kind of ModelError.
    """

    profiles: dict[str, dict[str, Any]] = field(default_factory=dict)
    held: int = 0
    lost: list[tuple[str, str]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    unusable: Counter[str] = field(default_factory=Counter)


async def learn(
    case: Case, schema: Schema, extractor: Extractor, gate: Gate, run: Run, held: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The profile after the case's turns, which began with what was ``held``.

    A message without a usable answer teaches nothing. Raises ModelError where the endpoint fails.
    """
    values: dict[str, Any] = dict(held or {})
    lists = frozenset(known.name for known in schema.fields if known.is_list)
    for message, context in case.messages():
        began = time.perf_counter()
        try:
            extraction = await extractor.extract(message, context=context, fields=schema.learnable, values=values)
        except ModelError as error:
            if error.kind not in UNUSABLE:
                raise
            run.unusable[error.kind] += 1
            continue
        updates = gate(
            extraction.proposals, message=message, context=context, fields=schema.learnable, values=values, source=extractor.source
        )
        run.seconds.append(time.perf_counter() - began)
        values, _ = merge(values, updates, lists)
    return values


async def learn_all(cases: Iterable[Case], schemas: SchemaSet, extractor: Extractor, gate: Gate, *, from_full: bool = False) -> Run:
    """Learns each case into a profile of its own, one after the other. Raises ModelError, SchemaError."""
    run = Run()
    for case in cases:
        schema = schemas.get(case.schema)
        held = dict(case.held) or (full(case, schema) if from_full else {})
        values = await learn(case, schema, extractor, gate, run, held)
        # What a case holds itself is among its answers.
        run.profiles[case.id] = values if case.held else {name: value for name, value in values.items() if value != held.get(name)}
        run.held += len(held)
        run.lost += ((case.id, name) for name in sorted(lost(case, held, values)))
    return run


def learn_via_cli(cases: Sequence[Case], extractor: str = "rules", options: Sequence[str] = ()) -> Run:
    """Learns by ``profile learn`` in a process a schema, and reads the profiles back by ``profile export``. Raises CaseError with what it said."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for schema in sorted({case.schema for case in cases}):
            records = home / f"{schema}.jsonl"
            own = (case for case in cases if case.schema == schema)
            records.write_text("".join(json.dumps(_record(case), ensure_ascii=False) + "\n" for case in own), encoding="utf-8")
            _profile(home, "learn", str(records), "--schema", schema, "--extractor", extractor, *options)
        exported = _profile(home, "export", "--all", "--format", "jsonl")
    run = Run({case.id: {} for case in cases})
    for line in exported.split("\n"):
        if line:
            profile = json.loads(line)
            run.profiles[profile["user_id"]] = {name: value for name, value in profile["fields"].items() if value is not None}
    return run


def _record(case: Case) -> dict[str, Any]:
    return {"user_id": case.id, "messages": [{"role": turn.role, "content": turn.content} for turn in case.turns]}


def _profile(home: Path, *arguments: str) -> str:
    """Runs the command on a database of its own, untouched by the caller's settings; what it prints."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PROFILECLI_")}
    environment |= {"PROFILECLI_CONFIG": str(home / "config.toml"), "PROFILECLI_DB": str(home / "profiles.db"), "PYTHONUTF8": "1"}
    environment["PROFILECLI_SCHEMA_DIR"] = os.pathsep.join(map(str, SCHEMA_DIRECTORIES))
    command = [sys.executable, "-m", "profilecli", *arguments]
    finished = subprocess.run(command, env=environment, cwd=CASES.parents[2], capture_output=True, text=True, encoding="utf-8", check=False)
    if finished.returncode:
        raise CaseError(f"profile {arguments[0]} ended with {finished.returncode}: {finished.stderr.strip()}")
    return finished.stdout


# ---- the command line


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run", description="Run an extractor over the cases and score what it learned.")
    parser.add_argument("predictions", nargs="*", type=Path, help="score these files of predictions instead of running anything")
    parser.add_argument("--check", action="store_true", help="only check that the cases are sound; exit 1 if not")
    parser.add_argument("--cases", type=Path, default=CASES, help="a file or a directory of cases (default: beside this program)")
    parser.add_argument("--kind", action="append", help="only cases of this kind (repeatable)")
    parser.add_argument(
        "--every", type=int, default=1, metavar="N", help="only cases whose number is divisible by N: a sample of every kind"
    )
    parser.add_argument(
        "--extractor", choices=("rules", "model", "worst"), default="rules", help="worst: every phrase is proposed for every field"
    )
    parser.add_argument("--bare", action="store_true", help="store what is proposed, unchecked")
    parser.add_argument("--full", action="store_true", help="begin with a full profile; what it held counts as nothing learned")
    parser.add_argument("--via-cli", action="store_true", help="learn by the real command")
    for name in ("--model", "--base-url", "--api"):
        parser.add_argument(name, help="as for the program itself; the key is OPENAI_API_KEY's")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the predictions to a file")
    parser.add_argument("--strict", action="store_true", help="a field that may be empty or filled must be empty")
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--markdown", action="store_true", help="tables for the docs")
    shape.add_argument("--json", action="store_true", help="counts and ratios as JSON")
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="then the first N wrong cases")
    options = parser.parse_args(arguments)
    if options.via_cli and options.extractor == "worst":
        parser.error("the command has no such extractor; worst goes without --via-cli")
    if options.via_cli and options.full:
        parser.error("the command begins with an empty profile; --full goes without --via-cli")
    if options.via_cli and options.bare:
        parser.error("the command grounds what it learns; --bare goes without --via-cli")
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; 0, or 1 where the cases are unsound or something can't be run."""
    options = _options(arguments)
    try:
        cases = load_cases(options.cases)
        if options.check:
            return _check(cases)
        cases = [case for case in cases if (not options.kind or case.kind in options.kind) and case.number % options.every == 0]
        systems: dict[str, Mapping[str, Mapping[str, Any]]] = {path.stem: read_predictions(path) for path in options.predictions}
        if not systems:
            run = _run(cases, options)
            systems["bare" if options.bare else options.extractor] = run.profiles
            _report_run(run)
            if options.write:
                lines = (json.dumps({"id": case_id, "profile": profile}, ensure_ascii=False) for case_id, profile in run.profiles.items())
                options.write.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except (CaseError, ProfilecliError, OSError) as error:
        print(f"run: {error}", file=sys.stderr)
        return 1
    show(cases, systems, strict=options.strict, markdown=options.markdown, json_shape=options.json, errors=options.errors)
    return 0


def _run(cases: Sequence[Case], options: argparse.Namespace) -> Run:
    if options.via_cli:
        named = (("--model", options.model), ("--base-url", options.base_url), ("--api", options.api))
        return learn_via_cli(cases, options.extractor, [part for name, value in named if value for part in (name, value)])
    return asyncio.run(_run_in_process(cases, options))


async def _run_in_process(cases: Sequence[Case], options: argparse.Namespace) -> Run:
    schemas, gate = SchemaSet(SCHEMA_DIRECTORIES), bare if options.bare else grounded
    if options.extractor != "model":
        extractor = RulesExtractor() if options.extractor == "rules" else EveryPhrase()
        return await learn_all(cases, schemas, extractor, gate, from_full=options.full)
    model = open_model(options.model, base_url=options.base_url, api=options.api)
    if model is None:
        raise CaseError("--extractor model needs --model, --base-url or OPENAI_API_KEY.")
    try:
        return await learn_all(cases, schemas, ModelExtractor(model), gate, from_full=options.full)
    finally:
        await model.close()


def _check(cases: Sequence[Case]) -> int:
    faults = problems(cases, SchemaSet(SCHEMA_DIRECTORIES))
    for fault in faults:
        print(fault, file=sys.stderr)
    empty = sum(case.expected.is_empty for case in cases)
    for kind, count in sorted(Counter(case.kind for case in cases).items()):
        print(f"{kind:16} {count:4}")
    print(
        f"{len(cases)} cases, {empty} ({empty / len(cases):.1%}) with nothing to extract: {f'{len(faults)} faults' if faults else 'sound'}."
    )
    return 1 if faults else 0


def _report_run(run: Run) -> None:
    if run.seconds:
        print(f"messages: {len(run.seconds)}, median {statistics.median(run.seconds) * 1e6:,.0f} µs each", file=sys.stderr)
    if run.held:
        print(f"of {run.held} fields that were held, {len(run.lost)} were taken back by cases that take nothing back", file=sys.stderr)
    for kind, count in run.unusable.most_common():
        print(f"no usable answer ({kind}): {count}, scored as if nothing was learned from them", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
