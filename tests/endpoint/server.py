"""HTTP/1.1 on asyncio's streams, as far as a client of the API sees it: keep-alive and chunked bodies."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
import struct
import time
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any

from tests.endpoint.requests import Request, kind_of
from tests.endpoint.service import Outgoing, parse_json

__all__ = ["Connections", "Respond"]

Respond = Callable[[Request], Coroutine[Any, Any, Outgoing]]
_RESET = struct.pack("ii", 1, 0)


class Connections:
    """Serves every connection of one listening socket until :meth:`close`.

    ``respond`` says what a request gets; ``chunk_delay`` is asked before every paced frame.
    asyncio sets TCP_NODELAY on each connection itself.
    """

    def __init__(self, respond: Respond, chunk_delay: Callable[[], float]) -> None:
        self._respond = respond
        self._chunk_delay = chunk_delay
        self._count = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def open(self, port: int) -> int:
        """Listen on the loopback; returns the port. Raises OSError where it is taken."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", port)
        found: int = self._server.sockets[0].getsockname()[1]
        return found

    async def close(self) -> None:
        """Stop listening and drop every connection, in the middle of whatever it does."""
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._count += 1
        try:
            await self._serve(reader, writer, self._count)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            # The client left, or close() ended this: either way the connection goes.
            pass
        finally:
            self._tasks.discard(task)
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connection: int) -> None:
        while True:
            request = await _read(reader, connection)
            if request is None:
                return
            outgoing = await self._respond(request)
            if not await self._send(request, outgoing, reader, writer):
                return

    async def _send(self, request: Request, outgoing: Outgoing, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Write an answer; whether the connection may be used again."""
        chunked = outgoing.length is None
        head = _head(request, outgoing) if outgoing.status else b""
        frames = [b"%x\r\n%b\r\n" % (len(frame), frame) if chunked else frame for frame in outgoing.frames]
        end = b"0\r\n\r\n" if chunked else b""
        request.status = outgoing.status
        complete = outgoing.ending == "complete"
        pause = self._chunk_delay()
        if pause:
            writer.write(head)
            for index, frame in enumerate(frames):
                if index in outgoing.paced:
                    await writer.drain()
                    await asyncio.sleep(pause)
                writer.write(frame)
        else:
            writer.write(head + b"".join(frames) + (end if complete else b""))
        if pause and complete:
            writer.write(end)
        await writer.drain()
        if complete:
            request.finished = True
            return True
        await _part(outgoing, reader, writer)
        return False


async def _part(outgoing: Outgoing, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """End a connection in the way of a fault."""
    if outgoing.ending == "stall":
        with contextlib.suppress(TimeoutError):
            # Nothing more is to come from the client; a read returns when it leaves.
            await asyncio.wait_for(reader.read(1), outgoing.seconds)
    if outgoing.ending == "reset":
        # With a linger of zero the kernel sends RST in place of FIN.
        raw: socket.socket = writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        writer.transport.abort()
        return
    writer.close()
    await writer.wait_closed()


def _head(request: Request, outgoing: Outgoing) -> bytes:
    lines = [
        f"HTTP/1.1 {outgoing.status} {HTTPStatus(outgoing.status).phrase}",
        f"content-type: {outgoing.content_type}",
        "transfer-encoding: chunked" if outgoing.length is None else f"content-length: {outgoing.length}",
        f"x-request-id: req_{request.id}",
        "openai-version: 2020-10-01",
        *(f"{name}: {value}" for name, value in outgoing.headers.items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


async def _read(reader: asyncio.StreamReader, connection: int) -> Request | None:
    """The next request of a connection; None where there is none or it isn't HTTP."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        return None
    first, *rest = head.decode("latin-1").split("\r\n")
    method, _, target = first.partition(" ")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in rest if line)}
    raw = await _body(reader, headers)
    at = time.monotonic()
    body = parse_json(raw) if raw else None
    path = target.partition(" ")[0].partition("?")[0]
    return Request(method, path, headers, raw, connection, at, body, kind_of(path, body), id=secrets.token_hex(16))


async def _body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding") != "chunked":
        return await reader.readexactly(int(headers.get("content-length", 0)))
    chunks: list[bytes] = []
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        chunks.append(await reader.readexactly(size))
        await reader.readexactly(2)
    await reader.readuntil(b"\r\n")
    return b"".join(chunks)
