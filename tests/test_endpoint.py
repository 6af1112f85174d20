"""The scripted endpoint, seen through the real SDK: both wires, streamed and whole."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai import AsyncOpenAI
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from openai.types.responses import Response, ResponseStreamEvent
from pydantic import TypeAdapter

from tests.endpoint import Endpoint, Fault, Reasoning, Refusal, ToolCall, Wire
from tests.endpoint.answers import deltas_of
from tests.endpoint.client import ITEM, MODEL, SCHEMA, UPDATE, Heard, call, client_of, say, structured, tool
from tests.endpoint.fixtures import endpoint, stream, wire

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["endpoint", "stream", "wire"]


def test_a_reply_comes_with_its_text_ending_and_usage(endpoint: Endpoint, wire: Wire, stream: bool) -> None:
    """The plain case on all four ways."""
    endpoint.reply("Hello Ali, good to meet you. Ünï 🎉 \ud800", usage=(120, 30))
    heard = call(endpoint, wire, stream=stream)
    assert heard.text == "Hello Ali, good to meet you. Ünï 🎉 \ud800"
    assert heard.ending == ("completed" if wire == "responses" else "stop")
    assert heard.output_tokens == 30
    assert endpoint.left("reply") == 0


def test_every_object_and_event_fits_the_types_of_the_sdk(endpoint: Endpoint, wire: Wire, stream: bool) -> None:
    """Pydantic validates what the SDK itself would only construct."""
    endpoint.reply(Reasoning("Think. "), "Noted: ", ToolCall("a", '{"x":1}'), ToolCall("b", "{}"), "Done.")
    endpoint.reply(Refusal("I can't."))
    endpoint.fault("reply", "length", skip=2)
    types: Any = (ResponseStreamEvent if stream else Response) if wire == "responses" else ChatCompletionChunk if stream else ChatCompletion
    for _ in range(3):
        for event in call(endpoint, wire, stream=stream).events:
            TypeAdapter(types).validate_python(event.to_dict())


def test_the_responses_stream_follows_the_documented_order(endpoint: Endpoint) -> None:
    """Names in order and numbers without a gap."""
    endpoint.reply(["Hel", "lo"])
    events = call(endpoint, "responses").events
    assert [event.type.removeprefix("response.") for event in events] == [
        "created",
        "in_progress",
        "output_item.added",
        "content_part.added",
        "output_text.delta",
        "output_text.delta",
        "output_text.done",
        "content_part.done",
        "output_item.done",
        "completed",
    ]
    assert [event.sequence_number for event in events] == list(range(10))


def test_the_chat_stream_begins_with_the_role_and_ends_with_usage_if_asked(endpoint: Endpoint) -> None:
    """Role first, finish_reason in a chunk of its own, then usage, which nobody gets unasked."""
    events = call(endpoint, "chat").events
    assert events[0].choices[0].delta.role == "assistant"
    assert events[-2].choices[0].finish_reason == "stop"
    assert events[-1].choices == []
    assert all(chunk.usage is None for chunk in events[:-1])
    assert all(chunk.usage is None for chunk in call(endpoint, "chat", stream_options=None).events)


def test_the_accumulators_of_the_sdk_come_to_the_same_answer(endpoint: Endpoint) -> None:
    """The SDK's stream helpers raise where the order of events is wrong."""
    endpoint.default("reply", "Text ", ToolCall("f", '{"a": "b c"}'), "more")

    async def both() -> tuple[Any, Any]:
        async with client_of(endpoint) as client:
            async with client.responses.stream(model=MODEL, input="Hi") as first:
                response = await first.get_final_response()
            async with client.chat.completions.stream(model=MODEL, messages=[{"role": "user", "content": "Hi"}]) as second:
                return response, await second.get_final_completion()

    response, completion = asyncio.run(both())
    assert response.output_text == completion.choices[0].message.content == "Text more"
    assert response.output[1].arguments == completion.choices[0].message.tool_calls[0].function.arguments == '{"a": "b c"}'


