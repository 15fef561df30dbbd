"""Pictures of every page and state, to be looked at: `python -m tests.browser.screenshots [state …]`.

They are written to `test-results/`, each in light, in dark and 320 px wide.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playwright.async_api import Browser

from tests.browser.chrome import running
from tests.browser.services import service_on_sqlite
from tests.browser.states import STATES
from tests.browser.visitor import Visitor
from tests.support.chromium import chromium

FOLDER = Path("test-results")
VARIANTS: Mapping[str, Mapping[str, Any]] = {
    "light": {"viewport": {"width": 1024, "height": 768}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1024, "height": 768}, "color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 640}, "color_scheme": "light"},
}


async def take(browser: Browser, address: str, state: str, variant: str) -> None:
    """One picture."""
    context = await browser.new_context(**VARIANTS[variant], reduced_motion="reduce")
    visitor = await Visitor.arriving(context, address)
    await STATES[state](visitor)
    await visitor.page.screenshot(path=FOLDER / f"{state}.{variant}.png", full_page=True)
    await visitor.leave()


async def take_all(states: list[str]) -> None:
    """All pictures of these states."""
    with tempfile.TemporaryDirectory() as folder:
        async with running(chromium()) as browser, service_on_sqlite(Path(folder)) as address:
            for state in states:
                for variant in VARIANTS:
                    await take(browser, address, state, variant)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    asyncio.run(take_all(sys.argv[1:] or list(STATES)))
