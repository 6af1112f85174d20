"""The least that makes a turn's two calls: one client of the SDK, both calls at once, the reply streamed.

As a program: ``python benchmarks/bare.py BASE_URL BODIES``, where BODIES is a JSON file of the two
requests' bodies, ``reply`` and ``extract``. It reads its message from stdin, as ``profile chat`` does.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from openai import AsyncOpenAI

__all__ = ["both_calls"]


async def both_calls(client: AsyncOpenAI, bodies: dict[str, Any], heard: Callable[[str], object]) -> None:
    """Makes both calls; ``heard`` gets each piece of the reply."""
    if "messages" in bodies["reply"]:
        await asyncio.gather(_chat(client, bodies["reply"], heard), client.chat.completions.create(**bodies["extract"]))
    else:
        await asyncio.gather(_responses(client, bodies["reply"], heard), client.responses.create(**bodies["extract"]))


async def _chat(client: AsyncOpenAI, body: dict[str, Any], heard: Callable[[str], object]) -> None:
    async for chunk in await client.chat.completions.create(**body):
        for choice in chunk.choices:
            if choice.delta.content:
                heard(choice.delta.content)


async def _responses(client: AsyncOpenAI, body: dict[str, Any], heard: Callable[[str], object]) -> None:
    async for event in await client.responses.create(**body):
        if event.type == "response.output_text.delta":
            heard(event.delta)


async def _main(base_url: str, bodies: dict[str, Any]) -> None:
    async with AsyncOpenAI(base_url=base_url) as client:
        await both_calls(client, bodies, lambda piece: print(piece, end="", flush=True))
    print()


if __name__ == "__main__":
    sys.stdin.readline()
    asyncio.run(_main(sys.argv[1], json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))))
