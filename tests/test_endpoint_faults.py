"""How the endpoint fails, and what the real SDK makes of each failure: both wires, streamed and whole."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import openai
import pytest

from tests.endpoint.client import SCHEMA, UPDATE, Heard, call, client_of, say, structured
from tests.endpoint.faults import ALTERED, REFUSED
from tests.endpoint.fixtures import endpoint, stream, wire

if TYPE_CHECKING:
    from tests.endpoint import Endpoint, FaultKind, Wire

__all__ = ["endpoint", "stream", "wire"]

STATUS_ERRORS: dict[str, tuple[type[openai.APIStatusError], str | None]] = {
    "bad_request": (openai.BadRequestError, "invalid_value"),
    "unauthorized": (openai.AuthenticationError, "invalid_api_key"),
    "forbidden": (openai.PermissionDeniedError, "unsupported_country_region_territory"),
    "model_not_found": (openai.NotFoundError, "model_not_found"),
    "not_found_html": (openai.NotFoundError, None),
    "rate_limit": (openai.RateLimitError, "rate_limit_exceeded"),
    "quota": (openai.RateLimitError, "insufficient_quota"),
    "server_error": (openai.InternalServerError, None),
    "unavailable": (openai.InternalServerError, None),
    "context_length": (openai.BadRequestError, "context_length_exceeded"),
    "no_structured": (openai.BadRequestError, None),
    "http": (openai.InternalServerError, None),
}


@pytest.mark.parametrize("kind", sorted(REFUSED))
def test_a_refused_call_is_a_status_error_and_keeps_the_answer(endpoint: Endpoint, wire: Wire, stream: bool, kind: FaultKind) -> None:
    """Class and code of each, and the next call gets what was scripted."""
    expected, code = STATUS_ERRORS[kind]
    endpoint.extract("kept")
    endpoint.fault("extract", kind)
    with pytest.raises(expected) as refused:
        call(endpoint, wire, stream=stream, **structured(wire, SCHEMA))
    assert refused.value.code == code
    assert call(endpoint, wire, stream=stream, **structured(wire, SCHEMA)).text == "kept"


@pytest.mark.parametrize(("seconds", "headers"), [(2, {"retry-after": "2"}), (0.25, {"retry-after": "1", "retry-after-ms": "250"})])
def test_retry_after_says_how_long(endpoint: Endpoint, wire: Wire, seconds: float, headers: dict[str, str]) -> None:
    """Whole seconds in one header, any others also in milliseconds; unasked, neither."""
    endpoint.fault("reply", "rate_limit", retry_after=seconds)
    endpoint.fault("reply", "rate_limit")
    found = []
    for _ in range(2):
        with pytest.raises(openai.RateLimitError) as refused:
            call(endpoint, wire)
        found.append({name: value for name, value in refused.value.response.headers.items() if name.startswith("retry")})
    assert found == [headers, {}]


def test_faults_come_in_their_number_and_the_retries_of_the_sdk_outlast_them(endpoint: Endpoint, wire: Wire) -> None:
    """``skip`` and ``times``, and Retry-After obeyed."""
    endpoint.reply("first")
    endpoint.reply("second")
    endpoint.fault("reply", "rate_limit", skip=1, times=2, retry_after=0.05)

    async def both() -> tuple[str, str]:
        first, second = Heard(), Heard()
        async with client_of(endpoint, max_retries=2) as client:
            await say(client, wire, first, stream=True)
            await say(client, wire, second, stream=True)
        return first.text, second.text

    assert asyncio.run(both()) == ("first", "second")
    assert [request.status for request in endpoint.requests] == [200, 429, 429, 200]


@pytest.mark.parametrize("kind", ["reset", "reset_midway", "close_midway", "stall", "stall_midway"])
def test_a_lost_connection_leaves_what_came_before(endpoint: Endpoint, wire: Wire, stream: bool, kind: FaultKind) -> None:
    """A connection error or a timeout, with the beginning of the stream heard."""
    endpoint.reply("one two three four")
    endpoint.fault("reply", kind)
    heard = Heard()
    with pytest.raises(openai.APIConnectionError) as lost:
        call(endpoint, wire, stream=stream, heard=heard, timeout=0.5 if "stall" in kind else 10)
    assert isinstance(lost.value, openai.APITimeoutError) == ("stall" in kind)
    assert heard.text == ("one two" if stream and "midway" in kind else "")
    assert not endpoint.requests[0].finished
    assert call(endpoint, wire, stream=stream).text == "one two three four"


def test_a_stall_of_some_seconds_ends_in_a_close(endpoint: Endpoint, wire: Wire) -> None:
    """Sooner than the client's own timeout."""
    endpoint.fault("reply", "stall", seconds=0.05)
    with pytest.raises(openai.APIConnectionError) as lost:
        call(endpoint, wire)
    assert not isinstance(lost.value, openai.APITimeoutError)


def test_a_stream_that_just_ends_raises_nothing(endpoint: Endpoint, wire: Wire) -> None:
    """Only the missing finish tells; so a client must look for it."""
    endpoint.reply(["a", "b", "c", "d"])
    endpoint.fault("reply", "eof_midway", after=3)
    heard = call(endpoint, wire)
    assert (heard.text, heard.ending, heard.output_tokens) == ("abc", None, None)


