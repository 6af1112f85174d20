"""``profile learn``."""

from __future__ import annotations

import asyncio
import codecs
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, BinaryIO, TypeVar

import typer

from profilecli.bulk import BulkLearner, Progress
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
    settings,
)
from profilecli.cli.talk import model_of
from profilecli.config import Settings
from profilecli.errors import ExitStatus, ProfilecliError
from profilecli.events import Learned, LearningFailed, Rejected
from profilecli.llm import LLM
from profilecli.render import plain
from profilecli.render.meter import Meter, meter
from profilecli.session import Session, make_extractor
from profilecli.store import Store
from profilecli.transcripts import BadRecord, Record, read

app = typer.Typer(add_completion=False, rich_markup_mode=None)

Opened = TypeVar("Opened")

_CHUNK = 1 << 16


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
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", metavar="N", min=1, max=64, help="How many conversations a model reads at a time.")
    ] = 4,
    json: Json = False,
) -> None:
    """Learn from transcripts, without replying.

    Reads JSON Lines, {"user_id", "content"} or {"user_id", "messages": [{"role", "content"}]}
    a line; the conversations.json of a ChatGPT or Claude export; or plain text, a message a
    line. Only what the user wrote is evidence; a record without user_id belongs to --user.
    What was learned before is skipped, so that running again goes on where it stopped.

    \b
    Examples:
      profile learn notes.txt
      profile learn conversations.json --dry-run
      profile learn chats.jsonl --json
    """
    chosen = settings(user=user, db=db, schema=schema, schema_dirs=schema_dir, model=model, base_url=base_url, api=api, extractor=extractor)
    answering = model_of(chosen) if chosen.extractor != "rules" else None
    source = _Source(files)
    store = open_stores(chosen, create=not dry_run)
    tally = _Tally(show=not json)
    signal.signal(signal.SIGINT, _interrupted)
    try:
        with meter("messages", source.size) as shown:
            if dry_run:
                with store.rehearsal() as stage:
                    asyncio.run(_learn(chosen, stage, answering, source, tally, shown, jobs))
            else:
                asyncio.run(_learn(chosen, store, answering, source, tally, shown, jobs))
    except KeyboardInterrupt:
        plain.notice("Stopped. What was learned is kept; the same command goes on from there.")
        tally.status = ExitStatus.INTERRUPTED
    tally.tell(dry_run=dry_run, json=json)
    if tally.status:
        raise typer.Exit(tally.status)


def _interrupted(_number: int, _frame: object) -> None:
    # asyncio's own handler waits for the next await, and none comes while a pipe is being read.
    raise KeyboardInterrupt


async def _learn(chosen: Settings, store: Store, model: LLM | None, source: _Source, tally: _Tally, shown: Meter, jobs: int) -> None:
    """Learns what was left from last time, then the records."""
    try:
        for user_id in store.awaiting():
            session = Session(store, user_id, model=model, extractor=chosen.extractor)
            async for event in session.learn_pending():
                tally.add_event(user_id, event)
        extractor = make_extractor(chosen.extractor, model)
        learner = BulkLearner(store, chosen.user_id, extractor, schema=chosen_schema(chosen, store), jobs=jobs)
        async for progress in learner.learn(source.records()):
            tally.add(progress)
            shown.advance(tally.counts["messages"] + tally.skipped, source.done)
    finally:
        if model is not None:
            await model.close()


class _Tally:
    """Counts, and says what was learned and what failed."""

    def __init__(self, *, show: bool) -> None:
        self._show = show
        self._users: set[str] = set()
        self.counts = {"messages": 0, "learned": 0, "rejected": 0, "pending": 0, "users": 0}
        self.skipped = 0
        self.bad = 0
        self.status = ExitStatus.OK

    def add(self, progress: Progress) -> None:
        """Adds a batch."""
        self._users |= progress.users
        self.skipped += progress.skipped
        self.bad += progress.bad
        for name, number in (("messages", progress.messages), ("pending", progress.pending)):
            self.counts[name] += number
        for outcome in progress.outcomes:
            self.counts["rejected"] += len(outcome.rejections)
            if outcome.error:
                self._failed(f"{outcome.where}: {outcome.error}")
            self._learned(str(outcome.user_id), Learned(outcome.changes))

    def add_event(self, user_id: str, event: object) -> None:
        """Adds what came of a message that was left from last time."""
        self._users.add(user_id)
        if isinstance(event, Learned):
            self._learned(user_id, event)
        elif isinstance(event, Rejected):
            self.counts["rejected"] += len(event.rejections)
        elif isinstance(event, LearningFailed):
            self.counts["pending"] += 1
            self._failed(f"{user_id}: a message of last time is still to be learned. {event.error}")

    def tell(self, *, dry_run: bool, json: bool) -> None:
        """Sums up."""
        counts = self.counts | {"users": len(self._users)}
        if json:
            plain.json_line(counts | {name: number for name, number in (("skipped", self.skipped), ("bad", self.bad)) if number})
            return
        more = [f"{counts['rejected']} rejected", f"{counts['pending']} pending"]
        more += [f"{number} {what}" for number, what in ((self.skipped, "learned before"), (self.bad, "bad records skipped")) if number]
        plain.notice(
            f"{'Would learn' if dry_run else 'Learned'} {counts['learned']} from {counts['messages']} messages of {counts['users']} users"
            f" ({', '.join(more)})."
        )

    def _learned(self, user_id: str, event: Learned) -> None:
        self.counts["learned"] += len(event.changes)
        if self._show:
            for change in event.changes:
                plain.text(f"{user_id}  {plain.change_line(change)}")

    def _failed(self, why: str) -> None:
        plain.error(why)
        self.status = ExitStatus.FAILED


class _Source:
    """The files, one after the other; ``size`` of all of them in bytes (None with stdin), ``done`` read so far."""

    def __init__(self, files: list[str]) -> None:
        self._files = files
        self.done = 0
        self.size: int | None = None
        if "-" not in files:
            self.size = sum(_opened(file, lambda path: path.stat().st_size) for file in files)

    def records(self) -> Iterator[Record | BadRecord]:
        """The records of all files."""
        for file in self._files:
            if file == "-":
                yield from read(self._text(sys.stdin.buffer))
            else:
                with _opened(file, lambda path: path.open("rb")) as stream:
                    yield from read(self._text(stream))

    def _text(self, stream: BinaryIO) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        while data := stream.read1(_CHUNK):  # type: ignore[attr-defined]  # both kinds are buffered readers
            self.done += len(data)
            yield decoder.decode(data)
        yield decoder.decode(b"", final=True)


def _opened(file: str, how: Callable[[Path], Opened]) -> Opened:
    try:
        return how(Path(file))
    except OSError as error:
        raise ProfilecliError(f"{file} can't be read: {error.strerror}.") from error
