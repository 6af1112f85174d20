"""Schemas from folders of modules."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from profilecli.errors import SchemaError
from profilecli.schema import SchemaSet
from profilecli.schema.loader import load_module
from profilecli.schema.schema import schema_name
from tests.program import Program

Write = Callable[[str, str], Path]

HEAD = "from dataclasses import dataclass, field\nfrom typing import *\nfrom profilecli import UserProfile\n\n"


def _one(fields: str, decorator: str = "@dataclass") -> str:
    return f"{HEAD}{decorator}\nclass TeamProfile(UserProfile):\n    {fields}\n"


@pytest.mark.parametrize(
    ("class_name", "name"),
    [
        ("CustomerProfile", "customer"),
        ("VIPCustomerProfile", "vip_customer"),
        ("Customer", "customer"),
        ("MyTeam2Profile", "my_team2"),
        ("Profile", ""),
    ],
)
def test_a_schema_is_called_after_its_class(class_name: str, name: str) -> None:
    """Without ``Profile``, in snake case."""
    assert schema_name(class_name) == name


def test_the_examples_load(schemas: SchemaSet) -> None:
    """customer and support, and base without a module."""
    assert list(schemas.schemas) == ["base", "customer", "support"]
    assert list(schemas.get("customer").by_name) == ["name", "preferred_name", "company", "plan_tier", "role", "timezone"]
    assert schemas.faults == []


def test_annotations_as_strings_are_understood(module: Write) -> None:
    """``from __future__ import annotations`` is common in modules."""
    path = module("team", "from __future__ import annotations\n" + _one("size: Optional[int] = None"))
    (schema,), faults = load_module(path)
    assert faults == []
    assert schema.by_name["size"].type is int


def test_a_broken_module_names_its_line_and_the_others_load(module: Write) -> None:
    """Syntax errors, exceptions and exits alike."""
    module("good", _one("size: Optional[int] = None"))
    module("syntax", "def (:\n")
    module("raises", HEAD + "\n1 / 0\n")
    folder = module("leaves", "import sys\nsys.exit(3)\n").parent
    known = SchemaSet([folder])
    assert "team" in known.schemas
    reasons = {fault.path.stem: (fault.line, fault.reason) for fault in known.faults}
    assert reasons["syntax"][0] == 1
    assert reasons["raises"] == (6, "ZeroDivisionError: division by zero")
    assert reasons["leaves"] == (2, "SystemExit: 3")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ("_hidden: Optional[str] = None", "can't be called '_hidden'"),
        ("schema: Optional[str] = None", "can't be called 'schema'"),
        ("unset: Optional[str] = None", "can't be called 'unset'"),
        ("data: Optional[dict] = None", "type"),
    ],
)
def test_an_unsound_field_is_a_fault_with_its_reason(module: Write, fields: str, reason: str) -> None:
    """The class is named, and the line."""
    schemas, (fault,) = load_module(module("team", _one(fields)))
    assert schemas == []
    assert reason in fault.reason
    assert "TeamProfile" in fault.reason
    assert fault.line == 6


def test_a_class_without_dataclass_is_told_so(module: Write) -> None:
    """The commonest slip."""
    _, (fault,) = load_module(module("team", _one("size: Optional[int] = None", decorator="")))
    assert "@dataclass" in fault.reason


def test_two_schemas_of_one_name_name_both_files_and_neither_is_used(module: Write) -> None:
    """Nobody should have to guess which one was meant."""
    first, second = module("a", _one("size: Optional[int] = None")), module("b", _one("size: Optional[str] = None"))
    known = SchemaSet([first.parent])
    assert "team" not in known.schemas
    (fault,) = known.faults
    assert str(first) in str(fault)
    assert str(second) in str(fault)
    with pytest.raises(SchemaError, match="second schema called 'team'"):
        known.get("team")


def test_a_module_for_agno_says_which_import_to_change(module: Write) -> None:
    """Where agno is not installed."""
    _, (fault,) = load_module(module("team", "from agno.learn.schemas import UserProfile\n"))
    assert "from profilecli import UserProfile" in fault.reason
    assert fault.line == 1


@pytest.mark.parametrize("name", ["class", "import", "not"])
def test_a_schema_is_not_called_after_a_word_of_pythons(program: Program, tmp_path: Path, name: str) -> None:
    """No other module could import it; nothing is written."""
    ran = program("schemas", "new", name, "--schema-dir", tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert f"'{name}' can't be a schema's name: it is a word of Python's own" in ran.err
    assert list(tmp_path.glob("*.py")) == []


def test_a_module_may_import_its_neighbour_and_print(module: Write, capsys: pytest.CaptureFixture[str]) -> None:
    """What it prints doesn't get among the data, and the neighbour's class is not counted twice."""
    module("team", _one("size: Optional[int] = None"))
    path = module(
        "bigger",
        f"{HEAD}from team import TeamProfile\nprint('hello')\n@dataclass\nclass BiggerProfile(TeamProfile):\n    floor: Optional[int] = None\n",
    )
    known = SchemaSet([path.parent])
    assert sorted(known.schemas) == ["base", "bigger", "team"]
    assert list(known.get("bigger").by_name) == ["name", "preferred_name", "size", "floor"]
    assert capsys.readouterr().out == ""


def test_a_schema_that_is_not_there_says_what_is(schemas: SchemaSet) -> None:
    """The line names the schemas, and how to point elsewhere."""
    with pytest.raises(SchemaError, match=r"no schema 'client' \(have: base, customer, support; .*--schema-dir"):
        schemas.get("client")
