"""An account's whole life, in a real browser over a real service that sends mail."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.account_states import (
    DELETE,
    change_asked,
    change_email,
    new_token_form,
    reset_password,
    security,
    undo_email_done,
    verify_email,
)
from tests.browser.conftest import Arrive
from tests.browser.services import MailedService, service_with_mail, service_without_mail
from tests.browser.visitor import HAS_FOCUS, Account, Visitor, somebody
from tests.support.service import fresh_email

NEW_PASSWORD = "seven loud marigolds"
LINKS = {
    "/reset-password": "/api/auth/password/reset",
    "/verify-email": "/api/auth/email/verify",
    "/change-email": "/api/auth/email/change/confirm",
    "/undo-email": "/api/auth/email/change/undo",
}


async def _log_in(visitor: Visitor, email: str, password: str) -> None:
    await visitor.open("/login")
    await visitor.fill(email=email, password=password)
    await visitor.press("Log in")


async def _at_profile(visitor: Visitor, person: Account) -> None:
    await expect(visitor.page.get_by_role("heading", level=1, name=person.name)).to_be_visible()


async def test_signing_up_where_the_address_is_confirmed_first(arrive: Arrive, tmp_path: Path) -> None:
    """Nobody gets in before the link was opened and its button pressed; a taken address is answered the same way."""
    async with service_with_mail(tmp_path, EMAIL_VERIFICATION="required") as service:
        visitor, person = await arrive(service.address), somebody()
        visitor.expect_trouble("403")
        said = await _signed_up(visitor, person)
        await _log_in(visitor, person.email, person.password)
        await expect(visitor.alert("Please confirm your email address first")).to_be_visible()
        await visitor.press("Send the link again")
        await expect(visitor.page.get_by_text("If the address is waiting")).to_be_visible()

        await visitor.open(await service.letters.link(person.email, "verify_email", number=3))
        await visitor.press("Confirm my address")
        await expect(visitor.page.get_by_text("Your address is confirmed.")).to_be_visible()
        await _log_in(visitor, person.email, person.password)
        await _at_profile(visitor, person)

        assert await _signed_up(await arrive(service.address), person) == said
        assert await service.letters.link(person.email, "signup_taken") == "/forgot-password"


async def _signed_up(visitor: Visitor, person: Account) -> str:
    """What the page says to a sign-up, by which nobody learns whether the address was taken."""
    await visitor.open("/signup")
    await visitor.fill(name=person.name, email=person.email, password=person.password)
    await visitor.press("Create account")
    await expect(visitor.page.get_by_role("heading", name="Check your email")).to_be_visible()
    return await visitor.page.inner_text("main")


async def test_a_forgotten_password(arrive: Arrive, with_mail: MailedService) -> None:
    """By the link in the mail another password is chosen; the old one counts no more, and the link is used up."""
    visitor = await arrive(with_mail.address)
    visitor.expect_trouble("400", "401")
    person = await reset_password(visitor, with_mail.letters)
    await visitor.fill(password=NEW_PASSWORD)
    await visitor.press("Save the new password")
    await visitor.page.get_by_role("link", name="Go to login").click()
    await visitor.fill(email=person.email, password=person.password)
    await visitor.press("Log in")
    await expect(visitor.alert("Invalid credentials")).to_be_visible()
    await visitor.fill(password=NEW_PASSWORD)
    await visitor.press("Log in")
    await _at_profile(visitor, person)
    await with_mail.letters.link(person.email, "password_changed")

    await visitor.open("/login")  # so that the link is opened anew, not only its fragment
    await visitor.open(await with_mail.letters.link(person.email, "reset_password"))
    await visitor.fill(password=person.password)
    await visitor.press("Save the new password")

    await expect(visitor.alert("This link is no longer valid")).to_be_visible()


async def test_a_stranger_learns_nothing_from_the_page_of_forgotten_passwords(
    arrive: Arrive, with_mail: MailedService
) -> None:
    """The page says the same of an address that has an account and of one that has none."""
    visitor, person = await arrive(with_mail.address), somebody()
    await visitor.sign_up(person)
    said = []

    for email in (person.email, fresh_email()):
        await visitor.open("/forgot-password")
        await visitor.fill(email=email)
        await visitor.press("Send me a link")
        await expect(visitor.page.get_by_role("heading", name="Check your email")).to_be_visible()
        said.append(await visitor.page.inner_text("body"))

    assert said[0] == said[1]


async def test_another_address_and_the_way_back(arrive: Arrive, with_mail: MailedService) -> None:
    """A new address counts once its link was used; the old one is told, and can take it back, ending all else."""
    visitor = await arrive(with_mail.address)
    visitor.expect_trouble("401")
    person, wanted = await change_email(visitor, with_mail.letters)
    await visitor.open("/profile")
    await expect(visitor.field("email")).to_have_value(person.email)

    await visitor.open("/login")
    await visitor.open(await with_mail.letters.link(wanted, "change_email"))
    await visitor.press("Use this address")
    await visitor.page.get_by_role("link", name="Continue").click()
    await expect(visitor.field("email")).to_have_value(wanted)
    await visitor.open(await with_mail.letters.link(person.email, "email_changed"))
    await visitor.press("Undo the change")
    await expect(visitor.page.get_by_text("Your account has its old address again")).to_be_visible()

    await visitor.open("/profile")
    await expect(visitor.page).to_have_url(f"{visitor.address}/login?next=%2Fprofile")
    await visitor.fill(email=wanted, password=person.password)
    await visitor.press("Log in")
    await expect(visitor.alert("Invalid credentials")).to_be_visible()
    await visitor.fill(email=person.email)
    await visitor.press("Log in")
    await expect(visitor.alert("Invalid credentials")).to_be_visible()
    await _in_again(visitor, with_mail, person)


async def _in_again(visitor: Visitor, service: MailedService, person: Account) -> None:
    """Chooses another password by the letter that follows the way back, and logs in with it."""
    await visitor.open(await service.letters.link(person.email, "reset_password"))
    await visitor.fill(password=NEW_PASSWORD)
    await visitor.press("Save the new password")
    await visitor.page.get_by_role("link", name="Go to login").click()
    await visitor.fill(email=person.email, password=NEW_PASSWORD)
    await visitor.press("Log in")
    await _at_profile(visitor, person)


async def test_each_session_is_ended_by_itself(arrive: Arrive, with_mail: MailedService) -> None:
    """One browser ends another's session: that one is logged out, this one is not."""
    here, there = await arrive(with_mail.address), await arrive(with_mail.address)
    there.expect_trouble("401")
    person = await here.settle_in()
    await there.log_in(person)
    await there.open("/profile")
    await _at_profile(there, person)
    await here.open("/security")

    await here.page.get_by_role("button", name="End the session").click()
    await expect(here.page.get_by_text("The session has ended.")).to_be_visible()

    await there.page.reload()
    await expect(there.page).to_have_url(f"{there.address}/login?next=%2Fprofile")
    await here.page.reload()
    await expect(here.page.get_by_text("This browser", exact=True)).to_be_visible()
    await expect(here.page.get_by_role("button", name="End the session")).to_have_count(0)


