"""A session at the scripted endpoint, driven turn by turn."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from profilecli.events import Event, TurnEnded, TurnResult
from profilecli.llm.openai import OpenAIModel
from profilecli.session import Session
from profilecli.store.sqlite import SQLiteStore
from tests.endpoint import Endpoint, Wire

__all__ = ["Conversation", "Start", "fields"]


class Conversation:
    """A session at the scripted endpoint, driven turn by turn in one loop."""

    def __init__(self, store: SQLiteStore, endpoint: Endpoint | None, wire: Wire = "responses", **options: Any) -> None:
        self.runner = asyncio.Runner()
        self.model = None
        if endpoint is not None:
            key = endpoint.api_key or "sk-test-1234567890"
            self.model = OpenAIModel("gpt-5.2", api_key=key, base_url=endpoint.base_url, api=wire, timeout=options.pop("timeout", 5))
        self.session = Session(store, "alice", model=self.model, **options)
        self.events: list[Event] = []

    def say(self, text: str) -> TurnResult:
        """One turn; its events are in ``events``."""
        self.events = self.collect(self.session.turn(text))
        last = self.events[-1]
        assert isinstance(last, TurnEnded)
        return last.result

    def collect(self, events: AsyncIterator[Event]) -> list[Event]:
        """All events of an iterator."""

        async def gather() -> list[Event]:
            return [event async for event in events]

        return self.runner.run(gather())

    def run(self, awaitable: Callable[[], Awaitable[None]]) -> None:
        """Runs something in the same loop."""

        async def call() -> None:
            await awaitable()

        self.runner.run(call())

    def close(self) -> None:
        """Ends connections and the loop."""
        if self.model is not None:
            self.runner.run(self.model.close())
        self.runner.close()


Start = Callable[..., Conversation]


def fields(store: SQLiteStore) -> dict[str, Any]:
    """What is stored about alice."""
    profile = store.profile("alice")
    return dict(profile.fields) if profile else {}
