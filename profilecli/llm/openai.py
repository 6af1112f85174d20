"""A model behind OpenAI's API, or behind a server that speaks it; the only user of the openai package."""

from __future__ import annotations

import asyncio
import json
import random
import re
import threading
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from profilecli.errors import ModelError
from profilecli.llm.chat import ChatWire
from profilecli.llm.failures import Reported, model_error
from profilecli.llm.protocol import Delta, ReplyEnd, Round, StructuredReply, Tool
from profilecli.llm.responses import ResponsesWire
from profilecli.llm.wire import Ask, Wire, not_json, text_of
from profilecli.models import Utterance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openai import AsyncOpenAI

__all__ = ["OPENAI_URL", "OpenAIModel"]

OPENAI_URL = "https://api.openai.com/v1"

_CONNECT_SECONDS = 15.0

_RETRIES = 2
_PASSING = frozenset({"rate_limit", "server", "network", "protocol"})
"""Failures that may be gone the next moment. A stall is none: the user has waited long enough."""
_FIRST_WAIT = 0.4
_LONGEST_WAIT = 20.0
"""Seconds. An endpoint that asks for more is not waited for: its line says so at once."""


_NO_STRUCTURE = re.compile(r"response_format|json_schema|text\.format|structured|grammar|schema", re.IGNORECASE)
"""What servers without structured output name when they are asked for it."""


