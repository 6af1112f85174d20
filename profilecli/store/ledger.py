"""Writing to profiles and their history, inside a transaction that somebody else has begun."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from profilecli.merge import FieldChange, merge
from profilecli.models import Change, Message, PastChange, Portable, Profile, Rejection, Role, Update
from profilecli.schema import SchemaSet
from profilecli.store.protocol import Applied, Heard, Learning, Replaced, Undone
from profilecli.store.rows import CHANGE, PROFILE, change_of, checked, dump, dump_or_none, profile_of
from profilecli.text import shown_value, whole_characters

__all__ = ["Ledger"]

_LEARNING = frozenset({"rules", "model", "tool"})
"""Sources that a pin holds off; what a hand, an import or an undo does, is meant."""

_ADD_CHANGE = (
    "INSERT INTO changes (user_id, field, old, new, source, quote, message_id, session_id, said_at, at, change_set, superseded)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


class Ledger:
    """What is written in one transaction, all of it at the moment ``at``."""

    def __init__(self, db: sqlite3.Connection, schemas: SchemaSet, at: str) -> None:
        self._db = db
        self._schemas = schemas
        self._at = at

    def profile(self, user_id: str) -> Profile | None:
        """The profile as it is stored, or None."""
        row = self._db.execute(f"SELECT {PROFILE} FROM profiles WHERE user_id = ?", (user_id,)).fetchone()
        return None if row is None else profile_of(row)

    def ensure_profile(self, user_id: str, schema: str | None) -> Profile:
        """The profile, its row made or given another schema where needed."""
        profile = self.profile(checked(user_id))
        if profile is None:
            profile = Profile(user_id, schema or "base", {}, self._at, self._at)
            self._db.execute(f"INSERT INTO profiles ({PROFILE}) VALUES (?, ?, '{{}}', ?, ?)", (user_id, profile.schema, self._at, self._at))
        elif schema is not None and schema != profile.schema:
            self._db.execute("UPDATE profiles SET schema = ?, updated_at = ? WHERE user_id = ?", (schema, self._at, user_id))
            profile = Profile(user_id, schema, profile.fields, profile.created_at, self._at)
        return profile

    def add_message(self, user_id: str, session_id: str, role: Role, content: str, at: str | None = None) -> Message:
        """Keeps a message, said at ``at`` or now; nothing counts as said in the future."""
        content = whole_characters(content)
        said = min(at or self._at, self._at)
        cursor = self._db.execute(
            "INSERT INTO messages (user_id, session_id, role, content, at) VALUES (?, ?, ?, ?, ?)",
            (user_id, session_id, role, content, said),
        )
        return Message(int(cursor.lastrowid or 0), user_id, session_id, role, content, said)

    def is_new(self, heard: Heard, run: str) -> bool:
        """Whether this is the first time that the record is heard, and notes that it was.

        A record that stands in a run so many times counts so many times: two equal lines are
        two messages, and the same two lines read again are none.
        """
        row = self._db.execute("SELECT heard, run, seen FROM imports WHERE user_id = ? AND key = ?", (heard.user_id, heard.key)).fetchone()
        if row is None:
            self._db.execute("INSERT INTO imports (user_id, key, heard, run, seen) VALUES (?, ?, 1, ?, 1)", (heard.user_id, heard.key, run))
            return True
        seen = row[2] + 1 if row[1] == run else 1
        self._db.execute(
            "UPDATE imports SET heard = ?, run = ?, seen = ? WHERE user_id = ? AND key = ?",
            (max(row[0], seen), run, seen, heard.user_id, heard.key),
        )
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
            said_at = message.at if message else self._at
            lists = (
                {field.name for field in self._schemas.for_profile(profile.schema).fields if field.is_list} if learning.updates else set()
            )
            free, pinned = self._unpinned(profile, learning.updates, lists)
            fresh, stale = self._by_age(user_id, free, said_at, lists)
            fields, changes = merge(profile.fields, fresh, lists)
            late = [change for update in stale for change in merge(profile.fields, [update], lists)[1]]
            written = self._write(user_id, fields, changes, late, said_at=said_at, message=message, session_id=session_id)
        self._refuse(user_id, [*learning.rejections, *pinned], message, session_id)
        return Applied(tuple(written), tuple(pinned))

    def undo(self, user_id: str, change_sets: str, parameters: Sequence[Any], session_id: str | None) -> Undone:
        """Takes back the change sets that a query names, as one new set; a field that has changed since is kept."""
        rows = self._db.execute(
            f"SELECT {CHANGE} FROM changes WHERE user_id = ? AND superseded = 0 AND change_set IN ({change_sets}) ORDER BY id",
            (user_id, *parameters),
        ).fetchall()
        profile = self.profile(user_id)
        if not rows or profile is None:
            return Undone()
        taken, kept = _taken_back([change_of(row) for row in rows], profile)
        fields, changes = merge(profile.fields, taken)
        return Undone(tuple(self._write(user_id, fields, changes, said_at=self._at, session_id=session_id)), tuple(kept))

    def replace(self, portable: Portable) -> Replaced:
        """Writes a profile whole, in place of the stored one; and its history and pins, where they come with it."""
        profile = portable.profile
        created = self.profile(checked(profile.user_id)) is None
        stored = self.ensure_profile(profile.user_id, profile.schema)
        updates = [Update(name, "unset", None, None, "import") for name in stored.fields if profile.fields.get(name) is None]
        updates += [Update(name, "replace", value, None, "import") for name, value in profile.fields.items() if value is not None]
        fields, changes = merge(stored.fields, updates)
        if portable.history is None:
            written = self._write(profile.user_id, fields, changes, said_at=self._at)
        else:
            written = [_unnumbered(change) for change in changes]
            self._replace_history(profile.user_id, portable.history)
        self._db.execute(
            "UPDATE profiles SET fields = ?, created_at = ?, updated_at = ? WHERE user_id = ?",
            (dump(fields), profile.created_at or stored.created_at, profile.updated_at or self._at, profile.user_id),
        )
        if portable.pinned is not None:
            self._db.execute("DELETE FROM pins WHERE user_id = ?", (profile.user_id,))
            self.pin(profile.user_id, portable.pinned)
        return Replaced(profile.user_id, created, tuple(written))

    def pin(self, user_id: str, fields: Iterable[str]) -> None:
        """Keeps learning from changing the fields."""
        self._db.executemany(
            "INSERT OR IGNORE INTO pins (user_id, field, at) VALUES (?, ?, ?)", [(user_id, field, self._at) for field in fields]
        )

    # ---- how

    def _mark_learned(self, message: Message) -> bool:
        marked = self._db.execute("UPDATE messages SET learned_at = ? WHERE id = ? AND learned_at IS NULL", (self._at, message.id))
        return marked.rowcount == 1

    def _unpinned(self, profile: Profile, proposed: Sequence[Update], lists: AbstractSet[str]) -> tuple[list[Update], list[Rejection]]:
        """The updates that no pin holds off, and the others as rejections; what would change nothing is neither."""
        updates = list(proposed)
        if not any(update.source in _LEARNING for update in updates):
            return updates, []
        pins = {row[0] for row in self._db.execute("SELECT field FROM pins WHERE user_id = ?", (profile.user_id,))}
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
            newer = self._db.execute(
                f"SELECT {CHANGE} FROM changes WHERE user_id = ? AND field = ? AND superseded = 0 AND said_at > ?",
                (user_id, update.field, said_at),
            ).fetchall()
            against = _stands_against if update.field in lists and update.value is not None else _always
            (stale if any(against(change_of(row), update) for row in newer) else fresh).append(update)
        return fresh, stale

    def _write(
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
            self._db.execute("UPDATE profiles SET fields = ?, updated_at = ? WHERE user_id = ?", (dump(fields), self._at, user_id))
        logged: list[Change] = []
        for late, entries in ((False, changes), (True, superseded)):
            for entry in entries:
                number, change_set = self._log(
                    user_id, entry, message.id if message else None, session_id, said_at, late, logged[0].change_set if logged else None
                )
                update = entry.update
                logged.append(
                    Change(number, entry.field, entry.old, entry.new, update.source, update.quote, session_id, self._at, change_set, late)
                )
        return logged

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
            message_id, session_id, said_at, self._at, change_set or 0, int(late),
        )  # fmt: skip
        number = int(self._db.execute(_ADD_CHANGE, row).lastrowid or 0)
        if change_set is None:
            self._db.execute("UPDATE changes SET change_set = ? WHERE id = ?", (number, number))
        return number, change_set or number

    def _replace_history(self, user_id: str, history: Iterable[PastChange]) -> None:
        """The history as it came, its sets numbered anew."""
        self._db.execute("DELETE FROM changes WHERE user_id = ?", (user_id,))
        sets: dict[int, int] = {}
        for past in history:
            change = past.change
            row = (
                user_id, change.field, dump_or_none(change.old), dump_or_none(change.new), change.source, change.quote,
                None, change.session_id, past.said_at, change.at, 0, int(change.superseded),
            )  # fmt: skip
            number = int(self._db.execute(_ADD_CHANGE, row).lastrowid or 0)
            change_set = sets.setdefault(change.change_set, number)
            self._db.execute("UPDATE changes SET change_set = ? WHERE id = ?", (change_set, number))

    def _refuse(self, user_id: str, rejections: Iterable[Rejection], message: Message | None, session_id: str | None) -> None:
        self._db.executemany(
            "INSERT INTO rejections (user_id, field, value, reason, quote, source, message_id, session_id, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (user_id, r.field, r.value, r.reason, r.quote or None, r.source, message and message.id, session_id, self._at)
                for r in rejections
            ],
        )


def _always(_change: Change, _update: Update) -> bool:
    return True


def _stands_against(change: Change, update: Update) -> bool:
    """Whether a newer change of a list speaks of the element that ``update`` adds or removes; a hand writes the whole list."""
    had, has = (update.value in (value if isinstance(value, list) else [value]) for value in (change.old, change.new))
    return change.source not in _LEARNING or had != has


def _unnumbered(change: FieldChange) -> Change:
    """A change that is on record only as part of an imported history."""
    return Change(0, change.field, change.old, change.new, change.update.source, None, None, "", 0)


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
