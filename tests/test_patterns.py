"""The pattern files: every line is sound, so that a mistake in one shows before a message meets it."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from profilecli.language import patterns, slots
from profilecli.language.patterns import Frame, language, languages_of
from tests.learning import CUSTOMER, learn

FOLDER = files(patterns)
LANGUAGES = sorted(entry.name.removesuffix(".toml") for entry in FOLDER.iterdir() if re.fullmatch(r"[a-z]{2}\.toml", entry.name))

_CUES = sorted({cue for all_frames in language("en").tables.values() for frame in all_frames for cue in frame.cues})


def frames(name: str) -> list[tuple[str, Frame]]:
    return [(table, frame) for table, all_frames in language(name).tables.items() for frame in all_frames]


@pytest.mark.parametrize("name", LANGUAGES)
def test_every_frame_compiles_and_has_a_slot_that_is_read(name: str) -> None:
    """Frames that take back may have none."""
    for table, frame in frames(name):
        assert frame.before.pattern or frame.leads, frame.source
        assert frame.after is None or frame.after.pattern
        assert frame.slot in slots.KINDS or frame.slot == "same" or (not frame.slot and table.startswith("unset.")), frame.source


@pytest.mark.parametrize("name", LANGUAGES)
def test_every_frame_has_cues_in_lower_case(name: str) -> None:
    """Cues are looked for in the message in lower case."""
    for _, frame in frames(name):
        assert all(cue and cue == cue.lower() for cue in frame.cues), frame.source


@given(words=st.lists(st.sampled_from(_CUES), max_size=6), between=st.sampled_from((" ", "", ", ", "xx")))
@example(words=[], between="")
def test_a_frame_is_tried_where_a_cue_of_its_stands(words: list[str], between: str) -> None:
    """And nowhere else, whatever the index by which cues are looked for; of some kinds only, where they are given."""
    text = between.join(words)
    for kinds in (None, frozenset({"name", "role"})):
        expected = [
            frame
            for table, frames in language("en").tables.items()
            if not table.startswith("after.") and (kinds is None or table.partition(".")[2] in kinds)
            for frame in frames
            if any(cue in text for cue in frame.cues)
        ]
        assert [frame for _, _, frame in language("en").cued(text, kinds)] == expected


@pytest.mark.parametrize("name", LANGUAGES)
def test_no_pattern_repeats_without_bound(name: str) -> None:
    """``*`` and ``+`` stand nowhere but in classes and behind a single letter of a greeting or a word class."""
    for _, frame in frames(name):
        source = re.sub(r"\[[^\]]*\]|\\.", "x", frame.source)
        assert not re.search(r"\)[*+]", source), frame.source


def test_every_other_language_has_its_cue() -> None:
    """A language without a cue would never be tried."""
    cues = tomllib.loads(FOLDER.joinpath("languages.toml").read_text("utf-8"))
    assert set(cues) == set(LANGUAGES) - {"en"}
    assert [found.name for found in languages_of("Ich heiße Jo und arbeite hier")] == ["en", "de"]
    assert [found.name for found in languages_of("我叫李雷")] == ["zh"]


def test_all_moods_and_licences_compile() -> None:
    """Each expression that clause reading and grounding go by."""
    moods = tomllib.loads(FOLDER.joinpath("moods.toml").read_text("utf-8"))
    for name in moods:
        if name != "cues":
            assert patterns.mood(name).pattern
    for name in tomllib.loads(FOLDER.joinpath("licences.toml").read_text("utf-8")):
        assert patterns.licence_of(name).pattern
    for kind in tomllib.loads(FOLDER.joinpath("asks.toml").read_text("utf-8")):
        assert not patterns.asked(kind, "")


@pytest.mark.parametrize(
    ("stated", "taken_back"),
    [
        ("Ich heiße Hedwig", "vergiss meinen Namen bitte wieder"),
        ("Ich heiße Hedwig", "Kannst du meinen Namen löschen?"),
        ("Je m'appelle Séverine", "Efface mon prénom, merci."),
        ("me llamo Nuria", "olvida mi nombre, por favor"),
        ("Mi chiamo Fulvia", "Prima cosa: dimentica il mio nome."),
        ("Meu nome é Valdemar", "Pode apagar meu nome?"),
        ("我叫陈思远", "请把我的名字删掉，不要记住"),
        ("Ich arbeite bei Kornhaus", "seit gestern arbeitslos, leider"),
        ("Trabalho na Padaria Estrela", "pedi demissão hoje de manhã"),
        ("我在蓝鲸科技上班", "上周辞职了"),
    ],
)
def test_it_is_taken_back_in_the_language_it_was_said_in(stated: str, taken_back: str) -> None:
    """An order to forget, and the end of a job."""
    assert learn(CUSTOMER, stated) != {}
    assert learn(CUSTOMER, stated, taken_back) == {}


def test_every_expression_about_whole_sentences_compiles() -> None:
    """And none of them matches nothing at all, so that it would speak against everything."""
    names = tomllib.loads(FOLDER.joinpath("wholes.toml").read_text("utf-8"))
    assert len(names) > 30
    for name in names:
        assert patterns.whole(name).search("") is None
