"""One message from end to end.

The steps of a turn (see docs/architecture.md):

1. the message is committed, before anything is sent;
2. the profile becomes the system prompt;
3. in one task the message is read for facts, grounded, and applied;
4. in another, at the same time, the reply streams;
5. the reply is committed;
6. both ended, the turn is summed up.

A failure of 3 never cancels 4, nor the other way round. Offline, there is nothing to wait
for: the answer is made after the learning.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field

from profilecli import prompts
from profilecli.errors import ModelError, ProfilecliError, StoreError, UsageError
from profilecli.events import Event, Learned, LearningFailed, Rejected, ReplyEnded, ReplyFailed, TextDelta, TurnEnded, TurnResult
from profilecli.extract import Extractor, ModelExtractor, RulesExtractor
from profilecli.llm import LLM, Delta, ReplyEnd, ToolCall
from profilecli.models import Change, Message, Profile, Rejection, Update, Usage, Utterance
from profilecli.schema import Schema
from profilecli.store import Store, Undone
from profilecli.text import whole_characters
from profilecli.window import Window, known_window

__all__ = ["CONTEXT_MESSAGES", "MAX_ATTEMPTS", "PENDING_AT_ONCE", "Session"]

CONTEXT_MESSAGES = 4
"""Earlier messages that go along with an extraction, for pronouns and ellipsis."""

PENDING_AT_ONCE = 20
"""Messages left to learn that one start catches up on."""

MAX_ATTEMPTS = 3
"""Failed attempts after which the rules read a message that a model could not."""


@dataclass
class _Turn:
    """What the two tasks of a turn have found so far; ``events`` ends with a None from each.

    ``settled`` says that nothing is left to learn from the message.
    """

    message: Message
    events: asyncio.Queue[Event | None] = field(default_factory=asyncio.Queue)
    reply: str = ""
    cut: str | None = None
    usage: Usage = field(default_factory=Usage)
    learned: list[Change] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)
    errors: dict[str, ProfilecliError] = field(default_factory=dict)
    settled: bool = False

    def tell_learned(self) -> None:
        """Puts what was learned and refused among the events."""
        if self.learned:
            self.events.put_nowait(Learned(tuple(self.learned)))
        if self.rejected:
            self.events.put_nowait(Rejected(tuple(self.rejected)))

    def so_far(self) -> Iterator[Event]:
        """The events that are there already."""
        while not self.events.empty():
            if (event := self.events.get_nowait()) is not None:
                yield event

    def result(self) -> TurnResult:
        """The turn's sum."""
        error = next(
            (
                {"where": where, "kind": getattr(e, "kind", "store"), "message": str(e)}
                for where, e in sorted(self.errors.items(), reverse=True)
            ),
            None,
        )
        message = self.message
        return TurnResult(
            message.user_id,
            message.session_id,
            message.content,
            self.reply,
            tuple(self.learned),
            tuple(self.rejected),
            error,
            self.usage,
            self.cut,
        )