async def test_a_changed_password_ends_the_other_sessions(arrive: Arrive, with_mail: MailedService) -> None:
    """Who changes the password stays logged in, with cookies that go on working; everybody else is logged out."""
    here, there = await arrive(with_mail.address), await arrive(with_mail.address)
    person = await here.settle_in()
    await there.log_in(person)
    await here.open("/security")

    await here.fill(current_password=person.password, password=NEW_PASSWORD)
    await here.press("Change password")
    await expect(here.page.get_by_text("Your password has been changed.")).to_be_visible()

    await there.open("/profile")
    await expect(there.page).to_have_url(f"{there.address}/login?next=%2Fprofile")
    await here.page.get_by_role("link", name="Profile").click()
    await here.fill(bio="Still here")
    await here.press("Save changes")
    await expect(here.page.get_by_text("Your profile has been saved.")).to_be_visible()


async def test_a_named_token_works_until_it_is_revoked(arrive: Arrive, with_mail: MailedService) -> None:
    """It is shown once and copied whole, says whose it is and what it may do, and is dead once revoked."""
    visitor = await arrive(with_mail.address, permissions=["clipboard-read", "clipboard-write"])
    person = await security(visitor, with_mail.letters)
    await new_token_form(visitor)
    await visitor.fill(name="Backup script", scopes="read:orders write:orders")
    await visitor.press("Create token")
    await visitor.press("Copy Backup script")
    copied = await visitor.page.evaluate("navigator.clipboard.readText()")
    headers = {"Authorization": f"Bearer {copied}"}
    verified = await visitor.context.request.get(f"{visitor.address}/api/auth/verify", headers=headers)
    told = await verified.json()
    assert told["user"]["email"] == person.email
    assert (told["token"]["name"], told["token"]["scopes"]) == ("Backup script", ["read:orders", "write:orders"])
    await visitor.press("I have stored it")
    await expect(visitor.page.get_by_text(copied)).to_have_count(0)
    await visitor.page.reload()
    await expect(visitor.page.get_by_text("Backup script", exact=True)).to_be_visible()

    await visitor.press("Revoke the token Backup script")
    await visitor.press("Revoke the token")
    await expect(visitor.page.get_by_text("The token has been revoked.")).to_be_visible()

    refused = await visitor.context.request.get(f"{visitor.address}/api/auth/verify", headers=headers)
    assert refused.status == 401


