"""The ways in which an endpoint fails, by name, and how each bends an answer or its bytes.

===================  ==============================================================================
refused at once      (an HTTP error; the scripted answer waits for the next call)
``bad_request``      400
``unauthorized``     401, a wrong key
``forbidden``        403
``model_not_found``  404, the model isn't there
``not_found_html``   404 with a web server's HTML page: the path is wrong
``rate_limit``       429, with Retry-After where ``retry_after`` is given
``quota``            429 ``insufficient_quota``
``server_error``     500 as JSON
``unavailable``      503 with a proxy's HTML page
``context_length``   400 ``context_length_exceeded``
``no_structured``    400, only where structured output is asked for: it isn't supported here
``http``             any ``status``, with ``body`` and ``content_type``
-------------------  ------------------------------------------------------------------------------
lost                 (the scripted answer waits for the next call)
``reset``            the connection is reset before any byte
``reset_midway``     … after half of the deltas, or half of the body
``close_midway``     the connection ends there, without the end of the body
``eof_midway``       the body ends there, properly, but without a finish; half a JSON object
``stall``            no byte, until the client leaves or ``seconds`` have passed (then a close)
``stall_midway``     … after half of the deltas, or half of the body
-------------------  ------------------------------------------------------------------------------
garbled              (the scripted answer waits for the next call)
``invalid_json``     200 with a body that isn't JSON, or a stream of such events
``invalid_event``    one broken event in the middle of a stream; half a JSON object
``login_page``       200 with a page of HTML
``error_event``      an error in the middle of a stream, in the form documented for the wire
``error_event_wild`` … in another form that servers have been seen to send
``failed``           ``response.failed`` after half of the text; on the chat wire ``{"error": …}``
-------------------  ------------------------------------------------------------------------------
another answer       (the scripted answer is used up)
``length``           half of the answer, then ``max_output_tokens`` / finish_reason ``length``
``content_filter``   half of the answer, then ``content_filter``
``cut``              half of the answer, called complete
``refusal``          a refusal in place of the answer
``empty``            an empty text
``null_content``     ``content`` is null
``no_output``        no item of output, no choice
``null_output``      ``output`` or ``choices`` is null
``missing_usage``    no usage, asked for or not
``no_finish``        chat: ``finish_reason`` stays null, and only the usage says that it was all
``repeated_names``   chat: every piece of a tool call has its id and name again
``unknown_fields``   fields, items and events that no SDK knows
``comments``         SSE comments, ``retry:`` lines, CRLF line ends
``event_ids``        ``id:`` lines, and comments between events: sound SSE, but a blank line behind a
                     comment is an event without data to the SDK once it has seen an id
``ragged``           a stream cut into pieces of seven bytes, through characters and lines
``control``          terminal escapes and control characters around the text
``prose``            the schema is ignored: chatter in place of the JSON
``fenced``           the schema is ignored: chatter around the JSON in a code fence
===================  ==============================================================================

An error in a stream (``error_event`` and so on) is a 500 where the call isn't streamed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, get_args

from tests.endpoint.answers import Answer, Part, Reasoning, Refusal, Text, ToolCall, Wire, deltas_of
from tests.endpoint.errors import ApiError
from tests.endpoint.rendering import halved

__all__ = ["ALTERED", "HTML_LOGIN", "QUIRKS", "REFUSED", "Fault", "FaultKind", "alter", "html_page", "refusal_of"]

Refused = Literal[
    "bad_request",
    "unauthorized",
    "forbidden",
    "model_not_found",
    "not_found_html",
    "rate_limit",
    "quota",
    "server_error",
    "unavailable",
    "context_length",
    "no_structured",
    "http",
]
Lost = Literal["reset", "reset_midway", "close_midway", "eof_midway", "stall", "stall_midway"]
Garbled = Literal["invalid_json", "invalid_event", "login_page", "error_event", "error_event_wild", "failed"]
Altered = Literal[
    "length",
    "content_filter",
    "cut",
    "refusal",
    "empty",
    "null_content",
    "no_output",
    "null_output",
    "missing_usage",
    "no_finish",
    "repeated_names",
    "unknown_fields",
    "comments",
    "event_ids",
    "ragged",
    "control",
    "prose",
    "fenced",
]
FaultKind = Refused | Lost | Garbled | Altered

REFUSED: frozenset[str] = frozenset(get_args(Refused))
ALTERED: frozenset[str] = frozenset(get_args(Altered))
QUIRKS: frozenset[str] = frozenset(
    {"null_content", "no_output", "null_output", "missing_usage", "no_finish", "repeated_names", "unknown_fields"}
)

HTML_LOGIN = (
    b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head>\n<body><form action='/login' method='post'>"
    b"<label>User <input name='user'></label></form></body></html>\n"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to fail. Which options count for which kind is in the module's table.

    ``retry_after``: seconds, on any refused call. A whole number goes out as ``Retry-After``;
    any other as ``retry-after-ms``, beside a ``Retry-After`` that is rounded up.
    ``after``: deltas sent before a fault in the middle of a stream; by default half of them.
    ``seconds``: how long a stall lasts. ``code``: the code of an error event.
    ``status``, ``body``, ``content_type``: of ``http``.
    """

    kind: FaultKind
    retry_after: float | None = None
    after: int | None = None
    seconds: float | None = None
    code: str = "server_error"
    status: int = 500
    body: bytes = b""
    content_type: str = "application/json"


