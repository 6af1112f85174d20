"""The store on PostgreSQL: finding the server, its tables and rights, and the program on it. What every store does is in test_store.py."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from profilecli.errors import StoreError
from profilecli.models import Rejection, Update
from profilecli.schema import SchemaSet
from profilecli.store import Heard, open_store
from profilecli.store.ledger import Ledger
from profilecli.store.postgres import PostgresStore
from profilecli.store.postgres_tables import MIGRATIONS, NAMES, VERSION
from profilecli.store.protocol import Learning
from tests.conftest import ROOT
from tests.postgres import Server, database, free_port, server
from tests.program import Program

__all__ = ["database", "server"]


def change(field: str, value: object) -> Update:
    """An update as an extractor makes it."""
    return Update(field, "set", value, "the words", "rules")


@pytest.fixture
def store(database: str, schemas: SchemaSet) -> Iterator[PostgresStore]:
    """A store in a new database."""
    opened = open_store(database, schemas=schemas)
    assert isinstance(opened, PostgresStore)
    yield opened
    opened.close()


def name_of(url: str) -> str:
    """The database in a URL."""
    return url.rpartition("/")[2]


# ---- finding the server


def test_a_bare_url_is_filled_in_from_the_usual_variables(program: Program, server: Server, database: str) -> None:
    """PGHOST, PGPORT, PGUSER, PGDATABASE; from a flag, the environment and the config file."""
    program.environ |= {"PGHOST": "127.0.0.1", "PGPORT": str(server.port), "PGUSER": "owner", "PGDATABASE": name_of(database)}
    assert program("edit", "--db", "postgresql://", "name=Alice").code == 0
    assert program("show", "--json", PROFILECLI_DB="postgres://").json["fields"]["name"] == "Alice"
    assert program("config", "set", "db", "postgresql://").code == 0
    assert program("users", "--json").json[0]["user_id"] == "alice"
    assert program("show", "--db", database, "--json").json["fields"]["name"] == "Alice"


def test_a_password_comes_from_the_password_file_or_a_service(program: Program, server: Server, database: str, tmp_path: Path) -> None:
    """Of the home, or the one that is named."""
    server.execute(f"GRANT ALL ON DATABASE {name_of(database)} TO guarded")
    server.execute("GRANT ALL ON SCHEMA public TO guarded", name_of(database))
    url = database.replace("owner@", "guarded@")
    refused = program("edit", "--db", url, "name=Alice")
    assert (refused.code, len(refused.err.splitlines())) == (1, 1)
    line = f"127.0.0.1:{server.port}:*:guarded:geheim\n"
    for path in (program.home / ".pgpass", tmp_path / "passwords"):
        path.write_text(line)
        path.chmod(0o600)
        assert program("edit", "--db", url, "name=Alice").code == 0
        path.unlink()
        program.environ["PGPASSFILE"] = str(tmp_path / "passwords")
    service = tmp_path / "service.conf"
    service.write_text(f"[mine]\nhost=127.0.0.1\nport={server.port}\nuser=guarded\npassword=geheim\ndbname={name_of(database)}\n")
    assert program("show", "--db", "postgresql://?service=mine", PGSERVICEFILE=str(service)).code == 0


@pytest.mark.parametrize("form", ["postgresql://guarded:{}@127.0.0.1:{}/x", "postgresql://127.0.0.1:{1}/x?user=guarded&password={0}"])
def test_a_wrong_password_is_one_line_without_it(program: Program, server: Server, form: str) -> None:
    """Wherever it stands in the URL, and whichever command says so; doctor and config mask it too."""
    url = form.format("wrong-secret", server.port)
    for command in (("show",), ("chat", "--model", "offline"), ("users", "--json"), ("doctor",), ("config", "show")):
        ran = program(*command, *(["--db", url] if command[0] != "config" else []), PROFILECLI_DB=url)
        assert "wrong-secret" not in ran.out + ran.err
        if command[0] not in ("doctor", "config"):
            assert (ran.code, len(ran.err.splitlines())) == (1, 1)
            assert "password authentication failed" in ran.err
    checks = {check["check"]: check for check in program("doctor", "--json", "--db", url).json}
    assert checks["database"]["status"] == "broken"
    assert checks["pending"]["status"] == "warning"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:geheim@127.0.0.1:1/x?nonsense=1",
        "postgresql://u:geheim@[::1/x",
        "postgresql://u:ge heim@%zz/x",
        "postgresql://u:wie@geheim@127.0.0.1/x",
        "postgresql://u:wie/geheim@127.0.0.1/x",
        "postgresql://u:wie?geheim@127.0.0.1/x",
        "postgresql://u:wie#geheim@127.0.0.1:1/x",
    ],
)
def test_a_url_that_is_none_is_one_line_without_the_password(url: str) -> None:
    """libpq's own words for it."""
    with pytest.raises(StoreError) as raised:
        open_store(url)
    assert not re.search("heim|wie", str(raised.value))
    assert "\n" not in str(raised.value)


