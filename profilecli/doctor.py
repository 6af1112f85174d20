"""What works here and what doesn't, as data: each check with a finding and what to do about it.

Nothing is written, not even a file that is missing; nothing is sent that costs anything,
unless :func:`probed` is asked to.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from profilecli import config, prompts
from profilecli.config import Settings
from profilecli.errors import ModelError, ProfilecliError
from profilecli.llm import LLM, OFFLINE, Delta, ReplyEnd, choose_model, open_model
from profilecli.models import Utterance
from profilecli.schema import BASE, SchemaSet
from profilecli.text import one_line

if TYPE_CHECKING:
    from profilecli.store.postgres_inspection import ServerInspection

__all__ = ["Check", "Status", "examined", "probed"]

Status = Literal["ok", "warning", "broken"]

ENDPOINT_SECONDS = 5.0
"""How long a listing of models is waited for."""

_PROBE_SECONDS = 30.0
_LITTLE_ROOM = 100_000_000
_PROBE_MESSAGE = "Hi, my name is Ada Lovelace."


@dataclass(frozen=True, slots=True)
class Check:
    """One finding. ``advice`` says what to do, and is empty where nothing has to be done."""

    check: str
    status: Status
    detail: str
    advice: str = ""


def examined(flags: Mapping[str, object]) -> Iterator[Check]:
    """All checks that cost nothing, in the order of what depends on what."""
    chosen, finding = _settings(flags)
    yield finding
    yield _database(chosen)
    yield _pending(chosen)
    yield from _schemas(chosen)
    yield _key(chosen)
    yield _local_model(chosen)
    yield asyncio.run(_endpoint(chosen))


def probed(flags: Mapping[str, object]) -> list[Check]:
    """What the model in force can do, found out by three small calls, which cost what such calls cost."""
    chosen, _ = _settings(flags)
    return asyncio.run(_probes(chosen))


# ---- settings, database, schemas, key


def _settings(flags: Mapping[str, object]) -> tuple[Settings, Check]:
    try:
        chosen = config.load(flags)
    except ProfilecliError as error:
        advice = "Mend it; until then, the checks below are of the defaults."
        return Settings(schema_dirs=()), Check("settings", "broken", one_line(str(error)), advice)
    from_where = [f"{s.name} ({chosen.source(s.name)})" for s in config.SETTINGS if chosen.source(s.name) != "default"]
    where = f"config file {config.config_path()}" + ("" if config.config_path().exists() else " (not there)")
    return chosen, Check("settings", "ok", f"{', '.join(from_where) or 'all at their defaults'}; {where}")


def _database(chosen: Settings) -> Check:
    if "://" in chosen.database:
        return _database_server(chosen)
    from profilecli.store.inspection import Inspection, inspect

    path = Path(chosen.database).expanduser()
    try:
        found: Inspection = inspect(path)
    except OSError as error:
        return Check("database", "broken", f"{path}: {error.strerror}", "Make it readable, or name another with --db.")
    if not found.exists:
        return Check("database", "ok", f"{path}: not there yet; the first message makes it")
    where = f"{path}, {_megabytes(found.size)}"
    if found.fault is not None:
        advice = "Keep a copy, and restore a backup (profile import) into a new file, or name another with --db."
        return Check("database", "broken", f"{where}: {one_line(found.fault)}", advice)
    if os.name == "posix" and found.mode & 0o077:
        detail = f"{where}: others on this machine may read it (mode {found.mode:04o})"
        return Check("database", "warning", detail, f"Make it yours alone: chmod 600 '{path}'")
    if found.free < _LITTLE_ROOM:
        return Check("database", "warning", f"{where}: only {_megabytes(found.free)} are free on its disk", "Make room.")
    state = (
        "sound"
        if found.version == found.known_version
        else f"sound; version {found.version} becomes {found.known_version} with the next write"
    )
    return Check(
        "database", "ok", f"{where}, version {found.version}, {_count(found.users or 0, 'user')}, {_megabytes(found.free)} free: {state}"
    )


def _database_server(chosen: Settings) -> Check:
    where = config.masked(chosen.database)
    try:
        found = _inspected_server(chosen.database)
    except ProfilecliError as error:
        return Check("database", "broken", one_line(str(error)), "Check the address, or name another with --db.")
    if found is None:
        return Check("database", "ok", f"{where}: there are no tables of ours yet; the first message makes them")
    detail = f"{where}: {found.server}"
    if found.standby:
        return Check("database", "warning", f"{detail}, a standby that can only be read", "Name the primary with --db.")
    if found.broken_indexes:
        advice = f"Make them anew: REINDEX INDEX {found.broken_indexes[0]};"
        return Check("database", "broken", f"{detail}, with invalid indexes: {', '.join(found.broken_indexes)}", advice)
    if found.missing_rights:
        advice = "Grant it: docs/postgres.md has the statements."
        return Check("database", "broken", f"{detail}: the role lacks {', '.join(found.missing_rights[:4])}", advice)
    if found.exposed:
        return Check("database", "warning", f"{detail}: what is said to it crosses the network unencrypted", "Add ?sslmode=verify-full.")
    return Check("database", "ok", f"{detail}, version {found.version}, {_count(found.users, 'user')}: sound")


def _inspected_server(url: str) -> ServerInspection | None:
    """What a server says of the database, None where our tables aren't there. Raises StoreError."""
    from profilecli.store import inspect_server

    found = inspect_server(url)
    return None if found.version is None else found


