"""The programs that are measured beside ours: agno and llm, in an environment of their own in a cache folder.

``PROFILECLI_PEERS`` names the interpreter of an environment that has them already.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import platformdirs

from benchmarks.timing import Skipped

__all__ = ["PACKAGES", "python", "versions"]

PACKAGES = ("agno==3.1.10", "llm==0.36", "openai==3.54.0", "sqlalchemy>=2.1", "greenlet", "aiosqlite", "rs-bpe")
"""What is installed: agno with what its SQLite store needs, llm, and OpenAI's tokenizer."""


@cache
def python() -> str:
    """The interpreter of the peers' environment; it is made where it isn't there. Raises Skipped."""
    if named := os.environ.get("PROFILECLI_PEERS"):
        return named
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    key = hashlib.sha256(" ".join((version, *PACKAGES)).encode()).hexdigest()[:12]
    home = Path(platformdirs.user_cache_dir("profilecli-benchmarks", appauthor=False)) / f"peers-{key}"
    interpreter = home / "bin" / "python"
    if not (home / "made").exists():
        print(f"Installing {', '.join(PACKAGES)} into {home} …", file=sys.stderr, flush=True)
        try:
            subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], check=True, capture_output=True)
            subprocess.run([interpreter, "-m", "pip", "install", "--quiet", *PACKAGES], check=True, capture_output=True, text=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise Skipped(f"the peers can't be installed: {getattr(error, 'stderr', None) or error}") from error
        (home / "made").touch()
    return str(interpreter)


def versions() -> str:
    """The versions of those that are named in the table."""
    names = ("agno", "llm", "openai", "sqlalchemy")
    script = f"from importlib.metadata import version; print(', '.join(f'{{n}} {{version(n)}}' for n in {names!r}))"
    return subprocess.run([python(), "-c", script], check=True, capture_output=True, text=True).stdout.strip()
