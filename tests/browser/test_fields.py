"""The fields: for password managers, for those who cannot type blindly, and for any text."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.states import LOGIN
from tests.browser.visitor import Visitor, somebody

MANAGED = {
    "/login": {
        "email": {"type": "email", "autocomplete": "username", "inputmode": "email", "autocapitalize": "none"},
        "password": {"type": "password", "autocomplete": "current-password"},
    },
    "/signup": {
        "name": {"type": "text", "autocomplete": "name"},
        "email": {"type": "email", "autocomplete": "email", "inputmode": "email", "autocapitalize": "none"},
        "password": {"type": "password", "autocomplete": "new-password"},
    },
}


@pytest.mark.parametrize("path", MANAGED)
async def test_password_managers_find_their_way(visitor: Visitor, path: str) -> None:
    """Each field says what it is, in one form whose method never puts a password into an address."""
    await visitor.open(path)

    form = visitor.page.locator("form")

    await expect(form).to_have_attribute("method", "post")
    for name, attributes in MANAGED[path].items():
        field = form.locator(f"[name={name}]")
        for attribute, value in attributes.items():
            assert (
                await field.evaluate(f"element => element.{attribute} || element.getAttribute('{attribute}')")
                == value
            )
        assert await field.evaluate("element => element.labels.length") == 1


async def test_what_a_password_manager_fills_in_is_sent(visitor: Visitor) -> None:
    """A value that was put into a field without any event counts as well."""
    person = somebody()
    await visitor.sign_up(person)
    await visitor.open("/login")
    await expect(visitor.field("email")).to_be_visible()
    fill = "(element, text) => { element.value = text }"
    await visitor.field("email").evaluate(fill, person.email)
    await visitor.field("password").evaluate(fill, person.password)

    await visitor.press("Log in")

    await expect(visitor.page.get_by_role("heading", level=1, name=person.name)).to_be_visible()


async def test_a_password_can_be_shown(visitor: Visitor) -> None:
    """Show and Hide change what is seen and not what is typed, and a password that is being sent is hidden."""
    await visitor.holding_back(LOGIN)
    await visitor.open("/login")
    await visitor.fill(email="ada@example.com", password="correct horse")
    await visitor.press("Show password")
    await expect(visitor.field("password")).to_have_attribute("type", "text")
    await expect(visitor.field("password")).to_have_value("correct horse")

    await visitor.press("Log in")

    await expect(visitor.field("password")).to_have_attribute("type", "password")
    await expect(visitor.button("Show password")).to_be_visible()


async def test_the_hint_counts_along(visitor: Visitor) -> None:
    """The hint below a new password says how many characters are missing, as they are typed."""
    await visitor.open("/signup")
    hint = visitor.page.locator(".wg-meter")
    await expect(hint).to_contain_text("At least 8 characters.")
    await visitor.field("password").press_sequentially("1234567")
    await expect(hint).to_contain_text("1 more character to go")

    await visitor.field("password").press_sequentially("8")

    await expect(hint).to_contain_text("Long enough")


@pytest.mark.parametrize(
    "name", ["<img src=x onerror=alert(1)>", "</script><script>alert(1)</script>", "{{7*7}}&amp;"]
)
async def test_what_was_typed_is_shown_as_text(visitor: Visitor, name: str) -> None:
    """A name that looks like markup is a name: letter for letter on the page, and nothing is loaded or run."""
    person = somebody(name)
    await visitor.open("/signup")
    await visitor.fill(name=name, email=person.email, password=person.password)
    await visitor.press("Create account")
    await expect(visitor.page.get_by_role("heading", level=1)).to_have_text(f"Welcome, {name}")

    await visitor.log_in(person)
    await visitor.open("/profile")

    await expect(visitor.page.get_by_role("heading", level=1)).to_have_text(name)
    await expect(visitor.page.locator("#wicketgate img, #wicketgate script")).to_have_count(0)
    await visitor.fill(bio=f"<b>{name}</b>")
    await visitor.press("Save changes")
    await expect(visitor.page.get_by_text("Your profile has been saved.")).to_be_visible()
    await expect(visitor.field("bio")).to_have_value(f"<b>{name}</b>")
