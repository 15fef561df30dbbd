"""What each operation costs, as DynamoDB Local reports it."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from tests.contract.people import NOW, NOW_MS, move, person, signed_up
from wicketgate.core.audit import DAY_MS, AuditEntry
from wicketgate.core.limits import Limit, account_source
from wicketgate.core.outbox import Job
from wicketgate.core.users import Edit, UserRecord, email_claim
from wicketgate.stores.dynamodb import DynamoDBStore
from wicketgate.stores.dynamodb.capacity import Meter
from wicketgate.stores.dynamodb.limits import SURPLUS
from wicketgate.stores.dynamodb.outbox import SHARDS, shard_of

LOGIN = Limit("login", 5, 900_000)
FAILURES = Limit("account", 2, 900_000)

Cost = tuple[float, float]


@pytest.fixture
async def ann(store: DynamoDBStore, meter: Meter) -> UserRecord:
    """Someone whose sign-up is not on the meter."""
    record = replace(person(), private={"passwordHash": "$2b$12$" + 53 * "x"}, bio="A sentence about Ann. " * 5)
    await store.create(record, [email_claim(record.email)])
    return record


async def cost(meter: Meter, *calls: Awaitable[Any]) -> Cost:
    """Read and write units of calls made one after the other."""
    read, write = meter.read, meter.write
    for call in calls:
        await call
    return meter.read - read, meter.write - write


async def test_a_session_read_is_one_read(store: DynamoDBStore, meter: Meter, ann: UserRecord) -> None:
    """`get` costs one read unit."""
    assert await cost(meter, store.get(ann.id)) == (1, 0)


async def test_a_login_is_two_reads_and_a_write(store: DynamoDBStore, meter: Meter, ann: UserRecord) -> None:
    """Noting an attempt and finding the user behind the guard cost one write unit and two read units."""
    attempt = store.take(LOGIN, "192.0.2.1", NOW_MS)
    found = store.find_guarded(email_claim(ann.email), FAILURES, NOW_MS)

    assert await cost(meter, attempt, found) == (2, 1)


async def test_a_long_log_still_costs_one_write(store: DynamoDBStore, meter: Meter) -> None:
    """Fifty failures and nearly all of the surplus that is kept beside them stay in an item of one kilobyte."""
    fifty = Limit("account", 50, 900_000)
    source = account_source("email#ann@example.com")
    for number in range(fifty.most + SURPLUS - 2):
        await store.take(fifty, source, NOW_MS + number * 20_000)

    assert await cost(meter, store.take(fifty, source, NOW_MS + 2_000_000)) == (0, 1)


@pytest.mark.parametrize("who", ["ann", "nobody"])
async def test_a_failed_login_costs_the_same_for_everyone(
    store: DynamoDBStore, meter: Meter, ann: UserRecord, who: str
) -> None:
    """Finding and noting a failure cost the same for a known address and an unknown one."""
    claim = email_claim(f"{who}@example.com")

    found = await cost(meter, store.find_guarded(claim, FAILURES, NOW_MS))
    noted = await cost(meter, store.note_failure(claim, FAILURES, NOW_MS))

    assert (found, noted) == ((2, 0), (0, 1))


@pytest.mark.parametrize("spent", [False, True])
async def test_as_many_requests_for_the_unknown(
    store: DynamoDBStore, meter: Meter, ann: UserRecord, spent: bool
) -> None:
    """A failed login makes the same requests for a known address and an unknown one, spent or not."""
    made = []
    for who in ("ann", "nobody"):
        claim = email_claim(f"{who}@example.com")
        for _ in range(FAILURES.most if spent else 0):
            await store.note_failure(claim, FAILURES, NOW_MS)
        before = dict(meter.made)
        await store.find_guarded(claim, FAILURES, NOW_MS)
        await store.note_failure(claim, FAILURES, NOW_MS)
        made.append({action: count - before.get(action, 0) for action, count in meter.made.items()})

    assert {action: count for action, count in made[0].items() if count} == {
        action: count for action, count in made[1].items() if count
    }


async def test_a_sign_up_is_six_writes(store: DynamoDBStore, meter: Meter) -> None:
    """A sign-up costs six write units, of which the index takes two, and one read unit for the guard."""
    assert await cost(meter, signed_up(store, "bob")) == (1, 6)


async def test_an_update_is_two_writes(store: DynamoDBStore, meter: Meter, ann: UserRecord) -> None:
    """A profile update writes the item and its copy in the index, and reads nothing."""
    edit = Edit(fields={"name": "Ann", "last_modified": "2024-05-02T10:00:00.000Z"})

    assert await cost(meter, store.edit(ann.id, edit)) == (0, 2)


async def test_a_logout_is_two_writes(store: DynamoDBStore, meter: Meter, ann: UserRecord) -> None:
    """A logout writes the item and its copy in the index, and reads nothing: the first, one more, one that prunes."""
    first = await cost(meter, store.revoke(ann, "first", NOW + 10, NOW))
    ann = replace(ann, revoked_sessions={"first": NOW + 10})
    second = await cost(meter, store.revoke(ann, "second", NOW + 20, NOW))
    ann = replace(ann, revoked_sessions={"first": NOW + 10, "second": NOW + 20})
    pruning = await cost(meter, store.revoke(ann, "third", NOW + 30, NOW + 15))

    assert (first, second, pruning) == ((0, 2), (0, 2), (0, 2))


async def test_a_move_is_one_transaction_and_two_reads(store: DynamoDBStore, meter: Meter, ann: UserRecord) -> None:
    """A change of address is one transaction, a read of its result and one of the new address's guard."""
    before = dict(meter.calls)
    reads, _ = await cost(meter, store.edit(ann.id, move(ann, "bob@example.com")))

    assert reads == 2
    assert meter.calls["TransactWriteItems"] == before["TransactWriteItems"] + 1


