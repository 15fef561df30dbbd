"""Sliding logs where clocks jump and logs grow."""

from __future__ import annotations

import pytest

from tests.contract.people import NOW_MS, signed_up
from wicketgate.core.limits import SKEW_MS, Limit, wait_ms
from wicketgate.core.users import email_claim
from wicketgate.stores.dynamodb import DynamoDBStore
from wicketgate.stores.dynamodb.calls import Dynamo
from wicketgate.stores.dynamodb.keys import limit_key
from wicketgate.stores.dynamodb.limits import SURPLUS

HOUR = 3_600_000
LIMIT = Limit("login", 3, 900_000)


@pytest.mark.parametrize(
    ("log", "wait"),
    [
        ([], 0),
        ([NOW_MS] * 2, 0),
        ([NOW_MS] * 3, 900_000),
        ([NOW_MS, NOW_MS, NOW_MS - 900_000], 0),
        ([NOW_MS, NOW_MS, NOW_MS - 899_999, NOW_MS - HOUR], 1),
        ([NOW_MS + SKEW_MS] * 3, 900_000 + SKEW_MS),
        ([NOW_MS + SKEW_MS + 1] * 3, 0),
    ],
)
async def test_dynamodb_decides_as_the_rule_does(
    store: DynamoDBStore, table: Dynamo, log: list[int], wait: int
) -> None:
    """`take` lets in exactly when the wait is over, for any log."""
    if log:
        async with table.call() as call:
            await call.table.put_item({**limit_key(LIMIT, "source"), "log": log})
    peeked = await store.peek(LIMIT, "source", NOW_MS)

    taken = await store.take(LIMIT, "source", NOW_MS)

    assert (wait_ms(log, LIMIT, NOW_MS), peeked, taken) == (wait, wait, wait)


async def test_a_guard_from_a_clock_that_was_set_back_is_ignored(store: DynamoDBStore) -> None:
    """An account that was locked while the clock was an hour ahead is open, and can be locked again."""
    ann = email_claim((await signed_up(store)).email)
    for _ in range(3):
        await store.note_failure(ann, LIMIT, NOW_MS + HOUR)
    before = (await store.find_guarded(ann, LIMIT, NOW_MS)).wait_ms
    for _ in range(3):
        await store.note_failure(ann, LIMIT, NOW_MS)

    assert before == 0
    assert (await store.find_guarded(ann, LIMIT, NOW_MS)).wait_ms == 900_000


async def test_a_log_is_cut(store: DynamoDBStore, table: Dynamo) -> None:
    """A log that goes on for long never holds more than what decides and a surplus, and stays exact."""
    longest = 0
    for number in range(2 * (LIMIT.most + SURPLUS)):
        await store.take(LIMIT, "source", NOW_MS + number * LIMIT.window_ms)
        item = await table.read(limit_key(LIMIT, "source"))
        assert item is not None
        longest = max(longest, len(item["log"]))
    last = NOW_MS + (2 * (LIMIT.most + SURPLUS) - 1) * LIMIT.window_ms

    assert longest < LIMIT.most + SURPLUS
    assert [await store.take(LIMIT, "source", last) for _ in range(3)] == [0, 0, LIMIT.window_ms]


async def test_logs_go_away_by_themselves(store: DynamoDBStore, table: Dynamo) -> None:
    """A log expires in seconds, after its newest event has left the window."""
    await store.take(LIMIT, "source", NOW_MS)

    item = await table.read(limit_key(LIMIT, "source"))

    assert item is not None
    assert NOW_MS + LIMIT.window_ms <= item["expiresAt"] * 1000 <= NOW_MS + LIMIT.window_ms + SKEW_MS


async def test_an_account_s_log_names_nobody(store: DynamoDBStore, table: Dynamo) -> None:
    """After failures for an address that nobody has, no item holds the address."""
    for _ in range(LIMIT.most + 1):
        await store.note_failure(email_claim("nobody@example.com"), LIMIT, NOW_MS)

    async with table.call() as call:
        items = [item async for item in call.table.scan()]

    assert len(items) == 2
    assert "nobody" not in repr(items)
