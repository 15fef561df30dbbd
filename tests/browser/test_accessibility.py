"""Every page and state for everybody: by a checker, in light and dark, narrow and large, by key, without motion."""

from __future__ import annotations

import json

import pytest
from playwright.async_api import Page, expect

from tests.browser.account_states import ACCOUNT_STATES
from tests.browser.axe import violations
from tests.browser.conftest import Arrive
from tests.browser.services import MailedService
from tests.browser.states import STATES
from tests.browser.visitor import Visitor

_TOO_WIDE = """() => {
  const page = document.documentElement;
  const outside = [...document.querySelectorAll("body *")].filter((element) => {
    const { left, right, width } = element.getBoundingClientRect();
    return width > 0 && (right > innerWidth + 1 || left < -1) && !element.closest(".wg-hidden, .sr-only");
  });
  return [page.scrollWidth > innerWidth && `${page.scrollWidth} > ${innerWidth}`,
    ...outside.map(({ outerHTML }) => outerHTML.slice(0, 120))].filter(Boolean);
}"""
_FOCUS = """() => {
  const shown = (element) => element && getComputedStyle(element).outlineStyle !== "none";
  const { activeElement: focused } = document;
  const name = focused === document.body ? null : focused.textContent.trim() || focused.name;
  return { name, shown: shown(focused) || shown(focused.closest(".wg-control")) };
}"""


@pytest.mark.parametrize("state", STATES)
async def test_every_state_is_for_everybody(arrive: Arrive, on_sqlite: str, state: str) -> None:
    """In light and in dark no rule of WCAG 2.2 AA or good practice is broken that a machine can check; and at 320 px,
    at 200 % zoom and with letters of twice the size, everything is within the width of the page."""
    visitor = await arrive(on_sqlite, reduced_motion="reduce", color_scheme="light")
    await STATES[state](visitor)

    await _is_for_everybody(visitor)


@pytest.mark.parametrize("state", ACCOUNT_STATES)
async def test_every_state_of_an_account_is_for_everybody(
    arrive: Arrive, with_mail: MailedService, state: str
) -> None:
    """The same, of the pages for an account's whole life."""
    visitor = await arrive(with_mail.address, reduced_motion="reduce", color_scheme="light")
    await ACCOUNT_STATES[state](visitor, with_mail.letters)

    await _is_for_everybody(visitor)


async def _is_for_everybody(visitor: Visitor) -> None:
    in_light = await violations(visitor.page)
    await visitor.page.emulate_media(color_scheme="dark")
    await visitor.page.set_viewport_size({"width": 320, "height": 640})
    in_dark = await violations(visitor.page)
    narrow = await visitor.page.evaluate(_TOO_WIDE)
    await visitor.page.set_viewport_size({"width": 640, "height": 400})
    zoomed = await visitor.page.evaluate(_TOO_WIDE)
    await visitor.page.evaluate("document.documentElement.style.fontSize = '200%'")
    large = await visitor.page.evaluate(_TOO_WIDE)

    assert json.dumps([in_light, in_dark], indent=1) == json.dumps([[], []], indent=1)
    assert [narrow, zoomed, large] == [[], [], []]


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_documentation_of_the_api_is_for_everybody_too(arrive: Arrive, on_sqlite: str, scheme: str) -> None:
    """The checker finds nothing at /docs, and at 320 px only its examples scroll, not the page."""
    visitor = await arrive(on_sqlite, color_scheme=scheme, viewport={"width": 320, "height": 640})

    await visitor.open("/docs")

    assert await violations(visitor.page) == []
    assert await visitor.page.evaluate("document.documentElement.scrollWidth") == 320


async def test_the_checker_finds_something(visitor: Visitor) -> None:
    """A picture without a text and grey on grey are found, so that finding nothing means something."""
    await visitor.open("/login")
    await expect(visitor.button("Log in")).to_be_visible()
    await visitor.page.evaluate("""() => {
      document.querySelector("main").append(new Image());
      document.querySelector("h1").style.color = "#ddd";
    }""")

    found = await violations(visitor.page)

    assert {one["id"] for one in found} >= {"image-alt", "color-contrast"}


