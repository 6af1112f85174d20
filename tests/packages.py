"""Environments with packages from the index, for the tests that need a program that is not a dependency of ours."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

__all__ = ["DEVELOPERS", "environment", "shared_folder"]

_NOT_PIPS = ("PYTHONPATH", "PYTHONWARNINGS", "PROFILECLI_", "OPENAI_")

DEVELOPERS = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_PIPS)}
"""The environment as it was before a test got a home of its own: pip is set up there. It has no key and no setting of ours."""

_PATIENCE = 600
"""Seconds for an installation."""


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of a run share."""
    base = factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def environment(folder: Path, name: str, *requirements: str, python: str = sys.executable) -> Path:
    """The interpreter of a virtual environment that has these; made once a run. Skips the test where that can't be done."""
    home = folder / f"environment-{name}"
    interpreter = home / "bin" / "python"
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "made").exists():
            _run([python, "-m", "venv", str(home)], f"no environment of {python}")
            _run([str(interpreter), "-m", "pip", "install", "--quiet", *requirements], f"{name} can't be installed")
            (home / "made").touch()
    return interpreter


def _run(command: list[str], failed: str) -> None:
    try:
        ran = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, check=False, env=DEVELOPERS)
    except (OSError, subprocess.TimeoutExpired) as error:
        pytest.skip(f"{failed}: {error}")
    if ran.returncode:
        lines = [line for line in ran.stderr.splitlines() if line.strip()]
        pytest.skip(f"{failed}: {lines[-1] if lines else ran.returncode}")
