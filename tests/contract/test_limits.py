"""Sliding logs."""

from __future__ import annotations

import asyncio
from itertools import accumulate
from uuid import uuid4

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.contract.people import NOW_MS
from wicketgate.core.limits import Limit
from wicketgate.core.ports import Store

FIVE = Limit("login", 5, 1000)
SOURCE = "192.0.2.7"

on_every_store = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


async def test_most_and_no_more(store: Store) -> None:
    """Five fit, the sixth is told how long to wait, and asking leaves the wait as it is."""
    taken = [await store.take(FIVE, SOURCE, NOW_MS + 10 * number) for number in range(5)]
    refused = [await store.take(FIVE, SOURCE, NOW_MS + at) for at in (40, 100, 100, 999)]

    assert taken == [0] * 5
    assert refused == [960, 900, 900, 1]


async def test_end_of_the_window(store: Store) -> None:
    """The wait ends exactly a window after the event that fills it, for one event and not for two."""
    for number in range(5):
        await store.take(FIVE, SOURCE, NOW_MS + 10 * number)
    before = await store.peek(FIVE, SOURCE, NOW_MS + 999)
    first = await store.take(FIVE, SOURCE, NOW_MS + 1000)
    second = await store.take(FIVE, SOURCE, NOW_MS + 1000)

    assert (before, first, second) == (1, 0, 10)


async def test_peek_notes_nothing(store: Store) -> None:
    """Peeking answers what taking would, however often, and takes no place."""
    peeked = [await store.peek(FIVE, SOURCE, NOW_MS) for _ in range(10)]
    taken = [await store.take(FIVE, SOURCE, NOW_MS) for _ in range(5)]

    assert peeked == [0] * 10
    assert taken == [0] * 5
    assert await store.peek(FIVE, SOURCE, NOW_MS + 400) == 600


async def test_a_clock_that_was_set_back_locks_nobody_out(store: Store) -> None:
    """Events noted while the clock was an hour ahead neither lock the source out nor switch the limit off."""
    for _ in range(5):
        await store.take(FIVE, SOURCE, NOW_MS + 3_600_000)

    waits = [await store.take(FIVE, SOURCE, NOW_MS) for _ in range(7)]

    assert waits == [0] * 5 + [1000] * 2


async def test_zero_turns_it_off(store: Store) -> None:
    """A limit of 0 lets everything through and notes nothing."""
    off = Limit("login", 0, 1000)
    taken = [await store.take(off, SOURCE, NOW_MS) for _ in range(10)]

    assert taken == [0] * 10
    assert await store.peek(off, SOURCE, NOW_MS) == 0
    assert await store.take(Limit("login", 1, 1000), SOURCE, NOW_MS) == 0


async def test_sources_and_limits_are_apart(store: Store) -> None:
    """Each limit counts each source by itself."""
    once = Limit("login", 1, 1000)
    await store.take(once, SOURCE, NOW_MS)

    assert await store.take(once, "2001:db8::/64", NOW_MS) == 0
    assert await store.take(Limit("signup", 1, 1000), SOURCE, NOW_MS) == 0
    assert await store.take(once, SOURCE, NOW_MS) == 1000


async def test_limit_lowered_and_raised(store: Store) -> None:
    """A changed setting holds at once: a lower one for what was noted before, a higher one for what comes."""
    for number in range(4):
        await store.take(FIVE, SOURCE, NOW_MS + number)
    lower, higher = Limit("login", 2, 1000), Limit("login", 6, 1000)

    assert await store.take(lower, SOURCE, NOW_MS + 10) == 992
    assert [await store.take(higher, SOURCE, NOW_MS + 10) for _ in range(3)] == [0, 0, 990]


async def test_many_at_once(store: Store) -> None:
    """Of fifty who take at once exactly as many as fit get through, and all others are told the same wait."""
    limit = Limit("login", 7, 1000)
    results = await asyncio.gather(*(store.take(limit, SOURCE, NOW_MS) for _ in range(50)))

    assert sorted(results) == [0] * 7 + [1000] * 43


async def test_many_at_once_into_a_log_half_full(store: Store) -> None:
    """Of many who take at once when the window has moved on in part, as many get through as have left it."""
    for at in (0, 0, 0, 500, 500):
        await store.take(FIVE, SOURCE, NOW_MS + at)
    results = await asyncio.gather(*(store.take(FIVE, SOURCE, NOW_MS + 1000) for _ in range(20)))

    assert sorted(results) == [0] * 3 + [500] * 17


async def test_many_sources_at_once(store: Store) -> None:
    """Sources that take at once do not get in each other's way."""
    once = Limit("login", 1, 1000)
    first = await asyncio.gather(*(store.take(once, f"source{number}", NOW_MS) for number in range(30)))
    again = await asyncio.gather(*(store.take(once, f"source{number}", NOW_MS) for number in range(30)))

    assert first == [0] * 30
    assert again == [1000] * 30


class Model:
    """The rule, spelt out without a thought for cost: every event ever, counted anew."""

    def __init__(self, most: int, window: int) -> None:
        self.most = most
        self.window = window
        self.events: list[int] = []

    def fits(self, at: int) -> bool:
        """Whether the window that ends now has room."""
        return sum(at - self.window < event <= at for event in self.events) < self.most

    def take(self, now: int) -> int:
        """What a store must answer."""
        wait = next(wait for wait in range(self.window + 1) if self.fits(now + wait))
        if wait == 0:
            self.events.append(now)
        return wait


@on_every_store
@given(most=st.integers(1, 5), window=st.integers(1, 20), steps=st.lists(st.integers(0, 21), max_size=25))
@example(most=1, window=1, steps=[0, 0, 1])
@example(most=2, window=10, steps=[0, 5, 5, 0, 5])
async def test_exact_at_all_times(store: Store, most: int, window: int, steps: list[int]) -> None:
    """At any times and for any limit the answers are those of a log that remembers everything."""
    limit, source, model = Limit("any", most, window), str(uuid4()), Model(most, window)
    times = list(accumulate(steps))

    answers = [await store.take(limit, source, NOW_MS + at) for at in times]

    assert answers == [model.take(at) for at in times]


@on_every_store
@given(
    most=st.integers(1, 4),
    window=st.integers(3, 12),
    steps=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), max_size=25),
)
async def test_never_too_many_with_clocks_apart(
    store: Store, most: int, window: int, steps: list[tuple[int, int]]
) -> None:
    """With processes whose clocks differ a little, still no window of anybody's clock has too many events."""
    limit, source = Limit("any", most, window), str(uuid4())
    clock = accumulate(ahead for ahead, _ in steps)
    times = [at - behind for at, (_, behind) in zip(clock, steps, strict=True)]

    noted = [at for at in times if await store.take(limit, source, NOW_MS + at) == 0]

    assert all(sum(start <= at < start + window for at in noted) <= most for start in noted)
