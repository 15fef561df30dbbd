"""Where a login leads."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from playwright.async_api import expect

from tests.browser.visitor import Account, Visitor, somebody

ELSEWHERE = [
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    "/.//evil.example",
    "/a/..//evil.example",
    "@evil.example",
    ".evil.example",
]


async def _log_in(visitor: Visitor, person: Account) -> None:
    await visitor.fill(email=person.email, password=person.password)
    await visitor.press("Log in")


@pytest.mark.parametrize("target", ELSEWHERE)
async def test_a_login_never_leads_elsewhere(visitor: Visitor, target: str) -> None:
    """Whatever another site writes into `next`, the login leads to the profile, and no other site is asked."""
    person = somebody()
    await visitor.sign_up(person)
    await visitor.open(f"/login?next={quote(target, safe='')}")

    await _log_in(visitor, person)

    await expect(visitor.page).to_have_url(f"{visitor.address}/profile")


@pytest.mark.parametrize("target", ELSEWHERE[:3])
async def test_someone_who_is_logged_in_is_not_led_elsewhere_either(visitor: Visitor, target: str) -> None:
    """With a session the service itself answers, and leads to the profile."""
    await visitor.settle_in()

    await visitor.open(f"/login?next={quote(target, safe='')}")

    assert visitor.page.url == f"{visitor.address}/profile"


@pytest.mark.parametrize("target", ["/docs", "/docs?a=b&c=%2Fd", "/profile#bio"])
async def test_a_login_leads_on(visitor: Visitor, target: str) -> None:
    """A `next` on this site is followed, with its query and its fragment."""
    person = somebody()
    await visitor.sign_up(person)
    await visitor.open(f"/login?next={quote(target, safe='')}")

    await _log_in(visitor, person)

    await expect(visitor.page).to_have_url(visitor.address + target)


async def test_the_way_on_survives_a_sign_up(visitor: Visitor) -> None:
    """Who has no account yet comes by sign-up and login to where they wanted to go."""
    person = somebody()
    await visitor.open("/login?next=%2Fdocs")
    await visitor.page.get_by_role("link", name="Create an account").click()
    await visitor.fill(email=person.email, password=person.password)
    await visitor.press("Create account")
    await visitor.page.get_by_role("link", name="Continue to log in").click()
    await expect(visitor.button("Log in")).to_be_visible()

    await _log_in(visitor, person)

    await expect(visitor.page).to_have_url(f"{visitor.address}/docs")


async def test_the_profile_asks_for_a_login_before_anything_is_sent(visitor: Visitor) -> None:
    """Without a session the profile is answered with a redirect, not with a page that finds out later."""
    answer = await visitor.context.request.get(f"{visitor.address}/profile", max_redirects=0)

    assert (answer.status, answer.headers["location"]) == (303, "/login?next=%2Fprofile")


async def test_the_start_leads_to_login_or_profile(visitor: Visitor) -> None:
    """`/` is the login for a stranger and the profile for someone who is logged in."""
    await visitor.open("/")
    assert visitor.page.url == f"{visitor.address}/login"
    await visitor.settle_in()

    await visitor.open("/")

    assert visitor.page.url == f"{visitor.address}/profile"