class Session:
    """A conversation with one user: what was said in it, and who answers.

    ``model`` None is offline. ``schema`` becomes the profile's schema with the first message;
    None keeps the one that the profile has. ``mode`` is ``always``, ``agentic`` or ``off``; offline,
    ``agentic`` acts as ``always``.
    """

    def __init__(
        self,
        store: Store,
        user_id: str,
        *,
        model: LLM | None = None,
        extractor: str = "auto",
        mode: str = "always",
        schema: Schema | None = None,
        instructions: str | None = None,
        session_id: str | None = None,
        context_window: int | None = None,
    ) -> None:
        self.store = store
        self.user_id = user_id
        self.model = model
        self.mode = mode
        self.chosen_schema = schema
        self.instructions = instructions
        self.session_id = session_id or new_session_id()
        self._chosen_window = context_window
        self.window = Window(self.context_window)
        self.spent = {"reply": Usage(), "learning": Usage()}
        self.extractor = make_extractor(extractor, model)
        self._conversation = [] if session_id is None else [Utterance(m.role, m.content) for m in store.messages(user_id, session_id)]
        self._tasks: tuple[asyncio.Task[None], ...] = ()

    @property
    def context_window(self) -> int:
        """The tokens that the model reads at once: what was chosen, and never more than it can."""
        most = self.model.context_window if self.model is not None else None
        chosen = self._chosen_window or most or known_window(self.model.name if self.model is not None else "")
        return min(chosen, most or chosen)

    @property
    def schema(self) -> Schema:
        """The schema in force: the chosen one, else the profile's, else ``base``."""
        if self.chosen_schema is not None:
            return self.chosen_schema
        profile = self.store.profile(self.user_id)
        return self.store.schemas.for_profile(profile.schema if profile else "base")

    @property
    def profile(self) -> Profile:
        """The profile as it is stored now; an empty one where there is none yet."""
        return self.store.profile(self.user_id) or Profile(self.user_id, self.schema.name, {}, "", "")

    def use_model(self, model: LLM | None, extractor: str = "auto") -> None:
        """Lets another model answer from the next turn on. Raises UsageError."""
        self.extractor = make_extractor(extractor, model)
        self.model = model
        self.window = Window(self.context_window)

    def start_new(self) -> None:
        """Starts a new conversation; the profile stays."""
        self.session_id = new_session_id()
        self._conversation.clear()

    def change(self, updates: Sequence[Update]) -> tuple[Change, ...]:
        """Changes the profile by hand, as part of this conversation; returns what changed."""
        return self.store.apply(
            self.user_id, updates, session_id=self.session_id, schema=self.chosen_schema.name if self.chosen_schema else None
        ).changes

    def undo(self) -> Undone:
        """Takes back the last change set of this conversation."""
        return self.store.undo(self.user_id, session_id=self.session_id)

    def stop(self) -> None:
        """Stops the reply that is under way, keeping what came; after the reply, the learning, which stays pending."""
        running = [task for task in self._tasks if not task.done()]
        if running:
            running[0].cancel()

    async def turn(self, text: str) -> AsyncIterator[Event]:
        """Says ``text``, and yields what happens; the last event is :class:`TurnEnded`.

        Raises StoreError where the message can't be kept; nothing is sent then.
        """
        schema, context = self.schema, tuple(self._conversation[-CONTEXT_MESSAGES:])
        turn = _Turn(self._keep(text))
        self._conversation.append(Utterance("user", turn.message.content))
        self._take_back(turn)
        steps = [self._reply(turn, schema)] if self.model is not None else []
        if self.model is None or (self.mode == "always" and not turn.settled):
            steps.append(self._learn_then_answer(turn, schema, context))
        self._tasks = tuple(asyncio.create_task(step) for step in steps)
        try:
            for _ in self._tasks:
                while (event := await turn.events.get()) is not None:
                    yield event
            for task in self._tasks:
                if not task.cancelled():
                    task.result()  # what is nobody's error to report, such as a bug, is raised here
        finally:
            await self._end_tasks()
        yield TurnEnded(turn.result())

    async def say(self, text: str) -> TurnResult:
        """The whole turn at once, for programs that don't stream: see :meth:`turn`."""
        async for event in self.turn(text):
            if isinstance(event, TurnEnded):
                return event.result
        raise AssertionError("a turn ends with TurnEnded")

    def learn_pending(self, limit: int | None = None) -> AsyncIterator[Event]:
        """Learns from the messages whose learning hasn't finished by now, oldest first; stops at the first failure."""
        return self._learn_each([] if self.mode == "off" else self.store.pending(self.user_id, limit))

    async def _learn_each(self, messages: Sequence[Message]) -> AsyncIterator[Event]:
        for message in messages:
            if message.attempts >= 2 * MAX_ATTEMPTS:
                continue  # even the rules could not read it; it stays on record
            turn = _Turn(message)
            await self._learn(turn, self.schema, self._before(message))
            for event in turn.so_far():
                yield event
            if turn.errors:
                return

    # ---- the steps

    def _keep(self, text: str) -> Message:
        if self.mode == "off":
            return Message(0, self.user_id, self.session_id, "user", whole_characters(text), "")
        return self.store.add_message(
            self.user_id, self.session_id, "user", text, schema=self.chosen_schema.name if self.chosen_schema else None
        )

    def _take_back(self, turn: _Turn) -> None:
        """Where the message only says that what the last turn learned is wrong: undoes that, before anybody replies."""
        from profilecli.language import corrections

        if self.mode == "off" or not corrections.takes_back(turn.message.content):
            return
        said = [m.at for m in self.store.messages(self.user_id, self.session_id) if m.role == "user" and m.id < turn.message.id]
        undone = self.store.unlearn(self.user_id, self.session_id, said[-1]) if said else Undone()
        if not undone.changes:
            return
        self.store.apply(self.user_id, (), message=turn.message)
        turn.settled = True
        turn.learned += undone.changes
        if self.mode == "always" or self.model is None:  # else the reply's task tells it, with what the tool does
            turn.tell_learned()

    async def _reply(self, turn: _Turn, schema: Schema) -> None:
        try:
            async for piece in self._pieces(turn, schema):
                if isinstance(piece, ReplyEnd):
                    turn.usage, turn.cut = turn.usage + piece.usage, piece.cut
                    self.spent["reply"] += piece.usage
                elif isinstance(piece, Delta):
                    turn.reply += piece.text
                    turn.events.put_nowait(TextDelta(piece.text))
                    # Bytes that are there already never make this task wait; let the reader have each piece now.
                    await asyncio.sleep(0)
            if not turn.reply.strip():
                raise ModelError("empty", "The model gave an empty answer. Try again, or name another with --model.")
            self._keep_reply(turn)
            if self.mode == "agentic":
                self.store.apply(self.user_id, (), message=turn.message)
            turn.events.put_nowait(ReplyEnded(turn.reply, turn.cut))
        except ModelError as error:
            turn.errors["reply"] = error
            failed = ReplyFailed(error, turn.reply)
            turn.cut = failed.cut
            self._keep_reply(turn)
            turn.events.put_nowait(failed)
        except asyncio.CancelledError:
            turn.cut = "stopped"
            self._keep_reply(turn)
            turn.events.put_nowait(ReplyEnded(turn.reply, turn.cut))
        finally:
            if self.mode == "agentic":
                turn.tell_learned()
            turn.events.put_nowait(None)

    async def _pieces(self, turn: _Turn, schema: Schema) -> AsyncIterator[Delta | ReplyEnd]:
        """The reply as it comes. A conversation that proves too long is sent again without its older turns."""
        system = prompts.reply_system(schema.fields, self.profile.fields, instructions=self.instructions, mode=self.mode)
        while True:
            sent = self.window.fitting(self._conversation, system)
            try:
                async for piece in self._asked(turn, schema, system, sent):
                    if isinstance(piece, ReplyEnd) and piece.usage.calls == 1:
                        self.window.correct(sent, system, piece.usage.input_tokens)
                    yield piece
            except ModelError as error:
                if error.kind != "context" or turn.reply or len(sent) == 1:
                    raise
                self.window.shrink(sent, system)
            else:
                return

    def _asked(self, turn: _Turn, schema: Schema, system: str, sent: Sequence[Utterance]) -> AsyncIterator[Delta | ReplyEnd]:
        assert self.model is not None
        if self.mode != "agentic":
            return self.model.reply(system, sent)
        from profilecli import agentic

        tool = agentic.update_tool(schema.learnable)
        return agentic.reply_with_tool(self.model, system, sent, tool, lambda call: self._carry_out(turn, schema, call))

    def _carry_out(self, turn: _Turn, schema: Schema, call: ToolCall) -> str:
        """Grounds and applies what a call of the tool asks for; returns what the model is told."""
        from profilecli import agentic

        try:
            proposals = agentic.read_call(call, schema.learnable)
        except agentic.BadCall as error:
            return json.dumps({"error": str(error)}, ensure_ascii=False)
        said = [m for m in self.store.messages(self.user_id, self.session_id) if m.role == "user"]
        changes, rejections = agentic.save(self.store, schema, proposals, said)
        turn.learned += [change for change in changes if not change.superseded]
        turn.rejected += rejections
        return agentic.result_of(changes, rejections)

    async def _learn_then_answer(self, turn: _Turn, schema: Schema, context: Sequence[Utterance]) -> None:
        try:
            if self.mode != "off" and not turn.settled:
                await self._learn(turn, schema, context)
            if self.model is None:
                from profilecli.offline import answer

                turn.reply = answer(turn.message.content, schema, self.profile.fields, turn.learned)
                turn.events.put_nowait(TextDelta(turn.reply))
                self._keep_reply(turn)
                turn.events.put_nowait(ReplyEnded(turn.reply))
        finally:
            turn.events.put_nowait(None)

    async def _learn(self, turn: _Turn, schema: Schema, context: Sequence[Utterance]) -> None:
        from profilecli import grounding  # not until the first message: the prompt comes first

        message, values = turn.message, self.profile.fields
        extractor = RulesExtractor() if message.attempts >= MAX_ATTEMPTS else self.extractor
        try:
            extraction = await extractor.extract(message.content, context=context, fields=schema.learnable, values=values)
            turn.usage += extraction.usage
            self.spent["learning"] += extraction.usage
            updates, rejections = grounding.check(
                extraction.proposals,
                message=message.content,
                context=context,
                fields=schema.learnable,
                values=values,
                source=extractor.source,
            )
            applied = self.store.apply(self.user_id, updates, message=message, rejections=rejections)
        except (ModelError, StoreError) as error:
            turn.errors["learning"] = error
            if isinstance(error, ModelError):
                self.store.note_attempt(message.id)
            turn.events.put_nowait(LearningFailed(error))
            return
        except Exception:
            self.store.note_attempt(message.id)  # a fault of ours; counted, so that one message can't stop every later start
            raise
        if applied.done:
            turn.learned += [change for change in applied.changes if not change.superseded]
            turn.rejected += [*rejections, *applied.pinned]
            turn.tell_learned()

    # ---- how

    def _keep_reply(self, turn: _Turn) -> None:
        if not turn.reply:
            return
        self._conversation.append(Utterance("assistant", turn.reply))
        if self.mode != "off":
            self.store.add_message(self.user_id, turn.message.session_id, "assistant", turn.reply, cut=turn.cut)

    def _before(self, message: Message) -> tuple[Utterance, ...]:
        earlier = [m for m in self.store.messages(self.user_id, message.session_id) if m.id < message.id]
        return tuple(Utterance(m.role, m.content) for m in earlier[-CONTEXT_MESSAGES:])

    async def _end_tasks(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = ()


def new_session_id() -> str:
    """A name for a conversation: 12 hexadecimal digits."""
    return secrets.token_hex(6)


def make_extractor(choice: str, model: LLM | None) -> Extractor:
    """Who reads messages for facts: ``auto`` is the model where there is one that is good at it. Raises UsageError."""
    if choice == "model" and model is None:
        raise UsageError("--extractor model needs a model: offline, only the rules can learn.")
    if model is None or choice == "rules" or (choice == "auto" and not model.extracts):
        return RulesExtractor()
    return ModelExtractor(model)
