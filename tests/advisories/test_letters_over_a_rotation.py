"""Letters that wait while `JWT_SECRET` is exchanged are written all the same.

The token of a link follows from its job and a key that is derived from the secret. A letter that waited, since the
mail server was down, was made again with the new key alone, did not fit what was kept, and was dropped without a
word: among them the one that tells an owner that their account was moved to another's address, with the way back.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.service import EMAIL, JWT_SECRET, Service, fresh_source
from wicketgate.core.errors import MailRefused

NEW = "mallory@example.com"
OTHER_SECRET = "another secret for sessions, long enough for everything"

ROTATED = {"jwt_secret": OTHER_SECRET, "jwt_secret_previous": JWT_SECRET}
AHEAD = {"jwt_secret_previous": OTHER_SECRET}
"""What the runbook has a process know after its second step, and after its first."""


async def waiting(verification: str, **changes: Any) -> tuple[Service, dict[str, str]]:
    """A service whose mail server is down since the user asked for another address, and the user's login."""
    service = Service(email_verification=verification, **changes)
    caller, login = await service.user(EMAIL)
    if verification != "off":
        token = service.post.token(EMAIL, "verify_email")
        assert (await caller.post("/api/auth/email/verify", json={"token": token})).status_code == 200
    service.post.fault = MailRefused("down")
    assert (await caller.update({"email": NEW}, login["token"])).status_code == 200
    await service.settle()
    return service, login


async def delivered(service: Service, **changes: Any) -> Service:
    """A process with other secrets, after it has tried what waits in the store."""
    other = service.beside(**changes)
    service.clock.advance(60_000)
    await other.app.outbox.do_due()
    assert await service.store.jobs(10) == []
    return other


async def used(service: Service, path: str, token: str) -> int:
    """The status of using a link."""
    return (await service.caller(fresh_source()).post(path, json={"token": token})).status_code


@pytest.mark.parametrize(("before", "after"), [({}, ROTATED), (ROTATED, AHEAD)], ids=["exchanged", "side by side"])
async def test_the_owner_is_told_of_the_change_with_the_way_back(
    before: dict[str, str], after: dict[str, str]
) -> None:
    """The link in the letter leads back, whichever of the two keys it was made with."""
    service, _ = await waiting("off", **before)

    other = await delivered(service, **{"jwt_secret": JWT_SECRET, **after})

    token = other.post.token(EMAIL, "email_changed")
    assert await used(other, "/api/auth/email/change/undo", token) == 200


@pytest.mark.parametrize(("before", "after"), [({}, ROTATED), (ROTATED, AHEAD)], ids=["exchanged", "side by side"])
async def test_a_new_address_gets_its_link(before: dict[str, str], after: dict[str, str]) -> None:
    """And so does an address that waits to be confirmed."""
    service, _ = await waiting("optional", **before)

    other = await delivered(service, **{"jwt_secret": JWT_SECRET, **after})

    assert await used(other, "/api/auth/email/change/confirm", other.post.token(NEW, "change_email")) == 200


async def test_the_owner_is_told_even_when_the_key_is_gone() -> None:
    """Without the key of before nobody can write the link down any more: the letter goes without it."""
    service, _ = await waiting("off")

    other = await delivered(service, jwt_secret=OTHER_SECRET)

    letter = other.post.last(EMAIL, "email_changed")
    assert dict(letter.values) == {}


async def test_a_link_that_was_mailed_before_goes_on() -> None:
    """What is kept is a digest, to which the secret is nothing."""
    service, _ = await waiting("off")
    service.post.fault = None
    service.clock.advance(60_000)
    await service.app.outbox.do_due()
    token = service.post.token(EMAIL, "email_changed")

    assert await used(service.beside(jwt_secret=OTHER_SECRET), "/api/auth/email/change/undo", token) == 200
