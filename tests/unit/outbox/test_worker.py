"""The worker: each job is done, by somebody, in time, and nobody waits for it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import pytest

from tests.support.faulty import FaultyStore
from tests.support.held import Held
from tests.unit.fakes import NOW_MS, ManualClock
from wicketgate.core.errors import GivenUp, MailRefused, MailRejected, StoreMisconfigured, StoreUnavailable
from wicketgate.core.outbox import WAITS_MS, Job
from wicketgate.core.ports import Outbox
from wicketgate.outbox import worker
from wicketgate.outbox.worker import LEASE_MS, MOST_AT_ONCE, OutboxWorker
from wicketgate.stores.memory import MemoryStore

HALF_A_MINUTE = int(WAITS_MS[0])


class World:
    """A store, a clock, and workers on them that note which jobs they did."""

    def __init__(self, store: Outbox | None = None) -> None:
        self.memory = MemoryStore()
        self.store = store or self.memory
        self.clock = ManualClock()
        self.notes: list[tuple[str, str, str]] = []
        self.done: list[Job] = []
        self.fault: BaseException | None = None
        self.meanwhile: Callable[[], Awaitable[None]] | None = None

    def worker(self, seconds: float = 60) -> OutboxWorker:
        """Another process, as it were."""
        made = OutboxWorker(self.store, self.clock, lambda *note: self.notes.append(note), seconds)
        made.serve({"mail": self.handle})
        return made

    async def handle(self, job: Job) -> None:
        """Does a job."""
        if self.meanwhile is not None:
            await self.meanwhile()
        if self.fault is not None:
            raise self.fault
        self.done.append(job)

    async def kept(self) -> Sequence[Job]:
        """The jobs in the store."""
        return await self.memory.jobs(100_000)

    @property
    def numbers(self) -> list[int]:
        """Which jobs were done, in order of their numbers."""
        return sorted(int(job.data["n"]) for job in self.done)


async def put(world: World, number: int = 0, due_ms: int = NOW_MS, attempts: int = 0) -> Job:
    """A job that somebody left."""
    job = Job(f"left-{number}", "mail", {"n": str(number)}, due_ms, attempts)
    await world.memory.put_job(job)
    return job


def raising(error: Exception) -> Callable[[str], Awaitable[None]]:
    """What a store does that cannot."""

    async def fails(method: str) -> None:
        raise error

    return fails


async def test_a_job_is_begun_as_it_is_added() -> None:
    """Nobody has to look for it, and when it is done it is gone."""
    world = World()
    outbox = world.worker()
    await outbox.add("mail", {"n": "1"})
    assert world.done == []

    await outbox.settle()

    assert (world.numbers, world.done[0].attempts) == ([1], 1)
    assert await world.kept() == []


async def test_a_job_is_kept_before_it_is_begun() -> None:
    """What is begun is in the store, leased to whoever began it, so that a process that dies loses nothing."""
    world, held = World(), Held()
    world.meanwhile = lambda: held("")
    outbox = world.worker()
    await outbox.add("mail", {"n": "1"})

    (job,) = await world.kept()
    assert job.due_ms == NOW_MS + LEASE_MS
    assert await world.worker().do_due() == 0

    held.let_go()
    await outbox.settle()
    assert world.numbers == [1]


async def test_a_job_of_a_dead_process_is_done_by_another() -> None:
    """Once its lease has run out, and by one of them only."""
    world = World()
    await put(world, 1, due_ms=NOW_MS + LEASE_MS, attempts=1)
    assert await world.worker().do_due() == 0

    world.clock.now_ms += LEASE_MS
    tried = await asyncio.gather(*(world.worker().do_due() for _ in range(5)))

    assert sorted(tried) == [0, 0, 0, 0, 1]
    assert (world.numbers, world.done[0].attempts) == ([1], 2)


async def test_a_failure_is_tried_again_later() -> None:
    """Not at once, and then by whoever looks."""
    world = World()
    world.fault = MailRefused("the mail server answered 451")
    outbox = world.worker()
    await outbox.add("mail", {"n": "1"})
    await outbox.settle()
    world.fault = None
    assert await outbox.do_due() == 0

    world.clock.now_ms += HALF_A_MINUTE
    tried = await outbox.do_due()

    assert (tried, world.numbers) == (1, [1])
    assert world.notes == [("job_failed", "mail: the mail server answered 451", "warning")]


async def test_a_job_is_given_up_after_the_last_attempt() -> None:
    """The log says so, and nobody meets it again."""
    world = World()
    world.fault = OSError("no route to host")
    await put(world, attempts=len(WAITS_MS))

    await world.worker().do_due()

    assert world.notes == [("job_given_up", "mail: OSError", "error")]
    assert await world.kept() == []


@pytest.mark.parametrize("error", [GivenUp("gone"), MailRejected("gone")])
async def test_a_job_that_can_never_be_done(error: Exception) -> None:
    """It is given up at once."""
    world = World()
    world.fault = error
    outbox = world.worker()
    await outbox.add("mail", {"n": "1"})

    await outbox.settle()

    assert world.notes == [("job_given_up", "mail: gone", "warning")]
    assert await world.kept() == []


async def test_a_job_that_killed_whoever_began_it() -> None:
    """It is not begun once more, as the next would die of it, too."""
    world = World()
    await put(world, attempts=len(WAITS_MS) + 1)

    await world.worker().do_due()

    assert world.done == []
    assert [(event, level) for event, _, level in world.notes] == [("job_given_up", "warning")]
    assert await world.kept() == []


@pytest.mark.parametrize(
    "error",
    [
        MailRejected("no such address: ada@example.com"),
        MailRefused("<ada@example.com> is not known here"),
        ValueError("ada@example.com"),
    ],
)
async def test_no_address_is_in_the_log(error: Exception) -> None:
    """Whatever somebody writes into an error."""
    world = World()
    world.fault = error
    outbox = world.worker()
    await outbox.add("mail", {"email": "ada@example.com"})

    await outbox.settle()

    assert len(world.notes) == 1
    assert "ada" not in repr(world.notes)
    assert "example" not in repr(world.notes)


async def test_a_job_that_nobody_does() -> None:
    """A newer process may have left it: it is kept for who can."""
    world = World()
    outbox = OutboxWorker(world.store, world.clock, lambda *note: world.notes.append(note))
    await put(world, 1)

    await outbox.do_due()

    assert world.notes == [("job_failed", "mail: LookupError", "warning")]
    world.clock.now_ms += HALF_A_MINUTE
    await world.worker().do_due()
    assert world.numbers == [1]


async def test_a_handler_that_hangs_is_broken_off() -> None:
    """Well before its lease runs out, so that nobody does it at the same time; then it counts as failed."""
    world = World()
    world.meanwhile = asyncio.Event().wait  # type: ignore[assignment]
    outbox = world.worker(seconds=0.01)
    await outbox.add("mail", {"n": "1"})

    await outbox.settle()

    assert world.notes == [("job_failed", "mail: TimeoutError", "warning")]
    assert [job.due_ms for job in await world.kept()] == [NOW_MS + HALF_A_MINUTE]


def test_a_job_ends_before_its_lease() -> None:
    """With time to spare for clocks that differ."""
    assert worker.SECONDS * 1000 <= LEASE_MS / 2


async def test_a_store_that_is_down_keeps_no_job() -> None:
    """The caller learns it, and nothing is begun."""
    world = World()
    world.store = FaultyStore(world.memory, "put_job", outcome=raising(StoreUnavailable("down")))
    outbox = world.worker()

    for _ in range(MOST_AT_ONCE + 1):
        with pytest.raises(StoreUnavailable):
            await outbox.add("mail", {"n": "1"})
    world.store.failing.clear()
    await outbox.add("mail", {"n": "2"})
    await outbox.settle()

    assert world.numbers == [2]


@pytest.mark.parametrize("error", [StoreUnavailable("down"), StoreMisconfigured("gone")])
async def test_a_store_that_goes_down_meanwhile(error: Exception) -> None:
    """A job that is done and could not be taken away is done again, and nothing breaks."""
    world = World()
    world.store = FaultyStore(world.memory, "drop_job", "postpone_job", outcome=raising(error))
    outbox = world.worker()
    await outbox.add("mail", {"n": "1"})
    await outbox.settle()
    world.fault = MailRefused("later")
    await outbox.add("mail", {"n": "2"})
    await outbox.settle()

    world.store.failing.clear()
    world.fault = None
    world.clock.now_ms += LEASE_MS
    await outbox.do_due()

    assert world.numbers == [1, 1, 2]
    assert await world.kept() == []


@pytest.mark.parametrize("error", [StoreUnavailable("down"), StoreMisconfigured("gone")])
async def test_a_look_that_fails_is_not_the_last(error: Exception) -> None:
    """A store that is down at the start is looked into once it is back."""
    world = World()
    await put(world, 1)
    world.store = FaultyStore(world.memory, "lease_jobs", outcome=raising(error))
    outbox = world.worker()
    outbox.start()
    await outbox.settle()
    assert world.done == []

    world.store.failing.clear()
    outbox.start()
    await outbox.settle()
    await outbox.stop()

    assert world.numbers == [1]


async def test_do_due_says_that_the_store_is_down() -> None:
    """Whoever asks for it by hand learns why nothing was done."""
    world = World()
    world.store = FaultyStore(world.memory, "lease_jobs", outcome=raising(StoreUnavailable("down")))

    with pytest.raises(StoreUnavailable):
        await world.worker().do_due()


async def test_a_burst_is_done_a_few_at_a_time() -> None:
    """Ten thousand at once are all done, once each, without any lifespan, and only a few at the same time."""
    world = World()
    running, most = 0, 0

    async def count() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1

    world.meanwhile = count
    outbox = world.worker()

    await asyncio.gather(*(outbox.add("mail", {"n": str(number)}) for number in range(10_000)))
    await outbox.settle()

    assert world.numbers == list(range(10_000))
    assert most <= 2 * MOST_AT_ONCE
    assert await world.kept() == []


async def test_a_few_slow_jobs_hold_up_no_others() -> None:
    """While some wait for a server that answers nothing, what is behind them is done."""
    world, held = World(), Held()
    slow = MOST_AT_ONCE // 2
    for number in range(100):
        await put(world, number, due_ms=NOW_MS - 1000 + number)
    quick = asyncio.Event()

    async def handle(job: Job) -> None:
        if int(job.data["n"]) < slow:
            await held("")
        world.done.append(job)
        if len(world.done) == 100 - slow:
            quick.set()

    outbox = world.worker()
    outbox.serve({"mail": handle})
    doing = asyncio.create_task(outbox.do_due())
    await quick.wait()
    assert world.numbers == list(range(slow, 100))

    held.let_go()
    assert await doing == 100


async def test_jobs_that_jobs_leave_are_done_as_well() -> None:
    """In the same look, so that whoever does what is due by hand has done it all."""
    world = World()
    outbox = world.worker()
    await put(world, 1)

    async def leave_another() -> None:
        world.meanwhile = None
        await outbox.add("mail", {"n": "2"})

    world.meanwhile = leave_another
    await outbox.do_due()
    await outbox.settle()

    assert world.numbers == [1, 2]


async def test_starting_looks_at_once() -> None:
    """What another process left is not waited for."""
    world = World()
    await put(world, 1)
    outbox = world.worker()

    outbox.start()
    await outbox.settle()
    await outbox.stop()

    assert world.numbers == [1]


async def test_it_looks_again_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every half minute, from the first job on, although nobody started it."""
    monkeypatch.setattr(worker, "PAUSE", 0.01)
    world, found = World(), asyncio.Event()
    outbox = world.worker()
    await outbox.add("mail", {"n": "1"})
    await outbox.settle()

    async def tell() -> None:
        found.set()

    world.meanwhile = tell
    await put(world, 2)
    async with asyncio.timeout(30):
        await found.wait()
    await outbox.stop()

    assert world.numbers == [1, 2]


