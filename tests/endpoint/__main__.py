"""Serve a scripted endpoint until ended: ``python -m tests.endpoint --port 0 --delay-reply 0.3``.

The first line of stdout is the base URL.
"""

from __future__ import annotations

import argparse
import signal
import sys

from tests.endpoint import Endpoint


def update_of(text: str) -> dict[str, str]:
    """Read ``FIELD=VALUE:QUOTE``. Raises ArgumentTypeError for any other form."""
    field, equals, rest = text.partition("=")
    value, colon, quote = rest.partition(":")
    if not (field and equals and colon):
        raise argparse.ArgumentTypeError(f"{text!r} is not FIELD=VALUE:QUOTE")
    return {"field": field, "action": "set", "value": value, "quote": quote.removeprefix('"').removesuffix('"')}


def main(arguments: list[str] | None = None) -> None:
    """Start, print the base URL, and wait for SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m tests.endpoint", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--delay-reply", type=float, default=0.0, metavar="SECONDS", help="before the first byte of a reply")
    parser.add_argument("--delay-extract", type=float, default=0.0, metavar="SECONDS", help="before the first byte of an extraction")
    parser.add_argument("--chunk-delay", type=float, default=0.0, metavar="SECONDS", help="before each delta")
    parser.add_argument("--reply", default="Hello! How can I help you today?", metavar="TEXT")
    parser.add_argument(
        "--update", type=update_of, action="append", default=[], metavar="FIELD=VALUE:QUOTE", help="what every extraction finds"
    )
    parser.add_argument("--key", default=None, help="the API key to ask for; any is taken by default")
    given = parser.parse_args(arguments)
    # Blocked before the thread starts, so that only sigwait sees them.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    with Endpoint(api_key=given.key, models=None, port=given.port) as endpoint:
        endpoint.default("reply", given.reply)
        endpoint.default("extract", given.update)
        endpoint.delay(reply=given.delay_reply, extract=given.delay_extract)
        endpoint.chunk_delay = given.chunk_delay
        sys.stdout.write(endpoint.base_url + "\n")
        sys.stdout.flush()
        signal.sigwait({signal.SIGINT, signal.SIGTERM})


if __name__ == "__main__":
    main()
