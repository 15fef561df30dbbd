"""What users are told by mail about their own accounts."""

from __future__ import annotations

import pytest

from tests.support.faulty import FaultyStore
from tests.support.service import EMAIL, PASSWORD, Caller, Service, fresh_source
from wicketgate.core.errors import MailRefused
from wicketgate.stores.memory import MemoryStore

HOME, NEIGHBOUR, AWAY = "203.0.113.7", "203.0.113.99", "198.51.100.7"
NOTED_FOR = {"edit": "background_failed", "put_job": "notice_lost", "get": "job_failed"}
FIREFOX = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"}


async def signed_up(service: Service) -> None:
    """An account that has never been logged in to."""
    assert (await service.caller(fresh_source()).sign_up(EMAIL)).status_code == 201


async def log_in(service: Service, source: str) -> Caller:
    """A login in a browser that was never used before."""
    caller = service.caller(source, headers=FIREFOX)
    answer = await caller.log_in(EMAIL)
    assert answer.status_code == 200, answer.text
    await service.settle()
    return caller


def templates(service: Service) -> list[str]:
    """The templates of all mail that was sent."""
    return [letter.template for letter in service.post.letters]


async def test_a_sign_in_from_an_unknown_network_is_told(service: Service) -> None:
    """Not the first of all, not one from a known network, and each other once."""
    await signed_up(service)

    for source in (HOME, NEIGHBOUR, AWAY, HOME, AWAY):
        await log_in(service, source)

    (letter,) = service.post.letters
    assert (letter.to, letter.template) == (EMAIL, "new_sign_in")
    assert letter.values == {
        "network": "198.51.100.0/24",
        "time": "17 March 2030, 17:46 UTC",
        "device": "Firefox on Linux",
    }
    assert [line["detail"] for line in service.events("new_sign_in")] == ["Firefox on Linux"]


async def test_a_known_browser_is_not_told_of() -> None:
    """Somebody who travels with their laptop gets no mail."""
    service = Service(device_cookie="on")
    await signed_up(service)
    browser = await log_in(service, HOME)
    away = service.caller(AWAY)
    away.cookies = browser.cookies

    answer = await away.log_in(EMAIL)
    await service.settle()

    assert answer.status_code == 200
    assert templates(service) == []


async def test_without_device_cookies_only_networks_are_known() -> None:
    """Then a browser that is carried about is news."""
    service = Service(device_cookie="off")
    await signed_up(service)
    browser = await log_in(service, HOME)
    away = service.caller(AWAY)
    away.cookies = browser.cookies

    await away.log_in(EMAIL)
    await service.settle()

    assert templates(service) == ["new_sign_in"]


@pytest.mark.parametrize("settings", [{"security_notices": ("password",)}, {"mail": False}])
async def test_nothing_is_stored_while_it_is_off(settings: dict[str, object]) -> None:
    """Without the notice, or without mail, a login writes nothing about where it came from."""
    store = FaultyStore(MemoryStore())
    service = Service(store, **settings)  # type: ignore[arg-type]
    await signed_up(service)

    for source in (HOME, AWAY):
        await log_in(service, source)

    assert "edit" not in store.calls
    assert templates(service) == []


async def test_a_login_from_a_known_network_costs_nothing_more() -> None:
    """An attempt noted, the user found, and nothing after the answer either."""
    store = FaultyStore(MemoryStore())
    service = Service(store, device_cookie="on")
    await signed_up(service)
    await log_in(service, HOME)
    store.calls.clear()

    await log_in(service, NEIGHBOUR)

    assert store.calls == ["take", "find_guarded"]


@pytest.mark.parametrize("failing", ["edit", "put_job", "get"])
async def test_a_store_that_fails_fails_no_login(failing: str) -> None:
    """Whoever logs in is in; what could not be remembered or told is in the log."""
    store = FaultyStore(MemoryStore())
    service = Service(store, device_cookie="on")
    await signed_up(service)
    await log_in(service, HOME)
    store.failing = {failing}

    await log_in(service, AWAY)

    assert templates(service) == []
    assert [line["event"] for line in service.lines if line["event"] in NOTED_FOR.values()] == [NOTED_FOR[failing]]


async def test_a_changed_password_is_told(service: Service) -> None:
    """By mail to the owner, whoever did it."""
    await signed_up(service)
    caller = await log_in(service, HOME)
    change = {"current_password": PASSWORD, "password": "another horse battery"}

    answer = await caller.post("/api/auth/password/change", json=change, headers=caller.proof(None))
    await service.settle()

    assert answer.status_code == 200, answer.text
    assert templates(service) == ["password_changed"]


async def test_a_new_token_is_told(service: Service) -> None:
    """Rotation makes one."""
    await signed_up(service)
    caller = await log_in(service, HOME)

    await caller.rotate()
    await service.settle()

    assert service.post.last(EMAIL).template == "api_token_created"
    assert service.post.last(EMAIL).values == {"name": "API token"}


async def test_notices_can_be_turned_off() -> None:
    """Each by its own name, all of them by `none`."""
    service = Service(security_notices=("none",))
    await signed_up(service)
    caller = await log_in(service, HOME)

    await caller.rotate()
    await log_in(service, AWAY)

    assert templates(service) == []


async def test_a_notice_outlives_a_mail_server_that_is_down(service: Service) -> None:
    """It is sent when the server is back, once."""
    await signed_up(service)
    caller = await log_in(service, HOME)
    service.post.fault = MailRefused("busy")
    await caller.rotate()
    await service.settle()
    service.post.fault = None
    service.clock.advance(60_000)

    done = await service.app.outbox.do_due()

    assert done == 1
    assert templates(service) == ["api_token_created"]
