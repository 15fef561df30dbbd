"""Pictures of every page and state, to be looked at: `python -m tests.browser.screenshots [state …]`.

They are written to `test-results/`, each in light, in dark and 320 px wide. `--readme` makes the README's anew.
"""

from __future__ import annotations

import asyncio
import base64
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playwright.async_api import Browser

from tests.browser.account_states import ACCOUNT_STATES, BringWithMail
from tests.browser.chrome import running
from tests.browser.services import MailedService, service_on_sqlite, service_with_mail
from tests.browser.states import STATES, Bring
from tests.browser.visitor import Visitor
from tests.support.chromium import chromium

FOLDER = Path("test-results")
VARIANTS: Mapping[str, Mapping[str, Any]] = {
    "light": {"viewport": {"width": 1024, "height": 768}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1024, "height": 768}, "color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 640}, "color_scheme": "light"},
}
README = Path("docs/images/login.png")
_HALF = {"viewport": {"width": 480, "height": 560}, "device_scale_factor": 1.5}


async def picture(browser: Browser, address: str, bring: Bring, **options: Any) -> bytes:
    """One state as a PNG."""
    context = await browser.new_context(**options, reduced_motion="reduce")
    visitor = await Visitor.arriving(context, address)
    await bring(visitor)
    taken = await visitor.page.screenshot(full_page=True)
    await visitor.leave()
    return taken


async def side_by_side(browser: Browser, pictures: list[bytes]) -> bytes:
    """Pictures of `_HALF` each as one."""
    page = await browser.new_page(viewport={"width": 480 * len(pictures), "height": 560}, device_scale_factor=1.5)
    shown = "".join(
        f"<img width=480 src='data:image/png;base64,{base64.b64encode(one).decode()}'>" for one in pictures
    )
    await page.set_content(f"<body style='margin: 0; display: flex'>{shown}", wait_until="load")
    return await page.screenshot()


async def take_all(states: list[str]) -> dict[Path, bytes]:
    """All pictures of these states, or the one in the README, by where they belong."""
    with tempfile.TemporaryDirectory() as folder:
        async with (
            running(chromium()) as browser,
            service_on_sqlite(Path(folder)) as plain,
            service_with_mail(Path(folder), SQLITE_PATH="mailed.db") as mailed,
        ):
            if states == ["--readme"]:
                schemes = ("light", "dark")
                halves = [
                    await picture(browser, plain, STATES["login"], color_scheme=one, **_HALF) for one in schemes
                ]
                return {README: await side_by_side(browser, halves)}
            ways: dict[str, tuple[str, Bring]] = {
                **{name: (plain, bring) for name, bring in STATES.items()},
                **{name: (mailed.address, _with(bring, mailed)) for name, bring in ACCOUNT_STATES.items()},
            }
            return {
                FOLDER / f"{state}.{variant}.png": await picture(browser, *ways[state], **options)
                for state in states or list(ways)
                for variant, options in VARIANTS.items()
            }


def _with(bring: BringWithMail, service: MailedService) -> Bring:
    async def brought(visitor: Visitor) -> None:
        await bring(visitor, service.letters)

    return brought


if __name__ == "__main__":
    for path, content in asyncio.run(take_all(sys.argv[1:])).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
