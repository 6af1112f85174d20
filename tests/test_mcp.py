"""The profile over MCP, with the official client and the real program as its server."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.conftest import SCHEMAS
from tests.program import Program

pytest.importorskip("mcp", reason="the extra mcp is not installed")

from mcp import Client, StdioServerParameters, stdio_client

pytestmark = pytest.mark.slow


def talk(program: Program, conversation: Callable[[Client], Awaitable[Any]]) -> Any:
    """Runs a conversation with a server of its own."""

    async def run() -> Any:
        server = StdioServerParameters(
            command=sys.executable,
            args=["-m", "profilecli", "mcp", "--schema", "customer", "--schema-dir", str(SCHEMAS)],
            env=program.environment(PYTHONWARNINGS="default"),
        )
        async with Client(stdio_client(server)) as client:
            return await conversation(client)

    return asyncio.run(run())


async def call(client: Client, tool: str, **arguments: Any) -> Any:
    """The result of a tool as JSON."""
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    return result.structured_content


def test_the_tools_and_the_resource_are_offered(program: Program) -> None:
    """With descriptions."""

    async def look(client: Client) -> Any:
        tools = (await client.list_tools()).tools
        resources = (await client.list_resources()).resources
        return {tool.name: tool.description for tool in tools}, [str(resource.uri) for resource in resources]

    tools, resources = talk(program, look)
    assert set(tools) == {"get_user_profile", "update_user_profile", "forget", "profile_history"}
    assert all(tools.values())
    assert resources == ["profile://me"]


def test_what_the_user_said_is_saved_and_what_they_did_not_is_refused(program: Program) -> None:
    """Grounded in the words, like everything else; the words are on record."""

    async def save(client: Client) -> Any:
        told = await call(
            client,
            "update_user_profile",
            words="I'm Alice Chen and I work at Acme.",
            values={"name": "Alice Chen", "company": "Acme", "role": "CEO"},
        )
        return told, await call(client, "get_user_profile"), await call(client, "profile_history", field="company")

    told, profile, history = talk(program, save)
    assert told["saved"] == {"name": "Alice Chen", "company": "Acme"}
    assert "role" in told["rejected"]
    assert profile["fields"]["company"] == "Acme"
    assert "Company: Acme" in profile["prompt"]
    assert [entry["source"] for entry in history["result"]] == ["tool"]
    assert "Acme" in history["result"][0]["quote"]
    assert program("show", "--json", "--schema-dir", SCHEMAS).json["fields"]["name"] == "Alice Chen"
    assert program("users", "--json").json[0]["pending"] == 0


def test_the_resource_is_the_profile(program: Program) -> None:
    """As JSON."""
    program("edit", "--schema", "customer", "--schema-dir", SCHEMAS, "company=Acme")

    async def read(client: Client) -> Any:
        contents = (await client.read_resource("profile://me")).contents
        return json.loads(contents[0].text)  # type: ignore[union-attr]

    assert talk(program, read)["fields"]["company"] == "Acme"


def test_forgetting_clears_a_field_and_can_be_undone(program: Program) -> None:
    """By the user, in a shell."""
    program("edit", "--schema", "customer", "--schema-dir", SCHEMAS, "company=Acme")

    async def forget(client: Client) -> Any:
        return await call(client, "forget", field="company")

    assert talk(program, forget) == {"removed": ["company"]}
    assert program("undo").code == 0
    assert program("show", "--json", "--schema-dir", SCHEMAS).json["fields"]["company"] == "Acme"


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [("update_user_profile", {"words": "I'm Ali", "values": {"shoe_size": "44"}}), ("forget", {"field": "shoe_size"})],
)
def test_a_field_that_is_not_there_is_an_error_that_names_those_that_are(program: Program, tool: str, arguments: dict[str, Any]) -> None:
    """For the assistant to mend its call."""

    async def fail(client: Client) -> Any:
        return await client.call_tool(tool, arguments)

    result = talk(program, fail)
    assert result.is_error
    assert "plan_tier" in str(result.content)
