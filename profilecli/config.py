"""Settings: a flag, else the environment, else the config file, else the default.

One table (:data:`SETTINGS`) says what there is; the reference page in the docs is made
from it.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from profilecli.errors import ConfigError

__all__ = ["SETTINGS", "Setting", "Settings", "config_path", "data_folder", "load", "masked", "save"]

APP = "profilecli"
MODES = ("always", "agentic", "off")
APIS = ("responses", "chat")
EXTRACTORS = ("auto", "rules", "model")


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its name (flag and TOML key), its environment variable, and how its text is read.

    ``default`` says in words what holds where nothing is set.
    """

    name: str
    env: str
    default: str
    help: str
    parse: Callable[[Any], Any]


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("needs text")
    return value


def _one_of(*choices: str) -> Callable[[Any], str]:
    def parse(value: Any) -> str:
        if value not in choices:
            raise ValueError(f"needs one of {', '.join(choices)}")
        return str(value)

    return parse


def _paths(value: Any) -> tuple[Path, ...]:
    parts = value.split(os.pathsep) if isinstance(value, str) else value
    if not isinstance(parts, list | tuple) or not all(isinstance(part, str | Path) for part in parts):
        raise ValueError("needs a list of folders")
    return tuple(Path(part).expanduser() for part in parts if str(part).strip())


def _url(value: Any) -> str:
    text = _text(value).strip().rstrip("/")
    try:
        parts = urlsplit(text)
        sound = parts.scheme in ("http", "https") and parts.hostname and not re.search(r"\s", parts.netloc) and (parts.port or 1)
    except ValueError:  # a port out of range
        sound = False
    if not sound:
        raise ValueError("needs a URL such as http://localhost:11434/v1")
    return text


def _count(value: Any) -> int:
    try:
        number = int(str(value))
    except ValueError:
        raise ValueError("needs a whole number") from None
    if number < 256:
        raise ValueError("needs at least 256 tokens")
    return number


def _seconds(value: Any) -> float:
    try:
        number = float(str(value))
    except ValueError:
        raise ValueError("needs a number of seconds") from None
    if not 0 < number <= 86_400:
        raise ValueError("needs a number of seconds above 0")
    return number


SETTINGS: tuple[Setting, ...] = (
    Setting("user", "PROFILECLI_USER", "the login name", "Whose profile it is.", _text),
    Setting("db", "PROFILECLI_DB", "profiles.db in the user data folder", "Database: a path or a postgresql:// URL.", _text),
    Setting("schema", "PROFILECLI_SCHEMA", "the schema that the profile already has, else base", "The profile's schema.", _text),
    Setting("schema_dirs", "PROFILECLI_SCHEMA_DIR", "schemas in the user config folder", "Folders of schema modules.", _paths),
    Setting(
        "model",
        "PROFILECLI_MODEL",
        "gpt-5.2 with a key, else a pulled local model, else offline",
        "offline, local, a .gguf file or a model id.",
        _text,
    ),
    Setting("base_url", "OPENAI_BASE_URL", "OpenAI's", "Base URL of an OpenAI-compatible endpoint.", _url),
    Setting(
        "api", "PROFILECLI_API", "responses at OpenAI, chat elsewhere", "Which of OpenAI's two APIs the endpoint speaks.", _one_of(*APIS)
    ),
    Setting("mode", "PROFILECLI_MODE", "always", "always, agentic or off.", _one_of(*MODES)),
    Setting("extractor", "PROFILECLI_EXTRACTOR", "auto", "Who reads messages for facts: auto, rules or model.", _one_of(*EXTRACTORS)),
    Setting("instructions", "PROFILECLI_INSTRUCTIONS", "none", "Who the assistant is; stands before the profile.", _text),
    Setting(
        "context_window", "PROFILECLI_CONTEXT_WINDOW", "8192 where the model's is unknown", "Tokens that the model reads at once.", _count
    ),
    Setting("timeout", "PROFILECLI_TIMEOUT", "60", "Seconds without a byte from the endpoint.", _seconds),
)

_BY_NAME = {setting.name: setting for setting in SETTINGS}


@dataclass(frozen=True)
class Settings:
    """The settings in force. None means that nobody chose, and the default in the table holds.

    ``sources`` has, for each setting, where its value came from: ``--flag``, the name of an
    environment variable, the path of the config file, or ``default``.
    """

    user: str | None = None
    db: str | None = None
    schema: str | None = None
    schema_dirs: tuple[Path, ...] = ()
    model: str | None = None
    base_url: str | None = None
    api: str | None = None
    mode: str = "always"
    extractor: str = "auto"
    instructions: str | None = None
    context_window: int | None = None
    timeout: float = 60.0
    sources: Mapping[str, str] | None = None

    @property
    def user_id(self) -> str:
        """The chosen user, else the login name."""
        return self.user or _login_name()

    @property
    def database(self) -> str:
        """The chosen database, else the file in the user data folder."""
        return self.db or str(data_folder() / "profiles.db")

    def source(self, name: str) -> str:
        """Where the value of this setting came from."""
        return (self.sources or {}).get(name, "default")


