"""What PostgreSQL's errors mean here, each in one line that says what to do, and none with a password in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import unquote

import psycopg
from psycopg.conninfo import conninfo_to_dict

from profilecli.config import masked
from profilecli.errors import StoreError

__all__ = ["checked_url", "explained", "unreachable"]

_ADVICE: Mapping[str, str] = MappingProxyType(
    {
        "55P03": "another process has held it for 30 seconds. Try again when it is done.",
        "57014": "it was still waiting, or working, after 30 seconds. Try again when others are done.",
        "40P01": "other processes were in the way each time. Try again; nothing was changed.",
        "40001": "other processes were in the way each time. Try again; nothing was changed.",
        "25006": "it can only be read (a standby?). Name the one that may be written to with --db.",
        "53100": "its disk is full. Make room; nothing was changed.",
        "53200": "it is out of memory. Nothing was changed.",
        "3F000": "its search_path names no schema that is there. Make one: CREATE SCHEMA profilecli.",
        "42P01": "its tables have gone, or search_path names another schema now.",
    }
)
"""By SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html."""


def checked_url(url: str) -> str:
    """The URL with its password masked, as it may be shown. Raises StoreError where libpq would read another password, or can't read it."""
    shown = masked(url)
    beginning = url.partition("://")[2].partition("?")[0]
    password = beginning.rpartition("@")[0].partition(":")[2]
    advice = "A character of a password, or of a name, that means something in a URL is written as % and its code: / is %2F, @ is %40."
    try:
        read = conninfo_to_dict(url)
    except psycopg.Error as error:
        # The reason may quote a part of the password.
        reason = (
            "" if "@" in url and not password else f" ({str(error).strip().replace(password, '***') if password else str(error).strip()})"
        )
        raise StoreError(f"{shown} is not a URL that PostgreSQL understands{reason}. {advice}") from error
    if (password and unquote(password) != read.get("password")) or re.search(r"[^\d,]", str(read.get("port") or "")):
        raise StoreError(f"{shown} is not a URL that PostgreSQL understands as it was meant. {advice}")
    return shown


def explained(url: str, where: str, error: psycopg.Error) -> str:
    """An error of a statement."""
    if error.sqlstate == "42501":
        return f"Database {where}: {_line(url, error)}. Grant it, or name another role in the URL: docs/postgres.md has the statements."
    return f"Database {where}: {_ADVICE.get(error.sqlstate or '') or _line(url, error) + '.'}"


def unreachable(url: str, where: str, error: psycopg.Error) -> str:
    """An error of a connection: none could be made, or it broke."""
    return f"The database at {where} can't be reached: {_line(url, error)}. Start it, or check the address, or name another with --db."


def _line(url: str, error: psycopg.Error) -> str:
    """The first line of an error that says something, without the password."""
    text = error.diag.message_primary or str(error).split("\nMultiple connection attempts")[0]
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    line = re.sub(r"^(connection failed|consuming input failed|sending (query|prepared query) failed): ", "", " ".join(lines[:2]))
    secret = conninfo_to_dict(url).get("password")
    return masked(line.replace(str(secret), "***") if secret else line).rstrip(". ") or type(error).__name__
