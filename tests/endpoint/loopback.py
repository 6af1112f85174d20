"""The endpoint itself: a thread with its own event loop on a free loopback port."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import TYPE_CHECKING, Any, Self

from tests.endpoint.answers import Answer, Kind, Part, Reasoning, Scripted, ToolCall, answer_of
from tests.endpoint.faults import Fault, FaultKind
from tests.endpoint.script import Handler, Script
from tests.endpoint.server import Connections
from tests.endpoint.service import Outgoing, Service

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

    from tests.endpoint.requests import Request

__all__ = ["Endpoint"]


class Endpoint:
    """A scripted OpenAI-compatible endpoint. Every method may be called from any thread, at any time.

    ::

        with Endpoint() as ep:
            ep.reply("Hello Ali")
            ep.extract([{"field": "name", "action": "set", "value": "Ali", "quote": "I'm Ali"}])
            ep.fault("reply", "rate_limit", retry_after=0.1, times=2)
            client = AsyncOpenAI(base_url=ep.base_url, api_key=ep.api_key)

    A call is classed as ``extract`` where it asks for structured output (``json_schema`` or
    ``json_object``), as ``models`` where it reads the list of models, and as ``reply``
    otherwise. Each class has a queue of answers, a default for when it is empty ("OK." and
    ``{"updates": []}``), a queue of faults and perhaps a handler. Requests are checked before
    the script is asked: a request that the real service refuses is refused here.

    ``api_key`` None takes every key; ``models`` None takes every model's name; ``port`` 0 takes a free one.
    """

    def __init__(
        self,
        *,
        api_key: str | None = "sk-test-loopback-0123456789",
        models: Sequence[str] | None = ("gpt-5.2", "gpt-5-mini", "gpt-4o-mini"),
        port: int = 0,
    ) -> None:
        self.chunk_delay = 0.0
        self._service = Service(api_key=api_key, models=models)
        self._script = Script()
        self._delays: dict[Kind, float] = {}
        self._requests: list[Request] = []
        self._changed = threading.Condition()
        self._connections = Connections(self._respond, lambda: self.chunk_delay)
        self._port = port
        self._started = threading.Event()
        self._failure: OSError | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread: threading.Thread | None = None

    # The life of the endpoint

    def start(self) -> Self:
        """Listen and serve. Raises OSError where the port is taken."""
        self._thread = threading.Thread(target=lambda: asyncio.run(self._main()), name="endpoint", daemon=True)
        self._thread.start()
        self._started.wait()
        if self._failure is not None:
            raise self._failure
        return self

    def close(self) -> None:
        """Drop every connection and stop; from then on connections are refused. Twice is once."""
        if self._thread is None or self._loop is None or self._stop is None:
            return
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join()
        self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    async def _main(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        try:
            self._port = await self._connections.open(self._port)
        except OSError as error:
            self._failure = error
            return
        finally:
            self._started.set()
        await self._stop.wait()
        await self._connections.close()

    @property
    def base_url(self) -> str:
        """What a client takes as its base URL."""
        return f"http://127.0.0.1:{self._port}/v1"

    @property
    def api_key(self) -> str:
        """The key that is taken, or one that is as good as any."""
        return self._service.api_key or "sk-any"

    # What it says

    def reply(self, *parts: Scripted, times: int = 1, usage: tuple[int, int] | None = None) -> None:
        """Queue the answer of a ``reply`` call: a text, a list of deltas, or parts in their order.

        ``reply("Hello")``, ``reply(["Hel", "lo"])``, ``reply(Reasoning("…"), "Noted. ", ToolCall(…), ToolCall(…))``,
        ``reply(Refusal("No."))``. ``usage`` is (input tokens, output tokens) as reported.
        """
        self._queue("reply", parts, times, usage)

    def extract(self, *parts: Scripted, times: int = 1, usage: tuple[int, int] | None = None) -> None:
        """Queue the answer of an ``extract`` call: a list of updates, a whole JSON object, or any text.

        ``extract([{"field": …, "action": …, "value": …, "quote": …}])``, ``extract({"updates": []})``, ``extract("no JSON")``.
        """
        self._queue("extract", parts, times, usage)

    def tool_call(
        self, name: str, arguments: str, *, call_id: str | None = None, before: str = "", after: str = "", reasoning: str | None = None
    ) -> None:
        """Queue a reply that calls one tool. ``arguments`` is the JSON text as the model writes it.

        Several calls in one reply are ``reply(ToolCall(…), ToolCall(…))``.
        """
        parts: list[str | Part] = [
            *([] if reasoning is None else [Reasoning(reasoning)]),
            *([before] if before else []),
            ToolCall(name, arguments, call_id),
            *([after] if after else []),
        ]
        self._queue("reply", (parts,), 1, None)

    def default(self, kind: Kind, *parts: Scripted) -> None:
        """Set what a class of calls is answered with while its queue is empty."""
        self._script.default(kind, _answer(kind, parts, None))

    def on(self, kind: Kind, handler: Handler | None) -> None:
        """Let a function answer a class of calls: ``ep.on("extract", lambda request: […])``.

        It gets the :class:`Request`, runs in a thread of its own, may block, and returns what
        :meth:`reply` or :meth:`extract` take, a :class:`Fault`, or None for the queue's answer.
        """
        self._script.on(kind, handler)

    def fault(self, kind: Kind, fault: FaultKind, *, times: int | None = 1, skip: int = 0, **options: Any) -> None:
        """Make calls of a class fail: ``ep.fault("reply", "rate_limit", retry_after=0.1, times=2)``.

        ``skip`` calls go well first, then ``times`` calls fail; None: all of them. Faults of a
        class come one after the other. The kinds and the options are in :mod:`tests.endpoint.faults`.
        """
        self._script.fault(kind, Fault(fault, **options), skip, times)

    def delay(self, *, reply: float | None = None, extract: float | None = None, models: float | None = None) -> None:
        """Set the seconds between a request's last byte and its answer's first, by class; None leaves a class as it is."""
        given: Mapping[Kind, float | None] = {"reply": reply, "extract": extract, "models": models}
        self._delays |= {kind: seconds for kind, seconds in given.items() if seconds is not None}

    def clear(self) -> None:
        """Forget the script, the delays and the requests, but not what was handed out."""
        self._script.clear()
        self._delays, self.chunk_delay = {}, 0.0
        with self._changed:
            self._requests = []

    def _queue(self, kind: Kind, parts: tuple[Scripted, ...], times: int, usage: tuple[int, int] | None) -> None:
        self._script.answer(kind, _answer(kind, parts, usage), times)

    # What it heard

    @property
    def requests(self) -> list[Request]:
        """Every request so far, in the order of arrival."""
        with self._changed:
            return list(self._requests)

    def calls(self, kind: Kind) -> list[Request]:
        """The requests of one class."""
        return [request for request in self.requests if request.kind == kind]

    def left(self, kind: Kind) -> int:
        """How many scripted answers of a class nobody has asked for."""
        return self._script.left(kind)

    def wait_for(self, count: int, kind: Kind | None = None, *, timeout: float = 10.0) -> list[Request]:
        """Wait until so many requests (of a class) have come; returns them. Raises TimeoutError."""

        def come() -> list[Request]:
            return [request for request in self._requests if kind is None or request.kind == kind]

        with self._changed:
            if not self._changed.wait_for(lambda: len(come()) >= count, timeout):
                raise TimeoutError(f"{len(come())} of {count} requests came within {timeout} s")
            return come()

    async def _respond(self, request: Request) -> Outgoing:
        with self._changed:
            self._requests.append(request)
            self._changed.notify_all()
        refusal = self._service.refusal(request)
        if refusal is not None or request.kind is None:
            assert refusal is not None
            return refusal
        fault, answer = await self._scripted(request, request.kind)
        if seconds := self._delays.get(request.kind, 0.0):
            await asyncio.sleep(max(0.0, request.at + seconds - time.monotonic()))
        return self._service.answer(request, fault, answer)

    async def _scripted(self, request: Request, kind: Kind) -> tuple[Fault | None, Answer]:
        handler = self._script.handler(kind)
        said = None if handler is None else await asyncio.to_thread(handler, request)
        given = said if said is None or isinstance(said, Fault) else answer_of(kind, said)
        return self._script.take(kind, structured=kind == "extract", given=given)


def _answer(kind: Kind, parts: tuple[Scripted, ...], usage: tuple[int, int] | None) -> Answer:
    single = parts[0] if len(parts) == 1 else parts
    answer = answer_of(kind, single)  # type: ignore[arg-type]
    return answer if usage is None else Answer(answer.parts, usage, answer.ending, answer.quirks)
