"""Changes by hand."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from profilecli.edits import assignments, edit_in_editor, unsetting
from profilecli.errors import InvalidValue, ProfilecliError, UnknownField, UsageError
from profilecli.models import Profile, Update
from profilecli.schema import SchemaSet

ALICE = Profile("alice", "customer", {"name": "Alice", "old_field": "x"}, "", "")


def test_assignments_are_converted_by_their_fields(schemas: SchemaSet) -> None:
    """Everything after the first = is the value; words that a model may not say are kept by hand."""
    customer = schemas.get("customer")
    assert assignments(["company=A=B", "plan_tier=PRO", "name=null"], customer) == [
        Update("company", "replace", "A=B", None, "user"),
        Update("plan_tier", "replace", "pro", None, "user"),
        Update("name", "replace", "null", None, "user"),
    ]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("company", UsageError),
        ("company=", UsageError),
        ("company=  ", UsageError),
        ("compny=x", UnknownField),
        ("plan_tier=gold", InvalidValue),
    ],
)
def test_a_wrong_assignment_is_wrong_usage(schemas: SchemaSet, text: str, error: type[UsageError]) -> None:
    """Exit 2, with a line that helps."""
    with pytest.raises(error) as refused:
        assignments([text], schemas.get("customer"))
    assert refused.value.exit_status == 2


def test_a_stored_field_that_the_schema_lacks_can_be_cleared(schemas: SchemaSet) -> None:
    """It is shown, so it can be removed."""
    assert unsetting(["old_field"], schemas.get("customer"), ALICE)[0].field == "old_field"
    with pytest.raises(UnknownField):
        unsetting(["nonsense"], schemas.get("customer"), ALICE)


def _editor(tmp_path: Path, body: str) -> dict[str, str]:
    script = tmp_path / "editor.py"
    script.write_text(f"import sys, pathlib\npath = pathlib.Path(sys.argv[1])\ntext = path.read_text()\n{body}\n")
    return {"EDITOR": f"{sys.executable} {script}", "VISUAL": ""}


def test_what_the_editor_saved_becomes_updates(schemas: SchemaSet, tmp_path: Path) -> None:
    """A changed line sets; an uncommented one, too."""
    environ = _editor(tmp_path, "path.write_text(text.replace('\"Alice\"', '\"Ali\"').replace('# company = ', 'company = \"Acme\"'))")
    assert edit_in_editor(ALICE, schemas.get("customer"), environ) == [
        Update("name", "replace", "Ali", None, "user"),
        Update("company", "replace", "Acme", None, "user"),
    ]


def test_a_mistake_reopens_the_editor_with_the_error_on_top_and_nothing_lost(schemas: SchemaSet, tmp_path: Path) -> None:
    """The second time, the text of the first is there."""
    body = (
        "if 'MISTAKE' not in text:\n    path.write_text(text + 'plan_tier = \"gold\"\\ncompany = \"Acme\"\\n')\n"
        "else:\n    assert text.startswith('# MISTAKE: plan_tier')\n    path.write_text(text.replace('gold', 'pro'))"
    )
    updates = edit_in_editor(ALICE, schemas.get("customer"), _editor(tmp_path, body))
    assert {(u.field, u.value) for u in updates} == {("plan_tier", "pro"), ("company", "Acme")}


def test_a_mistake_saved_twice_ends_it_and_the_text_stays(schemas: SchemaSet, tmp_path: Path) -> None:
    """No endless loop in a script."""
    with pytest.raises(ProfilecliError, match="your text is in") as ended:
        edit_in_editor(ALICE, schemas.get("customer"), _editor(tmp_path, "path.write_text('name = \"precious\" oops')"))
    kept = Path(str(ended.value).rpartition(" in ")[2].rstrip("."))
    assert "precious" in kept.read_text()
    kept.unlink()


def test_an_editor_that_fails_changes_nothing(schemas: SchemaSet, tmp_path: Path) -> None:
    """As :cq in vi."""
    with pytest.raises(ProfilecliError, match="nothing was changed"):
        edit_in_editor(ALICE, schemas.get("customer"), _editor(tmp_path, "sys.exit(1)"))


def test_an_editor_that_is_not_there_is_one_line(schemas: SchemaSet) -> None:
    """Not a traceback."""
    with pytest.raises(ProfilecliError, match="no-such-editor"):
        edit_in_editor(ALICE, schemas.get("customer"), {"EDITOR": "no-such-editor"})
