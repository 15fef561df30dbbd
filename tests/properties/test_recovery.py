"""Properties 21 to 24: forgotten passwords, and sign-ups that tell nothing."""

from __future__ import annotations

import asyncio

import httpx
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.properties.world import World
from tests.support import strategies as people
from tests.support.service import PASSWORD, Service, fresh_email, fresh_source, unique
from wicketgate.core.users import email_claim

NEW = "another horse battery"


async def forgotten(world: World, address: str) -> str:
    """The token of a link that has just been mailed."""
    assert (await world.caller().forget(address)).status_code == 200
    await world.settle()
    return world.post.token(people.normal_form(address), "reset_password")


def shown(answer: httpx.Response) -> tuple[int, str, dict[str, str]]:
    """All that an answer shows, but for the id of the request."""
    headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
    return answer.status_code, answer.text, headers


def before_the_job(calls: list[str]) -> list[str]:
    """The calls of the store up to the one that leaves the rest for later."""
    return calls[: calls.index("put_job") + 1]


# Feature: user-authentication, Property 21: For any link to reset a password and any number of attempts to use it, at
# once or one after another, exactly one attempt should succeed, and the password that it chose should be the only one
# that opens the account.
@given(passwords=st.lists(people.PASSWORDS, min_size=2, max_size=5, unique=True), at_once=st.booleans())
async def test_reset_links_work_once(world: World, passwords: list[str], at_once: bool) -> None:
    """Whoever comes first has chosen; everybody else is told that the link is over."""
    assume(PASSWORD not in passwords)
    address = fresh_email()
    assert (await world.caller().sign_up(address)).status_code == 201
    token = await forgotten(world, address)
    processes = [world, world.beside()]
    attempts = [processes[n % 2].caller(fresh_source()).reset(token, new) for n, new in enumerate(passwords)]

    answers = await asyncio.gather(*attempts) if at_once else [await attempt for attempt in attempts]

    assert sorted(answer.status_code for answer in answers) == [200] + [400] * (len(passwords) - 1)
    tried = [await world.caller().log_in(address, password) for password in (PASSWORD, *passwords)]
    assert [login.status_code for login in tried] == [401] + [
        200 if answer.status_code == 200 else 401 for answer in answers
    ]


# Feature: user-authentication, Property 22: For any address, asking for a link to reset its password should give the
# same answer after the same work whether or not the address has an account, and only an address that has one should
# receive a mail.
@given(address=people.addresses(), data=st.data())
async def test_forgotten_passwords_tell_nothing(world: World, address: str, data: st.DataObject) -> None:
    """Status, body and headers are equal, and so are the calls of the store before the answer."""
    known, unknown = unique(address), unique(address)
    assert (await world.caller().sign_up(known)).status_code == 201
    made: list[list[str]] = []
    answers: list[httpx.Response] = []

    for each in (known, unknown):
        world.faulty.calls.clear()
        answers.append(await world.broken.caller(fresh_source()).forget(data.draw(people.as_typed(each))))
        made.append(before_the_job(world.faulty.calls))
        await world.broken.settle()

    assert answers[0].status_code == 200
    assert shown(answers[0]) == shown(answers[1])
    assert made[0] == made[1]
    written_to = {letter.to for letter in world.broken.post.letters}
    assert people.normal_form(known) in written_to
    assert people.normal_form(unknown) not in written_to


# Feature: user-authentication, Property 23: For any user with any number of sessions, resetting the password should
# end every one of them in every process at once, and a session opened with the new password should be alive.
@given(sessions=st.integers(0, 5), password=people.PASSWORDS)
async def test_a_reset_ends_every_session(world: World, sessions: int, password: str) -> None:
    """Whoever was logged in when a password was forgotten is not any more."""
    assume(password != PASSWORD)
    address = fresh_email()
    assert (await world.caller().sign_up(address)).status_code == 201
    tokens = [(await world.caller().log_in(address)).json()["token"] for _ in range(sessions)]
    token = await forgotten(world, address)

    assert (await world.caller().reset(token, password)).status_code == 200

    anew = (await world.caller().log_in(address, password)).json()["token"]
    for process in (world, world.beside()):
        assert [(await process.caller().profile(dead)).status_code for dead in tokens] == [401] * sessions
        assert (await process.caller().profile(anew)).status_code == 200


async def mailed(service: Service, address: str) -> list[str]:
    """The templates of the mails to an address, once all is done."""
    await service.settle()
    return [letter.template for letter in service.post.letters if letter.to == people.normal_form(address)]


# Feature: user-authentication, Property 24: For any address, where addresses are confirmed before the first login, a
# sign-up should give the same answer after the same work whether or not the address has an account; the account that
# there is should not change, and only mail to the address should tell the difference.
@given(address=people.addresses(), password=people.PASSWORDS, confirmed=st.booleans())
async def test_confirmed_sign_ups_tell_nothing(world: World, address: str, password: str, confirmed: bool) -> None:
    """Status, body and headers are equal, and so are the calls of the store before the answer."""
    assume(password != PASSWORD)
    taken, free = unique(address), unique(address)
    assert (await world.caller().sign_up(taken)).status_code == 201
    if confirmed:
        assert (await world.caller().reset(await forgotten(world, taken), PASSWORD)).status_code == 200
    owner = await world.store.find(email_claim(people.normal_form(taken)))
    confirming = world.broken.beside(email_verification="required")
    made: list[list[str]] = []
    answers: list[httpx.Response] = []

    for each in (taken, free):
        world.faulty.calls.clear()
        answers.append(await confirming.caller(fresh_source()).sign_up(each, password))
        made.append(before_the_job(world.faulty.calls))
        await confirming.settle()

    assert answers[0].status_code == 201
    assert shown(answers[0]) == shown(answers[1])
    assert made[0] == made[1]
    assert await mailed(confirming, free) == ["verify_email"]
    assert await mailed(confirming, taken) == ["signup_taken" if confirmed else "verify_email"]
    now = await world.store.find(email_claim(people.normal_form(taken)))
    assert owner is not None
    assert now is not None
    assert (now.id, now.private["passwordHash"]) == (owner.id, owner.private["passwordHash"])
