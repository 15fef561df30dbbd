"""A person at a browser: what they can do, and what the browser complained of meanwhile."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from playwright.async_api import BrowserContext, ConsoleMessage, Locator, Page, Request, Route

from tests.support.service import PASSWORD, fresh_email

# The event comes before any script of the page could miss it; the console is where all complaints are gathered.
_REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.effectiveDirective} refused ${event.blockedURI || "inline"}`));
"""
_OF_THE_NETWORK = "Failed to load resource: "
HAS_FOCUS = "element => element === document.activeElement"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody with an account, or about to have one."""

    email: str
    name: str = "Ada Lovelace"
    password: str = PASSWORD


def somebody(name: str = "Ada Lovelace") -> Account:
    """A person nobody has heard of yet."""
    return Account(fresh_email(), name)


class Visitor:
    """A browser of one's own, without cookies, on one service."""

    def __init__(self, context: BrowserContext, page: Page, address: str) -> None:
        self.context = context
        self.page = page
        self.address = address
        self.complaints: list[str] = []
        self.sent: list[Request] = []
        self._expected: list[str] = []
        self._held: list[asyncio.Event] = []
        self._left = False

    @classmethod
    async def arriving(cls, context: BrowserContext, address: str) -> Visitor:
        """A visitor with one empty tab."""
        await context.add_init_script(_REPORT_VIOLATIONS)
        visitor = cls(context, await context.new_page(), address)
        context.on("console", visitor._hear)
        context.on("weberror", lambda error: visitor.complaints.append(f"uncaught: {error.error}"))
        context.on("request", visitor._notice)
        return visitor

    async def leave(self) -> None:
        """Closes the browser, whatever is still under way, and no longer listens to what that breaks."""
        self._left = True
        await self.context.unroute_all(behavior="ignoreErrors")
        # A browser that now and then does not say that it has closed a window is no fault of the service's.
        with suppress(TimeoutError):
            await asyncio.wait_for(self.context.close(), 10)
        for held in self._held:
            held.set()

    def expect_trouble(self, *words: str) -> None:
        """The browser notes each failed request in its console; these, by status or error, belong to the test."""
        self._expected += words

    async def open(self, path: str) -> None:
        """Goes to a page of the service."""
        await self.page.goto(self.address + path)

    async def another_tab(self, path: str) -> Page:
        """A second tab in the same browser."""
        page = await self.context.new_page()
        await page.goto(self.address + path)
        return page

    async def sign_up(self, account: Account) -> None:
        """Has an account made, without the page."""
        await self._post("/api/auth/signup", email=account.email, password=account.password, name=account.name)

    async def log_in(self, account: Account) -> None:
        """Opens a session for this browser, without the page."""
        await self._post("/api/auth/login", email=account.email, password=account.password)

    async def settle_in(self, account: Account | None = None) -> Account:
        """Has an account and a session, and looks at the profile."""
        person = account or somebody()
        await self.sign_up(person)
        await self.log_in(person)
        await self.open("/profile")
        await self.page.get_by_role("heading", level=1, name=person.name).wait_for()
        return person

    async def fill(self, **fields: str) -> None:
        """Types into the fields of these names."""
        for name, text in fields.items():
            await self.field(name).fill(text)

    def field(self, name: str) -> Locator:
        """A field by the name that the service knows it by."""
        return self.page.locator(f"[name={name}]")

    def button(self, name: str) -> Locator:
        """A button by what it says."""
        return self.page.get_by_role("button", name=name, exact=True)

    async def press(self, button: str) -> None:
        """Presses a button."""
        await self.button(button).click()

    def alert(self, text: str) -> Locator:
        """A message that is read out at once."""
        return self.page.get_by_role("alert").filter(has_text=text)

    def error_of(self, name: str) -> Locator:
        """The error that stands beside a field."""
        return self.page.locator(f".wg-field:has([name={name}]) .wg-error")

    def calls(self, path: str) -> list[Request]:
        """The requests made to this path so far."""
        return [request for request in self.sent if request.url == self.address + path]

    async def answering(
        self, path: str, status: int, body: Mapping[str, Any] | None = None, **headers: str
    ) -> Callable[[], Any]:
        """From now on this path answers so, whatever the service would say. Returns what takes that back."""
        said = {"success": False, "error": "An error occurred, please try again"} if body is None else body

        async def answer(route: Route) -> None:
            kept = {name.replace("_", "-"): text for name, text in headers.items()}
            await route.fulfill(status=status, content_type="application/json", headers=kept, body=json.dumps(said))

        await self.context.route(self.address + path, answer)
        return lambda: self.context.unroute(self.address + path, answer)

    async def holding_back(self, path: str) -> asyncio.Event:
        """Requests to this path wait until the event is set, and are then answered by the service."""
        released = asyncio.Event()
        self._held.append(released)

        async def wait(route: Route) -> None:
            await released.wait()
            await route.continue_()

        await self.context.route(self.address + path, wait)
        return released

    async def _post(self, path: str, **body: str) -> None:
        answer = await self.context.request.post(self.address + path, data=body)
        assert answer.ok, await answer.text()

    def _hear(self, message: ConsoleMessage) -> None:
        expected = message.text.startswith(_OF_THE_NETWORK) and any(word in message.text for word in self._expected)
        if message.type in ("error", "warning") and not expected and not self._left:
            self.complaints.append(f"{message.type}: {message.text}")

    def _notice(self, request: Request) -> None:
        self.sent.append(request)
        if not request.url.startswith((f"{self.address}/", "data:")) and not self._left:
            self.complaints.append(f"asked another site: {request.url}")