async def test_a_stopped_worker_looks_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The store may be closed then, so nothing is left on the loop that would look."""
    world = World()
    outbox = world.worker()
    looks: list[object] = []
    monkeypatch.setattr(outbox, "_drain", looks.append)
    monkeypatch.setattr(worker, "PAUSE", 0)
    outbox.start()

    await outbox.stop()
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    assert len(looks) == 1


async def test_stop_gives_back_what_is_not_done() -> None:
    """Jobs in flight are broken off after a while, and another process begins them at once."""
    world, held = World(), Held()
    world.meanwhile = lambda: held("")
    outbox = world.worker()
    await outbox.add("mail", {"n": "1"})
    outbox.start()

    await outbox.stop(patience=0.01)

    assert [job.due_ms for job in await world.kept()] == [NOW_MS]
    world.meanwhile = None
    await world.worker().do_due()
    assert world.numbers == [1]


async def test_stop_lets_what_is_nearly_done_end() -> None:
    """It is not broken off before its time."""
    world, held = World(), Held()
    world.meanwhile = lambda: held("")
    outbox = world.worker()
    await outbox.add("mail", {"n": "1"})

    stopping = asyncio.create_task(outbox.stop())
    held.let_go()
    await stopping

    assert world.numbers == [1]


async def test_it_can_be_used_again_after_stop() -> None:
    """As a service can be started again."""
    world = World()
    outbox = world.worker()
    await outbox.stop()

    await outbox.add("mail", {"n": "1"})
    await outbox.settle()

    assert world.numbers == [1]


async def test_a_store_that_hangs_keeps_nobody_from_stopping(monkeypatch: pytest.MonkeyPatch) -> None:
    """Giving a job back is tried for a moment only."""
    monkeypatch.setattr(worker, "_RELEASE_SECONDS", 0.01)
    world, held = World(), Held()
    world.store = FaultyStore(world.memory, "postpone_job", outcome=Held())
    world.meanwhile = lambda: held("")
    outbox = world.worker()
    await outbox.add("mail", {"n": "1"})
    await asyncio.sleep(0)

    async with asyncio.timeout(30):
        await outbox.stop(patience=0)

    assert len(await world.kept()) == 1


def test_one_event_loop_after_another() -> None:
    """A worker outlives the loops that it served, and what one left behind is done on the next."""
    world = World()
    outbox = world.worker()

    async def leave(number: int) -> None:
        await outbox.add("mail", {"n": str(number)})

    async def finish() -> None:
        outbox.start()
        await outbox.settle()

    world.fault = MailRefused("later")
    asyncio.run(leave(1))
    asyncio.run(leave(2))
    world.fault = None
    world.clock.now_ms += LEASE_MS
    asyncio.run(finish())
    asyncio.run(outbox.stop())

    assert world.numbers == [1, 2]


def test_several_event_loops_at_once() -> None:
    """Each does its own, none touches another's, and whoever stops last stops them all."""
    world = World()
    outbox = world.worker()
    together = threading.Barrier(4)
    failed: list[BaseException] = []

    async def serve(first: int) -> None:
        outbox.start()
        for number in range(first, first + 50):
            await outbox.add("mail", {"n": str(number)})
        await outbox.settle()
        together.wait(30)
        await outbox.stop()
        together.wait(30)
        await asyncio.sleep(0)

    def run(first: int) -> None:
        try:
            asyncio.run(serve(first))
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=run, args=(first,)) for first in range(0, 200, 50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert failed == []
    assert world.numbers == list(range(200))


async def test_a_process_that_is_frozen_begins_nothing() -> None:
    """Jobs wait for whoever is told to do what is due, and other work until there is time."""
    world, noted = World(), list[str]()
    outbox = world.worker()
    outbox.hold_back()

    async def note() -> None:
        noted.append("noted")

    outbox.start()
    await outbox.add("mail", {"n": "1"})
    outbox.begin(note())
    await asyncio.sleep(0)
    assert (world.done, noted, [job.attempts for job in await world.kept()]) == ([], [], [0])

    outbox.go_on()
    await asyncio.sleep(0)
    assert noted == ["noted"]
    assert await outbox.do_due() == 1
    await outbox.stop()


async def test_jobs_that_jobs_leave_in_a_frozen_process() -> None:
    """They are done in the same go."""
    world = World()
    outbox = world.worker()
    outbox.hold_back()
    await outbox.add("mail", {"n": "1"})

    async def leave_another() -> None:
        world.meanwhile = None
        await outbox.add("mail", {"n": "2"})

    world.meanwhile = leave_another
    tried = await outbox.do_due()
    await outbox.settle()

    assert (tried, world.numbers) == (2, [1, 2])


async def test_a_job_is_kept_before_the_change_that_it_follows_from() -> None:
    """Inside it is in the store and nobody does it; afterwards it is done."""
    world = World()
    worker = world.worker()

    async with worker.following("mail", {"n": "1"}):
        inside = await world.kept(), world.numbers
    await worker.settle()

    ((job,), done) = inside
    assert (job.due_ms, job.attempts, done) == (NOW_MS + LEASE_MS, 0, [])
    assert (await world.kept(), world.numbers) == ([], [1])


async def test_no_job_follows_from_a_change_that_was_refused() -> None:
    """An error that says that nothing was changed takes the job away."""
    world = World()
    worker = world.worker()

    with pytest.raises(LookupError):
        async with worker.following("mail", {"n": "1"}):
            raise LookupError
    await worker.settle()

    assert (await world.kept(), world.numbers) == ([], [])


@pytest.mark.parametrize("fault", [StoreUnavailable("gone"), asyncio.CancelledError()])
async def test_a_job_follows_from_a_change_that_may_have_been_made(fault: BaseException) -> None:
    """Where nobody knows what became of the change, or its process died, somebody looks when the lease is over."""
    world = World()
    worker = world.worker()

    with pytest.raises(type(fault)):
        async with worker.following("mail", {"n": "1"}):
            raise fault
    await worker.settle()
    early = await world.worker().do_due()
    world.clock.now_ms += LEASE_MS
    late = await world.worker().do_due()

    assert (early, late, world.numbers) == (0, 1, [1])


async def test_a_job_that_follows_waits_where_jobs_are_held_back() -> None:
    """In a process that is frozen after its answer the job is due at once for whoever does jobs."""
    world = World()
    worker = world.worker()
    worker.hold_back()

    async with worker.following("mail", {"n": "1"}):
        pass

    assert world.numbers == []
    assert await world.worker().do_due() == 1


async def test_many_jobs_that_follow_are_done_a_few_at_once() -> None:
    """With as many begun as there may be, further ones wait in the store, and all are done."""
    world = World()
    held = Held()
    world.meanwhile = partial(held, "handle")
    worker = world.worker()

    for number in range(3 * MOST_AT_ONCE):
        async with worker.following("mail", {"n": str(number)}):
            pass
    waiting = [job for job in await world.kept() if job.due_ms == NOW_MS]
    held.let_go()
    await worker.settle()

    assert len(waiting) >= MOST_AT_ONCE
    assert world.numbers == list(range(3 * MOST_AT_ONCE))
