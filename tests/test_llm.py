"""A model behind an endpoint, over both wires, with the real SDK and real HTTP."""

from __future__ import annotations

import asyncio
import json
import time
import traceback
from collections.abc import Coroutine, Sequence
from typing import Any

import pytest

from profilecli.errors import ModelError
from profilecli.llm import DEFAULT_MODEL, Delta, ReplyEnd, choose_model, open_model
from profilecli.llm.openai import OpenAIModel
from profilecli.models import Usage, Utterance
from tests.endpoint import Endpoint, Refusal, Text, Wire

SCHEMA = {
    "type": "object",
    "properties": {"updates": {"type": "array", "items": {"type": "string"}}},
    "required": ["updates"],
    "additionalProperties": False,
}
HELLO = (Utterance("user", "Hello"),)


def model(endpoint: Endpoint, wire: Wire, *, name: str = "gpt-5.2", key: str | None = None, timeout: float = 5) -> OpenAIModel:
    """A model at the scripted endpoint."""
    return OpenAIModel(name, api_key=key or endpoint.api_key or "sk-test-1234567890", base_url=endpoint.base_url, api=wire, timeout=timeout)


def run(made: OpenAIModel, call: Coroutine[Any, Any, Any]) -> Any:
    """Runs one call, and ends the connections."""

    async def whole() -> Any:
        try:
            return await call
        finally:
            await made.close()

    return asyncio.run(whole())


async def _reply(made: OpenAIModel, messages: Sequence[Utterance] = HELLO) -> list[Delta | ReplyEnd]:
    return [piece async for piece in made.reply("Be kind.", messages)]


def reply(made: OpenAIModel, messages: Sequence[Utterance] = HELLO) -> list[Delta | ReplyEnd]:
    """All pieces of a reply."""
    pieces: list[Delta | ReplyEnd] = run(made, _reply(made, messages))
    return pieces


def test_a_reply_streams_and_ends_with_what_it_cost(endpoint: Endpoint, wire: Wire) -> None:
    """The pieces as they were sent, then one end."""
    endpoint.reply(["Hel", "lo ", "Ali"], usage=(120, 30))
    *deltas, end = reply(model(endpoint, wire))
    assert [piece.text for piece in deltas if isinstance(piece, Delta)] == ["Hel", "lo ", "Ali"]
    assert end == ReplyEnd(Usage(1, 120, 30))


def test_the_system_prompt_and_the_conversation_are_sent(endpoint: Endpoint, wire: Wire) -> None:
    """In order, with their roles, and nothing is stored at the endpoint."""
    endpoint.reply("ok")
    reply(model(endpoint, wire), [Utterance("user", "one"), Utterance("assistant", "two"), Utterance("user", "three")])
    (request,) = endpoint.calls("reply")
    assert request.system_text == "Be kind."
    assert "three" in request.user_text
    assert request.json.get("store", False) is False


def test_structured_output_is_asked_for_strictly(endpoint: Endpoint, wire: Wire) -> None:
    """The endpoint checks the schema as the service does."""
    endpoint.extract([{"field": "name", "action": "set", "value": "Ali", "quote": "I'm Ali"}])
    made = model(endpoint, wire)
    answer = run(made, made.structured("List.", "I'm Ali", SCHEMA))
    assert '"Ali"' in answer.text
    assert answer.usage.calls == 1
    assert len(endpoint.calls("extract")) == 1


def test_a_refusal_streams_as_text_and_refuses_an_extraction(endpoint: Endpoint, wire: Wire) -> None:
    """What the model says instead is shown."""
    endpoint.reply(Refusal("I can't."))
    pieces = reply(model(endpoint, wire))
    assert "".join(p.text for p in pieces if isinstance(p, Delta)) == "I can't."


@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        ("bad_request", "bad_request", "refused the request"),
        ("unauthorized", "auth", "OPENAI_API_KEY"),
        ("forbidden", "auth", "doesn't allow"),
        ("model_not_found", "not_found", "--model"),
        ("not_found_html", "not_found", "base URL"),
        ("quota", "quota", "billing"),
        ("rate_limit", "rate_limit", "Wait"),
        ("server_error", "server", "Try again"),
        ("unavailable", "server", "Try again"),
        ("context_length", "context", "/new"),
        ("reset", "network", "No connection"),
        ("reset_midway", "network", "No connection"),
        ("eof_midway", "protocol", "before it was finished"),
        ("invalid_event", "protocol", "not JSON"),
        ("login_page", "protocol", "before it was finished"),
        ("error_event", "server", "reported an error"),
        ("failed", "server", ""),
    ],
)
def test_every_failure_is_one_clear_line(endpoint: Endpoint, wire: Wire, fault: Any, kind: str, words: str) -> None:
    """It says what happened and what to do, and has a kind; no key is in it."""
    endpoint.fault("reply", fault, times=None)
    with pytest.raises(ModelError) as failed:
        reply(model(endpoint, wire))
    assert failed.value.kind == kind
    assert words in str(failed.value)
    assert "\n" not in str(failed.value)
    assert "sk-test" not in str(failed.value)


