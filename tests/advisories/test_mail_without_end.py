"""One session had any address written to without end, by moving the account there and away again.

Where addresses count at once the old one is told of each change, and nothing counted these letters. A deletion, which
tells the address as well, cost no more than the sign-up before it. Both are counted now as other calls are that send
mail: by source. Not by address: a thief would spend what an address may get, to keep the warning from its owner.
"""

from __future__ import annotations

import httpx
import pytest

from tests.support.service import EMAIL, PASSWORD, Service, bearer, fresh_email, fresh_source
from wicketgate.core.ports import Store

THEIRS = "mallory@example.com"
WINDOW = 900_000


def _told(service: Service, address: str, template: str) -> int:
    """How many letters of this kind an address got."""
    return len([letter for letter in service.post.letters if (letter.to, letter.template) == (address, template)])


def _refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.headers["retry-after"]


async def test_moving_to_and_fro_is_limited(store: Store) -> None:
    """A source that has had enough mail sent is refused with the time to wait, and the address stays."""
    service = Service(store, mail_limit_max_requests=4)
    _, login = await service.user(THEIRS)
    mallory = service.caller(fresh_source())

    tried = [(EMAIL, "a"), (THEIRS, "b"), (EMAIL, "c"), (THEIRS, "d"), (EMAIL, "e"), (EMAIL, "f")]
    answers = []
    for address, name in tried:
        answers.append(await mallory.update({"email": address, "name": name}, login["token"]))
        await service.settle()

    assert [answer.status_code for answer in answers[:4]] == [200] * 4
    assert [_refused(answer) for answer in answers[4:]] == [(429, str(WINDOW // 1000))] * 2
    assert (_told(service, EMAIL, "email_changed"), _told(service, THEIRS, "email_changed")) == (2, 2)
    shown = (await mallory.profile(login["token"])).json()["user"]
    assert (shown["email"], shown["name"]) == (THEIRS, "d")


async def test_many_addresses_are_limited(store: Store) -> None:
    """It is the source that counts, whatever addresses it moves to, and whoever has asked before."""
    service = Service(store, mail_limit_max_requests=4)
    _, login = await service.user(THEIRS)
    mallory = service.caller(fresh_source())
    await mallory.forget(EMAIL)

    answers = [await mallory.update({"email": fresh_email()}, login["token"]) for _ in range(5)]

    assert [answer.status_code for answer in answers] == [200] * 3 + [429] * 2


async def test_the_limit_of_an_address_silences_no_warning(store: Store) -> None:
    """The owner hears of a change although somebody has spent what their address may get."""
    service = Service(store, mail_limit_per_address=1)
    _, login = await service.user(EMAIL)
    for _ in range(3):
        await service.caller(fresh_source()).forget(EMAIL)
    await service.settle()

    answer = await service.caller(fresh_source()).update({"email": THEIRS}, login["token"])

    await service.settle()
    assert answer.status_code == 200
    assert _told(service, EMAIL, "email_changed") == 1


async def test_the_limit_is_over_some_time(store: Store) -> None:
    """Once the window has passed the account moves again."""
    service = Service(store, mail_limit_max_requests=1)
    _, login = await service.user(THEIRS)
    mallory = service.caller(fresh_source())
    first = [await mallory.update({"email": fresh_email()}, login["token"]) for _ in range(2)]
    service.clock.advance(WINDOW)

    answer = await mallory.update({"email": EMAIL}, login["token"])

    assert [each.status_code for each in (*first, answer)] == [200, 429, 200]


@pytest.mark.parametrize("changes", [{"mail": False}, {"security_notices": ("password",)}])
async def test_a_change_that_nobody_is_told_of_is_not_counted(store: Store, changes: dict[str, object]) -> None:
    """Without a letter there is nothing to limit."""
    service = Service(store, mail_limit_max_requests=1, **changes)  # type: ignore[arg-type]
    caller, _ = await service.user(THEIRS)

    answers = [await caller.update({"email": fresh_email()}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200] * 3


async def test_deletions_are_limited(store: Store) -> None:
    """Accounts that come and go write to their address as often as a source may have mail sent; then they stay."""
    service = Service(store, mail_limit_max_requests=2)
    mallory = service.caller(fresh_source())
    answers = []
    for _ in range(3):
        _, login = await service.user(EMAIL)
        body = {"password": PASSWORD}
        answers.append(await mallory.post("/api/account/delete", json=body, headers=bearer(login["token"])))
        await service.settle()

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert _refused(answers[2]) == (429, str(WINDOW // 1000))
    assert _told(service, EMAIL, "account_deleted") == 2
    assert (await mallory.profile(login["token"])).status_code == 200


async def test_wrong_passwords_count_as_no_mail(store: Store) -> None:
    """A deletion that is refused for its password writes to nobody."""
    service = Service(store, mail_limit_max_requests=1)
    caller, _ = await service.user(EMAIL)

    answers = [
        await caller.post("/api/account/delete", json={"password": password}, headers=caller.proof(None))
        for password in ("wrong horse battery", "wrong horse battery", PASSWORD)
    ]

    assert [answer.status_code for answer in answers] == [400, 400, 200]


async def test_without_mail_deletions_are_not_counted(store: Store) -> None:
    """Without a letter there is nothing to limit."""
    service = Service(store, mail=False, mail_limit_max_requests=1)
    caller = service.caller(fresh_source())
    answers = []
    for _ in range(3):
        _, login = await service.user(EMAIL)
        body = {"password": PASSWORD}
        answers.append(await caller.post("/api/account/delete", json=body, headers=bearer(login["token"])))

    assert [answer.status_code for answer in answers] == [200] * 3
