"""What is worth telling whoever watches: sign-ups, logins, logouts, limits hit, tokens rotated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SecurityEvent:
    """One thing that happened to an account. Holds no address, password, token or cookie.

    `source` is the client's address as the limits see it; `user_id` is None where no user is known.
    """

    name: str
    user_id: str | None = None
    source: str | None = None
    detail: str | None = None


Observer = Callable[[SecurityEvent], None]
"""Is told of every event, after it took effect."""