@pytest.mark.parametrize(
    ("code", "kind"), [("insufficient_quota", "quota"), ("rate_limit_exceeded", "rate_limit"), ("context_length_exceeded", "context")]
)
def test_what_a_stream_reports_is_told_like_a_status(endpoint: Endpoint, wire: Wire, code: str, kind: str) -> None:
    """A status is sent before the model is asked; some failures are known only after."""
    endpoint.fault("reply", "error_event", after=0, code=code, times=None)
    with pytest.raises(ModelError) as failed:
        reply(model(endpoint, wire))
    assert failed.value.kind == kind


def test_two_messages_of_one_response_are_paragraphs(endpoint: Endpoint) -> None:
    """Models that reason aloud say what they are about to do in a message before the answer."""
    endpoint.reply(Text(("Let me ", "see.")), Text(("It's ", "noon.")))
    pieces = reply(model(endpoint, "responses"))
    assert "".join(p.text for p in pieces if isinstance(p, Delta)) == "Let me see.\n\nIt's noon."


def test_a_chat_stream_that_says_what_it_cost_is_whole(endpoint: Endpoint) -> None:
    """Some servers never say why they stop; the usage comes after the last word."""
    endpoint.reply("All of it.")
    endpoint.fault("reply", "no_finish", times=1)
    pieces = reply(model(endpoint, "chat"))
    assert "".join(p.text for p in pieces if isinstance(p, Delta)) == "All of it."


@pytest.mark.parametrize(
    "fault", ["invalid_json", "login_page", "null_content", "no_output", "null_output", "empty", "length", "refusal", "failed"]
)
def test_an_extraction_without_a_usable_answer_is_a_model_error(endpoint: Endpoint, wire: Wire, fault: Any) -> None:
    """Never a traceback, and never an empty list of facts by mistake."""
    endpoint.fault("extract", fault, times=None)
    made = model(endpoint, wire)
    with pytest.raises(ModelError):
        run(made, made.structured("List.", "I'm Ali", SCHEMA))


def test_a_passing_failure_is_tried_again(endpoint: Endpoint, wire: Wire) -> None:
    """Twice at the most, with backoff."""
    endpoint.fault("reply", "unavailable", times=2)
    endpoint.reply("there")
    assert reply(model(endpoint, wire))[0] == Delta("there")


def test_a_stall_ends_with_the_timeout(endpoint: Endpoint, wire: Wire) -> None:
    """Counted from the last byte."""
    endpoint.fault("reply", "stall_midway", times=None)
    started = time.monotonic()
    with pytest.raises(ModelError) as failed:
        reply(model(endpoint, wire, timeout=0.3))
    assert failed.value.kind == "timeout"
    assert time.monotonic() - started < 5


def test_a_cut_reply_says_why(endpoint: Endpoint, wire: Wire) -> None:
    """Too long, or filtered."""
    endpoint.reply("a long story")
    endpoint.fault("reply", "length")
    end = reply(model(endpoint, wire))[-1]
    assert isinstance(end, ReplyEnd)
    assert end.cut == "length"


def test_usage_that_is_not_reported_is_not_made_up(endpoint: Endpoint, wire: Wire) -> None:
    """Tokens are None then, and the call counts."""
    endpoint.fault("reply", "missing_usage")
    end = reply(model(endpoint, wire))[-1]
    assert end == ReplyEnd(Usage(1, None, None))


@pytest.mark.parametrize("key", ["sk-with\nnewline-000000", "sk-schlüssel-0000000", "sk-nul\x00-00000000"])
def test_a_key_that_cannot_be_one_is_refused_before_it_can_leak(endpoint: Endpoint, wire: Wire, key: str) -> None:
    """The SDK would print it in an exception."""
    with pytest.raises(ModelError) as failed:
        reply(model(endpoint, wire, key=key))
    assert failed.value.kind == "auth"
    assert key[:6] not in str(failed.value)
    assert endpoint.requests == []


