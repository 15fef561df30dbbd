"""The life of a store in one process."""

from __future__ import annotations

import asyncio

from tests.contract.people import signed_up, stored
from wicketgate.core.ports import Store
from wicketgate.core.users import Edit, UserRecord


async def test_check_and_ping(store: Store) -> None:
    """A store that is laid out and answers says so, however often it is asked."""
    await store.check()
    await store.ping()
    await store.check()
    ann = await signed_up(store)
    await store.check()
    await store.ping()

    assert await store.get(ann.id) == ann


async def test_made_once(store: Store) -> None:
    """What is there and fits is not made again, and keeps what is in it."""
    ann = await signed_up(store)

    assert await store.create_table() is False
    assert await store.get(ann.id) == ann


async def test_close_twice(store: Store) -> None:
    """Closing again is no error, before the first use and after it."""
    await store.close()
    await store.close()


async def test_close_finishes_what_was_asked(store: Store) -> None:
    """What was answered before closing is there."""
    ann = await signed_up(store)
    await store.close()
    await store.close()

    assert await store.get(ann.id) == ann


async def test_several_event_loops(store: Store) -> None:
    """One store serves several event loops of one process, one after the other and at once."""
    ann = await signed_up(store)

    async def elsewhere(key: str) -> UserRecord:
        await store.edit(ann.id, Edit(private={key: "x"}))
        return await stored(store, ann)

    def in_a_loop_of_its_own(key: str) -> UserRecord:
        return asyncio.run(elsewhere(key))

    await asyncio.to_thread(in_a_loop_of_its_own, "first")
    await asyncio.gather(
        elsewhere("here"),
        asyncio.to_thread(in_a_loop_of_its_own, "second"),
        asyncio.to_thread(in_a_loop_of_its_own, "third"),
    )

    assert set((await stored(store, ann)).private) == {"passwordHash", "first", "here", "second", "third"}
