"""Pages of another origin, in a real browser with its cookies: from the same site, and from another."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from tests.support.ports import free_port, running_service
from tests.support.service import JWT_SECRET, PASSWORD, fresh_email

# Names below `localhost` are this machine for a browser, and each name right below it is a site.
SERVICE, SAME_SITE, ELSEWHERE = "auth.shop.localhost", "app.shop.localhost", "app.other.localhost"
CALL = """async ({ address, method, path, body, headers }) => {
  const answer = await fetch(address + path, {
    method,
    credentials: "include",
    headers: { "Content-Type": "application/json", ...headers },
    body: body ? JSON.stringify(body) : undefined,
  });
  return { status: answer.status, body: await answer.json(), csrf: answer.headers.get("X-CSRF-Token") };
}"""


class Script:
    """A script on a page of another origin."""

    def __init__(self, page: Page, address: str) -> None:
        self._page = page
        self._address = address

    async def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Status, body and CSRF token, as the script reads them in the answer."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self._page.evaluate(
            CALL, {"address": self._address, "method": method, "path": path, "body": body, "headers": sent}
        )

    async def log_in(self) -> Any:
        """The answer to the login of somebody new."""
        account = {"email": fresh_email(), "password": PASSWORD}
        assert (await self.call("POST", "/api/auth/signup", account))["status"] == 201
        return await self.call("POST", "/api/auth/login", account)

    async def cookies(self) -> str:
        """Those that the page can read."""
        return str(await self._page.evaluate("document.cookie"))


@dataclass(frozen=True, slots=True)
class Site:
    """The ports of a server with a page, and of the service that lets in who comes from there under either name."""

    pages: int
    service: int


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Both servers, running."""
    (tmp_path / "index.html").write_text("<!doctype html><title>Shop</title><link rel=icon href=data:,>")
    at = Site(free_port(), free_port())
    origins = f"http://{SAME_SITE}:{at.pages},http://{ELSEWHERE}:{at.pages}"
    pages = ["-m", "http.server", str(at.pages), "--bind", "127.0.0.1"]
    with (
        running_service(at.pages, tmp_path, pages),
        running_service(at.service, tmp_path, JWT_SECRET=JWT_SECRET, ALLOWED_ORIGINS=origins),
    ):
        yield at


@asynccontextmanager
async def script_at(name: str, browser: Browser, site: Site) -> AsyncIterator[Script]:
    """A script on a page under this name."""
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(f"http://{name}:{site.pages}/")
    yield Script(page, f"http://{SERVICE}:{site.service}")
    await context.close()


async def test_a_page_of_the_same_site_changes_things_with_its_cookie(browser: Browser, site: Site) -> None:
    """The browser sends the cookies, which the page cannot read; the CSRF token is in the answers."""
    async with script_at(SAME_SITE, browser, site) as page:
        login = await page.log_in()
        readable = await page.cookies()
        profile = await page.call("GET", "/api/profile")
        without = await page.call("PUT", "/api/profile/update", {"name": "Ada"})
        saved = await page.call("PUT", "/api/profile/update", {"name": "Ada"}, X_CSRF_Token=profile["csrf"])
        gone = await page.call("POST", "/api/auth/logout", X_CSRF_Token=login["csrf"])
        after = await page.call("GET", "/api/profile")

    assert (readable, login["csrf"]) == ("", profile["csrf"])
    assert [answer["status"] for answer in (profile, without, saved, gone, after)] == [200, 403, 200, 200, 401]


async def test_a_page_of_another_site_needs_the_token(browser: Browser, site: Site) -> None:
    """No browser sends the cookies there (`SameSite=Strict`); with `Authorization` it may do everything."""
    async with script_at(ELSEWHERE, browser, site) as page:
        login = await page.log_in()
        by_cookie = await page.call("GET", "/api/profile")
        bearer = {"Authorization": f"Bearer {login['body']['token']}"}
        by_token = await page.call("PUT", "/api/profile/update", {"name": "Ada"}, **bearer)

    assert (by_cookie["status"], by_token["status"]) == (401, 200)
