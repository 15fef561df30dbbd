"""Addresses while several change, take back and sign up at once: a whole service on every store."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

import httpx

from tests.support.service import EMAIL, PASSWORD, Caller, Service, fresh_source
from wicketgate.core.ports import Store
from wicketgate.core.users import email_claim

NEW = "ada.king@example.com"
THIRD = "countess@example.com"
VERIFY, CONFIRM, UNDO = (f"/api/auth/email/{call}" for call in ("verify", "change/confirm", "change/undo"))


async def served(store: Store) -> tuple[Service, Caller]:
    """A service where addresses are confirmed, and Ada, whose address is."""
    service = Service(
        store, email_verification="optional", rate_limit_max_requests=0, mail_limit_per_address=0, audit_days=0
    )
    caller, _ = await service.user(EMAIL)
    await service.settle()
    assert (await post(service, VERIFY, service.post.token(EMAIL, "verify_email"))).status_code == 200
    return service, caller


async def post(service: Service, path: str, token: str) -> httpx.Response:
    """The answer to a link's token, from anywhere."""
    return await service.caller(fresh_source()).post(path, json={"token": token})


async def asked(service: Service, caller: Caller, address: str) -> str:
    """The token that makes another address count."""
    answer = await caller.update({"email": address})
    assert answer.status_code == 200, answer.text
    await service.settle()
    return service.post.token(address, "change_email")


async def moved(service: Service, caller: Caller, address: str) -> str:
    """Ada at another address; returns the token that leads back."""
    old = (await caller.profile()).json()["user"]["email"]
    assert (await post(service, CONFIRM, await asked(service, caller, address))).status_code == 200
    await service.settle()
    return service.post.token(old, "email_changed")


async def statuses(*calls: Awaitable[httpx.Response]) -> list[int]:
    """What each call was answered, all made at once."""
    return [answer.status_code for answer in await asyncio.gather(*calls)]


async def leads(store: Store, address: str) -> str | None:
    """The address of today of whom an address leads to."""
    record = await store.find(email_claim(address))
    return record.email if record else None


async def test_confirming_twice_at_once(store: Store) -> None:
    """Of several who use one link at once one makes the address count, the others find the link used."""
    service, caller = await served(store)
    token = await asked(service, caller, NEW)

    answers = await statuses(*(post(service, CONFIRM, token) for _ in range(6)))

    assert sorted(answers) == [200] + [400] * 5
    await service.settle()
    assert [letter.template for letter in service.post.letters if letter.to == EMAIL].count("email_changed") == 1


async def test_confirming_against_a_sign_up(store: Store) -> None:
    """Whoever comes first has the address, and there is one account with it."""
    service, caller = await served(store)
    for round_ in range(5):
        address = f"wanted{round_}@example.com"
        token = await asked(service, caller, address)

        confirmed, signed_up = await statuses(
            post(service, CONFIRM, token), service.caller(fresh_source()).sign_up(address, PASSWORD, name="Grace")
        )

        assert (confirmed, signed_up) in [(200, 400), (400, 201)]
        owner = await store.find(email_claim(address))
        assert owner is not None
        assert (owner.email, owner.name) == (address, "ada" if confirmed == 200 else "Grace")


async def test_undoing_against_a_second_change(store: Store) -> None:
    """Whichever comes first, in the end the first address is back and leads to the user alone."""
    service, caller = await served(store)
    back = await moved(service, caller, NEW)
    token = await asked(service, caller, THIRD)

    undone, confirmed = await statuses(post(service, UNDO, back), post(service, CONFIRM, token))

    assert undone == 200
    assert confirmed in (200, 400)
    assert [await leads(store, address) for address in (EMAIL, NEW, THIRD)] == [EMAIL, None, None]
    assert (await caller.profile()).status_code == 401


async def test_undoing_twice_at_once(store: Store) -> None:
    """Of several who use the way back at once one restores the address."""
    service, caller = await served(store)
    back = await moved(service, caller, NEW)

    answers = await statuses(*(post(service, UNDO, back) for _ in range(5)))

    assert sorted(answers) == [200] + [400] * 4
    assert [await leads(store, address) for address in (EMAIL, NEW)] == [EMAIL, None]


async def test_sign_ups_for_a_kept_address_whose_time_is_over(store: Store) -> None:
    """Of several who want an address that was kept, once its week is over, one gets it."""
    service, caller = await served(store)
    await moved(service, caller, NEW)
    service.clock.advance(7 * 24 * 3_600_000)

    answers = await statuses(*(service.caller(fresh_source()).sign_up(EMAIL) for _ in range(5)))

    assert sorted(answers) == [201] + [400] * 4
    assert [await leads(store, address) for address in (EMAIL, NEW)] == [EMAIL, NEW]


async def test_deleting_against_a_change(store: Store) -> None:
    """Whichever comes first, nothing leads to an account that is gone."""
    service, caller = await served(store)
    token = await asked(service, caller, NEW)
    headers = caller.proof(None)

    deleted, confirmed = await statuses(
        caller.post("/api/account/delete", json={"password": PASSWORD}, headers=headers),
        post(service, CONFIRM, token),
    )

    assert deleted == 200
    assert confirmed in (200, 400)
    answers = [(await service.caller(fresh_source()).sign_up(address)).status_code for address in (EMAIL, NEW)]
    assert answers == [201, 201]
