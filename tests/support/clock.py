"""Time under the test's control."""

from __future__ import annotations

START = 1_900_000_000_123
"""2030-03-17T17:46:40.123Z"""

MINUTE = 60_000
HOUR = 60 * MINUTE


class ManualClock:
    """A clock that stands until it is moved; milliseconds since the epoch."""

    def __init__(self, now: int = START) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now

    def advance(self, milliseconds: int) -> None:
        """Moves on."""
        self.now += milliseconds
