"""Time as the rules see it: whole milliseconds since 1970 UTC, and its ISO 8601 form."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache

_YEAR_10000 = 253_402_300_800

Clock = Callable[[], int]
"""Returns the current time in milliseconds since the epoch."""


def system_clock() -> int:
    """The machine's time in milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


def iso(milliseconds: int) -> str:
    """ISO 8601 in UTC with milliseconds and `Z`, as `2030-01-31T12:00:00.000Z`."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{_to_the_second(seconds)}.{rest:03d}Z"


def is_second(value: object) -> bool:
    """Whether this is a whole number of seconds since 1970 that `iso` can write: before the year 10000."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _YEAR_10000


@lru_cache(maxsize=4)
def _to_the_second(seconds: int) -> str:
    """Remembered, since every line of the log asks and a second lasts for thousands of lines."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}"
