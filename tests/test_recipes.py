"""The recipes are run as they stand in the document: each block with the programs that it needs, skipped where one is missing."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from profilecli.schema import SchemaSet
from profilecli.store import open_store
from tests.conftest import ROOT
from tests.endpoint import Endpoint
from tests.packages import environment, shared_folder
from tests.program import Program
from tests.test_agno_profiles import made

RECIPES = (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8")
KEY = "sk-loopback-0123456789"
REPLY = "Read this next."
BLOCK = "<user_profile>\nName: Alice Chen\nPreferred Name: Ali\nCompany: Acme\n</user_profile>"


def blocks(language: str) -> list[str]:
    """The blocks of a language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", RECIPES, re.MULTILINE | re.DOTALL)


SHELL = blocks("sh")


def block(words: str) -> str:
    """The one shell block with these words in it."""
    (found,) = [text for text in SHELL if words in text]
    return found


class Desk:
    """A home with a profile, an endpoint, and ``profile`` on the path."""

    def __init__(self, home: Path, program: Program, endpoint: Endpoint) -> None:
        self.home = home
        self.endpoint = endpoint
        self.path = [str(home / ".bin"), *os.environ.get("PATH", os.defpath).split(os.pathsep)]
        script = home / ".bin" / "profile"
        script.parent.mkdir()
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m profilecli "$@"\n')
        script.chmod(0o755)
        shutil.copytree(ROOT / "schemas", home / "schemas")
        self._environ = program.environment(
            PYTHONPATH=str(ROOT), OPENAI_API_KEY=KEY, OPENAI_BASE_URL=endpoint.base_url, PROFILECLI_API="chat", PROFILECLI_SCHEMA_DIR=str(home / "schemas"),
        )  # fmt: skip

    def run(self, command: str, *needs: str, shell: str = "bash", stdin: str = "") -> str:
        """What the command prints. Skips where a program that it needs is not installed."""
        path = os.pathsep.join(self.path)
        for name in needs:
            if shutil.which(name, path=path) is None:
                pytest.skip(f"{name} is not installed")
        strict = ["-e", "-o", "pipefail"] if shell == "bash" else []
        ran = subprocess.run(
            [shell, *strict, "-c", command], input=stdin, capture_output=True, text=True, cwd=self.home, timeout=60, check=False,
            env=self._environ | {"PATH": path, "USER": "alice"},
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr
        return ran.stdout


@pytest.fixture
def desk(home: Path, program: Program) -> Iterator[Desk]:
    """The desk of somebody whose name is Alice Chen."""
    with Endpoint(api_key=KEY, models=None) as serving:
        serving.default("reply", REPLY)
        made_here = Desk(home, program, serving)
        made_here.run("profile edit name='Alice Chen' preferred_name=Ali company=Acme --schema customer")
        yield made_here


@pytest.fixture
def llm(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """With the real llm, in an environment of its own."""
    desk.path.insert(0, str(environment(shared_folder(tmp_path_factory), "llm", "llm>=0.31").parent))
    return desk


def test_every_block_of_the_recipes_is_run_by_a_test() -> None:
    """A recipe that is added needs a test."""
    source = Path(__file__).read_text(encoding="utf-8")
    named = re.findall(r'\bblock\("([^"]+)"\)', source)
    assert [text for text in SHELL if not any(words in text for words in named)] == []


@pytest.mark.slow
def test_llm_gets_the_profile_as_its_system_prompt(llm: Desk) -> None:
    """On a line, and as a command; and what it was asked can be learned."""
    assert llm.run(block("Introduce me")) == f"{REPLY}\n"
    assert llm.run(block("me() {")) == f"{REPLY}\n"
    bodies = [json.dumps(request.json, ensure_ascii=False) for request in llm.endpoint.requests]
    assert len(bodies) == 2
    assert all(json.dumps(BLOCK)[1:-1] in body for body in bodies)
    llm.run("llm 'I am Alicia Chen.' -s ''")
    assert "name: Alice Chen → Alicia Chen" in llm.run(block("llm logs").replace("--dry-run", "--dry-run --extractor rules 2>&1"), "jq")


def test_curl_and_jq_ask_an_endpoint_about_the_profile(desk: Desk) -> None:
    """And the key is in the header, in no argument."""
    assert desk.run(block("curl -sS"), "curl", "jq") == f"{REPLY}\n"
    (request,) = desk.endpoint.requests
    assert request.json["messages"][0] == {"role": "system", "content": BLOCK}


@pytest.mark.parametrize("editor", ["vim", "nvim"])
def test_an_editor_replaces_the_selected_lines(desk: Desk, editor: str) -> None:
    """By the mapping of the recipe; and nothing of the text is kept."""
    (mapping,) = blocks("vim")
    (desk.home / "rc.vim").write_text(mapping)
    (desk.home / "text.txt").write_text("I am Bob\nlast\n")
    mode = ["-N", "-es"] if editor == "vim" else ["--headless", "-es"]
    desk.run(f"{editor} {' '.join(mode)} -u rc.vim -c 'call feedkeys(\"ggV\\\\p\", \"tx\")' -c 'wq' text.txt", editor)
    assert (desk.home / "text.txt").read_text() == f"{REPLY}\nlast\n"
    with open_store(desk.home / ".local" / "share" / "profilecli" / "profiles.db", schemas=SchemaSet([ROOT / "schemas"])) as store:
        assert store.get("alice").name == "Alice Chen"
        assert store.last_session("alice") is None


def test_the_task_of_an_editor_runs(desk: Desk) -> None:
    """Its JSON is one, and its call is right."""
    (text,) = blocks("json")
    (task,) = json.loads(text)["tasks"]
    arguments = [argument.replace("${selectedText}", "a\nb") for argument in task["args"]]
    quoted = " ".join(f"'{argument}'" for argument in arguments)
    assert desk.run(f"{task['command']} {quoted}") == f"{REPLY}\n"
    assert desk.endpoint.requests[-1].json["messages"][-1]["content"] == "Explain this to me: a\nb"


def test_a_shell_prompt_has_the_name(desk: Desk) -> None:
    """The preferred one; the login's where there is no profile."""
    prompt = block("PS1=") + 'printf %s "$PS1"'
    assert desk.run(prompt, "jq") == "Ali \\w $ "
    desk.run("profile reset --yes")
    assert desk.run("set +o pipefail\n" + prompt, "jq") == "alice \\w $ "


def test_scripts_get_values_as_json(desk: Desk) -> None:
    """Of one user, and of all."""
    assert desk.run(block("You work at"), "jq") == "You work at Acme.\n"
    desk.run("profile edit name=Bo --user bo; profile edit company=Initech --user cy --schema customer")
    assert desk.run(block("To $user"), "jq") == "To alice: is it still Acme?\nTo cy: is it still Initech?\n"


def test_a_backup_of_the_night_is_read_back(desk: Desk) -> None:
    """The line of the crontab, as cron runs it; and SQLite's own copy."""
    (line,) = blocks("text")
    minute, _, _, _, _, command = line.split(maxsplit=5)
    assert minute == "17"
    desk.run(command.replace(r"\%", "%"), shell="sh")
    desk.run("profile edit company=Globex")
    assert "alice  company: Globex → Acme\n" in desk.run(block("ls -t ~/backups"))
    desk.run(block("backup("))
    copied = desk.run("profile show --json --db ~/backups/profiles.db")
    assert json.loads(copied)["fields"]["company"] == "Globex"


def test_chats_from_elsewhere_are_learned(desk: Desk) -> None:
    """Out of a zip file, and out of another program's log."""
    claude = [{"uuid": "c1", "name": "x", "chat_messages": [{"uuid": "m1", "sender": "human", "text": "I am Alicia Chen.", "created_at": "2030-01-01T00:00:00Z"}]}]  # fmt: skip
    with zipfile.ZipFile(desk.home / "export.zip", "w") as archive:
        archive.writestr("users.json", "[]")
        archive.writestr("conversations.json", json.dumps(claude))
    command = block("unzip -p").replace("--dry-run", "--dry-run --extractor rules 2>&1")
    assert "name: Alice Chen → Alicia Chen" in desk.run(command, "unzip")
    tickets = [
        {"from": "customer", "email": "bo@example.com", "text": "I work at Initech."},
        {"from": "agent", "email": "bo@example.com", "text": "I work at Globex."},
    ]
    (desk.home / "tickets.json").write_text(json.dumps(tickets))
    command = block("tickets.json").replace("--json", "--json --extractor rules")
    assert json.loads(desk.run(command, "jq"))["learned"] == 1
    assert json.loads(desk.run("profile show -u bo@example.com --json"))["fields"]["company"] == "Initech"


def test_profiles_come_over_from_agno(desk: Desk) -> None:
    """The call; what it does has tests of its own."""
    made(desk.home / "agno.db", {"zoe": {"company": "Acme"}})
    assert desk.run(block("agno.db")) == "zoe  new\nzoe  company: Acme\n"