def test_structured_output_is_classed_apart_from_replies(endpoint: Endpoint, wire: Wire, stream: bool) -> None:
    """Each class has its own queue and its own default."""
    endpoint.extract([UPDATE])
    endpoint.reply("Hello Ali")
    assert json.loads(call(endpoint, wire, stream=stream, **structured(wire, SCHEMA)).text) == {"updates": [UPDATE]}
    assert json.loads(call(endpoint, wire, stream=stream, **structured(wire, SCHEMA)).text) == {"updates": []}
    assert call(endpoint, wire, stream=stream).text == "Hello Ali"
    assert [request.kind for request in endpoint.requests] == ["extract", "extract", "reply"]


def test_a_request_is_recorded_whole(endpoint: Endpoint, wire: Wire) -> None:
    """Path, headers, body, class, time and connection."""
    before = time.monotonic()
    call(endpoint, wire)
    (request,) = endpoint.requests
    assert request.path == {"responses": "/v1/responses", "chat": "/v1/chat/completions"}[wire]
    assert request.headers["authorization"] == f"Bearer {endpoint.api_key}"
    assert (request.wire, request.user_text, request.json["model"]) == (wire, "Hi", MODEL)
    assert before <= request.at <= time.monotonic()
    assert (request.status, request.finished, request.connection) == (200, True, 1)


def test_what_was_said_is_read_alike_on_both_wires(endpoint: Endpoint) -> None:
    """Instructions and system messages, and the newest of the user's."""
    said = [{"role": "developer", "content": "Be brief."}, {"role": "user", "content": "Hi"}, {"role": "user", "content": "Bye"}]
    call(endpoint, "responses", instructions="You help.", input=said)
    call(endpoint, "chat", messages=[{"role": "system", "content": "You help."}, *said])
    assert [request.system_text for request in endpoint.requests] == ["You help.\nBe brief."] * 2
    assert [request.user_text for request in endpoint.requests] == ["Bye", "Bye"]


def test_a_connection_is_kept_alive_and_calls_run_side_by_side(endpoint: Endpoint, wire: Wire) -> None:
    """Ten calls in a row take one connection; two at once take their delay once."""
    endpoint.delay(extract=1.5)

    async def calls() -> float:
        async with client_of(endpoint) as client:
            for _ in range(10):
                await say(client, wire, Heard(), stream=True)
            started = time.monotonic()
            await asyncio.gather(*(say(client, wire, Heard(), stream=True, **structured(wire, SCHEMA)) for _ in range(2)))
            return time.monotonic() - started

    took = asyncio.run(calls())
    assert {request.connection for request in endpoint.calls("reply")} == {1}
    assert 1.5 <= took < 2.9


def test_a_delay_stands_before_the_first_byte_and_a_chunk_delay_between_deltas(endpoint: Endpoint, wire: Wire) -> None:
    """Both are in seconds and can be set while it serves."""
    endpoint.delay(reply=0.15)
    endpoint.chunk_delay = 0.05
    endpoint.reply(["a", "b", "c"])
    started = time.monotonic()
    heard = call(endpoint, wire)
    assert heard.times[0] - started >= 0.15
    assert heard.times[-1] - started >= 0.3


def test_a_handler_answers_fails_or_passes(endpoint: Endpoint, wire: Wire) -> None:
    """It sees the request, may block, and None leaves the call to the queue."""
    gate = threading.Event()
    said = iter(["from the handler", Fault("quota"), None])

    def handler(request: Any) -> Any:
        gate.wait(5)
        return next(said)

    endpoint.on("reply", handler)
    endpoint.reply("from the queue")
    threading.Timer(0.05, gate.set).start()
    assert call(endpoint, wire).text == "from the handler"
    with pytest.raises(openai.RateLimitError):
        call(endpoint, wire)
    assert call(endpoint, wire).text == "from the queue"


