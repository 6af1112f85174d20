"""Models that answer, and the choice of which one does."""

from __future__ import annotations

import os
from collections.abc import Mapping

from profilecli.llm.protocol import LLM, Delta, ReplyEnd, Round, StructuredReply, Tool, ToolCall

__all__ = [
    "DEFAULT_MODEL",
    "LLM",
    "OFFLINE",
    "Delta",
    "ReplyEnd",
    "Round",
    "StructuredReply",
    "Tool",
    "ToolCall",
    "choose_model",
    "open_model",
]

DEFAULT_MODEL = "gpt-5.2"
OFFLINE = "offline"


def choose_model(model: str | None, base_url: str | None, environ: Mapping[str, str] | None = None) -> str:
    """Which model answers: the one that was named; else the default where a key or a base URL is set; else ``local``
    where it is pulled and can run; else ``offline``.
    """
    if model:
        return model
    if base_url or ((os.environ if environ is None else environ).get("OPENAI_API_KEY") or "").strip():
        return DEFAULT_MODEL
    from profilecli.llm.local import LOCAL, can_run
    from profilecli.llm.models_dir import is_pulled

    return LOCAL if is_pulled() and can_run() else OFFLINE


def open_model(
    model: str | None = None,
    *,
    base_url: str | None = None,
    api: str | None = None,
    api_key: str | None = None,
    timeout: float = 60.0,
    context_window: int | None = None,
) -> LLM | None:
    """The model that answers; None is ``offline``. ``api_key`` None is OPENAI_API_KEY's.

    ``context_window`` bounds the memory of a local model. Nothing is imported, connected or loaded
    yet. Raises ModelError where the model can't be had.
    """
    name = choose_model(model, base_url)
    if name == OFFLINE:
        return None
    from profilecli.llm.local import LocalModel, is_local

    if is_local(name):
        return LocalModel(name, timeout=timeout, context_window=context_window)
    from profilecli.llm.openai import OPENAI_URL, OpenAIModel

    key = api_key if api_key is not None else os.environ.get("OPENAI_API_KEY")
    return OpenAIModel(name, api_key=key, base_url=base_url or OPENAI_URL, api=api, timeout=timeout)
