"""The forms: when they speak, what they say, and that they do nothing twice (Properties 18 to 20)."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.async_api import expect

from tests.browser.states import LOGIN, LOGOUT, ROTATE, SIGN_UP, UPDATE
from tests.browser.visitor import Visitor, somebody
from tests.support.service import fresh_email


@dataclass(frozen=True)
class Form:
    """One form: the page it is on, its button, what is sent, and values that the service takes."""

    page: str
    button: str
    busy: str
    path: str
    values: dict[str, str]
    done: str


LOGIN_FORM = Form("/login", "Log in", "Logging in…", LOGIN, {"email": "", "password": ""}, "Ada Lovelace")
SIGN_UP_FORM = Form(
    "/signup",
    "Create account",
    "Creating account…",
    SIGN_UP,
    {"name": "Ada Lovelace", "email": "", "password": "correct horse battery"},
    "Account created",
)
PROFILE_FORM = Form(
    "/profile", "Save changes", "Saving…", UPDATE, {"bio": "I write programs."}, "Your profile has been saved."
)
FORMS = pytest.mark.parametrize("form", [LOGIN_FORM, SIGN_UP_FORM, PROFILE_FORM], ids=lambda form: form.page[1:])


async def _ready(visitor: Visitor, form: Form) -> None:
    """The form, filled with what the service will take."""
    values = dict(form.values)
    if form is PROFILE_FORM:
        await visitor.settle_in()
    else:
        await visitor.open(form.page)
    if form is LOGIN_FORM:
        person = somebody()
        await visitor.sign_up(person)
        values = {"email": person.email, "password": person.password}
    elif form is SIGN_UP_FORM:
        values["email"] = fresh_email()
    await visitor.fill(**values)


WRONG = {
    "login, nothing": (LOGIN_FORM, {}, {"email": "Email is required", "password": "Password is required"}),
    "login, no address": (LOGIN_FORM, {"email": "ada", "password": "x"}, {"email": "Enter a valid email address"}),
    "sign-up, nothing": (SIGN_UP_FORM, {}, {"email": "Email is required", "password": "Password is required"}),
    "sign-up, all": (
        SIGN_UP_FORM,
        {"name": "x" * 101, "email": "ada@example", "password": "1234567"},
        {
            "name": "Name must be at most 100 characters",
            "email": "Enter a valid email address",
            "password": "Password must be at least 8 characters",
        },
    ),
    "sign-up, long": (
        SIGN_UP_FORM,
        {"email": "ada@example.com", "password": "x" * 129},
        {"password": "Password must be at most 128 characters"},
    ),
    "profile, all": (
        PROFILE_FORM,
        {"name": " ", "email": "", "bio": "x" * 501},
        {"name": "Name is required", "email": "Email is required", "bio": "Bio must be at most 500 characters"},
    ),
    "profile, address": (PROFILE_FORM, {"email": "@example.com"}, {"email": "Enter a valid email address"}),
}


# Feature: user-authentication, Property 18: For any form submission with validation errors, the UI should display
# clear error messages near the relevant fields indicating what needs to be corrected.
@pytest.mark.parametrize(("form", "values", "problems"), WRONG.values(), ids=WRONG)
async def test_property_18_problems_stand_beside_their_fields(
    visitor: Visitor, form: Form, values: dict[str, str], problems: dict[str, str]
) -> None:
    """One press shows every problem below and with its field, puts the focus on the first, and sends nothing."""
    if form is PROFILE_FORM:
        await visitor.settle_in()
    else:
        await visitor.open(form.page)
    await visitor.fill(**values)

    await visitor.press(form.button)

    await expect(visitor.field(next(iter(problems)))).to_be_focused()
    for name, problem in problems.items():
        await expect(visitor.error_of(name)).to_have_text(problem)
        await expect(visitor.field(name)).to_have_attribute("aria-invalid", "true")
        error = await visitor.error_of(name).get_attribute("id")
        assert error in (await visitor.field(name).get_attribute("aria-describedby") or "").split()
        below = await visitor.error_of(name).bounding_box()
        field = await visitor.field(name).bounding_box()
        assert below is not None
        assert field is not None
        assert 0 < below["y"] - field["y"] - field["height"] < 48, "an error is to be seen right below its field"
    await expect(visitor.page.locator("[aria-invalid=true]")).to_have_count(len(problems))
    assert visitor.calls(form.path) == []


# Property 18 again, for what only the service knows.
@FORMS
async def test_property_18_the_services_problems_stand_beside_their_fields(visitor: Visitor, form: Form) -> None:
    """A problem that the service found at a field stands there, until the field is edited."""
    visitor.expect_trouble("400")
    problem = "Email is not to our liking"
    body = {"success": False, "error": problem, "field": "email", "errors": {"email": problem}}
    await visitor.answering(form.path, 400, body)
    await _ready(visitor, form)

    await visitor.press(form.button)

    await expect(visitor.error_of("email")).to_have_text(problem)
    await expect(visitor.field("email")).to_be_focused()
    await visitor.fill(email="other@example.com")
    await expect(visitor.error_of("email")).to_be_empty()


async def test_a_taken_address_stands_at_its_field(visitor: Visitor) -> None:
    """Changing to somebody else's address is refused beside the field, by the real service."""
    visitor.expect_trouble("400")
    other = somebody()
    await visitor.sign_up(other)
    await visitor.settle_in()
    await visitor.fill(email=other.email)

    await visitor.press("Save changes")

    await expect(visitor.error_of("email")).to_have_text("Unable to use this email address")
    await expect(visitor.field("email")).to_be_focused()


