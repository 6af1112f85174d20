"""How much of a conversation a model is sent."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from profilecli.models import Utterance
from profilecli.window import UNKNOWN_WINDOW, Window, known_window

TURNS = st.lists(st.builds(Utterance, st.sampled_from(["user", "assistant"]), st.text(max_size=300)), max_size=30)


@given(TURNS, st.text(max_size=50), st.integers(256, 3000))
def test_what_is_sent_is_the_end_of_the_conversation_and_fits(turns: list[Utterance], last: str, tokens: int) -> None:
    """It ends with the last message and begins with the user's words."""
    conversation = [*turns, Utterance("user", last)]
    sent = Window(tokens).fitting(conversation, "system")
    assert sent == conversation[len(conversation) - len(sent) :]
    assert sent[0].role == "user"
    size = sum(len(u.content.encode()) for u in sent)
    assert len(sent) == 1 or size <= tokens * 4


def test_a_single_message_is_sent_however_long_it_is() -> None:
    """The endpoint will say so if it is too long."""
    message = Utterance("user", "x" * 10**6)
    assert Window(256).fitting([message], "s") == [message]


def test_the_estimate_is_corrected_by_what_the_endpoint_reports() -> None:
    """Text that takes more tokens than expected leaves room for less of it."""
    turns = [Utterance("user" if n % 2 == 0 else "assistant", "字" * 300) for n in range(41)]
    window = Window(8192)
    before = window.fitting(turns, "s")
    window.correct(before, "s", sum(len(u.content) for u in before))
    assert len(window.fitting(turns, "s")) < len(before) or len(before) == len(turns)
    narrow = Window(8192)
    narrow.correct(turns, "s", 40_000)
    assert len(narrow.fitting(turns, "s")) < len(turns)


def test_too_long_means_half_as_much_next_time() -> None:
    """Until one message is left."""
    turns = [Utterance("user" if n % 2 == 0 else "assistant", "x" * 400) for n in range(41)]
    window = Window(100_000)
    sent = window.fitting(turns, "s")
    window.shrink(sent, "s")
    assert len(window.fitting(turns, "s")) <= len(sent) // 2


def test_windows_of_known_models_are_known() -> None:
    """And others are trusted with little."""
    assert known_window("gpt-5.2") == 400_000
    assert known_window("openai/gpt-4o-mini") == 128_000
    assert known_window("my-model") == UNKNOWN_WINDOW
