"""How long a piece of work takes, on a machine that is at other work too."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from functools import partial


def cpu_seconds(work: Callable[[], object]) -> float:
    """CPU seconds of this thread alone, and none of them for collecting what the tests before this one left."""
    gc.collect()
    gc.disable()
    try:
        began = time.thread_time()
        work()
        return time.thread_time() - began
    finally:
        gc.enable()


def wait_until(condition: Callable[[], object], *, seconds: float = 10) -> None:
    """Until the condition holds; a machine at other work may take a while."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def grows_with(work: Callable[[str], object], piece: str, *, small: int, large: int, slack: float = 0.2, bound: float = 8) -> bool:
    """Whether ``work`` on ``piece`` again and again takes about as much longer as the text is.

    ``small`` and ``large`` are characters; four times the proportion, and ``slack`` seconds, are allowed
    for, and ``bound`` seconds at the most. One of three is enough: what grows faster does so every time,
    while another process may be in the way of one. Each has a text of its own, so nothing is remembered.
    """
    for run in range(3):
        texts = [(piece * (size // len(piece) + 2))[: size + run] for size in (small, large)]
        taken = [cpu_seconds(partial(work, text)) for text in texts]
        if taken[1] < min(bound, large / small * 4 * taken[0] + slack):
            return True
    return False
