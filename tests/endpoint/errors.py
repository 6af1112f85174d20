"""The service's errors, with the texts, types and codes that it is known to send."""

from __future__ import annotations

import json
from typing import Any

__all__ = ["ApiError", "bad_request", "invalid_value", "missing", "unknown_parameter"]


class ApiError(Exception):
    """A request is refused: an HTTP status and OpenAI's ``error`` object."""

    def __init__(
        self, status: int, message: str, *, kind: str = "invalid_request_error", param: str | None = None, code: str | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.error: dict[str, Any] = {"message": message, "type": kind, "param": param, "code": code}

    def body(self) -> bytes:
        """The response's body, spaced as the service spaces it."""
        return json.dumps({"error": self.error}, indent=2).encode()


def bad_request(message: str, param: str | None = None, code: str | None = None) -> ApiError:
    """A 400 of the usual type."""
    return ApiError(400, message, param=param, code=code)


def missing(param: str) -> ApiError:
    """A required parameter isn't there."""
    return bad_request(f"Missing required parameter: '{param}'.", param, "missing_required_parameter")


def unknown_parameter(param: str) -> ApiError:
    """A parameter that the service doesn't know."""
    return bad_request(f"Unknown parameter: '{param}'.", param, "unknown_parameter")


def invalid_value(param: str, value: object, supported: list[str]) -> ApiError:
    """A value that isn't one of the supported ones."""
    quoted = [f"'{name}'" for name in supported]
    listed = quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
    return bad_request(f"Invalid value: '{value}'. Supported values are: {listed}.", param, "invalid_value")
