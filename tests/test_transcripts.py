"""Other programs' chat logs as conversations."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profilecli.transcripts import BadRecord, Record, read

Plain = tuple[str | None, list[tuple[str, str]]]


def plain(text: str, size: int = 7) -> list[Plain | BadRecord]:
    """The records of a text that comes in pieces of ``size``, without keys and places."""
    pieces = (text[start : start + size] for start in range(0, len(text), size))
    return [r if isinstance(r, BadRecord) else (r.user_id, [(m.role, m.content) for m in r.messages]) for r in read(pieces)]


def keys(text: str) -> list[bytes]:
    """The keys of the messages."""
    return [message.key for record in read([text]) if isinstance(record, Record) for message in record.messages]


def chatgpt(name: str, *said: tuple[str, str], edited: str = "") -> dict[str, Any]:
    """A conversation as ChatGPT exports it, with a branch that was edited away."""
    mapping: dict[str, Any] = {"root": {"id": "root", "message": None, "parent": None, "children": ["0"]}}
    parent = "root"
    for number, (role, text) in enumerate(said):
        content = {"content_type": "text", "parts": [text, {"asset": "an image"}]}
        message = {"author": {"role": role}, "content": content, "create_time": 1700000000.5 + number}
        mapping[str(number)] = {"id": str(number), "message": message, "parent": parent, "children": []}
        parent = str(number)
    mapping["old"] = {
        "id": "old",
        "message": {"author": {"role": "user"}, "content": {"parts": [edited]}},
        "parent": "root",
        "children": [],
    }
    return {"title": "t", "conversation_id": name, "mapping": mapping, "current_node": parent}


def claude(name: str, *said: tuple[str, str]) -> dict[str, Any]:
    """A conversation as Claude exports it."""
    return {
        "uuid": name,
        "chat_messages": [
            {"uuid": f"m{n}", "sender": sender, "text": text, "content": [{"type": "text", "text": text}], "created_at": "2024-05-01T10:00:00.25+02:00"}
            for n, (sender, text) in enumerate(said)
        ],
    }  # fmt: skip


@pytest.mark.parametrize("size", [1, 3, 10_000])
def test_a_record_is_a_message_or_a_conversation(size: int) -> None:
    """With or without a user; a system prompt is neither evidence nor context."""
    talk = {"messages": [{"role": "system", "content": "x"}, {"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello"}]}
    text = json.dumps({"user_id": "bob", "content": "I'm Bob"}) + "\n\n" + json.dumps(talk)
    assert plain(text, size) == [("bob", [("user", "I'm Bob")]), (None, [("user", "hi"), ("assistant", "hello")])]


def test_plain_text_is_a_message_a_line() -> None:
    """Where the text begins with no JSON; a time in brackets is none."""
    assert plain("\ufeffI'm Bob\n\n{not json}\n") == [(None, [("user", "I'm Bob")]), (None, [("user", "{not json}")])]
    assert plain("[12:30] I'm Bob") == [(None, [("user", "[12:30] I'm Bob")])]
    assert plain("") == plain("\n \n") == []


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("size", [1, 64, 100_000])
def test_an_export_of_chatgpt_is_read_along_the_branch_that_was_last_seen(indent: int | None, size: int) -> None:
    """With the times, and without what was edited away."""
    said = (("system", ""), ("user", 'I\'m "Bob" \\ ]}'), ("assistant", "hi"), ("tool", "x"), ("user", "I work at Acme"))
    export = json.dumps([chatgpt("c1", *said, edited="I work at Oldcorp"), chatgpt("c2", ("user", "bye"))], indent=indent)
    assert plain(export, size) == [
        (None, [("user", 'I\'m "Bob" \\ ]}\n'.strip()), ("assistant", "hi"), ("user", "I work at Acme")]),
        (None, [("user", "bye")]),
    ]
    (first, _) = read([export])
    assert isinstance(first, Record)
    assert first.messages[0].at == "2023-11-14T22:13:21.500000Z"


def test_an_export_of_claude_is_read() -> None:
    """Human is the user; times are made UTC."""
    export = json.dumps([claude("a", ("human", "I'm Bob"), ("assistant", "hi"))])
    assert plain(export) == [(None, [("user", "I'm Bob"), ("assistant", "hi")])]
    (record,) = read([export])
    assert isinstance(record, Record)
    assert record.messages[0].at == "2024-05-01T08:00:00.250000Z"


@pytest.mark.parametrize(
    "line",
    ["{broken", "[1]", '{"user_id": 5, "content": "x"}', '{"user_id": "a"}', '{"content": 5}', '{"messages": [{"role": "user"}]}', '{"messages": "x"}', "[" * 100_000],
)  # fmt: skip
def test_a_bad_record_has_its_place_and_reason(line: str) -> None:
    """And the others are read."""
    good = json.dumps({"content": "hi"})
    first, bad, last = plain(f"{good}\n{line}\n{good}\n", 1000)
    assert isinstance(bad, BadRecord)
    assert bad.where == "line 2"
    assert bad.reason
    assert first == last == (None, [("user", "hi")])


def test_a_bad_conversation_in_an_export_is_skipped() -> None:
    """Also one whose JSON is broken inside, as long as its brackets close."""
    good = json.dumps(chatgpt("c", ("user", "hi")))
    first, second, third, fourth = plain(f'[{good},\n{{"mapping": {{}}, "current_node": "x"}},\n{{"a": tru}},\n{good}]')
    assert isinstance(second, BadRecord)
    assert isinstance(third, BadRecord)
    assert (second.where, third.where) == ("line 2", "line 3")
    assert first == fourth == (None, [("user", "hi")])


def test_an_export_that_was_cut_off_says_so() -> None:
    """What came before is read."""
    good = json.dumps(chatgpt("c", ("user", "hi")))
    first, last = plain(f"[{good},{good[:-20]}")
    assert first == (None, [("user", "hi")])
    assert isinstance(last, BadRecord)


def test_a_message_keeps_its_key_when_its_conversation_goes_on_or_moves() -> None:
    """So that a newer export, or a longer log, teaches only what is new."""
    old = json.dumps([chatgpt("c1", ("user", "hi"))])
    new = json.dumps([chatgpt("c0", ("user", "hi")), chatgpt("c1", ("user", "hi"), ("user", "more"))])
    assert keys(new)[1] == keys(old)[0]
    assert len(set(keys(new))) == 3
    talk = [{"role": "user", "content": "hi"}, {"role": "user", "content": "more"}]
    assert keys(json.dumps({"messages": talk}))[0] == keys("\n" + json.dumps({"messages": talk[:1]}))[0]
    assert keys(json.dumps({"messages": talk}))[1] != keys(json.dumps({"messages": talk[1:]}))[0]


JSON = st.recursive(st.text(max_size=6) | st.integers() | st.none(), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3), max_leaves=8)  # fmt: skip


@given(st.lists(st.dictionaries(st.text(max_size=4), JSON, max_size=3) | JSON, max_size=4), st.integers(1, 9), st.sampled_from([None, 1]))
def test_an_array_has_as_many_records_as_elements_however_it_is_cut(elements: list[Any], size: int, indent: int | None) -> None:
    """Whatever stands in its strings."""
    text = json.dumps([{}, *elements], indent=indent, ensure_ascii=False)
    assert len(plain(text, size)) == len(elements) + 1
    assert plain(text, size) == plain(text, len(text))


def test_a_large_export_is_read_in_little_memory() -> None:
    """One conversation at a time, though all stand on one line."""
    one = json.dumps(chatgpt("c", *[("user", "x" * 500)] * 20))

    def pieces() -> Iterator[str]:
        yield "["
        for number in range(2000):
            yield ("," if number else "") + one
        yield "]"

    tracemalloc.start()
    try:
        assert sum(1 for _ in read(pieces())) == 2000
        assert tracemalloc.get_traced_memory()[1] < 100 * len(one)
    finally:
        tracemalloc.stop()
