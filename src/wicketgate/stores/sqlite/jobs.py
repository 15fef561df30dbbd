"""What is done to the file, one function a change. Each runs inside the writer's transaction.

An error raised here, other than a fault of the file, undoes this change alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import apsw

from wicketgate.core.errors import ClaimTaken, Stale
from wicketgate.core.sessions import revocation
from wicketgate.core.users import Claim, Edit, UserRecord
from wicketgate.stores.records import edited, ended, outdated, violated
from wicketgate.stores.sqlite import rows

_CLAIM: Final = "INSERT INTO claims (key, user_id) VALUES (?, ?)"
_UNCLAIM: Final = "DELETE FROM claims WHERE key = ? AND user_id = ?"
_OWNED: Final = "SELECT 1 FROM claims WHERE key = ? AND user_id = ?"


def nothing(connection: apsw.Connection) -> None:
    """No change; that it could be made says that the file is there and laid out."""


def create(connection: apsw.Connection, record: UserRecord, claims: Sequence[Claim]) -> None:
    """Adds a user and the claims. Raises ClaimTaken."""
    try:
        connection.execute(rows.INSERT, rows.encoded(record))
        _claim(connection, record.id, claims)
    except apsw.ConstraintError:
        raise ClaimTaken from None


def edit(connection: apsw.Connection, user_id: str, change: Edit) -> UserRecord | None:
    """The user after the edit. Raises ClaimTaken or Stale."""
    record = rows.by_id(connection, user_id)
    if record is None:
        return None
    if violated(record, change) or not _owns(connection, user_id, change.drop_claims):
        raise Stale
    try:
        _claim(connection, user_id, change.add_claims)
    except apsw.ConstraintError:
        raise ClaimTaken from None
    connection.executemany(_UNCLAIM, [(claim.key, user_id) for claim in change.drop_claims])
    return _replace(connection, edited(record, change))


def delete(connection: apsw.Connection, user_id: str, session_version: int | None) -> bool:
    """Removes a user; the claims go with it. Whether there was one. Raises Stale."""
    record = rows.by_id(connection, user_id)
    if record is not None and outdated(record, session_version):
        raise Stale
    connection.execute("DELETE FROM users WHERE id = ?", (user_id,))
    return connection.changes() > 0


def revoke(connection: apsw.Connection, user_id: str, token_id: str, expires_at: int, now: int) -> None:
    """Ends one session by the rule of `sessions.revocation`."""
    record = rows.by_id(connection, user_id)
    if record is not None:
        live = revocation(record.revoked_sessions, token_id, expires_at, now)
        _replace(connection, ended(record, token_id, live))


def _claim(connection: apsw.Connection, user_id: str, claims: Sequence[Claim]) -> None:
    connection.executemany(_CLAIM, [(claim.key, user_id) for claim in dict.fromkeys(claims)])


def _owns(connection: apsw.Connection, user_id: str, claims: Sequence[Claim]) -> bool:
    return all(connection.execute(_OWNED, (claim.key, user_id)).get is not None for claim in claims)


def _replace(connection: apsw.Connection, record: UserRecord) -> UserRecord:
    connection.execute(rows.REPLACE, (*rows.encoded(record), record.id))
    return record
