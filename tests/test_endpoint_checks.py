"""What the endpoint refuses, seen through the real SDK on both wires."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import openai
import pytest
from openai.types.chat import completion_create_params
from openai.types.responses import response_create_params

from tests.endpoint.checks_chat import PARAMETERS as CHAT_PARAMETERS
from tests.endpoint.checks_responses import PARAMETERS as RESPONSES_PARAMETERS
from tests.endpoint.client import ITEM, SCHEMA, UPDATE, Heard, call, client_of, say, structured, tool
from tests.endpoint.fixtures import endpoint, stream, wire

if TYPE_CHECKING:
    from tests.endpoint import Endpoint, Wire

__all__ = ["endpoint", "stream", "wire"]


def test_the_parameters_are_those_of_the_sdk() -> None:
    """A parameter that the SDK learns or forgets shows here."""
    assert set(RESPONSES_PARAMETERS) == set(response_create_params.ResponseCreateParamsStreaming.__annotations__)
    assert set(CHAT_PARAMETERS) == set(completion_create_params.CompletionCreateParamsStreaming.__annotations__)


BOTH: list[tuple[dict[str, Any], str]] = [
    ({"extra_body": {"prompt_style": "x"}}, "Unknown parameter: 'prompt_style'"),
    ({"temperature": 3}, "above maximum value"),
    ({"temperature": "hot"}, "expected a decimal, but got a string"),
    ({"model": ""}, "does not exist"),
]
RESPONSES: list[tuple[dict[str, Any], str]] = [
    ({"input": []}, "empty array"),
    ({"input": openai.omit}, "Missing required parameter: 'input'"),
    ({"input": [{"role": "robot", "content": "Hi"}]}, "Invalid value: 'robot'"),
    ({"input": [{"role": "assistant", "content": [{"type": "input_text", "text": "Hi"}]}]}, "'output_text' and 'refusal'"),
    ({"input": [{"role": "user", "content": "Hi", "name": "Ali"}]}, "Unknown parameter: 'input\\[0\\].name'"),
    ({"input": [{"type": "function_call", "id": "call_1", "call_id": "c", "name": "f", "arguments": "{}"}]}, "begins with 'fc'"),
    ({"max_output_tokens": 5}, "Expected a value >= 16"),
    ({"reasoning": {"effort": "huge"}}, "Invalid value: 'huge'"),
    ({"reasoning": {"effort": "low"}, "temperature": 0}, "'temperature' is not supported with this model"),
    ({"tool_choice": "sometimes"}, "Invalid value: 'sometimes'"),
    ({"tool_choice": "required"}, "must be specified with 'tools' parameter"),
    ({"include": ["everything"]}, "Invalid value: 'everything'"),
    ({"text": {"format": {"type": "json_object"}}}, "must contain the word 'json'"),
]
CHAT: list[tuple[dict[str, Any], str]] = [
    ({"messages": []}, "empty array"),
    ({"messages": [{"role": "robot", "content": "Hi"}]}, "Invalid value: 'robot'"),
    ({"messages": [{"role": "user", "content": None}]}, "expected a string"),
    ({"messages": [{"role": "assistant", "content": None}]}, "expected a string, got null"),
    ({"messages": [{"role": "user", "content": "Hi", "id": 1}]}, "Unknown parameter: 'messages\\[0\\].id'"),
    ({"max_tokens": 100}, "Use 'max_completion_tokens' instead"),
    ({"stream": False, "stream_options": {"include_usage": True}}, "only allowed when 'stream' is enabled"),
    ({"tool_choice": "auto"}, "only allowed when 'tools' are specified"),
    ({"parallel_tool_calls": True}, "only allowed when 'tools' are specified"),
    ({"response_format": {"type": "json_object"}}, "must contain the word 'json'"),
]
REFUSED_REQUESTS: list[tuple[Wire, dict[str, Any], str]] = [
    *(("responses", *case) for case in BOTH + RESPONSES),
    *(("chat", *case) for case in BOTH + CHAT),
]


@pytest.mark.parametrize(("wire", "more", "words"), REFUSED_REQUESTS)
def test_a_wrong_request_is_refused_in_the_words_of_the_service(endpoint: Endpoint, wire: Wire, more: dict[str, Any], words: str) -> None:
    """Nothing is taken from the script for it."""
    endpoint.reply("unused")
    with pytest.raises(openai.APIStatusError, match=words):
        call(endpoint, wire, **{"stream": True, **more})
    assert endpoint.left("reply") == 1


def changed(**keywords: Any) -> dict[str, Any]:
    """The schema with other keywords in its item."""
    return {**SCHEMA, "properties": {"updates": {"type": "array", "items": {**ITEM, **keywords}}}}


BAD_SCHEMAS: list[tuple[dict[str, Any], str]] = [
    (changed(additionalProperties=True), "'additionalProperties' is required to be supplied and to be false"),
    (changed(required=["field"]), "Missing 'action'"),
    (changed(required=[*UPDATE, "more"]), "Extra required key 'more'"),
    (changed(minProperties=1), "'minProperties' is not permitted"),
    (changed(properties={**ITEM["properties"], "field": {"type": "string", "default": "x"}}), "'default' is not permitted"),
    (changed(properties={**ITEM["properties"], "field": {"enum": ["x"]}}), "schema must have a 'type' key"),
    (changed(properties={**ITEM["properties"], "field": {"$ref": "#/$defs/none"}}), "was not found in the schema"),
    ({"type": "array", "items": ITEM}, "schema must be a JSON Schema of"),
    ({**SCHEMA, "properties": {"updates": {"type": "array"}}}, "array schema missing items"),
]


@pytest.mark.parametrize(("schema", "words"), BAD_SCHEMAS)
def test_a_schema_outside_the_strict_subset_is_refused(endpoint: Endpoint, wire: Wire, schema: dict[str, Any], words: str) -> None:
    """For structured output and for strict tools alike; a tool that isn't strict may have it."""
    for more in (structured(wire, schema), tool(wire, schema)):
        with pytest.raises(openai.BadRequestError, match="Invalid schema for") as refused:
            call(endpoint, wire, **more)
        assert words in refused.value.message
    assert call(endpoint, wire, **tool(wire, schema, strict=False)).text == "OK."


@pytest.mark.parametrize("key", ["sk-wrong-0123456789", "x"])
def test_a_wrong_key_is_refused_and_not_repeated(endpoint: Endpoint, wire: Wire, key: str) -> None:
    """As the service does, only its ends are shown."""

    async def once() -> None:
        async with client_of(endpoint, api_key=key) as client:
            await say(client, wire, Heard(), stream=True)

    with pytest.raises(openai.AuthenticationError, match="Incorrect API key provided") as refused:
        asyncio.run(once())
    assert refused.value.code == "invalid_api_key"
    assert key not in refused.value.message


def test_a_path_outside_the_api_gets_a_page_of_html(endpoint: Endpoint) -> None:
    """A base URL without /v1 meets a web server; a wrong path inside it meets the API."""

    async def both() -> tuple[str, str]:
        messages = []
        for base_url in (endpoint.base_url.removesuffix("/v1"), f"{endpoint.base_url}/v2"):
            async with client_of(endpoint, base_url=base_url) as client:
                with pytest.raises(openai.NotFoundError) as refused:
                    await say(client, "chat", Heard(), stream=False)
            messages.append(refused.value.response.text)
        return messages[0], messages[1]

    outside, inside = asyncio.run(both())
    assert outside.startswith("<html>")
    assert "Invalid URL (POST /v1/v2/chat/completions)" in inside
