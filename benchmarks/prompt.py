"""Time until ``profile chat`` shows its prompt, against the least Typer program with such a prompt, and ``llm chat``.

All run under a pseudo-terminal that answers what a real one is asked (where the cursor is).
"""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

from benchmarks import peers
from benchmarks.scene import MODEL, Scene, endpoint, scene
from benchmarks.timing import Measured, compared, main

__all__ = ["measure"]

TARGET = 1.25
PROMPT, LLMS_PROMPT = "›".encode(), b"\n> "
_ASKS_CURSOR, _CURSOR = b"\x1b[6n", b"\x1b[1;1R"
_PATIENCE = 60.0
_LEAST = """import typer
from prompt_toolkit import PromptSession
from rich.console import Console


def chat() -> None:
    console = Console()
    console.print(PromptSession().prompt("› "))


typer.run(chat)
"""


def measure(runs: int) -> list[Measured]:
    """Offline, and with an endpoint's model, where openai is imported while the user types."""
    with scene() as made, endpoint() as base_url:
        least = [sys.executable, made.script("least.py", _LEAST)]
        llm = [peers.python(), "-m", "llm", "chat"]
        offline, model = ["--model", "offline"], ["--model", MODEL, "--base-url", base_url]
        return [
            _prompt(made, "offline", offline, "the least Typer program with a prompt", least, PROMPT, TARGET, runs),
            _prompt(made, "an endpoint's model", model, "the least Typer program with a prompt", least, PROMPT, TARGET, runs),
            _prompt(made, "an endpoint's model", model, "`llm chat`", llm, LLMS_PROMPT, 1.0, runs),
        ]


def _prompt(
    made: Scene, name: str, options: Sequence[str], peer: str, theirs: Sequence[str], prompt: bytes, target: float, runs: int
) -> Measured:
    ours, environment = made.program("chat", *options), made.environment()
    return compared(
        f"the prompt of `profile chat`, {name}",
        peer,
        target,
        runs,
        lambda: until_prompt(ours, environment),
        lambda: until_prompt(theirs, environment, prompt),
        headline="endpoint" in name,
    )


def until_prompt(command: Sequence[str], environment: Mapping[str, str], prompt: bytes = PROMPT) -> float:
    """Seconds from the start of a program until its prompt is on the terminal; the program is ended then."""
    terminal, end = pty.openpty()
    began = time.perf_counter()
    with subprocess.Popen(command, stdin=end, stdout=end, stderr=end, env=environment, start_new_session=True) as process:
        os.close(end)
        try:
            return _wait(terminal, command, prompt) - began
        finally:
            process.send_signal(signal.SIGKILL)
            os.close(terminal)


def _wait(terminal: int, command: Sequence[str], prompt: bytes) -> float:
    seen, answered = b"", 0
    while prompt not in seen:
        ready, _, _ = select.select([terminal], [], [], _PATIENCE)
        try:
            piece = os.read(terminal, 65536) if ready else b""
        except OSError:  # Linux says so where the program has ended
            piece = b""
        if not piece:
            raise RuntimeError(f"{command} shows no prompt: {seen!r}")
        seen += piece
        for _ in range(seen.count(_ASKS_CURSOR) - answered):
            os.write(terminal, _CURSOR)
            answered += 1
    return time.perf_counter()


if __name__ == "__main__":
    sys.exit(main(measure))
