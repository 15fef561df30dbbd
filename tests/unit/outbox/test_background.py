"""Work that nobody keeps and nobody waits for."""

from __future__ import annotations

import asyncio

from tests.unit.fakes import ManualClock
from wicketgate.outbox.worker import OutboxWorker
from wicketgate.stores.memory import MemoryStore


def worker(notes: list[tuple[str, str, str]]) -> OutboxWorker:
    """An outbox with nothing in it."""
    return OutboxWorker(MemoryStore(), ManualClock(), lambda *note: notes.append(note))


async def test_it_is_begun_and_not_waited_for() -> None:
    """The caller goes on at once; `settle` returns when it is done, with whatever it began itself."""
    outbox, done, go = worker([]), list[str](), asyncio.Event()

    async def more() -> None:
        done.append("more")

    async def work() -> None:
        await go.wait()
        outbox.begin(more())
        done.append("work")

    outbox.begin(work())
    assert done == []
    go.set()
    await outbox.settle()

    assert done == ["work", "more"]


async def test_what_it_raises_is_noted() -> None:
    """Only the kind of the fault is told, as another's message may quote what a person typed."""
    notes: list[tuple[str, str, str]] = []
    outbox = worker(notes)

    async def work() -> None:
        raise ValueError("of ada@example.com")

    outbox.begin(work())
    await outbox.settle()

    assert notes == [("background_failed", "ValueError", "warning")]


async def test_stop_lets_it_end() -> None:
    """A service that stops waits for what it began."""
    outbox, done, go = worker([]), list[str](), asyncio.Event()

    async def work() -> None:
        await go.wait()
        done.append("work")

    outbox.begin(work())
    stopping = asyncio.create_task(outbox.stop())
    go.set()
    await stopping

    assert done == ["work"]