async def test_an_empty_field_that_was_only_passed_is_no_mistake(visitor: Visitor) -> None:
    """Nothing is said of a field before it was edited and left."""
    await visitor.open("/signup")
    await visitor.field("email").focus()
    await visitor.field("password").focus()
    await expect(visitor.error_of("email")).to_be_empty()
    await visitor.field("email").press_sequentially("ada@")
    await expect(visitor.error_of("email")).to_be_empty()

    await visitor.field("password").focus()

    await expect(visitor.error_of("email")).to_have_text("Enter a valid email address")


# Feature: user-authentication, Property 19: For any authentication operation in progress (login, logout, profile
# update), the UI should display a loading indicator until the operation completes.
@FORMS
async def test_property_19_work_is_shown_until_the_answer(visitor: Visitor, form: Form) -> None:
    """While a request is under way the button turns, says so and is locked, and it is announced; then no more."""
    released = await visitor.holding_back(form.path)
    await _ready(visitor, form)

    await visitor.press(form.button)

    busy = visitor.button(form.busy)
    await expect(busy.locator(".wg-spinner")).to_be_visible()
    await expect(busy).to_be_disabled()
    await expect(visitor.page.get_by_role("status").filter(has_text=form.busy)).to_be_attached()
    await expect(visitor.page.locator("[role=status] p:not(.wg-hidden)")).to_have_count(0)
    released.set()
    await expect(busy).to_have_count(0)
    await expect(visitor.page.locator(".wg-spinner")).to_have_count(0)


# Property 19 again, for the logout.
async def test_property_19_a_logout_under_way_is_shown(visitor: Visitor) -> None:
    """The logout turns until the service has answered."""
    await visitor.settle_in()
    released = await visitor.holding_back(LOGOUT)

    await visitor.press("Log out")

    await expect(visitor.button("Logging out…").locator(".wg-spinner")).to_be_visible()
    released.set()
    await expect(visitor.page.get_by_text("You are logged out.")).to_be_visible()


# Feature: user-authentication, Property 20: For any successful state-changing operation (login, profile update), the
# UI should display a success message confirming the action.
@FORMS
async def test_property_20_success_is_confirmed(visitor: Visitor, form: Form) -> None:
    """What succeeded is said on the page, where it can be seen."""
    await _ready(visitor, form)

    await visitor.press(form.button)

    await expect(visitor.page.get_by_text(form.done).first).to_be_visible()


# A page that is being left cannot be asked what it says, so it tells by itself.
_TELL_WHAT_IS_SAID = """
new MutationObserver(() => {
  for (const said of document.querySelectorAll("[role=status] p:not(.wg-hidden)")) console.info(said.textContent);
}).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
"""


# Property 20 again, for the login, which leads on at once.
async def test_property_20_a_login_is_confirmed_before_the_page_changes(visitor: Visitor) -> None:
    """A login says that it worked while the next page is on its way."""
    await visitor.context.add_init_script(_TELL_WHAT_IS_SAID)
    await _ready(visitor, LOGIN_FORM)
    released = await visitor.holding_back("/profile")

    async with visitor.page.expect_console_message(lambda message: message.text == "You are logged in."):
        await visitor.button("Log in").click(no_wait_after=True)

    released.set()
    await expect(visitor.page).to_have_url(f"{visitor.address}/profile")


@FORMS
async def test_a_double_click_sends_one_request(visitor: Visitor, form: Form) -> None:
    """Two clicks and an Enter at once are one request."""
    released = await visitor.holding_back(form.path)
    await _ready(visitor, form)

    await visitor.button(form.button).dblclick()
    await visitor.field("email").press("Enter")

    released.set()
    await expect(visitor.page.get_by_text(form.done).first).to_be_visible()
    assert len(visitor.calls(form.path)) == 1


async def test_a_double_click_replaces_one_token(visitor: Visitor) -> None:
    """Neither the question nor its answer is taken twice."""
    await visitor.settle_in()
    released = await visitor.holding_back(ROTATE)
    await visitor.button("Replace token").dblclick()

    await visitor.button("Replace the token").dblclick()

    released.set()
    await expect(visitor.page.get_by_text("Your new token is ready.")).to_be_visible()
    assert len(visitor.calls(ROTATE)) == 1