async def test_an_account_is_deleted_by_keyboard_alone(arrive: Arrive, with_mail: MailedService) -> None:
    """After the warning and the password nothing is left: no session, no login, and the address is free."""
    visitor = await arrive(with_mail.address)
    visitor.expect_trouble("401")
    person = await security(visitor, with_mail.letters)
    keys = visitor.page.keyboard
    await visitor.button("Delete account").focus()
    await keys.press("Enter")
    await expect(visitor.page.get_by_label("Your password, to confirm it is you")).to_be_focused()
    await keys.press("Escape")
    assert await visitor.button("Delete account").evaluate(HAS_FOCUS)
    assert visitor.calls(DELETE) == []
    await keys.press("Enter")
    await keys.type(person.password)

    await keys.press("Enter")

    await expect(visitor.page.get_by_text("Your account has been deleted.")).to_be_visible()
    assert "auth_token" not in {cookie["name"] for cookie in await visitor.context.cookies()}
    await with_mail.letters.link(person.email, "account_deleted")
    await visitor.fill(email=person.email, password=person.password)
    await visitor.press("Log in")
    await expect(visitor.alert("Invalid credentials")).to_be_visible()
    await visitor.sign_up(person)


async def test_logging_out_everywhere(arrive: Arrive, with_mail: MailedService) -> None:
    """One press, and neither this browser nor another is logged in."""
    here, there = await arrive(with_mail.address), await arrive(with_mail.address)
    person = await here.settle_in()
    await there.log_in(person)
    await here.open("/security")

    await here.press("Log out everywhere")
    await expect(here.page.get_by_text("You are logged out everywhere.")).to_be_visible()

    for visitor in (here, there):
        await visitor.open("/security")
        await expect(visitor.page).to_have_url(f"{visitor.address}/login?next=%2Fsecurity")


async def test_what_happened_is_told(arrive: Arrive, with_mail: MailedService) -> None:
    """The owner sees on the page what was done to the account."""
    visitor = await arrive(with_mail.address)
    person, _ = await undo_email_done(visitor, with_mail.letters)
    await _in_again(visitor, with_mail, person)

    await visitor.page.get_by_role("link", name="Security", exact=True).click()

    told = visitor.page.get_by_role("list", name="Activity").locator(".wg-item-title")
    await expect(told.last).to_have_text("Account created")
    happened = {"Address confirmed", "Address changed", "Change of address undone", "Account created"}
    assert happened <= set(await told.all_inner_texts())


@pytest.mark.parametrize(("page", "call"), LINKS.items(), ids=LINKS)
async def test_a_link_that_is_only_looked_at_does_nothing(
    arrive: Arrive, with_mail: MailedService, page: str, call: str
) -> None:
    """Opening it, script and all, asks nothing of the service, and leaves the token in no address and no header."""
    visitor = await arrive(with_mail.address)
    secret = "kZ3w.5f0c7f0e-3f4e-4f0a-9c0d-0a1b2c3d4e5f"

    answer = await visitor.page.goto(f"{visitor.address}{page}#{secret}")
    await expect(visitor.page.locator("main .wg-button")).to_be_visible()
    await visitor.page.wait_for_load_state("networkidle")

    assert answer is not None
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert await visitor.page.evaluate("location.href") == visitor.address + page
    assert visitor.calls(call) == []
    assert [one.url for one in visitor.sent if secret in one.url.partition("#")[0]] == []
    # The browser asks for the icon by itself, and names the page, though never what follows its `#`.
    assert [one.url for one in visitor.sent if secret in (await one.all_headers()).get("referer", "")] == []


