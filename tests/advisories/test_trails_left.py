"""What happened to an account was kept after the account had been deleted.

Logins are kept after the answer, with `AUDIT_LOGINS`. A copy of the Lambda function is frozen as soon as it has
answered, and keeps them when its next event comes, which may be hours later. If the account was deleted through
another copy in between, its trail had been forgotten by then, and the entries stayed for `AUDIT_DAYS`.
"""

from __future__ import annotations

import pytest

from tests.support.service import EMAIL, PASSWORD, Service, fresh_source
from wicketgate.core.ports import Store

DAY = 24 * 3_600_000


@pytest.mark.parametrize("asleep", [60_000, DAY, 40 * DAY])
async def test_nothing_is_kept_of_who_is_gone(store: Store, asleep: int) -> None:
    """Logins that a frozen copy keeps after the deletion leave no entry, also if that is on another day."""
    service = Service(store, audit_logins=True)
    owner, login = await service.user(EMAIL)
    frozen = service.beside()
    frozen.app.outbox.hold_back()
    await frozen.caller(fresh_source()).log_in(EMAIL)
    await frozen.caller(fresh_source()).log_in(EMAIL, "wrong horse battery")
    body = {"password": PASSWORD}
    assert (await owner.post("/api/account/delete", json=body, headers=owner.proof(None))).status_code == 200
    await service.settle()
    service.clock.advance(asleep)

    await frozen.settle()

    assert await store.audit_of(login["user"]["id"], 0, service.clock()) == []
    assert await store.audit_page(None, 100, service.clock()) == ([], None)


async def test_what_happened_to_others_is_kept(store: Store) -> None:
    """The entries of somebody who is there stay, those of before and those that were late."""
    service = Service(store, audit_logins=True)
    _, login = await service.user(EMAIL)
    frozen = service.beside()
    frozen.app.outbox.hold_back()
    await frozen.caller(fresh_source()).log_in(EMAIL)
    service.clock.advance(60_000)

    await frozen.settle()

    kept = await store.audit_of(login["user"]["id"], 0, service.clock())
    assert [entry.event for entry in kept].count("login") == 2
