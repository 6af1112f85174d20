"""Profiles as files: JSON, JSON Lines and CSV, out and in; and TOML for an editor.

What export writes, import reads back to the same profiles.
"""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from profilecli.errors import InvalidValue, TransferError
from profilecli.models import Change, PastChange, Portable, Profile, Source
from profilecli.schema import Field, ProfileView, Schema
from profilecli.schema.fields import MAX_VALUE_LENGTH

__all__ = ["FORMATS", "dump", "from_toml", "parse", "past", "portable_value", "to_toml", "write_private"]

FORMATS = ("json", "jsonl", "csv")

_META = ("user_id", "schema", "created_at", "updated_at")
_FORMULA = ("=", "+", "-", "@", "'", "\t", "\r")
"""First characters that make a spreadsheet run a cell (https://owasp.org/www-community/attacks/CSV_Injection), and the guard itself."""


def dump(views: Iterable[ProfileView], form: str, more: Callable[[str], dict[str, Any]] = lambda _user_id: {}) -> Iterator[str]:
    """The text of an export, in pieces. ``form`` is one of :data:`FORMATS`.

    ``more`` gives further JSON keys for a user, such as :func:`past`; CSV has no room for them.
    """
    if form == "jsonl":
        for view in views:
            yield json.dumps(view.as_json() | more(view.user_id), ensure_ascii=False) + "\n"
    elif form == "csv":
        yield from _csv(list(views))
    else:
        separator = "[\n"
        for view in views:
            yield separator + json.dumps(view.as_json() | more(view.user_id), ensure_ascii=False, indent=2)
            separator = ",\n"
        yield "\n]\n" if separator == ",\n" else "[]\n"


def past(portable: Portable) -> dict[str, Any]:
    """The history and the pins of a profile, as JSON. Change sets are numbered within the profile, from 1."""
    sets: dict[int, int] = {}
    history = [
        {
            "field": c.field, "old": c.old, "new": c.new, "source": c.source, "quote": c.quote, "session_id": c.session_id,
            "at": c.at, "said_at": entry.said_at, "change_set": sets.setdefault(c.change_set, len(sets) + 1), "superseded": c.superseded,
        }
        for entry in portable.history or ()
        for c in [entry.change]
    ]  # fmt: skip
    return {"history": history, "pinned": list(portable.pinned or ())}


def parse(text: str) -> list[Portable]:
    """The profiles in an export of any of the formats, told apart by how it begins. Raises TransferError."""
    text = text.removeprefix("\ufeff")
    start = text.lstrip()[:1]
    if not start:
        raise TransferError("The file is empty: there is nothing to import.")
    records = _json_records(text) if start in "[{" else _csv_records(text)
    profiles: dict[str, Portable] = {}
    for where, record in records:
        profile = _profile(where, record)
        if profile.user_id in profiles:
            raise TransferError(f"{where}: a second profile of {profile.user_id!r}. Nothing was imported.")
        profiles[profile.user_id] = Portable(profile, *_past(where, record))
    return list(profiles.values())


