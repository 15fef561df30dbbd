"""Begins each job as it is added, and looks now and then for those that another process left or that failed."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from typing import Any, Final

from wicketgate.core import outbox
from wicketgate.core.clock import Clock
from wicketgate.core.errors import GivenUp, Unavailable
from wicketgate.core.outbox import Job
from wicketgate.core.ports import Outbox

Handler = Callable[[Job], Awaitable[None]]
"""Does one job. Raises GivenUp for one that can never be done; after anything else it is tried again."""

Note = Callable[[str, str, str], None]
"""Is told of an event, a message and a level, for the log."""

_LEASE_MS: Final = 5 * 60_000
_MOST_AT_ONCE: Final = 16
_PAUSE: Final = 30.0


class OutboxWorker:
    """The ports `Jobs` and `Background`, and what does them. Serves every event loop of the process.

    A job is leased for five minutes to whoever begins it; should that process die, another finds it afterwards.
    """

    def __init__(self, store: Outbox, clock: Clock, note: Note) -> None:
        self._store = store
        self._handlers: dict[str, Handler] = {}
        self._clock = clock
        self._note = note
        self._begun: set[asyncio.Task[None]] = set()
        self._beside: set[asyncio.Task[None]] = set()
        self._looking: asyncio.Task[None] | None = None

    def serve(self, handlers: Mapping[str, Handler]) -> None:
        """Adds who does which kind of job."""
        self._handlers.update(handlers)

    async def add(self, kind: str, data: Mapping[str, str]) -> None:
        """Keeps a job and begins it. Raises StoreUnavailable, and then nothing was kept for sure."""
        now = self._clock()
        job = outbox.new_job(kind, data, now)
        if len(self._begun) >= _MOST_AT_ONCE:
            await self._store.put_job(job)
            return
        leased = Job(job.id, kind, data, now + _LEASE_MS, attempts=1)
        await self._store.put_job(leased)
        task = asyncio.get_running_loop().create_task(self._do(leased))
        self._begun.add(task)
        task.add_done_callback(self._begun.discard)

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Does something that nobody keeps, without being waited for. What it raises is noted in the log."""
        task = asyncio.get_running_loop().create_task(self._noting(work))
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    async def do_due(self) -> int:
        """Does all that is due now and returns how many jobs that were. Raises StoreUnavailable."""
        done = 0
        while jobs := await self._store.lease_jobs(self._clock(), self._clock() + _LEASE_MS, _MOST_AT_ONCE):
            await asyncio.gather(*map(self._do, jobs))
            done += len(jobs)
        return done

    async def settle(self) -> None:
        """Returns when all that was begun on this event loop has been tried."""
        while begun := [task for task in self._begun | self._beside if task.get_loop() is asyncio.get_running_loop()]:
            await asyncio.wait(begun)

    def start(self) -> None:
        """Looks for jobs that are due, at once and every half minute, until `stop`."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.get_running_loop().create_task(self._look())

    async def stop(self, patience: float = 5.0) -> None:
        """Lets the jobs that have begun end, for so many seconds. What is left is done by others, or later."""
        looking, self._looking = self._looking, None
        if looking is not None:
            looking.cancel()
            with suppress(asyncio.CancelledError):
                await looking
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self.settle()

    async def _look(self) -> None:
        while True:
            with suppress(Unavailable):
                await self.do_due()
            await asyncio.sleep(_PAUSE * random.uniform(0.8, 1.2))  # noqa: S311 - so that processes take turns

    async def _noting(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception as error:
            self._note("background_failed", type(error).__name__, "warning")

    async def _do(self, job: Job) -> None:
        handler = self._handlers.get(job.kind)
        try:
            if handler is None:
                raise LookupError(f"nobody does jobs of the kind {job.kind}")
            await handler(job)
        except GivenUp as error:
            self._note("job_given_up", f"{job.kind}: {error}", "warning")
        except Exception as error:
            await self._failed(job, error)
            return
        with suppress(Unavailable):  # It is done; at worst it is done again.
            await self._store.drop_job(job)

    async def _failed(self, job: Job, error: Exception) -> None:
        due = outbox.next_attempt_ms(job, self._clock())
        with suppress(Unavailable):  # Then the lease runs out, and somebody tries again.
            if due is None:
                self._note("job_given_up", f"{job.kind}: {type(error).__name__}", "error")
                await self._store.drop_job(job)
            else:
                self._note("job_failed", f"{job.kind}: {type(error).__name__}", "warning")
                await self._store.postpone_job(job, due)
