"""The header of a GGUF file: enough to know a model before it is loaded.

https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from profilecli.errors import ModelError

__all__ = ["Header", "read_header"]

_MAGIC = b"GGUF"
_STRING, _ARRAY = 8, 9
_NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
"""The format's value types, as ``struct`` calls them."""

_LONGEST_TEXT = 1 << 24
_MOST_ENTRIES = 1 << 20


@dataclass(frozen=True, slots=True)
class Header:
    """What a file says of its model; ``context_length`` is in tokens. None is not said."""

    name: str | None
    context_length: int | None


def read_header(path: Path) -> Header:
    """Reads as far as the context length, a few kilobytes. Raises ModelError (``setup``)."""
    try:
        with path.open("rb") as file:
            return _header(file)
    except (FileNotFoundError, IsADirectoryError):
        raise ModelError("setup", f"There is no model file {path}. Name another with --model, or see: profile model list") from None
    except OSError as error:
        raise ModelError("setup", f"The model file {path} can't be read: {error.strerror}.") from error
    except (struct.error, UnicodeDecodeError, ValueError) as error:
        raise ModelError(
            "setup", f"{path} is not a GGUF model file, or is damaged. Fetch it again, or name another with --model."
        ) from error


def _header(file: BinaryIO) -> Header:
    if file.read(4) != _MAGIC:
        raise ValueError("no GGUF magic")
    version, _tensors, entries = _unpack(file, "IQQ")
    if version < 2 or entries > _MOST_ENTRIES:
        raise ValueError("a GGUF version that llama.cpp no longer reads")
    said: dict[str, object] = {}
    for _ in range(int(entries)):
        key = _text(file)
        value = _value(file, int(_unpack(file, "I")[0]))
        if value is not None:
            said[key] = value
        if f"{said.get('general.architecture')}.context_length" in said:
            break
    name, length = said.get("general.name"), said.get(f"{said.get('general.architecture')}.context_length")
    return Header(name if isinstance(name, str) else None, length if isinstance(length, int) and length > 0 else None)


def _value(file: BinaryIO, kind: int) -> object:
    """The next value; an array is passed over and is None."""
    if kind == _STRING:
        return _text(file)
    if kind != _ARRAY:
        return _unpack(file, _number(kind))[0]
    element, count = _unpack(file, "IQ")
    if count > _LONGEST_TEXT:
        raise ValueError("an array longer than any")
    if element in (_STRING, _ARRAY):
        for _ in range(int(count)):
            _value(file, int(element))
    else:
        file.seek(int(count) * struct.calcsize(_number(int(element))), 1)
    return None


def _number(kind: int) -> str:
    if kind not in _NUMBERS:
        raise ValueError("an unknown type of value")
    return _NUMBERS[kind]


def _text(file: BinaryIO) -> str:
    length = int(_unpack(file, "Q")[0])
    if length > _LONGEST_TEXT:
        raise ValueError("a text longer than any")
    data = file.read(length)
    if len(data) < length:
        raise ValueError("the file ends in a text")
    return data.decode("utf-8")


def _unpack(file: BinaryIO, form: str) -> tuple[float, ...]:
    return struct.unpack(f"<{form}", file.read(struct.calcsize(f"<{form}")))
