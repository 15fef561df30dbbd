"""Starts the browser."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright

from tests.support.chromium import ARGUMENTS, Chromium


@asynccontextmanager
async def running(found: Chromium) -> AsyncIterator[Browser]:
    """A browser that runs until it is no longer needed."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=found.path,
            args=list(ARGUMENTS),
            env={**found.whole_environment},
            # Playwright turns off what the tests of the back button are about.
            ignore_default_args=["--disable-back-forward-cache"],
        )
        yield browser
        await browser.close()
