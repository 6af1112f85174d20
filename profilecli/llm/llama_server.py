"""llama.cpp's server, as a process of its own: this file is run as a script by :mod:`profilecli.llm.local`.

A process of its own, for three reasons. ``xllamacpp`` holds the interpreter's lock while a
model loads, so that the prompt would stand still for as long (1.2 s for the smallest model).
llama.cpp writes to the file descriptors 1 and 2, past ``sys.stdout``. And an assertion that
fails in it ends its process, which must not be the conversation's.

Orders come as one JSON line on stdin, so that the key is in no process list; the answer is
one JSON line on stdout: ``{"address": …}`` or ``{"error": …}``. The server ends when stdin
does, and so never outlives who started it. Nothing of this package is imported.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from typing import Any, BinaryIO

__all__ = ["main"]

_ERRORS_ONLY = 1
"""llama.cpp's verbosity at which it says why it failed, and nothing else (common/log.h)."""

_PROMPT_CACHE_MIB = 512


def main() -> None:
    """Serves until stdin ends."""
    orders = json.loads(sys.stdin.readline())
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answer, tempfile.TemporaryFile() as said:
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
        try:
            server = _served(orders)
        except (ImportError, RuntimeError, ValueError) as error:
            answer.write(json.dumps({"error": _reason(said) or str(error)}) + "\n")
            return
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        answer.write(json.dumps({"address": server.listening_address}) + "\n")
    sys.stdin.read()
    os._exit(0)  # its threads may be in the middle of an answer that nobody waits for


def _served(orders: dict[str, Any]) -> Any:
    import xllamacpp  # type: ignore[import-not-found, import-untyped, unused-ignore]  # an extra

    params = xllamacpp.CommonParams()
    params.model.path = orders["path"]
    params.api_keys = [orders["key"]]
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.ui = params.endpoint_slots = params.warmup = False
    params.verbosity = _ERRORS_ONLY
    # A reply and an extraction run at the same time, and share the window.
    params.n_ctx, params.n_parallel, params.kv_unified = orders["window"], 2, True
    params.n_predict = orders["longest"]
    params.cache_ram_mib = _PROMPT_CACHE_MIB
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = _threads()
    return xllamacpp.Server(params)


def _threads() -> int:
    # Half of the logical processors are about the physical ones. The threads wait for each other
    # at every layer: one too many on a busy machine made the answers ten times slower.
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 2
    return max(1, available // 2)


def _reason(said: BinaryIO) -> str:
    """The line in which llama.cpp says what is wrong, if it does."""
    said.seek(0)
    lines = [line.strip() for line in said.read().decode("utf-8", "replace").splitlines()]
    wrong = [line for line in lines if "error loading model" in line] or [line for line in lines if "error" in line or "failed" in line]
    return wrong[0].rpartition(" E ")[2] if wrong else ""


if __name__ == "__main__":
    main()