def test_another_kind_of_database_is_refused(tmp_path: Path) -> None:
    """With what there is."""
    with pytest.raises(StoreError, match="postgresql:// URL"):
        open_store("mysql://u:p@h/x")


def test_without_the_extra_one_line_says_how_to_get_it(program: Program, tmp_path: Path) -> None:
    """Exit 1; everything else works."""
    (tmp_path / "psycopg.py").write_text("raise ImportError('no pq wrapper available.')")
    for command in (("show",), ("ask", "--model", "offline", "Hi")):
        ran = program(*command, "--db", "postgresql://127.0.0.1/x", PYTHONPATH=str(tmp_path))
        assert (ran.code, len(ran.err.splitlines())) == (1, 1), ran
        assert "pip install 'profilecli[postgres]'" in ran.err
    checks = {check["check"]: check for check in program("doctor", "--json", "--db", "postgresql://h/x", PYTHONPATH=str(tmp_path)).json}
    assert "pip install" in checks["database"]["detail"]
    assert program("edit", "name=Alice", PYTHONPATH=str(tmp_path)).code == 0


def test_a_file_needs_no_psycopg() -> None:
    """It is not even imported."""
    code = "import sys; from profilecli.store import open_store; open_store('x', create=False).users(); print('psycopg' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "False"


# ---- tables, versions, rights


def test_the_versions_are_those_of_a_file() -> None:
    """A migration of one needs one of the other."""
    assert max(MIGRATIONS) == VERSION


def test_many_processes_that_start_at_once_make_the_tables_once(database: str) -> None:
    """Under a lock that ends with the transaction."""
    code = "import sys; from profilecli.store import open_store; open_store(sys.argv[1]).close()"
    starting = [subprocess.Popen([sys.executable, "-c", code, database], stderr=subprocess.PIPE) for _ in range(6)]
    for process in starting:
        assert process.communicate(timeout=60)[1] == b""
        assert process.returncode == 0


def test_who_finds_a_profile_that_was_not_there_a_moment_ago_is_the_later(database: str, store: PostgresStore) -> None:
    """There was no row to lock when the transaction began, and others have written since: what it writes replaces that."""

    def late(ledger: Ledger) -> None:
        with contextlib.closing(open_store(database)) as other:
            other.apply("alice", [Update("company", "set", "Acme", None, "rules")])
            other.apply("alice", [Update("company", "set", "Globex", None, "rules")])
        ledger.apply(Learning("alice", (Update("company", "set", "Initech", None, "rules"),)))

    store._write(late, ["alice"])
    history = store.history("alice")
    assert [(change.old, change.new) for change in history] == [(None, "Acme"), ("Acme", "Globex"), ("Globex", "Initech")]
    assert [change.at for change in history] == sorted(change.at for change in history)
    assert [change.superseded for change in history] == [False] * 3


def test_a_newer_version_is_refused_untouched(server: Server, database: str, store: PostgresStore) -> None:
    """With a line that says what to do."""
    store.apply("alice", [change("name", "Alice")])
    server.execute(f"INSERT INTO profilecli_migrations (version) VALUES ({VERSION + 1})", name_of(database))
    with pytest.raises(StoreError, match="newer profilecli"):
        open_store(database)
    assert server.execute("SELECT count(*) FROM profiles", name_of(database)) == [(1,)]


