"""The pages of an account's whole life, each with the way there, on a service with everything turned on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from playwright.async_api import expect

from tests.browser.letters import Letters
from tests.browser.states import LOGIN, SIGN_UP
from tests.browser.visitor import Account, Visitor, somebody
from tests.support.service import fresh_email

BringWithMail = Callable[[Visitor, Letters], Awaitable[Any]]
Bringing = TypeVar("Bringing", bound=BringWithMail)
ACCOUNT_STATES: dict[str, BringWithMail] = {}

FORGOT, RESET, CHANGE = "/api/auth/password/forgot", "/api/auth/password/reset", "/api/auth/password/change"
SESSIONS, TOKENS, ACTIVITY = "/api/auth/sessions", "/api/auth/api-tokens", "/api/auth/activity"
VERIFY = "/api/auth/email/verify"
DELETE, EVERYWHERE = "/api/account/delete", "/api/auth/logout-everywhere"


def state(bring: Bringing) -> Bringing:
    """Registers a state under its function's name."""
    ACCOUNT_STATES[bring.__name__.replace("_", "-")] = bring
    return bring


@state
async def login_with_mail(visitor: Visitor, _: Letters) -> None:
    """The login of a service that can send mail."""
    await visitor.open("/login")
    await expect(visitor.page.get_by_role("link", name="Forgot your password?")).to_be_visible()


@state
async def login_unverified(visitor: Visitor, letters: Letters) -> None:
    """The right password, before the address is confirmed."""
    visitor.expect_trouble("403")
    error = "Please confirm your email address first; we have sent you a new link"
    await visitor.answering(LOGIN, 403, {"success": False, "error": error})
    await login_with_mail(visitor, letters)
    await visitor.fill(email="ada@example.com", password="correct horse")
    await visitor.press("Log in")
    await expect(visitor.button("Send the link again")).to_be_visible()


@state
async def signup_mailed(visitor: Visitor, _: Letters) -> None:
    """Signed up, and a link is on its way."""
    body = {"success": True, "message": "Check your email for a link to confirm your address"}
    await visitor.answering(SIGN_UP, 201, body)
    await visitor.open("/signup")
    await visitor.fill(name="Ada Lovelace", email="ada@example.com", password="countess in green silk")
    await visitor.press("Create account")
    await expect(visitor.page.get_by_role("heading", name="Check your email")).to_be_visible()


@state
async def forgot_password(visitor: Visitor, _: Letters) -> None:
    """The page that asks for the address."""
    await visitor.open("/forgot-password")
    await expect(visitor.field("email")).to_be_visible()


@state
async def forgot_password_sent(visitor: Visitor, letters: Letters) -> None:
    """What is said of every address."""
    await forgot_password(visitor, letters)
    await visitor.fill(email="ada@example.com")
    await visitor.press("Send me a link")
    await expect(visitor.page.get_by_text("If there is an account")).to_be_visible()


@state
async def forgot_password_limited(visitor: Visitor, letters: Letters) -> None:
    """Too many mails asked for: the wait is counted down."""
    visitor.expect_trouble("429")
    body = {"success": False, "error": "Too many requests, please try again later"}
    await visitor.answering(FORGOT, 429, body, Retry_After="872")
    await forgot_password(visitor, letters)
    await visitor.fill(email="ada@example.com")
    await visitor.press("Send me a link")
    await expect(visitor.page.get_by_role("timer")).to_be_visible()


@state
async def reset_password(visitor: Visitor, letters: Letters) -> Account:
    """By the link of a real mail."""
    person = somebody()
    await visitor.sign_up(person)
    await forgot_password(visitor, letters)
    await visitor.fill(email=person.email)
    await visitor.press("Send me a link")
    await visitor.open(await letters.link(person.email, "reset_password"))
    await expect(visitor.field("password")).to_be_visible()
    return person


@state
async def reset_password_done(visitor: Visitor, letters: Letters) -> None:
    """The new password is kept."""
    await reset_password(visitor, letters)
    await visitor.fill(password="seven loud marigolds")
    await visitor.press("Save the new password")
    await expect(visitor.page.get_by_text("Your new password is saved")).to_be_visible()


@state
async def reset_password_dead(visitor: Visitor, _: Letters) -> None:
    """A link that is no longer good."""
    visitor.expect_trouble("400")
    await visitor.open("/reset-password#old.5f0c7f0e-3f4e-4f0a-9c0d-0a1b2c3d4e5f")
    await visitor.fill(password="seven loud marigolds")
    await visitor.press("Save the new password")
    await expect(visitor.page.get_by_role("link", name="Ask for a new link")).to_be_visible()


