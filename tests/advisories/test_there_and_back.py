"""Moving an account away and back again left a way back to the mailbox in between, good for seven days.

With a stolen session somebody moved the account to an address of theirs and back. The first way back ended with it,
and the letter to the address in between brought another. A new password left that alone, so for a week
it moved the account to their mailbox whenever they liked, where the next link to choose a password went as well. The
same happened to owners who came back in the usual way, without the link in the letter.
"""

from __future__ import annotations

import pytest

from tests.support.service import EMAIL, Caller, Service, fresh_source
from wicketgate.core.ports import Store

OTHER = "another horse battery"
THEIRS = "mallory@example.com"
THIRD = "mallory@example.net"
DAY = 24 * 3_600_000


async def _move(service: Service, caller: Caller, address: str, token: str) -> None:
    assert (await caller.update({"email": address}, token)).status_code == 200
    await service.settle()
    if service.app.addresses.confirms:
        link = service.post.token(address, "change_email")
        answer = await caller.post("/api/auth/email/change/confirm", json={"token": link})
        assert answer.status_code == 200
        await service.settle()


async def _joined(store: Store, verification: str) -> tuple[Service, str]:
    """A service, and the token of a session that is about to be stolen."""
    service = Service(store, email_verification=verification)
    if verification == "required":
        await service.caller(fresh_source()).sign_up(EMAIL)
        await service.settle()
    else:
        await service.user(EMAIL)
    if verification != "off":
        link = service.post.token(EMAIL, "verify_email")
        assert (await service.caller().post("/api/auth/email/verify", json={"token": link})).status_code == 200
    return service, (await service.caller(fresh_source()).log_in(EMAIL)).json()["token"]


def _links(service: Service, address: str) -> list[str]:
    """The ways back that an address was ever sent."""
    letters = [letter for letter in service.post.letters if letter.to == address]
    return [letter.values["link"] for letter in letters if letter.template == "email_changed" and letter.values]


async def _undone(service: Service, link: str) -> int:
    body = {"token": link.partition("#")[2]}
    answer = await service.caller(fresh_source()).post("/api/auth/email/change/undo", json=body)
    await service.settle()
    return answer.status_code


@pytest.mark.parametrize("verification", ["off", "optional", "required"])
async def test_the_address_in_between_has_no_way_back(store: Store, verification: str) -> None:
    """Neither the mailbox in between nor the first one has a link, and a reset leaves none either."""
    service, session = await _joined(store, verification)
    thief = service.caller(fresh_source())
    await _move(service, thief, THEIRS, session)
    await _move(service, thief, EMAIL, session)

    await service.caller(fresh_source()).forget(EMAIL)
    await service.settle()
    reset = await service.caller(fresh_source()).reset(service.post.token(EMAIL, "reset_password"), OTHER)

    assert reset.status_code == 200
    assert service.post.last(THEIRS).template == "email_changed"
    assert _links(service, THEIRS) == []
    assert [await _undone(service, link) for link in _links(service, EMAIL)] == [400]
    (record,), _ = await store.page(None, 10)
    assert record.email == EMAIL


@pytest.mark.parametrize("verification", ["off", "optional", "required"])
@pytest.mark.parametrize("rounds", [1, 2])
async def test_the_oldest_address_stays_the_way_back(store: Store, verification: str, rounds: int) -> None:
    """However often somebody moves to and fro, what leads anywhere leads to the owner."""
    service, session = await _joined(store, verification)
    thief = service.caller(fresh_source())
    for _ in range(rounds):
        await _move(service, thief, THEIRS, session)
        await _move(service, thief, EMAIL, session)
    await _move(service, thief, THEIRS, session)
    await _move(service, thief, THIRD, session)
    service.clock.advance(6 * DAY)

    links = _links(service, EMAIL)
    found = [await _undone(service, link) for link in links]

    assert found == [400] * rounds + [200]
    assert _links(service, THEIRS) == _links(service, THIRD) == []
    reset = await service.caller(fresh_source()).reset(service.post.token(EMAIL, "reset_password"), OTHER)
    assert reset.status_code == 200
    assert (await service.caller(fresh_source()).log_in(EMAIL, OTHER)).status_code == 200


@pytest.mark.parametrize("verification", ["off", "optional", "required"])
async def test_the_address_in_between_is_free(store: Store, verification: str) -> None:
    """Nothing is kept for a way back that there is none of."""
    service, session = await _joined(store, verification)
    thief = service.caller(fresh_source())
    await _move(service, thief, THEIRS, session)

    await _move(service, thief, EMAIL, session)
    await service.caller(fresh_source()).sign_up(THEIRS)
    await service.settle()

    users, _ = await store.page(None, 10)
    assert sorted(user.email for user in users) == [EMAIL, THEIRS]
