"""The openai package's exceptions as one clear line each: what happened, and what to do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from profilecli.errors import ModelError
from profilecli.text import one_line

if TYPE_CHECKING:
    from openai import APIError, APIStatusError

__all__ = ["Reported", "model_error"]

_CONTEXT = re.compile(
    r"context.{0,20}(length|window|size)|maximum context|too many tokens|exceeds? the (available )?context", re.IGNORECASE
)
_KEY = re.compile(r"\b(sk|key|pk|org|proj|sess)-[\w*-]{4,}")
_WAIT = re.compile(r"try again in (\d+(?:\.\d+)?) ?(ms|s)\b", re.IGNORECASE)
"""A limit that is reported within a stream has no header that says how long."""


class Reported(Exception):
    """A failure that the endpoint reports within an answer, where no status can; ``code`` is the endpoint's."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def model_error(error: Exception, *, model: str, endpoint: str, timeout: float, key: str | None = None) -> ModelError:
    """The same failure as a ModelError. ``key`` is kept out of its text, whole or in part."""
    import openai

    if isinstance(error, openai.APITimeoutError):
        kind, text = "timeout", f"{endpoint} sent nothing for {timeout:g} seconds. Try again, or raise the setting timeout."
    elif isinstance(error, openai.APIConnectionError):
        kind, text = "network", f"No connection to {endpoint} ({_cause(error)}). Check the network and the base URL."
    elif isinstance(error, openai.APIStatusError):
        kind, text = _by_status(error, model, endpoint)
    elif isinstance(error, (Reported, openai.APIError)):
        kind, text = _by_code(error, model, endpoint) or ("server", f"{endpoint} reported an error: {_said(_message(error))}")
    elif isinstance(error, ValueError):
        kind, text = "protocol", f"{endpoint} answered with something that is not JSON. Is its base URL right (it often ends in /v1)?"
    elif isinstance(error, openai.OpenAIError):
        kind, text = "setup", f"The openai package refused: {_said(str(error))}"
    else:
        raise error
    return ModelError(kind, _without_key(text, key), retry_after=_retry_after(error))


def _retry_after(error: Exception) -> float | None:
    """What the endpoint asks to wait, in seconds (RFC 9110, 10.2.3; dates are not used by these services)."""
    headers = getattr(getattr(error, "response", None), "headers", {})
    for name, unit in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            return max(float(headers[name]) / unit, 0.0)
        except (KeyError, ValueError):
            continue
    asked = _WAIT.search(str(error))
    return float(asked[1]) / (1000.0 if asked[2].lower() == "ms" else 1.0) if asked else None


def _by_code(error: Reported | APIError, model: str, endpoint: str) -> tuple[str, str] | None:
    """What needs no status to be told, since it comes within a stream, too."""
    codes = {error.code, getattr(error, "type", None)}
    if "insufficient_quota" in codes:
        return "quota", f"The quota of your account at {endpoint} is used up. Check its plan and billing."
    if "rate_limit_exceeded" in codes:
        return "rate_limit", f"{endpoint} is limiting your rate. Wait a little and try again. ({_said(_message(error))})"
    status = getattr(error, "status_code", None)
    if "context_length_exceeded" in codes or (status in (None, 400, 413) and _CONTEXT.search(_message(error))):
        return "context", f"The conversation is too long for {model}. Start a new one (/new), or name a model with a larger window."
    return None


def _by_status(error: APIStatusError, model: str, endpoint: str) -> tuple[str, str]:
    status, said = error.status_code, _said(_message(error))
    if known := _by_code(error, model, endpoint):
        return known
    if status == 401:
        return "auth", f"{endpoint} refused the API key. Check OPENAI_API_KEY. ({said})"
    if status == 403:
        return "auth", f"{endpoint} doesn't allow this with your key: {said}"
    if status == 404:
        if error.code == "model_not_found" or "model" in said.lower():
            return "not_found", f"There is no model {model!r} at {endpoint}. Name another with --model. ({said})"
        return "not_found", f"Nothing answers at {endpoint} (404). Is its base URL right (it often ends in /v1)?"
    if status == 429:
        return "rate_limit", f"{endpoint} is limiting your rate. Wait a little and try again. ({said})"
    if status >= 500:
        return "server", f"{endpoint} failed ({status}). Try again in a while. ({said})"
    return "bad_request", f"{endpoint} refused the request ({status}): {said}"


def _message(error: Reported | APIError) -> str:
    body: Any = getattr(error, "body", None)
    if isinstance(body, dict) and isinstance(body.get("message"), str):
        return str(body["message"])
    if isinstance(body, str) and "<" in body:
        title = re.search(r"<title>([^<]{1,200})", body, re.IGNORECASE)
        return title[1] if title else "a web page"
    return error.message


def _said(text: str) -> str:
    flat = one_line(text)
    return flat if len(flat) <= 300 else flat[:300] + "…"


def _cause(error: BaseException) -> str:
    cause = error.__cause__
    return _said(str(cause)) or type(cause).__name__ if cause is not None else _said(str(error))


def _without_key(text: str, key: str | None) -> str:
    if key and len(key) > 3:
        text = text.replace(key, "***")
    return _KEY.sub("***", text)