async def test_a_verification_link_survives_being_opened_by_a_program(
    browser: Browser, arrive: Arrive, with_mail: MailedService
) -> None:
    """A scanner that opens the link and runs the page's script leaves it good for the person."""
    visitor = await arrive(with_mail.address)
    person = somebody()
    await visitor.sign_up(person)
    link = await with_mail.letters.link(person.email, "verify_email")
    scanner = await browser.new_context()
    page = await scanner.new_page()
    await page.goto(with_mail.address + link, wait_until="networkidle")
    await expect(page.get_by_role("button", name="Confirm my address")).to_be_visible()
    await scanner.close()

    await visitor.open(link)
    await visitor.press("Confirm my address")

    await expect(visitor.page.get_by_text("Your address is confirmed.")).to_be_visible()


async def test_what_is_not_turned_on_is_not_there(arrive: Arrive, tmp_path: Path) -> None:
    """Without the list and the trail neither is shown nor asked for."""
    settings = {"EMAIL_VERIFICATION": "off", "SESSION_LIST": "false", "AUDIT_DAYS": "0"}
    async with service_with_mail(tmp_path, **settings) as service:
        visitor = await arrive(service.address)
        await visitor.settle_in()
        await expect(visitor.page.get_by_text("not confirmed")).to_have_count(0)
        await visitor.open("/security")
        await expect(visitor.page.get_by_text("There is none yet.")).to_be_visible()

        headings = await visitor.page.get_by_role("heading", level=2).all_inner_texts()
        statuses = [
            (await visitor.context.request.get(service.address + path)).status
            for path in ("/forgot-password", "/undo-email", "/verify-email", "/change-email")
        ]

    assert headings == ["Password", "Named API tokens", "Log out everywhere", "Delete account"]
    assert statuses == [200, 200, 404, 404]


async def test_two_links_at_once_are_good_once(arrive: Arrive, with_mail: MailedService) -> None:
    """Of two tabs that press the button at the same time one succeeds, and the other is told."""
    visitor = await arrive(with_mail.address)
    visitor.expect_trouble("400")
    person = await verify_email(visitor, with_mail.letters)
    other = await visitor.another_tab(await with_mail.letters.link(person.email, "verify_email"))
    released = await visitor.holding_back(LINKS["/verify-email"])
    await visitor.press("Confirm my address")
    await other.get_by_role("button", name="Confirm my address").click()

    released.set()

    pages = (visitor.page, other)
    for page in pages:
        await expect(page.locator(".wg-alert p, .wg-status > p:not(.wg-hidden)")).to_have_count(1)
    said = sorted([await page.locator(".wg-alert p, .wg-status > p").inner_text() for page in pages])
    assert said == ["This link is no longer valid", "Your address is confirmed."]


async def test_a_pending_address_is_asked_for_again(arrive: Arrive, with_mail: MailedService) -> None:
    """Saving the same new address once more sends another link, and the older one is no longer good."""
    visitor = await arrive(with_mail.address)
    visitor.expect_trouble("400")
    _, wanted = await change_asked(visitor, with_mail.letters)
    first = await with_mail.letters.link(wanted, "change_email")
    await visitor.fill(email=wanted)
    await visitor.press("Save changes")
    second = await with_mail.letters.link(wanted, "change_email", number=2)

    said = [await _used(visitor, link) for link in (first, second)]

    assert said == ["This link is no longer valid", "Your email address has been changed."]


async def _used(visitor: Visitor, link: str) -> str:
    await visitor.open("/profile")
    await visitor.open(link)
    await visitor.press("Use this address")
    shown = visitor.page.locator(".wg-alert p, .wg-status > p:not(.wg-hidden)")
    await expect(shown).to_have_count(1)
    return await shown.inner_text()


async def test_without_mail_nothing_of_it_is_offered(arrive: Arrive, tmp_path: Path) -> None:
    """A service that cannot send mail shows no link that leads to one, and has no page for it."""
    async with service_without_mail(tmp_path) as address:
        visitor = await arrive(address)
        await visitor.open("/login")
        await expect(visitor.button("Log in")).to_be_visible()

        links = await visitor.page.get_by_role("link").all_inner_texts()
        statuses = [(await visitor.context.request.get(address + path)).status for path in LINKS]

    assert links == ["Create an account"]
    assert statuses == [404] * len(LINKS)
