"""The sdist and the wheel: what is in them, and that they install and run in an empty environment."""

from __future__ import annotations

import email.message
import email.parser
import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT, SCHEMAS
from tests.packages import DEVELOPERS, environment, shared_folder

pytestmark = pytest.mark.slow

MOST_MEGABYTES = 100
"""What an installation without extras may take on disk, without pip and setuptools."""

NOT_OURS = ("pip", "setuptools", "pkg_resources", "_distutils_hack", "distutils-precedence")
"""What an empty environment has already."""

NO_COMPILER = {"CC": "false", "CXX": "false", "CARGO": "false", "RUSTC": "false"}


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The sdist, and the wheel that pip makes of that sdist alone."""
    folder = tmp_path_factory.mktemp("built")
    python = environment(shared_folder(tmp_path_factory), "build", "hatchling>=1.27")
    run(python, "-m", "hatchling", "build", "-t", "sdist", "-d", folder, cwd=ROOT)
    (sdist,) = folder.glob("*.tar.gz")
    run(python, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", folder, sdist, cwd=folder)
    (wheel,) = folder.glob("*.whl")
    return sdist, wheel


@cache
def interpreter(version: str) -> str:
    """A Python of this version: on the path, else one of pyenv's. Skips the test where there is none."""
    home = Path(DEVELOPERS.get("PYENV_ROOT", Path(DEVELOPERS.get("HOME", "/")) / ".pyenv"))
    found = [sys.executable, shutil.which(f"python{version}"), *sorted(home.glob(f"versions/{version}.*/bin/python"))]
    for candidate in (str(path) for path in found if path):
        ran = subprocess.run(
            [candidate, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"], capture_output=True, text=True, check=False
        )
        if ran.stdout.strip() == version:
            return candidate
    pytest.skip(f"Python {version} is not installed")


def run(*command: str | Path, cwd: Path, **environ: str) -> str:
    """What a command prints; it has to succeed."""
    ran = subprocess.run([*map(str, command)], cwd=cwd, env=DEVELOPERS | environ, capture_output=True, text=True, timeout=600, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def in_package() -> set[str]:
    """Every file of the package that belongs to it."""
    files = (path for path in (ROOT / "profilecli").rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {str(path.relative_to(ROOT)) for path in files}


def metadata(wheel: Path) -> email.message.Message:
    """The wheel's METADATA."""
    with zipfile.ZipFile(wheel) as file:
        (name,) = [name for name in file.namelist() if name.endswith(".dist-info/METADATA")]
        return email.parser.Parser().parsestr(file.read(name).decode())


def megabytes(environ: Path) -> float:
    """What was installed into an environment, compiled files included, without what was there before."""
    (site,) = environ.glob("lib/python*/site-packages")
    return (
        sum(
            path.stat().st_size
            for entry in site.iterdir()
            if not entry.name.startswith(NOT_OURS)
            for path in ([entry] if entry.is_file() else entry.rglob("*"))
            if path.is_file()
        )
        / 1e6
    )


def test_the_wheel_has_the_package_and_its_licence_and_nothing_else(built: tuple[Path, Path]) -> None:
    """No tests, benchmarks or documents; the word lists, the patterns and py.typed."""
    with zipfile.ZipFile(built[1]) as file:
        names = set(file.namelist())
    info = {name for name in names if ".dist-info/" in name}
    assert names - info == in_package()
    assert {name.partition("/")[2] for name in info} == {"METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE"}
    assert {"profilecli/py.typed", "profilecli/language/lexicon/given_names.txt", "profilecli/language/patterns/en.toml"} <= names


def test_the_sdist_has_what_building_and_testing_need(built: tuple[Path, Path]) -> None:
    """And nothing that a tool has left behind."""
    with tarfile.open(built[0]) as file:
        names = {name.partition("/")[2] for name in file.getnames()}
    assert in_package() <= names
    assert {"LICENSE", "README.md", "pyproject.toml", "tests/conftest.py", "docs/commands.md", ".ci/run", "schemas/customer.py"} <= names
    assert [name for name in names if any(part in name for part in ("__pycache__", "_cache", ".hypothesis", ".git/", ".db"))] == []


def test_the_metadata_is_complete(built: tuple[Path, Path]) -> None:
    """What an index shows, and no address that there is not."""
    told = metadata(built[1])
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (told["Name"], told["Version"], told["Requires-Python"]) == ("profilecli", project["version"], ">=3.11")
    assert (told["License-Expression"], told.get_all("License-File")) == ("MIT", ["LICENSE"])
    assert told["Summary"] == project["description"]
    assert told["Description-Content-Type"] == "text/markdown"
    assert str(told.get_payload()) == (ROOT / "README.md").read_text(encoding="utf-8")
    classifiers = told.get_all("Classifier", [])
    assert {f"Programming Language :: Python :: 3.{minor}" for minor in (11, 12, 13)} <= set(classifiers)
    assert "Typing :: Typed" in classifiers
    assert all("example" not in url for url in told.get_all("Project-URL", []))


@pytest.mark.parametrize("version", ["3.11", "3.13"])
def test_the_wheel_installs_without_a_compiler_in_an_empty_environment_and_runs(
    built: tuple[Path, Path], tmp_path: Path, version: str
) -> None:
    """Under 100 MB, nothing built from source, and the main job done offline."""
    home = tmp_path / "environment"
    run(interpreter(version), "-m", "venv", home, cwd=tmp_path)
    run(home / "bin" / "python", "-m", "pip", "install", "--quiet", "--only-binary", ":all:", built[1], cwd=tmp_path, **NO_COMPILER)
    run(home / "bin" / "python", "-m", "pip", "check", cwd=tmp_path)
    assert megabytes(home) < MOST_MEGABYTES
    said = run(ROOT / ".ci" / "acceptance", home / "bin", SCHEMAS, cwd=tmp_path, PATH=os.environ["PATH"])
    assert said.endswith("Your name is Alice Chen, and you prefer to be called Ali.\n")
