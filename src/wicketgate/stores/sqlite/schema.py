"""How the file is laid out, and how a file is told from one that is not ours."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import apsw

from wicketgate.core.errors import StoreMisconfigured

APPLICATION_ID: Final = 0x57434B54
"""`PRAGMA application_id`, the letters WCKT: marks the file as ours, also for `file(1)`."""

VERSION: Final = 2
"""`PRAGMA user_version`. Raise it with every change of a table."""

# Keys are looked up far more often than rows are listed, so the rows live in the index of their key.
_USERS: Final = """
CREATE TABLE users (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    bio TEXT,
    plan TEXT NOT NULL,
    session_version INTEGER NOT NULL,
    api_token_version INTEGER NOT NULL,
    revoked_sessions TEXT,  -- JSON, token id: second of expiry; NULL when there is none
    private TEXT  -- JSON, name: value; NULL when there is none
) STRICT, WITHOUT ROWID;

CREATE TABLE claims (
    key TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX claims_of_user ON claims (user_id);

CREATE TABLE limits (
    key TEXT PRIMARY KEY,
    log TEXT NOT NULL,  -- JSON, milliseconds, newest first
    expires_at INTEGER NOT NULL  -- milliseconds
) STRICT, WITHOUT ROWID;
CREATE INDEX limits_by_expiry ON limits (expires_at);
"""

_OUTBOX: Final = """
CREATE TABLE outbox (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    data TEXT NOT NULL,  -- JSON, name: value
    due_ms INTEGER NOT NULL,
    attempts INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_by_due ON outbox (due_ms);
"""

_AUDIT: Final = """
CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    user_id TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    event TEXT NOT NULL,
    expires_at INTEGER NOT NULL,  -- seconds
    network TEXT,
    detail TEXT,
    by_operator INTEGER NOT NULL  -- 0 or 1
) STRICT;
CREATE INDEX audit_of_user ON audit (user_id, at_ms, event);
CREATE INDEX audit_by_expiry ON audit (expires_at);
"""

_UPGRADES: Final[Mapping[int, str]] = {1: "DROP TABLE IF EXISTS secrets;" + _OUTBOX + _AUDIT}
"""What makes a file of each older version one of the next."""

_NAMES: Final = frozenset({"users", "claims", "limits", "outbox", "audit"})


def outdated(connection: apsw.Connection) -> bool:
    """Whether the file is ours, of an older version that `upgrade` knows."""
    return connection.pragma("application_id") == APPLICATION_ID and connection.pragma("user_version") in _UPGRADES


def upgrade(connection: apsw.Connection) -> None:
    """Brings the file to this version, all or nothing. Only for who has the turn to write."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        while outdated(connection):
            version = connection.pragma("user_version")
            connection.execute(_UPGRADES[version])
            connection.pragma("user_version", version + 1)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def verify(connection: apsw.Connection, path: Path) -> None:
    """Raises StoreMisconfigured, saying what differs, for a file that is not laid out as it must be."""
    version = connection.pragma("user_version")
    if connection.pragma("application_id") != APPLICATION_ID:
        raise StoreMisconfigured(f"{path} is an SQLite database of another program")
    if version != VERSION:
        raise StoreMisconfigured(f"{path} has schema version {version}, this version of Wicketgate needs {VERSION}")
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    if missing := _NAMES - tables:
        raise StoreMisconfigured(f"{path} lacks the table {', '.join(sorted(missing))}")


def lay_out(connection: apsw.Connection) -> None:
    """Creates the tables in an empty file."""
    with connection:
        connection.execute(_USERS + _OUTBOX + _AUDIT)
        connection.pragma("application_id", APPLICATION_ID)
        connection.pragma("user_version", VERSION)
