"""What ``POST /v1/responses`` refuses, and with which words."""

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
)
from tests.endpoint.errors import ApiError, bad_request, invalid_value, missing
from tests.endpoint.strict import check_schema

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.endpoint.issued import Issued

__all__ = ["PARAMETERS", "check_responses"]

_NULL = type(None)
PARAMETERS: Parameters = {
    "access_programs": (dict,),
    "background": (bool, _NULL),
    "background_options": (dict,),
    "context_management": (list, _NULL),
    "conversation": (str, dict, _NULL),
    "image": (dict,),
    "include": (list, _NULL),
    "input": (str, list),
    "instructions": (str, _NULL),
    "max_output_tokens": (int, _NULL),
    "max_tool_calls": (int, _NULL),
    "metadata": (dict, _NULL),
    "model": (str,),
    "moderation": (dict, _NULL),
    "parallel_tool_calls": (bool, _NULL),
    "previous_response_id": (str, _NULL),
    "prompt": (dict, _NULL),
    "prompt_cache_key": (str, _NULL),
    "prompt_cache_options": (dict,),
    "prompt_cache_retention": (str, _NULL),
    "reasoning": (dict, _NULL),
    "safety_identifier": (str, _NULL),
    "service_tier": (str, _NULL),
    "store": (bool, _NULL),
    "stream": (bool, _NULL),
    "stream_options": (dict, _NULL),
    "temperature": (float, _NULL),
    "text": (dict,),
    "tool_choice": (str, dict),
    "tools": (list,),
    "top_logprobs": (int, _NULL),
    "top_p": (float, _NULL),
    "truncation": (str, _NULL),
    "user": (str,),
}
"""The parameters of ``ResponseCreateParams`` with the JSON types that they take."""

_STATUS = {"status": (str,)}
_ITEMS: Mapping[str, Parameters] = {
    "message": {"role": (str,), "content": (str, list), "id": (str,), "phase": (str, _NULL), **_STATUS},
    "function_call": {
        "arguments": (str,),
        "async": (bool,),
        "call_id": (str,),
        "caller": (dict, _NULL),
        "id": (str,),
        "name": (str,),
        "namespace": (str,),
        **_STATUS,
    },
    "function_call_output": {
        "call_id": (str, _NULL),
        "caller": (dict, _NULL),
        "id": (str, _NULL),
        "name": (str, _NULL),
        "namespace": (str, _NULL),
        "output": (str, list),
        "status": (str, _NULL),
    },
    "reasoning": {"content": (list,), "encrypted_content": (str, _NULL), "id": (str,), "summary": (list,), **_STATUS},
}
_REQUIRED = {
    "message": ("role", "content"),
    "function_call": ("arguments", "call_id", "name"),
    "function_call_output": ("call_id", "output"),
    "reasoning": ("id", "summary"),
}
_PREFIXES = {"message": "msg", "function_call": "fc", "reasoning": "rs"}
_INCLUDABLE = [
    "code_interpreter_call.outputs",
    "computer_call_output.output.image_url",
    "file_search_call.results",
    "message.input_image.image_url",
    "message.output_text.logprobs",
    "reasoning.encrypted_content",
    "web_search_call.action.sources",
    "web_search_call.results",
]


def check_responses(body: Mapping[str, Any], issued: Issued) -> None:
    """Raise the :class:`~tests.endpoint.errors.ApiError` that the service would answer, if it would."""
    check_parameters(body, PARAMETERS)
    if "model" not in body:
        raise missing("model")
    if not body.keys() & {"input", "previous_response_id", "prompt", "conversation"}:
        raise missing("input")
    _options(body)
    calls = _previous(body, issued)
    if isinstance(body.get("input"), list):
        _input(body["input"], issued, calls=calls, stored=body.get("store") is not False)
    _tools(body)
    _text(body)


