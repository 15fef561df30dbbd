"""A sign-up that was done twice brought back an account that its owner had deleted meanwhile.

Where addresses are confirmed first a sign-up is a job, and a job is done again if the store was out of reach when it
was to be noted that it was done. An account has the id of its job, so the second time found the account, unless it
had been deleted by then: then it was made anew, with the address and the password of before.
"""

from __future__ import annotations

from tests.support.faulty import FaultyStore
from tests.support.service import EMAIL, PASSWORD, Caller, Service, fresh_source
from wicketgate.core.errors import StoreUnavailable
from wicketgate.core.ports import Store
from wicketgate.core.users import email_claim

MINUTE = 60_000


async def _lost(method: str) -> None:
    raise StoreUnavailable(method)


async def _joined(store: FaultyStore) -> tuple[Service, Caller]:
    """Somebody who is signed in, and whose sign-up nobody could note to be done."""
    service = Service(store, email_verification="required")
    store.failing = {"drop_job"}
    assert (await service.caller(fresh_source()).sign_up(EMAIL)).status_code == 201
    await service.settle()
    store.failing = set()
    owner = service.caller(fresh_source())
    link = service.post.token(EMAIL, "verify_email")
    assert (await owner.post("/api/auth/email/verify", json={"token": link})).status_code == 200
    assert (await owner.log_in(EMAIL)).status_code == 200
    assert [job.kind for job in await store.jobs(9) if job.kind == "sign_up"] == ["sign_up"]
    return service, owner


async def _deleted(service: Service, owner: Caller) -> None:
    body = {"password": PASSWORD}
    assert (await owner.post("/api/account/delete", json=body, headers=owner.proof(None))).status_code == 200
    await service.settle()


async def _later(service: Service, minutes: int) -> None:
    service.clock.advance(minutes * MINUTE)
    await service.app.outbox.do_due()
    await service.settle()


async def test_a_deleted_account_stays_deleted(store: Store) -> None:
    """The sign-up goes with the account: nobody is there afterwards, and nothing is written to the address."""
    service, owner = await _joined(FaultyStore(store, outcome=_lost))
    await _deleted(service, owner)
    letters = len(service.post.letters)

    await _later(service, 6)

    assert await store.find(email_claim(EMAIL)) is None
    assert len(service.post.letters) == letters
    assert await store.jobs(9) == []


async def test_also_if_the_store_is_lost_in_that_moment(store: Store) -> None:
    """What could not be taken away with the account is taken away by the job that follows."""
    faulty = FaultyStore(store, outcome=_lost)
    service, owner = await _joined(faulty)
    faulty.failing = {"drop_job"}
    await _deleted(service, owner)
    faulty.failing = set()

    await _later(service, 1)
    await _later(service, 6)

    assert await store.find(email_claim(EMAIL)) is None
    assert await store.jobs(9) == []


async def test_whoever_signs_up_again_gets_an_account(store: Store) -> None:
    """A sign-up of afterwards is another one, and stays."""
    service, owner = await _joined(FaultyStore(store, outcome=_lost))
    await _deleted(service, owner)

    await service.caller(fresh_source()).sign_up(EMAIL)
    await service.settle()
    await _later(service, 6)

    assert await store.find(email_claim(EMAIL)) is not None
