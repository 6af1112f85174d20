"""Looking at a PostgreSQL database without changing anything in it."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

from profilecli.store.postgres import stored_version
from profilecli.store.postgres_connection import PostgresConnection
from profilecli.store.postgres_tables import NAMES, VERSION

__all__ = ["ServerInspection", "inspect_server"]


@dataclass(frozen=True, slots=True)
class ServerInspection:
    """What a database is like.

    ``version`` is None where our tables aren't there. ``missing_rights`` are those that the role
    lacks for writing, each with its table; ``standby`` says that the server only reads, ``exposed``
    that what is said to it crosses a network unencrypted.
    """

    server: str
    version: int | None
    known_version: int = VERSION
    users: int = 0
    pending: int = 0
    missing_rights: tuple[str, ...] = ()
    broken_indexes: tuple[str, ...] = ()
    standby: bool = False
    exposed: bool = False


def inspect_server(url: str) -> ServerInspection:
    """Asks the server; raises StoreError where it can't be asked, or the tables are not ours."""
    with contextlib.closing(PostgresConnection(url)) as connection:
        raw = connection.raw()
        server = f"PostgreSQL {raw.info.parameter_status('server_version')}"
        exposed = not (raw.info.host.startswith("/") or raw.info.hostaddr in ("127.0.0.1", "::1") or raw.pgconn.ssl_in_use)
        standby = bool(connection.one("SELECT pg_is_in_recovery()")[0])
        version = stored_version(connection)
        if version is None:
            return ServerInspection(server, None, standby=standby, exposed=exposed)
        rights = connection.all(
            "SELECT privilege || ' on ' || name FROM unnest(?::text[]) AS name, unnest(?::text[]) AS privilege"
            " WHERE NOT has_table_privilege(name, privilege) ORDER BY name, privilege",
            list(NAMES[1:]),
            ["SELECT", "INSERT", "UPDATE", "DELETE"],
        )
        indexes = connection.all(
            "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid AND indrelid = ANY(?::regclass[]::oid[])", list(NAMES)
        )
        users = pending = 0
        if not any(row[0].startswith("SELECT") for row in rights):
            users = int(connection.one("SELECT count(*) FROM profiles")[0])
            pending = int(connection.one("SELECT count(*) FROM messages WHERE learned_at IS NULL AND role = 'user'")[0])
        return ServerInspection(
            server, version, users=users, pending=pending, standby=standby, exposed=exposed,
            missing_rights=tuple(row[0] for row in rights), broken_indexes=tuple(row[0] for row in indexes),
        )  # fmt: skip
