"""The threads in which passwords are hashed, and the queue in front of them."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.unit.crypto.counting import CountingBcrypt
from tests.unit.crypto.forking import CALLS, VERBS
from wicketgate.core.errors import HashingBusy
from wicketgate.crypto.cores import STEP
from wicketgate.crypto.passwords import BcryptHasher


class Broken(CountingBcrypt):
    """A library that fails in every call."""

    def hashpw(self, password: bytes, salt: bytes) -> bytes:
        raise RuntimeError("no entropy")


async def entered(library: CountingBcrypt, calls: int) -> None:
    """Returns when so many more calls have reached the library."""
    for _ in range(calls):
        await asyncio.to_thread(library.entered.acquire)


@pytest.fixture
def library() -> CountingBcrypt:
    """A library that tells who comes."""
    return CountingBcrypt()


def stopped(library: CountingBcrypt, threads: int, queue: int) -> BcryptHasher:
    """A hasher in which nothing goes on until the gate is opened."""
    hasher = BcryptHasher(4, threads=threads, queue=queue, library=library)
    library.gate.clear()
    return hasher


@pytest.mark.parametrize(("threads", "queue"), [(1, 0), (1, 3), (2, 1)])
async def test_one_call_too_many_is_refused_at_once(library: CountingBcrypt, threads: int, queue: int) -> None:
    """As many calls as threads and places in the queue are taken; one more is told to come back."""
    hasher = stopped(library, threads, queue)
    taken = [asyncio.ensure_future(hasher.hash("password")) for _ in range(threads + queue)]
    await entered(library, threads)

    with pytest.raises(HashingBusy) as caught:
        await hasher.verify("password", None)

    assert caught.value.retry_after == 2
    library.gate.set()
    assert len(await asyncio.gather(*taken)) == threads + queue


async def test_a_place_is_free_again_when_a_call_is_done(library: CountingBcrypt) -> None:
    """After a full queue was worked off, calls are taken again."""
    hasher = stopped(library, threads=1, queue=0)
    first = asyncio.ensure_future(hasher.hash("password"))
    await entered(library, 1)
    library.gate.set()
    await first

    again = await hasher.hash("password")

    assert again == first.result()


async def test_who_gives_up_waiting_frees_the_place(library: CountingBcrypt) -> None:
    """A call that was cancelled in the queue makes room for another, and is never done."""
    hasher = stopped(library, threads=1, queue=1)
    running, waiting = (asyncio.ensure_future(hasher.hash(word)) for word in ("one", "two"))
    await entered(library, 1)

    waiting.cancel()
    await asyncio.wait([waiting])
    third = asyncio.ensure_future(hasher.hash("three"))
    await asyncio.sleep(0)
    library.gate.set()
    await asyncio.gather(running, third)

    assert waiting.cancelled()
    assert library.rounds == 2 * 2**4  # one and three


async def test_a_fault_frees_the_place() -> None:
    """A library that fails is an error for each call, and never fills the queue."""
    hasher = BcryptHasher(4, threads=1, queue=0, library=Broken())

    for _ in range(3):
        with pytest.raises(RuntimeError, match="no entropy"):
            await hasher.hash("password")


async def test_the_event_loop_hashes_nothing(library: CountingBcrypt) -> None:
    """Passwords are hashed in threads of their own."""
    hasher = BcryptHasher(4, threads=1, library=library)

    await hasher.hash("password")
    await hasher.verify("password", None)

    assert library.threads
    assert threading.current_thread().name not in library.threads


def test_one_hasher_serves_several_loops(library: CountingBcrypt) -> None:
    """Event loops one after another, and two at once, share a hasher."""
    hasher = BcryptHasher(4, threads=2, library=library)
    found: list[str] = []

    def run() -> None:
        found.append(asyncio.run(hasher.hash("password")))

    run()
    both = [threading.Thread(target=run) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()

    assert len(found) == 3
    assert len(set(found)) == 1


async def test_closing_serves_who_waits_and_who_comes_later(library: CountingBcrypt) -> None:
    """Calls taken before the end are answered, and a hasher that was closed begins again with the next call."""
    hasher = stopped(library, threads=1, queue=2)
    waiting = [asyncio.ensure_future(hasher.hash("password")) for _ in range(2)]
    await entered(library, 1)

    hasher.close()
    library.gate.set()

    assert await asyncio.gather(*waiting) == [await hasher.hash("password")] * 2
    hasher.close()


@pytest.mark.parametrize("verb", VERBS)
def test_a_child_hashes(verb: str) -> None:
    """A child has threads and a queue of its own, whatever its parent's were doing when it forked."""
    command = [sys.executable, "-m", "tests.unit.crypto.forking", verb]

    ran = subprocess.run(command, cwd=Path(__file__).parents[3], capture_output=True, text=True, timeout=60)

    assert (ran.returncode, ran.stdout.split()) == (0, ["answered"] * CALLS), ran.stderr


def test_there_is_a_thread_for_each_core(library: CountingBcrypt) -> None:
    """Without a number of threads a hasher still has some, and hashes."""
    hasher = BcryptHasher(4, queue=0, library=library)

    made = asyncio.run(hasher.hash("password"))

    assert made.startswith("$2b$04$")


class Observing(CountingBcrypt):
    """A library that notes the priority of the thread it is called in."""

    def __init__(self) -> None:
        super().__init__()
        self.priorities: set[int] = set()

    def hashpw(self, password: bytes, salt: bytes) -> bytes:
        self.priorities.add(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        return super().hashpw(password, salt)


async def test_hashing_lets_others_go_first() -> None:
    """The threads that hash have a lower priority than the event loop's, which keeps its own."""
    own = os.getpriority(os.PRIO_PROCESS, 0)
    library = Observing()

    await BcryptHasher(4, threads=2, library=library).hash("password")

    assert library.priorities == {min(own + STEP, 19)}
    assert os.getpriority(os.PRIO_PROCESS, 0) == own


def test_a_thread_for_each_core_that_is_ours(library: CountingBcrypt) -> None:
    """A process that is kept on some of the cores hashes in as many threads."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        one = BcryptHasher(4, library=library)
    finally:
        os.sched_setaffinity(0, allowed)

    assert (one.threads, BcryptHasher(4, library=library).threads) == (1, len(allowed))
