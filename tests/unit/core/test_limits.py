"""How often something may be tried."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wicketgate.core.limits import Limit, account_source, retry_after_seconds, wait_ms

FIVE = Limit("login", 5, 900_000)


def test_the_key_names_limit_and_source() -> None:
    """Two limits or two sources never share a log."""
    key = FIVE.key("203.0.113.7")

    assert key == "login#203.0.113.7"


@pytest.mark.parametrize(
    ("log", "now", "wait"),
    [
        ([], 0, 0),
        ([4, 3, 2, 1], 5, 0),
        ([5, 4, 3, 2, 1], 5, 899_996),
        ([5, 4, 3, 2, 1], 900_000, 1),
        ([5, 4, 3, 2, 1], 900_001, 0),
        ([9, 5, 4, 3, 2, 1], 900_001, 1),
        ([100, 100, 100, 100, 100], 50, 900_050),
    ],
)
def test_the_fifth_newest_event_decides(log: list[int], now: int, wait: int) -> None:
    """There is room again in the very millisecond in which the fifth newest event leaves the window."""
    waits = wait_ms(log, FIVE, now)

    assert waits == wait


@pytest.mark.parametrize("most", [0, -1])
def test_a_limit_of_zero_is_off(most: int) -> None:
    """A limit of 0 never asks anyone to wait."""
    waits = wait_ms([3, 2, 1], Limit("login", most, 900_000), 3)

    assert waits == 0


@given(
    most=st.integers(1, 6),
    window=st.integers(1, 50),
    steps=st.lists(st.integers(0, 20), max_size=60),
)
def test_the_log_does_what_counting_does(most: int, window: int, steps: list[int]) -> None:
    """An event is let in exactly when fewer than `most` were let in during the window that ends with it."""
    limit = Limit("any", most, window)
    now, admitted, log = 0, list[int](), list[int]()
    for step in steps:
        now += step
        room = sum(event > now - window for event in admitted) < most

        wait = wait_ms(log, limit, now)

        assert (wait == 0) == room
        if wait == 0:
            admitted.append(now)
            log = [now, *log][:most]


@given(most=st.integers(1, 5), window=st.integers(1, 100), log=st.lists(st.integers(0, 100), max_size=8))
def test_the_wait_is_exact(most: int, window: int, log: list[int]) -> None:
    """After the wait there is room, and one millisecond earlier there is none."""
    limit, newest_first = Limit("any", most, window), sorted(log, reverse=True)

    wait = wait_ms(newest_first, limit, 100)

    assert wait_ms(newest_first, limit, 100 + wait) == 0
    if wait > 0:
        assert wait_ms(newest_first, limit, 100 + wait - 1) == 1


@pytest.mark.parametrize(("wait", "seconds"), [(0, 1), (1, 1), (1000, 1), (1001, 2), (899_999, 900), (900_000, 900)])
def test_retry_after_is_rounded_up(wait: int, seconds: int) -> None:
    """Whoever waits for the whole seconds is let in."""
    told = retry_after_seconds(wait)

    assert told == seconds


def test_an_account_is_known_by_a_hash() -> None:
    """The source of an account does not show the address, and differs from account to account."""
    source = account_source("email#ada@example.com")

    assert "ada" not in source
    assert len(source) == 32
    assert source == account_source("email#ada@example.com")
    assert source != account_source("email#eve@example.com")
