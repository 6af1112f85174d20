"""Writing to profiles and their history, inside a transaction that somebody else has begun."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from profilecli.merge import FieldChange, merge
from profilecli.models import Change, Message, Profile, Rejection, Role, Update
from profilecli.schema import SchemaSet
from profilecli.store.database import Database
from profilecli.store.protocol import Applied, Heard, Learning, Undone
from profilecli.store.rows import CHANGE, PROFILE, change_of, checked, dump_or_none, profile_of
from profilecli.text import shown_value, whole_characters

__all__ = ["CHANGE_COLUMNS", "REJECTION_COLUMNS", "Ledger"]

_LEARNING = frozenset({"rules", "model", "tool"})
"""Sources that a pin holds off; what a hand, an import or an undo does, is meant."""

CHANGE_COLUMNS = "user_id, field, old, new, source, quote, message_id, session_id, said_at, at, change_set, superseded"
"""Of a row in ``changes`` that is added."""

REJECTION_COLUMNS = "user_id, field, value, reason, quote, source, message_id, session_id, at"
"""Of a row in ``rejections`` that is added."""


class Ledger:
    """What is written in one transaction, all of it at the moment ``at``, since when nobody else writes to its users."""

    def __init__(self, db: Database, schemas: SchemaSet, at: str) -> None:
        self._db = db
        self._schemas = schemas
        self.at = at

    def profile(self, user_id: str) -> Profile | None:
        """The profile as it is stored, or None; nobody else writes to it from here on, even if it was made only now."""
        row = self._db.one(f"SELECT {PROFILE} FROM profiles WHERE user_id = ?{self._db.for_update}", user_id)
        return None if row is None else profile_of(row)

    def ensure_profile(self, user_id: str, schema: str | None) -> Profile:
        """The profile, its row made or given another schema where needed."""
        profile = self.profile(checked(user_id))
        if profile is None:
            profile = Profile(user_id, schema or "base", {}, self.at, self.at)
            made = self._db.run(
                f"INSERT INTO profiles ({PROFILE}) VALUES (?, ?, '{{}}', ?, ?) ON CONFLICT (user_id) DO NOTHING",
                user_id, profile.schema, self.at, self.at,
            )  # fmt: skip
            if not made:  # another process has made it since, and there was no row by which to keep it off
                self.at = self._db.begin([user_id])
                return self.ensure_profile(user_id, schema)
        elif profile.updated_at > self.at:  # the same, and it was there when this transaction came to look
            self.at = self._db.begin([user_id])
        if schema is not None and schema != profile.schema:
            self._db.run("UPDATE profiles SET schema = ?, updated_at = ? WHERE user_id = ?", schema, self.at, user_id)
            profile = Profile(user_id, schema, profile.fields, profile.created_at, self.at)
        return profile

    def add_message(
        self, user_id: str, session_id: str, role: Role, content: str, at: str | None = None, cut: str | None = None
    ) -> Message:
        """Keeps a message, said at ``at`` or now; nothing counts as said in the future."""
        content = whole_characters(content)
        said = min(at or self.at, self.at)
        row = (user_id, session_id, role, content, said, cut)
        (number,) = self._db.insert("messages", "user_id, session_id, role, content, at, cut", [row])
        self._db.witness(user_id, "SELECT 1 FROM messages WHERE user_id = ? AND id = ? AND at = ?", user_id, number, said)
        return Message(number, user_id, session_id, role, content, said, cut=cut)

    def is_new(self, heard: Heard, run: str) -> bool:
        """Whether this is the first time that the record is heard, and notes that it was.

        A record that stands in a run so many times counts so many times: two equal lines are
        two messages, and the same two lines read again are none.
        """
        row = self._db.one("SELECT heard, run, seen FROM imports WHERE user_id = ? AND key = ?", heard.user_id, heard.key)
        if row is None:
            self._db.run("INSERT INTO imports (user_id, key, heard, run, seen) VALUES (?, ?, 1, ?, 1)", heard.user_id, heard.key, run)
            return True
        seen = row[2] + 1 if row[1] == run else 1
        self._db.run(
            "UPDATE imports SET heard = ?, run = ?, seen = ? WHERE user_id = ? AND key = ?",
            max(row[0], seen), run, seen, heard.user_id, heard.key,
        )  # fmt: skip
        return bool(seen > row[0])

    def apply(self, learning: Learning) -> Applied:
        """Merges updates into the profile, with their history, and marks the message as learned."""
        message, user_id = learning.message, learning.user_id
        if message is not None and learning.finish and not self._mark_learned(message):
            return Applied(done=False)
        session_id = message.session_id if message else learning.session_id
        written: list[Change] = []
        pinned: list[Rejection] = []
        if learning.updates or learning.schema or message is None:
            profile = self.ensure_profile(user_id, learning.schema)
            said_at = message.at if message else self.at
            lists = (
                {field.name for field in self._schemas.for_profile(profile.schema).fields if field.is_list} if learning.updates else set()
            )
            free, pinned = self._unpinned(profile, learning.updates, lists)
            fresh, stale = self._by_age(user_id, free, said_at, lists)
            fields, changes = merge(profile.fields, fresh, lists)
            late = [change for update in stale for change in merge(profile.fields, [update], lists)[1]]
            written = self.save(user_id, fields, changes, late, said_at=said_at, message=message, session_id=session_id)
        self._refuse(user_id, [*learning.rejections, *pinned], message, session_id)
        return Applied(tuple(written), tuple(pinned))

    def undo(self, user_id: str, change_sets: str, parameters: Sequence[Any], session_id: str | None) -> Undone:
        """Takes back the change sets that a query names, as one new set; a field that has changed since is kept."""
        profile = self.profile(user_id)
        rows = self._db.all(
            f"SELECT {CHANGE} FROM changes WHERE user_id = ? AND NOT superseded AND change_set IN ({change_sets}) ORDER BY id",
            user_id, *parameters,
        )  # fmt: skip
        if not rows or profile is None:
            return Undone()
        taken, kept = _taken_back([change_of(row) for row in rows], profile)
        fields, changes = merge(profile.fields, taken)
        return Undone(tuple(self.save(user_id, fields, changes, said_at=self.at, session_id=session_id)), tuple(kept))

    def pin(self, user_id: str, fields: Iterable[str]) -> None:
        """Keeps learning from changing the fields."""
        self._db.many(
            "INSERT INTO pins (user_id, field, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", [(user_id, f, self.at) for f in fields]
        )

    def save(
        self,
        user_id: str,
        fields: dict[str, Any],
        changes: Sequence[FieldChange],
        superseded: Sequence[FieldChange] = (),
        *,
        said_at: str,
        message: Message | None = None,
        session_id: str | None = None,
    ) -> list[Change]:
        """Stores the fields, and appends changes to the history as one set, named by the id of its first change."""
        if changes:
            self._db.save_fields(user_id, fields, {change.field for change in changes}, self.at)
        logged: list[Change] = []
        for late, entries in ((False, changes), (True, superseded)):
            for entry in entries:
                number, change_set = self._log(
                    user_id, entry, message.id if message else None, session_id, said_at, late, logged[0].change_set if logged else None
                )
                update = entry.update
                logged.append(
                    Change(number, entry.field, entry.old, entry.new, update.source, update.quote, session_id, self.at, change_set, late)
                )
        return logged

    # ---- how

    def _mark_learned(self, message: Message) -> bool:
        marked = self._db.run(
            "UPDATE messages SET learned_at = ? WHERE user_id = ? AND id = ? AND learned_at IS NULL", self.at, message.user_id, message.id
        )
        if marked:
            learned = "SELECT 1 FROM messages WHERE user_id = ? AND id = ? AND learned_at = ?"
            self._db.witness(message.user_id, learned, message.user_id, message.id, self.at)
        return marked == 1

    def _unpinned(self, profile: Profile, proposed: Sequence[Update], lists: AbstractSet[str]) -> tuple[list[Update], list[Rejection]]:
        """The updates that no pin holds off, and the others as rejections; what would change nothing is neither."""
        updates = list(proposed)
        if not any(update.source in _LEARNING for update in updates):
            return updates, []
        pins = {row[0] for row in self._db.all("SELECT field FROM pins WHERE user_id = ?", profile.user_id)}
        free = [update for update in updates if update.field not in pins or update.source not in _LEARNING]
        held = [update for update in updates if update not in free and merge(profile.fields, [update], lists)[1]]
        return free, [
            Rejection(
                update.field, None if update.value is None else shown_value(update.value), "pinned", update.quote or "", update.source
            )
            for update in held
        ]

    def _by_age(self, user_id: str, updates: Iterable[Update], said_at: str, lists: AbstractSet[str]) -> tuple[list[Update], list[Update]]:
        """The updates that may be written, and those that a newer statement stands against."""
        fresh: list[Update] = []
        stale: list[Update] = []
        for update in updates:
            newer = self._db.all(
                f"SELECT {CHANGE} FROM changes WHERE user_id = ? AND field = ? AND NOT superseded AND said_at > ?",
                user_id, update.field, said_at,
            )  # fmt: skip
            against = _stands_against if update.field in lists and update.value is not None else _always
            (stale if any(against(change_of(row), update) for row in newer) else fresh).append(update)
        return fresh, stale

    def _log(
        self,
        user_id: str,
        entry: FieldChange,
        message_id: int | None,
        session_id: str | None,
        said_at: str,
        late: bool,
        change_set: int | None,
    ) -> tuple[int, int]:
        update = entry.update
        row = (
            user_id, entry.field, dump_or_none(entry.old), dump_or_none(entry.new), update.source, update.quote,
            message_id, session_id, said_at, self.at, change_set or 0, late,
        )  # fmt: skip
        (number,) = self._db.insert("changes", CHANGE_COLUMNS, [row])
        if change_set is None:
            self._db.run("UPDATE changes SET change_set = ? WHERE user_id = ? AND id = ?", number, user_id, number)
            self._db.witness(user_id, "SELECT 1 FROM changes WHERE user_id = ? AND id = ? AND at = ?", user_id, number, self.at)
        return number, change_set or number

    def _refuse(self, user_id: str, rejections: Iterable[Rejection], message: Message | None, session_id: str | None) -> None:
        rows = [
            (user_id, r.field, r.value, r.reason, r.quote or None, r.source, message and message.id, session_id, self.at)
            for r in rejections
        ]
        if rows:
            self._db.insert("rejections", REJECTION_COLUMNS, rows)


def _always(_change: Change, _update: Update) -> bool:
    return True


def _stands_against(change: Change, update: Update) -> bool:
    """Whether a newer change of a list speaks of the element that ``update`` adds or removes; a hand writes the whole list."""
    had, has = (update.value in (value if isinstance(value, list) else [value]) for value in (change.old, change.new))
    return change.source not in _LEARNING or had != has


def _taken_back(changes: Sequence[Change], profile: Profile) -> tuple[list[Update], list[str]]:
    """The updates that restore what was before ``changes``, and the fields that moved on since."""
    first: dict[str, Change] = {}
    last: dict[str, Change] = {}
    for change in changes:
        first.setdefault(change.field, change)
        last[change.field] = change
    taken, kept = [], []
    for field, change in first.items():
        if profile.fields.get(field) != last[field].new:
            kept.append(field)
        elif change.old is None:
            taken.append(Update(field, "unset", None, None, "undo"))
        else:
            taken.append(Update(field, "replace", change.old, None, "undo"))
    return taken, kept
