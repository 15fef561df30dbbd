"""Begins each job as it is added, and looks now and then for those that another process left or that failed."""

from __future__ import annotations

import asyncio
import random
import re
from asyncio import AbstractEventLoop, Task, TimerHandle
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final

from wicketgate.core import outbox
from wicketgate.core.clock import Clock
from wicketgate.core.errors import GivenUp, Unavailable, WicketgateError
from wicketgate.core.events import Note
from wicketgate.core.outbox import Job
from wicketgate.core.ports import Outbox

Handler = Callable[[Job], Awaitable[None]]
"""Does one job. Raises GivenUp for one that can never be done; after anything else it is tried again."""

MOST_AT_ONCE: Final = 16
"""Jobs that one event loop has begun as they were added; it does as many more of those that waited."""

SECONDS: Final = 120.0
"""How long a job may take: well under its lease, so that nobody else begins it meanwhile."""

LEASE_MS: Final = 5 * 60_000
"""For how long a job belongs to whoever began it. Should that process die, another begins it afterwards."""

PAUSE: Final = 30.0
"""Seconds between two looks for jobs that are due."""

_RELEASE_SECONDS: Final = 2.0
_CHANCE: Final = random.Random()  # noqa: S311  # not the common one: see stores/dynamodb/retries.py
_ADDRESS: Final = re.compile(r"[^\s<>]+@[^\s<>]+")


@dataclass(eq=False, slots=True)
class _Here:
    """What happens on one event loop. Only that loop touches it."""

    tasks: set[Task[None]] = field(default_factory=set)
    begun: int = 0
    draining: bool = False
    more: bool = False
    timer: TimerHandle | None = None

    def ended(self, _: Task[None]) -> None:
        """Counts one job less that was begun as it was added."""
        self.begun -= 1

    def hush(self) -> None:
        """Looks for nothing more."""
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None


