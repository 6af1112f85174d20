"""Learning from transcripts: many messages, in batches that are each kept, read, and applied.

A batch is committed before any of it is read, so that a crash leaves pending messages and no
gap; then what was found is committed in one more transaction. No lock is held while a message
is read. A message that an earlier run has heard is skipped, so that running again resumes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from profilecli import grounding
from profilecli.errors import InvalidUserId, ModelError
from profilecli.extract import Extractor
from profilecli.merge import merge
from profilecli.models import Change, Message, Rejection, Utterance
from profilecli.schema import Schema
from profilecli.session import CONTEXT_MESSAGES, new_session_id
from profilecli.store import Heard, Learning, Store
from profilecli.transcripts import BadRecord, Record

__all__ = ["BATCH", "BulkLearner", "Outcome", "Progress"]

BATCH = 400
"""Messages of a batch: a commit costs little beside so many, and a lock of some 20 ms keeps nobody waiting."""

_CONVERSATIONS_A_JOB = 4


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one message, or of one record that is bad."""

    user_id: str | None
    where: str
    changes: tuple[Change, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    error: str | None = None


@dataclass(slots=True)
class Progress:
    """What a batch did. ``messages`` were learned from, or are ``pending``; ``skipped`` ones were heard before; ``bad`` counts records."""

    messages: int = 0
    skipped: int = 0
    pending: int = 0
    bad: int = 0
    users: set[str] = field(default_factory=set)
    outcomes: list[Outcome] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Turn:
    """A user's message with what was said before it."""

    where: str
    heard: Heard
    context: tuple[Utterance, ...]


class BulkLearner:
    """Learns records for ``user_id``, or for whom they name. ``schema`` None keeps each profile's own.

    ``jobs`` conversations at a time are read by a model; within one, message by message.
    """

    def __init__(self, store: Store, user_id: str, extractor: Extractor, *, schema: Schema | None = None, jobs: int = 1) -> None:
        self._store = store
        self._user_id = user_id
        self._extractor = extractor
        self._schema = schema
        self._jobs = asyncio.Semaphore(jobs)
        self._conversations = BATCH if extractor.source == "rules" else jobs * _CONVERSATIONS_A_JOB
        self._run = new_session_id()

    async def learn(self, records: Iterable[Record | BadRecord]) -> AsyncIterator[Progress]:
        """Learns from all records; yields after each batch. Raises StoreError, and a ModelError that would come again each time."""
        for batch in _batches(records, self._conversations):
            progress = Progress()
            turns = [turn for record in batch for turn in self._turns(record, progress)]
            messages = self._store.hear([turn.heard for turn in turns], self._run) if turns else []
            new = [(turn, message) for turn, message in zip(turns, messages, strict=True) if message is not None]
            progress.skipped = len(turns) - len(new)
            progress.messages = len(new)
            fatal = await (self._all_at_once(new, progress) if self._extractor.source == "rules" else self._side_by_side(new, progress))
            yield progress
            if fatal is not None:
                raise fatal
            await asyncio.sleep(0)  # a point at which Ctrl-C is heard

    def _turns(self, record: Record | BadRecord, progress: Progress) -> Iterator[_Turn]:
        """The user's messages in a record; a bad one goes into ``progress``."""
        if isinstance(record, BadRecord):
            progress.bad += 1
            progress.outcomes.append(Outcome(None, record.where, error=f"{record.reason}; skipped"))
            return
        user_id = record.user_id or self._user_id
        if user_id not in progress.users:
            try:
                self._store.adopt(user_id)
            except InvalidUserId as error:
                progress.bad += 1
                progress.outcomes.append(Outcome(None, record.where, error=f"{error} Skipped"))
                return
            progress.users.add(user_id)
        session_id, schema = new_session_id(), self._schema.name if self._schema else None
        context: list[Utterance] = []
        for said in record.messages:
            if said.role == "user":
                heard = Heard(user_id, session_id, said.content, said.key, said.at, schema)
                yield _Turn(record.where, heard, tuple(context[-CONTEXT_MESSAGES:]))
            context.append(Utterance(said.role, said.content))

    async def _all_at_once(self, new: Sequence[tuple[_Turn, Message]], progress: Progress) -> None:
        """Reads the messages one after the other, and applies what they say in one transaction."""
        profiles: dict[str, tuple[Schema, Mapping[str, Any]]] = {}
        learnings = []
        for turn, message in new:
            schema, values = profiles.get(message.user_id) or self._profile(message.user_id)
            learning = await self._read(turn, message, schema, values)
            if learning.updates:
                values = merge(values, learning.updates, {field.name for field in schema.fields if field.is_list})[0]
            profiles[message.user_id] = schema, values
            learnings.append(learning)
        self._apply(new, learnings, progress)

    async def _side_by_side(self, new: Sequence[tuple[_Turn, Message]], progress: Progress) -> ModelError | None:
        """Reads conversations at the same time, and applies what each message says when it is read."""
        conversations: dict[str, list[tuple[_Turn, Message]]] = {}
        for turn, message in new:
            conversations.setdefault(message.session_id, []).append((turn, message))
        ended = await asyncio.gather(*(self._conversation(talk, progress) for talk in conversations.values()))
        return next((error for error in ended if error is not None), None)

    async def _conversation(self, talk: Sequence[tuple[_Turn, Message]], progress: Progress) -> ModelError | None:
        async with self._jobs:
            for turn, message in talk:
                try:
                    learning = await self._read(turn, message, *self._profile(message.user_id))
                except ModelError as error:
                    self._store.note_attempt(message.id)
                    progress.pending += 1
                    progress.outcomes.append(Outcome(message.user_id, turn.where, error=f"kept, to be learned later. {error}"))
                    if error.fatal:
                        return error
                    continue
                self._apply([(turn, message)], [learning], progress)
        return None

    async def _read(self, turn: _Turn, message: Message, schema: Schema, values: Mapping[str, Any]) -> Learning:
        """What a message states. Raises ModelError."""
        about: dict[str, Any] = {"context": turn.context, "fields": schema.learnable, "values": values}
        extraction = await self._extractor.extract(message.content, **about)
        if not extraction.proposals:
            return Learning(message.user_id, message=message)
        updates, rejections = grounding.check(extraction.proposals, message=message.content, source=self._extractor.source, **about)
        return Learning(message.user_id, updates, message, rejections)

    def _apply(self, new: Sequence[tuple[_Turn, Message]], learnings: Sequence[Learning], progress: Progress) -> None:
        for (turn, message), learning, applied in zip(new, learnings, self._store.apply_all(learnings), strict=True):
            changes = tuple(change for change in applied.changes if not change.superseded)
            rejections = (*learning.rejections, *applied.pinned)
            if applied.done and (changes or rejections):
                progress.outcomes.append(Outcome(message.user_id, turn.where, changes, rejections))

    def _profile(self, user_id: str) -> tuple[Schema, Mapping[str, Any]]:
        profile = self._store.profile(user_id)
        schema = self._schema or self._store.schemas.for_profile(profile.schema if profile else "base")
        return schema, profile.fields if profile else {}


def _batches(records: Iterable[Record | BadRecord], conversations: int) -> Iterator[list[Record | BadRecord]]:
    batch: list[Record | BadRecord] = []
    messages = 0
    for record in records:
        batch.append(record)
        messages += len(record.messages) if isinstance(record, Record) else 1
        if len(batch) >= conversations or messages >= BATCH:
            yield batch
            batch, messages = [], 0
    if batch:
        yield batch
