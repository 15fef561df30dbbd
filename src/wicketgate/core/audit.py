"""The audit trail: who did what to an account and when."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AuditEntry:
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