def config_path(environ: Mapping[str, str] | None = None) -> Path:
    """The config file, whether it exists or not."""
    named = (os.environ if environ is None else environ).get("PROFILECLI_CONFIG")
    return Path(named).expanduser() if named else _config_folder() / "config.toml"


def load(flags: Mapping[str, Any] | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings in force, given the flags that were used. Raises ConfigError."""
    environ = os.environ if environ is None else environ
    path = config_path(environ)
    stored = _read(path)
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for setting in SETTINGS:
        flag = (flags or {}).get(setting.name)
        for given, source in (
            (flag, f"--{_flag_name(setting.name)}"),
            (environ.get(setting.env) or None, setting.env),
            (stored.get(setting.name), str(path)),
        ):
            if given is not None and given not in ([], ()):
                values[setting.name] = _parsed(setting, given, source)
                sources[setting.name] = source
                break
    if "schema_dirs" not in values:
        values["schema_dirs"] = (_config_folder() / "schemas",)
    elif missing := [d for d in values["schema_dirs"] if not d.is_dir()]:
        raise ConfigError(f"{sources['schema_dirs']}: there is no folder {missing[0]}. Make it, or name another.")
    return Settings(**values, sources=sources)


def save(name: str, text: str) -> Path:
    """Writes one setting into the config file, keeping its comments; returns the file. Raises ConfigError."""
    import tomlkit

    if name not in _BY_NAME:
        raise ConfigError(f"There is no setting {name!r}. Settings: {', '.join(_BY_NAME)}.")
    value = _parsed(_BY_NAME[name], text, "config set")
    path = config_path()
    _read(path)  # a broken file is reported, not overwritten
    document = tomlkit.parse(path.read_text(encoding="utf-8")) if path.exists() else tomlkit.document()
    document[name] = _anywhere(name, value)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, tomlkit.dumps(document))
    except OSError as error:
        raise ConfigError(f"{path} can't be written: {error.strerror}.") from error
    return path


def _anywhere(name: str, value: Any) -> Any:
    """The value for the file, which is read from any folder: no path in it may hang on this one. Raises ConfigError."""
    if isinstance(value, tuple):
        if missing := [path for path in value if not path.is_dir()]:
            raise ConfigError(f"There is no folder {missing[0]}. Make it first.")
        return [str(path.absolute()) for path in value]
    return str(Path(value).expanduser().absolute()) if name == "db" and "://" not in value else value


def masked(value: str) -> str:
    """The same text with the passwords and keys of URLs in it hidden, before the host or among the parameters."""
    # A password that has /, @ or a space in it, which a URL should have as %2F, %40 and %20, is hidden all the same.
    text = re.sub(r"^(postgres(?:ql)?://[^/@\s:?]*):.*@", r"\1:***@", value)
    text = re.sub(r"(postgres(?:ql)?://[^/@\s:?]*):\S*@", r"\1:***@", text)
    text = re.sub(r"(?<=://)([^/@\s:]*):[^@/\s]*@", r"\1:***@", text)
    # Of a web address, all that stands before the host: some gateways take the key as the user's name.
    text = re.sub(r"(https?://)[^/@\s]+@", r"\1***@", text)
    return re.sub(r"(?i)(?<=[?&])([\w.-]*(?:key|token|secret|password|passwd|signature|sig|auth)=)[^&#\s]*", r"\1***", text)


def _parsed(setting: Setting, given: Any, source: str) -> Any:
    try:
        return setting.parse(given)
    except ValueError as error:
        raise ConfigError(f"{source}: {setting.name} {error}, not {masked(str(given))!r}.") from None


def _flag_name(name: str) -> str:
    return {"schema_dirs": "schema-dir"}.get(name, name.replace("_", "-"))


def _read(path: Path) -> dict[str, Any]:
    try:
        stored = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise ConfigError(f"{path} can't be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not TOML: {error}. Mend it, or move it away.") from error
    unknown = [key for key in stored if key not in _BY_NAME]
    if unknown:
        raise ConfigError(f"{path}: there is no setting {unknown[0]!r}. Settings: {', '.join(_BY_NAME)}.")
    return stored


def _replace(path: Path, text: str) -> None:
    path = path.resolve()  # a link to a file kept elsewhere stays a link
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


def _login_name() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:
        raise ConfigError("Who is it? There is no login name here: use --user or set PROFILECLI_USER.") from error


def data_folder() -> Path:
    """The platform's folder for the user's data; it may not exist."""
    import platformdirs

    return Path(platformdirs.user_data_dir(APP, appauthor=False))


def _config_folder() -> Path:
    import platformdirs

    return Path(platformdirs.user_config_dir(APP, appauthor=False))
