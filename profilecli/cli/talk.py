"""What ``chat`` and ``ask`` have in common: a session made of settings, and a turn shown in a pipe."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

from profilecli.cli.options import chosen_schema, open_stores
from profilecli.cli.reading import warn_if_missing
from profilecli.config import Settings
from profilecli.errors import ExitStatus, ModelError, NoSuchProfile
from profilecli.events import Event, Learned, LearningFailed, ReplyEnded, ReplyFailed, TextDelta, TurnEnded, TurnResult
from profilecli.llm import LLM, open_model
from profilecli.render import plain
from profilecli.session import Session

__all__ = ["PENDING_AT_ONCE", "JsonTurns", "PlainTurns", "Turns", "model_of", "open_session", "play"]

PENDING_AT_ONCE = 20
"""Messages left to learn that one start catches up on."""


def model_of(chosen: Settings, name: str | None = None) -> LLM | None:
    """The model in force, or the one called ``name``; None is offline."""
    return open_model(name or chosen.model, base_url=chosen.base_url, api=chosen.api, timeout=chosen.timeout)


def open_session(chosen: Settings, *, session_id: str | None = None, go_on: bool = False, preload: bool = True) -> Session:
    """A conversation with the settings in force.

    ``preload`` starts the model's import meanwhile; a prompt is shown first.
    """
    model = model_of(chosen)
    if preload and model is not None:
        model.preload()
    if chosen.mode == "agentic" and model is None:
        plain.notice("Offline, --mode agentic acts as always: the rules learn from every message.")
    store = open_stores(chosen, create=chosen.mode != "off")
    schema = chosen_schema(chosen, store)
    if go_on:
        session_id = store.last_session(chosen.user_id)
        if session_id is None:
            raise NoSuchProfile(chosen.user_id)
    session = Session(
        store,
        chosen.user_id,
        model=model,
        extractor=chosen.extractor,
        mode=chosen.mode,
        schema=schema,
        instructions=chosen.instructions,
        session_id=session_id,
        context_window=chosen.context_window,
    )
    warn_if_missing(session.schema)
    return session


class Turns(Protocol):
    """Shows the events of turns."""

    def show(self, event: Event) -> None:
        """Shows one event."""


class PlainTurns:
    """Replies on stdout as they come, each followed by ``end``; notices of what was learned on stderr."""

    def __init__(self, end: str = "\n") -> None:
        self._end = end

    def show(self, event: Event) -> None:
        """Shows one event."""
        if isinstance(event, TextDelta):
            plain.reply(event.text)
        elif isinstance(event, ReplyEnded):
            plain.reply("", self._end)
            if event.cut:
                plain.notice(f"The reply was cut short ({event.cut.replace('_', ' ')}).")
        elif isinstance(event, ReplyFailed):
            if event.text:
                plain.reply("", self._end)
            plain.error(str(event.error))
        else:
            show_learning(event)


class JsonTurns:
    """One JSON object a turn on stdout."""

    def show(self, event: Event) -> None:
        """Shows one event."""
        if isinstance(event, TurnEnded):
            plain.json_line(event.result.as_json())
        elif isinstance(event, ReplyFailed):
            plain.error(str(event.error))
        else:
            show_learning(event)


def show_learning(event: Event) -> None:
    """Says on stderr what was learned, or that it will be learned later."""
    if isinstance(event, Learned):
        for change in event.changes:
            plain.notice(f"✓ {plain.change_line(change)}")
    elif isinstance(event, LearningFailed):
        plain.notice(f"Your message is kept and will be learned later. {event.error}")


async def play(events: AsyncIterator[Event], turns: Turns) -> TurnResult | None:
    """Shows the events as they come; returns the turn's sum, if it is a turn."""
    result = None
    async for event in events:
        turns.show(event)
        if isinstance(event, TurnEnded):
            result = event.result
    return result


def failed_for_good(result: TurnResult) -> bool:
    """Whether the next message would fail in the same way: a wrong key, an unknown model, no quota left."""
    return bool(result.error and result.error["where"] == "reply" and result.error["kind"] in ModelError.FATAL)


def status_of(result: TurnResult) -> ExitStatus:
    """The exit code of a turn: a failed reply is a failure, a failed learning is not."""
    return ExitStatus.FAILED if result.error and result.error["where"] == "reply" else ExitStatus.OK
