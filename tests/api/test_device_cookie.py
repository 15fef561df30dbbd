"""A browser in which somebody has logged in before is not locked out by strangers' failures."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.support.clock import MINUTE
from tests.support.faulty import FaultyStore
from tests.support.service import EMAIL, HTTPS, JWT_SECRET, PASSWORD, Caller, Service, fresh_email, fresh_source
from wicketgate.stores.memory import MemoryStore

SPENT = 3
DAY = 24 * 60 * MINUTE


def house(**changes: Any) -> Service:
    """A service with few failures for an account, and fewer for a browser."""
    return Service(
        **{"device_cookie": "on", "account_limit_max_failures": SPENT, "device_limit_max_failures": 2, **changes}
    )


async def known(service: Service, address: str = EMAIL) -> Caller:
    """A browser in which somebody has logged in, and which they have logged out of."""
    browser, _ = await service.user(address)
    await browser.log_out()
    return moved(service, browser)


def moved(service: Service, browser: Caller, base_url: str = "http://service.example") -> Caller:
    """The browser with its cookies at another place, where no attempt has been counted yet."""
    other = service.caller(fresh_source(), base_url=base_url)
    other.cookies = browser.cookies
    return other


async def spend(service: Service, address: str = EMAIL) -> None:
    """Strangers fail until the account's limit is spent."""
    for _ in range(SPENT):
        assert (await service.caller(fresh_source()).log_in(address, "wrong password")).status_code == 401
    assert (await service.caller(fresh_source()).log_in(address)).status_code == 429


async def test_a_known_browser_is_let_in_while_strangers_are_not() -> None:
    """With the right password, that is; a stranger with the right password waits."""
    service = house()
    browser = await known(service)
    await spend(service)

    answer = await browser.log_in()

    assert answer.status_code == 200
    assert (await service.caller(fresh_source()).log_in()).status_code == 429


async def test_a_known_browser_has_failures_of_its_own() -> None:
    """When these are spent too it is a stranger like all others, until the window has moved on."""
    service = house()
    browser = await known(service)
    await spend(service)

    failed = [(await moved(service, browser).log_in(EMAIL, "wrong password")).status_code for _ in range(3)]
    refused = await moved(service, browser).log_in()
    service.clock.advance(15 * MINUTE)
    later = await moved(service, browser).log_in()

    assert failed == [401, 401, 429]
    assert (refused.status_code, later.status_code) == (429, 200)


async def test_its_failures_do_not_count_for_the_account() -> None:
    """Whoever mistypes in their own browser locks nobody out; what is more than its share counts for the account."""
    service = house()
    browser = await known(service)

    for _ in range(2 + SPENT):
        assert (await moved(service, browser).log_in(EMAIL, "wrong password")).status_code == 401

    assert (await service.caller(fresh_source()).log_in()).status_code == 429


async def test_its_own_share_alone_locks_nobody_out() -> None:
    """The account is as open as before to everybody else."""
    service = house()
    browser = await known(service)

    for _ in range(2):
        await moved(service, browser).log_in(EMAIL, "wrong password")
    for _ in range(SPENT - 1):
        await service.caller(fresh_source()).log_in(EMAIL, "wrong password")

    assert (await service.caller(fresh_source()).log_in()).status_code == 200


async def test_strangers_keep_nobody_from_acting_on_their_account() -> None:
    """Who is logged in, in a browser that is known, can prove their password while strangers have spent its limit."""
    service = house()
    browser, _ = await service.user(EMAIL)
    await spend(service)

    changed = await browser.change_password(PASSWORD, "another horse battery")
    password = {"password": "another horse battery"}
    deleted = await browser.post("/api/account/delete", json=password, headers=browser.proof(None))

    assert (changed.status_code, deleted.status_code) == (200, 200)


async def test_a_session_elsewhere_proves_nothing_more_than_its_own_share() -> None:
    """Whoever found an open screen has the browser's failures to spend and then those of the account."""
    service = house()
    browser, _ = await service.user(EMAIL)

    refused = [
        (await browser.change_password("wrong", "another horse battery")).status_code for _ in range(2 + SPENT + 1)
    ]

    assert refused == [400] * (2 + SPENT) + [429]


async def nothing(service: Service, mark: str) -> str:
    """The mark as it is."""
    return mark


async def of_another_account(service: Service, mark: str) -> str:
    """A good mark, for somebody else."""
    browser, _ = await service.user()
    return browser.cookies["device"]


async def forged(service: Service, mark: str) -> str:
    """The name and end of a good mark with another MAC."""
    return f"{mark.rpartition('.')[0]}.{'A' * 43}"


async def of_another_service(service: Service, mark: str) -> str:
    """A mark under another secret."""
    other = Service(device_cookie="on", jwt_secret="another secret that is long enough for production")
    return (await known(other)).cookies["device"]


async def over(service: Service, mark: str) -> str:
    """A mark of half a year ago."""
    service.clock.advance(180 * DAY)
    return mark


@pytest.mark.parametrize(
    ("make", "status"),
    [(nothing, 200), (of_another_account, 429), (forged, 429), (of_another_service, 429), (over, 429)],
)
async def test_any_other_mark_is_none(make: Callable[[Service, str], Awaitable[str]], status: int) -> None:
    """Forged, foreign, another account's or an old one: whoever brings it is a stranger."""
    service = house()
    mark = await make(service, (await known(service)).cookies["device"])
    await spend(service)

    answer = await service.caller(fresh_source(), headers={"Cookie": f"device={mark}"}).log_in()

    assert answer.status_code == status


