"""The outbox when answers are lost, when somebody dies half-way, and when it is full."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aiohttp import web

from tests.contract.people import NOW_MS
from tests.support.dynamodb.proxy import Answer, Proxy, error, every, lost, passed_on, status
from tests.unit.stores.dynamodb.conftest import Faulty
from wicketgate.core.errors import StoreUnavailable
from wicketgate.core.outbox import Job
from wicketgate.stores.dynamodb import DynamoDBStore, outbox
from wicketgate.stores.dynamodb.calls import Dynamo
from wicketgate.stores.dynamodb.keys import due_key, job_key
from wicketgate.stores.dynamodb.outbox import SHARDS, shard_of

JOB = Job("job", "mail", {"email": "ada@example.com"}, NOW_MS)
UNTIL = NOW_MS + 300_000
DAY = 86_400


async def broken(call: Any) -> None:
    """A call that ends in StoreUnavailable."""
    with pytest.raises(StoreUnavailable):
        await call


async def leased(store: DynamoDBStore, now_ms: int = NOW_MS, until_ms: int = UNTIL) -> list[tuple[str, int]]:
    """Which jobs were leased, and their attempts."""
    return sorted((job.id, job.attempts) for job in await store.lease_jobs(now_ms, until_ms, 50))


async def test_a_job_expires_long_after_its_last_attempt(store: DynamoDBStore, table: Dynamo) -> None:
    """What a job says is taken away by DynamoDB weeks after it was due, and carries no address for the index."""
    await store.put_job(JOB)
    item = await table.read(job_key(JOB.id))

    assert item is not None
    assert item["expiresAt"] - NOW_MS // 1000 > 14 * DAY
    assert "email" not in item


async def test_dead_before_the_entry(faulty: Faulty) -> None:
    """Whoever dies between the job and its entry leaves nothing that anybody would do, and may put it again."""
    faulty.proxy.faults.extend([passed_on, *[status(503)] * 3])
    await broken(faulty.store.put_job(JOB))
    after = await leased(faulty.sound)
    await faulty.store.put_job(JOB)

    assert after == []
    assert list(await faulty.sound.jobs(10)) == [JOB]


@pytest.mark.parametrize("answers", [[lost], [passed_on, lost], [passed_on, passed_on, lost]])
async def test_put_and_not_heard_of(faulty: Faulty, answers: list[Answer]) -> None:
    """A job whose putting took effect unheard is there once, the first of its place included."""
    faulty.proxy.faults.extend(answers)
    await faulty.store.put_job(JOB)

    assert list(await faulty.sound.jobs(10)) == [JOB]
    assert await leased(faulty.sound) == [("job", 1)]


async def test_a_place_that_was_never_used(faulty: Faulty) -> None:
    """The first entry of a place is made whichever of its errors DynamoDB calls the missing map by."""
    faulty.proxy.faults.extend([passed_on, error("ValidationException")])
    await faulty.store.put_job(JOB)

    assert list(await faulty.sound.jobs(10)) == [JOB]


async def test_put_again_after_somebody_began_it(faulty: Faulty) -> None:
    """An entry that is sent again leaves the lease alone that another took in the meantime."""
    meanwhile: list[tuple[str, int]] = []

    async def lost_and_leased(proxy: Proxy, request: web.BaseRequest) -> web.StreamResponse:
        answer = await proxy.forward(request, await request.read())
        meanwhile.extend(await leased(faulty.sound))
        assert request.transport is not None
        request.transport.abort()
        return answer

    await faulty.sound.put_job(JOB)
    await faulty.sound.drop_job(JOB)
    faulty.proxy.faults.extend([passed_on, lost_and_leased])
    await faulty.store.put_job(JOB)

    assert meanwhile == [("job", 1)]
    assert await leased(faulty.sound, UNTIL - 1) == []
    assert await leased(faulty.sound, UNTIL, UNTIL + 1) == [("job", 2)]


async def test_a_lease_that_nobody_heard_of_runs_out(faulty: Faulty) -> None:
    """A lease whose answer was lost is nobody's: the job goes to nobody twice, and to somebody when it is over."""
    await faulty.store.put_job(JOB)
    faulty.proxy.faults.extend([passed_on, lost])

    assert await leased(faulty.store) == []
    assert await leased(faulty.store, UNTIL - 1) == []
    assert await leased(faulty.store, UNTIL, UNTIL + 1) == [("job", 1)]


async def test_an_attempt_that_nobody_heard_of(faulty: Faulty) -> None:
    """An attempt whose answer was lost may count twice, and the job is given out all the same."""
    await faulty.store.put_job(JOB)
    faulty.proxy.faults.extend([passed_on, passed_on, lost])

    assert await leased(faulty.store) == [("job", 2)]


async def test_what_fails_keeps_nothing_else_back(faulty: Faulty) -> None:
    """When the lease of one job fails the others are given out; the failed one is, too, when it is due again."""
    for name in ("one", "other"):
        await faulty.store.put_job(Job(name, "mail", {}, NOW_MS))

    async def refusing_one(proxy: Proxy, request: web.BaseRequest) -> web.StreamResponse:
        key = json.loads(await request.read()).get("Key", {})
        return await (status(503) if key == {"userId": {"S": "outbox#one"}} else passed_on)(proxy, request)

    faulty.proxy.always = refusing_one
    first = await leased(faulty.store)
    faulty.proxy.always = None

    assert first == [("other", 1)]
    assert await leased(faulty.store, UNTIL, UNTIL + 1) == [("one", 1), ("other", 2)]


