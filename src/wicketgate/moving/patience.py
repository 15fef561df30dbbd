"""Work in bulk: much at once within bounds, and again while a store is busy."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from typing import Any, Final, TypeVar

from wicketgate.core.errors import Unavailable

T = TypeVar("T")

PAUSES: Final = (0.1, 0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""Seconds before each further attempt. A table on demand doubles what it takes within half an hour."""


async def patiently(call: Callable[[], Awaitable[T]], pauses: Sequence[float] = PAUSES) -> T:
    """What the call returns, made again while the store is out of reach. Raises Unavailable after the last."""
    for pause in pauses:
        try:
            return await call()
        except Unavailable:
            await asyncio.sleep(pause)
    return await call()


async def spread(work: AsyncIterator[Coroutine[Any, Any, None]], most: int) -> None:
    """Does all the work, so many pieces at a time. The first that raises ends the rest."""
    running: set[asyncio.Task[None]] = set()
    try:
        async for piece in work:
            running.add(asyncio.create_task(piece))
            if len(running) >= most:
                done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                # Each is asked, so that of several who failed at once none is reported as forgotten.
                faults = [fault for task in done if (fault := task.exception()) is not None]
                if faults:
                    raise faults[0]
        await asyncio.gather(*running)
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
