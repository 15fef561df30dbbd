"""What is left on the screen when nobody is signed in any more."""

from __future__ import annotations

from playwright.async_api import Route, expect

from tests.browser.visitor import Visitor
from tests.support.chromium import chromium

# Looks at what is on the screen in the first picture after a page has come back.
_WATCH_RETURN = """
addEventListener("pageshow", ({ persisted }) => requestAnimationFrame(() => {
  if (persisted) sessionStorage.setItem("returned", document.body.innerText);
}));
"""


async def test_back_after_logout_shows_the_login(visitor: Visitor) -> None:
    """Going back after a logout leads to the login page, by way of the service, and shows nothing private."""
    person = await visitor.settle_in()
    await visitor.press("Log out")
    await expect(visitor.page).to_have_url(f"{visitor.address}/login")
    await expect(visitor.page.get_by_text("You are logged out.")).to_be_visible()

    await visitor.page.evaluate("history.back()")

    await expect(visitor.page).to_have_url(f"{visitor.address}/login?next=%2Fprofile")
    await expect(visitor.button("Log in")).to_be_visible()
    assert person.email not in await visitor.page.content()


async def _kept_by_the_browser(route: Route) -> None:
    """As if the answer might be kept: the worst that a browser could do."""
    answer = await route.fetch(max_redirects=0)
    kept = {name: value for name, value in answer.headers.items() if name != "cache-control"}
    await route.fulfill(response=answer, headers=kept)


async def test_back_into_a_kept_page_shows_nothing_private(visitor: Visitor) -> None:
    """A profile that the browser has kept whole is empty from the first picture on if the session is gone."""
    await visitor.context.add_init_script(_WATCH_RETURN)
    await visitor.context.route("**/profile", _kept_by_the_browser)
    await visitor.context.route("**/api/profile", _kept_by_the_browser)
    person = await visitor.settle_in()
    # Without a channel open there is nothing that could have told the page while it was away.
    await visitor.page.evaluate("location.assign('/healthz')")
    await visitor.page.wait_for_url("**/healthz")
    await visitor.context.clear_cookies()

    await visitor.page.evaluate("history.back()")

    await expect(visitor.page).to_have_url(f"{visitor.address}/login?next=%2Fprofile")
    returned = await visitor.page.evaluate("sessionStorage.getItem('returned')")
    assert (returned is not None) is chromium().keeps_pages, "a page that is not kept shows nothing anyhow"
    assert person.email not in (returned or "")
    assert person.name not in (returned or "")


async def test_another_tab_notices(visitor: Visitor) -> None:
    """A logout in one tab ends the other at once: what was private is gone, and it asks to log in."""
    person = await visitor.settle_in()
    other = await visitor.another_tab("/profile")
    await expect(other.get_by_role("heading", level=1, name=person.name)).to_be_visible()

    await visitor.press("Log out")

    await expect(other.get_by_role("button", name="Log in")).to_be_visible()
    assert person.email not in await other.content()


async def test_a_session_that_ended_elsewhere_is_noticed_at_the_next_step(visitor: Visitor) -> None:
    """Saving with a dead session leads to the login, once, and from there back to where one was."""
    visitor.expect_trouble("401")
    person = await visitor.settle_in()
    token = next(c["value"] for c in await visitor.context.cookies() if c["name"] == "auth_token")
    await visitor.context.request.post(
        f"{visitor.address}/api/auth/logout", headers={"Authorization": f"Bearer {token}"}
    )
    await visitor.context.add_cookies([{"name": "auth_token", "value": token, "url": visitor.address}])
    await visitor.fill(bio="Too late")

    await visitor.press("Save changes")

    await expect(visitor.page).to_have_url(f"{visitor.address}/login?next=%2Fprofile")
    assert len(visitor.calls("/api/profile/update")) == 1
    await visitor.fill(email=person.email, password=person.password)
    await visitor.press("Log in")
    await expect(visitor.page.get_by_role("heading", level=1, name=person.name)).to_be_visible()


async def test_nothing_private_is_left_in_the_browser(visitor: Visitor) -> None:
    """After a logout neither cookies nor storage hold anything."""
    await visitor.settle_in()
    await visitor.press("Show token")
    await expect(visitor.button("Hide API token")).to_be_visible()
    await visitor.press("Replace token")
    await visitor.press("Replace the token")
    await expect(visitor.page.get_by_text("Your new token is ready.")).to_be_visible()

    await visitor.press("Log out")

    # The page that is left says so too, for the moment until the login page has come.
    await expect(visitor.page).to_have_url(f"{visitor.address}/login")
    await expect(visitor.page.get_by_text("You are logged out.")).to_be_visible()
    assert await visitor.context.cookies() == []
    left = "localStorage.length + sessionStorage.length + performance.getEntriesByType('navigation').length"
    assert await visitor.page.evaluate(left) == 1
    assert await visitor.page.evaluate("caches.keys()") == []
