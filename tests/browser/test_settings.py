"""What the settings make of the pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.axe import violations
from tests.browser.conftest import Arrive
from tests.browser.services import service_on_sqlite
from tests.browser.visitor import Visitor

LOGO = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 40" width="80" height="40">
<script>document.documentElement.setAttribute("data-ran", "")</script><circle cx="20" cy="20" r="20"/></svg>"""


async def test_pages_can_be_turned_off(arrive: Arrive, tmp_path: Path) -> None:
    """With PAGES=false only the API is left: each page is 404 in JSON, and so are its files."""
    async with service_on_sqlite(tmp_path, PAGES="false") as address:
        visitor = await arrive(address)
        for path in ("/", "/login", "/signup", "/profile", "/theme.css"):
            answer = await visitor.context.request.get(address + path)

            assert answer.status == 404
            assert answer.headers["content-type"] == "application/json"
            assert (await answer.json())["success"] is False
        assert (await visitor.context.request.get(f"{address}/healthz")).ok


async def test_name_and_logo_are_the_products(arrive: Arrive, tmp_path: Path) -> None:
    """PRODUCT_NAME, shown as text, and LOGO_FILE, shown as a picture, stand on the page and in its title."""
    name = """Ada's <b>"Engine"</b> & Co"""
    logo = tmp_path / "logo.svg"
    logo.write_text(LOGO)
    async with service_on_sqlite(tmp_path, PRODUCT_NAME=name, LOGO_FILE=str(logo)) as address:
        visitor = await arrive(address)

        await visitor.open("/login")

        await expect(visitor.page.get_by_text(name, exact=True)).to_be_visible()
        await expect(visitor.page).to_have_title(f"Log in · {name}")
        picture = visitor.page.locator("header img")
        await expect(picture).to_be_visible()
        assert await picture.evaluate("element => element.naturalWidth") == 80
        visitor.expect_trouble("404")  # beside a picture the browser looks for an icon by itself
        await visitor.open("/logo.svg")
        assert await visitor.page.evaluate("document.documentElement.hasAttribute('data-ran')") is False
        visitor.complaints.clear()  # the policy is right to refuse the picture's script


@pytest.mark.parametrize(
    ("accent", "text"),
    [("#7c3aed", "rgb(255, 255, 255)"), ("#ffd400", "rgb(0, 0, 0)"), ("#111111", "rgb(255, 255, 255)")],
    ids=["purple", "yellow", "black"],
)
async def test_the_accent_colours_everything_and_stays_readable(
    arrive: Arrive, tmp_path: Path, accent: str, text: str
) -> None:
    """ACCENT_COLOR is the colour of buttons, in light and in dark, and whatever it is, the page can be read."""
    async with service_on_sqlite(tmp_path, ACCENT_COLOR=accent) as address:
        visitor = await arrive(address, reduced_motion="reduce")
        await visitor.open("/login")
        await expect(visitor.button("Log in")).to_be_visible()
        for scheme in ("light", "dark"):
            await visitor.page.emulate_media(color_scheme=scheme)

            background, colour = await _colours(visitor)

            assert background == _rgb(accent)
            assert colour == text
            assert await violations(visitor.page) == []


async def _colours(visitor: Visitor) -> tuple[str, str]:
    """As painted: the browser's own arithmetic is asked for eight bits a channel."""
    background, colour = await visitor.button("Log in").evaluate("""element => {
      const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
      const painted = (colour) => {
        context.fillStyle = colour;
        context.fillRect(0, 0, 1, 1);
        return `rgb(${[...context.getImageData(0, 0, 1, 1).data].slice(0, 3).join(", ")})`;
      };
      const { backgroundColor, color } = getComputedStyle(element);
      return [painted(backgroundColor), painted(color)];
    }""")
    return background, colour


def _rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))})"
