"""Making the table, and telling one that fits from one that does not."""

from __future__ import annotations

import asyncio
import copy
from typing import Any

import pytest
from aiohttp import web

from tests.support.dynamodb.proxy import Proxy, error, lost, passed_on, proxy_before
from tests.support.dynamodb_local import dynamodb_store, random_table
from tests.support.held import Held
from wicketgate.core.errors import StoreMisconfigured
from wicketgate.stores.dynamodb import DynamoDBStore
from wicketgate.stores.dynamodb.calls import Dynamo
from wicketgate.stores.dynamodb.table import _made, differing

TABLE: dict[str, Any] = {
    "AttributeDefinitions": [
        {"AttributeName": "userId", "AttributeType": "S"},
        {"AttributeName": "email", "AttributeType": "S"},
    ],
    "KeySchema": [{"AttributeName": "userId", "KeyType": "HASH"}],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "EmailIndex",
            "KeySchema": [{"AttributeName": "email", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"},
        }
    ],
}
TTL = {"TimeToLiveStatus": "ENABLED", "AttributeName": "expiresAt"}


def changed(*path: Any, to: Any) -> dict[str, Any]:
    """The table with one thing changed."""
    table = copy.deepcopy(TABLE)
    place = table
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return table


@pytest.mark.parametrize(
    ("table", "time_to_live", "says"),
    [
        (TABLE, TTL, []),
        (TABLE, {**TTL, "TimeToLiveStatus": "ENABLING"}, []),
        (TABLE, None, []),
        (TABLE, {"TimeToLiveStatus": "DISABLED"}, ["time to live is off; it must be on, for expiresAt"]),
        (TABLE, {**TTL, "AttributeName": "ttl"}, ["time to live is for ttl, not expiresAt"]),
        (changed("GlobalSecondaryIndexes", to=[]), TTL, ["it has no index EmailIndex"]),
        (
            changed("GlobalSecondaryIndexes", 0, "Projection", to={"ProjectionType": "KEYS_ONLY"}),
            TTL,
            ["EmailIndex projects KEYS_ONLY, not ALL"],
        ),
        (
            changed("KeySchema", to=[{"AttributeName": "email", "KeyType": "HASH"}]),
            TTL,
            ["its key is email (HASH S), not userId (a string) alone"],
        ),
        (
            changed("AttributeDefinitions", 0, "AttributeType", to="N"),
            TTL,
            ["its key is userId (HASH N), not userId (a string) alone"],
        ),
        (
            changed("GlobalSecondaryIndexes", 0, "KeySchema", 0, "AttributeName", to="userId"),
            TTL,
            ["the key of EmailIndex is userId (HASH S), not email (a string) alone"],
        ),
    ],
)
def test_differences_are_said_in_plain_words(
    table: dict[str, Any], time_to_live: dict[str, Any] | None, says: list[str]
) -> None:
    """Each thing that is not as it must be is one sentence; what may not be looked at is not held against it."""
    assert differing(table, time_to_live) == says


async def test_a_table_is_made_once(dynamodb_local: str) -> None:
    """The first call makes a table that fits, the second finds it."""
    store = dynamodb_store(dynamodb_local, random_table())

    made = [await store.create_table(), await store.create_table()]

    assert made == [True, False]
    assert await store.differences() == []
    await store.check()
    await store.close()


@pytest.mark.parametrize("unheard", ["CreateTable", "UpdateTimeToLive"])
async def test_a_table_whose_making_was_not_heard_of(dynamodb_local: str, unheard: str) -> None:
    """What took effect although its answer was lost is there when it is asked for again, and the rest follows."""
    name = random_table()

    async def losing_one(proxy: Proxy, request: web.BaseRequest) -> web.StreamResponse:
        return await (lost if proxy.seen.count(unheard) == 1 == proxy.seen[-1:].count(unheard) else passed_on)(
            proxy, request
        )

    async with proxy_before(dynamodb_local) as proxy:
        proxy.always = losing_one
        store = dynamodb_store(proxy.endpoint, name)

        made = await store.create_table()

        assert made
        assert await store.differences() == []
        assert proxy.seen.count(unheard) == 2
        await store.close()