@state
async def reset_password_incomplete(visitor: Visitor, _: Letters) -> None:
    """A link without its end."""
    await visitor.open("/reset-password")
    await expect(visitor.alert("This link is incomplete")).to_be_visible()


@state
async def verify_email(visitor: Visitor, letters: Letters) -> Account:
    """By the link of a real mail."""
    person = somebody()
    await visitor.sign_up(person)
    await visitor.open(await letters.link(person.email, "verify_email"))
    await expect(visitor.button("Confirm my address")).to_be_visible()
    return person


@state
async def verify_email_done(visitor: Visitor, letters: Letters) -> None:
    """The address is confirmed."""
    await verify_email(visitor, letters)
    await visitor.press("Confirm my address")
    await expect(visitor.page.get_by_text("Your address is confirmed.")).to_be_visible()


@state
async def verify_email_dead(visitor: Visitor, _: Letters) -> None:
    """A link that is no longer good, and the way to another."""
    visitor.expect_trouble("400")
    await visitor.open("/verify-email#old.5f0c7f0e-3f4e-4f0a-9c0d-0a1b2c3d4e5f")
    await visitor.press("Confirm my address")
    await expect(visitor.button("Send the link again")).to_be_visible()


@state
async def profile_unverified(visitor: Visitor, _: Letters) -> None:
    """The address waits to be confirmed."""
    await visitor.settle_in()
    await expect(visitor.page.get_by_text("This address is not confirmed yet.")).to_be_visible()


async def change_asked(visitor: Visitor, letters: Letters) -> tuple[Account, str]:
    """Somebody with a confirmed address who has asked for another; returns who and which."""
    person, wanted = await verify_email(visitor, letters), fresh_email()
    await visitor.press("Confirm my address")
    await visitor.log_in(person)
    await visitor.open("/profile")
    await visitor.fill(email=wanted)
    await visitor.press("Save changes")
    await expect(visitor.page.get_by_text(f"We have sent a link to {wanted}")).to_be_visible()
    return person, wanted


@state
async def profile_pending_email(visitor: Visitor, letters: Letters) -> None:
    """A new address waits to be confirmed."""
    await change_asked(visitor, letters)


@state
async def change_email(visitor: Visitor, letters: Letters) -> tuple[Account, str]:
    """The new address is asked whether it is the right one."""
    person, wanted = await change_asked(visitor, letters)
    await visitor.open(await letters.link(wanted, "change_email"))
    await expect(visitor.button("Use this address")).to_be_visible()
    return person, wanted


@state
async def change_email_done(visitor: Visitor, letters: Letters) -> tuple[Account, str]:
    """The new address counts."""
    person, wanted = await change_email(visitor, letters)
    await visitor.press("Use this address")
    await expect(visitor.page.get_by_text("Your email address has been changed.")).to_be_visible()
    return person, wanted


@state
async def change_email_dead(visitor: Visitor, _: Letters) -> None:
    """A link that is no longer good."""
    visitor.expect_trouble("400")
    await visitor.open("/change-email#old.5f0c7f0e-3f4e-4f0a-9c0d-0a1b2c3d4e5f")
    await visitor.press("Use this address")
    await expect(visitor.alert("This link is no longer valid")).to_be_visible()


@state
async def undo_email(visitor: Visitor, letters: Letters) -> tuple[Account, str]:
    """The old address is told, with a way back."""
    person, wanted = await change_email_done(visitor, letters)
    await visitor.open(await letters.link(person.email, "email_changed"))
    await expect(visitor.button("Undo the change")).to_be_visible()
    return person, wanted


@state
async def undo_email_done(visitor: Visitor, letters: Letters) -> tuple[Account, str]:
    """The old address counts again."""
    person, wanted = await undo_email(visitor, letters)
    await visitor.press("Undo the change")
    await expect(visitor.page.get_by_text("Your account has its old address again")).to_be_visible()
    return person, wanted


@state
async def security(visitor: Visitor, _: Letters) -> Account:
    """Everything, in an account that is one login old."""
    person = await visitor.settle_in()
    await visitor.open("/security")
    await expect(visitor.page.get_by_text("This browser", exact=True)).to_be_visible()
    await expect(visitor.page.get_by_text("Account created")).to_be_visible()
    return person


@state
async def security_loading(visitor: Visitor, _: Letters) -> None:
    """Before the lists are there."""
    for path in (SESSIONS, TOKENS, ACTIVITY):
        await visitor.holding_back(path)
    await visitor.settle_in()
    await visitor.open("/security")
    await expect(visitor.page.locator("p.wg-loading")).to_have_count(3)


