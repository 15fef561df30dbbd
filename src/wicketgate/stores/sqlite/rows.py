"""Users as rows and back, and the statements that read them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import apsw
import msgspec

from wicketgate.core.users import Claim, UserRecord

_COLUMNS: Final = (
    "id, email, name, created_at, last_modified, bio, plan, session_version, api_token_version, "
    "revoked_sessions, private"
)
_BY_ID: Final = f"SELECT {_COLUMNS} FROM users WHERE id = ?"  # noqa: S608  # a constant
_BY_CLAIM: Final = f"SELECT {_COLUMNS} FROM users WHERE id = (SELECT user_id FROM claims WHERE key = ?)"  # noqa: S608
_PAGE: Final = f"SELECT {_COLUMNS} FROM users WHERE id > ? ORDER BY id LIMIT ?"  # noqa: S608
INSERT: Final = f"INSERT INTO users ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
REPLACE: Final = f"UPDATE users SET ({_COLUMNS}) = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE id = ?"  # noqa: S608

_encode = msgspec.json.Encoder().encode
_revoked = msgspec.json.Decoder(dict[str, int]).decode
_private = msgspec.json.Decoder(dict[str, str]).decode


def by_id(connection: apsw.Connection, user_id: str) -> UserRecord | None:
    """The user with this id."""
    try:
        row = connection.execute(_BY_ID, (user_id,)).get
    except UnicodeEncodeError:  # A lone surrogate has no bytes, so no user has such an id.
        return None
    return None if row is None else decoded(row)


def by_claim(connection: apsw.Connection, claim: Claim) -> UserRecord | None:
    """The user that a claim leads to."""
    row = connection.execute(_BY_CLAIM, (claim.key,)).get
    return None if row is None else decoded(row)


def after(connection: apsw.Connection, user_id: str, most: int) -> list[UserRecord]:
    """The next users in the order of their ids."""
    return [decoded(row) for row in connection.execute(_PAGE, (user_id, most))]


def encoded(record: UserRecord) -> tuple[str | int | None, ...]:
    """The row, in the order of the columns."""
    return (
        record.id,
        record.email,
        record.name,
        record.created_at,
        record.last_modified,
        record.bio,
        record.plan,
        record.session_version,
        record.api_token_version,
        _encode(dict(record.revoked_sessions)).decode() if record.revoked_sessions else None,
        _encode(dict(record.private)).decode() if record.private else None,
    )


def decoded(row: Sequence[Any]) -> UserRecord:
    """The user that a row says."""
    user_id, email, name, created, modified, bio, plan, session_version, api_token_version, revoked, private = row
    return UserRecord(
        user_id,
        email,
        name,
        created,
        modified,
        bio,
        plan,
        session_version,
        api_token_version,
        _revoked(revoked) if revoked else {},
        _private(private) if private else {},
    )
