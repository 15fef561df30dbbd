"""Properties 25 to 28: whose address counts, the way back, and what is left of who leaves."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.properties.world import World
from tests.support.clock import HOUR
from tests.support.service import PASSWORD, Caller, Service, fresh_email

DAY = 24 * HOUR
OTHER = "another horse battery"


def confirming(world: World) -> Service:
    """The same service where addresses are confirmed, without limits on mail and links."""
    return world.beside(
        email_verification="optional",
        mail_limit_max_requests=0,
        mail_limit_per_address=0,
        link_limit_max_requests=0,
        session_list=True,
        audit_logins=True,
    )


async def someone(service: Service, address: str | None = None, **more: Any) -> tuple[Caller, str, str]:
    """Someone who is logged in and has confirmed the address, with id and address."""
    address = address or fresh_email()
    caller, login = await service.user(address, **more)
    await service.settle()
    await link(service, "verify", service.post.token(address, "verify_email"))
    return caller, login["user"]["id"], address


async def link(service: Service, call: str, token: str) -> int:
    """How a link is answered."""
    answer = await service.caller().post(f"/api/auth/email/{call}", json={"token": token})
    await service.settle()
    return answer.status_code


async def ask(service: Service, caller: Caller, address: str) -> str:
    """The token in the letter to the address that is asked for."""
    answer = await caller.update({"email": address})
    assert answer.status_code == 200, answer.text
    await service.settle()
    return service.post.token(address, "change_email")


async def opens(service: Service, address: str, password: str = PASSWORD) -> bool:
    """Whether address and password open a session."""
    return (await service.caller().log_in(address, password)).status_code == 200


# Feature: user-authentication, Property 25: For any user and any sequence of requests to change the address, the
# address that counts is the one last confirmed by a link that was sent to it, and no other opens the account.
@given(steps=st.lists(st.sampled_from(["ask", "confirm", "confirm an old one", "invent"]), max_size=6))
async def test_an_address_counts_once_confirmed(world: World, steps: list[str]) -> None:
    """Asking changes nothing, the newest link once sent counts once, and older or invented ones never."""
    service = confirming(world)
    caller, _, address = await someone(service)
    first, asked, tokens = address, [], []

    for step in steps:
        if step == "ask":
            asked.append(fresh_email())
            tokens.append(await ask(service, caller, asked[-1]))
        elif step == "confirm" and tokens:
            answer = await link(service, "change/confirm", tokens[-1])
            assert answer == (400 if address == asked[-1] else 200)
            address = asked[-1]
        elif step == "confirm an old one" and len(tokens) > 1:
            assert await link(service, "change/confirm", tokens[-2]) == 400
        else:
            assert await link(service, "change/confirm", f"{uuid.uuid4()}.{uuid.uuid4()}") == 400

    user = (await caller.profile()).json()["user"]
    waiting = [asked[-1]] if asked and asked[-1] != address else []
    assert (user["email"], user["emailVerified"]) == (address, True)
    assert [user[name] for name in ("pendingEmail",) if name in user] == waiting
    assert {known for known in {first, *asked} if await opens(service, known)} == {address}


# Feature: user-authentication, Property 26: For any confirmed address and any further changes in the seven days after
# a change, the link sent to the first address restores it, ends every session and the password, and leaves the other
# addresses free.
@given(changes=st.integers(1, 4), waiting=st.booleans(), waited=st.integers(0, 7 * DAY - 1000))
async def test_the_way_back_restores(world: World, changes: int, waiting: bool, waited: int) -> None:
    """However often the address was changed since, the first one is back, and whoever changed it is out."""
    service = confirming(world)
    caller, user_id, first = await someone(service)
    others = [fresh_email() for _ in range(changes)]
    for address in others:
        assert await link(service, "change/confirm", await ask(service, caller, address)) == 200
    token = service.post.token(first, "email_changed")
    last = await ask(service, caller, fresh_email()) if waiting else None
    start = service.clock.now
    service.clock.advance(waited)

    answer = await link(service, "change/undo", token)

    service.clock.now = start
    assert answer == 200
    assert (await caller.profile()).status_code == 401
    assert last is None or await link(service, "change/confirm", last) == 400
    assert (await service.caller().log_in(first)).status_code == 401
    await service.settle()
    chosen = await service.caller().reset(service.post.token(first, "reset_password"), "another horse battery")
    assert chosen.status_code == 200
    login = await service.caller().log_in(first, "another horse battery")
    assert (login.json()["user"]["id"], login.json()["user"]["email"]) == (user_id, first)
    taken = [(await service.caller().sign_up(address)).status_code for address in others]
    assert taken == [201] * changes


Step = Callable[[Service, Caller, str], Awaitable[Any]]


async def _rename(service: Service, caller: Caller, address: str) -> None:
    await caller.update({"name": f"{address} again", "bio": f"I am {address}"})


async def _fail(service: Service, caller: Caller, address: str) -> None:
    await service.caller().log_in(address, "wrong horse battery")


async def _log_in(service: Service, caller: Caller, address: str) -> None:
    await caller.log_in(address)


async def _log_out(service: Service, caller: Caller, address: str) -> None:
    other = service.caller()
    await other.log_in(address)
    await other.log_out()


async def _rotate(service: Service, caller: Caller, address: str) -> None:
    await caller.rotate()


async def _resend(service: Service, caller: Caller, address: str) -> None:
    await caller.post("/api/auth/email/resend", json={"email": address})


async def _forget(service: Service, caller: Caller, address: str) -> None:
    await caller.post("/api/auth/password/forgot", json={"email": address})


async def _change_password(service: Service, caller: Caller, address: str) -> None:
    for old, new in ((PASSWORD, OTHER), (OTHER, PASSWORD)):
        body = {"current_password": old, "password": new}
        answer = await caller.post("/api/auth/password/change", json=body, headers=caller.proof(None))
        assert answer.status_code == 200, answer.text


async def _name_a_token(service: Service, caller: Caller, address: str) -> None:
    body = {"name": f"of {address}"}
    answer = await caller.post("/api/auth/api-tokens", json=body, headers=caller.proof(None))
    assert answer.status_code in (201, 400), answer.text  # so many tokens and no more


async def _ask(service: Service, caller: Caller, address: str) -> None:
    await ask(service, caller, f"wanted.{address}")


async def _sign_up_again(service: Service, caller: Caller, address: str) -> None:
    await service.caller().sign_up(address)


STEPS: tuple[Step, ...] = (
    *(_rename, _fail, _log_in, _log_out, _rotate, _resend, _forget, _change_password, _name_a_token, _ask),
    _sign_up_again,
)


# Feature: user-authentication, Property 27: For any user, whatever they have done, deleting the account frees every
# address and leaves nothing in the store that holds their id, an address or a name of theirs.
@given(steps=st.lists(st.sampled_from(STEPS), max_size=6), moves=st.integers(0, 2))
async def test_deletion_leaves_nothing(world: World, steps: list[Step], moves: int) -> None:
    """Once the jobs are done, no row and no item tells that there was such a user."""
    service = confirming(world)
    name = f"Name of {uuid.uuid4()}"
    caller, user_id, address = await someone(service, name=name)
    addresses = [address]
    for _ in range(moves):
        addresses.append(fresh_email())
        assert await link(service, "change/confirm", await ask(service, caller, addresses[-1])) == 200
    for step in steps:
        await step(service, caller, addresses[-1])
    await service.settle()
    before = await world.depths.everything()

    headers = caller.proof(None)
    answer = await caller.post("/api/account/delete", json={"password": PASSWORD}, headers=headers)
    await service.settle()

    after = await world.depths.everything()
    assert answer.status_code == 200, answer.text
    assert user_id in before
    for trace in (user_id, name, *addresses):  # an address that was only asked for has one of them in it
        assert trace not in after
    assert service.post.last(addresses[-1]).template == "account_deleted"
    free = [(await service.caller().sign_up(one)).status_code for one in addresses]
    assert free == [201] * len(addresses)


# Feature: user-authentication, Property 28: For any number of sessions of a user, logging out everywhere with one of
# them ends them all in every process at once, and no session of anybody else.
@given(count=st.integers(1, 4), asking=st.integers(0, 3), by_cookie=st.booleans())
async def test_logging_out_everywhere_ends_all(world: World, count: int, asking: int, by_cookie: bool) -> None:
    """Every token is dead, whether it was shown by cookie or header, and a new login works."""
    address = fresh_email()
    assert (await world.caller().sign_up(address)).status_code == 201
    other, login = await world.user()
    callers = [world.caller() for _ in range(count)]
    tokens = [(await caller.log_in(address)).json()["token"] for caller in callers]
    chosen = asking % count

    headers = callers[chosen].proof(None if by_cookie else tokens[chosen])
    answer = await callers[chosen].post("/api/auth/logout-everywhere", headers=headers)

    assert answer.status_code == 200
    assert [(await world.caller().profile(token)).status_code for token in tokens] == [401] * count
    assert [(await world.beside().caller().profile(token)).status_code for token in tokens] == [401] * count
    assert (await other.profile(login["token"])).status_code == 200
    assert await opens(world, address)
