"""Secrets in addresses are hidden wherever a setting is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profilecli.config import masked
from tests.program import Program

KEY = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~%", min_size=8, max_size=40).map("sk-".__add__)


@given(KEY, st.sampled_from(["api_key", "key", "apikey", "subscription-key", "access_token", "token", "client_secret", "password", "Sig"]))
def test_a_key_in_the_query_of_an_address_is_hidden(key: str, name: str) -> None:
    """And what is beside it is not."""
    assert masked(f"https://gw.example/v1?{name}={key}&api-version=2024-10") == f"https://gw.example/v1?{name}=***&api-version=2024-10"


@given(KEY)
def test_a_key_in_front_of_the_host_is_hidden(key: str) -> None:
    """As the user's name, as the password, or as both; the user of a database is no secret."""
    for user in (key, f"me:{key}", f"{key}:"):
        assert masked(f"https://{user}@gw.example/v1") == "https://***@gw.example/v1"
    assert masked("postgresql://me@db.example/profiles") == "postgresql://me@db.example/profiles"


@pytest.mark.parametrize(
    "text", ["http://localhost:11434/v1", "https://gw.example/v1?api-version=2024", "gpt-5.2", "~/profiles.db", "a@b.example"]
)
def test_what_holds_no_secret_stays_as_it_is(text: str) -> None:
    """Character for character."""
    assert masked(text) == text


@pytest.mark.parametrize("command", [("config", "show"), ("config", "show", "--json"), ("doctor",), ("ask", "Hello")])
def test_no_command_shows_the_key_of_a_base_url(program: Program, command: tuple[str, ...]) -> None:
    """Nor where the endpoint can't be reached."""
    program.environ |= {"OPENAI_BASE_URL": "http://sk-front0123@127.0.0.1:9/v1?api_key=sk-query0123", "COLUMNS": "300"}
    ran = program(*command)
    assert "sk-front" not in ran.out + ran.err
    assert "sk-query" not in ran.out + ran.err
    if command[0] == "config":
        assert "http://***@127.0.0.1:9/v1?api_key=***" in ran.out
