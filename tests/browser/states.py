"""Every page and state of the service's own pages, each with the way that leads there."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from playwright.async_api import expect

from tests.browser.visitor import Account, Visitor, somebody
from tests.support.service import fresh_email

Bring = Callable[[Visitor], Awaitable[None]]
STATES: dict[str, Bring] = {}

LOGIN, SIGN_UP, LOGOUT = "/api/auth/login", "/api/auth/signup", "/api/auth/logout"
PROFILE, UPDATE = "/api/profile", "/api/profile/update"
TOKEN, ROTATE = "/api/auth/api-token", "/api/auth/api-token/rotate"


def state(bring: Bring) -> Bring:
    """Registers a state under its function's name."""
    STATES[bring.__name__.replace("_", "-")] = bring
    return bring


@state
async def login(visitor: Visitor) -> None:
    """The login as it opens."""
    await visitor.open("/login")
    await expect(visitor.field("email")).to_be_visible()


@state
async def login_errors(visitor: Visitor) -> None:
    """Sent while empty."""
    await login(visitor)
    await visitor.press("Log in")
    await expect(visitor.error_of("password")).not_to_be_empty()


@state
async def login_refused(visitor: Visitor) -> None:
    """The wrong password."""
    visitor.expect_trouble("401")
    await login(visitor)
    await visitor.fill(email="ada@example.com", password="not the password")
    await visitor.press("Log in")
    await expect(visitor.alert("Invalid credentials")).to_be_visible()


@state
async def login_limited(visitor: Visitor) -> None:
    """Too many attempts: the wait is counted down."""
    visitor.expect_trouble("429")
    body = {"success": False, "error": "Too many requests, please try again later"}
    await visitor.answering(LOGIN, 429, body, Retry_After="872")
    await login(visitor)
    await visitor.fill(email="ada@example.com", password="correct horse")
    await visitor.press("Log in")
    await expect(visitor.page.get_by_role("timer")).to_be_visible()


@state
async def login_offline(visitor: Visitor) -> None:
    """No connection."""
    visitor.expect_trouble("ERR_INTERNET_DISCONNECTED")
    await login(visitor)
    await visitor.fill(email="ada@example.com", password="correct horse")
    await visitor.context.set_offline(True)
    await visitor.press("Log in")
    await expect(visitor.page.locator(".wg-alert p")).to_be_visible()


@state
async def login_busy(visitor: Visitor) -> None:
    """Waiting for the answer."""
    await visitor.holding_back(LOGIN)
    await login(visitor)
    await visitor.fill(email="ada@example.com", password="correct horse")
    await visitor.press("Log in")
    await expect(visitor.button("Logging in…")).to_be_visible()


@state
async def login_password_shown(visitor: Visitor) -> None:
    """The password in clear, the focus still on the button that shows it."""
    await login(visitor)
    await visitor.fill(email="ada@example.com", password="correct horse battery")
    await visitor.press("Show password")
    await expect(visitor.field("password")).to_have_attribute("type", "text")


@state
async def login_after_logout(visitor: Visitor) -> None:
    """Where logging out leads."""
    await visitor.settle_in()
    await visitor.press("Log out")
    await expect(visitor.page).to_have_url(f"{visitor.address}/login")
    await expect(visitor.page.get_by_text("You are logged out.")).to_be_visible()


@state
async def signup(visitor: Visitor) -> None:
    """The sign-up as it opens."""
    await visitor.open("/signup")
    await expect(visitor.field("email")).to_be_visible()


@state
async def signup_errors(visitor: Visitor) -> None:
    """Something wrong in every field that can be wrong."""
    await signup(visitor)
    await visitor.fill(name="x" * 101, email="ada", password="short")
    await visitor.press("Create account")
    await expect(visitor.error_of("password")).not_to_be_empty()


@state
async def signup_filled(visitor: Visitor) -> None:
    """Ready to be sent."""
    await signup(visitor)
    await visitor.fill(name="Ada Lovelace", email="ada@example.com", password="correct horse battery")
    await expect(visitor.page.get_by_text("Long enough").first).to_be_visible()


@state
async def signup_taken(visitor: Visitor) -> None:
    """An address that has an account."""
    visitor.expect_trouble("400")
    person = somebody()
    await visitor.sign_up(person)
    await signup(visitor)
    await visitor.fill(email=person.email, password=person.password)
    await visitor.press("Create account")
    await expect(visitor.page.locator(".wg-alert p")).to_be_visible()


@state
async def signup_busy(visitor: Visitor) -> None:
    """Waiting for the answer."""
    await visitor.holding_back(SIGN_UP)
    await signup_filled(visitor)
    await visitor.press("Create account")
    await expect(visitor.button("Creating account…")).to_be_visible()


