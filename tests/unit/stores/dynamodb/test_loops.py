"""One store on several event loops."""

from __future__ import annotations

import asyncio
import gc
import threading
from contextlib import suppress
from typing import Any

import pytest
from aiodynamo.credentials import Key, StaticCredentials

from tests.support.dynamodb_local import dynamodb_store, random_table
from wicketgate.stores.dynamodb import loops as module
from wicketgate.stores.dynamodb.http import transport
from wicketgate.stores.dynamodb.loops import Loops


class Asked(asyncio.SelectorEventLoop):
    """A loop that lets others go on while it is asked by a thread whether it is closed."""

    def __init__(self, asking: str) -> None:
        super().__init__()
        self._asking = asking
        self.asked, self.go_on = threading.Event(), threading.Event()

    def is_closed(self) -> bool:
        if threading.current_thread().name == self._asking:
            self.asked.set()
            assert self.go_on.wait(10)
        return super().is_closed()


def opener() -> Loops:
    """Connections that nobody uses."""
    return Loops(transport, lambda: StaticCredentials(Key("id", "secret")))


def test_two_threads_open_their_connections_at_once() -> None:
    """A loop may open its connection while another one looks which loops have ended."""
    loops, raised = opener(), []
    known = Asked("second")
    known.run_until_complete(loops.connection())

    def second() -> None:
        try:
            asyncio.run(loops.connection())
        except RuntimeError as error:
            raised.append(error)

    thread = threading.Thread(target=second, name="second")
    thread.start()
    assert known.asked.wait(10)
    asyncio.run(loops.connection())
    known.go_on.set()
    thread.join()
    known.run_until_complete(loops.close())
    known.close()

    assert raised == []
    assert loops._open == {}


class Slow(dict[Any, Any]):
    """A dictionary in which two threads that look whether it is empty do so at the same moment."""

    both = threading.Barrier(2)

    def __bool__(self) -> bool:
        found = len(self) > 0
        with suppress(threading.BrokenBarrierError):
            self.both.wait(1)
        return found


def test_two_threads_close_at_once() -> None:
    """Whoever closes finds that another one was quicker, and is content with it."""
    loops, raised = opener(), []
    asyncio.run(loops.connection())
    loops._open = Slow(loops._open)

    def close() -> None:
        try:
            asyncio.run(loops.close())
        except KeyError as error:
            raised.append(error)

    threads = [threading.Thread(target=close) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert raised == []
    assert len(loops._open) == 0


class Ending(asyncio.SelectorEventLoop):
    """A loop that comes to an end after another thread has seen it run; `closed` says whether it is closed then."""

    def __init__(self, closed: bool) -> None:
        super().__init__()
        self._closed_then = closed
        self.thread = threading.Thread(target=self._live)

    def _live(self) -> None:
        self.run_forever()
        if self._closed_then:
            self.run_until_complete(self.shutdown_asyncgens())
            self.close()

    def is_running(self) -> bool:
        running = super().is_running()
        if running and threading.current_thread() is not self.thread:
            self.call_soon_threadsafe(self.stop)
            self.thread.join(10)
        return running


@pytest.mark.parametrize("closed", [True, False])
def test_a_loop_that_ends_while_it_is_closed(closed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Closing waits for no loop that has come to an end meanwhile, and closes the others."""
    monkeypatch.setattr(module, "CLOSE_SECONDS", 0.2)
    loops, ending = opener(), Ending(closed)

    async def close() -> None:
        await loops.connection()
        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(loops.connection(), ending))
        async with asyncio.timeout(5):
            await loops.close()

    ending.thread.start()
    asyncio.run(close())

    assert loops._open == {}
    if not closed:
        ending.run_until_complete(ending.shutdown_asyncgens())
        ending.close()


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
