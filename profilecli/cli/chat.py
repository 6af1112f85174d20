"""``profile chat``."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from typing import Annotated, BinaryIO

import typer

from profilecli.cli.options import (
    Api,
    BaseUrl,
    Continue,
    Db,
    Extractor,
    Instructions,
    Json,
    Mode,
    Model,
    SchemaDir,
    SchemaName,
    SessionId,
    User,
    settings,
)  # fmt: skip
from profilecli.cli.talk import JsonTurns, PlainTurns, Turns, failed_for_good, model_of, open_session, play, status_of
from profilecli.errors import ExitStatus
from profilecli.events import TurnResult
from profilecli.session import PENDING_AT_ONCE, Session

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def chat(
    user: User = None,
    db: Db = None,
    schema: SchemaName = None,
    schema_dir: SchemaDir = None,
    model: Model = None,
    base_url: BaseUrl = None,
    api: Api = None,
    mode: Mode = None,
    extractor: Extractor = None,
    instructions: Instructions = None,
    session: SessionId = None,
    go_on: Continue = False,
    json: Json = False,
    null: Annotated[bool, typer.Option("--null", "-0", help="Messages on stdin end in NUL, and so do replies.")] = False,
) -> None:
    """Talk with an assistant that gets to know you.

    On a terminal: a prompt; /help lists its commands. With a pipe: each line on stdin
    is a message, replies go to stdout, and what was learned to stderr.

    \b
    Examples:
      profile chat
      printf "I'm Alice.\\nWhat's my name?\\n" | profile chat --json
    """
    chosen = settings(
        user=user, db=db, schema=schema, schema_dirs=schema_dir, model=model, base_url=base_url, api=api, mode=mode, extractor=extractor,
        instructions=instructions,
    )  # fmt: skip
    prompt = sys.stdin.isatty() and sys.stdout.isatty() and not (json or null)
    conversation = open_session(chosen, session_id=session, go_on=go_on, preload=not prompt)
    if prompt:
        from profilecli import repl

        repl.run(conversation, lambda name: model_of(chosen, name), extractor=chosen.extractor, database=chosen.database)
        return
    end = "\0" if null else "\n"
    status = _converse(conversation, _messages(sys.stdin.buffer, end.encode()), JsonTurns() if json else PlainTurns(end))
    if status:
        raise typer.Exit(status)


def _converse(session: Session, messages: Iterator[str], turns: Turns) -> ExitStatus:
    """Says each message when it arrives; one loop serves all turns, and waits for none of them while it reads."""
    status = ExitStatus.OK
    with asyncio.Runner() as runner:
        runner.run(_catch_up(session, turns))
        for message in messages:
            result = runner.run(_say(session, message, turns))
            status = max(status, status_of(result))
            if failed_for_good(result):
                break
        runner.run(_leave(session))
    return status


# Coroutines of our own: a runner that was interrupted doesn't begin one, and then it must not be somebody's already.


async def _catch_up(session: Session, turns: Turns) -> None:
    await play(session.learn_pending(PENDING_AT_ONCE), turns, earlier=True)


async def _say(session: Session, message: str, turns: Turns) -> TurnResult:
    result = await play(session.turn(message), turns)
    assert result is not None
    return result


async def _leave(session: Session) -> None:
    if session.model is not None:
        await session.model.close()


def _messages(stream: BinaryIO, end: bytes) -> Iterator[str]:
    """The non-empty messages on a stream, as they arrive."""
    first = True
    for raw in _records(stream, end):
        text = raw.decode("utf-8", "replace")
        if first:
            text, first = text.removeprefix("\ufeff"), False
        if text.strip():
            yield text.strip("\r\n") if end == b"\n" else text


def _records(stream: BinaryIO, end: bytes) -> Iterator[bytes]:
    if end == b"\n":
        yield from iter(stream.readline, b"")
        return
    pending = b""
    while chunk := stream.read1(65536):  # type: ignore[attr-defined]  # stdin's buffer is a BufferedReader
        *records, pending = (pending + chunk).split(end)
        yield from records
    if pending:
        yield pending