async def test_several_may_make_the_table_at_once(dynamodb_local: str) -> None:
    """Of several who make the table at one moment one does, and none fails."""
    store = dynamodb_store(dynamodb_local, random_table())

    made = await asyncio.gather(*(store.create_table() for _ in range(5)))

    assert sorted(made) == [False, False, False, False, True]
    assert await store.differences() == []
    await store.close()


async def test_whoever_finds_a_table_in_the_making_waits_for_its_maker(dynamodb_local: str) -> None:
    """A table that is there, but whose maker has not turned time to live on yet, is no table that does not fit."""
    name, held, there = random_table(), Held(), asyncio.Event()

    async def later(proxy: Proxy, request: web.BaseRequest) -> web.StreamResponse:
        there.set()
        await held("UpdateTimeToLive")
        return await passed_on(proxy, request)

    async with proxy_before(dynamodb_local) as proxy:
        maker, other = dynamodb_store(proxy.endpoint, name), dynamodb_store(dynamodb_local, name)
        proxy.faults.extend([passed_on, passed_on, passed_on, later])
        making = asyncio.create_task(maker.create_table())
        await there.wait()
        finding = asyncio.create_task(other.create_table())
        await asyncio.wait([finding], timeout=0.3)
        held.let_go()

        made = [await making, await finding]

        await maker.close()
        await other.close()
    assert made == [True, False]


async def test_a_table_that_nobody_finishes_does_not_fit(dynamodb_local: str) -> None:
    """Where nobody turns time to live on, that is said after a while."""
    store = dynamodb_store(dynamodb_local, random_table())
    await _made(store._dynamo)

    with pytest.raises(StoreMisconfigured, match="time to live is off"):
        await store.create_table()

    await store.close()


async def test_a_new_table_is_backed_up_as_soon_as_it_can_be(dynamodb_local: str) -> None:
    """Point-in-time recovery is asked for again while a new table cannot be backed up yet."""
    async with proxy_before(dynamodb_local) as proxy:
        store = dynamodb_store(proxy.endpoint, random_table())
        not_yet = error("ContinuousBackupsUnavailableException")
        # The table is described, made, described again and given its time to live before that.
        proxy.faults.extend([*[passed_on] * 4, not_yet])

        made = await store.create_table()

        await store.close()
    assert made is True
    assert proxy.seen[-2:] == ["UpdateContinuousBackups"] * 2


async def test_a_missing_table_is_told_in_one_line(dynamodb_local: str) -> None:
    """A store without its table says which it is and how to make it."""
    name = random_table()
    store = dynamodb_store(dynamodb_local, name)

    with pytest.raises(StoreMisconfigured) as raised:
        await store.check()

    assert str(raised.value) == (f"table {name} in us-east-1: it does not exist; `wicketgate table create` makes it")
    await store.close()


async def test_the_guide_s_table_does_not_fit(dynamodb_local: str) -> None:
    """A table keyed by email is left as it is, and everything that differs is named."""
    store = dynamodb_store(dynamodb_local, random_table())
    await _create_keyed_by_email(store._dynamo)

    with pytest.raises(StoreMisconfigured) as raised:
        await store.create_table()

    assert "its key is email (HASH S)" in str(raised.value)
    assert "it has no index EmailIndex" in str(raised.value)
    assert "time to live is off" in str(raised.value)
    await store.close()


async def test_a_call_on_a_missing_table_is_a_fault_of_the_set_up(dynamodb_local: str) -> None:
    """At run time a missing table is StoreMisconfigured, not an empty store."""
    store: DynamoDBStore = dynamodb_store(dynamodb_local, random_table())

    with pytest.raises(StoreMisconfigured, match="does not exist"):
        await store.get("ann")

    await store.close()


async def _create_keyed_by_email(dynamo: Dynamo) -> None:
    payload = {
        "TableName": dynamo.table,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "email", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "email", "KeyType": "HASH"}],
    }
    async with dynamo.call() as call:
        await call.client.send_request(action="CreateTable", payload=payload)
