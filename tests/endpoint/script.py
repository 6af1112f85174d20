"""The script: what each class of calls is answered with, filled by a test while the endpoint serves."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.endpoint.answers import Answer, Kind, Scripted, answer_of
from tests.endpoint.faults import ALTERED, Fault
from tests.endpoint.requests import Request

__all__ = ["Handler", "Script"]

Handler = Callable[[Request], Scripted | Fault | None]
"""Answers a call, fails it, or leaves it to the queue with None. It runs in a thread of its own and may block."""


@dataclass(slots=True)
class _Due:
    """A fault that is due: after ``skip`` calls, for ``times`` calls (None: from then on)."""

    fault: Fault
    skip: int
    times: int | None


@dataclass(slots=True)
class _Lines:
    default: Answer
    answers: deque[Answer] = field(default_factory=deque)
    faults: deque[_Due] = field(default_factory=deque)
    handler: Handler | None = None


class Script:
    """Queues of answers and faults, one pair a class of calls. Every method may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lines: dict[Kind, _Lines] = {}
        self.clear()

    def clear(self) -> None:
        """Forget everything scripted."""
        with self._lock:
            self._lines = {
                "reply": _Lines(answer_of("reply", "OK.")),
                "extract": _Lines(answer_of("extract", [])),
                "models": _Lines(Answer(())),
            }

    def answer(self, kind: Kind, answer: Answer, times: int) -> None:
        """Put an answer in the queue, so many times."""
        with self._lock:
            self._lines[kind].answers.extend([answer] * times)

    def default(self, kind: Kind, answer: Answer) -> None:
        """Set the answer for when the queue is empty."""
        with self._lock:
            self._lines[kind].default = answer

    def fault(self, kind: Kind, fault: Fault, skip: int, times: int | None) -> None:
        """Make a fault due."""
        with self._lock:
            self._lines[kind].faults.append(_Due(fault, skip, times))

    def on(self, kind: Kind, handler: Handler | None) -> None:
        """Let a function answer the calls of a class."""
        with self._lock:
            self._lines[kind].handler = handler

    def handler(self, kind: Kind) -> Handler | None:
        """The function that answers the calls of a class."""
        with self._lock:
            return self._lines[kind].handler

    def take(self, kind: Kind, *, structured: bool, given: Answer | Fault | None = None) -> tuple[Fault | None, Answer]:
        """What the next call gets. A fault that answers nothing leaves the answer in the queue.

        ``structured`` says whether the call asks for structured output, as ``no_structured`` wants to know;
        ``given`` is what a handler says, which goes before the queue's answer or fault.
        """
        with self._lock:
            lines = self._lines[kind]
            fault = given if isinstance(given, Fault) else self._due(lines.faults, structured=structured)
            if isinstance(given, Answer):
                return fault, given
            if not lines.answers:
                return fault, lines.default
            if fault is not None and fault.kind not in ALTERED:
                return fault, lines.answers[0]
            return fault, lines.answers.popleft()

    def left(self, kind: Kind) -> int:
        """How many scripted answers nobody has asked for yet."""
        with self._lock:
            return len(self._lines[kind].answers)

    @staticmethod
    def _due(faults: deque[_Due], *, structured: bool) -> Fault | None:
        if not faults:
            return None
        due = faults[0]
        if due.fault.kind == "no_structured" and not structured:
            return None
        if due.skip:
            due.skip -= 1
            return None
        if due.times is not None:
            due.times -= 1
            if due.times <= 0:
                faults.popleft()
        return due.fault
