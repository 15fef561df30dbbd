"""Times of other programs, as this one writes them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from wicketgate.core.clock import iso

# Nine digits and more are seconds since 1973, which no date looks like; `20240131` is a day.
_EPOCH: Final = re.compile(r"[0-9]{9,16}(\.[0-9]{1,9})?")
_MILLISECONDS_FROM: Final = 100_000_000_000
"""The year 5138 in seconds: a larger number is milliseconds."""

_START: Final = datetime(1970, 1, 1, tzinfo=UTC)
_END: Final = 253_402_300_800_000
"""The year 10000 in milliseconds."""


def normalised(value: object) -> str | None:
    """ISO 8601 in UTC with milliseconds and `Z`, of ISO 8601 (without a zone: UTC) or of seconds or milliseconds
    since 1970. None if it is no time."""
    milliseconds = _milliseconds(value)
    return iso(milliseconds) if milliseconds is not None and 0 <= milliseconds < _END else None


def _milliseconds(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _since_1970(value)
    if not isinstance(value, str):
        return None
    if _EPOCH.fullmatch(value.strip()):
        return _since_1970(float(value) if "." in value else int(value))
    return _iso_8601(value.strip())


def _since_1970(number: float) -> int | None:
    if not -_END < number < _END:  # also what is no number at all
        return None
    return int(number if number >= _MILLISECONDS_FROM else number * 1000)


def _iso_8601(text: str) -> int | None:
    try:
        moment = datetime.fromisoformat(text)
        return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _START) // timedelta(milliseconds=1)
    except (ValueError, OverflowError):
        return None