def _options(body: Mapping[str, Any]) -> None:
    effort = None
    if body.get("reasoning") is not None:
        known: Parameters = dict.fromkeys(("effort", "summary", "generate_summary", "context", "mode"), (str, _NULL))
        check_parameters(body["reasoning"], known, "reasoning.")
        effort = body["reasoning"].get("effort")
        check_effort("reasoning.effort", effort)
    check_sampling(body["model"], body, effort)
    check_range("max_output_tokens", body.get("max_output_tokens"), 16)
    if body.get("stream_options") is not None:
        if not body.get("stream"):
            raise bad_request("The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options")
        check_parameters(body["stream_options"], {"include_obfuscation": (bool,)}, "stream_options.")
    for index, name in enumerate(body.get("include") or ()):
        if name not in _INCLUDABLE:
            raise invalid_value(f"include[{index}]", name, _INCLUDABLE)
    if body.get("truncation") not in {None, "auto", "disabled"}:
        raise invalid_value("truncation", body["truncation"], ["auto", "disabled"])


def _previous(body: Mapping[str, Any], issued: Issued) -> set[str]:
    previous = body.get("previous_response_id")
    if previous is None:
        return set()
    if previous not in issued.responses:
        text = f"Previous response with id '{previous}' not found."
        raise bad_request(text, "previous_response_id", "previous_response_not_found")
    return set(issued.responses[previous])


def _input(items: list[Any], issued: Issued, *, calls: set[str], stored: bool) -> None:
    if not items:
        text = "Invalid 'input': empty array. Expected an array with minimum length 1, but got an empty array instead."
        raise bad_request(text, "input", "empty_array")
    for index, item in enumerate(items):
        check_type(f"input[{index}]", item, (dict,))
        _item(item, f"input[{index}]")
    _unique(items)
    _answered(items, calls)
    for index, item in enumerate(items):
        if item.get("type") == "reasoning":
            _reasoning(item, items[index + 1 :], issued, stored=stored)
    _accompanied(items, issued)


def _item(item: Mapping[str, Any], param: str) -> None:
    kind = item.get("type", "message")
    if kind not in _ITEMS:
        raise invalid_value(param, kind, sorted(_ITEMS))
    check_parameters({name: value for name, value in item.items() if name != "type"}, _ITEMS[kind], f"{param}.")
    for name in _REQUIRED[kind]:
        if item.get(name) is None:
            raise missing(f"{param}.{name}")
    prefix, id_ = _PREFIXES.get(kind), item.get("id")
    if prefix and id_ is not None and not str(id_).startswith(f"{prefix}_"):
        raise bad_request(f"Invalid '{param}.id': '{id_}'. Expected an ID that begins with '{prefix}'.", f"{param}.id", "invalid_value")
    if item.get("status") not in {None, "in_progress", "completed", "incomplete"}:
        raise invalid_value(f"{param}.status", item["status"], ["in_progress", "completed", "incomplete"])
    if kind == "message":
        _message(item, param)
    if kind == "function_call":
        check_name(f"{param}.name", item["name"])


def _message(item: Mapping[str, Any], param: str) -> None:
    roles = ["assistant", "system", "developer", "user"]
    if item["role"] not in roles:
        raise invalid_value(f"{param}.role", item["role"], roles)
    if isinstance(item["content"], str):
        return
    supported = ["output_text", "refusal"] if item["role"] == "assistant" else ["input_text", "input_image", "input_file"]
    for index, part in enumerate(item["content"]):
        here = f"{param}.content[{index}]"
        check_type(here, part, (dict,))
        if part.get("type") not in supported:
            raise invalid_value(here, part.get("type"), supported)
        field = {"output_text": "text", "input_text": "text", "refusal": "refusal"}.get(part["type"])
        if field and not isinstance(part.get(field), str):
            raise missing(f"{here}.{field}")


def _unique(items: list[Any]) -> None:
    seen: set[str] = set()
    for item in items:
        id_ = item.get("id")
        if id_ in seen:
            text = f"Duplicate item found with id {id_}. Remove duplicate items from your input and try again."
            raise bad_request(text, "input")
        if id_ is not None:
            seen.add(id_)


def _answered(items: list[Any], calls: set[str]) -> None:
    """Every output has a call before it, and every call an output."""
    waiting = set(calls)
    for item in items:
        if item.get("type") == "function_call":
            waiting.add(item["call_id"])
        if item.get("type") == "function_call_output":
            if item["call_id"] not in waiting:
                raise bad_request(f"No tool call found for function call output with call_id {item['call_id']}.", "input")
            waiting.discard(item["call_id"])
    if waiting:
        raise bad_request(f"No tool output found for function call {min(waiting)}.", "input")


