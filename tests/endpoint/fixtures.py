"""Fixtures for ``tests/conftest.py``: ``from tests.endpoint.fixtures import endpoint, stream, wire  # noqa: F401``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.endpoint import Endpoint, Wire

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["endpoint", "stream", "wire"]


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """A fresh endpoint, ended after the test."""
    with Endpoint() as serving:
        yield serving


@pytest.fixture(params=["responses", "chat"])
def wire(request: pytest.FixtureRequest) -> Wire:
    """Each of the two wires, one after the other."""
    chosen: Wire = request.param
    return chosen


@pytest.fixture(params=[True, False], ids=["streamed", "whole"])
def stream(request: pytest.FixtureRequest) -> bool:
    """Streamed and not."""
    return bool(request.param)