async def test_what_is_too_wide_is_found(visitor: Visitor) -> None:
    """A word that sticks out is found, so that finding nothing means something."""
    await visitor.open("/login")
    await expect(visitor.button("Log in")).to_be_visible()
    await visitor.page.set_viewport_size({"width": 320, "height": 640})

    await visitor.page.evaluate("document.querySelector('h1').style.width = '400px'")

    assert len(await visitor.page.evaluate(_TOO_WIDE)) >= 2


@pytest.mark.parametrize("state", ["login", "signup", "signup-done", "profile", "profile-token-question"])
async def test_who_comes_by_key_sees_where_they_are(visitor: Visitor, state: str) -> None:
    """Each place where Tab stops has a visible outline, and Tab leads once through the whole page."""
    await STATES[state](visitor)
    await _tab_through(visitor.page)

    stops = await _tab_through(visitor.page)

    assert len(stops) >= 3
    assert [name for name, shown in stops if not shown] == []


@pytest.mark.parametrize("state", ["forgot-password", "verify-email-dead", "security-many", "security-token-form"])
async def test_who_comes_by_key_sees_where_they_are_in_an_account(
    arrive: Arrive, with_mail: MailedService, state: str
) -> None:
    """The same, of the pages for an account's whole life."""
    visitor = await arrive(with_mail.address)
    await ACCOUNT_STATES[state](visitor, with_mail.letters)
    await _tab_through(visitor.page)

    stops = await _tab_through(visitor.page)

    assert len(stops) >= 2
    assert [name for name, shown in stops if not shown] == []


async def _tab_through(page: Page) -> list[tuple[str, bool]]:
    """Each stop with whether it is seen, until Tab leaves the page, which the next Tab enters at its top."""
    stops: list[tuple[str, bool]] = []
    for _ in range(40):
        await page.keyboard.press("Tab")
        stop = await page.evaluate(_FOCUS)
        if stop["name"] is None:
            return stops
        stops.append((stop["name"], stop["shown"]))
    raise AssertionError(f"Tab never leaves the page: {stops}")


@pytest.mark.parametrize(("scheme", "dark"), [("light", False), ("dark", True)])
async def test_dark_is_dark(arrive: Arrive, on_sqlite: str, scheme: str, dark: bool) -> None:
    """The page follows what the system asks for, its background and the browser's own controls included."""
    visitor = await arrive(on_sqlite, color_scheme=scheme)
    await STATES["login"](visitor)

    background = await visitor.page.evaluate("getComputedStyle(document.body).backgroundColor")

    levels = [int(level) for level in background.removeprefix("rgb(").removesuffix(")").split(",")]
    assert (max(levels) < 64) is dark
    assert (min(levels) > 191) is not dark
    assert await visitor.page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light dark"


@pytest.mark.parametrize(("motion", "turns"), [("reduce", False), ("no-preference", True)])
async def test_nothing_moves_for_who_wants_no_motion(
    arrive: Arrive, on_sqlite: str, motion: str, turns: bool
) -> None:
    """With reduced motion asked for, the spinner does not turn, nothing slides, and the outline does not pulse."""
    visitor = await arrive(on_sqlite, reduced_motion=motion)
    await STATES["login-busy"](visitor)

    spinner = await visitor.page.locator(".wg-spinner").evaluate("element => getComputedStyle(element).animationName")
    button = visitor.page.locator(".wg-button")
    slides = await button.evaluate("element => getComputedStyle(element).transitionDuration")

    assert (spinner == "wg-turn") is turns
    assert ({part.strip() for part in slides.split(",")} != {"0s"}) is turns
    await STATES["profile-loading"](visitor)
    outline = visitor.page.locator("main > [aria-hidden]")
    assert (await outline.evaluate("element => getComputedStyle(element).animationName") != "none") is turns
