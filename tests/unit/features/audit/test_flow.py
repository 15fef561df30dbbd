"""Keeping what happened, and showing it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.support.faulty import FaultyStore
from tests.unit.fakes import ADA, NOW_MS, ManualClock
from wicketgate.core.audit import AuditEntry
from wicketgate.core.events import SecurityEvent
from wicketgate.core.users import claims_of
from wicketgate.features.audit.flow import MOST_SHOWN, ActivityFlow, AuditKeeper, AuditRules
from wicketgate.stores.memory import MemoryStore

DAY_MS = 86_400_000
HERE = "203.0.113.7"


class JobList:
    """Jobs as they were left, and work as it was begun: nothing is done before the test says so."""

    def __init__(self) -> None:
        self.jobs: list[tuple[str, Mapping[str, str]]] = []
        self.begun: list[Coroutine[Any, Any, None]] = []
        self.fault: Exception | None = None

    async def add(self, kind: str, data: Mapping[str, str]) -> None:
        if self.fault is not None:
            raise self.fault
        self.jobs.append((kind, data))

    @asynccontextmanager
    async def following(self, kind: str, data: Mapping[str, str]) -> AsyncIterator[None]:
        yield
        await self.add(kind, data)

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        self.begun.append(work)

    async def finish(self) -> None:
        """Does what was begun."""
        begun, self.begun = self.begun, []
        await asyncio.gather(*begun)


@dataclass
class House:
    """The keeper and what it works with."""

    rules: AuditRules = field(default_factory=lambda: AuditRules(90))
    store: FaultyStore = field(default_factory=lambda: FaultyStore(MemoryStore()))
    jobs: JobList = field(default_factory=JobList)
    clock: ManualClock = field(default_factory=ManualClock)
    notes: list[tuple[str, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.keep = AuditKeeper(
            self.store, self.jobs, self.jobs, self.clock, self.rules, lambda *note: self.notes.append(note)
        )

    async def trail(self) -> list[AuditEntry]:
        """What was kept of Ada, newest first."""
        return list(await self.store.inner.audit_of(ADA.id, 0, self.clock()))


async def test_a_change_is_kept_at_once() -> None:
    """An entry says what happened, to whom, when, from which network, and by whom."""
    house = House()

    await house.keep(SecurityEvent("password_changed", ADA.id, HERE, "by link"))
    house.clock.now_ms += 1000
    await house.keep(SecurityEvent("plan_changed", ADA.id, by_operator=True))

    ends = NOW_MS // 1000 + 90 * 86_400
    assert await house.trail() == [
        AuditEntry(ADA.id, NOW_MS + 1000, "plan_changed", ends + 1, by_operator=True),
        AuditEntry(ADA.id, NOW_MS, "password_changed", ends, "203.0.113.0/24", "by link"),
    ]
    assert house.jobs.jobs == []


@pytest.mark.parametrize(
    "event",
    [
        SecurityEvent("signup_refused", None, HERE),
        SecurityEvent("limit_hit", ADA.id, HERE, "account"),
        SecurityEvent("login", ADA.id, HERE),
        SecurityEvent("login_failed", ADA.id, HERE),
        SecurityEvent("logout", ADA.id, HERE),
    ],
)
async def test_what_is_not_kept(event: SecurityEvent) -> None:
    """Of unknown users, of limits and of logins nothing is written or told."""
    house = House(AuditRules(90, webhook=True))

    await house.keep(event)

    assert (house.store.calls, house.jobs.jobs, house.jobs.begun) == ([], [], [])


@pytest.mark.parametrize("name", ["login", "login_failed", "logout"])
async def test_logins_are_kept_where_asked_for_but_not_before_the_answer(name: str) -> None:
    """The write for a known address does not show in the time of the answer: it is begun, not waited for."""
    house = House(AuditRules(90, logins=True, webhook=True))
    await house.store.inner.create(ADA, claims_of(ADA))

    await house.keep(SecurityEvent(name, ADA.id, HERE))

    assert (house.store.calls, house.jobs.jobs) == ([], [])
    await house.jobs.finish()
    assert [entry.event for entry in await house.trail()] == [name]
    assert [data["event"] for _, data in house.jobs.jobs] == [name]


@pytest.mark.parametrize("later", [0, -DAY_MS, 40 * DAY_MS])
async def test_a_login_of_somebody_who_is_gone_since_is_not_kept(later: int) -> None:
    """Whoever keeps it after a deletion leaves nothing, whatever the clock says by then; it is told all the same."""
    house = House(AuditRules(90, logins=True, webhook=True))
    await house.keep(SecurityEvent("login", ADA.id, HERE))
    house.clock.now_ms += later

    await house.jobs.finish()

    assert await house.store.inner.audit_of(ADA.id, 0, NOW_MS) == []
    assert [data["event"] for _, data in house.jobs.jobs] == ["login"]


async def test_as_much_is_begun_for_an_address_that_nobody_has() -> None:
    """A failed login of an unknown address begins the same work, which then keeps nothing: time tells neither."""
    house = House(AuditRules(90, logins=True, webhook=True))

    await house.keep(SecurityEvent("login_failed", None, HERE))

    assert len(house.jobs.begun) == 1
    await house.jobs.finish()
    assert (house.store.calls, house.jobs.jobs) == ([], [])


async def test_a_webhook_is_a_job() -> None:
    """Each kept event is a job that says the same; without a trail there may be a webhook still."""
    house = House(AuditRules(0, webhook=True))

    await house.keep(SecurityEvent("plan_changed", ADA.id, None, "pro", by_operator=True))
    await house.keep(SecurityEvent("email_changed", ADA.id, HERE))

    at = str(NOW_MS)
    assert house.jobs.jobs == [
        ("webhook", {"event": "plan_changed", "user": ADA.id, "at": at, "detail": "pro", "by": "operator"}),
        ("webhook", {"event": "email_changed", "user": ADA.id, "at": at, "network": "203.0.113.0/24", "by": "user"}),
    ]
    assert await house.trail() == []


async def test_a_deletion_is_told_and_not_kept() -> None:
    """The trail went with the account, and nothing of it is to be left."""
    house = House(AuditRules(90, webhook=True))

    await house.keep(SecurityEvent("account_deleted", ADA.id, HERE))

    assert await house.trail() == []
    assert [data["event"] for _, data in house.jobs.jobs] == ["account_deleted"]


async def test_a_store_out_of_reach_fails_nothing() -> None:
    """What could not be kept or told is noted in the log, without what the fault may quote."""
    house = House(AuditRules(90, webhook=True))
    house.store.failing = {"note_audit"}
    house.jobs.fault = RuntimeError("of ada@example.com")

    await house.keep(SecurityEvent("password_changed", ADA.id, HERE))

    assert house.notes == [
        ("audit_lost", f"password_changed of {ADA.id}: Broken", "error"),
        ("webhook_lost", f"password_changed of {ADA.id}: RuntimeError", "error"),
    ]


@pytest.mark.parametrize(("days", "shown"), [(365, 90), (90, 90), (10, 10)])
async def test_activity_goes_back_90_days_or_as_far_as_is_kept(days: int, shown: int) -> None:
    """What is older than that is not shown, whatever is still there."""
    store, clock = MemoryStore(), ManualClock()
    for age in (0, 9, 10, 11, 89, 90, 91):
        await store.note_audit(AuditEntry(ADA.id, NOW_MS - age * DAY_MS, f"day {age}", NOW_MS // 1000 + 1))

    entries = await ActivityFlow(store, clock, days).of(ADA.id)

    assert [entry.event for entry in entries] == [f"day {age}" for age in (0, 9, 10, 11, 89, 90) if age <= shown]


async def test_activity_ends_after_200() -> None:
    """The newest are shown."""
    store = MemoryStore()
    for number in range(MOST_SHOWN + 10):
        await store.note_audit(AuditEntry(ADA.id, NOW_MS - number, f"event {number}", NOW_MS // 1000 + 1))

    entries = await ActivityFlow(store, ManualClock(), 90).of(ADA.id)

    assert [entry.event for entry in entries] == [f"event {number}" for number in range(200)]
