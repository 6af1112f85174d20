"""``profile learn``."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from profilecli.cli.options import (
    Api,
    BaseUrl,
    Db,
    Extractor,
    Json,
    Model,
    SchemaDir,
    SchemaName,
    User,
    chosen_schema,
    open_stores,
    schema_set,
    settings,
)
from profilecli.cli.talk import model_of
from profilecli.config import Settings
from profilecli.errors import ExitStatus, ProfilecliError
from profilecli.events import Learned, LearningFailed, Rejected
from profilecli.llm import LLM
from profilecli.render import plain
from profilecli.session import Session
from profilecli.store import Store, open_store
from profilecli.transcripts import BadRecord, Record, read

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def learn(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="Transcripts; - is stdin.")],
    user: User = None,
    db: Db = None,
    schema: SchemaName = None,
    schema_dir: SchemaDir = None,
    model: Model = None,
    base_url: BaseUrl = None,
    api: Api = None,
    extractor: Extractor = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what it would learn, and keep nothing.")] = False,
    json: Json = False,
) -> None:
    """Learn from transcripts, without replying.

    Reads JSON Lines, {"user_id", "content"} or {"user_id", "messages": [{"role", "content"}]}
    a line, or plain text, a message a line. Only what the user wrote is evidence; a record
    without user_id belongs to --user.

    \b
    Examples:
      profile learn notes.txt
      profile learn chats.jsonl --dry-run --json
    """
    chosen = settings(user=user, db=db, schema=schema, schema_dirs=schema_dir, model=model, base_url=base_url, api=api, extractor=extractor)
    answering = model_of(chosen) if chosen.extractor != "rules" else None
    store = _rehearsal(chosen) if dry_run else open_stores(chosen, create=True)
    learner = _Learner(chosen, store, answering, show=not json)
    asyncio.run(learner.learn(record for file in files for record in read(_lines(file))))
    counts = learner.counts
    if json:
        plain.json_line(counts)
    else:
        plain.notice(
            f"{'Would learn' if dry_run else 'Learned'} {counts['learned']} from {counts['messages']} messages of {counts['users']} users"
            f" ({counts['rejected']} rejected, {counts['pending']} pending)."
        )
    if learner.status:
        raise typer.Exit(learner.status)


class _Learner:
    """Learns record by record, and counts."""

    def __init__(self, chosen: Settings, store: Store, model: LLM | None, *, show: bool) -> None:
        self._chosen = chosen
        self._store = store
        self._model = model
        self._show = show
        self._users: set[str] = set()
        self.counts = {"messages": 0, "learned": 0, "rejected": 0, "pending": 0, "users": 0}
        self.status = ExitStatus.OK

    async def learn(self, records: Iterator[Record | BadRecord]) -> None:
        """Learns from all of them. A bad record is reported and skipped."""
        for record in records:
            if isinstance(record, BadRecord):
                self._failed(f"line {record.line}: {record.reason}; skipped.")
            else:
                try:
                    await self._one(record)
                except ProfilecliError as error:
                    self._failed(f"line {record.line}: {error}")
        self.counts["users"] = len(self._users)
        if self._model is not None:
            await self._model.close()

    async def _one(self, record: Record) -> None:
        session = Session(
            self._store,
            record.user_id or self._chosen.user_id,
            model=self._model,
            extractor=self._chosen.extractor,
            schema=chosen_schema(self._chosen, self._store),
        )
        for message in record.messages:
            if message.role == "assistant":
                session.hear(message)
                continue
            self.counts["messages"] += 1
            self._users.add(session.user_id)
            async for event in session.learn(message.content):
                if isinstance(event, Learned):
                    self.counts["learned"] += len(event.changes)
                    self._say(session, event)
                elif isinstance(event, Rejected):
                    self.counts["rejected"] += len(event.rejections)
                elif isinstance(event, LearningFailed):
                    self.counts["pending"] += 1
                    self._failed(f"line {record.line}: kept, to be learned later. {event.error}")

    def _say(self, session: Session, event: Learned) -> None:
        if self._show:
            for change in event.changes:
                plain.text(f"{session.user_id}  {plain.change_line(change)}")

    def _failed(self, why: str) -> None:
        plain.error(why)
        self.status = ExitStatus.FAILED


def _rehearsal(chosen: Settings) -> Store:
    """A copy of the profiles in memory, to learn into."""
    store = open_store(":memory:", schemas=schema_set(chosen), create=False)
    store.replace(open_stores(chosen).profiles())
    return store


def _lines(file: str) -> Iterator[str]:
    if file == "-":
        yield from (raw.decode("utf-8", "replace") for raw in sys.stdin.buffer)
        return
    try:
        with Path(file).open(encoding="utf-8", errors="replace") as stream:
            yield from stream
    except OSError as error:
        raise ProfilecliError(f"{file} can't be read: {error.strerror}.") from error
