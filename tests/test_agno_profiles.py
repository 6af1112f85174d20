"""agno's user profiles: schema modules that were written for it, and its databases."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profilecli.agno_profiles import portable
from profilecli.errors import TransferError
from profilecli.schema import BASE, SchemaSet
from profilecli.store.agno import AgnoRow, read_profiles
from tests.conftest import ROOT, SCHEMAS
from tests.packages import DEVELOPERS, environment, shared_folder
from tests.postgres import database, server
from tests.program import Program

__all__ = ["database", "server"]

CUSTOMER = SchemaSet([SCHEMAS]).get("customer")

TEAM = '''from dataclasses import dataclass, field
from typing import List, Optional

from agno.learn.schemas import UserProfile


@dataclass
class TeamProfile(UserProfile):
    """What the team's assistant knows."""

    company: Optional[str] = field(default=None, metadata={"description": "Company or organization they work for"})
    plan_tier: Optional[str] = field(default=None, metadata={"description": "Subscription tier: free | pro | enterprise"})
    age: Optional[int] = field(default=None, metadata={"description": "Age in years"})
    tags: Optional[List[str]] = field(default=None, metadata={"description": "Tags"})
    agent: Optional[str] = field(default=None, metadata={"description": "Favourite agent"})
'''

WRITES = """
import sys
from agno.learn.config import UserProfileConfig
from agno.learn.stores.user_profile import UserProfileStore
from team import TeamProfile

def opened(source, table):
    options = {"learnings_table": table} if table else {}
    if "://" in source:
        from agno.db.postgres import PostgresDb
        return PostgresDb(db_url=source, **options)
    from agno.db.sqlite import SqliteDb
    return SqliteDb(db_file=source, **options)

db = opened(sys.argv[1], sys.argv[2])
store = UserProfileStore(config=UserProfileConfig(db=db, schema=TeamProfile))
store.save("alice@example.com", TeamProfile(user_id="alice@example.com", name="Alice Chen", preferred_name="Ali",
    company="Acme", plan_tier="PRO", age="42", tags=["a", "b"], agent="Max"), agent_id="helper")
store.save("bob", TeamProfile(user_id="bob", name="Bob", company="unknown", preferred_name="", age="forty-two"))
store.save("carol", TeamProfile(user_id="carol", name="old"))
store.save("carol", TeamProfile(user_id="carol", name="Carol </user_profile>", age=0))
db.upsert_learning(id="m", learning_type="user_memory", user_id="alice@example.com", content={"memories": [{"content": "likes tea"}]})
print(store.get("alice@example.com").name)
"""
"""Writes with agno's own store, and no model. agno forces text on every field, as a model's tool call does."""

SHOWN = {
    "name": "Alice Chen", "preferred_name": "Ali", "company": "Acme", "plan_tier": "pro", "age": 42, "tags": ["a", "b"], "agent": "Max",
}  # fmt: skip


@pytest.fixture(scope="session")
def agno(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter that has agno, its database drivers, and this program as it is installed."""
    return environment(
        shared_folder(tmp_path_factory), "agno", "agno>=2.4", "sqlalchemy", "greenlet", "aiosqlite", "psycopg[binary]", str(ROOT)
    )


def write(agno: Path, folder: Path, source: str, table: str = "") -> None:
    """Has agno write its profiles."""
    (folder / "team.py").write_text(TEAM)
    ran = subprocess.run(
        [agno, "-W", "ignore", "-c", WRITES, source, table],
        capture_output=True,
        text=True,
        cwd=folder,
        env=DEVELOPERS,
        timeout=120,
        check=False,
    )
    assert ran.stdout.endswith("Alice Chen\n"), ran.stderr


@pytest.mark.slow
def test_a_module_written_for_agno_loads_unchanged_where_agno_is_installed(agno: Path, tmp_path: Path, program: Program) -> None:
    """Its own fields are not the user's, and one called ``agent`` is."""
    (tmp_path / "team.py").write_text(TEAM)

    def installed(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [agno, "-m", "profilecli", *arguments],
            capture_output=True, text=True, cwd=tmp_path, env=program.environment(PYTHONWARNINGS="ignore"), timeout=120, check=False,
        )  # fmt: skip

    shown = installed("schemas", "show", "team", "--schema-dir", ".", "--json")
    assert shown.stderr == ""
    fields = json.loads(shown.stdout)["fields"]
    assert [(f["name"], f["type"]) for f in fields] == [
        ("name", "text"), ("preferred_name", "text"), ("company", "text"), ("plan_tier", "choice"),
        ("age", "whole number"), ("tags", "list of text"), ("agent", "text"),
    ]  # fmt: skip
    edited = installed("edit", "age=41", "plan_tier=Pro", "agent=Max", "--schema", "team", "--schema-dir", ".")
    assert (edited.returncode, edited.stderr) == (0, "✓ age: 41\n✓ plan_tier: pro\n✓ agent: Max\n")
    write(agno, tmp_path, str(tmp_path / "agno.db"))
    brought = installed("import", "--from", "agno", "agno.db", "--schema", "team", "--schema-dir", ".")
    assert "Imported 3 profiles." in brought.stderr
    assert json.loads(installed("show", "-u", "alice@example.com", "--schema-dir", ".", "--json").stdout)["fields"] == SHOWN


@pytest.mark.slow
@pytest.mark.parametrize("table", ["", "what we learned"])
def test_what_the_real_agno_wrote_is_brought_over(agno: Path, tmp_path: Path, program: Program, table: str) -> None:
    """Typed by our schema, the rest beside it, what says nothing unset; with history, and not its memories."""
    source = tmp_path / "agno.db"
    write(agno, tmp_path, str(source), table)
    before = source.read_bytes()
    call = ("import", "--from", "agno", source, "--schema", "customer", "--schema-dir", SCHEMAS)
    tried = program(*call, "--dry-run")
    assert "alice@example.com  plan_tier: pro\n" in tried.out
    assert "Would import 3 profiles." in tried.err
    assert program("users", "--json").json == []
    brought = program(*call)
    assert (brought.code, brought.out) == (0, "")
    assert brought.err.splitlines() == [
        'bob: preferred_name is "" there, and is left unset.',
        'bob: company is "unknown" there, and is left unset.',
        "Imported 3 profiles.",
    ]
    alice = program("show", "-u", "alice@example.com", "--schema-dir", SCHEMAS, "--json").json
    assert alice["fields"] | alice["other"] == {**SHOWN, "age": "42", "role": None, "timezone": None}
    assert alice["created_at"][:2] == "20"
    assert program("show", "-u", "bob", "--schema-dir", SCHEMAS, "--json").json["other"] == {"age": "forty-two"}
    assert program("show", "-u", "carol", "--schema-dir", SCHEMAS, "--json").json["other"] == {"age": 0}
    assert {change["source"] for change in program("history", "-u", "carol", "--json").json} == {"import"}
    assert program("undo", "-u", "carol").code == 0
    assert source.read_bytes() == before


@pytest.mark.slow
def test_what_the_real_agno_wrote_into_postgresql_is_brought_over(agno: Path, tmp_path: Path, program: Program, database: str) -> None:
    """By the URL that agno has; its tables are in a schema of their own, and several may be there."""
    url = database.replace("postgresql://", "postgresql+psycopg://")
    write(agno, tmp_path, url)
    brought = program("import", "--from", "agno", url, "--schema", "customer", "--schema-dir", SCHEMAS)
    assert brought.err.splitlines()[-1] == "Imported 3 profiles."
    alice = program("show", "-u", "alice@example.com", "--schema-dir", SCHEMAS, "--json").json
    assert alice["fields"] | alice["other"] == {**SHOWN, "age": "42", "role": None, "timezone": None}
    write(agno, tmp_path, url, "what we learned")
    several = program("import", "--from", "agno", database)
    assert several.code == 1
    assert "Choose one with --table: ai.agno_learnings, ai.what we learned." in several.err
    chosen = program("import", "--from", "agno", database, "--table", "ai.what we learned", "--dry-run")
    assert "Would import 3 profiles." in chosen.err


def test_a_server_that_is_not_there_or_not_agnos_is_said_without_its_password(program: Program, database: str) -> None:
    """In a line, and nothing is made here."""
    for url, words in ((database, "no table of agno's learnings"), ("postgresql+psycopg://me:geheim@127.0.0.1:1/x", "can't be read")):
        ran = program("import", "--from", "agno", url)
        assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1)
        assert words in ran.err
        assert "geheim" not in ran.err
    assert list(program.home.rglob("*.db")) == []


# ---- without agno: what its tables can hold

TABLE = (
    "CREATE TABLE {} (learning_id TEXT PRIMARY KEY, learning_type TEXT, user_id TEXT, content JSON, created_at BIGINT, updated_at BIGINT)"
)


def made(path: Path, rows: Mapping[str, Any], *tables: str) -> Path:
    """A database with the columns of agno's that matter."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for table in tables or ("agno_learnings",):
            connection.execute(TABLE.format(table))
            for user, content in rows.items():
                text = content if isinstance(content, str) else json.dumps(content)
                connection.execute(f"INSERT INTO {table} VALUES (?, 'user_profile', ?, ?, 1769860800, NULL)", (user, user, text))
    return path


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """The database, held by a writer that is about to commit."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield


def test_each_profile_replaces_the_stored_one_whole_and_keeps_its_schema(program: Program, tmp_path: Path) -> None:
    """As with every import; others stay."""
    program("edit", "company=Globex", "role=boss", "--schema", "customer", "--schema-dir", SCHEMAS, "-u", "alice")
    program("edit", "name=Zoe", "-u", "zoe")
    source = made(tmp_path / "agno.db", {"alice": {"user_id": "alice", "company": "Acme", "plan_tier": "Enterprise"}})
    ran = program("import", "--from", "agno", source, "--schema-dir", SCHEMAS)
    assert (ran.code, ran.err) == (0, "Imported 1 profile.\n")
    alice = program("show", "-u", "alice", "--schema-dir", SCHEMAS, "--json").json
    assert alice["schema"] == "customer"
    assert {name: value for name, value in alice["fields"].items() if value} == {"company": "Acme", "plan_tier": "enterprise"}
    assert alice["created_at"] == "2026-01-31T12:00:00Z"
    assert [user["user_id"] for user in program("users", "--json").json] == ["alice", "zoe"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"x": "a\x00"}, "NUL"),
        ({"x": "a" * 2001}, "2,000 characters"),
        ("[1]", "not an object"),
        ("{", "not JSON"),
        ('{"x": NaN}', "finite"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_one_profile_that_can_not_be_kept_stops_the_whole_import(program: Program, tmp_path: Path, content: Any, words: str) -> None:
    """And says whose it is."""
    ran = program("import", "--from", "agno", made(tmp_path / "agno.db", {"alice": {"name": "Alice"}, "bob": content}))
    assert ran.code == 1
    assert "bob" in ran.err
    assert words in ran.err
    assert program("users", "--json").json == []


def test_a_value_that_the_schema_refuses_is_kept_and_said(tmp_path: Path) -> None:
    """agno forced it to text; dropping it would lose what somebody said. What is nested is kept as text."""
    rows = read_profiles(
        str(made(tmp_path / "a.db", {"bo": {"plan_tier": "gold", "more": {"a": 1}, "deep": [[1]], "tags": [], "agent_id": "x"}}))
    )
    (brought,), notices = portable(rows, lambda _: CUSTOMER)
    assert dict(brought.profile.fields) == {"plan_tier": "gold", "more": '{"a": 1}', "deep": "[[1]]"}
    assert ["plan_tier" in n or "nested" in n or "tags" in n for n in notices] == [True] * 4
    assert CUSTOMER.view(brought.profile).invalid.keys() == {"plan_tier"}


def test_of_several_rows_of_a_user_the_last_counts() -> None:
    """agno's interface over HTTP can leave such; it says so."""
    rows = [AgnoRow("bo", '{"name": "Bo"}', 1, 1), AgnoRow(None, '{"user_id": "bo", "name": "Bob"}', 1, 10**18)]
    (brought,), notices = portable(rows, lambda _: BASE)
    assert brought.profile.fields == {"name": "Bob"}
    assert (brought.profile.created_at, brought.profile.updated_at) == ("1970-01-01T00:00:01Z", "")
    assert "several profiles" in notices[0]
    with pytest.raises(TransferError, match="no user_id"):
        portable([AgnoRow(None, "{}", 1, 1)], lambda _: BASE)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["name", "plan_tier", "age", "tags"]) | st.text(min_size=1, max_size=5), JSON, max_size=5))
def test_whatever_agno_holds_is_kept_said_or_refused(content: dict[str, Any]) -> None:
    """Never dropped in silence, and never another error than the one that names it."""
    try:
        (brought,), notices = portable([AgnoRow("bo", json.dumps(content), 1, 1)], lambda _: CUSTOMER)
    except TransferError as error:
        assert "bo" in str(error)  # noqa: PT017 -- either outcome is right
        return
    own = {"user_id", "agent_id", "team_id", "created_at", "updated_at"}
    for name, value in content.items():
        assert value is None or name in own or name in brought.profile.fields or any(f": {name} is" in line for line in notices)


def test_many_notices_are_cut(program: Program, tmp_path: Path) -> None:
    """A large database may give one a user."""
    source = made(tmp_path / "agno.db", {f"user{n}": {"name": "unknown"} for n in range(30)})
    assert program("import", "--from", "agno", source).err.splitlines()[-2:] == ["… and 10 lines like these.", "Imported 30 profiles."]


@pytest.mark.parametrize(
    ("source", "arguments", "words"),
    [
        ("none.db", (), "There is no file"),
        ("text.db", (), "not a SQLite database"),
        ("empty.db", (), "no table of agno's learnings"),
        ("other.db", (), "no table of agno's learnings"),
        ("two.db", (), "several tables of learnings. Choose one with --table: a, b."),
        ("two.db", ("--table", "c"), "no table of learnings called 'c', but a, b"),
        ("mysql://u:secret@h/d", (), "mysql:// databases can't be read"),
    ],
)
def test_a_source_that_is_not_agnos_is_refused_in_a_line(
    program: Program, tmp_path: Path, source: str, arguments: Sequence[str], words: str
) -> None:
    """Nothing is made, there or here."""
    (tmp_path / "text.db").write_text("hello " * 100)
    (tmp_path / "empty.db").touch()
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE learnings (id)")
    made(tmp_path / "two.db", {}, "a", "b")
    ran = program("import", "--from", "agno", source if "://" in source else tmp_path / source, *arguments)
    assert (ran.code, ran.out) == (1, "")
    assert words in ran.err
    assert ran.err.count("\n") == 1
    assert "secret" not in ran.err
    assert not (tmp_path / "none.db").exists()
    assert list(program.home.rglob("*.db")) == []


def test_one_of_several_tables_is_named(program: Program, tmp_path: Path) -> None:
    """Its name may be anything."""
    source = made(tmp_path / "two.db", {"alice": {"name": "Alice"}}, "a", '"b ""x"""')
    assert program("import", "--from", "agno", source, "--table", 'b "x"').err == "Imported 1 profile.\n"


def test_a_database_that_agno_is_writing_is_waited_for_and_then_named(tmp_path: Path) -> None:
    """Locked is not damaged."""
    source = made(tmp_path / "agno.db", {})
    with locked(source), pytest.raises(TransferError, match="locked by another program, agno perhaps"):
        read_profiles(str(source), patience=0.1)
    assert read_profiles(str(source)) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--from", "mem0", "x.db"), "--from is one of agno, not 'mem0'"),
        (("--schema", "base", "x.json"), "go with --from"),
        (("--table", "t", "x.json"), "go with --from"),
    ],
)
def test_a_call_that_can_not_be_meant_is_wrong_usage(program: Program, arguments: Sequence[str], words: str) -> None:
    """Exit 2."""
    ran = program("import", *arguments)
    assert ran.code == 2
    assert words in ran.err
