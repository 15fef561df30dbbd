"""What users see of what happened to their accounts, and what is left when the store is not there to keep it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.clock import HOUR
from tests.support.faulty import FaultyStore
from tests.support.service import PASSWORD, Caller, Service, fresh_email, fresh_source
from wicketgate.stores.memory import MemoryStore

DAY = 24 * HOUR


async def activity(caller: Caller) -> list[dict[str, Any]]:
    """What happened to the caller's account, newest first."""
    answer = await caller.get("/api/auth/activity")
    assert answer.status_code == 200, answer.text
    events: list[dict[str, Any]] = answer.json()["events"]
    return events


async def test_activity_is_told_newest_first(service: Service) -> None:
    """Each change with its time and its network; of logins nothing, as nothing is written for them."""
    caller, _ = await service.user()
    service.clock.advance(1000)
    await caller.rotate()
    await service.settle()

    events = await activity(caller)

    assert [event["event"] for event in events] == ["api_token_rotated", "signup"]
    assert events[0] == {
        "at": "2030-03-17T17:46:41.123Z",
        "event": "api_token_rotated",
        "by": "user",
        "network": events[1]["network"],
    }
    assert events[1]["network"].endswith(".0/24")


async def test_activity_is_ones_own(service: Service) -> None:
    """Nobody sees what another did."""
    ada, _ = await service.user()
    grace, _ = await service.user()
    await grace.rotate()

    assert [event["event"] for event in await activity(ada)] == ["signup"]


async def test_activity_needs_a_session(service: Service) -> None:
    """Without one it is 401."""
    answer = await service.caller().get("/api/auth/activity")

    assert answer.status_code == 401


async def test_activity_ends_in_time() -> None:
    """Entries are gone after `AUDIT_DAYS`."""
    service = Service(audit_days=2)
    address = fresh_email()
    caller, _ = await service.user(address)
    service.clock.advance(DAY)
    await caller.log_in(address)
    before = await activity(caller)
    service.clock.advance(DAY)
    await caller.log_in(address)

    after = await activity(caller)

    assert ([event["event"] for event in before], after) == (["signup"], [])


async def test_logins_are_kept_where_asked_for() -> None:
    """With `AUDIT_LOGINS` each login, failed login and logout is there."""
    service = Service(audit_logins=True)
    address = fresh_email()
    caller, _ = await service.user(address)
    await service.settle()
    for step in ("wrong", PASSWORD):
        service.clock.advance(1000)
        await service.caller(fresh_source()).log_in(address, step)
        await service.settle()
    service.clock.advance(1000)
    await caller.log_out()
    await service.settle()
    await caller.log_in(address)

    events = await activity(caller)

    assert [event["event"] for event in events][:3] == ["logout", "login", "login_failed"]


async def test_without_a_trail_there_is_no_activity() -> None:
    """`AUDIT_DAYS=0` keeps nothing, and the call does not exist."""
    service = Service(FaultyStore(MemoryStore()), audit_days=0)
    caller, _ = await service.user()

    answer = await caller.get("/api/auth/activity")

    assert answer.status_code == 404
    assert isinstance(service.store, FaultyStore)
    assert "note_audit" not in service.store.calls


async def test_a_trail_that_cannot_be_written_fails_no_request() -> None:
    """What was done is done: the answer is a success, and the log says what was lost."""
    service = Service(FaultyStore(MemoryStore(), "note_audit"))
    caller, _ = await service.user()

    answer = await caller.rotate()

    assert answer.status_code == 200
    assert [line["message"].split()[0] for line in service.events("audit_lost")] == ["signup", "api_token_rotated"]


@pytest.mark.parametrize("logins", [False, True])
async def test_a_failed_login_does_not_tell_by_the_trail(logins: bool) -> None:
    """The store is asked the same before the answer for an address that somebody has and for one nobody has."""
    store = FaultyStore(MemoryStore())
    service = Service(store, audit_logins=logins)
    address = fresh_email()
    await service.user(address)
    await service.settle()
    asked = []

    for typed in (address, fresh_email()):
        store.calls.clear()
        answer = await service.caller(fresh_source()).log_in(typed, "wrong password")
        asked.append((answer.status_code, answer.text, list(store.calls)))
        await service.settle()

    assert asked[0] == asked[1]