async def test_when_everything_fails_it_is_told(faulty: Faulty) -> None:
    """A store that cannot be written to is no empty outbox."""
    await faulty.store.put_job(JOB)
    faulty.proxy.faults.extend([passed_on, *[status(503)] * 3])

    await broken(faulty.store.lease_jobs(NOW_MS, UNTIL, 10))


@pytest.mark.parametrize("answers", [[lost], [passed_on, lost]])
async def test_dropped_and_not_heard_of(faulty: Faulty, answers: list[Answer]) -> None:
    """A job whose dropping took effect unheard is gone, entry and all."""
    await faulty.store.put_job(JOB)
    faulty.proxy.faults.extend(answers)
    await faulty.store.drop_job(JOB)

    assert list(await faulty.sound.jobs(10)) == []
    assert await faulty.sound._dynamo.read(job_key("job")) is None


async def test_dead_while_dropping(faulty: Faulty) -> None:
    """Whoever dies between the entry and the job leaves a job that nobody does."""
    await faulty.store.put_job(JOB)
    faulty.proxy.faults.extend([passed_on, *[status(503)] * 3])
    await broken(faulty.store.drop_job(JOB))

    assert await leased(faulty.sound) == []
    assert list(await faulty.sound.jobs(10)) == []


async def test_postponed_and_not_heard_of(faulty: Faulty) -> None:
    """A job whose postponing took effect unheard is due when it was to be."""
    await faulty.store.put_job(JOB)
    faulty.proxy.faults.extend([lost])
    await faulty.store.postpone_job(JOB, NOW_MS + 10)

    assert await leased(faulty.sound, NOW_MS + 9) == []
    assert await leased(faulty.sound, NOW_MS + 10) == [("job", 1)]


async def test_an_entry_without_a_job(store: DynamoDBStore, table: Dynamo) -> None:
    """An entry whose job has expired is taken away when it is due, and keeps back no other."""
    await store.put_job(JOB)
    await store.put_job(Job("other", "mail", {}, NOW_MS + 1))
    async with table.call() as call:
        await call.table.delete_item(job_key("job"))

    assert [job.id for job in await store.jobs(10)] == ["other"]
    assert await leased(store, NOW_MS + 1) == [("other", 1)]
    assert await table.read(due_key(shard_of("job"))) == {**due_key(shard_of("job")), "due": {}}


async def test_a_full_outbox_says_so(store: DynamoDBStore, table: Dynamo, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a place has as many entries as are paid for no more are put there, until one is gone."""
    monkeypatch.setattr(outbox, "MOST_IN_A_SHARD", 2)
    names = [f"job{number}" for number in range(200) if shard_of(f"job{number}") == 7][:3]
    jobs = [Job(name, "mail", {}, NOW_MS) for name in names]
    await store.put_job(jobs[0])
    await store.put_job(jobs[1])

    with pytest.raises(StoreUnavailable, match="full"):
        await store.put_job(jobs[2])
    left = await table.read(job_key(names[2]))
    refused = await leased(store)
    await store.drop_job(jobs[0])
    await store.put_job(jobs[2])

    assert left is None
    assert refused == [(names[0], 1), (names[1], 1)]
    assert await leased(store) == [(names[2], 1)]


async def test_what_a_batch_leaves_out_is_asked_for_again(faulty: Faulty) -> None:
    """Items that DynamoDB did not get to are asked for once more."""
    await faulty.store.put_job(JOB)
    faulty.proxy.seen.clear()
    faulty.proxy.faults.extend([nothing_yet])

    assert list(await faulty.store.jobs(10)) == [JOB]
    assert faulty.proxy.seen == ["BatchGetItem"] * 3


async def test_what_a_batch_leaves_out_for_good(faulty: Faulty) -> None:
    """A table without the capacity to answer is out of reach, not empty."""
    await faulty.store.put_job(JOB)
    faulty.proxy.always = nothing_yet

    await broken(faulty.store.jobs(10))


async def test_one_fault_in_five(faulty: Faulty) -> None:
    """With every fifth request throttled all jobs are put, and each is given out once and dropped.

    Of many leases at once one may meet the fault each time; then its job is given out when the lease is over.
    """
    faulty.proxy.always = every(5, error("ThrottlingException"))
    names = [f"job{number:02}" for number in range(20)]
    for name in names:
        await faulty.store.put_job(Job(name, "mail", {}, NOW_MS))
    given: list[str] = []
    now_ms = NOW_MS
    while await faulty.sound.jobs(1):
        for job in await faulty.store.lease_jobs(now_ms, now_ms + 10, 50):
            given.append(job.id)
            await faulty.store.drop_job(job)
        now_ms += 10

    assert sorted(given) == names
    assert list(await faulty.sound.jobs(50)) == []


def test_jobs_are_spread() -> None:
    """No place gets much more than its share."""
    counts = [0] * SHARDS
    for number in range(SHARDS * 100):
        counts[shard_of(f"0b0b0b0b-0000-4000-8000-{number:012}")] += 1

    assert min(counts) > 50
    assert max(counts) < 200


async def nothing_yet(proxy: Proxy, request: web.BaseRequest) -> web.StreamResponse:
    """A batch of which nothing was read, for lack of capacity."""
    asked = json.loads(await request.read())
    (name,) = asked["RequestItems"]
    return web.json_response({"Responses": {name: []}, "UnprocessedKeys": asked["RequestItems"]})
