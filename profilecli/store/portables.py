"""Profiles that travel: out of one database with all that belongs to them, and into another in place of what was there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from profilecli.merge import FieldChange, merge
from profilecli.models import Change, HeardBefore, Message, PastChange, PastRejection, Portable, Profile, Rejection, Update
from profilecli.store.database import Database
from profilecli.store.ledger import CHANGE_COLUMNS, REJECTION_COLUMNS, Ledger
from profilecli.store.protocol import Replaced
from profilecli.store.rows import CHANGE, MESSAGE, change_of, checked, dump, dump_or_none

__all__ = ["TABLES", "packed", "unpacked"]

TABLES = ("profiles", "messages", "changes", "rejections", "pins", "imports")
"""Every table that holds something of a user, by its ``user_id``."""


def packed(db: Database, profile: Profile, *, whole: bool) -> Portable:
    """A profile with its history and pins; ``whole``, with messages, refusals and what was heard of transcripts too."""
    user_id = profile.user_id
    history = tuple(
        PastChange(change_of(row[:-2]), *row[-2:])
        for row in db.all(f"SELECT {CHANGE}, said_at, message_id FROM changes WHERE user_id = ? ORDER BY id", user_id)
    )
    pins = tuple(row[0] for row in db.all("SELECT field FROM pins WHERE user_id = ? ORDER BY field", user_id))
    portable = Portable(profile, history, pins)
    if not whole:
        return portable
    refused = db.all(
        "SELECT field, value, reason, quote, source, session_id, at, message_id FROM rejections WHERE user_id = ? ORDER BY id", user_id
    )
    return replace(
        portable,
        messages=tuple(Message(*row) for row in db.all(f"SELECT {MESSAGE} FROM messages WHERE user_id = ? ORDER BY id", user_id)),
        rejections=tuple(PastRejection(Rejection(row[0], row[1], row[2], row[3] or "", row[4]), *row[5:]) for row in refused),
        heard=tuple(
            HeardBefore(*row) for row in db.all("SELECT key, heard, run, seen FROM imports WHERE user_id = ? ORDER BY key", user_id)
        ),
    )


def unpacked(db: Database, ledger: Ledger, portable: Portable) -> Replaced:
    """Writes a profile whole, in place of the stored one; and of the rest, what comes with it."""
    profile = portable.profile
    user_id = checked(profile.user_id)
    created = ledger.profile(user_id) is None
    stored = ledger.ensure_profile(user_id, profile.schema)
    updates = [Update(name, "unset", None, None, "import") for name in stored.fields if profile.fields.get(name) is None]
    updates += [Update(name, "replace", value, None, "import") for name, value in profile.fields.items() if value is not None]
    fields, changes = merge(stored.fields, updates)
    if portable.history is None:
        written = ledger.save(user_id, fields, changes, said_at=ledger.at)
    else:
        written = [_unnumbered(change) for change in changes]
    db.run(
        "UPDATE profiles SET fields = ?, created_at = ?, updated_at = ? WHERE user_id = ?",
        dump(fields), profile.created_at or stored.created_at, profile.updated_at or ledger.at, user_id,
    )  # fmt: skip
    numbers = _replace_messages(db, portable)
    _replace_history(db, portable, numbers)
    _replace_rejections(db, portable, numbers)
    if portable.heard is not None:
        db.run("DELETE FROM imports WHERE user_id = ?", user_id)
        keys = [(user_id, each.key, each.heard, each.run, each.seen) for each in portable.heard]
        db.many("INSERT INTO imports (user_id, key, heard, run, seen) VALUES (?, ?, ?, ?, ?)", keys)
    if portable.pinned is not None:
        db.run("DELETE FROM pins WHERE user_id = ?", user_id)
        ledger.pin(user_id, portable.pinned)
    return Replaced(user_id, created, tuple(written))


def _replace_messages(db: Database, portable: Portable) -> Mapping[int | None, int]:
    """The messages as they came, numbered anew; returns the new number of each."""
    if portable.messages is None:
        return {}
    user_id = portable.profile.user_id
    db.run("DELETE FROM messages WHERE user_id = ?", user_id)
    rows = [(user_id, m.session_id, m.role, m.content, m.at, m.learned_at, m.attempts, m.cut) for m in portable.messages]
    numbers = db.insert("messages", "user_id, session_id, role, content, at, learned_at, attempts, cut", rows)
    return {message.id: number for message, number in zip(portable.messages, numbers, strict=True)}


def _replace_history(db: Database, portable: Portable, numbers: Mapping[int | None, int]) -> None:
    """The history as it came, its sets numbered anew."""
    if portable.history is None:
        return
    user_id = portable.profile.user_id
    db.run("DELETE FROM changes WHERE user_id = ?", user_id)
    rows = [
        (
            user_id, c.field, dump_or_none(c.old), dump_or_none(c.new), c.source, c.quote,
            numbers.get(past.message_id), c.session_id, past.said_at, c.at, 0, c.superseded,
        )
        for past in portable.history
        for c in [past.change]
    ]  # fmt: skip
    ids = db.insert("changes", CHANGE_COLUMNS, rows)
    sets: dict[int, int] = {}
    members = [
        (sets.setdefault(past.change.change_set, number), user_id, number) for past, number in zip(portable.history, ids, strict=True)
    ]
    db.many("UPDATE changes SET change_set = ? WHERE user_id = ? AND id = ?", members)


def _replace_rejections(db: Database, portable: Portable, numbers: Mapping[int | None, int]) -> None:
    if portable.rejections is None:
        return
    user_id = portable.profile.user_id
    db.run("DELETE FROM rejections WHERE user_id = ?", user_id)
    rows: list[tuple[Any, ...]] = [
        (user_id, r.field, r.value, r.reason, r.quote or None, r.source, numbers.get(past.message_id), past.session_id, past.at)
        for past in portable.rejections
        for r in [past.rejection]
    ]
    db.insert("rejections", REJECTION_COLUMNS, rows)


def _unnumbered(change: FieldChange) -> Change:
    """A change that is on record only as part of an imported history."""
    return Change(0, change.field, change.old, change.new, change.update.source, None, None, "", 0)