def test_another_programs_table_is_left_alone(server: Server, database: str, program: Program) -> None:
    """Nobody's messages get ours among them; in a schema of our own there is room."""
    server.execute("CREATE TABLE messages (body text)", name_of(database))
    ran = program("edit", "--db", database, "name=Alice")
    assert (ran.code, len(ran.err.splitlines())) == (1, 1)
    assert "its table messages is another program's" in ran.err
    assert server.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", name_of(database)) == [(1,)]
    server.execute("CREATE SCHEMA ours", name_of(database))
    inside = f"{database}?options=-csearch_path%3Dours,public"
    assert program("edit", "--db", inside, "name=Alice").code == 0
    assert program("show", "--db", inside, "--json").json["fields"]["name"] == "Alice"
    assert server.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'ours'", name_of(database)) == [(len(NAMES),)]
    server.execute("DROP TABLE ours.messages", name_of(database))
    ran = program("show", "--db", inside)
    assert (ran.code, "another program's" in ran.err) == (1, True)


def test_a_database_that_cannot_hold_every_text_is_refused(server: Server) -> None:
    """Not after the first message that it can't."""
    server.execute("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0")
    with pytest.raises(StoreError, match="encoding LATIN1"):
        open_store(server.url("latin"))


def statements(heading: str) -> str:
    """The SQL that docs/postgres.md gives under a heading."""
    text = (ROOT / "docs" / "postgres.md").read_text(encoding="utf-8")
    section = text[text.index(f"## {heading}") :]
    return section[section.index("```sql\n") + 7 : section.index("\n```\n")]


def test_the_rights_in_the_docs_are_enough_and_what_lacks_is_named(server: Server, database: str, program: Program) -> None:
    """A role that owns nothing reads and writes; it can't make tables, nor vacuum, and is told so."""
    name = name_of(database)
    open_store(database).close()
    sql = statements("Roles and rights").replace("profilecli_user", f"user_{name}").replace("'a-long-password'", "'x'")
    app = re.sub("(?m)^--.*$", "", sql)
    server.execute(f"CREATE ROLE user_{name} LOGIN")
    url = database.replace("owner@", f"user_{name}@")
    checks = {check["check"]: check for check in program("doctor", "--json", "--db", url).json}
    assert checks["database"]["status"] == "broken"
    assert "permission denied" in checks["database"]["detail"]
    server.execute(f"DROP ROLE user_{name}")
    server.execute(app.replace("DATABASE profilecli", f"DATABASE {name}"), name)
    checks = {check["check"]: check for check in program("doctor", "--json", "--db", url).json}
    assert checks["database"]["status"] == "ok"
    for command in (("edit", "name=Alice"), ("ask", "--model", "offline", "Call me Ali."), ("undo",), ("show",), ("history",), ("users",)):
        assert program(*command, "--db", url).code == 0, command
    reset = program("reset", "--yes", "--db", url)
    assert (reset.code, "Not vacuumed" in reset.err) == (0, True)
    server.execute(f"REVOKE INSERT ON messages FROM user_{name}", name)
    ran = program("ask", "--model", "offline", "Hi", "--db", url)
    assert (ran.code, len(ran.err.splitlines())) == (1, 1)
    assert "permission denied for table messages. Grant it" in ran.err
    (detail,) = [check["detail"] for check in program("doctor", "--json", "--db", url).json if check["check"] == "database"]
    assert "INSERT on messages" in detail


def test_reading_a_database_without_tables_says_so_and_makes_none(server: Server, database: str, program: Program) -> None:
    """As with a file that isn't there."""
    ran = program("users", "--json", "--db", database)
    assert (ran.code, ran.json) == (0, [])
    assert ran.err == f"There is no profile yet in {database} (--db).\n"
    assert program("show", "--db", database).code == 1
    assert program("doctor", "--db", database).code == 0
    assert server.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", name_of(database)) == [(0,)]


# ---- erasing


