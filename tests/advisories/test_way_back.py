"""The way back left the password that a thief had chosen, and anybody could keep the letter after it from being sent.

So whoever had moved an account logged in right after its owner had taken it back, and moved it again.
"""

from __future__ import annotations

import asyncio

import pytest

from tests.support.service import EMAIL, Caller, Service, fresh_source
from wicketgate.core.outbox import RESET_PASSWORD, Job
from wicketgate.core.ports import Store
from wicketgate.core.users import Edit, UserRecord
from wicketgate.stores.memory import MemoryStore

THIEF = "mallory@example.com"
CHOSEN = "chosen by a thief"
NEW = "another horse battery"


def somebody(service: Service) -> Caller:
    """Somebody from anywhere."""
    return service.caller(fresh_source())


async def use(service: Service, path: str, token: str) -> None:
    """Uses a link."""
    assert (await somebody(service).post(f"/api/auth/email/{path}", json={"token": token})).status_code == 200
    await service.settle()


async def moved(service: Service) -> None:
    """Somebody's account, which a thief moved away with nothing but a session of its owner."""
    owner = somebody(service)
    assert (await owner.sign_up(EMAIL)).status_code == 201
    await service.settle()
    if service.app.addresses.confirms:
        await use(service, "verify", service.post.token(EMAIL, "verify_email"))
    await owner.log_in(EMAIL)
    for _ in range(6):
        assert (await somebody(service).forget(EMAIL)).status_code == 200
    await service.settle()
    assert (await owner.update({"email": THIEF})).status_code == 200
    await service.settle()
    if service.app.addresses.confirms:
        await use(service, "change/confirm", service.post.token(THIEF, "change_email"))


@pytest.mark.parametrize("mode", ["off", "optional", "required"])
async def test_no_password_outlasts_the_way_back(store: Store, mode: str) -> None:
    """Once the account is back the password that the thief chose meanwhile opens nothing."""
    service = Service(store, email_verification=mode)
    await moved(service)
    await somebody(service).forget(THIEF)
    await service.settle()
    link = service.post.token(THIEF, "reset_password")
    assert (await somebody(service).reset(link, CHOSEN)).status_code == 200

    await use(service, "change/undo", service.post.token(EMAIL, "email_changed"))

    assert (await somebody(service).log_in(EMAIL, CHOSEN)).status_code == 401


async def test_nobody_keeps_the_link_from_its_owner(store: Store) -> None:
    """However much mail others had sent to the address, the link to choose a password comes, and is good."""
    service = Service(store)
    await moved(service)
    before = len(service.post.letters)

    await use(service, "change/undo", service.post.token(EMAIL, "email_changed"))

    assert [(letter.to, letter.template) for letter in service.post.letters[before:]] == [(EMAIL, "reset_password")]
    assert (await somebody(service).reset(service.post.token(EMAIL, "reset_password"), NEW)).status_code == 200
    assert (await somebody(service).log_in(EMAIL, NEW)).status_code == 200


class HeldUp(MemoryStore):
    """A store that keeps the next link to choose a password only when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.gate: asyncio.Event | None = None
        self.waits = asyncio.Event()

    async def edit(self, user_id: str, edit: Edit) -> UserRecord | None:
        gate = self.gate
        if gate is not None and edit.private.get("link#reset"):
            self.gate = None
            self.waits.set()
            await gate.wait()
        return await super().edit(user_id, edit)


async def test_a_used_link_stays_used() -> None:
    """A letter's job that is done a second time, while its link is being used, does not make that good again."""
    store = HeldUp()
    service = Service(store)
    await service.user(EMAIL)
    job = Job("j1", RESET_PASSWORD, {"email": EMAIL, "source": "203.0.113.9"}, service.clock(), 1)
    await service.app.recovery.send(job)
    link = service.post.token(EMAIL, "reset_password")
    store.gate = gate = asyncio.Event()
    again = asyncio.create_task(service.app.recovery.send(job))
    await store.waits.wait()

    first = await somebody(service).reset(link, NEW)
    gate.set()
    await again
    second = await somebody(service).reset(link, CHOSEN)

    assert (first.status_code, second.status_code) == (200, 400)