class OutboxWorker:
    """The ports `Jobs` and `Background`, and what does them. Serves every event loop of the process.

    From the first job on a loop looks by itself for jobs that are due, every half minute, until `stop`; nothing has
    to be started. What waits is a timer, so a loop that ends leaves nothing behind.
    """

    def __init__(self, store: Outbox, clock: Clock, note: Note, seconds: float = SECONDS) -> None:
        self._store = store
        self._handlers: dict[str, Handler] = {}
        self._clock = clock
        self._note = note
        self._seconds = seconds
        self._loops: dict[AbstractEventLoop, _Here] = {}
        self._held: list[Coroutine[Any, Any, None]] | None = None

    def serve(self, handlers: Mapping[str, Handler]) -> None:
        """Adds who does which kind of job."""
        self._handlers.update(handlers)

    def hold_back(self) -> None:
        """From now on begins nothing by itself: for a process that is frozen as soon as it has answered.

        Jobs wait for `do_due`, in whichever process that is called; other work waits for `go_on`.
        """
        self._held = []

    async def add(self, kind: str, data: Mapping[str, str]) -> None:
        """Keeps a job and begins it. Raises StoreUnavailable, and then it was most likely not kept."""
        now = self._clock()
        job = outbox.new_job(kind, data, now)
        here = self._here()
        if self._held is not None:
            await self._store.put_job(job)
            here.more = True
            return
        self._look_later(here)
        if here.begun >= MOST_AT_ONCE:
            await self._store.put_job(job)
            self._drain(here)
            return
        here.begun += 1
        leased = Job(job.id, kind, data, now + LEASE_MS, attempts=1)
        try:
            await self._store.put_job(leased)
        except BaseException:
            here.begun -= 1
            raise
        self._begin(here, self._do(leased)).add_done_callback(here.ended)

    @asynccontextmanager
    async def following(self, kind: str, data: Mapping[str, str]) -> AsyncIterator[None]:
        """Keeps a job before the change that it follows from, and begins it afterwards. Raises StoreUnavailable."""
        job = replace(outbox.new_job(kind, data, self._clock()), due_ms=self._clock() + LEASE_MS)
        await self._store.put_job(job)
        try:
            yield
        except (Unavailable, asyncio.CancelledError):
            raise  # The change may have been made. The job is looked at when its lease is over.
        except BaseException:
            await self._change(self._store.drop_job(job))
            raise
        await self._begin_kept(self._here(), job)

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Does something that nobody keeps, without being waited for. What it raises is noted in the log."""
        if self._held is not None:
            self._held.append(work)
        else:
            self._begin(self._here(), self._noting(work))

    def go_on(self) -> None:
        """Begins what was held back."""
        held, self._held = self._held, None if self._held is None else []
        for work in held or ():
            self._begin(self._here(), self._noting(work))

    async def do_due(self) -> int:
        """Tries all jobs that are due now, and returns how many that were. Raises StoreUnavailable."""
        here = self._here()
        here.more = True
        running: set[Task[None]] = set()
        tried = 0
        while here.more or running:
            if here.more and len(running) <= MOST_AT_ONCE // 2:
                here.more = False
                now = self._clock()
                jobs = await self._store.lease_jobs(now, now + LEASE_MS, MOST_AT_ONCE - len(running))
                here.more |= bool(jobs)
                running |= {self._begin(here, self._do(job)) for job in jobs}
            if running:
                finished, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                tried += len(finished)
        return tried

    async def settle(self) -> None:
        """Returns when all that was begun on this event loop has been tried, and what waited behind it."""
        here = self._here()
        self.go_on()
        while here.tasks:
            await asyncio.wait(here.tasks)
            self.go_on()

    def start(self) -> None:
        """Looks for jobs that are due at once, and then every half minute."""
        if self._held is None:
            self._look(self._here())

    async def stop(self, patience: float = 5.0) -> None:
        """Lets what has begun on this loop end, for so many seconds, and looks for nothing more on any.

        Jobs that are not done by then are broken off, and due for somebody else at once.
        """
        own = asyncio.get_running_loop()
        for loop, here in list(self._loops.items()):
            if loop is not own and not loop.is_closed():
                with suppress(RuntimeError):  # It has just been closed.
                    loop.call_soon_threadsafe(here.hush)
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self.settle()
        here = self._here()
        left = list(here.tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        here.hush()

    async def _begin_kept(self, here: _Here, job: Job) -> None:
        """Begins a job that is leased already, or has it wait in the store as others do."""
        if self._held is None:
            self._look_later(here)
        if self._held is None and here.begun < MOST_AT_ONCE:
            here.begun += 1
            self._begin(here, self._do(replace(job, attempts=1))).add_done_callback(here.ended)
            return
        await self._change(self._store.postpone_job(job, self._clock()))
        here.more = True
        if self._held is None:
            self._drain(here)

    def _here(self) -> _Here:
        loop = asyncio.get_running_loop()
        if loop not in self._loops:
            for ended in [known for known in list(self._loops) if known.is_closed()]:
                self._loops.pop(ended, None)
            self._loops[loop] = _Here()
        return self._loops[loop]

    def _begin(self, here: _Here, work: Coroutine[Any, Any, None]) -> Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        here.tasks.add(task)
        task.add_done_callback(here.tasks.discard)
        return task

    def _look(self, here: _Here) -> None:
        here.timer = None
        self._look_later(here)
        self._drain(here)

    def _look_later(self, here: _Here) -> None:
        if here.timer is None:
            pause = PAUSE * _CHANCE.uniform(0.8, 1.2)  # so that processes take turns
            here.timer = asyncio.get_running_loop().call_later(pause, self._look, here)

    def _drain(self, here: _Here) -> None:
        """Sees to it that jobs in the store are done, those too that came while it was being seen to."""
        here.more = True  # Whoever looks already looks once more.
        if here.draining:
            return

        def drained(task: Task[None]) -> None:
            here.draining = False
            if here.more and not task.cancelled():
                self._drain(here)

        here.draining = True
        self._begin(here, self._noting(self.do_due(), unless=Unavailable)).add_done_callback(drained)

    async def _noting(
        self, work: Coroutine[Any, Any, object], unless: type[Exception] | tuple[type[Exception], ...] = ()
    ) -> None:
        try:
            await work
        except unless:
            return
        except Exception as error:
            self._note("background_failed", type(error).__name__, "warning")

    async def _do(self, job: Job) -> None:
        try:
            await self._attempt(job)
        except asyncio.CancelledError:
            await self._change(self._store.postpone_job(job, self._clock()), _RELEASE_SECONDS)
            raise
        except GivenUp as error:
            self._note("job_given_up", _told(job, error), "warning")
        except Exception as error:
            await self._failed(job, error)
            return
        await self._change(self._store.drop_job(job))

    async def _attempt(self, job: Job) -> None:
        if outbox.exhausted(job):
            raise GivenUp("it was begun too often, and nobody lived to say how it went")
        if job.kind not in self._handlers:
            raise LookupError(job.kind)
        async with asyncio.timeout(self._seconds):
            await self._handlers[job.kind](job)

    async def _failed(self, job: Job, error: Exception) -> None:
        due = outbox.next_attempt_ms(job, self._clock())
        if due is None:
            self._note("job_given_up", _told(job, error), "error")
            await self._change(self._store.drop_job(job))
        else:
            self._note("job_failed", _told(job, error), "warning")
            await self._change(self._store.postpone_job(job, due))

    async def _change(self, change: Coroutine[Any, Any, None], seconds: float | None = None) -> None:
        """Writes down what became of a job. If that fails the lease runs out, and at worst it is done again."""
        try:
            async with asyncio.timeout(seconds):
                await change
        except Unavailable:
            return
        except Exception as error:
            self._note("background_failed", type(error).__name__, "warning")


def _told(job: Job, error: Exception) -> str:
    """What the log says of a job. Another's message may quote an address, so only ours is told, without any."""
    own = str(error) if isinstance(error, WicketgateError) else ""
    return _ADDRESS.sub("…", f"{job.kind}: {own or type(error).__name__}")
