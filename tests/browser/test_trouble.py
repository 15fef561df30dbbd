"""Limits, a service in trouble, and no network: each is said, and each is recovered from."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.async_api import expect

from tests.browser.conftest import Arrive
from tests.browser.services import service_on_dynamodb, service_on_sqlite
from tests.browser.states import LOGIN, LOGOUT, PROFILE, UPDATE
from tests.browser.visitor import Visitor, somebody
from tests.support.dynamodb.proxy import proxy_before, status


async def test_a_limit_is_counted_down_and_then_over(arrive: Arrive, tmp_path: Path) -> None:
    """After too many attempts the form says how long to wait, sends nothing meanwhile, and works again afterwards."""
    async with service_on_sqlite(tmp_path, RATE_LIMIT_MAX_REQUESTS="1", RATE_LIMIT_WINDOW_MS="4000") as address:
        visitor = await arrive(address)
        visitor.expect_trouble("401", "429")
        person = somebody()
        await visitor.sign_up(person)
        await visitor.open("/login")
        await visitor.fill(email=person.email, password="not the password")
        await visitor.press("Log in")
        await expect(visitor.alert("Invalid credentials")).to_be_visible()
        await visitor.fill(password=person.password)
        await visitor.press("Log in")
        await expect(visitor.page.get_by_role("timer")).to_have_text(re.compile(r"You can try again in [1-4] s\."))
        await expect(visitor.button("Log in")).to_be_disabled()
        await visitor.field("password").press("Enter")
        await expect(visitor.page.get_by_text("You can try again now.")).to_be_visible()
        assert len(visitor.calls(LOGIN)) == 2

        await visitor.press("Log in")

        await expect(visitor.page.get_by_role("heading", level=1, name=person.name)).to_be_visible()


async def test_a_store_out_of_reach_is_said_and_recovered_from(
    arrive: Arrive, tmp_path: Path, dynamodb_local: str
) -> None:
    """Without its database the service still shows its pages, says what is wrong, and goes on when it is back."""
    async with proxy_before(dynamodb_local) as proxy, service_on_dynamodb(tmp_path, proxy.endpoint) as address:
        visitor = await arrive(address)
        visitor.expect_trouble("503")
        person = await visitor.settle_in()
        proxy.always = status(503)
        await visitor.page.reload()
        await expect(visitor.alert("An error occurred")).to_be_visible(timeout=40_000)
        proxy.always = None

        await visitor.press("Try again")

        await expect(visitor.page.get_by_role("heading", level=1, name=person.name)).to_be_visible()


async def test_a_login_that_cannot_be_answered_is_not_repeated_by_itself(visitor: Visitor) -> None:
    """A 503 to a login is shown at once; the person decides, and then it works."""
    visitor.expect_trouble("503")
    person = somebody()
    await visitor.sign_up(person)
    back_to_normal = await visitor.answering(LOGIN, 503)
    await visitor.open("/login")
    await visitor.fill(email=person.email, password=person.password)
    await visitor.press("Log in")
    await expect(visitor.alert("An error occurred, please try again")).to_be_visible()
    assert len(visitor.calls(LOGIN)) == 1
    await back_to_normal()

    await visitor.press("Log in")

    await expect(visitor.page.get_by_role("heading", level=1, name=person.name)).to_be_visible()


async def test_a_lost_network_is_said_and_nothing_typed_is_lost(visitor: Visitor) -> None:
    """Without a connection the form says so and keeps what was typed; with one, the same form works."""
    visitor.expect_trouble("ERR_INTERNET_DISCONNECTED")
    person = somebody()
    await visitor.sign_up(person)
    await visitor.open("/login")
    await visitor.fill(email=person.email, password=person.password)
    await visitor.context.set_offline(True)
    await visitor.press("Log in")
    await expect(
        visitor.alert("The server could not be reached. Check your connection and try again.")
    ).to_be_visible()
    await visitor.context.set_offline(False)

    await visitor.press("Log in")

    await expect(visitor.page.get_by_role("heading", level=1, name=person.name)).to_be_visible()


async def test_a_short_trouble_is_not_even_noticed(visitor: Visitor) -> None:
    """A change that is safe to repeat is repeated: one 503 in between ends in the confirmation."""
    visitor.expect_trouble("503")
    await visitor.settle_in()
    back_to_normal = await visitor.answering(UPDATE, 503)
    await visitor.fill(bio="Third time lucky")
    async with visitor.page.expect_response(visitor.address + UPDATE):
        await visitor.press("Save changes")

    await back_to_normal()

    await expect(visitor.page.get_by_text("Your profile has been saved.")).to_be_visible()
    assert len(visitor.calls(UPDATE)) >= 2


async def test_a_profile_that_cannot_be_loaded_waits_for_the_network(visitor: Visitor) -> None:
    """When the network is lost while the profile loads, the page says so and tries again on request."""
    visitor.expect_trouble("ERR_FAILED")
    person = somebody()
    await visitor.sign_up(person)
    await visitor.log_in(person)
    await visitor.context.route(f"{visitor.address}{PROFILE}", lambda route: route.abort())
    await visitor.open("/profile")
    await expect(visitor.alert("The server could not be reached.")).to_be_visible()
    await visitor.context.unroute(f"{visitor.address}{PROFILE}")

    await visitor.press("Try again")

    await expect(visitor.page.get_by_role("heading", level=1, name=person.name)).to_be_visible()


async def test_a_logout_that_failed_says_so(visitor: Visitor) -> None:
    """Nobody is told that they are logged out while the service has not said so, and the second attempt works."""
    visitor.expect_trouble("503")
    await visitor.settle_in()
    back_to_normal = await visitor.answering(LOGOUT, 503)
    await visitor.press("Log out")
    await expect(visitor.alert("An error occurred")).to_be_visible()
    await expect(visitor.page.get_by_text("You are logged out.")).to_have_count(0)
    await back_to_normal()

    await visitor.press("Log out")

    await expect(visitor.page.get_by_text("You are logged out.")).to_be_visible()