@pytest.mark.parametrize(
    ("kind", "stream"),
    [("invalid_json", True), ("invalid_json", False), ("invalid_event", True), ("invalid_event", False), ("eof_midway", False)],
)
def test_broken_json_is_no_error_of_the_sdk(endpoint: Endpoint, wire: Wire, kind: FaultKind, stream: bool) -> None:
    """It surfaces as the JSON module's own error, so a client must expect that."""
    endpoint.fault("reply", kind)
    with pytest.raises(json.JSONDecodeError):
        call(endpoint, wire, stream=stream)


def test_a_login_page_is_a_text_or_a_stream_without_events(endpoint: Endpoint, wire: Wire) -> None:
    """The SDK takes any 200 for an answer: not streamed, it returns the page as a str."""
    endpoint.fault("reply", "login_page", times=2)
    heard = call(endpoint, wire)
    assert (heard.events, heard.ending) == ([], None)
    with pytest.raises(AttributeError, match="'str' object"):
        call(endpoint, wire, stream=False)


@pytest.mark.parametrize("kind", ["error_event", "error_event_wild", "failed"])
def test_an_error_in_the_stream_is_an_exception_or_an_event(endpoint: Endpoint, wire: Wire, kind: FaultKind) -> None:
    """An ``error`` member raises; the documented forms of the Responses wire, and a bare object, don't."""
    endpoint.reply("one two three four")
    endpoint.fault("reply", kind, code="server_is_overloaded")
    heard = Heard()
    if (wire, kind) in {("responses", "error_event_wild"), ("chat", "error_event"), ("chat", "failed")}:
        with pytest.raises(openai.APIError, match="The server had an error") as failed:
            call(endpoint, wire, heard=heard)
        assert type(failed.value) is openai.APIError
        assert failed.value.code == (None if kind == "failed" else "server_is_overloaded")
    else:
        call(endpoint, wire, heard=heard)
        last = heard.events[-1]
        found = last.response.error.code if kind == "failed" else last.code
        assert found == ("server_error" if kind == "failed" else "server_is_overloaded" if wire == "responses" else 500)
    assert heard.text == "one two"


@pytest.mark.parametrize(("kind", "text", "refusal"), [
    ("length", "one two", ""),
    ("content_filter", "one two", ""),
    ("cut", "one two", ""),
    ("refusal", "", "I'm sorry, but I can't help with that."),
    ("empty", "", ""),
    ("missing_usage", "one two three four", ""),
    ("unknown_fields", "one two three four", ""),
    ("comments", "one two three four", ""),
    ("ragged", "one two three four", ""),
])  # fmt: skip
def test_another_answer_uses_up_the_scripted_one(
    endpoint: Endpoint, wire: Wire, stream: bool, kind: FaultKind, text: str, refusal: str
) -> None:
    """What is heard of each, and its ending and usage."""
    endpoint.reply("one two three four")
    endpoint.fault("reply", kind)
    heard = call(endpoint, wire, stream=stream)
    endings = {"length": ("max_output_tokens", "length"), "content_filter": ("content_filter", "content_filter")}
    assert (heard.text, heard.refusal) == (text, refusal)
    assert heard.ending == endings.get(kind, ("completed", "stop"))[wire == "chat"]
    assert (heard.output_tokens is None) == (kind == "missing_usage")
    assert endpoint.left("reply") == 0
    assert kind in ALTERED


def test_control_characters_arrive_as_they_are(endpoint: Endpoint, wire: Wire, stream: bool) -> None:
    """Escapes, NUL and bidirectional overrides around the text."""
    endpoint.fault("reply", "control")
    text = call(endpoint, wire, stream=stream).text
    assert text.startswith("\x1b[31m")
    assert "\x00" in text
    assert "OK." in text


def test_a_comment_behind_an_event_id_breaks_the_decoder_of_the_sdk(endpoint: Endpoint, wire: Wire) -> None:
    """Sound SSE: an event without data isn't one. If this fails the SDK has learnt it."""
    endpoint.fault("reply", "event_ids")
    with pytest.raises(json.JSONDecodeError):
        call(endpoint, wire)


@pytest.mark.parametrize("kind", ["null_content", "no_output", "null_output"])
def test_an_answer_without_content_is_empty_or_unreadable(endpoint: Endpoint, wire: Wire, kind: FaultKind) -> None:
    """What the SDK makes of each when it isn't streamed; the streams are merely empty."""
    endpoint.fault("reply", kind, times=2)
    if wire == "chat" and kind != "null_content":
        with pytest.raises(IndexError if kind == "no_output" else TypeError):
            call(endpoint, wire, stream=False)
    elif wire == "responses" and kind != "no_output":
        # The SDK's own output_text walks over None.
        with pytest.raises(TypeError):
            call(endpoint, wire, stream=False)
    else:
        assert call(endpoint, wire, stream=False).text == ""
    assert call(endpoint, wire).text == ("OK." if (wire, kind) == ("responses", "null_output") else "")


def test_a_server_that_ignores_the_schema_answers_prose_or_a_fence(endpoint: Endpoint, wire: Wire) -> None:
    """Chatter alone, and chatter around the scripted JSON."""
    endpoint.extract([UPDATE], times=2)
    endpoint.fault("extract", "prose")
    endpoint.fault("extract", "fenced")
    prose, fenced = (call(endpoint, wire, **structured(wire, SCHEMA)).text for _ in range(2))
    assert "{" not in prose
    assert json.loads(fenced.split("```json\n")[1].split("\n```")[0]) == {"updates": [UPDATE]}
