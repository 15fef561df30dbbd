"""A change of address that somebody had asked for with a stolen session outlived what the owner did against them.

The link to confirm it lay for a day in the mailbox of whoever had asked. A new password, logging out everywhere and a
password set by whoever runs the service ended the session, but not the link; used afterwards it moved the account to
that mailbox, where the next link to choose a password went as well. Nor could the owner take the wish back.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from tests.support.service import EMAIL, PASSWORD, Caller, Service, fresh_source
from wicketgate.core.ports import Store

OTHER = "another horse battery"
THEIRS = "mallory@example.com"


async def _another_password(service: Service, owner: Caller) -> None:
    assert (await owner.change_password(PASSWORD, OTHER)).status_code == 200


async def _out_everywhere(service: Service, owner: Caller) -> None:
    answer = await owner.post("/api/auth/logout-everywhere", headers=owner.proof(None))
    assert answer.status_code == 200


async def _password_set(service: Service, owner: Caller) -> None:
    (record,), _ = await service.store.page(None, 10)
    assert await service.app.password_changes.replace(record, OTHER) is not None


async def _sessions_ended(service: Service, owner: Caller) -> None:
    (record,), _ = await service.store.page(None, 10)
    assert await service.app.sessions.end_all(record.id)


async def _address_of_today(service: Service, owner: Caller) -> None:
    answer = await owner.update({"email": EMAIL})
    assert (answer.status_code, "pendingEmail" in answer.json()["user"]) == (200, False)


WAYS: dict[str, Callable[[Service, Caller], Awaitable[None]]] = {
    "another password": _another_password,
    "logging out everywhere": _out_everywhere,
    "a password set by whoever runs the service": _password_set,
    "sessions ended by whoever runs the service": _sessions_ended,
    "asking for the address of today": _address_of_today,
}


@pytest.mark.parametrize("session_list", [False, True])
@pytest.mark.parametrize("way", WAYS)
async def test_the_owner_ends_a_change_that_waits(store: Store, way: str, session_list: bool) -> None:
    """The link that was sent before is good for nothing, and the address stays."""
    service = Service(store, email_verification="optional", session_list=session_list)
    owner, login = await service.user(EMAIL)
    thief = service.caller(fresh_source())
    assert (await thief.update({"email": THEIRS}, login["token"])).status_code == 200
    await service.settle()

    await WAYS[way](service, owner)

    link = service.post.token(THEIRS, "change_email")
    late = await thief.post("/api/auth/email/change/confirm", json={"token": link})
    (record,), _ = await store.page(None, 10)
    assert (late.status_code, late.json()["error"]) == (400, "This link is no longer valid")
    assert record.email == EMAIL


@pytest.mark.parametrize("way", WAYS)
async def test_a_letter_that_is_late_is_not_sent(store: Store, way: str) -> None:
    """A link whose letter waited for the mail server does not leave any more."""
    service = Service(store, email_verification="optional")
    owner, login = await service.user(EMAIL)
    service.post.fault = RuntimeError("the mail server is down")
    await service.caller(fresh_source()).update({"email": THEIRS}, login["token"])
    await service.settle()

    await WAYS[way](service, owner)

    service.post.fault = None
    service.clock.advance(60_000)
    await service.app.outbox.do_due()
    assert not [letter for letter in service.post.letters if letter.to == THEIRS]
