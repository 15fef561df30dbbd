"""The audit trail, a row for each entry.

Each new one takes two away that are over, so that no timer has to sweep them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import apsw

from wicketgate.core.audit import DAY_MS, MOST_A_DAY, AuditEntry, day_of

_COLUMNS: Final = "user_id, at_ms, event, expires_at, network, detail, by_operator"
_NOTE: Final = f"INSERT INTO audit ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"  # noqa: S608  # a constant
_COUNT: Final = "SELECT count(*) FROM audit WHERE user_id = ? AND at_ms >= ? AND at_ms < ? AND event = ?"
_SWEEP: Final = "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE expires_at <= ? LIMIT 2)"
_OF_USER: Final = (
    f"SELECT {_COLUMNS} FROM audit WHERE user_id = ? AND at_ms >= ? AND expires_at > ? "  # noqa: S608
    "ORDER BY at_ms DESC, id DESC"
)
_PAGE: Final = f"SELECT id, {_COLUMNS} FROM audit WHERE id > ? AND expires_at > ? ORDER BY id LIMIT ?"  # noqa: S608
_FORGET: Final = "DELETE FROM audit WHERE user_id = ? AND at_ms >= ?"


def note(connection: apsw.Connection, entry: AuditEntry) -> None:
    """Adds an entry, unless there are enough of its kind on its day."""
    start = day_of(entry.at_ms) * DAY_MS
    noted = connection.execute(_COUNT, (entry.user_id, start, start + DAY_MS, entry.event)).get
    if noted < MOST_A_DAY:
        connection.execute(_NOTE, _row(entry))
    connection.execute(_SWEEP, (entry.at_ms // 1000,))


def of_user(connection: apsw.Connection, user_id: str, since_ms: int, now_ms: int) -> list[AuditEntry]:
    """A user's entries since a time that have not expired, newest first."""
    return [_entry(row) for row in connection.execute(_OF_USER, (user_id, since_ms, now_ms // 1000))]


def forget(connection: apsw.Connection, user_id: str, since_ms: int) -> None:
    """Takes all of a user's entries since the day of a time away."""
    connection.execute(_FORGET, (user_id, day_of(since_ms) * DAY_MS))


def page(connection: apsw.Connection, after: int, most: int, now_ms: int) -> list[tuple[int, AuditEntry]]:
    """The next entries that have not expired, each with its mark, in the order in which they were noted."""
    rows = connection.execute(_PAGE, (after, now_ms // 1000, most))
    return [(row[0], _entry(row[1:])) for row in rows]


def _row(entry: AuditEntry) -> tuple[str | int | None, ...]:
    return (
        entry.user_id,
        entry.at_ms,
        entry.event,
        entry.expires_at,
        entry.network,
        entry.detail,
        int(entry.by_operator),
    )


def _entry(row: Sequence[Any]) -> AuditEntry:
    user_id, at_ms, event, expires_at, network, detail, by_operator = row
    return AuditEntry(user_id, at_ms, event, expires_at, network, detail, bool(by_operator))