def test_waiting_for_requests_ends_when_they_come_or_the_time_is_up(endpoint: Endpoint) -> None:
    """A test can wait for a call that another thread makes."""
    with pytest.raises(TimeoutError, match="0 of 1"):
        endpoint.wait_for(1, timeout=0.01)
    caller = threading.Thread(target=call, args=(endpoint, "chat"))
    caller.start()
    assert endpoint.wait_for(1, "reply")[0].user_text == "Hi"
    caller.join()


def test_models_are_listed_and_looked_up(endpoint: Endpoint) -> None:
    """``GET /v1/models`` and one of them."""

    async def look() -> tuple[list[str], str]:
        async with client_of(endpoint) as client:
            listed = [model.id async for model in client.models.list()]
            found = await client.models.retrieve(MODEL)
            with pytest.raises(openai.NotFoundError):
                await client.models.retrieve("gpt-0")
            endpoint.fault("models", "forbidden")
            with pytest.raises(openai.PermissionDeniedError):
                await client.models.list()
            return listed, found.id

    listed, found = asyncio.run(look())
    assert MODEL in listed
    assert found == MODEL


# A round of tools


def test_parallel_calls_come_with_text_before_and_behind(endpoint: Endpoint, wire: Wire, stream: bool) -> None:
    """Several calls in one answer."""
    endpoint.reply("Let me ", ToolCall("note", '{"a":"Ü b"}'), ToolCall("note", '{"a"'), "see.")
    heard = call(endpoint, wire, stream=stream, **tool(wire, ITEM))
    assert heard.text == "Let me see."
    assert heard.calls == [("note", '{"a":"Ü b"}'), ("note", '{"a"')]


def test_a_tool_round_on_the_chat_wire_needs_an_output_a_call(endpoint: Endpoint) -> None:
    """Outputs without a call and calls without an output are refused; the pair is taken."""
    endpoint.tool_call("note", "{}", call_id="call_1", before="Hm.")
    heard = call(endpoint, "chat", stream=False, **tool("chat", ITEM))
    user, said = {"role": "user", "content": "Hi"}, heard.events[0].choices[0].message.to_dict()
    output = {"role": "tool", "tool_call_id": "call_1", "content": "saved"}
    said = {name: said[name] for name in ("role", "content", "tool_calls")}
    for messages, words in (
        ([user, output], "must be a response to a preceeding message"),
        ([user, said], "did not have response messages: call_1"),
        ([user, said, output | {"tool_call_id": "call_2"}], "'call_2' not found"),
    ):
        with pytest.raises(openai.BadRequestError, match=words):
            call(endpoint, "chat", messages=messages, **tool("chat", ITEM))
    assert call(endpoint, "chat", messages=[user, said, output], **tool("chat", ITEM)).text == "OK."
    assert endpoint.requests[-1].tool_outputs == {"call_1": "saved"}


def test_reasoning_goes_back_as_it_came(endpoint: Endpoint, stream: bool) -> None:
    """Without a store it needs its encrypted content, unchanged, and what it led to behind it."""
    endpoint.tool_call("note", "{}", reasoning="Thinking")
    more: dict[str, Any] = {"store": False, "include": ["reasoning.encrypted_content"], **tool("responses", ITEM)}
    heard = call(endpoint, "responses", stream=stream, **more)
    reasoning, asked = [item.to_dict() for item in (heard.events[-1].response if stream else heard.events[-1]).output]
    user, output = {"role": "user", "content": "Hi"}, {"type": "function_call_output", "call_id": asked["call_id"], "output": "saved"}
    assert call(endpoint, "responses", input=[user, reasoning, asked, output], **more).text == "OK."
    bare = {name: value for name, value in reasoning.items() if name != "encrypted_content"}
    without_id = {name: value for name, value in asked.items() if name != "id"}
    for items, words in (
        ([user, bare, asked, output], "Items are not persisted when `store` is set to false"),
        ([user, reasoning | {"encrypted_content": "gAAAAAB"}, asked, output], "could not be verified"),
        ([user, reasoning], "without its required following item"),
        ([user, reasoning, user], "without its required following item"),
        ([user, asked, output], "without its required 'reasoning' item"),
        ([user, without_id], "No tool output found for function call"),
        ([user, output], "No tool call found for function call output"),
        ([user, reasoning, asked, output, asked], "Duplicate item found"),
    ):
        with pytest.raises(openai.APIStatusError, match=words):
            call(endpoint, "responses", input=items, **more)
    assert call(endpoint, "responses", input=[user, without_id, output], **more).text == "OK."


