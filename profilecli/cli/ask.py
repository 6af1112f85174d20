"""``profile ask``."""

from __future__ import annotations

import asyncio
import sys
from typing import Annotated

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
from profilecli.cli.talk import JsonTurns, MarkdownTurns, PlainTurns, Turns, open_session, play, status_of
from profilecli.errors import ExitStatus, UsageError
from profilecli.render import plain
from profilecli.session import PENDING_AT_ONCE, Session

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def ask(
    text: Annotated[list[str] | None, typer.Argument(metavar="TEXT", help="The message; - stands for stdin. None: all of stdin.")] = None,
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
) -> None:
    """Say one thing and get one reply.

    \b
    Examples:
      profile ask "What's my name?"
      profile ask - < letter.txt
      git diff | profile ask "Explain this:" -
    """
    chosen = settings(
        user=user, db=db, schema=schema, schema_dirs=schema_dir, model=model, base_url=base_url, api=api, mode=mode, extractor=extractor,
        instructions=instructions,
    )  # fmt: skip
    message = _message(text or [])
    conversation = open_session(chosen, session_id=session, go_on=go_on)
    turns: Turns = JsonTurns() if json else MarkdownTurns() if sys.stdout.isatty() else PlainTurns()
    status = asyncio.run(_say(conversation, message, turns))
    if status:
        raise typer.Exit(status)


async def _say(session: Session, message: str, turns: Turns) -> ExitStatus:
    await play(session.learn_pending(PENDING_AT_ONCE), turns, earlier=True)
    try:
        result = await play(session.turn(message), turns)
    finally:
        if session.model is not None:
            await session.model.close()
    assert result is not None
    return status_of(result)


def _message(words: list[str]) -> str:
    if words and "-" not in words:
        if _pipe_has_text():
            plain.notice("What is piped in was not read: add - where it belongs, as in: profile ask 'Explain this:' -")
        message = " ".join(words)
    else:
        if sys.stdin.isatty() and not words:
            raise UsageError('Say something: profile ask "What\'s my name?"')
        piped = sys.stdin.buffer.read().decode("utf-8", "replace").removeprefix("\ufeff").rstrip("\r\n")
        message = " ".join(piped if word == "-" else word for word in words) if words else piped
    if not message.strip():
        raise UsageError("There is no message to answer.")
    return message


def _pipe_has_text() -> bool:
    """Whether somebody piped text in. Only a pipe: a ``while read`` loop's file is not meant for us."""
    import os
    import stat

    try:
        if not stat.S_ISFIFO(os.fstat(sys.stdin.fileno()).st_mode):
            return False
        import array
        import fcntl
        import termios

        waiting = array.array("i", [0])
        fcntl.ioctl(sys.stdin.fileno(), termios.FIONREAD, waiting)
        return waiting[0] > 0
    except (OSError, ValueError, ImportError, AttributeError):
        return False  # no stdin, or a platform that can't tell: nothing to remark on