def _pending(chosen: Settings) -> Check:
    from profilecli.store.inspection import inspect

    try:
        if "://" in chosen.database:
            server = _inspected_server(chosen.database)
            waiting = server.pending if server else 0
        else:
            waiting = inspect(Path(chosen.database).expanduser()).pending or 0
    except (ProfilecliError, OSError):
        return Check("pending", "warning", "can't be counted: see the database", "Mend the database first.")
    if waiting:
        return Check(
            "pending", "warning", f"{_count(waiting, 'message')} still to be learned", "The next chat, ask or learn of that user does it."
        )
    return Check("pending", "ok", "every message has been learned")


def _schemas(chosen: Settings) -> Iterator[Check]:
    known = SchemaSet(chosen.schema_dirs)
    for fault in known.faults:
        yield Check("schemas", "broken", one_line(str(fault)), "Mend the module, or move it out of the folder.")
    folders = ", ".join(map(str, chosen.schema_dirs)) or "none"
    if chosen.schema is not None and known.find(chosen.schema) is None:
        detail = f"{chosen.source('schema')} names the schema {chosen.schema!r}, which is not there (folders: {folders})"
        yield Check("schemas", "broken", detail, "Name its folder with --schema-dir, or another schema with --schema.")
    elif not known.faults:
        yield Check("schemas", "ok", f"{', '.join(known.schemas)} (folders: {folders})")


def _key(chosen: Settings) -> Check:
    key = (os.environ.get("OPENAI_API_KEY") or "").strip()
    if key and not (key.isascii() and key.isprintable()):
        return Check("API key", "broken", "OPENAI_API_KEY has a character in it that no key has", "Set it again.")
    if key:
        return Check("API key", "ok", f"OPENAI_API_KEY is set ({_masked_key(key)})")
    if _is_remote(chosen) and not chosen.base_url:
        return Check("API key", "broken", "OPENAI_API_KEY is not set", "Set it, or name --base-url, or use --model offline.")
    return Check("API key", "ok", "OPENAI_API_KEY is not set, and the model in force needs none")


def _masked_key(key: str) -> str:
    return f"…{key[-2:]}" if len(key) >= 16 else "…"


def _is_remote(chosen: Settings) -> bool:
    from profilecli.llm.local import is_local

    name = choose_model(chosen.model, chosen.base_url)
    return name != OFFLINE and not is_local(name)


# ---- models


def _local_model(chosen: Settings) -> Check:
    from profilecli.llm.local import LOCAL, can_run
    from profilecli.llm.models_dir import is_pulled, is_sound, small_model

    in_force = choose_model(chosen.model, chosen.base_url) == LOCAL
    path = small_model()
    try:
        sound = is_pulled() and is_sound(path)
        there = path.exists()
    except OSError as error:
        return Check("local model", "broken", f"{path}: {error.strerror}", "Make it readable, or fetch it again: profile model pull")
    if there and not sound:
        return Check("local model", "broken", f"{path} is damaged", "Fetch it again: profile model pull")
    if not there:
        return Check(
            "local model", "broken" if in_force else "ok", "not pulled", "Fetch it (93 MB) with: profile model pull" if in_force else ""
        )
    if not can_run():
        advice = "Install the extra [local]: pip install 'profilecli[local]'"
        return Check("local model", "broken" if in_force else "warning", f"{path} is there, and nothing to run it with", advice)
    return Check("local model", "ok", f"{path}, to the byte")


