"""From sign-up to logout."""

from __future__ import annotations

import platform
import re

from playwright.async_api import Page, expect

from tests.browser.chrome import running
from tests.browser.conftest import Arrive
from tests.browser.visitor import HAS_FOCUS, Account, Visitor, somebody
from tests.support.chromium import unpacked

TOKEN = re.compile(r"^wg_[\w-]{40,}$")


async def sign_up(visitor: Visitor, person: Account) -> None:
    """By the page."""
    await visitor.open("/signup")
    await visitor.fill(name=person.name, email=person.email, password=person.password)
    await visitor.press("Create account")
    await expect(visitor.page.get_by_role("heading", name=f"Welcome, {person.name}")).to_be_visible()


async def log_in(visitor: Visitor, person: Account) -> None:
    """By the page, which is open."""
    await visitor.fill(email=person.email, password=person.password)
    await visitor.press("Log in")
    await expect(visitor.page.get_by_role("heading", level=1, name=person.name)).to_be_visible()


async def whole_way(visitor: Visitor) -> None:
    """Everything that the pages are for, once."""
    person = somebody()
    page = visitor.page
    await sign_up(visitor, person)
    await page.get_by_role("link", name="Continue to log in").click()
    await log_in(visitor, person)
    await visitor.fill(name="Countess Lovelace", bio="Notes on\nthe engine")
    await visitor.press("Save changes")
    await expect(page.get_by_text("Your profile has been saved.")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("heading", level=1, name="Countess Lovelace")).to_be_visible()
    await expect(visitor.field("bio")).to_have_value("Notes on\nthe engine")
    await visitor.press("Log out")
    await expect(page).to_have_url(f"{visitor.address}/login")
    await expect(page.get_by_text("You are logged out.")).to_be_visible()


async def test_whole_way(arrive: Arrive, on_each_store: str) -> None:
    """On either store one can sign up, log in, change one's profile and log out, and is then nobody again."""
    visitor = await arrive(on_each_store)

    await whole_way(visitor)

    await visitor.open("/profile")
    await expect(visitor.page).to_have_url(f"{visitor.address}/login?next=%2Fprofile")


if (platform.system(), platform.machine()) == ("Linux", "x86_64"):  # npm has it for no other kind of machine

    async def test_in_the_browser_from_npm(on_sqlite: str) -> None:
        """The browser that is unpacked where the machine has none does the same."""
        async with running(unpacked()) as browser:
            visitor = await Visitor.arriving(await browser.new_context(), on_sqlite)

            await whole_way(visitor)

        assert visitor.complaints == []


async def _tab_to(page: Page, role: str, name: str) -> None:
    """Presses Tab until this has the focus, as often as a page of this size allows."""
    wanted = page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]
    for _ in range(15):
        await page.keyboard.press("Tab")
        if await wanted.evaluate(HAS_FOCUS):
            return
    raise AssertionError(f"Tab does not lead to {role} {name!r}")


async def test_by_keyboard_alone(visitor: Visitor) -> None:
    """Without a pointer one gets from the sign-up to the logout."""
    person = somebody()
    keys = visitor.page.keyboard
    await visitor.open("/signup")
    for label, text in {"Name (optional)": person.name, "Email": person.email, "Password": person.password}.items():
        await _tab_to(visitor.page, "textbox", label)
        await keys.type(text)
    await keys.press("Enter")
    await expect(visitor.page.get_by_role("status").filter(has_text="Account created")).to_be_focused()
    await _tab_to(visitor.page, "link", "Continue to log in")
    await keys.press("Enter")
    await expect(visitor.button("Log in")).to_be_visible()
    for label, text in {"Email": person.email, "Password": person.password}.items():
        await _tab_to(visitor.page, "textbox", label)
        await keys.type(text)
    await keys.press("Enter")
    await expect(visitor.page.get_by_role("heading", level=1, name=person.name)).to_be_visible()
    await _tab_to(visitor.page, "textbox", "Bio (optional)")
    await keys.type("By keyboard")
    await _tab_to(visitor.page, "button", "Save changes")
    await keys.press("Space")
    await expect(visitor.page.get_by_text("Your profile has been saved.")).to_be_visible()
    await visitor.page.reload()
    await visitor.page.get_by_role("heading", level=1, name=person.name).wait_for()
    await _tab_to(visitor.page, "button", "Log out")

    await keys.press("Enter")

    await expect(visitor.page).to_have_url(f"{visitor.address}/login")
    await expect(visitor.page.get_by_text("You are logged out.")).to_be_visible()


