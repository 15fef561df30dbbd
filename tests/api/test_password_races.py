"""Several who change one account's password at once, on the stores that people use."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.support.dynamodb_local import fresh_dynamodb_store
from tests.support.service import EMAIL, PASSWORD, Service, fresh_source
from wicketgate.core.ports import Store
from wicketgate.core.users import email_claim
from wicketgate.stores.sqlite import SqliteStore

MANY = 8
NEW = [f"another horse {number}" for number in range(MANY)]


@pytest.fixture(params=["sqlite", "dynamodb"])
async def service(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Service]:
    """A service without limits on an empty store of each kind."""
    store: Store
    if request.param == "sqlite":
        store = SqliteStore(tmp_path / "users.db")
    else:
        store = await fresh_dynamodb_store(request.getfixturevalue("dynamodb_local"))
    made = Service(
        store,
        rate_limit_max_requests=0,
        account_limit_max_failures=0,
        mail_limit_max_requests=0,
        mail_limit_per_address=0,
        link_limit_max_requests=0,
    )
    yield made
    await made.settle()
    await made.app.stop()


async def forgotten(service: Service) -> str:
    """The token of a link that has just been mailed."""
    await service.caller(fresh_source()).forget()
    await service.settle()
    return service.post.token(EMAIL, "reset_password")


async def opening(service: Service, *passwords: str) -> list[str]:
    """Those of the passwords that open the account."""
    answers = [await service.caller(fresh_source()).log_in(EMAIL, password) for password in passwords]
    return [password for password, answer in zip(passwords, answers, strict=True) if answer.status_code == 200]


def chosen(answers: list[httpx.Response]) -> list[str]:
    """The new passwords whose choice was answered with success."""
    return [password for password, answer in zip(NEW, answers, strict=True) if answer.status_code == 200]


async def test_resets_with_one_link(service: Service) -> None:
    """Of several who use one link at once, in two processes, exactly one has chosen the password."""
    await service.user(EMAIL)
    token = await forgotten(service)
    processes = [service, service.beside()]

    answers = await asyncio.gather(
        *(processes[number % 2].caller(fresh_source()).reset(token, NEW[number]) for number in range(MANY))
    )

    assert sorted(answer.status_code for answer in answers) == [200] + [400] * (MANY - 1)
    assert await opening(service, PASSWORD, *NEW) == chosen(answers)


async def test_a_reset_while_logins_renew_the_hash(service: Service) -> None:
    """A renewed hash never brings the old password back, and no session that it opened outlives the reset."""
    await service.user(EMAIL)
    token = await forgotten(service)
    dearer = service.beside(bcrypt_cost=5)

    reset, *logins = await asyncio.gather(
        dearer.caller(fresh_source()).reset(token, NEW[0]),
        *(dearer.caller(fresh_source()).log_in(EMAIL, PASSWORD) for _ in range(MANY)),
    )

    assert reset.status_code == 200
    assert await opening(service, PASSWORD, NEW[0]) == [NEW[0]]
    tokens = [login.json()["token"] for login in logins if login.status_code == 200]
    assert [(await service.caller().profile(token)).status_code for token in tokens] == [401] * len(tokens)


async def test_a_change_while_the_password_is_reset(service: Service) -> None:
    """Of a change and a reset at once one succeeds, and its password is the one that counts."""
    for _ in range(4):
        await service.store.delete(await known(service))
        caller, _ = await service.user(EMAIL)
        token = await forgotten(service)

        answers = list(
            await asyncio.gather(
                caller.change_password(PASSWORD, NEW[0]), service.caller(fresh_source()).reset(token, NEW[1])
            )
        )

        statuses = tuple(answer.status_code for answer in answers)
        assert statuses in [(200, 400), (401, 200)]
        assert await opening(service, PASSWORD, *NEW[:2]) == [NEW[statuses.index(200)]]


async def known(service: Service) -> str:
    """The id of whoever has the address, if anybody does."""
    record = await service.store.find(email_claim(EMAIL))
    return record.id if record else "nobody"


async def test_changes_at_once(service: Service) -> None:
    """Of several changes with one session one is made; the others learn that the session has ended."""
    _, login = await service.user(EMAIL)

    answers = await asyncio.gather(
        *(service.caller(fresh_source()).change_password(PASSWORD, new, login["token"]) for new in NEW)
    )

    assert sorted(answer.status_code for answer in answers) == [200] + [401] * (MANY - 1)
    assert await opening(service, PASSWORD, *NEW) == chosen(answers)
    (token,) = [answer.json()["token"] for answer in answers if answer.status_code == 200]
    assert (await service.caller().profile(token)).status_code == 200


async def test_a_change_while_logins_renew_the_hash(service: Service) -> None:
    """A hash that is renewed at the same moment is no obstacle to the change, and is not what counts after it."""
    caller, _ = await service.user(EMAIL)
    dearer = service.beside(bcrypt_cost=5)

    change, *_ = await asyncio.gather(
        caller.change_password(PASSWORD, NEW[0]),
        *(dearer.caller(fresh_source()).log_in(EMAIL, PASSWORD) for _ in range(MANY)),
    )

    assert change.status_code == 200
    assert await opening(service, PASSWORD, NEW[0]) == [NEW[0]]


async def test_sign_ups_that_are_answered_alike(service: Service) -> None:
    """Of several who sign up with one address at once one gets the account; every answer is the same."""
    confirming = [service.beside(email_verification="required", signup_limit_max_requests=0) for _ in range(2)]

    answers = await asyncio.gather(
        *(confirming[number % 2].caller(fresh_source()).sign_up(EMAIL, NEW[number]) for number in range(MANY))
    )
    await asyncio.gather(*(process.settle() for process in confirming))

    assert {(answer.status_code, answer.text) for answer in answers} == {(201, answers[0].text)}
    assert {letter.template for process in confirming for letter in process.post.letters} == {"verify_email"}
    assert len(await opening(service, *NEW)) == 1
