"""Times of other programs."""

from __future__ import annotations

import pytest

from wicketgate.moving.times import normalised


@pytest.mark.parametrize(
    ("given", "time"),
    [
        ("2024-05-01T10:00:00.123Z", "2024-05-01T10:00:00.123Z"),
        ("2024-05-01T10:00:00Z", "2024-05-01T10:00:00.000Z"),
        ("2024-05-01T12:00:00+02:00", "2024-05-01T10:00:00.000Z"),
        ("2024-05-01T10:00:00.123999+00:00", "2024-05-01T10:00:00.123Z"),
        ("2024-05-01 10:00:00", "2024-05-01T10:00:00.000Z"),
        ("2024-05-01", "2024-05-01T00:00:00.000Z"),
        ("20240501", "2024-05-01T00:00:00.000Z"),
        (" 2024-05-01 ", "2024-05-01T00:00:00.000Z"),
        (1714557600, "2024-05-01T10:00:00.000Z"),
        (1714557600.5, "2024-05-01T10:00:00.500Z"),
        (1714557600123, "2024-05-01T10:00:00.123Z"),
        ("1714557600", "2024-05-01T10:00:00.000Z"),
        ("1714557600.25", "2024-05-01T10:00:00.250Z"),
        ("1714557600123", "2024-05-01T10:00:00.123Z"),
        (0, "1970-01-01T00:00:00.000Z"),
        ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
    ],
)
def test_a_time_has_one_form(given: object, time: str) -> None:
    """ISO 8601, and seconds or milliseconds since 1970, become ISO 8601 in UTC with milliseconds."""
    found = normalised(given)

    assert found == time


@pytest.mark.parametrize(
    "given",
    [
        *("", "yesterday", "2024-13-01", "0000-01-01", "1969-12-31", "10000-01-01", "9999-12-31T23:59:59-12:00"),
        *("\u0661\u0667\u0661\u0664\u0665\u0665\u0667\u0666\u0660\u0660x", -1, 10**18, "9" * 16),
        *(float("nan"), float("inf"), True, None, [], {"$date": 1}),
    ],
)
def test_what_is_no_time_is_none(given: object) -> None:
    """Nothing is guessed: what is no time, or before 1970, or beyond four digits of a year, is refused."""
    found = normalised(given)

    assert found is None