async def test_the_token_is_shown_on_demand_and_copied(arrive: Arrive, on_sqlite: str) -> None:
    """The API token is asked for by whoever wants to see it, once, is the one from the login, and hidden again."""
    visitor = await arrive(on_sqlite, permissions=["clipboard-read", "clipboard-write"])
    person = await visitor.settle_in()
    assert visitor.calls("/api/auth/api-token") == []

    await visitor.press("Show token")
    await expect(visitor.button("Hide API token")).to_be_focused()
    await visitor.press("Copy API token")

    await expect(visitor.page.get_by_role("status").filter(has_text="Copied")).to_be_attached()
    copied = await visitor.page.evaluate("navigator.clipboard.readText()")
    login = await visitor.context.request.post(
        f"{visitor.address}/api/auth/login", data={"email": person.email, "password": person.password}
    )
    assert copied == (await login.json())["api_token"]
    await expect(visitor.page.get_by_text(copied, exact=True)).to_be_visible()
    await visitor.press("Hide API token")
    await expect(visitor.page.get_by_text(TOKEN)).to_have_count(0)
    await visitor.press("Show API token")
    await expect(visitor.page.get_by_text(copied, exact=True)).to_be_visible()
    assert len(visitor.calls("/api/auth/api-token")) == 1


async def test_a_token_replaced_in_one_tab_is_dropped_in_the_other(visitor: Visitor) -> None:
    """Nobody copies a token that no longer works."""
    await visitor.settle_in()
    await visitor.press("Show token")
    old = visitor.page.get_by_text(TOKEN)
    await expect(old).to_be_visible()
    other = await visitor.another_tab("/profile")

    await other.get_by_role("button", name="Replace token").click()
    await other.get_by_role("button", name="Replace the token").click()

    await expect(visitor.button("Show token")).to_be_visible()
    await expect(old).to_have_count(0)


async def test_the_token_asks_before_it_is_replaced_and_can_be_shown_and_copied(
    arrive: Arrive, on_sqlite: str
) -> None:
    """A new API token is hidden, shown on demand and copied whole; the question in between can be declined by key."""
    visitor = await arrive(on_sqlite, permissions=["clipboard-read", "clipboard-write"])
    await visitor.settle_in()
    await visitor.press("Replace token")
    await expect(visitor.button("Cancel")).to_be_focused()
    await visitor.page.keyboard.press("Escape")
    await expect(visitor.button("Replace token")).to_be_focused()
    assert visitor.calls("/api/auth/api-token/rotate") == []
    await visitor.press("Replace token")
    await visitor.press("Replace the token")
    await expect(visitor.page.get_by_text("Your new token is ready.")).to_be_visible()
    await expect(visitor.page.get_by_text(TOKEN)).to_have_count(0)

    await visitor.press("Show API token")
    await visitor.press("Copy API token")

    await expect(visitor.page.get_by_role("status").filter(has_text="Copied")).to_be_attached()
    copied = await visitor.page.evaluate("navigator.clipboard.readText()")
    assert TOKEN.match(copied)
    await expect(visitor.page.get_by_text(copied, exact=True)).to_be_visible()
    verified = await visitor.context.request.get(
        f"{visitor.address}/api/auth/verify", headers={"Authorization": f"Bearer {copied}"}
    )
    assert verified.status == 200
