"""The prompt: the only user of prompt-toolkit."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

from prompt_toolkit import PromptSession
from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.utils import get_cwidth
from rich.console import Console

from profilecli import slash
from profilecli.errors import ProfilecliError
from profilecli.events import Event, Learned, LearningFailed, ReplyEnded, ReplyFailed, TextDelta, TurnEnded
from profilecli.llm import LLM
from profilecli.offline import HOW_TO_GET_A_MODEL
from profilecli.render import rich
from profilecli.session import PENDING_AT_ONCE, Session
from profilecli.text import one_line

__all__ = ["run", "typed_lines_path"]

_LONGEST_NAME = 150


def run(session: Session, open_model: Callable[[str], LLM | None], *, extractor: str = "auto", database: str = "") -> None:
    """Talks until the user leaves with Ctrl-D or /quit."""
    context = slash.Context(session, rich.console(), open_model, extractor)
    asyncio.run(_Repl(context, _history(context, database)).talk())


class _Repl:
    """The loop: a line, then a command or a turn."""

    def __init__(self, context: slash.Context, history: History) -> None:
        self._context = context
        self._console = context.console
        self._screen: _Screen | None = None
        self._status: tuple[str, ...] = ()
        self._catching_up: asyncio.Task[None] | None = None
        self._leaving = False
        self._terminal = asyncio.Lock()  # held by whoever prints while there is no prompt
        self._prompt: PromptSession[str] = PromptSession(
            history=history,
            completer=_SlashCompleter(context),
            complete_while_typing=False,
            key_bindings=_keys(),
            bottom_toolbar=self._toolbar,
            multiline=True,
            prompt_continuation="  ",
            enable_suspend=True,
        )

    async def talk(self) -> None:
        """Reads and answers until the user leaves."""
        self._greet()
        self._prompt.app.after_render += self._first_rendered
        with _interrupt_calls(self._interrupted):
            try:
                while (line := await self._read()) is not None:
                    async with self._terminal:
                        await self._answer(line)
                await self._finish_learning()
            except slash.Quit:
                await self._finish_learning()
            finally:
                await self._leave()

    async def _read(self) -> str | None:
        """The next line that isn't empty; None when the user leaves."""
        while True:
            self._status = self._describe()
            try:
                line = (await self._prompt.prompt_async("› ", handle_sigint=False)).strip()
            except KeyboardInterrupt:
                if not self._prompt.default_buffer.text:
                    self._console.print("Ctrl-D or /quit leaves.", style="dim")
                continue
            except EOFError:
                return None
            if line:
                return line

    async def _answer(self, line: str) -> None:
        session = self._context.session
        model = session.model
        try:
            if slash.is_command(line):
                slash.run(self._context, line)
            else:
                await self._turn(line)
        except ProfilecliError as error:
            self._console.print(one_line(str(error)), style="red")
        if model is not None and model is not session.model:
            await model.close()
        if session.mode == "off" and self._catching_up is not None:
            self._catching_up.cancel()

    async def _turn(self, line: str) -> None:
        self._screen = screen = _Screen(self._console)
        try:
            with _keys_held():
                async for event in self._context.session.turn(line):
                    screen.show(event)
        finally:
            self._screen = None
            screen.close()
            self._console.print()

    def _interrupted(self) -> None:
        if self._screen is not None:
            self._screen.interrupted()
            self._context.session.stop()
        elif self._leaving and self._catching_up is not None:
            self._catching_up.cancel()

    async def _finish_learning(self) -> None:
        """Waits for what is still being learned, unless the user would rather not."""
        if self._catching_up is not None and not self._catching_up.done():
            self._console.print("Still learning from earlier messages. Ctrl-C leaves that for the next start.", style="dim")
            self._leaving = True
            await asyncio.wait([self._catching_up])

    async def _leave(self) -> None:
        model = self._context.session.model
        if self._catching_up is not None:
            self._catching_up.cancel()
            for failure in await asyncio.gather(self._catching_up, return_exceptions=True):
                if isinstance(failure, Exception):
                    raise failure
        if model is not None:
            await model.close()

    # ---- while the user types

    def _first_rendered(self, _app: object) -> None:
        """Does what can wait for the prompt: imports, and learning what was left unlearned."""
        self._prompt.app.after_render -= self._first_rendered
        if self._context.session.model is not None:
            self._context.session.model.preload()
        self._catching_up = asyncio.create_task(self._catch_up())

    async def _catch_up(self) -> None:
        # Taken now: what the user stops later, in this conversation, is for the next start.
        events = self._context.session.learn_pending(PENDING_AT_ONCE)
        await _warmed_up()
        async for event in events:
            async with self._terminal:
                self._status = self._describe()
                await run_in_terminal(functools.partial(self._show_caught_up, event))

    def _show_caught_up(self, event: Event) -> None:
        if isinstance(event, Learned):
            self._console.print(rich.learned_line(event.changes, "profile undo"))
        elif isinstance(event, LearningFailed):
            self._console.print(f"Earlier messages are still to be learned. {one_line(str(event.error))}", style="yellow")

    # ---- what is always there

    def _greet(self) -> None:
        session = self._context.session
        values = session.profile.fields
        called = values.get("preferred_name") or values.get("name")
        hello = f"Hello {one_line(str(called))}. " if called else ""
        self._console.print(f"{hello}Ask or tell me anything; /help lists the commands.", style="dim")
        if session.model is None:
            self._console.print(HOW_TO_GET_A_MODEL, style="dim")

    def _describe(self) -> tuple[str, ...]:
        session = self._context.session
        parts = (session.user_id, session.schema.name, session.model.name if session.model else "offline", f"mode {session.mode}")
        return tuple(map(one_line, parts))

    def _toolbar(self) -> FormattedText:
        return FormattedText([("", " " + " · ".join(_fitting(self._status, self._console.width - 2)))])


