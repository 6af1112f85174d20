"""A model on this machine: llama.cpp's server on loopback, asked as any other endpoint is."""

from __future__ import annotations

import asyncio
import atexit
import importlib.util
import json
import secrets
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from profilecli.errors import ModelError
from profilecli.llm.gguf import read_header
from profilecli.llm.models_dir import is_pulled, small_model
from profilecli.llm.protocol import Delta, ReplyEnd, Round, StructuredReply, Tool
from profilecli.models import Utterance

if TYPE_CHECKING:
    import subprocess

    from profilecli.llm.openai import OpenAIModel

__all__ = ["DEFAULT_WINDOW", "LOCAL", "LocalModel", "can_run", "is_local"]

LOCAL = "local"

DEFAULT_WINDOW = 8192
"""Tokens of context where nothing else was chosen: what fits the memory of most machines."""

_PATIENCE_SECONDS = 600.0
"""A call without a stream sends no byte until it is done, and there is no network to fail meanwhile."""

_DYING_SECONDS = 0.5

_STEADY: dict[str, Any] = {"temperature": 0}

_UNLOOPED: dict[str, Any] = {"extra_body": {"repeat_penalty": 1.15, "repeat_last_n": 64}}
"""llama.cpp's own options: at temperature 0 the small model goes round in circles until it is cut."""

_MOST_ITEMS = 8
_LONGEST_TEXT = 160
"""Bounds of what a grammar lets a model write: a small one goes round in circles inside a list or a text until it is cut."""

_LONGEST_OF_SMALL = 512
"""Tokens after which an answer of the small model is cut."""


def is_local(name: str) -> bool:
    """Whether a model of this name runs on this machine."""
    return name == LOCAL or name.endswith(".gguf")


def can_run() -> bool:
    """Whether the extra is installed."""
    return importlib.util.find_spec("xllamacpp") is not None