@state
async def signup_done(visitor: Visitor) -> None:
    """The account, and its API token hidden."""
    await signup(visitor)
    await visitor.fill(name="Ada Lovelace", email=fresh_email(), password="correct horse battery")
    await visitor.press("Create account")
    await expect(visitor.page.get_by_role("heading", name="Welcome, Ada Lovelace")).to_be_visible()


@state
async def signup_token_shown(visitor: Visitor) -> None:
    """The API token in clear."""
    await signup_done(visitor)
    await visitor.press("Show API token")
    await expect(visitor.page.get_by_text(re.compile(r"^wg_\w+"))).to_be_visible()


@state
async def profile(visitor: Visitor) -> None:
    """The profile as it opens."""
    await visitor.settle_in()


@state
async def profile_loading(visitor: Visitor) -> None:
    """Before it is known who is signed in."""
    person = somebody()
    await visitor.sign_up(person)
    await visitor.log_in(person)
    await visitor.holding_back(PROFILE)
    await visitor.open("/profile")
    await expect(visitor.page.get_by_text("Loading your profile…")).to_be_attached()


@state
async def profile_errors(visitor: Visitor) -> None:
    """Something wrong in every field."""
    await visitor.settle_in()
    await visitor.fill(name="", email="ada", bio="x" * 501)
    await visitor.press("Save changes")
    await expect(visitor.error_of("bio")).not_to_be_empty()


@state
async def profile_saving(visitor: Visitor) -> None:
    """Waiting for the answer."""
    await visitor.settle_in()
    await visitor.holding_back(UPDATE)
    await visitor.fill(bio="I write programs for a machine that is not built yet.")
    await visitor.press("Save changes")
    await expect(visitor.button("Saving…")).to_be_visible()


@state
async def profile_saved(visitor: Visitor) -> None:
    """Saved, and said so."""
    await visitor.settle_in()
    await visitor.fill(bio="I write programs for a machine that is not built yet.")
    await visitor.press("Save changes")
    await expect(visitor.page.get_by_text("Your profile has been saved.")).to_be_visible()


@state
async def profile_long_words(visitor: Visitor) -> None:
    """A name and an address without a place to break."""
    local, host = "w" * 60, ".".join(["abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvw"] * 3)
    await visitor.settle_in(Account(f"{local}{fresh_email().partition('@')[0]}@{host}.example", "W" * 100))


@state
async def profile_token_loading(visitor: Visitor) -> None:
    """Waiting for the token."""
    await visitor.settle_in()
    await visitor.holding_back(TOKEN)
    await visitor.press("Show token")
    await expect(visitor.button("Loading token…")).to_be_visible()


@state
async def profile_token_shown(visitor: Visitor) -> None:
    """The token in clear."""
    await visitor.settle_in()
    await visitor.press("Show token")
    await expect(visitor.page.get_by_text(re.compile(r"^wg_\w+"))).to_be_visible()


@state
async def profile_token_failed(visitor: Visitor) -> None:
    """The token could not be fetched."""
    visitor.expect_trouble("503")
    await visitor.settle_in()
    await visitor.answering(TOKEN, 503, Retry_After="30")
    await visitor.press("Show token")
    await expect(visitor.alert("An error occurred")).to_be_visible()


@state
async def profile_token_question(visitor: Visitor) -> None:
    """Asked whether the token may really be replaced."""
    await visitor.settle_in()
    await visitor.press("Replace token")
    await expect(visitor.button("Replace the token")).to_be_visible()


@state
async def profile_token_new(visitor: Visitor) -> None:
    """The new token in clear."""
    await profile_token_question(visitor)
    await visitor.press("Replace the token")
    await visitor.press("Show API token")
    await expect(visitor.page.get_by_text(re.compile(r"^wg_\w+"))).to_be_visible()


@state
async def profile_unreachable(visitor: Visitor) -> None:
    """The service does not answer."""
    visitor.expect_trouble("503")
    person = somebody()
    await visitor.sign_up(person)
    await visitor.log_in(person)
    await visitor.answering(PROFILE, 503, Retry_After="30")
    await visitor.open("/profile")
    await expect(visitor.button("Try again")).to_be_visible()


@state
async def profile_logout_failed(visitor: Visitor) -> None:
    """The logout did not reach the service."""
    visitor.expect_trouble("503")
    await visitor.settle_in()
    await visitor.answering(LOGOUT, 503, Retry_After="30")
    await visitor.press("Log out")
    await expect(visitor.alert("An error occurred")).to_be_visible()