def test_nothing_of_an_erased_user_is_in_any_row_and_no_dead_row_is_left(server: Server, database: str, store: PostgresStore) -> None:
    """In every table, and not among the rows that VACUUM has to remove."""
    for user in ("alice", "bob"):
        message = store.add_message(user, "s", "user", f"I am at Zyxware of {user}")
        refused = [Rejection("role", f"Zyxware {user}", "no")]
        store.apply(user, [change("company", f"Zyxware of {user}")], message=message, rejections=refused)
        store.hear([Heard(user, "s", "heard", b"k" * 16)], "run")
        store.pin(user, ["name"])
    erased = store.erase("alice")
    assert (erased.profiles, erased.messages, erased.changes, erased.vacuumed) == (1, 2, 1, True)
    assert "write-ahead log" in erased.remains
    for table in NAMES[1:]:
        rows = server.execute(f"SELECT {table}::text FROM {table}", name_of(database))
        assert len(rows) == (2 if table == "messages" else 1)
        assert "alice" not in str(rows)
    with contextlib.suppress(Exception):
        server.execute("CREATE EXTENSION pgstattuple", name_of(database))
        for table in NAMES[1:]:
            assert server.execute(f"SELECT dead_tuple_count FROM pgstattuple('{table}')", name_of(database)) == [(0,)]


# ---- the program


def test_the_whole_program_works_on_it(program: Program, database: str, tmp_path: Path) -> None:
    """chat, show, users, history, edit, undo, learn, export, import, reset, doctor."""
    program.environ["PROFILECLI_DB"] = database
    chat = program(
        "chat",
        "--model",
        "offline",
        "--schema",
        "customer",
        "--schema-dir",
        ROOT / "schemas",
        "--json",
        stdin="I'm Alice Chen.\nI work at Acme.\n",
    )
    assert chat.code == 0, chat
    assert [learned["field"] for line in chat.lines for learned in line["learned"]] == ["name", "company"]
    shown = program("show", "--json", "--schema-dir", ROOT / "schemas").json
    assert list(shown["fields"])[:2] == ["name", "preferred_name"]
    assert (shown["fields"]["name"], shown["fields"]["company"]) == ("Alice Chen", "Acme")
    assert program("users", "--json").json[0]["fields_set"] == 2
    assert [entry["field"] for entry in program("history", "--json").json] == ["name", "company"]
    assert program("edit", "company=Globex", "--pin", "company", "--schema-dir", ROOT / "schemas").code == 0
    assert program("undo").code == 0
    assert program("show", "--json", "--schema-dir", ROOT / "schemas").json["fields"]["company"] == "Acme"
    (tmp_path / "chats.jsonl").write_text('{"user_id": "bob", "content": "My name is Bob Marsh."}\n' * 2)
    for dry in (["--dry-run"], []):
        learned = program("learn", tmp_path / "chats.jsonl", "--extractor", "rules", "--json", *dry)
        assert (learned.code, learned.json["learned"]) == (0, 1), learned
    assert program("learn", tmp_path / "chats.jsonl", "--extractor", "rules", "--json").json["messages"] == 0
    backup = program("export", "--all", "--history")
    assert [record["user_id"] for record in backup.json] == ["alice", "bob"]
    assert program("reset", "--yes", "--user", "bob").code == 0
    assert program("show", "--user", "bob").code == 1
    assert program("import", "-", stdin=backup.out).code == 0
    assert program("export", "--all", "--history").json == backup.json
    doctor = {check["check"]: check for check in program("doctor", "--json").json}
    assert doctor["database"]["status"] == "ok"
    assert "2 users" in doctor["database"]["detail"]
    assert program("chat", "--model", "offline", "--continue", stdin="What's my name?\n").out.startswith("Your name is Alice Chen")


def test_nobody_listens_there_is_one_line_from_every_command(program: Program) -> None:
    """Exit 1, with what to do."""
    url = f"postgresql://u:geheim@127.0.0.1:{free_port()}/x"
    for command in (("show",), ("chat", "--model", "offline"), ("export", "--all"), ("undo",)):
        ran = program(*command, "--db", url, stdin="hello\n")
        assert (ran.code, len(ran.err.splitlines())) == (1, 1), ran
        assert "can't be reached" in ran.err
        assert "geheim" not in ran.err