class _Screen:
    """Draws the events of one turn: the reply, and under it what was learned."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._stream = rich.MarkdownStream(console)
        self._held: list[Event] = []
        self._replied = False
        self._learning_stopped = False
        self._reply_error = ""
        self._stream.wait()

    def show(self, event: Event) -> None:
        """Draws one event."""
        if isinstance(event, TextDelta):
            self._stream.feed(event.text)
        elif isinstance(event, ReplyEnded | ReplyFailed):
            self._stream.close()
            self._replied = True
            self._show_end(event)
            self._show_held()
            self._stream.wait("learning")
        else:
            self._held.append(event)
            if self._replied or isinstance(event, TurnEnded):
                self._show_held()

    def interrupted(self) -> None:
        """Notes that the user pressed Ctrl-C; after the reply, that stops the learning."""
        self._learning_stopped = self._replied

    def close(self) -> None:
        """Leaves the screen in order, whatever happened."""
        self._show_held()

    def _show_end(self, event: ReplyEnded | ReplyFailed) -> None:
        if event.cut:
            self._console.print(f"[{'stopped' if event.cut == 'stopped' else 'cut short: ' + event.cut.replace('_', ' ')}]", style="dim")
        if isinstance(event, ReplyFailed):
            self._reply_error = str(event.error)
            self._console.print(one_line(self._reply_error), style="red")

    def _show_held(self) -> None:
        self._stream.close()
        held, self._held = self._held, []
        for event in held:
            self._show_learning(event)

    def _show_learning(self, event: Event) -> None:
        if isinstance(event, Learned):
            self._console.print(rich.learned_line(event.changes))
        elif isinstance(event, LearningFailed):
            why = "" if str(event.error) == self._reply_error else f" {one_line(str(event.error))}"
            self._console.print(f"Your message is kept and will be learned later.{why}", style="yellow")
        elif isinstance(event, TurnEnded) and self._learning_stopped:
            self._console.print("[not learned yet; that waits for the next start]", style="dim")


class _SlashCompleter(Completer):
    """Completes slash commands and what follows them."""

    def __init__(self, context: slash.Context) -> None:
        self._context = context

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """See prompt-toolkit."""
        del complete_event
        line = document.text_before_cursor
        if line.startswith("/"):
            for candidate in slash.completions(self._context, line):
                yield Completion(candidate.text, start_position=-candidate.replaces, display_meta=candidate.help)


class _TypedLines(History):
    """What the user typed, for Up and Ctrl-R; nothing is added while nothing may be kept."""

    def __init__(self, path: Path, context: slash.Context) -> None:
        super().__init__()
        self._path = path
        self._kept = FileHistory(path)
        self._context = context

    def load_history_strings(self) -> Iterable[str]:
        """See prompt-toolkit."""
        try:
            yield from self._kept.load_history_strings()
        except OSError:
            return  # lost, as it is for a shell: the prompt works all the same

    def store_string(self, string: str) -> None:
        """See prompt-toolkit."""
        if self._context.session.mode == "off":
            return
        with contextlib.suppress(OSError):  # a read-only folder or a full disk
            os.close(os.open(self._path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600))
            self._path.chmod(0o600)  # also where it was there before
            self._kept.store_string(string)


def typed_lines_path(database: str, user_id: str) -> Path | None:
    """The file of the lines that a user typed at the prompt, beside the database; None where that isn't a file.

    Erasing the user erases this file, too.
    """
    if not database or "://" in database:
        return None
    path, name = Path(database).expanduser(), quote(user_id, safe="@+ ")
    if len(name) > _LONGEST_NAME:
        from hashlib import sha256  # here, since it loads OpenSSL

        name = sha256(user_id.encode()).hexdigest()
    return path.with_name(f"{path.stem}.{name}.history")


def _history(context: slash.Context, database: str) -> History:
    path = typed_lines_path(database, context.session.user_id)
    return InMemoryHistory() if path is None else _TypedLines(path, context)


def _keys() -> KeyBindings:
    keys = KeyBindings()

    @keys.add("enter")
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.validate_and_handle()

    @keys.add("escape", "enter")
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    return keys


def _fitting(parts: tuple[str, ...], width: int) -> list[str]:
    """The parts, the longest of them shortened until all fit between their separators."""
    fitted = list(parts)
    while sum(map(get_cwidth, fitted)) + 3 * (len(fitted) - 1) > width and max(map(len, fitted)) > 4:
        longest = max(range(len(fitted)), key=lambda index: get_cwidth(fitted[index]))
        fitted[longest] = fitted[longest].rstrip("…")[:-1] + "…"
    return fitted


@contextlib.contextmanager
def _interrupt_calls(stop: Callable[[], None]) -> Iterator[None]:
    """Makes Ctrl-C call ``stop`` and nothing else; at the prompt it is a key like others."""
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


@contextlib.contextmanager
def _keys_held() -> Iterator[None]:
    """Keeps what is typed during a reply off the screen; the next prompt reads it."""
    try:
        import termios

        terminal = sys.stdin.fileno()
        before = termios.tcgetattr(terminal)
    except (ImportError, OSError, ValueError, termios.error):  # Windows, or not a terminal
        yield
        return
    held = before.copy()
    held[0] &= ~termios.ICRNL
    held[3] &= ~(termios.ECHO | termios.ICANON)
    held[3] |= termios.NOFLSH  # else Ctrl-C drops what is typed, and what is being written
    termios.tcsetattr(terminal, termios.TCSADRAIN, held)
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


async def _warmed_up() -> None:
    """Imports what the first turn needs, on a thread of its own, since the user is typing."""
    loop, done = asyncio.get_running_loop(), asyncio.Event()

    def load() -> None:
        from profilecli import grounding
        from profilecli.extract import rules

        del grounding, rules
        rich.warm_up()
        with contextlib.suppress(RuntimeError):  # the user has left, and the loop with them
            loop.call_soon_threadsafe(done.set)

    # Not in asyncio's pool, for whose threads an exit waits.
    threading.Thread(target=load, name="warm up", daemon=True).start()
    await done.wait()
