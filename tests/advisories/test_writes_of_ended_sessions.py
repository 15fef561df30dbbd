"""A session that was ended while its call was under way writes nothing any more.

The check of a session and what the call then wrote were two steps. Whoever had a stolen session could keep calls
under way, and one whose write came after the owner's reset left something of theirs behind: an API token, the
pending change to an address of theirs, or a deleted account.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.support.faulty import FaultyStore
from tests.support.service import EMAIL, PASSWORD, Service, bearer, fresh_source

OTHER = "another horse battery"
THEIRS = "mallory@example.com"


@dataclass(frozen=True)
class Attempt:
    """A call with a session, and the method of the store by which it takes effect."""

    method: str
    path: str
    body: Any
    effect: str = "edit"


ATTEMPTS = {
    "a named token": Attempt("POST", "/api/auth/api-tokens", {"name": "Mine"}),
    "another first token": Attempt("POST", "/api/auth/api-token/rotate", None),
    "another address": Attempt("PUT", "/api/profile/update", {"email": THEIRS}),
    "another name": Attempt("PUT", "/api/profile/update", {"name": "Mallory"}),
    "another password": Attempt(
        "POST", "/api/auth/password/change", {"current_password": PASSWORD, "password": OTHER}
    ),
    "deletion": Attempt("POST", "/api/account/delete", {"password": PASSWORD}, "delete"),
}


class Waiting:
    """Holds up whoever comes until it lets go, and tells that somebody has come."""

    def __init__(self) -> None:
        self.arrived, self.let_go = asyncio.Event(), asyncio.Event()

    async def __call__(self, method: str) -> None:
        self.arrived.set()
        await self.let_go.wait()


class Underway:
    """A call that has shown its session and waits before its effect."""

    def __init__(self, service: Service, attempt: Attempt, token: str, **changes: Any) -> None:
        self._held = Waiting()
        store = FaultyStore(service.store, attempt.effect, outcome=self._held)
        self.service = Service(store, clock=service.clock, **changes)
        call = self.service.caller(fresh_source()).request(
            attempt.method, attempt.path, json=attempt.body, headers=bearer(token)
        )
        self._task = asyncio.create_task(call)

    async def arrived(self) -> None:
        """Returns when the call waits."""
        async with asyncio.timeout(10):
            await self._held.arrived.wait()

    async def ended(self) -> httpx.Response:
        """Lets the call go on."""
        self._held.let_go.set()
        answer = await self._task
        await self.service.settle()
        return answer


async def underway(service: Service, name: str, verification: str) -> tuple[Underway, str]:
    """The call, and the link by which the owner of the account takes it back."""
    _, login = await service.user(EMAIL)
    await service.caller(fresh_source()).forget(EMAIL)
    await service.settle()
    call = Underway(service, ATTEMPTS[name], login["token"], email_verification=verification)
    await call.arrived()
    return call, service.post.token(EMAIL, "reset_password")


@pytest.mark.parametrize("verification", ["off", "optional"])
@pytest.mark.parametrize("name", ATTEMPTS)
async def test_a_reset_ends_what_is_under_way(name: str, verification: str) -> None:
    """A call whose session the reset has ended is 401 and changes nothing, whatever it was."""
    service = Service(email_verification=verification)
    call, link = await underway(service, name, verification)
    assert (await service.caller().reset(link, "the owner's new one")).status_code == 200
    before = await service.store.page(None, 10)

    answer = await call.ended()

    assert (answer.status_code, answer.json()["error"]) == (401, "Authentication required")
    assert await service.store.page(None, 10) == before
    assert not [letter for letter in call.service.post.letters if letter.to == THEIRS]


@pytest.mark.parametrize("name", ATTEMPTS)
async def test_logging_out_everywhere_ends_what_is_under_way(name: str) -> None:
    """The same for a call that is under way while somebody logs out everywhere."""
    service = Service()
    call, _ = await underway(service, name, "off")
    token = (await service.caller(fresh_source()).log_in(EMAIL)).json()["token"]
    everywhere = await service.caller().post("/api/auth/logout-everywhere", headers=bearer(token))
    await service.settle()
    before = await service.store.page(None, 10)

    answer = await call.ended()

    assert (everywhere.status_code, answer.status_code) == (200, 401)
    assert await service.store.page(None, 10) == before
