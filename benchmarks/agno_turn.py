"""A turn that learns, beside agno's agent with a user profile: 300 ms a call, at the same endpoint.

agno calls the model to extract, and again to hear that it is done; ours makes one call beside the reply.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from benchmarks import peers
from benchmarks.agno_programs import TURN
from benchmarks.scene import FACT, REPLY, Case, Scene, scene
from benchmarks.timing import Measured, main, milliseconds
from benchmarks.warm_turn import DELAY, turns
from tests.endpoint import Endpoint, Request, ToolCall

__all__ = ["agno_requests", "measure"]

TARGET = 1.0


def measure(runs: int) -> list[Measured]:
    """The whole turn, until both the reply and the learning are done."""
    with scene() as made:
        with turns(made, FACT, "chat", delay=DELAY) as both:
            both.ours()
            ours = statistics.median(both.ours() for _ in range(runs))
        theirs = statistics.median(_agno(made, FACT, runs + 1, DELAY)[0][1:])
        what = "a warm turn at 300 ms a call, chat, a fact"
        return [
            Measured(
                what, "agno, an agent with a user profile", ours / theirs, TARGET, milliseconds(ours), milliseconds(theirs), headline=True
            )
        ]


def agno_requests(made: Scene, case: Case) -> list[Any]:
    """The bodies of all requests of agno's for one turn."""
    return _agno(made, case, 1, 0.0)[1]


def _agno(made: Scene, case: Case, count: int, delay: float) -> tuple[list[float], list[Any]]:
    """How long each turn took, and the bodies of the requests. Raises Skipped."""
    pause = threading.Event()

    def answer(request: Request) -> str | ToolCall:
        pause.wait(delay)
        names = [tool["function"]["name"] for tool in request.json.get("tools", ())]
        if "update_profile" in names and not request.tool_outputs and case.company:
            return ToolCall("update_profile", json.dumps({"company": case.company}))
        return REPLY

    with Endpoint(api_key=None, models=None) as serving, tempfile.TemporaryDirectory() as folder:
        serving.on("reply", answer)
        command = [peers.python(), "-W", "ignore", made.script("agno_turn.py", TURN), serving.base_url, str(Path(folder) / "agno.db")]
        ran = subprocess.run([*command, case.message, str(count)], env=made.environment(), capture_output=True, text=True, check=False)
        if ran.returncode:
            raise RuntimeError(ran.stderr)
        return json.loads(ran.stdout.splitlines()[-1]), [call.json for call in serving.requests]


if __name__ == "__main__":
    sys.exit(main(measure))