def test_a_key_that_the_endpoint_quotes_is_in_no_traceback(endpoint: Endpoint, wire: Wire) -> None:
    """Nor in its causes, whole or as the header that it came in."""
    body = json.dumps({"error": {"message": f"Wrong key: {endpoint.api_key}", "code": "invalid_api_key"}}).encode()
    endpoint.fault("reply", "http", status=401, body=body, times=None)
    with pytest.raises(ModelError) as failed:
        reply(model(endpoint, wire))
    assert endpoint.api_key not in "".join(traceback.format_exception(failed.value))


def test_no_network_is_one_line(wire: Wire) -> None:
    """A port where nobody listens."""
    made = OpenAIModel("m", api_key="k", base_url="http://127.0.0.1:9/v1", api=wire, timeout=2)
    with pytest.raises(ModelError, match=r"No connection to 127.0.0.1:9"):
        reply(made)


def test_without_a_key_openai_is_not_called() -> None:
    """The line says how to go on."""
    made = OpenAIModel("gpt-5.2", api_key=None)
    with pytest.raises(ModelError, match="OPENAI_API_KEY is not set") as failed:
        reply(made)
    assert failed.value.fatal


@pytest.mark.parametrize(
    ("model_name", "base_url", "environ", "chosen"),
    [
        (None, None, {}, "offline"),
        (None, None, {"OPENAI_API_KEY": "sk"}, DEFAULT_MODEL),
        (None, None, {"OPENAI_API_KEY": "  "}, "offline"),
        (None, "http://localhost:1/v1", {}, DEFAULT_MODEL),
        ("offline", None, {"OPENAI_API_KEY": "sk"}, "offline"),
        ("my-model", None, {}, "my-model"),
    ],
)
def test_which_model_answers(model_name: str | None, base_url: str | None, environ: dict[str, str], chosen: str) -> None:
    """The one named, else the default where there is a key or a base URL, else offline."""
    assert choose_model(model_name, base_url, environ) == chosen


def test_offline_is_no_model() -> None:
    """And needs no package."""
    assert open_model("offline") is None


def test_openai_speaks_responses_and_others_chat() -> None:
    """Unless the setting says otherwise."""
    assert OpenAIModel("m", api_key="k").api == "responses"
    assert OpenAIModel("m", api_key="k", base_url="http://localhost:1/v1").api == "chat"
    assert OpenAIModel("m", api_key="k", base_url="http://localhost:1/v1", api="responses").api == "responses"


@pytest.mark.parametrize("fault", ["quota", "unauthorized", "bad_request", "context_length"])
def test_what_will_not_pass_is_not_tried_again(endpoint: Endpoint, wire: Wire, fault: Any) -> None:
    """One request, and the line at once."""
    endpoint.fault("reply", fault, times=None)
    with pytest.raises(ModelError):
        reply(model(endpoint, wire))
    assert len(endpoint.requests) == 1


def test_an_endpoint_that_says_how_long_to_wait_is_heeded(endpoint: Endpoint, wire: Wire) -> None:
    """If it is not too long; else the line says so at once."""
    endpoint.fault("reply", "rate_limit", retry_after=1, times=1)
    endpoint.reply("there")
    started = time.monotonic()
    assert reply(model(endpoint, wire))[0] == Delta("there")
    assert time.monotonic() - started >= 1
    endpoint.fault("reply", "rate_limit", retry_after=600, times=None)
    with pytest.raises(ModelError) as failed:
        reply(model(endpoint, wire))
    assert failed.value.retry_after == 600
    assert time.monotonic() - started < 20


def test_a_reply_that_has_begun_is_not_asked_for_again(endpoint: Endpoint, wire: Wire) -> None:
    """What was shown can't be taken back."""
    endpoint.reply(["one ", "two"])
    endpoint.fault("reply", "reset_midway", times=1)
    with pytest.raises(ModelError):
        reply(model(endpoint, wire))
    assert len(endpoint.requests) == 1


def test_a_server_without_structured_output_is_asked_in_words(endpoint: Endpoint, wire: Wire) -> None:
    """And not asked again in vain."""
    endpoint.fault("extract", "no_structured", times=None)
    endpoint.on("reply", lambda _: 'Sure: ```json\n{"updates": []}\n```')
    made = model(endpoint, wire)

    async def twice() -> str:
        await made.structured("List.", "I'm Ali", SCHEMA)
        return (await made.structured("List.", "I'm Ali", SCHEMA)).text

    assert '{"updates": []}' in run(made, twice())
    assert len(endpoint.calls("extract")) == 1
    assert "JSON Schema" in endpoint.calls("reply")[-1].system_text
