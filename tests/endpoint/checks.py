"""What both wires check of a request: parameters, their types, tools and structured output."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tests.endpoint.errors import ApiError, bad_request, invalid_value, missing, unknown_parameter
from tests.endpoint.strict import check_schema

__all__ = [
    "Parameters",
    "check_choice",
    "check_effort",
    "check_function",
    "check_name",
    "check_parameters",
    "check_range",
    "check_sampling",
    "check_type",
    "is_reasoning_model",
    "unsupported",
]

Parameters = Mapping[str, tuple[type, ...]]
"""Parameter names and the JSON types they take, ``type(None)`` among them where null is taken."""

_NAMES = {
    str: "a string",
    int: "an integer",
    float: "a decimal",
    bool: "a boolean",
    list: "an array",
    dict: "an object",
    type(None): "null",
}
_EFFORTS = ["none", "minimal", "low", "medium", "high", "xhigh", "max"]


def _name(value: object) -> str:
    return _NAMES.get(type(value), "an unknown value")


def check_type(param: str, value: object, types: tuple[type, ...]) -> None:
    """Refuse a value of another JSON type. An integer passes as a decimal, a Boolean as nothing else."""
    if type(value) in types or (type(value) is int and float in types):
        return
    expected = " or ".join(_NAMES[type_] for type_ in types if type_ is not type(None))
    raise bad_request(f"Invalid type for '{param}': expected {expected}, but got {_name(value)} instead.", param, "invalid_type")


def check_parameters(body: Mapping[str, Any], known: Parameters, prefix: str = "") -> None:
    """Refuse unknown parameters and values of a wrong type; ``prefix`` is the path of ``body``, with its dot."""
    for name, value in body.items():
        if name not in known:
            raise unknown_parameter(prefix + name)
        check_type(prefix + name, value, known[name])


def check_range(param: str, value: float | None, low: float, high: float | None = None) -> None:
    """Refuse a number outside its range."""
    if value is None:
        return
    kind = "integer" if isinstance(value, int) and isinstance(low, int) else "decimal"
    if value < low:
        text = f"Invalid '{param}': {kind} below minimum value. Expected a value >= {low}, but got {value} instead."
        raise bad_request(text, param, f"{kind}_below_min_value")
    if high is not None and value > high:
        text = f"Invalid '{param}': {kind} above maximum value. Expected a value <= {high}, but got {value} instead."
        raise bad_request(text, param, f"{kind}_above_max_value")


def check_name(param: str, value: object) -> None:
    """Refuse a name of a function or a format that isn't 1 to 64 letters, digits, ``_`` and ``-``."""
    check_type(param, value, (str,))
    name = str(value)
    if not name:
        raise bad_request(f"Invalid '{param}': empty string. Expected a string with minimum length 1.", param, "empty_string")
    if len(name) > 64:
        text = f"Invalid '{param}': string too long. Expected a string with maximum length 64, but got a string with length {len(name)} instead."
        raise bad_request(text, param, "string_above_max_length")
    if not re.fullmatch(r"[a-zA-Z0-9_-]+", name):
        text = f"Invalid '{param}': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'."
        raise bad_request(text, param, "invalid_value")


def check_effort(param: str, value: object) -> None:
    """Refuse an unknown reasoning effort."""
    if value is not None and value not in _EFFORTS:
        raise invalid_value(param, value, _EFFORTS)


def check_function(function: Mapping[str, Any], param: str) -> None:
    """Check a function that the model may call; ``param`` is its path. Strict ones are held to the strict subset."""
    if "name" not in function:
        raise missing(f"{param}.name")
    check_name(f"{param}.name", function["name"])
    parameters = function.get("parameters")
    if function.get("strict") and parameters is not None:
        check_schema(parameters, what=f"function '{function['name']}'", param=f"{param}.parameters", code="invalid_function_parameters")


def check_choice(choice: object, name: object, offered: Sequence[str]) -> None:
    """Check ``tool_choice``; ``name`` is the function it names, if it names one."""
    if isinstance(choice, str):
        if choice not in {"none", "auto", "required"}:
            raise invalid_value("tool_choice", choice, ["none", "auto", "required"])
        if choice == "required" and not offered:
            raise bad_request("Tool choice 'required' must be specified with 'tools' parameter.", "tool_choice")
    elif isinstance(choice, Mapping) and choice.get("type") == "function" and name not in offered:
        raise bad_request(f"Tool choice 'function' not found in 'tools' parameter. Function: '{name}'.", "tool_choice")


def is_reasoning_model(model: str) -> bool:
    """Whether the model is one of the families that reason, and so take neither ``max_tokens`` nor, when reasoning, ``temperature``."""
    return bool(re.match(r"gpt-[5-9]|o\d", model))


def unsupported(param: str, hint: str = "") -> ApiError:
    """A parameter that the service knows and this model doesn't take."""
    return bad_request(f"Unsupported parameter: '{param}' is not supported with this model.{hint}", param, "unsupported_parameter")


def check_sampling(model: str, body: Mapping[str, Any], effort: object) -> None:
    """Check temperature and top_p: their range, and that the model takes them while it reasons."""
    check_range("temperature", body.get("temperature"), 0, 2)
    check_range("top_p", body.get("top_p"), 0, 1)
    if is_reasoning_model(model) and effort not in {None, "none"}:
        for name in ("temperature", "top_p"):
            if body.get(name) is not None:
                raise unsupported(name)
