"""The audit trail: who did what to an account and when."""

from __future__ import annotations

from typing import Final, NamedTuple

MOST_A_DAY: Final = 50
"""Entries of one kind that are kept for one user and day (UTC); further ones are dropped.

So nobody makes a trail grow without end, nor hides one thing by doing another many times.
"""

DAY_MS: Final = 86_400_000

LONGEST_DAYS: Final = 3660
"""Nothing is kept for longer; the setting takes no more."""


class AuditEntry(NamedTuple):
    """One thing that happened to a user's account. Holds no address, password or token.

    `network` is the neighbourhood it came from (see `limits.network_of`), None from the command line. Times are in
    milliseconds, `expires_at` in seconds.
    """

    user_id: str
    at_ms: int
    event: str
    expires_at: int
    network: str | None = None
    detail: str | None = None
    by_operator: bool = False


def day_of(at_ms: int) -> int:
    """Which day (UTC) a time lies in, counted from 1970."""
    return at_ms // DAY_MS
