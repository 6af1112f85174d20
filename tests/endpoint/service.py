"""From a request to what is sent: checks first, then the script, then the bytes, then the fault."""

from __future__ import annotations

import json
import math
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from tests.endpoint import chat, responses
from tests.endpoint.checks_chat import check_chat
from tests.endpoint.checks_responses import check_responses
from tests.endpoint.errors import ApiError, bad_request
from tests.endpoint.faults import HTML_LOGIN, REFUSED, Fault, alter, html_page, refusal_of
from tests.endpoint.issued import Issued
from tests.endpoint.rendering import Marks, Rendered, dump, fill, output_tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.endpoint.answers import Answer, Wire
    from tests.endpoint.requests import Request

__all__ = ["Outgoing", "Service"]

JSON = "application/json"
SSE = "text/event-stream; charset=utf-8"
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What goes out on the connection.

    ``frames`` are written one by one where the answer is paced, else at once. ``paced`` are the
    frames before which the endpoint pauses. A status of 0 sends nothing at all. A ``length``
    is announced as the body's, true or not; without one the body is chunked. ``ending`` says
    what becomes of the connection behind the frames; ``seconds`` how long a stall lasts.
    """

    status: int
    content_type: str
    frames: Sequence[bytes]
    headers: dict[str, str] = field(default_factory=dict)
    paced: frozenset[int] = frozenset()
    length: int | None = None
    ending: Literal["complete", "reset", "close", "stall"] = "complete"
    seconds: float | None = None


def _whole(status: int, body: bytes, content_type: str = JSON, headers: dict[str, str] | None = None) -> Outgoing:
    return Outgoing(status, content_type, [body], headers or {}, length=len(body))


def _error(error: ApiError, headers: dict[str, str] | None = None) -> Outgoing:
    return _whole(error.status, error.body(), headers=headers)


class Service:
    """Answers requests as the real service does, within what the script says.

    ``api_key`` None takes every request, as local servers do; ``models`` None knows every model.
    """

    def __init__(self, *, api_key: str | None, models: Sequence[str] | None) -> None:
        self.api_key = api_key
        self.models = models
        self.issued = Issued()

    def refusal(self, request: Request) -> Outgoing | None:
        """What a request is refused with before the script is asked; None where nothing is wrong with it."""
        try:
            self._check(request)
        except ApiError as error:
            return _error(error)
        if not request.path.startswith("/v1/"):
            return _whole(404, html_page("404 Not Found"), HTML)
        return None

    def _check(self, request: Request) -> None:
        if not request.path.startswith("/v1/"):
            return
        self._authenticate(request.headers.get("authorization", ""))
        if request.kind is None:
            raise ApiError(404, f"Invalid URL ({request.method} {request.path})")
        if request.method != ("GET" if request.kind == "models" else "POST"):
            raise ApiError(405, f"Not allowed to {request.method} on {request.path}.", code="method_not_supported")
        if request.kind == "models":
            return
        if not isinstance(request.json, dict):
            raise bad_request("We could not parse the JSON body of your request. The API expects a JSON payload.")
        if request.wire == "chat":
            check_chat(request.json)
        else:
            check_responses(request.json, self.issued)
        if self.models is not None and request.json["model"] not in self.models:
            raise refusal_of("model_not_found", wire=request.wire, model=request.json["model"])

    def _authenticate(self, header: str) -> None:
        if self.api_key is None:
            return
        scheme, _, key = header.partition(" ")
        if scheme != "Bearer" or not key:
            raise ApiError(
                401, "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth."
            )
        if key != self.api_key:
            masked = f"{key[:3]}{'*' * 8}{key[-4:]}" if len(key) > 8 else "*" * len(key)
            raise ApiError(401, f"Incorrect API key provided: {masked}.", code="invalid_api_key")

    def answer(self, request: Request, fault: Fault | None, answer: Answer) -> Outgoing:
        """What a sound request is answered with."""
        if fault is not None and fault.kind in REFUSED:
            return _refused(fault, request)
        if fault is not None and fault.kind in {"reset", "stall"}:
            return Outgoing(0, "", [], ending="reset" if fault.kind == "reset" else "stall", seconds=fault.seconds)
        if fault is not None and fault.kind == "login_page":
            return _whole(200, HTML_LOGIN, HTML)
        sent = self._models(request) if request.wire is None else self._generation(request, request.wire, fault, answer)
        return sent if fault is None else _broken(sent, fault)

    def _models(self, request: Request) -> Outgoing:
        names = ["gpt-5.2"] if self.models is None else list(self.models)
        objects = [{"id": name, "object": "model", "created": 1_765_000_000, "owned_by": "system"} for name in names]
        wanted = request.path.removeprefix("/v1/models").removeprefix("/")
        if not wanted:
            return _whole(200, dump({"object": "list", "data": objects}))
        for found in objects:
            if found["id"] == wanted:
                return _whole(200, dump(found))
        return _error(ApiError(404, f"The model '{wanted}' does not exist", param="model", code="model_not_found"))

    def _generation(self, request: Request, wire: Wire, fault: Fault | None, answer: Answer) -> Outgoing:
        body = request.json
        altered = alter(answer, fault.kind) if fault else answer
        streamed = bool(body.get("stream"))
        if not streamed and fault is not None and fault.kind in {"error_event", "error_event_wild"}:
            return _error(refusal_of("server_error", wire=wire, model=body["model"]))
        rendered = _rendered(wire, altered, body)
        if streamed and fault is not None:
            rendered = _bent(rendered, fault, wire)
        if wire == "responses":
            self.issued.note(altered, request.id, stored=body.get("store") is not False)
        frames = fill(rendered.frames, _values(request, wire, altered))
        if not streamed:
            return _whole(200, frames[0])
        return Outgoing(200, SSE, frames, paced=frozenset(rendered.deltas))


def _rendered(wire: Wire, answer: Answer, body: dict[str, Any]) -> Rendered:
    options = body.get("stream_options") or {}
    obfuscate = options.get("include_obfuscation") is not False
    if wire == "responses":
        encrypted = "reasoning.encrypted_content" in (body.get("include") or ())
        if body.get("stream"):
            return responses.events(answer, encrypted=encrypted, obfuscate=obfuscate)
        return responses.body(answer, encrypted=encrypted)
    if body.get("stream"):
        return chat.chunks(answer, usage=bool(options.get("include_usage")), obfuscate=obfuscate)
    return chat.body(answer)


def _values(request: Request, wire: Wire, answer: Answer) -> dict[str, bytes]:
    counted, written = answer.usage or (max(1, len(request.raw) // 4), output_tokens(answer))
    values = {
        Marks.UNIQUE: request.id.encode(),
        # The model's name stands inside a JSON string, whose quotes are the mark's own.
        Marks.MODEL: dump(request.json["model"])[1:-1],
        Marks.CREATED: str(int(time.time())).encode(),
        Marks.INPUT: str(counted).encode(),
        Marks.OUTPUT: str(written).encode(),
        Marks.TOTAL: str(counted + written).encode(),
    }
    if wire == "responses":
        values[Marks.ECHO] = responses.echo(request.json)
    return values


def _refused(fault: Fault, request: Request) -> Outgoing:
    headers: dict[str, str] = {}
    if fault.retry_after is not None:
        headers["retry-after"] = str(math.ceil(fault.retry_after))
        if fault.retry_after != int(fault.retry_after):
            headers["retry-after-ms"] = str(round(fault.retry_after * 1000))
    if fault.kind == "http":
        return _whole(fault.status, fault.body, fault.content_type, headers)
    if fault.kind == "not_found_html":
        return _whole(404, html_page("404 Not Found"), HTML, headers)
    if fault.kind == "unavailable":
        return _whole(503, html_page("503 Service Temporarily Unavailable"), HTML, headers)
    model = request.json["model"] if isinstance(request.json, dict) else "gpt-5.2"
    return _error(refusal_of(fault.kind, wire=request.wire, model=model), headers)


def _bent(rendered: Rendered, fault: Fault, wire: Wire) -> Rendered:
    """A stream's frames as a fault of the bytes leaves them."""
    frames, middle = list(rendered.frames), rendered.middle(fault.after)
    if fault.kind in {"error_event", "error_event_wild"}:
        documented, text = fault.kind == "error_event", "The server had an error while processing your request."
        if wire == "responses":
            event = responses.error_event(text, fault.code, number=middle, documented=documented)
        else:
            event = chat.error_event(text, fault.code, documented=documented)
        return replace(rendered, frames=(*frames[:middle], event))
    if fault.kind == "invalid_event":
        frames[middle - 1] = frames[middle - 1][: len(frames[middle - 1]) // 2] + b"\n\n"
    elif fault.kind == "invalid_json":
        frames = [b"data: {this is no JSON\n\n"]
    elif fault.kind == "comments":
        frames = [(b": keep-alive\n\n:\nretry: 3000\n" + frame).replace(b"\n", b"\r\n") for frame in frames]
    elif fault.kind == "event_ids":
        frames = [b"id: %d\n%b: keep-alive\n\n" % (index, frame) for index, frame in enumerate(frames)]
    return Rendered(tuple(frames), rendered.deltas)


def _broken(sent: Outgoing, fault: Fault) -> Outgoing:
    """What goes out when the connection or the body fails on the way."""
    if fault.kind == "ragged" and sent.length is None:
        whole = b"".join(sent.frames)
        return replace(sent, frames=[whole[at : at + 7] for at in range(0, len(whole), 7)], paced=frozenset())
    if fault.kind == "invalid_json" and sent.length is not None:
        return _whole(200, b'{"this is no JSON\n')
    if fault.kind == "invalid_event" and sent.length is not None:
        return _whole(200, sent.frames[0][: sent.length // 2])
    if not fault.kind.endswith("_midway"):
        return sent
    if sent.length is None:
        frames = sent.frames[: Rendered(tuple(sent.frames), tuple(sorted(sent.paced))).middle(fault.after)]
    else:
        frames = [sent.frames[0][: sent.length // 2]]
    if fault.kind == "eof_midway":
        return replace(sent, frames=frames, length=None if sent.length is None else len(frames[0]))
    ending: dict[str, Literal["reset", "close", "stall"]] = {"reset_midway": "reset", "close_midway": "close", "stall_midway": "stall"}
    return replace(sent, frames=frames, ending=ending[fault.kind], seconds=fault.seconds)


def parse_json(raw: bytes) -> Any:
    """A request's body; None where it isn't JSON."""
    try:
        return json.loads(raw)
    except ValueError:
        return None
