"""One session neither keeps the hashing queue full nor fills the outbox.

Attempts to log in are limited, and so are wrong passwords of whoever is signed in. Right ones were not: with an
account of their own somebody could have passwords hashed without end, and everybody's logins got 503. Nor were API
tokens made and replaced, each of which leaves a notice and a webhook waiting, of which there is room for 32,000.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from tests.support.clock import MINUTE
from tests.support.service import EMAIL, PASSWORD, Caller, Service, bearer, fresh_source

SPENT = "Too many requests, please try again later"
OTHER = "another horse battery"


async def same_again(caller: Caller, token: str) -> httpx.Response:
    """The right password, and once more as the new one, which changes nothing."""
    return await caller.change_password(PASSWORD, PASSWORD, token)


async def deleted(caller: Caller, token: str) -> httpx.Response:
    """A wrong password, and so no deletion."""
    return await caller.post("/api/account/delete", json={"password": "wrong"}, headers=bearer(token))


async def named(caller: Caller, token: str) -> httpx.Response:
    """A token with a name."""
    return await caller.post("/api/auth/api-tokens", json={"name": "Mine"}, headers=bearer(token))


async def replaced(caller: Caller, token: str) -> httpx.Response:
    """Another first token."""
    return await caller.rotate(token)


Act = Callable[[Caller, str], Awaitable[httpx.Response]]
ACTS: tuple[Act, ...] = (same_again, deleted, named, replaced)


@pytest.mark.parametrize("act", ACTS)
async def test_so_often_and_no_more(act: Act) -> None:
    """From wherever, and whatever comes of it, until the window has passed."""
    service = Service(user_limit_max_requests=3)
    _, login = await service.user(EMAIL)

    first = [(await act(service.caller(fresh_source()), login["token"])).status_code for _ in range(3)]
    refused = await act(service.caller(fresh_source()), login["token"])
    service.clock.advance(15 * MINUTE)
    later = await act(service.caller(fresh_source()), login["token"])

    assert 429 not in first
    assert (refused.status_code, refused.json()["error"], refused.headers["retry-after"]) == (429, SPENT, "900")
    assert later.status_code == first[0]


async def test_all_are_counted_together_for_each_user() -> None:
    """Whoever has spent it with one call cannot make another; everybody else can."""
    service = Service(user_limit_max_requests=4)
    _, login = await service.user(EMAIL)
    _, others = await service.user()
    caller = service.caller(fresh_source())
    for act in ACTS:
        await act(caller, login["token"])

    mine = [(await act(caller, login["token"])).status_code for act in ACTS]
    theirs = [(await act(caller, others["token"])).status_code for act in ACTS]

    assert (mine, 429 in theirs) == ([429] * 4, False)


async def test_nothing_is_hashed_for_who_is_refused() -> None:
    """With many at once on one session, the logins of others find their place in the queue."""
    service = Service(bcrypt_cost=8, hash_queue_size=64, user_limit_max_requests=8)
    _, login = await service.user("eve@example.com")
    await service.caller(fresh_source()).sign_up(EMAIL)
    caller = service.caller(fresh_source())

    flood = asyncio.gather(*(same_again(caller, login["token"]) for _ in range(200)))
    others = await asyncio.gather(*(service.caller(fresh_source()).log_in(EMAIL) for _ in range(10)))

    assert Counter(answer.status_code for answer in await flood) == {400: 8, 429: 192}
    assert {answer.status_code for answer in others} == {200}


async def test_what_waits_for_one_user_is_bounded() -> None:
    """While neither mail nor webhook can be sent, a session leaves so many and no more."""
    service = Service(
        user_limit_max_requests=20, audit_webhook_url="https://hook.example/", audit_webhook_secret="k" * 32
    )
    _, login = await service.user(EMAIL)
    service.app.outbox.hold_back()
    before = len(await service.store.jobs(1000))

    for act in (replaced, named) * 50:
        await act(service.caller(fresh_source()), login["token"])

    assert len(await service.store.jobs(1000)) - before == 20 * 2


@pytest.mark.parametrize(
    "changes", [{"user_limit_max_requests": 0}, {"mail": False, "user_limit_max_requests": 1}], ids=["off", "no job"]
)
async def test_what_leaves_nothing_is_not_counted(changes: dict[str, Any]) -> None:
    """0 turns it off. Where replacing the first token leaves neither mail nor webhook it is a change like others."""
    service = Service(**changes)
    _, login = await service.user(EMAIL)

    answers = [(await service.caller().rotate(login["token"])).status_code for _ in range(70)]

    assert answers == [200] * 70


async def test_fifty_tokens_can_be_made_at_once() -> None:
    """The limit is for nobody who sets up all tokens that there may be, and a new password."""
    service = Service()
    caller, login = await service.user(EMAIL)

    answers = [(await named(caller, login["token"])).status_code for _ in range(50)]
    changed = await caller.change_password(PASSWORD, OTHER, login["token"])

    assert answers == [201] * 50
    assert changed.status_code == 200


async def test_the_log_says_where_from() -> None:
    """Whoever looks after the service sees the user, and the network of the call."""
    service = Service(user_limit_max_requests=1)
    _, login = await service.user(EMAIL)
    caller = service.caller("203.0.113.7")
    await same_again(caller, login["token"])

    await same_again(caller, login["token"])

    (line,) = service.events("limit_hit")
    assert (line["user"], line["source"], line["detail"]) == (login["user"]["id"], "203.0.113.0/24", "user")


async def test_nothing_tells_of_a_user_who_left() -> None:
    """The log of the limit knows the user by a hash."""
    service = Service(audit_days=0)
    caller, login = await service.user(EMAIL)
    await caller.post("/api/account/delete", json={"password": PASSWORD}, headers=bearer(login["token"]))
    await service.settle()

    assert login["user"]["id"] not in repr(vars(service.store))