async def test_marks_outlive_a_change_of_the_secret() -> None:
    """The previous secret verifies, as it does for sessions."""
    service = house()
    browser = await known(service)
    changed = service.beside(
        jwt_secret="a new secret that is long enough for production", jwt_secret_previous=JWT_SECRET
    )
    await spend(changed)

    assert (await moved(changed, browser).log_in()).status_code == 200


async def test_a_mark_stays_at_logout_and_is_new_at_each_login() -> None:
    """It is for the next login; and a browser is not followed about by one name."""
    service = house()
    browser, login = await service.user()
    first = browser.cookies["device"]
    await browser.log_out()
    kept = browser.cookies["device"]

    await browser.log_in(login["user"]["email"])

    assert kept == first
    assert browser.cookies["device"] != first


async def test_a_mark_opens_nothing() -> None:
    """It is no session and no password."""
    service = house()
    browser, login = await service.user()
    mark = browser.cookies["device"]
    with_it = service.caller(fresh_source(), headers={"Cookie": f"device={mark}; auth_token={mark}"})

    profile = await with_it.get("/api/profile")
    wrong = await with_it.log_in(login["user"]["email"], "wrong password")

    assert (profile.status_code, wrong.status_code) == (401, 401)
    assert "device" not in [cookie.partition("=")[0] for cookie in wrong.headers.get_list("set-cookie")]


async def test_a_mark_holds_no_address() -> None:
    """Neither the address nor the user's id."""
    service = house()
    browser, login = await service.user()

    mark = browser.cookies["device"]

    assert login["user"]["email"].partition("@")[0] not in mark
    assert login["user"]["id"] not in mark


async def test_the_plain_name_means_nothing_in_production() -> None:
    """A cookie that a sibling domain could have set is not looked at."""
    service = house(environment="production", public_url=HTTPS)
    browser = service.caller(fresh_source(), base_url=HTTPS)
    await browser.sign_up()
    await browser.log_in()
    mark = browser.cookies["__Host-device"]
    for _ in range(SPENT):
        await service.caller(fresh_source(), base_url=HTTPS).log_in(EMAIL, "wrong password")

    answers = [
        await service.caller(fresh_source(), base_url=HTTPS, headers={"Cookie": f"{name}={mark}"}).log_in()
        for name in ("device", "__Host-device")
    ]

    assert [answer.status_code for answer in answers] == [429, 200]


async def test_it_can_be_turned_off() -> None:
    """Without `DEVICE_COOKIE` none is set, and one of before is not looked at."""
    service = house()
    browser = await known(service)
    off = service.beside(device_cookie="off")
    await spend(off)

    refused = await moved(off, browser).log_in()
    elsewhere, _ = await off.user()

    assert refused.status_code == 429
    assert set(elsewhere.cookies) == {"auth_token", "csrf_token"}


async def test_a_login_costs_what_it_did() -> None:
    """With a mark as without: an attempt noted, and the user found. Its failures are looked at when they matter."""
    store = FaultyStore(MemoryStore())
    service = house_on(store)
    browser = await known(service)
    asked = []
    for caller, password in (
        (service.caller(fresh_source()), PASSWORD),
        (browser, PASSWORD),
        (service.caller(fresh_source()), "wrong password"),
        (moved(service, browser), "wrong password"),
    ):
        store.calls.clear()
        await caller.log_in(EMAIL, password)
        asked.append(list(store.calls))
        await service.settle()

    assert asked == [
        ["take", "find_guarded"],
        ["take", "find_guarded"],
        ["take", "find_guarded", "note_failure"],
        ["take", "find_guarded", "take"],
    ]


def house_on(store: FaultyStore) -> Service:
    """A service on this store that takes no notice of networks."""
    return Service(store, device_cookie="on", security_notices=("none",), account_limit_max_failures=SPENT)


@pytest.mark.parametrize("spent", [False, True])
async def test_a_mark_does_not_tell_who_exists(spent: bool) -> None:
    """With any cookie an address that nobody has is answered as one that somebody has, after the same work."""
    store = FaultyStore(MemoryStore())
    service = house_on(store)
    mark = (await known(service)).cookies["device"]
    _, login = await service.user()
    told = []

    for address in (login["user"]["email"], fresh_email()):
        for _ in range(SPENT if spent else 0):
            await service.caller(fresh_source()).log_in(address, "wrong password")
        store.calls.clear()
        answer = await service.caller(fresh_source(), headers={"Cookie": f"device={mark}"}).log_in(address, "wrong")
        headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
        told.append((answer.status_code, answer.text, headers, list(store.calls)))

    assert told[0] == told[1]
    assert told[0][0] == (429 if spent else 401)


async def test_a_mark_of_an_account_that_is_gone() -> None:
    """Whoever had the account is answered as for any address that nobody has, with failures of their own."""
    service = house()
    browser, login = await service.user()
    await service.store.delete(login["user"]["id"])

    answers = [await moved(service, browser).log_in(login["user"]["email"]) for _ in range(2)]

    assert {answer.status_code for answer in answers} == {401}
