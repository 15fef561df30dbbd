"""Ended sessions under concurrency and on items that other code filled."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from tests.contract.people import NOW, signed_up, stored
from wicketgate.core.sessions import KEPT_AFTER
from wicketgate.core.users import Edit
from wicketgate.stores.dynamodb import DynamoDBStore
from wicketgate.stores.dynamodb.calls import Dynamo
from wicketgate.stores.dynamodb.capacity import Meter


async def test_two_who_prune_at_once_lose_no_logout(store: DynamoDBStore) -> None:
    """Two logouts that both drop the same expired entry are both kept, though the list's size stays the same."""
    ann = await signed_up(store, revoked_sessions={"old": NOW - KEPT_AFTER})

    await asyncio.gather(*(store.revoke(ann, f"t{number}", NOW + 60, NOW) for number in range(2)))

    assert (await stored(store, ann)).revoked_sessions == {"t0": NOW + 60, "t1": NOW + 60}


async def test_a_list_that_is_full_of_the_expired_has_room(store: DynamoDBStore) -> None:
    """A hundred expired entries make way for one."""
    ann = await signed_up(store, revoked_sessions={f"old{number}": NOW - 1 for number in range(100)})

    await store.revoke(ann, "token", NOW + 60, NOW)

    assert await stored(store, ann) == replace(ann, revoked_sessions={"token": NOW + 60})


async def test_a_user_read_long_ago_does_not_overfill_the_list(store: DynamoDBStore) -> None:
    """The bound holds for the item as it is, not as it was read: a hundred and one logouts raise the version once."""
    ann = await signed_up(store, revoked_sessions={"first": NOW + 60})

    await asyncio.gather(*(store.revoke(ann, f"t{number}", NOW + 60, NOW) for number in range(100)))

    assert await stored(store, ann) == replace(ann, session_version=2, revoked_sessions={})


async def test_an_item_without_the_list_gets_one(store: DynamoDBStore, table: Dynamo) -> None:
    """A user that other code filled can log out, and out everywhere; a missing version counts as the first."""
    async with table.call() as call:
        await call.table.put_item({"userId": "1", "email": "bob@example.com", "name": "Bob", "createdAt": "then"})
    bob = await store.get("1")
    assert bob is not None

    await store.revoke(bob, "token", NOW + 60, NOW)
    await store.revoke(replace(bob, revoked_sessions={"token": NOW + 60}), "second", NOW + 60, NOW)
    ended = await stored(store, bob)
    everywhere = await store.edit("1", Edit(raise_session_version=True, raise_api_token_version=True))

    assert ended.revoked_sessions == {"token": NOW + 60, "second": NOW + 60}
    assert everywhere == replace(bob, session_version=2, api_token_version=2)


@pytest.mark.parametrize("foreign", [["a"], "a", 7, None])
async def test_what_is_no_list_makes_way_for_one(store: DynamoDBStore, table: Dynamo, foreign: object) -> None:
    """A user of a table that other code filled can log out, whatever it kept under this name."""
    bob = {"userId": "1", "email": "bob@example.com", "revokedSessions": foreign}
    async with table.call() as call:
        await call.table.put_item(bob)
    known = await store.get("1")
    assert known is not None

    await asyncio.gather(*(store.revoke(known, f"t{number}", NOW + 60, NOW) for number in range(2)))

    assert (await stored(store, known)).revoked_sessions == {"t0": NOW + 60, "t1": NOW + 60}


async def test_a_full_list_on_an_item_without_a_version(store: DynamoDBStore, table: Dynamo) -> None:
    """The hundred and first logout of a user that has no version yet leads to the second."""
    full = {f"t{number}": NOW + 60 for number in range(100)}
    async with table.call() as call:
        await call.table.put_item({"userId": "1", "email": "bob@example.com", "revokedSessions": full})
    bob = await store.get("1")
    assert bob is not None

    await store.revoke(bob, "token", NOW + 60, NOW)

    assert await stored(store, bob) == replace(bob, session_version=2, revoked_sessions={})


async def test_ending_a_session_that_is_known_to_be_over_writes_nothing(store: DynamoDBStore, meter: Meter) -> None:
    """A logout of a session that the user item already names costs nothing."""
    ann = await signed_up(store, revoked_sessions={"token": NOW + 60})
    before = dict(meter.made)

    await store.revoke(ann, "token", NOW + 60, NOW)

    assert meter.made == before


async def test_a_logout_brings_nobody_back(store: DynamoDBStore) -> None:
    """Ending a session of a user who was deleted meanwhile leaves no item behind."""
    ann = await signed_up(store)
    await store.delete(ann.id)

    await store.revoke(ann, "token", NOW + 60, NOW)

    assert await store.page(None, 10) == ([], None)
