"""Jobs that wait to be done."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace

import pytest

from tests.contract.people import NOW_MS
from wicketgate.core.outbox import Job
from wicketgate.core.ports import Store

UNTIL = NOW_MS + 300_000


def job(name: str = "job", due_ms: int = NOW_MS, **data: str) -> Job:
    """A job that is due at a time."""
    return Job(name, "mail", data, due_ms)


async def kept(store: Store, *names: str, due_ms: int = NOW_MS) -> list[Job]:
    """Jobs that are in the store."""
    made = [job(name, due_ms) for name in names]
    await asyncio.gather(*(store.put_job(one) for one in made))
    return made


async def names(store: Store) -> set[str]:
    """The jobs there are."""
    return {one.id for one in await store.jobs(1000)}


def leased(given: Job, until_ms: int = UNTIL) -> Job:
    """A job as who leases it is given it."""
    return replace(given, due_ms=until_ms, attempts=given.attempts + 1)


async def test_nothing_to_do(store: Store) -> None:
    """An empty outbox gives nobody anything."""
    assert list(await store.lease_jobs(NOW_MS, UNTIL, 10)) == []
    assert list(await store.jobs(10)) == []


@pytest.mark.parametrize(
    "data", [{}, {"to": ""}, {"name": "Größe 😀", "size": "x" * 5000, "date": "2024", "a.b#c": "1"}]
)
async def test_whole(store: Store, data: Mapping[str, str]) -> None:
    """A job comes back as it was put, with one attempt more and due again when the lease ends."""
    given = Job("an id", "sign_up", data, NOW_MS, attempts=1)
    await store.put_job(given)

    assert list(await store.jobs(10)) == [given]
    assert list(await store.lease_jobs(NOW_MS, UNTIL, 10)) == [leased(given)]
    assert list(await store.jobs(10)) == [leased(given)]


async def test_not_before_its_time(store: Store) -> None:
    """A job is given to nobody before it is due, and to somebody from that millisecond on."""
    (given,) = await kept(store, "job", due_ms=NOW_MS + 10)

    early = await store.lease_jobs(NOW_MS + 9, UNTIL, 10)
    due = await store.lease_jobs(NOW_MS + 10, UNTIL, 10)

    assert list(early) == []
    assert list(due) == [leased(given)]


async def test_a_lease_runs_out(store: Store) -> None:
    """A leased job is nobody else's until the lease is over, and then again somebody's, with another attempt."""
    await kept(store, "job")
    (first,) = await store.lease_jobs(NOW_MS, UNTIL, 10)

    meanwhile = await store.lease_jobs(UNTIL - 1, UNTIL * 2, 10)
    (again,) = await store.lease_jobs(UNTIL, UNTIL + 1000, 10)

    assert list(meanwhile) == []
    assert again == leased(first, UNTIL + 1000)
    assert again.attempts == 2


async def test_no_more_than_asked_for(store: Store) -> None:
    """As many as asked for are given, those first that have been due for longest."""
    for number in (3, 1, 4, 0, 2):
        await kept(store, f"job{number}", due_ms=NOW_MS + number)

    first = await store.lease_jobs(NOW_MS + 10, UNTIL, 2)
    rest = await store.lease_jobs(NOW_MS + 10, UNTIL, 10)

    assert [one.id for one in first] == ["job0", "job1"]
    assert {one.id for one in rest} == {"job2", "job3", "job4"}


async def test_listed_by_time(store: Store) -> None:
    """The list has as many as asked for, leased or not, those due first in front."""
    for number in (2, 0, 1):
        await kept(store, f"job{number}", due_ms=NOW_MS + number)
    await store.lease_jobs(NOW_MS, UNTIL, 1)

    assert [one.id for one in await store.jobs(10)] == ["job1", "job2", "job0"]
    assert [one.id for one in await store.jobs(2)] == ["job1", "job2"]


async def test_dropped(store: Store) -> None:
    """A dropped job is gone for good, also when it is dropped again or was never there."""
    one, other = await kept(store, "one", "other")
    await store.drop_job(one)
    await store.drop_job(one)
    await store.drop_job(job("never there"))

    assert await names(store) == {"other"}
    assert list(await store.lease_jobs(NOW_MS, UNTIL, 10)) == [leased(other)]


async def test_dropped_from_an_empty_outbox(store: Store) -> None:
    """Dropping and postponing where there never was a job is no error and makes none."""
    await store.drop_job(job())
    await store.postpone_job(job(), NOW_MS)

    assert await names(store) == set()


async def test_postponed(store: Store) -> None:
    """A postponed job is due at its new time, and keeps its count of attempts."""
    await kept(store, "job")
    (begun,) = await store.lease_jobs(NOW_MS, UNTIL, 10)
    await store.postpone_job(begun, NOW_MS + 50)

    early = await store.lease_jobs(NOW_MS + 49, UNTIL, 10)
    due = await store.lease_jobs(NOW_MS + 50, UNTIL + 1, 10)

    assert list(early) == []
    assert list(due) == [leased(begun, UNTIL + 1)]
    assert due[0].attempts == 2


async def test_postponing_what_is_gone(store: Store) -> None:
    """A job that was dropped does not come back when it is postponed."""
    await kept(store, "job", "other")
    begun = next(one for one in await store.lease_jobs(NOW_MS, UNTIL, 10) if one.id == "job")
    await store.drop_job(begun)
    await store.postpone_job(begun, NOW_MS)

    assert await names(store) == {"other"}
    assert list(await store.lease_jobs(NOW_MS, UNTIL, 10)) == []


async def test_postponing_what_another_has_leased(store: Store) -> None:
    """Whoever comes back after the lease ran out does not take the job from who has it by then."""
    await kept(store, "job")
    (late,) = await store.lease_jobs(NOW_MS, UNTIL, 10)
    (theirs,) = await store.lease_jobs(UNTIL, UNTIL + 1000, 10)
    await store.postpone_job(late, NOW_MS)

    assert list(await store.lease_jobs(UNTIL + 999, UNTIL * 2, 10)) == []
    assert list(await store.jobs(10)) == [theirs]


async def test_many_who_lease(store: Store) -> None:
    """Of many who lease at once, again and again until there is nothing left, each job goes to exactly one."""
    given = await kept(store, *(f"job{number}" for number in range(60)))

    async def worker() -> list[Job]:
        mine: list[Job] = []
        while some := await store.lease_jobs(NOW_MS, UNTIL, 7):
            mine += some
        return mine

    shares = await asyncio.gather(*(worker() for _ in range(10)))

    everything = sorted((one for share in shares for one in share), key=lambda one: one.id)
    assert everything == sorted((leased(one) for one in given), key=lambda one: one.id)


async def test_put_while_leasing(store: Store) -> None:
    """Jobs that are put while others lease are all kept, and each is given to one."""

    async def worker() -> list[str]:
        mine: list[str] = []
        for _ in range(8):
            mine += [one.id for one in await store.lease_jobs(NOW_MS, UNTIL, 5)]
        return mine

    async def putter(who: int) -> None:
        for number in range(10):
            await store.put_job(job(f"job{who}-{number}"))

    shares = await asyncio.gather(*(worker() for _ in range(4)), *(putter(who) for who in range(4)))
    rest = await store.lease_jobs(NOW_MS, UNTIL, 100)

    given = [name for share in shares if share for name in share] + [one.id for one in rest]
    assert sorted(given) == sorted(f"job{who}-{number}" for who in range(4) for number in range(10))


async def test_drop_while_leasing(store: Store) -> None:
    """A job that is dropped while others lease is gone afterwards, whoever was faster."""
    given = await kept(store, *(f"job{number}" for number in range(20)))

    await asyncio.gather(
        *(store.lease_jobs(NOW_MS, UNTIL, 5) for _ in range(4)),
        *(store.drop_job(one) for one in given[:10]),
        *(store.drop_job(one) for one in given[:10]),
    )

    assert await names(store) == {one.id for one in given[10:]}


async def test_done_once_by_many(store: Store) -> None:
    """Workers who lease, put some back and drop the rest, all at once, drop each job once and leave nothing."""
    await kept(store, *(f"job{number}" for number in range(30)))
    done: list[str] = []

    async def worker(who: int) -> None:
        while some := await store.lease_jobs(NOW_MS, UNTIL + who, 4):
            for one in some:
                if one.attempts == 1:
                    await store.postpone_job(one, NOW_MS)
                else:
                    done.append(one.id)
                    await store.drop_job(one)

    while await names(store):
        await asyncio.gather(*(worker(who) for who in range(6)))

    assert sorted(done) == sorted(f"job{number}" for number in range(30))