@state
async def security_lists_failed(visitor: Visitor, _: Letters) -> None:
    """None of the lists can be loaded."""
    visitor.expect_trouble("503")
    for path in (SESSIONS, TOKENS, ACTIVITY):
        await visitor.answering(path, 503, Retry_After="30")
    await visitor.settle_in()
    await visitor.open("/security")
    await expect(visitor.page.get_by_role("button", name="Try again")).to_have_count(3)


@state
async def security_many(visitor: Visitor, letters: Letters) -> None:
    """Several sessions, tokens with all that they can have, and much that has happened."""
    person = await visitor.settle_in()
    for _ in range(6):
        await visitor.log_in(person)
    await visitor.open("/security")
    for name, scopes in {"Backup script": "", "w" * 60: "read:orders write:orders read:invoices"}.items():
        await new_token_form(visitor)
        await visitor.fill(name=name, scopes=scopes, limit="100" if scopes else "")
        await visitor.press("Create token")
        await visitor.press("I have stored it")
    await visitor.page.reload()
    await expect(visitor.page.get_by_text("Backup script", exact=True)).to_be_visible()
    await expect(visitor.page.get_by_text("This browser", exact=True)).to_be_visible()


@state
async def security_password_errors(visitor: Visitor, letters: Letters) -> None:
    """The wrong current password."""
    visitor.expect_trouble("400")
    await security(visitor, letters)
    await visitor.fill(current_password="not the password", password="seven loud marigolds")
    await visitor.press("Change password")
    await expect(visitor.error_of("current_password")).to_have_text("This is not your password")


@state
async def security_password_changed(visitor: Visitor, letters: Letters) -> None:
    """The password is another."""
    person = await security(visitor, letters)
    await visitor.fill(current_password=person.password, password="seven loud marigolds")
    await visitor.press("Change password")
    await expect(visitor.page.get_by_text("Your password has been changed.")).to_be_visible()


@state
async def security_session_ended(visitor: Visitor, _: Letters) -> None:
    """One session fewer."""
    person = await visitor.settle_in()
    await visitor.log_in(person)
    await visitor.open("/security")
    await visitor.page.get_by_role("button", name="End the session").first.click()
    await expect(visitor.page.get_by_text("The session has ended.")).to_be_visible()


async def new_token_form(visitor: Visitor) -> None:
    """Opens the form for a new token."""
    await visitor.press("New token")
    await expect(visitor.field("scopes")).to_be_visible()


@state
async def security_token_form(visitor: Visitor, letters: Letters) -> None:
    """The form for a new token."""
    await security(visitor, letters)
    await new_token_form(visitor)


@state
async def security_token_made(visitor: Visitor, letters: Letters) -> None:
    """The new token, shown this once."""
    await security_token_form(visitor, letters)
    await visitor.fill(name="Backup script", scopes="read:orders")
    await visitor.press("Create token")
    await expect(visitor.button("I have stored it")).to_be_visible()


@state
async def security_token_question(visitor: Visitor, letters: Letters) -> None:
    """Asked whether the token may really be revoked."""
    await security_token_made(visitor, letters)
    await visitor.press("I have stored it")
    await visitor.press("Revoke the token Backup script")
    await expect(visitor.button("Revoke the token")).to_be_visible()


@state
async def security_token_revoked(visitor: Visitor, letters: Letters) -> None:
    """The token is gone."""
    await security_token_question(visitor, letters)
    await visitor.press("Revoke the token")
    await expect(visitor.page.get_by_text("The token has been revoked.")).to_be_visible()


@state
async def security_delete_question(visitor: Visitor, letters: Letters) -> Account:
    """Asked for the password before the account is deleted."""
    person = await security(visitor, letters)
    await visitor.press("Delete account")
    await expect(visitor.button("Delete my account for good")).to_be_visible()
    return person


@state
async def security_delete_refused(visitor: Visitor, letters: Letters) -> None:
    """The wrong password."""
    visitor.expect_trouble("400")
    await security_delete_question(visitor, letters)
    await visitor.page.locator("form[aria-label='Delete account'] [name=password]").fill("not the password")
    await visitor.press("Delete my account for good")
    await expect(visitor.page.get_by_text("This is not your password")).to_be_visible()


@state
async def login_after_deletion(visitor: Visitor, letters: Letters) -> None:
    """Where deleting leads."""
    person = await security_delete_question(visitor, letters)
    await visitor.page.locator("form[aria-label='Delete account'] [name=password]").fill(person.password)
    await visitor.press("Delete my account for good")
    await expect(visitor.page.get_by_text("Your account has been deleted.")).to_be_visible()


@state
async def login_after_logout_everywhere(visitor: Visitor, letters: Letters) -> None:
    """Where logging out everywhere leads."""
    await security(visitor, letters)
    await visitor.press("Log out everywhere")
    await expect(visitor.page.get_by_text("You are logged out everywhere.")).to_be_visible()