def write_private(path: Path, pieces: Iterable[str]) -> None:
    """Writes a file whole or not at all, readable by its owner alone. Raises TransferError.

    A link is followed; a pipe or a device is written to as it is; a database is never replaced.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        _write_into(path, pieces)
        return
    if _is_database(target):
        raise TransferError(f"{path} is a database: exporting over it would destroy it. Name another file.")
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        descriptor = os.open(temporary, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except OSError as error:
        raise TransferError(f"{path} can't be written: {error.strerror}.") from error
    finally:
        temporary.unlink(missing_ok=True)


def _write_into(path: Path, pieces: Iterable[str]) -> None:
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(pieces)
    except OSError as error:
        raise TransferError(f"{path} can't be written: {error.strerror}.") from error


def _is_database(path: Path) -> bool:
    if path.name.endswith(("-wal", "-shm")) and _is_database(path.with_name(path.name[:-4])):
        return True
    try:
        with path.open("rb") as file:
            return file.read(16) == b"SQLite format 3\0"
    except OSError:
        return False  # not there, or not readable: nothing to destroy, or the write will say so


# ---- CSV


def _csv(views: Sequence[ProfileView]) -> Iterator[str]:
    names = list(dict.fromkeys(name for view in views for part in (view.fields, view.other) for name in part))
    for row in ([*_META, *names], *(_csv_row(view, names) for view in views)):
        line = io.StringIO()
        csv.writer(line).writerow([_guarded(cell) for cell in row])
        yield line.getvalue()


def _csv_row(view: ProfileView, names: Sequence[str]) -> list[str]:
    values = {**view.fields, **view.other}
    return [
        view.user_id,
        view.schema,
        view.created_at,
        view.updated_at,
        *("" if values.get(n) is None else _cell(values[n]) for n in names),
    ]


def _cell(value: Any) -> str:
    """Text as it is, unless it would be read back as something else; everything else as JSON."""
    return value if isinstance(value, str) and value and _uncell(value) == value else json.dumps(value, ensure_ascii=False)


def _uncell(cell: str) -> Any:
    try:
        return json.loads(cell)
    except ValueError:
        return cell


def _guarded(cell: str) -> str:
    return "'" + cell if cell.startswith(_FORMULA) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def _csv_records(text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [_unguarded(cell) for cell in next(rows)]
        if "user_id" not in header:
            raise TransferError("This is neither JSON, JSON Lines nor a CSV export: its first line names no user_id.")
        for row in rows:
            if row:
                yield f"line {rows.line_num}", _csv_record(header, row, rows.line_num)
    except csv.Error as error:
        raise TransferError(f"line {rows.line_num}: not CSV: {error}. Nothing was imported.") from error


def _csv_record(header: Sequence[str], row: Sequence[str], line: int) -> Mapping[str, Any]:
    if len(row) != len(header):
        raise TransferError(f"line {line}: {len(row)} cells where the header has {len(header)}. Nothing was imported.")
    cells = dict(zip(header, map(_unguarded, row), strict=True))
    record: dict[str, Any] = {name: cells.pop(name, "") for name in _META}
    return record | {"fields": {name: _uncell(cell) for name, cell in cells.items() if cell}}


# ---- JSON


def _json_records(text: str) -> Iterator[tuple[str, Any]]:
    try:
        whole = json.loads(text)
    except RecursionError as error:
        raise TransferError("This is nested too deeply to be an export. Nothing was imported.") from error
    except ValueError as error:
        if text.lstrip().startswith("["):
            raise TransferError(f"This is not JSON: {error}. Nothing was imported.") from error
    else:
        yield from ((f"profile {number}", record) for number, record in enumerate(whole if isinstance(whole, list) else [whole], 1))
        return
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield f"line {number}", json.loads(line)
            except ValueError as error:
                raise TransferError(f"line {number}: not JSON: {error}. Nothing was imported.") from error


def _profile(where: str, record: Any) -> Profile:
    if not isinstance(record, dict) or not isinstance(record.get("user_id"), str):
        raise TransferError(f"{where}: not a profile, since it has no user_id. Nothing was imported.")
    parts = [record.get("fields", {}), record.get("other", {})]
    if not all(isinstance(part, dict) for part in parts):
        raise TransferError(f"{where}: 'fields' and 'other' need to be objects. Nothing was imported.")
    fields = {name: portable_value(where, name, value) for part in parts for name, value in part.items() if value is not None}
    texts = [record.get(name) or "" for name in ("schema", "created_at", "updated_at")]
    if not all(isinstance(text, str) for text in texts):
        raise TransferError(f"{where}: schema, created_at and updated_at need to be text. Nothing was imported.")
    return Profile(record["user_id"], texts[0] or "base", fields, texts[1], texts[2])


def _past(where: str, record: Mapping[str, Any]) -> tuple[tuple[PastChange, ...] | None, tuple[str, ...] | None]:
    """The history and the pins in a record, None where it has none. Raises TransferError."""
    history, pinned = record.get("history"), record.get("pinned")
    if not isinstance(history, list | None) or not all(map(_is_change, history or [])):
        raise TransferError(f"{where}: its history is not one that export wrote. Nothing was imported.")
    if not isinstance(pinned, list | None) or not all(isinstance(name, str) for name in pinned or []):
        raise TransferError(f"{where}: 'pinned' needs to be a list of fields. Nothing was imported.")
    return None if history is None else tuple(map(_change, history)), None if pinned is None else tuple(pinned)


def _is_change(entry: Any) -> bool:
    return (
        isinstance(entry, dict)
        and all(isinstance(entry.get(name), str) for name in ("field", "at", "said_at"))
        and entry.get("source") in get_args(Source)
        and isinstance(entry.get("change_set"), int)
        and all(isinstance(entry.get(name), str | None) for name in ("quote", "session_id"))
    )


def _change(entry: Mapping[str, Any]) -> PastChange:
    change = Change(
        0, entry["field"], entry.get("old"), entry.get("new"), entry["source"], entry.get("quote"), entry.get("session_id"),
        entry["at"], entry["change_set"], bool(entry.get("superseded")),
    )  # fmt: skip
    return PastChange(change, entry["said_at"])


def portable_value(where: str, name: str, value: Any) -> Any:
    """A value that a profile can hold whatever its schema; one that the schema refuses is shown as invalid later. Raises TransferError."""
    elements = value if isinstance(value, list) else [value]
    for element in elements:
        if not isinstance(element, str | int | float | bool):
            raise TransferError(f"{where}: {name} holds something that is no value. Nothing was imported.")
        if isinstance(element, str):
            try:
                Field(name).convert(element)
            except InvalidValue as error:
                raise TransferError(f"{where}: {error} Nothing was imported.") from error
        elif element != element or abs(element) == float("inf"):  # noqa: PLR0124 -- NaN is what isn't itself
            raise TransferError(f"{where}: {name} is not a finite number. Nothing was imported.")
    if len(json.dumps(value)) > 8 * MAX_VALUE_LENGTH:
        raise TransferError(f"{where}: {name} is too long. Nothing was imported.")
    return value


# ---- TOML, for an editor


def to_toml(view: ProfileView, schema: Schema) -> str:
    """The profile for an editor: each field with its description as a comment, unset ones commented out."""
    import tomlkit

    lines = [f"# Profile of {view.user_id}. A field whose line is deleted or commented out is unset.", ""]
    for field in schema.fields:
        about = field.description or field.title
        kind = (
            f" ({' | '.join(field.choices)})"
            if field.choices and "|" not in about
            else ""
            if field.type is str
            else f" [{field.type_name}]"
        )
        lines.append(f"# {' '.join(about.split())}{kind}")
        value = view.fields.get(field.name)
        lines.append(f"# {field.name} = " if value is None else f"{field.name} = {tomlkit.item(value).as_string()}")
        lines.append("")
    return "\n".join(lines)


def from_toml(text: str, schema: Schema, before: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """What an edited file changes: new values by field, and the fields to unset. Raises InvalidValue, TransferError."""
    import tomllib

    try:
        edited = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TransferError(f"not TOML: {error}") from error
    values = {}
    for name, value in edited.items():
        field = schema.field(name)
        plain = value.isoformat() if hasattr(value, "isoformat") else value
        if plain != before.get(name):
            values[name] = field.from_text(plain) if isinstance(plain, str) else field.convert(plain)
    return values, [name for name in schema.by_name if before.get(name) is not None and name not in edited]
