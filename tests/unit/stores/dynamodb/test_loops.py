"""One store on several event loops."""

from __future__ import annotations

import asyncio
import gc
import threading

from tests.support.dynamodb_local import dynamodb_store, random_table


def test_one_store_serves_loops_one_after_the_other(dynamodb_local: str) -> None:
    """A loop that ends takes its connections along, with nothing left open, and the next has its own."""
    store = dynamodb_store(dynamodb_local, random_table())

    made = [asyncio.run(store.create_table()) for _ in range(3)]
    gc.collect()

    assert made == [True, False, False]
    assert all(loop.is_closed() for loop in store._dynamo._loops._open)


def test_one_store_serves_loops_at_once(dynamodb_local: str) -> None:
    """Two threads with a loop each share a store, and one that closes it closes both loops' connections."""
    store = dynamodb_store(dynamodb_local, random_table())
    asyncio.run(store.create_table())
    ready, done = threading.Event(), threading.Event()

    async def elsewhere() -> None:
        await store.ping()
        ready.set()
        await asyncio.to_thread(done.wait)

    async def here() -> int:
        await asyncio.to_thread(ready.wait)
        await store.ping()
        await store.close()
        return len(store._dynamo._loops._open)

    thread = threading.Thread(target=lambda: asyncio.run(elsewhere()))
    thread.start()
    left = asyncio.run(here())
    done.set()
    thread.join()

    assert left == 0


async def test_closing_twice_is_no_error(dynamodb_local: str) -> None:
    """A closed store may be closed again, and a store that was never used too."""
    store = dynamodb_store(dynamodb_local, random_table())
    await store.close()
    await store.create_table()

    await store.close()
    await store.close()

    assert store._dynamo._loops._open == {}


async def test_many_calls_at_once_share_connections(dynamodb_local: str) -> None:
    """A burst on a fresh loop opens one set of connections."""
    store = dynamodb_store(dynamodb_local, random_table())
    await store.create_table()
    await store.close()

    await asyncio.gather(*(store.ping() for _ in range(50)))

    assert len(store._dynamo._loops._open) == 1
    await store.close()