class LocalModel:
    """``local`` or a GGUF file, at temperature 0.

    Raises ModelError where the extra or the file is missing. The server is started by
    :meth:`preload` or by the first call, and again by the next call after it has died.
    ``context_window`` is what the file allows, and no more than was asked for.
    """

    def __init__(self, name: str, *, timeout: float = 60.0, context_window: int | None = None) -> None:
        self.name = name
        self.extracts = name != LOCAL
        self._path = small_model() if name == LOCAL else Path(name).expanduser()
        if name == LOCAL and not is_pulled():
            raise ModelError("setup", "The local model is not here yet. Fetch it (93 MB) with: profile model pull")
        if not can_run():
            raise ModelError("setup", "Local models need the extra [local]: pip install 'profilecli[local]'")
        longest = read_header(self._path).context_length or DEFAULT_WINDOW
        self.context_window: int | None = min(context_window or DEFAULT_WINDOW, longest)
        self._timeout = max(timeout, _PATIENCE_SECONDS)
        self._lock = threading.Lock()
        self._closed = False
        self._process: subprocess.Popen[str] | None = None
        self._loading: threading.Thread | None = None
        self._model: OpenAIModel | None = None
        self._error: ModelError | None = None

    def preload(self) -> None:
        """Starts to load the model in the background."""
        if self._loading is None:
            self._model = self._error = None
            self._loading = threading.Thread(target=self._load, name="load model", daemon=True)
            self._loading.start()

    async def reply(
        self, system: str, messages: Sequence[Utterance], *, tools: Sequence[Tool] = (), rounds: Sequence[Round] = ()
    ) -> AsyncIterator[Delta | ReplyEnd]:
        """Streams the reply to the last of ``messages``; ends with one ReplyEnd. Raises ModelError."""
        model = await self._loaded()
        with self._explained():
            async for piece in model.reply(system, messages, tools=tools, rounds=rounds):
                yield piece

    async def structured(self, system: str, prompt: str, schema: dict[str, Any]) -> StructuredReply:
        """One answer in the shape of a strict JSON Schema, which becomes a grammar. Raises ModelError."""
        model = await self._loaded()
        with self._explained():
            return await model.structured(system, prompt, _bounded(schema))

    async def models(self) -> list[str]:
        """The file that is loaded. Raises ModelError."""
        model = await self._loaded()
        with self._explained():
            return await model.models()

    async def close(self) -> None:
        """Ends connections and the server."""
        self._end()
        if self._model is not None:
            await self._model.close()

    # ---- how

    async def _loaded(self) -> OpenAIModel:
        if self._process is not None and self._model is not None and self._process.poll() is not None:
            _end_process(self._process)  # it died since the last call
            await self._model.close()
            self._loading = None
        self.preload()
        # Not joined on asyncio's pool, for whose threads an exit waits: a large model loads for long.
        while self._loading is not None and self._loading.is_alive():  # noqa: ASYNC110 -- what a thread does sets no asyncio.Event
            await asyncio.sleep(0.01)
        if self._error is not None:
            self._loading = None
            raise self._error
        assert self._model is not None
        return self._model

    def _load(self) -> None:
        try:
            self._model = self._started()
            self._model.preload()
        except ModelError as error:
            self._error = error
        except OSError as error:
            self._error = ModelError("setup", f"llama.cpp can't be started: {error.strerror}.")

    def _started(self) -> OpenAIModel:
        key = secrets.token_urlsafe(24)
        process = self._spawn(key)
        # The import takes as long as the smallest model, which is loading meanwhile.
        import openai

        from profilecli.llm.openai import OpenAIModel

        del openai
        assert process.stdout is not None
        with process.stdout:
            said = json.loads(process.stdout.readline() or "{}")
        if "address" not in said:
            _end_process(process)
            raise ModelError("setup", f"llama.cpp can't load {self._path}: {said.get('error') or 'it ended at once'}")
        return OpenAIModel(
            self.name,
            api_key=key,
            base_url=f"{said['address']}/v1",
            api="chat",
            timeout=self._timeout,
            options=_STEADY,
            reply_options={} if self.extracts else _UNLOOPED,
            direct=True,
        )

    def _spawn(self, key: str) -> subprocess.Popen[str]:
        import subprocess
        import sys

        script = Path(__file__).with_name("llama_server.py")
        window = self.context_window or DEFAULT_WINDOW
        orders = {
            "path": str(self._path.resolve()),
            "key": key,
            "window": window,
            "longest": window // 4 if self.extracts else _LONGEST_OF_SMALL,
        }
        with self._lock:
            if self._closed:
                raise ModelError("setup", "The model was closed while it was loading.")
            # In a session of its own, Ctrl-C stops the reply and not the server; -P keeps the
            # script's folder, where an openai.py lies, out of the import path.
            self._process = process = subprocess.Popen(  # noqa: S603 -- our own script, and no shell
                [sys.executable, "-P", script],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8", start_new_session=True,
            )  # fmt: skip
            atexit.register(self._end)
            assert process.stdin is not None
            process.stdin.write(json.dumps(orders) + "\n")
            process.stdin.flush()
        return process

    def _end(self) -> None:
        """Ends the server, in whatever state it is: it has nothing to save."""
        with self._lock:
            self._closed = True
            process = self._process
        atexit.unregister(self._end)
        if process is not None:
            _end_process(process)

    def _has_died(self) -> bool:
        """Whether the server has ended: its connections break a moment before it has."""
        import subprocess

        try:
            return self._process is not None and self._process.wait(_DYING_SECONDS) is not None
        except subprocess.TimeoutExpired:
            return False

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except ModelError as error:
            if error.kind in ("network", "protocol") and not self._closed and self._has_died():
                assert self._process is not None
                raise ModelError(
                    "server", f"llama.cpp stopped by itself (exit code {self._process.returncode}). It starts again with the next message."
                ) from error
            raise


def _end_process(process: subprocess.Popen[str]) -> None:
    """Stdout belongs to the thread that waits for its one line."""
    process.kill()
    process.wait()
    assert process.stdin is not None
    with suppress(OSError):  # what was still to be written has no reader
        process.stdin.close()


def _bounded(schema: Any) -> Any:
    """The JSON Schema with an end to every list and every free text in it.

    llama.cpp makes both part of the grammar; the strict schemas of other endpoints allow neither.
    """
    if isinstance(schema, list):
        return [_bounded(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    bounded = {name: _bounded(part) for name, part in schema.items()}
    kinds = bounded.get("type")
    if kinds == "array":
        bounded["maxItems"] = _MOST_ITEMS
    if (kinds == "string" or (isinstance(kinds, list) and "string" in kinds)) and "enum" not in bounded:
        bounded["maxLength"] = _LONGEST_TEXT
    return bounded
