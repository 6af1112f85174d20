"""The subset of JSON Schema that strict structured outputs and strict tools take.

The rules and limits are those of OpenAI's guide to structured outputs ("Supported schemas");
the texts are those that the service answers with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.endpoint.errors import ApiError, bad_request

__all__ = ["check_schema"]

_ANYWHERE = frozenset({"type", "title", "description", "enum", "const", "anyOf", "$ref", "$defs", "definitions"})
_BY_TYPE = {
    "object": frozenset({"properties", "required", "additionalProperties"}),
    "array": frozenset({"items", "minItems", "maxItems"}),
    "string": frozenset({"pattern", "format"}),
    "number": frozenset({"multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum"}),
    "integer": frozenset({"multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum"}),
    "boolean": frozenset[str](),
    "null": frozenset[str](),
}
_FORMATS = frozenset({"date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"})
_MAX_DEPTH = 10
_MAX_PROPERTIES = 5000
_MAX_ENUM_VALUES = 1000
_MAX_TEXT = 120_000


class _BrokenRuleError(Exception):
    """A rule is broken at a place inside the schema."""

    def __init__(self, context: tuple[str, ...], message: str) -> None:
        super().__init__(message)
        self.context = context


def check_schema(schema: object, *, what: str, param: str, code: str) -> None:
    """Refuse a schema that strict mode doesn't take.

    ``what`` names it as the service does: "response_format 'updates'" or "function 'f'".
    """
    if not isinstance(schema, Mapping):
        raise bad_request(f"Invalid schema for {what}: {schema!r} is not of type 'object', 'boolean'.", param, code)
    try:
        _root(schema)
    except _BrokenRuleError as broken:
        raise _refused(what, broken, param, code) from None


def _refused(what: str, broken: _BrokenRuleError, param: str, code: str) -> ApiError:
    return bad_request(f"Invalid schema for {what}: In context={broken.context!r}, {broken}", param, code)


def _root(schema: Mapping[str, Any]) -> None:
    if schema.get("type") != "object":
        raise _BrokenRuleError((), "schema must be a JSON Schema of 'type: \"object\"', got 'type: \"" + str(schema.get("type")) + "\"'.")
    if "anyOf" in schema:
        raise _BrokenRuleError((), "'anyOf' is not permitted at the root.")
    nodes = list(_walk(schema, (), 1))
    for context, node in nodes:
        _node(context, node, schema)
    _limits(nodes)


def _walk(node: object, context: tuple[str, ...], depth: int) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    if not isinstance(node, Mapping):
        raise _BrokenRuleError(context, f"{node!r} is not of type 'object', 'boolean'.")
    if depth > _MAX_DEPTH:
        raise _BrokenRuleError(context, f"schema exceeds the maximum of {_MAX_DEPTH} levels of nesting.")
    yield context, node
    for name, child in node.get("properties", {}).items():
        yield from _walk(child, (*context, "properties", name), depth + 1)
    for group in ("$defs", "definitions"):
        for name, child in node.get(group, {}).items():
            yield from _walk(child, (*context, group, name), depth)
    if "items" in node:
        yield from _walk(node["items"], (*context, "items"), depth)
    for index, child in enumerate(node.get("anyOf", ())):
        yield from _walk(child, (*context, "anyOf", str(index)), depth)


def _types(node: Mapping[str, Any]) -> list[str]:
    declared = node.get("type", [])
    return [declared] if isinstance(declared, str) else list(declared)


def _node(context: tuple[str, ...], node: Mapping[str, Any], root: Mapping[str, Any]) -> None:
    types = _types(node)
    if "$ref" in node:
        _reference(context, node, root)
    elif not types and "anyOf" not in node:
        raise _BrokenRuleError(context, "schema must have a 'type' key.")
    for name in types:
        if name not in _BY_TYPE:
            raise _BrokenRuleError(context, f"'{name}' is not a valid type.")
    permitted = _ANYWHERE.union(*(_BY_TYPE[name] for name in types))
    for keyword in node:
        if keyword not in permitted:
            raise _BrokenRuleError(context, f"'{keyword}' is not permitted.")
    if node.get("format", "date") not in _FORMATS:
        raise _BrokenRuleError(context, f"'{node['format']}' is not a valid format.")
    if "object" in types:
        _object(context, node)
    if "array" in types and "items" not in node:
        raise _BrokenRuleError(context, "array schema missing items.")


def _object(context: tuple[str, ...], node: Mapping[str, Any]) -> None:
    if node.get("additionalProperties") is not False:
        raise _BrokenRuleError(context, "'additionalProperties' is required to be supplied and to be false.")
    properties, required = node.get("properties", {}), node.get("required")
    supplied = "'required' is required to be supplied and to be an array including every key in properties."
    if required is None and not properties:
        return
    for name in properties:
        if not isinstance(required, list) or name not in required:
            raise _BrokenRuleError(context, f"{supplied} Missing '{name}'.")
    for name in required or ():
        if name not in properties:
            raise _BrokenRuleError(context, f"{supplied} Extra required key '{name}' supplied.")


def _reference(context: tuple[str, ...], node: Mapping[str, Any], root: Mapping[str, Any]) -> None:
    if extra := sorted(set(node) - {"$ref", "$defs", "definitions"}):
        raise _BrokenRuleError(context, f"$ref cannot have keywords {set(extra)!r}.")
    target: Any = root
    for step in str(node["$ref"]).removeprefix("#").strip("/").split("/"):
        if step:
            target = target.get(step) if isinstance(target, Mapping) else None
    if target is None:
        raise _BrokenRuleError(context, f"reference to component '{node['$ref']}' which was not found in the schema.")


def _limits(nodes: list[tuple[tuple[str, ...], Mapping[str, Any]]]) -> None:
    names = [name for _, node in nodes for group in ("properties", "$defs", "definitions") for name in node.get(group, ())]
    values = [value for _, node in nodes for value in node.get("enum", ())]
    if sum(len(node.get("properties", ())) for _, node in nodes) > _MAX_PROPERTIES:
        raise _BrokenRuleError((), f"schema exceeds the maximum of {_MAX_PROPERTIES} object properties.")
    if len(values) > _MAX_ENUM_VALUES:
        raise _BrokenRuleError((), f"schema exceeds the maximum of {_MAX_ENUM_VALUES} enum values.")
    if sum(map(len, names)) + sum(len(value) for value in values if isinstance(value, str)) > _MAX_TEXT:
        raise _BrokenRuleError((), f"schema exceeds the maximum of {_MAX_TEXT} characters in names and values.")