class OpenAIModel:
    """A model id at an endpoint.

    One client serves the life of the process: making one costs about 50 ms. ``openai``
    itself takes half a second to import, so that happens on a thread of its own. ``options``
    go into every request as they are, ``reply_options`` into replies alone; ``direct`` leaves out a proxy that the environment names.
    """

    extracts = True
    context_window: int | None = None

    def __init__(
        self,
        name: str,
        *,
        api_key: str | None,
        base_url: str = OPENAI_URL,
        api: str | None = None,
        timeout: float = 60.0,
        options: Mapping[str, Any] | None = None,
        reply_options: Mapping[str, Any] | None = None,
        direct: bool = False,
    ) -> None:
        self.name = name
        self.base_url = base_url
        self.api = api or ("responses" if base_url == OPENAI_URL else "chat")
        self._wire: Wire = ResponsesWire() if self.api == "responses" else ChatWire()
        self._key = (api_key or "").strip() or None
        self._timeout = timeout
        self._options = dict(options or {})
        self._reply_options = self._options | dict(reply_options or {})
        self._direct = direct
        self._client: AsyncOpenAI | None = None
        self._loading: threading.Thread | None = None
        self._load_error: BaseException | None = None
        self._structures = True

    @property
    def endpoint(self) -> str:
        """The host, for messages."""
        return "OpenAI" if self.base_url == OPENAI_URL else urlsplit(self.base_url).netloc.rpartition("@")[2]

    def preload(self) -> None:
        """Starts to import openai in the background."""
        if self._loading is None:
            self._loading = threading.Thread(target=self._load, name="import openai", daemon=True)
            self._loading.start()

    async def reply(
        self, system: str, messages: Sequence[Utterance], *, tools: Sequence[Tool] = (), rounds: Sequence[Round] = ()
    ) -> AsyncIterator[Delta | ReplyEnd]:
        """Streams the reply to the last of ``messages``; ends with one ReplyEnd. Raises ModelError."""
        client = await self._connected()
        ask = Ask(self.name, system, messages, tools, rounds, self._reply_options)
        for attempt in range(_RETRIES + 1):
            begun = False
            try:
                with self._failures():
                    async for piece in self._wire.stream(client, ask):
                        begun = True
                        yield piece
            except ModelError as error:
                # What was shown can't be taken back, so a reply that has begun is not asked for again.
                if begun or not await _worth_waiting(error, attempt):
                    raise
            else:
                return

    async def structured(self, system: str, prompt: str, schema: dict[str, Any]) -> StructuredReply:
        """One answer in the shape of a strict JSON Schema. Raises ModelError."""
        client = await self._connected()
        for attempt in range(_RETRIES + 1):
            try:
                with self._failures():
                    return await self._one_structured(client, system, prompt, schema)
            except ModelError as error:
                if not await _worth_waiting(error, attempt):
                    raise
        raise AssertionError("the last attempt returns or raises")

    async def _one_structured(self, client: AsyncOpenAI, system: str, prompt: str, schema: dict[str, Any]) -> StructuredReply:
        """With structured output, or for a server that has none with the schema in the prompt, from then on."""
        import openai

        messages = [Utterance("user", prompt)]
        if self._structures:
            try:
                return await self._wire.structured(client, Ask(self.name, system, messages, options=self._options), schema)
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                if not _NO_STRUCTURE.search(str(error)):
                    raise
                self._structures = False
        in_words = f"{system}\nAnswer with nothing but JSON that follows this JSON Schema: {json.dumps(schema)}"
        return await self._wire.structured(client, Ask(self.name, in_words, messages, options=self._options), None)

    async def models(self) -> list[str]:
        """The ids that the endpoint lists, in its order; that costs nothing. Raises ModelError."""
        client = await self._connected()
        with self._failures():
            page: Any = await client.models.list()
        listed = getattr(page, "data", None)
        if not isinstance(listed, list):
            raise not_json()
        return [text_of(getattr(model, "id", None)) for model in listed]

    async def close(self) -> None:
        """Ends connections."""
        if self._client is not None:
            await self._client.close()

    # ---- how

    async def _connected(self) -> AsyncOpenAI:
        if self._client is None:
            self.preload()
            assert self._loading is not None
            while self._loading.is_alive():
                # A thread can't be awaited; joining on another keeps the loop alive meanwhile.
                await asyncio.to_thread(self._loading.join)
            if self._load_error is not None:
                raise self._load_error
        assert self._client is not None
        return self._client

    def _load(self) -> None:
        try:
            self._client = self._make_client()
        except BaseException as error:  # noqa: BLE001 -- raised again by the one who waits for it
            self._load_error = error

    def _make_client(self) -> AsyncOpenAI:
        if self._key is None and self.base_url == OPENAI_URL:
            raise ModelError("setup", "OPENAI_API_KEY is not set. Set it, or use --model offline, or --base-url for another endpoint.")
        if self._key is not None and not (self._key.isascii() and self._key.isprintable()):
            raise ModelError("auth", "OPENAI_API_KEY has a character in it that no key has. Set it again.")
        import httpx2
        import openai

        timeout = httpx2.Timeout(self._timeout, connect=min(self._timeout, _CONNECT_SECONDS))
        with self._failures():
            http = openai.DefaultAsyncHttpxClient(timeout=timeout, trust_env=False) if self._direct else None
            client = openai.AsyncOpenAI(
                api_key=self._key or "none", base_url=self.base_url, timeout=timeout, max_retries=0, http_client=http
            )
        # The first use of a resource imports its types: that belongs to loading, too.
        _ = client.responses if self.api == "responses" else client.chat.completions
        return client

    @contextmanager
    def _failures(self) -> Iterator[None]:
        import openai

        try:
            yield
        except (openai.OpenAIError, Reported, ValueError) as error:  # a body that is not JSON or not UTF-8 is a ValueError
            # Not from ``error``: an endpoint may quote the key, and a traceback prints the causes.
            raise model_error(error, model=self.name, endpoint=self.endpoint, timeout=self._timeout, key=self._key) from None


async def _worth_waiting(error: ModelError, attempt: int) -> bool:
    """Waits before another attempt where one can help; says whether it did.

    Exponential backoff with full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    """
    if attempt >= _RETRIES or error.kind not in _PASSING or (error.retry_after or 0) > _LONGEST_WAIT:
        return False
    backoff = _FIRST_WAIT * 2**attempt * (0.5 + random.random() / 2)  # noqa: S311 -- spreads load, hides nothing
    await asyncio.sleep(max(backoff, error.retry_after or 0))
    return True