def _reasoning(item: Mapping[str, Any], behind: list[Any], issued: Issued, *, stored: bool) -> None:
    """A reasoning item is the service's own, unchanged, and what it led to follows it."""
    id_, encrypted = item["id"], item.get("encrypted_content")
    if encrypted is None and not (stored and id_ in issued.stored):
        hint = (
            ""
            if stored
            else " Items are not persisted when `store` is set to false. Try again with `store` set to true, or remove this item from your input."
        )
        raise ApiError(404, f"Item with id '{id_}' not found.{hint}", param="input")
    if encrypted is not None and encrypted != issued.encrypted.get(id_):
        text = f"The encrypted content for item {id_} could not be verified. Reason: Encrypted content could not be decrypted or parsed."
        raise bad_request(text, code="invalid_encrypted_content")
    following: dict[str, Any] = next((other for other in behind if other.get("type") != "reasoning"), {})
    if following.get("type") != "function_call" and following.get("role") != "assistant":
        raise bad_request(f"Item '{id_}' of type 'reasoning' was provided without its required following item.", "input")


def _accompanied(items: list[Any], issued: Issued) -> None:
    """An item that came with reasoning, and is known by its id, goes back with it."""
    sent = {item.get("id") for item in items}
    for item in items:
        needed = issued.reasons.get(item.get("id") or "")
        if needed is not None and needed not in sent:
            kind = item.get("type", "message")
            text = f"Item '{item['id']}' of type '{kind}' was provided without its required 'reasoning' item: '{needed}'."
            raise bad_request(text, "input")


def _tools(body: Mapping[str, Any]) -> None:
    offered: list[str] = []
    known: Parameters = {
        "allowed_callers": (list, _NULL),
        "async": (bool,),
        "defer_loading": (bool,),
        "description": (str, _NULL),
        "name": (str,),
        "output_schema": (dict, _NULL),
        "parameters": (dict, _NULL),
        "strict": (bool, _NULL),
        "type": (str,),
    }
    for index, tool in enumerate(body.get("tools", ())):
        check_type(f"tools[{index}]", tool, (dict,))
        if "type" not in tool:
            raise missing(f"tools[{index}].type")
        if tool["type"] != "function":
            raise invalid_value(f"tools[{index}].type", tool["type"], ["function"])
        check_parameters(tool, known, f"tools[{index}].")
        check_function(tool, f"tools[{index}]")
        offered.append(tool["name"])
    choice = body.get("tool_choice")
    check_choice(choice, choice.get("name") if isinstance(choice, dict) else None, offered)


def _text(body: Mapping[str, Any]) -> None:
    text = body.get("text", {})
    check_parameters(text, {"format": (dict,), "verbosity": (str, _NULL)}, "text.")
    if text.get("verbosity") not in {None, "low", "medium", "high"}:
        raise invalid_value("text.verbosity", text["verbosity"], ["low", "medium", "high"])
    asked = text.get("format")
    if asked is None:
        return
    if "type" not in asked:
        raise missing("text.format.type")
    if asked["type"] not in {"text", "json_object", "json_schema"}:
        raise invalid_value("text.format.type", asked["type"], ["json_object", "json_schema", "text"])
    if asked["type"] == "json_object" and "json" not in str(body.get("input")).lower():
        words = "Response input messages must contain the word 'json' in some form to use 'text.format' of type 'json_object'."
        raise bad_request(words, "input")
    if asked["type"] == "json_schema":
        _schema(asked)


def _schema(asked: Mapping[str, Any]) -> None:
    known: Parameters = {"type": (str,), "name": (str,), "description": (str,), "schema": (dict,), "strict": (bool, _NULL)}
    check_parameters(asked, known, "text.format.")
    for name in ("name", "schema"):
        if name not in asked:
            raise missing(f"text.format.{name}")
    check_name("text.format.name", asked["name"])
    if asked.get("strict"):
        check_schema(asked["schema"], what=f"response_format '{asked['name']}'", param="text.format.schema", code="invalid_json_schema")
