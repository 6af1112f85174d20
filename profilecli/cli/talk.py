"""What ``chat`` and ``ask`` have in common: a session made of settings, and a turn shown in a pipe."""

from __future__ import annotations

from collections.abc import AsyncIterator

from profilecli.cli.options import chosen_schema, open_stores
from profilecli.cli.reading import warn_if_missing
from profilecli.config import Settings
from profilecli.errors import ExitStatus, ModelError, NoSuchProfile, UsageError
from profilecli.events import Event, Learned, LearningFailed, ReplyEnded, ReplyFailed, TextDelta, TurnEnded, TurnResult
from profilecli.llm import LLM, open_model
from profilecli.render import plain
from profilecli.session import Session

__all__ = ["JsonTurns", "MarkdownTurns", "PlainTurns", "Turns", "model_of", "open_session", "play"]


def model_of(chosen: Settings, name: str | None = None) -> LLM | None:
    """The model in force, or the one called ``name``; None is offline."""
    return open_model(
        name or chosen.model, base_url=chosen.base_url, api=chosen.api, timeout=chosen.timeout, context_window=chosen.context_window
    )


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
    if session_id is not None and (go_on or not session_id.strip()):
        raise UsageError("Either --continue, or --session with the id of a conversation.")
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


class Turns:
    """Shows the events of turns: replies as they come, and what was learned on stderr, after the reply that it would cut in two."""

    def __init__(self) -> None:
        self._held: list[Learned | LearningFailed] = []
        self._reported: str | None = None

    def show(self, event: Event) -> None:
        """Shows one event."""
        if isinstance(event, TextDelta):
            self.reply(event.text)
        elif isinstance(event, ReplyEnded | ReplyFailed):
            self.end_reply(event)
            if event.cut:
                plain.notice(f"The reply was cut short ({event.cut.replace('_', ' ')}).")
            if isinstance(event, ReplyFailed):
                self._reported = str(event.error)
                plain.error(self._reported)
        elif isinstance(event, Learned | LearningFailed):
            self._held.append(event)
        elif isinstance(event, TurnEnded):
            self.end_turn(event.result)

    def flush(self, *, earlier: bool = False) -> None:
        """Says what was learned, or that it will be learned later; a reason that was given already is not given again."""
        kept = "Earlier messages are still to be learned." if earlier else "Your message is kept and will be learned later."
        for event in self._held:
            if isinstance(event, Learned):
                for change in event.changes:
                    plain.notice(f"✓ {plain.change_line(change)}")
            else:
                reason = str(event.error)
                plain.notice(kept + ("" if reason == self._reported else f" {reason}"))
        self._held.clear()
        self._reported = None

    def reply(self, text: str) -> None:
        """Shows a piece of the reply."""

    def end_reply(self, event: ReplyEnded | ReplyFailed) -> None:
        """Ends the reply; of a failed one, what had come of it."""

    def end_turn(self, result: TurnResult) -> None:
        """Shows the turn's sum."""


class PlainTurns(Turns):
    """Replies on stdout as they come, each followed by ``end``."""

    def __init__(self, end: str = "\n") -> None:
        super().__init__()
        self._end = end

    def reply(self, text: str) -> None:
        """Shows a piece of the reply."""
        plain.reply(text)

    def end_reply(self, event: ReplyEnded | ReplyFailed) -> None:
        """Ends the reply; of a failed one, what had come of it."""
        if event.text or isinstance(event, ReplyEnded):
            plain.reply("", self._end)


class MarkdownTurns(Turns):
    """The reply as Markdown, for a terminal."""

    def __init__(self) -> None:
        super().__init__()
        from profilecli.render import rich

        self._stream = rich.MarkdownStream(rich.console())

    def reply(self, text: str) -> None:
        """Shows a piece of the reply."""
        self._stream.feed(text)

    def end_reply(self, event: ReplyEnded | ReplyFailed) -> None:
        """Ends the reply; of a failed one, what had come of it."""
        del event
        self._stream.close()


class JsonTurns(Turns):
    """One JSON object a turn on stdout."""

    def end_turn(self, result: TurnResult) -> None:
        """Shows the turn's sum."""
        plain.json_line(result.as_json())


async def play(events: AsyncIterator[Event], turns: Turns, *, earlier: bool = False) -> TurnResult | None:
    """Shows the events as they come, of ``earlier`` messages or of a turn; returns the turn's sum, if it is one."""
    result = None
    try:
        async for event in events:
            turns.show(event)
            if isinstance(event, TurnEnded):
                result = event.result
    finally:
        turns.flush(earlier=earlier)
    return result


def failed_for_good(result: TurnResult) -> bool:
    """Whether the next message would fail in the same way: a wrong key, an unknown model, no quota left."""
    return bool(result.error and result.error["where"] == "reply" and result.error["kind"] in ModelError.FATAL)


def status_of(result: TurnResult) -> ExitStatus:
    """The exit code of a turn: a failed reply is a failure, a failed learning is not."""
    return ExitStatus.FAILED if result.error and result.error["where"] == "reply" else ExitStatus.OK
