"""Settings: flag, environment, config file, default."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profilecli.config import SETTINGS, load, masked, save
from profilecli.errors import ConfigError


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A config file of this test's own."""
    path = tmp_path / "config" / "config.toml"
    path.parent.mkdir()
    monkeypatch.setenv("PROFILECLI_CONFIG", str(path))
    return path


def test_a_flag_beats_the_environment_beats_the_file_beats_the_default(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And each setting says where it came from."""
    assert (load().mode, load().source("mode")) == ("always", "default")
    file.write_text('mode = "off"\n')
    assert (load().mode, load().source("mode")) == ("off", str(file))
    monkeypatch.setenv("PROFILECLI_MODE", "agentic")
    assert (load().mode, load().source("mode")) == ("agentic", "PROFILECLI_MODE")
    assert (load({"mode": "always"}).mode, load({"mode": "always"}).source("mode")) == ("always", "--mode")


def test_an_empty_variable_is_unset(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As ``export PROFILECLI_MODEL=`` means it."""
    monkeypatch.setenv("PROFILECLI_MODEL", "")
    assert load().model is None


def test_the_defaults_are_those_of_the_platform(file: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Data and config folders, and never the working directory for schemas."""
    chosen = load()
    assert chosen.database.startswith(str(home))
    assert chosen.schema_dirs[0].is_relative_to(home)
    assert chosen.user_id == "alice"
    monkeypatch.delenv("PROFILECLI_USER")
    monkeypatch.setenv("LOGNAME", "carol")
    assert load().user_id == "carol"


def test_folders_are_parted_as_the_platform_does(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several in the environment; a flag replaces them all."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    monkeypatch.setenv("PROFILECLI_SCHEMA_DIR", f"{tmp_path / 'a'}:{tmp_path / 'b'}")
    assert load().schema_dirs == (tmp_path / "a", tmp_path / "b")
    assert load({"schema_dirs": [tmp_path / "b"]}).schema_dirs == (tmp_path / "b",)
    with pytest.raises(ConfigError, match="there is no folder"):
        load({"schema_dirs": [tmp_path / "c"]})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("mode", "sometimes"),
        ("api", "soap"),
        ("extractor", "magic"),
        ("timeout", "soon"),
        ("timeout", "0"),
        ("timeout", "nan"),
        ("context_window", "1"),
        ("base_url", "localhost"),
        ("base_url", "http://h:99999/v1"),
        ("base_url", "http://bad host/v1"),
        ("user", " "),
    ],
)
def test_a_value_out_of_range_names_its_source_and_what_is_needed(file: Path, name: str, value: str) -> None:
    """One line, exit 2."""
    with pytest.raises(ConfigError, match=name) as refused:
        load({name: value})
    assert refused.value.exit_status == 2
    assert str(refused.value).startswith(f"--{name.replace('_', '-')}")


@pytest.mark.parametrize("text", ["mode = ", "\xff", "[section]\nmode = 'off'\n", "moode = 'off'\n", "timeout = [1]\n", "model = 5\n"])
def test_a_broken_file_is_reported_with_its_path(file: Path, text: str) -> None:
    """And never overwritten."""
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(ConfigError, match=str(file)):
        load()
    before = file.read_bytes()
    if "moode" in text or "mode = " in text:
        with pytest.raises(ConfigError):
            save("user", "bob")
        assert file.read_bytes() == before


def test_set_keeps_what_else_the_file_says(file: Path) -> None:
    """Comments and the order included."""
    file.write_text('# mine\nmode = "off"  # quiet\n')
    save("timeout", "12.5")
    assert file.read_text() == '# mine\nmode = "off"  # quiet\ntimeout = 12.5\n'
    assert load().timeout == 12.5
    with pytest.raises(ConfigError, match="There is no folder"):
        save("schema_dirs", "nosuch")
    with pytest.raises(ConfigError, match="no setting 'key'"):
        save("key", "x")
    with pytest.raises(ConfigError, match="needs one of"):
        save("mode", "x")


def test_set_writes_every_setting_so_that_it_is_read_back(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever its type."""
    monkeypatch.delenv("PROFILECLI_USER")
    values = {
        "user": "bob",
        "db": "x.db",
        "schema": "customer",
        "schema_dirs": str(tmp_path),
        "model": "offline",
        "base_url": "http://h/v1",
        "api": "chat",
    }
    values |= {"mode": "off", "extractor": "rules", "instructions": "Be kind.", "context_window": "4096", "timeout": "5"}
    assert set(values) == {setting.name for setting in SETTINGS}
    for name, value in values.items():
        save(name, value)
    chosen = load()
    assert (chosen.user, chosen.schema_dirs, chosen.context_window, chosen.timeout) == ("bob", (tmp_path,), 4096, 5.0)


@given(
    st.text(st.characters(exclude_characters="@/:", exclude_categories=["Z", "C"]), min_size=6).filter(
        lambda p: p not in "postgresql://uhost/db***"
    )
)
def test_a_password_in_a_url_is_hidden(password: str) -> None:
    """In every output."""
    assert masked(f"postgresql://u:{password}@host/db") == "postgresql://u:***@host/db"


def test_what_is_set_holds_in_every_folder_and_a_link_stays_a_link(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative path is made absolute; a config file kept elsewhere is written there."""
    kept = tmp_path / "dotfiles.toml"
    kept.write_text("")
    file.symlink_to(kept)
    monkeypatch.chdir(tmp_path)
    save("db", "x.db")
    assert load().database == str(tmp_path / "x.db")
    assert file.is_symlink()
    assert "x.db" in kept.read_text()