async def _endpoint(chosen: Settings) -> Check:
    """Whether the model in force can be had: a listing of models, or for a file its header."""
    name = choose_model(chosen.model, chosen.base_url)
    if name == OFFLINE:
        return Check("model", "ok", "offline: the rules learn, and no model answers")
    try:
        model = _opened(replace(chosen, timeout=min(chosen.timeout, ENDPOINT_SECONDS)))
        if not _is_remote(chosen):
            return Check("model", "ok", f"{name}, on this machine")
        listed = await _listed(model)
    except ModelError as error:
        if error.kind == "not_found":
            return Check("model", "warning", f"{one_line(str(error))}", "Some servers list no models: try profile doctor --probe")
        return Check(
            "model", "broken", one_line(str(error)), "" if error.kind in ("auth", "setup") else "See that the server runs, and try again."
        )
    where = chosen.base_url or "OpenAI"
    if name not in listed:
        return Check(
            "model", "warning", f"{config.masked(where)} answers, and lists no model {name!r}", "Name one that it has with --model."
        )
    return Check("model", "ok", f"{name} at {config.masked(where)}")


def _opened(chosen: Settings) -> LLM:
    model = open_model(chosen.model, base_url=chosen.base_url, api=chosen.api, timeout=chosen.timeout, context_window=chosen.context_window)
    assert model is not None, "offline has no model to ask"
    return model


async def _listed(model: LLM) -> list[str]:
    try:
        return await model.models()
    finally:
        await model.close()


# ---- what the model can do


async def _probes(chosen: Settings) -> list[Check]:
    if choose_model(chosen.model, chosen.base_url) == OFFLINE:
        return [Check("probe", "ok", "offline: there is no model to probe")]
    try:
        model = _opened(replace(chosen, timeout=min(chosen.timeout, _PROBE_SECONDS)))
    except ModelError as error:
        return [Check("probe", "broken", one_line(str(error)))]
    try:
        return [await _streaming(model), await _structured(model, chosen), await _tools(model, chosen)]
    finally:
        await model.close()


async def _streaming(model: LLM) -> Check:
    try:
        pieces, end = await _replied(model.reply("Answer in one word.", [Utterance("user", "Say hello.")]))
    except ModelError as error:
        return Check(
            "streaming", "broken", one_line(str(error)), "Without a streamed reply there is no chat: name another model or endpoint."
        )
    if not pieces:
        return Check("streaming", "broken", "the answer was empty", "Name another model with --model.")
    return Check("streaming", "ok", f"a reply came in {_count(pieces, 'piece')}{'' if end.cut is None else ', and was cut'}")


async def _structured(model: LLM, chosen: Settings) -> Check:
    from profilecli.extract.model import parse_updates

    needed: Status = "broken" if chosen.extractor == "model" or (chosen.extractor == "auto" and model.extracts) else "warning"
    advice = "Learn with --extractor rules, or name another model."
    try:
        answer = await model.structured(
            prompts.extraction_system(BASE.fields, {}),
            prompts.extraction_prompt(_PROBE_MESSAGE, ()),
            prompts.extraction_schema(BASE.fields),
        )
        found = parse_updates(answer.text)
    except ModelError as error:
        return Check("structured output", needed, one_line(str(error)), advice)
    if not any(proposal.field == "name" for proposal in found):
        return Check("structured output", "warning", f"it reads, and found no name in {_PROBE_MESSAGE!r}", advice)
    return Check("structured output", "ok", f"it found the name in {_PROBE_MESSAGE!r}")


async def _tools(model: LLM, chosen: Settings) -> Check:
    from profilecli import agentic

    system = prompts.reply_system(BASE.fields, {}, mode="agentic")
    advice = "Use --mode always, which needs no tools."
    try:
        _, end = await _replied(model.reply(system, [Utterance("user", _PROBE_MESSAGE)], tools=[agentic.update_tool(BASE.fields)]))
    except ModelError as error:
        return Check("tools", "broken" if chosen.mode == "agentic" else "warning", one_line(str(error)), advice)
    if not any(call.name == agentic.TOOL for call in end.calls):
        return Check("tools", "warning", f"it did not call the tool for {_PROBE_MESSAGE!r}", advice)
    return Check("tools", "ok", f"it called {agentic.TOOL}")


async def _replied(answer: AsyncIterator[Delta | ReplyEnd]) -> tuple[int, ReplyEnd]:
    """The number of pieces with text, and the end. Raises ModelError."""
    pieces = 0
    async for piece in answer:
        if isinstance(piece, ReplyEnd):
            return pieces, piece
        pieces += bool(piece.text)
    raise ModelError("protocol", "The answer ended before it was finished.")


def _megabytes(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.1f} MB"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"
