"""Time as the rules see it."""

from __future__ import annotations

import time

import pytest

from wicketgate.core.clock import iso, system_clock


@pytest.mark.parametrize(
    ("milliseconds", "shown"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (1, "1970-01-01T00:00:00.001Z"),
        (999, "1970-01-01T00:00:00.999Z"),
        (1_896_091_200_000, "2030-01-31T12:00:00.000Z"),
        (1_896_091_200_045, "2030-01-31T12:00:00.045Z"),
        (1_709_251_199_999, "2024-02-29T23:59:59.999Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
    ],
)
def test_a_time_has_milliseconds_and_z(milliseconds: int, shown: str) -> None:
    """A time is ISO 8601 in UTC with exactly three digits behind the second, never rounded."""
    text = iso(milliseconds)

    assert text == shown


def test_the_system_clock_counts_milliseconds() -> None:
    """The machine's time lies between two readings of it in nanoseconds."""
    before = time.time_ns()

    now = system_clock()

    assert before // 1_000_000 <= now <= time.time_ns() // 1_000_000
