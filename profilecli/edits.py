"""Changes by hand: assignments from a command line, and a profile in an editor."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from profilecli.errors import ProfilecliError, UnknownField, UsageError
from profilecli.models import Profile, Update
from profilecli.schema import Schema
from profilecli.transfer import from_toml, to_toml

__all__ = ["assignments", "check_known", "edit_in_editor", "unsetting"]


def assignments(texts: Sequence[str], schema: Schema) -> list[Update]:
    """``FIELD=VALUE`` texts as updates. Raises UsageError, UnknownField, InvalidValue."""
    updates: list[Update] = []
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"{text!r} is not FIELD=VALUE. Example: profile edit company=Acme")
        field = schema.field(name.strip())
        if not value.strip():
            raise UsageError(f"{field.name}= has no value. To clear the field: profile edit --unset {field.name}")
        if any(update.field == field.name for update in updates):
            raise UsageError(f"{field.name} is given twice. Which one?")
        updates.append(Update(field.name, "replace", field.from_text(value), None, "user"))
    return updates


def unsetting(names: Sequence[str], schema: Schema, profile: Profile) -> list[Update]:
    """Updates that clear fields; also those that are stored and that the schema lacks. Raises UnknownField."""
    check_known(names, schema, profile)
    return [Update(name, "unset", None, None, "user") for name in names]


def check_known(names: Sequence[str], schema: Schema, profile: Profile) -> None:
    """Raises UnknownField for a name that neither the schema nor the stored profile has."""
    known = {**dict.fromkeys(schema.by_name), **dict.fromkeys(profile.fields)}
    for name in names:
        if name not in known:
            raise UnknownField(name, list(known))


def edit_in_editor(profile: Profile, schema: Schema, environ: Mapping[str, str] | None = None) -> list[Update]:
    """Opens the user's editor on the profile as TOML; on a mistake, again, with the error on top.

    A mistake that is saved twice ends it, and the text stays in a file that the error names.
    Raises UsageError, ProfilecliError.
    """
    command = _editor(os.environ if environ is None else environ)
    view = schema.view(profile)
    text = to_toml(view, schema)
    descriptor, name = tempfile.mkstemp(prefix="profile-", suffix=".toml")
    path = Path(name)
    os.close(descriptor)
    path.write_text(text, encoding="utf-8")
    mistake: str | None = None
    while True:
        _open(command, path)
        edited = path.read_text(encoding="utf-8", errors="replace")
        try:
            values, gone = from_toml(edited, schema, view.fields)
        except ProfilecliError as error:
            if mistake == str(error):
                raise ProfilecliError(f"{error} Nothing was changed; your text is in {path}.") from error
            mistake = str(error)
            path.write_text(_with_mistake(edited, mistake), encoding="utf-8")
            continue
        path.unlink()
        return [Update(name, "replace", value, None, "user") for name, value in values.items()] + [
            Update(name, "unset", None, None, "user") for name in gone
        ]


def _open(command: list[str], path: Path) -> None:
    """Waits for the editor. One that fails means: leave it as it was."""
    try:
        failed = subprocess.run([*command, str(path)], check=False).returncode != 0  # noqa: S603 -- the user's own editor
    except OSError as error:
        path.unlink()
        raise UsageError(f"The editor {command[0]!r} can't be started ({error.strerror}). Set EDITOR to another.") from error
    if failed:
        path.unlink(missing_ok=True)
        raise ProfilecliError(f"{command[0]} failed, so nothing was changed.")


_MISTAKE = "# MISTAKE: "


def _with_mistake(text: str, mistake: str) -> str:
    """The user's own text with the error on top, in place of an earlier one."""
    own = "".join(line for line in text.splitlines(keepends=True) if not line.startswith(_MISTAKE))
    return "".join(f"{_MISTAKE}{line}\n" for line in mistake.splitlines()) + own


def _editor(environ: Mapping[str, str]) -> list[str]:
    named = environ.get("VISUAL") or environ.get("EDITOR")
    if named:
        return shlex.split(named)
    found = next((path for name in ("nano", "vi") if (path := shutil.which(name))), None)
    if found is None:
        raise UsageError("There is no editor here. Set EDITOR, or use: profile edit FIELD=VALUE")
    return [found]
