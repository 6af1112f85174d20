"""A scripted loopback endpoint that speaks OpenAI's two wires; every test and benchmark talks to one.

:class:`Endpoint` is the whole of it for a test; ``python -m tests.endpoint`` serves one until it is ended.

Modules: ``answers`` what is said · ``faults`` how it fails · ``script`` when · ``requests`` what was heard ·
``checks``, ``checks_chat``, ``checks_responses``, ``strict`` what is refused · ``issued`` what may come back ·
``responses``, ``chat``, ``rendering`` the wires · ``service`` from request to answer · ``server`` HTTP ·
``loopback`` the endpoint · ``fixtures`` for pytest · ``client`` the SDK, for the endpoint's own tests.
"""

from __future__ import annotations

from tests.endpoint.answers import Answer, Kind, Reasoning, Refusal, Text, ToolCall, Wire
from tests.endpoint.faults import Fault, FaultKind
from tests.endpoint.loopback import Endpoint
from tests.endpoint.requests import Request

__all__ = ["Answer", "Endpoint", "Fault", "FaultKind", "Kind", "Reasoning", "Refusal", "Request", "Text", "ToolCall", "Wire"]
