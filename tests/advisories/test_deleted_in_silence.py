"""Whoever moved an account to an address of theirs and deleted it at once left its owner untold.

The letter about the change of address was not sent any more when the account was gone, which it mostly is if the
letter waits for the schedule on Lambda, or for a mail server that takes new senders at the second attempt only. The
letter about the deletion went to the address of the moment: the thief's own.
"""

from __future__ import annotations

import pytest

from tests.support.post import PostBox
from tests.support.service import EMAIL, PASSWORD, Caller, Service, bearer, fresh_source
from wicketgate.core.ports import Store

THEIRS = "mallory@example.com"
THIRD = "mallory@example.net"


async def _joined(store: Store, verification: str, *, confirmed: bool) -> tuple[Service, PostBox, str]:
    """A service, its mail, and the token of a session that is stolen, along with the password."""
    service = Service(store, email_verification=verification)
    post = service.post
    _, login = await service.user(EMAIL)
    if confirmed:
        link = post.token(EMAIL, "verify_email")
        assert (await service.caller().post("/api/auth/email/verify", json={"token": link})).status_code == 200
    post.letters.clear()
    return service, post, login["token"]


async def _move(service: Service, thief: Caller, address: str, token: str) -> None:
    assert (await thief.update({"email": address}, token)).status_code == 200
    if service.app.addresses.confirms:
        await service.app.outbox.do_due()
        await service.settle()
        body = {"token": service.post.token(address, "change_email")}
        assert (await thief.post("/api/auth/email/change/confirm", json=body)).status_code == 200


async def _delete(thief: Caller, token: str) -> None:
    answer = await thief.post("/api/account/delete", json={"password": PASSWORD}, headers=bearer(token))
    assert answer.status_code == 200


async def _hours_later(service: Service, hours: int = 1) -> None:
    for _ in range(hours * 12):
        service.clock.advance(5 * 60_000)
        await service.app.outbox.do_due()
    await service.settle()


def _told(post: PostBox, address: str) -> list[tuple[str, bool]]:
    """What an address was told, in any order, and whether there was a link in it."""
    return sorted((letter.template, "link" in letter.values) for letter in post.letters if letter.to == address)


@pytest.mark.parametrize(("verification", "confirmed"), [("off", False), ("optional", False), ("optional", True)])
@pytest.mark.parametrize("why", ["a schedule sends the mail", "the owner's mail server defers"])
async def test_the_owner_is_told(store: Store, verification: str, confirmed: bool, why: str) -> None:
    """Of the change, without a link that would lead nowhere, and of the deletion if a way back led there."""
    service, post, token = await _joined(store, verification, confirmed=confirmed)
    thief = service.caller(fresh_source())
    if why == "a schedule sends the mail":
        service.app.outbox.hold_back()
    else:
        post.deferred = {EMAIL}

    await _move(service, thief, THEIRS, token)
    await service.settle()
    await _delete(thief, token)
    await service.settle()
    post.deferred = set()
    await _hours_later(service)

    way_back = verification == "off" or confirmed
    assert _told(post, EMAIL) == [("account_deleted", False)] * way_back + [("email_changed", False)]
    assert await store.jobs(9) == []


@pytest.mark.parametrize("verification", ["off", "optional"])
async def test_the_owner_is_told_of_the_deletion_for_a_week(store: Store, verification: str) -> None:
    """Whoever could have taken the account back learns that it is gone, however often it was moved; then no more."""
    for days, told in ((6, 1), (8, 0)):
        service, post, token = await _joined(store, verification, confirmed=verification != "off")
        thief = service.caller(fresh_source())
        for address in (THEIRS, THIRD):
            await _move(service, thief, address, token)
            await service.settle()
        service.clock.advance(days * 24 * 3_600_000)
        token = (await thief.log_in(THIRD)).json()["token"]

        await _delete(thief, token)
        await service.settle()

        templates = [letter.template for letter in post.letters if letter.to == EMAIL]
        assert templates.count("account_deleted") == told
        assert _told(post, THIRD)[0] == ("account_deleted", False)
        assert ("account_deleted", False) not in _told(post, THEIRS)


@pytest.mark.parametrize("deferring", [EMAIL, THEIRS])
async def test_neither_letter_waits_for_the_other(store: Store, deferring: str) -> None:
    """A mail server that takes nothing keeps no letter from the other address, and brings it none twice."""
    service, post, token = await _joined(store, "off", confirmed=False)
    thief = service.caller(fresh_source())
    await _move(service, thief, THEIRS, token)
    await service.settle()
    post.letters.clear()
    post.deferred = {deferring}

    await _delete(thief, token)
    await service.settle()
    at_once = [letter.to for letter in post.letters]
    await _hours_later(service)
    post.deferred = set()
    await _hours_later(service, 3)

    assert at_once == [EMAIL if deferring == THEIRS else THEIRS]
    assert _told(post, EMAIL) == _told(post, THEIRS) == [("account_deleted", False)]


async def test_a_deletion_counts_once(store: Store) -> None:
    """Two letters are one mail for the limit: who has one left is not kept from deleting the account."""
    service = Service(store, mail_limit_max_requests=2)
    _, login = await service.user(EMAIL)
    owner = service.caller(fresh_source())
    await _move(service, owner, THEIRS, login["token"])

    await _delete(owner, login["token"])

    await service.settle()
    assert _told(service.post, EMAIL)[0] == ("account_deleted", False)