@pytest.fixture
async def outbox(store: DynamoDBStore) -> DynamoDBStore:
    """A store that has had a job in each place of its outbox, off the meter."""
    jobs = [mail(f"job{number}") for number in range(200)]
    assert {shard_of(job.id) for job in jobs} == set(range(SHARDS))
    for job in jobs:
        await store.put_job(job)
    for job in jobs:
        await store.drop_job(job)
    return store


def mail(job_id: str) -> Job:
    """A job as most are."""
    return Job(job_id, "verify_email", {"user": str(uuid4()), "email": "ada@example.com"}, NOW_MS)


async def test_a_job_that_is_done_at_once_is_four_writes(outbox: DynamoDBStore, meter: Meter) -> None:
    """Keeping a job costs two write units, and taking it away when it is done two more."""
    job = mail(str(uuid4()))
    kept = await cost(meter, outbox.put_job(job))
    dropped = await cost(meter, outbox.drop_job(job))

    assert (kept, dropped) == ((0, 2), (0, 2))


async def test_another_attempt_is_three_writes(outbox: DynamoDBStore, meter: Meter) -> None:
    """Postponing a job costs one write unit, and leasing it two beside the reads of looking."""
    job = mail(str(uuid4()))
    await outbox.put_job(job)
    postponed = await cost(meter, outbox.postpone_job(job, NOW_MS + 1))
    leased = await cost(meter, outbox.lease_jobs(NOW_MS + 1, NOW_MS + 2, 16))

    assert (postponed, leased) == ((0, 1), (SHARDS / 2, 2))


async def test_looking_for_jobs_is_eight_reads(outbox: DynamoDBStore, meter: Meter) -> None:
    """Looking for what is due is one request, with half a read unit for each place; listing costs as much."""
    before = meter.made["UpdateItem"], meter.made.get("BatchGetItem", 0)
    looked = await cost(meter, outbox.lease_jobs(NOW_MS, NOW_MS, 16))
    after = meter.made["UpdateItem"], meter.made["BatchGetItem"]
    listed = await cost(meter, outbox.jobs(100))

    assert after == (before[0], before[1] + 1)
    assert (looked, listed) == ((8, 0), (8, 0))


async def test_an_entry_of_the_trail_is_one_write(store: DynamoDBStore, meter: Meter) -> None:
    """Noting what happened costs one write unit, the first of the day and the next ones alike."""
    one = AuditEntry(str(uuid4()), NOW_MS, "password_changed", NOW, network="2001:db8:aaaa::/48")

    costs = [await cost(meter, store.note_audit(one._replace(at_ms=NOW_MS + number))) for number in range(5)]

    assert costs == [(0, 1)] * 5


async def test_a_trail_is_half_a_read_a_day(store: DynamoDBStore, meter: Meter) -> None:
    """Showing a trail costs half a read unit for each day that has something, forgetting it one and a write unit."""
    for day in range(6):
        await store.note_audit(AuditEntry("ann", NOW_MS + day * DAY_MS, "login", NOW * 2))
    last = NOW_MS + 5 * DAY_MS

    shown = await cost(meter, store.audit_of("ann", NOW_MS, last))
    forgotten = await cost(meter, store.forget_audit("ann", NOW_MS, last))

    assert (shown, forgotten) == ((3, 0), (6, 6))


async def test_asking_whether_it_answers_is_half_a_read(store: DynamoDBStore, meter: Meter) -> None:
    """`ping` costs half a read unit."""
    assert await cost(meter, store.ping()) == (0.5, 0)
