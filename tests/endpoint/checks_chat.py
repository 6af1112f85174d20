"""What ``POST /v1/chat/completions`` refuses, and with which words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.endpoint.checks import (
    Parameters,
    check_choice,
    check_effort,
    check_function,
    check_name,
    check_parameters,
    check_range,
    check_sampling,
    check_type,
    is_reasoning_model,
    unsupported,
)
from tests.endpoint.errors import bad_request, invalid_value, missing
from tests.endpoint.strict import check_schema

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PARAMETERS", "check_chat"]

_NULL = type(None)
PARAMETERS: Parameters = {
    "audio": (dict, _NULL),
    "frequency_penalty": (float, _NULL),
    "function_call": (str, dict),
    "functions": (list,),
    "logit_bias": (dict, _NULL),
    "logprobs": (bool, _NULL),
    "max_completion_tokens": (int, _NULL),
    "max_tokens": (int, _NULL),
    "messages": (list,),
    "metadata": (dict, _NULL),
    "modalities": (list, _NULL),
    "model": (str,),
    "moderation": (dict, _NULL),
    "n": (int, _NULL),
    "parallel_tool_calls": (bool,),
    "prediction": (dict, _NULL),
    "presence_penalty": (float, _NULL),
    "prompt_cache_key": (str, _NULL),
    "prompt_cache_options": (dict,),
    "prompt_cache_retention": (str, _NULL),
    "reasoning_effort": (str, _NULL),
    "response_format": (dict,),
    "safety_identifier": (str, _NULL),
    "seed": (int, _NULL),
    "service_tier": (str, _NULL),
    "stop": (str, list, _NULL),
    "store": (bool, _NULL),
    "stream": (bool, _NULL),
    "stream_options": (dict, _NULL),
    "temperature": (float, _NULL),
    "tool_choice": (str, dict),
    "tools": (list,),
    "top_logprobs": (int, _NULL),
    "top_p": (float, _NULL),
    "user": (str,),
    "verbosity": (str, _NULL),
    "web_search_options": (dict,),
}
"""The parameters of ``CompletionCreateParams`` with the JSON types that they take."""

_MESSAGES: Mapping[str, Parameters] = {
    "developer": {"content": (str, list), "name": (str,)},
    "system": {"content": (str, list), "name": (str,)},
    "user": {"content": (str, list), "name": (str,)},
    "assistant": {
        "audio": (dict, _NULL),
        "content": (str, list, _NULL),
        "function_call": (dict, _NULL),
        "name": (str,),
        "refusal": (str, _NULL),
        "tool_calls": (list,),
    },
    "tool": {"content": (str, list), "tool_call_id": (str,)},
    "function": {"content": (str, _NULL), "name": (str,)},
}
_ROLES = ["system", "assistant", "user", "function", "tool", "developer"]


def check_chat(body: Mapping[str, Any]) -> None:
    """Raise the :class:`~tests.endpoint.errors.ApiError` that the service would answer, if it would."""
    check_parameters(body, PARAMETERS)
    for name in ("model", "messages"):
        if name not in body:
            raise missing(name)
    _options(body)
    _messages(body["messages"])
    _tools(body)
    if "response_format" in body:
        _format(body)


def _options(body: Mapping[str, Any]) -> None:
    if body.get("stream_options") is not None:
        if not body.get("stream"):
            raise bad_request("The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options")
        check_parameters(body["stream_options"], {"include_usage": (bool,), "include_obfuscation": (bool,)}, "stream_options.")
    check_effort("reasoning_effort", body.get("reasoning_effort"))
    check_sampling(body["model"], body, body.get("reasoning_effort"))
    check_range("max_completion_tokens", body.get("max_completion_tokens"), 1)
    check_range("max_tokens", body.get("max_tokens"), 1)
    if body.get("max_tokens") is not None and is_reasoning_model(body["model"]):
        raise unsupported("max_tokens", " Use 'max_completion_tokens' instead.")


def _messages(messages: list[Any]) -> None:
    if not messages:
        text = "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead."
        raise bad_request(text, "messages", "empty_array")
    for index, message in enumerate(messages):
        check_type(f"messages[{index}]", message, (dict,))
        _message(message, f"messages[{index}]")
    _pairs(messages)


def _message(message: Mapping[str, Any], param: str) -> None:
    if "role" not in message:
        raise missing(f"{param}.role")
    role = message["role"]
    if role not in _MESSAGES:
        raise invalid_value(f"{param}.role", role, _ROLES)
    known = _MESSAGES[role]
    check_parameters({name: value for name, value in message.items() if name != "role"}, known, f"{param}.")
    calls = message.get("tool_calls")
    if calls == []:
        raise bad_request(
            f"Invalid '{param}.tool_calls': empty array. Expected an array with minimum length 1.", f"{param}.tool_calls", "empty_array"
        )
    if message.get("content") is None and not (calls or message.get("refusal") or message.get("function_call") or role == "function"):
        raise bad_request("Invalid value for 'content': expected a string, got null.", f"{param}.content")
    for name in known.keys() & {"tool_call_id"}:
        if name not in message:
            raise missing(f"{param}.{name}")
    _content(message.get("content"), role, f"{param}.content")
    for index, call in enumerate(calls or ()):
        _call(call, f"{param}.tool_calls[{index}]")


def _content(content: Any, role: str, param: str) -> None:
    if not isinstance(content, list):
        return
    if not content:
        raise bad_request(f"Invalid '{param}': empty array. Expected an array with minimum length 1.", param, "empty_array")
    supported = {"user": ["text", "image_url", "input_audio", "file"], "assistant": ["text", "refusal"]}.get(role, ["text"])
    for index, part in enumerate(content):
        check_type(f"{param}[{index}]", part, (dict,))
        if part.get("type") not in supported:
            raise invalid_value(f"{param}[{index}].type", part.get("type"), supported)
        field = part["type"]
        if field not in part:
            raise missing(f"{param}[{index}].{field}")


def _call(call: Any, param: str) -> None:
    check_type(param, call, (dict,))
    for name in ("id", "type", "function"):
        if name not in call:
            raise missing(f"{param}.{name}")
    check_parameters(call, {"id": (str,), "type": (str,), "function": (dict,)}, f"{param}.")
    if call["type"] != "function":
        raise invalid_value(f"{param}.type", call["type"], ["function"])
    for name in ("name", "arguments"):
        if name not in call["function"]:
            raise missing(f"{param}.function.{name}")
    check_parameters(call["function"], {"name": (str,), "arguments": (str,)}, f"{param}.function.")
    check_name(f"{param}.function.name", call["function"]["name"])


def _pairs(messages: list[Any]) -> None:
    """Every call is answered right behind its message, and nothing else is answered."""
    waiting: list[str] = []
    asked = False
    for index, message in enumerate(messages):
        if message["role"] == "tool":
            if not asked:
                text = "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'."
                raise bad_request(text, f"messages.[{index}].role")
            if message["tool_call_id"] not in waiting:
                text = f"Invalid parameter: 'tool_call_id' of '{message['tool_call_id']}' not found in 'tool_calls' of previous message."
                raise bad_request(text, f"messages.[{index}].tool_call_id")
            waiting.remove(message["tool_call_id"])
            continue
        _all_answered(waiting, index)
        waiting = [call["id"] for call in message.get("tool_calls", ())]
        asked = bool(waiting)
    _all_answered(waiting, len(messages))


def _all_answered(waiting: list[str], index: int) -> None:
    if waiting:
        text = (
            "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. "
            f"The following tool_call_ids did not have response messages: {', '.join(waiting)}"
        )
        raise bad_request(text, f"messages.[{index}].role")


def _tools(body: Mapping[str, Any]) -> None:
    tools = body.get("tools")
    if tools == []:
        raise bad_request("Invalid 'tools': empty array. Expected an array with minimum length 1.", "tools", "empty_array")
    offered: list[str] = []
    for index, tool in enumerate(tools or ()):
        check_type(f"tools[{index}]", tool, (dict,))
        if "type" not in tool:
            raise missing(f"tools[{index}].type")
        if tool["type"] != "function":
            raise invalid_value(f"tools[{index}].type", tool["type"], ["function"])
        if "function" not in tool:
            raise missing(f"tools[{index}].function")
        check_parameters(tool, {"type": (str,), "function": (dict,)}, f"tools[{index}].")
        known: Parameters = {"name": (str,), "description": (str,), "parameters": (dict,), "strict": (bool, _NULL)}
        check_parameters(tool["function"], known, f"tools[{index}].function.")
        check_function(tool["function"], f"tools[{index}].function")
        offered.append(tool["function"]["name"])
    if "tool_choice" in body and not offered:
        raise bad_request("Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.", "tool_choice")
    if "parallel_tool_calls" in body and not offered:
        text = "Invalid value for 'parallel_tool_calls': 'parallel_tool_calls' is only allowed when 'tools' are specified."
        raise bad_request(text, "parallel_tool_calls")
    choice = body.get("tool_choice")
    check_choice(choice, choice.get("function", {}).get("name") if isinstance(choice, dict) else None, offered)


def _format(body: Mapping[str, Any]) -> None:
    asked = body["response_format"]
    if "type" not in asked:
        raise missing("response_format.type")
    if asked["type"] not in {"text", "json_object", "json_schema"}:
        raise invalid_value("response_format.type", asked["type"], ["json_object", "json_schema", "text"])
    if asked["type"] == "json_object" and "json" not in str(body["messages"]).lower():
        text = "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'."
        raise bad_request(text, "messages")
    if asked["type"] != "json_schema":
        return
    if "json_schema" not in asked:
        raise missing("response_format.json_schema")
    inner = asked["json_schema"]
    check_type("response_format.json_schema", inner, (dict,))
    known: Parameters = {"name": (str,), "description": (str,), "schema": (dict,), "strict": (bool, _NULL)}
    check_parameters(inner, known, "response_format.json_schema.")
    if "name" not in inner:
        raise missing("response_format.json_schema.name")
    check_name("response_format.json_schema.name", inner["name"])
    if inner.get("strict"):
        check_schema(inner.get("schema"), what=f"response_format '{inner['name']}'", param="response_format", code="invalid_json_schema")