def test_a_stored_response_can_be_gone_on_from(endpoint: Endpoint) -> None:
    """``previous_response_id`` stands for its calls; an unknown one is refused."""
    endpoint.tool_call("note", "{}", call_id="call_7")
    first = call(endpoint, "responses", stream=False, **tool("responses", ITEM)).events[0]
    output = [{"type": "function_call_output", "call_id": "call_7", "output": "saved"}]
    assert call(endpoint, "responses", previous_response_id=first.id, input=output).text == "OK."
    with pytest.raises(openai.BadRequestError, match="Previous response with id 'resp_0' not found"):
        call(endpoint, "responses", previous_response_id="resp_0", input=output)


def test_a_client_that_leaves_is_seen_and_harms_nobody(endpoint: Endpoint, wire: Wire) -> None:
    """As Ctrl-C does in the middle of a stream."""
    endpoint.fault("reply", "stall_midway")

    async def leave() -> None:
        async with client_of(endpoint) as client:
            task = asyncio.create_task(say(client, wire, Heard(), stream=True))
            await asyncio.to_thread(endpoint.wait_for, 1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(leave())
    assert not endpoint.requests[0].finished
    assert call(endpoint, wire).text == "OK."


def test_a_closed_endpoint_refuses_connections_even_with_a_call_waiting(wire: Wire) -> None:
    """Closing doesn't wait for a stall."""
    serving = Endpoint().start()
    serving.fault("reply", "stall")
    lost: list[Exception] = []

    def caller() -> None:
        try:
            call(serving, wire)
        except openai.APIConnectionError as error:
            lost.append(error)

    waiting = threading.Thread(target=caller)
    waiting.start()
    serving.wait_for(1)
    serving.close()
    serving.close()
    waiting.join(5)
    assert len(lost) == 1
    with pytest.raises(openai.APIConnectionError):
        call(serving, wire)


def test_clearing_forgets_script_and_requests(endpoint: Endpoint) -> None:
    """An endpoint may serve many tests."""
    endpoint.reply("old")
    endpoint.fault("reply", "quota", times=None)
    endpoint.clear()
    assert call(endpoint, "chat").text == "OK."
    assert len(endpoint.requests) == 1


def test_a_taken_port_is_an_error_of_the_caller() -> None:
    """Not of a thread that nobody hears."""
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="address already in use"):
        Endpoint(port=taken.getsockname()[1]).start()


def test_as_a_program_it_prints_its_url_and_serves_until_it_is_ended(pytestconfig: pytest.Config) -> None:
    """As the benchmarks start it."""
    root: Path = pytestconfig.rootpath
    command = [sys.executable, "-m", "tests.endpoint", "--port", "0", "--delay-extract", "0.05", "--update", 'name=Ali:"I\'m Ali"']
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        base_url = program.stdout.readline().strip()

        async def once(heard: Heard) -> None:
            async with AsyncOpenAI(base_url=base_url, api_key="sk-any", max_retries=0) as client:
                await say(client, "chat", heard, stream=True, **structured("chat", SCHEMA))

        heard = Heard()
        asyncio.run(once(heard))
        program.send_signal(signal.SIGTERM)
        assert program.wait(10) == 0
    assert json.loads(heard.text) == {"updates": [UPDATE]}


@given(st.text())
def test_deltas_joined_are_the_text_again(text: str) -> None:
    """For any text whatever."""
    assert "".join(deltas_of(text)) == text
