"""Other programs' chat logs as messages."""

from __future__ import annotations

import json

import pytest

from profilecli.models import Utterance
from profilecli.transcripts import BadRecord, Record, read


def test_a_record_is_a_message_or_a_conversation() -> None:
    """With or without a user."""
    lines = [
        json.dumps({"user_id": "bob", "content": "I'm Bob"}),
        "",
        json.dumps(
            {"messages": [{"role": "system", "content": "x"}, {"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello"}]}
        ),
    ]
    assert list(read(lines)) == [
        Record(1, "bob", (Utterance("user", "I'm Bob"),)),
        Record(3, None, (Utterance("user", "hi"), Utterance("assistant", "hello"))),
    ]


def test_plain_text_is_a_message_a_line() -> None:
    """Where the first line is no JSON object."""
    assert list(read(["\ufeffI'm Bob\n", "\n", "{not json}\n"])) == [
        Record(1, None, (Utterance("user", "I'm Bob"),)),
        Record(3, None, (Utterance("user", "{not json}"),)),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "{broken",
        "[1]",
        '{"user_id": 5, "content": "x"}',
        '{"user_id": "a"}',
        '{"content": 5}',
        '{"messages": [{"role": "user"}]}',
        '{"messages": "x"}',
    ],
)
def test_a_bad_record_has_its_line_number_and_reason(line: str) -> None:
    """And the others are read."""
    good = json.dumps({"content": "hi"})
    first, bad, last = list(read([good, line, good]))
    assert isinstance(bad, BadRecord)
    assert bad.line == 2
    assert bad.reason
    assert isinstance(first, Record)
    assert isinstance(last, Record)
