"""The real small model for the tests that run llama.cpp: fetched once by the program itself, and shared."""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from profilecli.llm.models_dir import SMALL, small_model

__all__ = ["put_in_home", "small_model_file"]

_CACHE = Path.home() / ".cache" / "profilecli-tests"  # of the developer: tests have homes of their own


@pytest.fixture(scope="session")
def small_model_file() -> Path:
    """The file of the small model; skips where it, or what runs it, can't be had."""
    if importlib.util.find_spec("xllamacpp") is None:
        pytest.skip("xllamacpp is not installed (extra [local])")
    _CACHE.mkdir(parents=True, exist_ok=True)
    with (_CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one worker fetches, the others wait
        environment = os.environ | {"XDG_DATA_HOME": str(_CACHE)}
        environment.pop("PYTHONWARNINGS", None)
        pulled = subprocess.run(
            [sys.executable, "-m", "profilecli", "model", "pull"], env=environment, capture_output=True, text=True, timeout=600, check=False
        )
    if pulled.returncode:
        pytest.skip(f"the small model can't be fetched: {pulled.stderr.strip()}")
    return _CACHE / "profilecli" / "models" / SMALL.file


def put_in_home(file: Path) -> Path:
    """Puts the model where ``profile model pull`` does, in the home of this test; returns its path."""
    small_model().parent.mkdir(parents=True, mode=0o700)
    with contextlib.suppress(OSError):
        os.link(file, small_model())
    if not small_model().exists():
        shutil.copy(file, small_model())  # another file system
    return small_model()