def html_page(status: str) -> bytes:
    """The page that a web server or a proxy answers with."""
    return f"<html>\r\n<head><title>{status}</title></head>\r\n<body>\r\n<center><h1>{status}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n".encode()


def refusal_of(kind: str, *, wire: Wire | None, model: str) -> ApiError:
    """The error that a refused call is answered with, in the service's words."""
    if kind == "context_length":
        return _context_length(wire)
    if kind == "no_structured":
        param = "text.format" if wire == "responses" else "response_format"
        return ApiError(400, f"Invalid parameter: '{param}' of type 'json_schema' is not supported with this model.", param=param)
    return {
        "bad_request": ApiError(400, "Invalid request: the server could not process it.", param="model", code="invalid_value"),
        "unauthorized": ApiError(401, "Incorrect API key provided.", code="invalid_api_key"),
        "forbidden": ApiError(
            403, "Country, region, or territory not supported", kind="request_forbidden", code="unsupported_country_region_territory"
        ),
        "model_not_found": ApiError(404, f"The model `{model}` does not exist or you do not have access to it.", code="model_not_found"),
        "rate_limit": ApiError(
            429,
            f"Rate limit reached for {model} in organization org-test on requests per min (RPM): Limit 3, Used 3, Requested 1.",
            kind="requests",
            code="rate_limit_exceeded",
        ),
        "quota": ApiError(
            429,
            "You exceeded your current quota, please check your plan and billing details.",
            kind="insufficient_quota",
            code="insufficient_quota",
        ),
        "server_error": ApiError(500, "The server had an error while processing your request. Sorry about that!", kind="server_error"),
    }[kind]


def _context_length(wire: Wire | None) -> ApiError:
    if wire == "responses":
        text = "Your input exceeds the context window of this model. Please adjust your input and try again."
        return ApiError(400, text, param="input", code="context_length_exceeded")
    text = "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens. Please reduce the length of the messages."
    return ApiError(400, text, param="messages", code="context_length_exceeded")


def alter(answer: Answer, kind: str) -> Answer:
    """The answer that a fault leaves of an answer; faults of the bytes leave it as it is."""
    if kind in QUIRKS:
        return replace(answer, quirks=answer.quirks | {kind})
    if kind in {"length", "content_filter", "cut", "failed"}:
        ending = answer.ending if kind == "cut" else kind
        return replace(answer, parts=_half(answer.parts), ending=ending)  # type: ignore[arg-type]
    parts: dict[str, tuple[Part, ...]] = {
        "refusal": (Refusal("I'm sorry, but I can't help with that."),),
        "empty": (Text(()),),
        "prose": (Text(deltas_of("Sure! I'd be happy to help. There is something about the user in this message.")),),
    }
    if kind in parts:
        return replace(answer, parts=parts[kind])
    wraps = {
        "control": ("\x1b[31m\x1b]0;owned\x07\x9b1m\x00\x08\u202e", "\x1b[2J\r\x7f\u2066"),
        "fenced": ("Sure! Here is the JSON:\n```json\n", "\n```\nLet me know if you need anything else."),
    }
    if kind in wraps:
        return replace(answer, parts=tuple(_wrap(part, *wraps[kind]) for part in answer.parts))
    return answer


def _wrap(part: Part, before: str, behind: str) -> Part:
    return Text((before, *part.deltas, behind)) if isinstance(part, Text) else part


def _half(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Of a single part its first half; of several all but the last, which is halved."""
    if not parts:
        return parts
    last = parts[-1]
    if isinstance(last, Text):
        last = Text(last.deltas[: (len(last.deltas) + 1) // 2]) if len(last.deltas) > 1 else Text(deltas_of(halved(last.text)))
    elif isinstance(last, ToolCall):
        last = replace(last, arguments=halved(last.arguments))
    elif isinstance(last, Refusal):
        last = Refusal(halved(last.text))
    elif isinstance(last, Reasoning):
        last = Reasoning(halved(last.summary))
    return (*parts[:-1], last)
