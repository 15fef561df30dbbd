"""The audit trail when answers are lost, and what is left of it in the table."""

from __future__ import annotations

from tests.contract.people import NOW, NOW_MS
from tests.support.dynamodb.proxy import lost
from tests.unit.stores.dynamodb.conftest import Faulty
from wicketgate.core.audit import DAY_MS, MOST_A_DAY, AuditEntry, day_of
from wicketgate.stores.dynamodb import DynamoDBStore
from wicketgate.stores.dynamodb.calls import Dynamo
from wicketgate.stores.dynamodb.keys import audit_key

LOGIN = AuditEntry("ann", NOW_MS, "login", NOW + 90 * 86_400, network="203.0.113.0/24")


async def test_noted_and_not_heard_of(faulty: Faulty) -> None:
    """An entry that took effect unheard is there once, the first of its day and a later one."""
    for _ in range(2):
        faulty.proxy.faults.extend([lost])
        await faulty.store.note_audit(LOGIN)

    assert list(await faulty.sound.audit_of("ann", NOW_MS, NOW_MS)) == [LOGIN, LOGIN]


async def test_forgotten_and_not_heard_of(faulty: Faulty) -> None:
    """A trail whose forgetting took effect unheard is gone."""
    await faulty.store.note_audit(LOGIN)
    faulty.proxy.faults.extend([lost, lost])
    await faulty.store.forget_audit("ann", NOW_MS, NOW_MS)

    assert await faulty.sound._dynamo.read(audit_key("ann", day_of(NOW_MS))) is None


async def test_a_day_expires_with_its_last_entry(store: DynamoDBStore, table: Dynamo) -> None:
    """The item of a day carries the expiry of what was noted last, and no address for the index."""
    await store.note_audit(LOGIN)
    await store.note_audit(AuditEntry("ann", NOW_MS + 1, "logout", LOGIN.expires_at + 1))
    item = await table.read(audit_key("ann", day_of(NOW_MS)))

    assert item is not None
    assert item["expiresAt"] == LOGIN.expires_at + 1
    assert "email" not in item


async def test_a_day_stays_small(store: DynamoDBStore, table: Dynamo) -> None:
    """However often something happens on a day, its list does not grow beyond what is kept."""
    for number in range(MOST_A_DAY + 3):
        await store.note_audit(AuditEntry("ann", NOW_MS + number, "login", LOGIN.expires_at))
    item = await table.read(audit_key("ann", day_of(NOW_MS)))

    assert item is not None
    assert len(item["event#login"]) == MOST_A_DAY


async def test_more_days_than_a_batch_takes(store: DynamoDBStore) -> None:
    """A trail of more than a hundred days is read and forgotten whole."""
    entries = [AuditEntry("ann", NOW_MS + day * DAY_MS, "login", NOW * 2) for day in range(0, 250, 10)]
    for entry in entries:
        await store.note_audit(entry)
    last = entries[-1].at_ms

    assert list(await store.audit_of("ann", NOW_MS, last)) == entries[::-1]
    await store.forget_audit("ann", NOW_MS, last)
    assert await store.audit_page(None, 1000, last) == ([], None)
