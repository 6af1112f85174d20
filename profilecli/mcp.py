"""The profile for other assistants, over the Model Context Protocol: https://modelcontextprotocol.io.

A resource with the profile, and four tools. What an assistant wants to save is grounded in the
words that it says the user used, like every other proposal.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated, Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field as Described

from profilecli import __version__, agentic, prompts
from profilecli.errors import ProfilecliError
from profilecli.llm import ToolCall
from profilecli.models import Change, Profile, Update
from profilecli.schema import Schema
from profilecli.session import new_session_id
from profilecli.store import Store

__all__ = ["RESOURCE", "serve", "server"]

RESOURCE = "profile://me"

_INSTRUCTIONS = (
    "The profile of the user you talk with. Read it at the start. When the user states something about themselves that a field is for,"
    " call update_user_profile with their exact words; never guess."
)


def serve(store: Store, user_id: str, schema: Schema | None = None) -> None:
    """Serves over stdin and stdout until the client leaves."""
    server(store, user_id, schema).run("stdio")


def server(store: Store, user_id: str, schema: Schema | None = None) -> MCPServer[Any]:
    """The server of one user's profile. ``schema`` None is the profile's own.

    Every tool is a coroutine, so that all of them run on the thread that the store belongs to.
    """
    desk = _Desk(store, user_id, schema)
    made: MCPServer[Any] = MCPServer("profilecli", instructions=_INSTRUCTIONS, version=__version__, log_level="ERROR")
    made.resource(RESOURCE, name="user profile", description="What is known about the user.", mime_type="application/json")(desk.resource)
    for tool in (desk.get_user_profile, desk.update_user_profile, desk.forget, desk.profile_history):
        made.tool()(_told(tool))
    return made


class _Desk:
    """The tools, on one user's profile."""

    def __init__(self, store: Store, user_id: str, schema: Schema | None) -> None:
        self._store = store
        self._user_id = user_id
        self._chosen = schema
        self._session_id = new_session_id()

    async def resource(self) -> str:
        """The profile as JSON."""
        return json.dumps(self._view(), ensure_ascii=False)

    async def get_user_profile(self) -> dict[str, Any]:
        """Read what is known about the user: every field, null where nothing is known."""
        return self._view()

    async def update_user_profile(
        self,
        words: Annotated[str, Described(description="What the user said, word for word. Only what stands in it is saved.")],
        values: Annotated[
            dict[str, Any] | None, Described(description="The fields to set, by name; for a list field the elements to add.")
        ] = None,
        unset: Annotated[list[str] | None, Described(description="Fields that no longer hold.")] = None,
    ) -> dict[str, Any]:
        """Save what the user has just stated about themselves. Says what was saved and what was refused, and why."""
        schema = self._schema
        call = ToolCall("mcp", agentic.TOOL, json.dumps({**(values or {}), "unset": unset or []}))
        try:
            proposals = agentic.read_call(call, schema.learnable)
        except agentic.BadCall as error:
            raise ToolError(f"{error} Fields: {', '.join(field.name for field in schema.learnable)}.") from error
        chosen = self._chosen.name if self._chosen else None
        message = self._store.add_message(self._user_id, self._session_id, "user", words, schema=chosen)
        changes, rejections = agentic.save(self._store, schema, proposals, [message])
        self._store.apply(self._user_id, (), message=message)
        told: dict[str, Any] = json.loads(agentic.result_of(changes, rejections))
        return told

    async def forget(self, field: Annotated[str, Described(description="A field's name.")]) -> dict[str, Any]:
        """Clear a field because the user asked for it. It can be undone with: profile undo."""
        self._schema.field(field)
        changes = self._store.apply(self._user_id, [Update(field, "unset", None, None, "tool")], session_id=self._session_id).changes
        return {"removed": [change.field for change in changes]}

    async def profile_history(
        self, field: Annotated[str | None, Described(description="One field; none: all.")] = None
    ) -> list[dict[str, Any]]:
        """Read every change of the profile, oldest first, with the user's words behind it."""
        return [_entry(change) for change in self._store.history(self._user_id, field)]

    @property
    def _schema(self) -> Schema:
        profile = self._store.profile(self._user_id)
        return self._chosen or self._store.schemas.for_profile(profile.schema if profile else "base")

    def _view(self) -> dict[str, Any]:
        schema = self._schema
        profile = self._store.profile(self._user_id) or Profile(self._user_id, schema.name, {}, "", "")
        shape = schema.view(profile).as_json()
        hidden = {field.name for field in schema.fields if field.internal}
        shape["fields"] = {name: value for name, value in shape["fields"].items() if name not in hidden}
        return shape | {"prompt": prompts.profile_block(schema.learnable, profile.fields)}


def _entry(change: Change) -> dict[str, Any]:
    return {"field": change.field, "old": change.old, "new": change.new, "source": change.source, "quote": change.quote, "at": change.at}


def _told(tool: Callable[..., Any]) -> Callable[..., Any]:
    """The tool with our errors as the protocol's: one line for the assistant."""
    from functools import wraps

    @wraps(tool)
    async def call(*arguments: Any, **named: Any) -> Any:
        try:
            return await tool(*arguments, **named)
        except ProfilecliError as error:
            raise ToolError(str(error)) from error

    return call
