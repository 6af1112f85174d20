"""The benchmarks' own arithmetic, and the documents that they write into."""

from __future__ import annotations

import sys

import pytest

from benchmarks.__main__ import written
from benchmarks.memory import peak
from benchmarks.timing import MIN_RUNS, Measured, interleaved, ratio, table
from tests.conftest import ROOT
from tests.program import Program

ROW = Measured("start-up", "llm", 0.5, 1.0, "50.0 ms", "100.0 ms")


def test_a_promise_bounds_from_above_or_from_below() -> None:
    """And none promises nothing."""
    assert ROW.met
    assert not Measured("x", "", 1.2, 1.0).met
    assert not Measured("x", "", 1.2, 2.0, least=True).met
    assert Measured("x", "", 9.0, None).met


def test_a_row_shows_both_sides_and_a_broken_promise() -> None:
    """In the order of the table's headings."""
    assert ROW.cells() == ["start-up", "50.0 ms", "llm", "100.0 ms", "0.50", "≤ 1", "yes"]
    assert Measured("x", "", 330.0, 470, unit="tokens").cells()[4:6] == ["330 tokens", "≤ 470 tokens"]
    assert Measured("x", "", 1.5, 2, least=True).cells()[5:] == ["≥ 2", "**no**"]


def test_both_sides_are_measured_in_turn_and_the_first_of_each_does_not_count() -> None:
    """Neither goes first every time."""
    order: list[str] = []

    def side(name: str) -> float:
        order.append(name)
        return float(len(order))

    ours, theirs = interleaved(1, lambda: side("a"), lambda: side("b"))
    assert len(ours) == len(theirs) == MIN_RUNS
    assert order[:6] == ["a", "b", "b", "a", "a", "b"]


def test_what_slows_the_machine_slows_both_sides_of_a_ratio() -> None:
    """A pair that took ten times as long weighs no more than another."""
    assert ratio([1, 10, 1], [2, 20, 2]) == 0.5


def test_a_table_replaces_the_one_before_it() -> None:
    """And a document without a block for it is a mistake."""
    document = "before\n<!-- measured -->\nold\n<!-- end -->\nafter\n"
    once = written(document, [ROW], "Medians.")
    assert once == f"before\n<!-- measured -->\nMedians.\n\n{table([ROW])}\n<!-- end -->\nafter\n"
    assert written(once, [ROW], "Medians.") == once
    with pytest.raises(ValueError, match="one block"):
        written("no block", [ROW], "")


@pytest.mark.parametrize("name", ["README.md", "docs/benchmarks.md"])
def test_the_documents_have_the_table(name: str) -> None:
    """As it was last measured."""
    text = (ROOT / name).read_text(encoding="utf-8")
    assert written(text, [ROW], "x") != text
    rows = [line for line in text.splitlines() if line.startswith("|") and line.endswith(("| yes |", "| **no** |"))]
    assert len(rows) > 15


@pytest.mark.slow
def test_the_memory_of_a_program_is_its_own(program: Program) -> None:
    """Not that of the process that starts it, which is larger here."""
    held = bytearray(200_000_000)
    small = peak([sys.executable, "-S", "-c", "pass"], program.environment(), "")
    large = peak([sys.executable, "-S", "-c", "x = bytearray(100_000_000)"], program.environment(), "")
    assert len(held) / 1e6 > large
    assert 1 < small < 60
    assert large - small > 90
