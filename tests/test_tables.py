"""The data files: sound, small, and the same whenever they are made."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profilecli.language import atlas, tables
from profilecli.language.gazetteer import Gazetteer, name_key

ROOT = Path(__file__).parent.parent
DATA = ROOT / "profilecli" / "language" / "data"


def test_the_tables_are_small() -> None:
    sizes = {path.name: path.stat().st_size for path in DATA.glob("*.json")}
    assert sum(sizes.values()) < 120_000
    assert max(sizes.values()) < 40_000


def test_every_zone_that_a_table_names_is_one_of_today() -> None:
    places, abbreviations, spoken = (tables.table(name) for name in ("places", "abbreviations", "spoken"))
    said = {
        *tables.table("cities"),
        *places["country_zones"].values(),
        *abbreviations["single"].values(),
        *places["regions"],
        *places["state_codes"].values(),
    }
    said |= {
        *spoken["before_time"].values(),
        *spoken["whole"].values(),
        *(zone for zones in abbreviations["several"].values() for zone in zones),
    }
    zones = {zone for zone in said if "/" in zone}
    assert {zone for zone in zones if atlas.canonical_zone(zone) != zone} == set()
    assert said - zones - {"CET", "EET", "WET", "GMT", "UTC"} == {"US", "CA", "RU", "EU", "AM"}


def test_every_name_in_a_table_is_written_as_it_is_looked_up() -> None:
    places = tables.table("places")
    groups = (tables.table("cities"), places["countries"], places["regions"], places["adjectives"], tables.table("languages")["names"])
    names = [name for group in groups for names in group.values() for name in names.split("|")]
    assert [name for name in names if name_key(name) != name] == []


def test_no_city_has_two_zones() -> None:
    names = [name for names in tables.table("cities").values() for name in names.split("|")]
    assert len(names) == len(set(names))


@given(st.text(max_size=50))
def test_a_key_is_its_own_key(text: str) -> None:
    assert tables.key(tables.key(text)) == tables.key(text)
    assert name_key(name_key(text)) == name_key(text)


def test_the_longest_name_is_found_whatever_marks_stand_in_it() -> None:
    names = Gazetteer({"york": "1", "new york": "2", "new york city": "3", "xi an": "4", "saint etienne": "5"})
    found = [span.words for span in names.find("New York City, New-York, Xi'an, Saint-Étienne and York")]
    assert found == ["New York City", "New-York", "Xi'an", "Saint-Étienne", "York"]


def test_names_are_found_in_text_without_spaces() -> None:
    assert [span.value for span in Gazetteer({"北京": "a", "北京市": "b"}).find("我住在北京市吗")] == ["b"]


def test_the_files_are_what_the_script_makes() -> None:
    """Where the packages that they were made with are installed; the program itself needs neither."""
    for package, made_with in tables.table("zones")["made_from"].items():
        try:
            installed = version(package)
        except PackageNotFoundError:
            installed = "none"
        if installed != made_with:
            pytest.skip(f"made with {package} {made_with}; installed: {installed}")
    done = subprocess.run([sys.executable, ROOT / "scripts" / "make_tables.py", "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
