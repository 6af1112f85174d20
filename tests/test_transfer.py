"""Profiles as files, out and in."""

from __future__ import annotations

import csv
import io
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profilecli.errors import InvalidValue, TransferError, UnknownField
from profilecli.models import Profile
from profilecli.schema import SchemaSet
from profilecli.schema.schema import Schema
from profilecli.text import one_line
from profilecli.transfer import FORMATS, dump, from_toml, parse, to_toml, write_private
from tests.conftest import SCHEMAS

CUSTOMER = SchemaSet([SCHEMAS]).get("customer")

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=30).map(str.strip).filter(one_line)
NICE = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=20)
VALUE = TEXT | st.sampled_from(["=1+1", "+49 30", "-5", "@x", "'quoted", "\tx".strip(), "5", "true", "null", '"x"', "[1]", "NaN", "1e5", "a,b\nc", "\r"]).filter(
    one_line
) | st.integers(-(2**60), 2**60) | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.lists(TEXT, min_size=1, max_size=3)  # fmt: skip
FIELDS = st.dictionaries(st.sampled_from(["name", "company", "plan_tier", "budget", "tags", "=x"]), VALUE, max_size=6)
STAMP = "2026-01-31T12:00:00Z"
PROFILES = st.dictionaries(NICE, FIELDS, max_size=4).map(lambda users: [Profile(u, "customer", f, STAMP, STAMP) for u, f in users.items()])


def through(profiles: list[Profile], form: str, schema: Schema = CUSTOMER) -> list[Profile]:
    """Out and in again."""
    return [portable.profile for portable in parse("".join(dump([schema.view(p) for p in profiles], form)))]


@given(PROFILES.filter(bool), st.sampled_from(FORMATS))
def test_what_export_writes_import_reads_back(profiles: list[Profile], form: str) -> None:
    """Whatever the values are: numbers, lists, text that looks like either, formulas, line breaks."""
    assert [(p.user_id, p.schema, dict(p.fields)) for p in through(profiles, form)] == [
        (p.user_id, p.schema, dict(p.fields)) for p in profiles
    ] or _same(through(profiles, form), profiles)


def _same(back: list[Profile], profiles: list[Profile]) -> bool:
    # The order of fields is the schema's in a file, and the learning's in the store.
    return [(p.user_id, sorted(p.fields.items(), key=str)) for p in back] == [
        (p.user_id, sorted(p.fields.items(), key=str)) for p in profiles
    ]


@given(PROFILES)
def test_no_cell_of_a_spreadsheet_runs(profiles: list[Profile]) -> None:
    """None begins with what a spreadsheet takes for a formula."""
    text = "".join(dump([CUSTOMER.view(p) for p in profiles], "csv"))
    for row in csv.reader(io.StringIO(text, newline="")):
        assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_an_empty_export_is_an_empty_array() -> None:
    """JSON is always an array."""
    assert "".join(dump([], "json")) == "[]\n"
    assert parse("[]") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("hello\nworld", "neither JSON"),
        ("[1]", "no user_id"),
        ('[{"user_id": "a"}, {"user_id": "a"}]', "second profile"),
        ('{"user_id": "a"}\n{broken', "line 2"),
        ("[{", "not JSON"),
        ("[" * 100_000, "nested too deeply"),
        ('[{"user_id": "a", "fields": []}]', "objects"),
        ('[{"user_id": "a", "fields": {"x": {"y": 1}}}]', "no value"),
        ('[{"user_id": "a", "fields": {"x": [["y"]]}}]', "no value"),
        ('[{"user_id": "a", "fields": {"x": NaN}}]', "finite"),
        ('[{"user_id": "a", "fields": {"x": "a\\u0000"}}]', "NUL"),
        ('[{"user_id": "a", "schema": 5}]', "text"),
        ('[{"user_id": "a", "history": [{"field": "name"}]}]', "history"),
        ('[{"user_id": "a", "pinned": "name"}]', "pinned"),
        ("user_id,name\na\n", "1 cells"),
        ('user_id,name\na,"x', "line"),
    ],
)
def test_a_bad_file_says_where_and_why(text: str, words: str) -> None:
    """And nothing is imported."""
    with pytest.raises(TransferError, match=words):
        parse(text)


def test_a_byte_order_mark_is_no_content() -> None:
    """Spreadsheets write one."""
    assert parse("\ufeffuser_id,name\nalice,Alice\n")[0].profile.fields == {"name": "Alice"}


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    """Readable by its owner alone; a failure leaves the old one."""
    path = tmp_path / "out.json"
    write_private(path, ["old"])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def fails() -> Any:
        yield "new"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_private(path, fails())
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []
    with pytest.raises(TransferError, match="can't be written"):
        write_private(tmp_path / "none" / "out.json", ["x"])


def test_a_database_is_never_replaced_and_a_link_is_followed(tmp_path: Path) -> None:
    """Nor is a pipe."""
    database = tmp_path / "profiles.db"
    database.write_bytes(b"SQLite format 3\x00" + b"x" * 100)
    (tmp_path / "profiles.db-wal").write_bytes(b"")
    for path in (database, tmp_path / "profiles.db-wal"):
        with pytest.raises(TransferError, match="is a database"):
            write_private(path, ["gone"])
    (tmp_path / "link").symlink_to(tmp_path / "target")
    write_private(tmp_path / "link", ["text"])
    assert (tmp_path / "target").read_text() == "text"
    assert (tmp_path / "link").is_symlink()
    write_private(Path("/dev/null"), ["text"])
    assert Path("/dev/null").is_char_device()


def _toml(fields: Mapping[str, Any]) -> str:
    return to_toml(CUSTOMER.view(Profile("alice", "customer", fields, STAMP, STAMP)), CUSTOMER)


@given(st.dictionaries(st.sampled_from(["name", "company", "role"]), TEXT))
def test_a_profile_in_an_editor_that_is_saved_as_it_is_changes_nothing(fields: dict[str, str]) -> None:
    """Whatever its values are."""
    assert from_toml(_toml(fields), CUSTOMER, fields) == ({}, [])


def test_an_editor_shows_the_descriptions_and_what_is_unset() -> None:
    """As comments."""
    text = _toml({"name": "Alice"})
    assert 'name = "Alice"' in text
    assert "# Subscription tier: free | pro | enterprise\n# plan_tier = \n" in text


def test_an_edit_sets_changes_and_unsets() -> None:
    """A line that is gone, or commented out, unsets its field."""
    before = {"name": "Alice", "role": "boss"}
    assert from_toml('name = "Ali"\nplan_tier = "PRO"\n', CUSTOMER, before) == ({"name": "Ali", "plan_tier": "pro"}, ["role"])


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("name = ", TransferError),
        ("nome = 'x'", UnknownField),
        ("plan_tier = 'gold'", InvalidValue),
        ("name = 5", InvalidValue),
        ("[name]\nx = 1", InvalidValue),
    ],
)
def test_a_mistake_in_an_edit_is_an_error_with_its_reason(text: str, error: type[Exception]) -> None:
    """For the editor to show on top."""
    with pytest.raises(error):
        from_toml(text, CUSTOMER, {})
