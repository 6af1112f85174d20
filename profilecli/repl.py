"""The prompt: the only user of prompt-toolkit."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from rich.console import Console

from profilecli import slash
from profilecli.errors import ProfilecliError
from profilecli.events import Event, Learned, LearningFailed, ReplyEnded, ReplyFailed, TextDelta
from profilecli.llm import LLM
from profilecli.offline import HOW_TO_GET_A_MODEL
from profilecli.render import rich
from profilecli.session import Session
from profilecli.text import one_line

__all__ = ["run"]

_PENDING_AT_ONCE = 20


def run(session: Session, open_model: Callable[[str], LLM | None], *, extractor: str = "auto", database: str = "") -> None:
    """Talks until the user leaves with Ctrl-D or /quit."""
    console = rich.console()
    context = slash.Context(session, console, open_model, extractor)
    _warm_up()
    asyncio.run(_Repl(context, _history(database)).talk())


class _Repl:
    """The loop: a line, then a command or a turn."""

    def __init__(self, context: slash.Context, history: History) -> None:
        self._context = context
        self._console = context.console
        self._prompt: PromptSession[str] = PromptSession(
            history=_WhileKept(history, context),
            completer=_SlashCompleter(context),
            complete_while_typing=False,
            key_bindings=_keys(),
            bottom_toolbar=self._toolbar,
            multiline=True,
            prompt_continuation="  ",
            enable_history_search=False,
        )

    async def talk(self) -> None:
        """Reads and answers until the user leaves."""
        self._greet()
        await self._show(self._context.session.learn_pending(_PENDING_AT_ONCE))
        while True:
            try:
                line = (await self._prompt.prompt_async("› ")).strip()
            except KeyboardInterrupt:
                continue
            except EOFError:
                break
            if not line:
                continue
            try:
                await self._answer(line)
            except slash.Quit:
                break
            except ProfilecliError as error:
                self._console.print(one_line(str(error)), style="red")
        if self._context.session.model is not None:
            await self._context.session.model.close()

    async def _answer(self, line: str) -> None:
        if slash.is_command(line):
            slash.run(self._context, line)
            return
        with _interrupt_calls(self._context.session.stop):
            await self._show(self._context.session.turn(line))

    async def _show(self, events: object) -> None:
        screen = _Screen(self._console)
        try:
            async for event in events:  # type: ignore[attr-defined]
                screen.show(event)
        finally:
            screen.close()

    def _greet(self) -> None:
        session = self._context.session
        values = session.profile.fields
        called = values.get("preferred_name") or values.get("name")
        self._console.print(
            f"{f'Hello {one_line(str(called))}. ' if called else ''}Ask or tell me anything; /help lists the commands.", style="dim"
        )
        if session.model is None:
            self._console.print(HOW_TO_GET_A_MODEL, style="dim")

    def _toolbar(self) -> FormattedText:
        session = self._context.session
        parts = (session.user_id, session.schema.name, session.model.name if session.model else "offline", f"mode {session.mode}")
        return FormattedText([("", " " + " · ".join(map(one_line, parts)))])


class _Screen:
    """Draws the events of one turn."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._stream = rich.MarkdownStream(console)
        self._waiting = rich.waiting(console)

    def show(self, event: Event) -> None:
        """Draws one event."""
        self._waiting.stop()
        if isinstance(event, TextDelta):
            self._stream.feed(event.text)
            return
        self._stream.close()
        if isinstance(event, ReplyEnded) and event.cut:
            self._console.print(f"[{'stopped' if event.cut == 'stopped' else 'cut short: ' + event.cut.replace('_', ' ')}]", style="dim")
        elif isinstance(event, ReplyFailed):
            self._console.print(one_line(str(event.error)), style="red")
        elif isinstance(event, Learned):
            self._console.print(rich.learned_line(event.changes))
        elif isinstance(event, LearningFailed):
            self._console.print(f"Your message is kept and will be learned later. {one_line(str(event.error))}", style="yellow")

    def close(self) -> None:
        """Leaves the screen in order, whatever happened."""
        self._waiting.stop()
        self._stream.close()


class _SlashCompleter(Completer):
    """Completes slash commands and what follows them."""

    def __init__(self, context: slash.Context) -> None:
        self._context = context

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """See prompt-toolkit."""
        del complete_event
        line = document.text_before_cursor
        if line.startswith("/"):
            word = line if " " not in line else line.rpartition(" ")[2]
            for candidate in slash.completions(self._context, line):
                yield Completion(candidate, start_position=-len(word))


class _WhileKept(History):
    """What was typed, for Up and Ctrl-R; nothing is added while nothing may be kept."""

    def __init__(self, kept: History, context: slash.Context) -> None:
        super().__init__()
        self._kept = kept
        self._context = context

    def load_history_strings(self) -> Iterable[str]:
        """See prompt-toolkit."""
        return self._kept.load_history_strings()

    def store_string(self, string: str) -> None:
        """See prompt-toolkit."""
        if self._context.session.mode != "off":
            self._kept.store_string(string)


def _keys() -> KeyBindings:
    keys = KeyBindings()

    @keys.add("enter")
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.validate_and_handle()

    @keys.add("escape", "enter")
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    return keys


def _history(database: str) -> History:
    """The file of lines typed, beside the database, readable by its owner alone."""
    if not database or "://" in database:
        return InMemoryHistory()
    path = Path(database).expanduser().with_suffix(".history")
    try:
        os.close(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600))
    except OSError:
        return InMemoryHistory()  # a read-only folder: the prompt works all the same
    return FileHistory(str(path))


@contextlib.contextmanager
def _interrupt_calls(stop: Callable[[], None]) -> Iterator[None]:
    """Makes Ctrl-C call ``stop``, since nothing else should end with a reply."""
    loop = asyncio.get_running_loop()
    try:
        loop.add_signal_handler(signal.SIGINT, stop)
    except (NotImplementedError, RuntimeError):  # Windows, or not the main thread
        yield
        return
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _warm_up() -> None:
    """Imports what the first turn needs while the user types it."""

    def load() -> None:
        from profilecli import grounding
        from profilecli.extract import rules

        del grounding, rules
        rich.warm_up()

    threading.Thread(target=load, name="warm up", daemon=True).start()
