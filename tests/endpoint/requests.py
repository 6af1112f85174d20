"""A recorded request, and what a test wants to know of it on either wire."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.endpoint.answers import Kind, Wire

__all__ = ["Request", "kind_of", "wire_of"]


@dataclass(slots=True)
class Request:
    """One request as it came in.

    ``at`` is ``time.monotonic()`` when its last byte was there. ``connection`` numbers the
    TCP connections, so that keep-alive can be seen. ``status`` is the HTTP status answered
    (0: none was sent), and ``finished`` whether the answer was sent to its end: a client
    that left, and a fault that cut the answer, leave it false.
    """

    method: str
    path: str
    headers: dict[str, str]
    raw: bytes
    connection: int
    at: float
    json: Any = None
    kind: Kind | None = None
    status: int = 0
    finished: bool = False
    id: str = field(default="", repr=False)

    @property
    def wire(self) -> Wire | None:
        """Which of the two wires; None for the list of models."""
        return wire_of(self.path)

    @property
    def items(self) -> list[dict[str, Any]]:
        """The conversation: ``input`` or ``messages``, a plain ``input`` as one user message."""
        body: dict[str, Any] = self.json if isinstance(self.json, dict) else {}
        said = body.get("input", body.get("messages", []))
        return [{"role": "user", "content": said}] if isinstance(said, str) else list(said)

    @property
    def user_text(self) -> str:
        """The newest user message."""
        return next((_text(item.get("content")) for item in reversed(self.items) if item.get("role") == "user"), "")

    @property
    def system_text(self) -> str:
        """Everything said with the authority of system, developer or ``instructions``, in order."""
        said = [_text(item.get("content")) for item in self.items if item.get("role") in {"system", "developer"}]
        instructions = self.json.get("instructions") if isinstance(self.json, dict) else None
        return "\n".join([instructions, *said] if instructions else said)

    @property
    def tool_outputs(self) -> dict[str, str]:
        """What the tools answered, by call id."""
        return {
            **{item["call_id"]: _text(item["output"]) for item in self.items if item.get("type") == "function_call_output"},
            **{item["tool_call_id"]: _text(item["content"]) for item in self.items if item.get("role") == "tool"},
        }


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    return "".join(part.get("text", "") for part in content or ())


def wire_of(path: str) -> Wire | None:
    """The wire that a path speaks."""
    if path == "/v1/responses":
        return "responses"
    return "chat" if path == "/v1/chat/completions" else None


def kind_of(path: str, body: Any) -> Kind | None:
    """``extract`` where structured output is asked for, ``reply`` for any other generation."""
    if path == "/v1/models" or path.startswith("/v1/models/"):
        return "models"
    if wire_of(path) is None:
        return None
    if not isinstance(body, dict):
        return "reply"
    text = body.get("text")
    asked = body.get("response_format") or (text.get("format") if isinstance(text, dict) else None)
    return "extract" if isinstance(asked, dict) and asked.get("type") in {"json_schema", "json_object"} else "reply"
