"""The Next.js example, built and started as its README says, in front of a real service."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from subprocess import Popen

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.browser.axe import violations
from tests.browser.conftest import Arrive
from tests.browser.visitor import Account, Visitor, somebody
from tests.support.nextjs import Built, built, running_example
from tests.support.ports import running_service
from tests.support.service import JWT_SECRET, PASSWORD, fresh_email

# All of them need the one port that the built application knows.
pytestmark = pytest.mark.xdist_group("nextjs")

PUBLIC = "https://app.example.com"
OF_LINKS = ("/reset-password#secret.user", "/verify-email#a.b", "/change-email#a.b", "/undo-email#a.b")


@pytest.fixture(scope="module")
def application() -> Iterator[Built]:
    """The example, built."""
    with built() as example:
        yield example


@pytest.fixture(scope="module")
def address(application: Built) -> Iterator[str]:
    """Where the example answers."""
    with running_example(application) as started:
        yield started


class Behind:
    """The service behind the example, which can be started, stopped and started again with its users."""

    def __init__(self, port: int, folder: Path) -> None:
        self._port = port
        self._folder = folder

    def running(self, **settings: str) -> AbstractContextManager[Popen[bytes]]:
        """The service while the block lasts."""
        known = {"JWT_SECRET": JWT_SECRET, "RATE_LIMIT_MAX_REQUESTS": "0", "SQLITE_PATH": "users.db"}
        return running_service(self._port, self._folder, **{**known, **settings})

    async def mailed_link(self, path: str) -> str:
        """The path, with its token, in the newest mail that leads there, once the service has printed it."""
        async with asyncio.timeout(30), httpx.AsyncClient(trust_env=False) as client:
            while True:
                sent = (await client.get(f"http://127.0.0.1:{self._port}/dev/outbox.json")).text
                if found := re.search(rf"{path}#[\w.-]+", sent):
                    return found[0]
                await asyncio.sleep(0.05)


@pytest.fixture
def service(application: Built, tmp_path: Path) -> Behind:
    """The service, not yet started."""
    return Behind(application.service_port, tmp_path)


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(arrive: Arrive, address: str, service: Behind) -> AsyncIterator[Visitor]:
    """A visitor of the example, whose service runs as `make run` starts it."""
    with service.running():
        yield await arrive(address)


async def _at_dashboard(visitor: Visitor, name: str) -> None:
    await expect(visitor.page).to_have_url(f"{visitor.address}/dashboard")
    await expect(visitor.page.get_by_role("heading", level=1, name=f"Hello, {name}")).to_be_visible()


async def _log_in(visitor: Visitor, person: Account) -> None:
    await visitor.fill(email=person.email, password=person.password)
    await visitor.press("Log in")


async def _signed_in(visitor: Visitor) -> Account:
    person = somebody()
    await visitor.sign_up(person)
    await visitor.log_in(person)
    await visitor.open("/dashboard")
    await _at_dashboard(visitor, person.name)
    return person


async def test_whole_way(visitor: Visitor) -> None:
    """One can sign up, log in, change one's profile and log out, and going back shows nothing private."""
    page, person = visitor.page, somebody()
    await visitor.open("/")
    await page.get_by_role("link", name="Create an account").click()
    await visitor.fill(name=person.name, email=person.email, password=person.password)
    await visitor.press("Create account")
    await page.get_by_role("link", name="Continue to log in").click()
    await _log_in(visitor, person)
    await _at_dashboard(visitor, person.name)
    await page.get_by_role("link", name="Profile").click()
    await visitor.fill(name="Countess Lovelace", bio="Notes on\nthe engine")
    await visitor.press("Save changes")
    await expect(page.get_by_text("Your profile has been saved.")).to_be_visible()
    await page.get_by_role("link", name="Dashboard").click()
    await _at_dashboard(visitor, "Countess Lovelace")
    await visitor.press("Log out")
    await expect(page).to_have_url(f"{visitor.address}/login")
    assert await visitor.context.cookies() == []

    for _ in range(2):
        await page.evaluate("history.back()")
        await expect(page).to_have_url(re.compile(r"/login\?next=%2F(dashboard|profile)$"))
        await expect(visitor.button("Log in")).to_be_visible()
        assert person.email not in await page.content()


async def test_a_stranger_logs_in_first_and_comes_back(visitor: Visitor) -> None:
    """A private page sends a stranger to the login page, and the login to where they wanted to go, query and all."""
    person = somebody()
    await visitor.sign_up(person)
    await visitor.open("/dashboard?tab=1&of=2")
    await expect(visitor.page).to_have_url(f"{visitor.address}/login?next=%2Fdashboard%3Ftab%3D1%26of%3D2")

    await _log_in(visitor, person)

    await expect(visitor.page).to_have_url(f"{visitor.address}/dashboard?tab=1&of=2")
    await expect(visitor.page.get_by_role("heading", level=1, name=f"Hello, {person.name}")).to_be_visible()


async def test_another_tab_notices_the_logout(visitor: Visitor) -> None:
    """After a logout in one tab, what the server rendered for the other is gone from there too."""
    person = await _signed_in(visitor)
    other = await visitor.another_tab("/profile")
    await expect(other.get_by_label("Email")).to_have_value(person.email)

    await visitor.press("Log out")

    await expect(other).to_have_url(f"{visitor.address}/login?next=%2Fprofile")
    await expect(other.get_by_role("button", name="Log in")).to_be_visible()
    assert person.email not in await other.content()


async def test_somebody_else_sees_their_own(visitor: Visitor) -> None:
    """A tab that was open while somebody else logged in shows that person's page, and nothing of the first one's."""
    first, second = await _signed_in(visitor), somebody("Grace Hopper")
    await visitor.sign_up(second)
    await visitor.log_in(second)

    await visitor.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")

    await _at_dashboard(visitor, second.name)
    assert first.email not in await visitor.page.content()


async def test_service_down(arrive: Arrive, address: str, service: Behind) -> None:
    """While the service is down a private page says so, and asks nobody to log in; later it goes on from there."""
    visitor = await arrive(address)
    visitor.expect_trouble("500")
    with service.running():
        person = await _signed_in(visitor)
    answer = await visitor.page.reload()
    assert answer is not None
    assert answer.status == 500
    await expect(visitor.page.get_by_role("heading", name="We cannot reach your account")).to_be_visible()
    await expect(visitor.page).to_have_url(f"{address}/dashboard")

    with service.running():
        await visitor.press("Try again")

        await _at_dashboard(visitor, person.name)

    # What React says in the console of an error on the server.
    assert [complaint for complaint in visitor.complaints if "React error #441" not in complaint] == []
    visitor.complaints.clear()


async def test_a_forgotten_password(visitor: Visitor, service: Behind) -> None:
    """By the link in the service's mail another password is chosen on the application's own page, and counts."""
    person = somebody()
    await visitor.sign_up(person)
    await visitor.open("/login")
    await visitor.page.get_by_role("link", name="Forgot your password?").click()
    await visitor.page.wait_for_url("**/forgot-password")
    # The server has written the form before there is a script to send it.
    await visitor.page.wait_for_load_state("networkidle")
    await visitor.fill(email=person.email)
    await visitor.press("Send me a link")
    await expect(visitor.page.get_by_text("a link to choose a new password is on its way")).to_be_visible()
    await visitor.open(await service.mailed_link("/reset-password"))
    await expect(visitor.page).to_have_url(f"{visitor.address}/reset-password")
    await visitor.fill(password="seven loud marigolds")
    await visitor.press("Save the new password")
    await visitor.page.get_by_role("link", name="Go to login").click()

    await visitor.fill(email=person.email, password="seven loud marigolds")
    await visitor.press("Log in")

    await _at_dashboard(visitor, person.name)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_accessible(arrive: Arrive, address: str, service: Behind, scheme: str) -> None:
    """The checker finds nothing against any page, narrow as a phone, in light and in dark."""
    viewport = {"width": 320, "height": 640}
    visitor = await arrive(address, color_scheme=scheme, viewport=viewport, reduced_motion="reduce")
    found: dict[str, list[object]] = {}
    with service.running():
        for path in ("/", "/login", "/signup", "/forgot-password", *OF_LINKS):
            await visitor.open(path)
            found[path] = await violations(visitor.page)
        await _signed_in(visitor)
        for path in ("/", "/dashboard", "/profile", "/security"):
            await visitor.open(path)
            found[f"{path} with a session"] = await violations(visitor.page)

    assert {path: problems for path, problems in found.items() if problems} == {}


def _beyond_the_proxy(address: str, source: str, origin: str, **headers: str) -> httpx.AsyncClient:
    """An older browser at `source`, seen through the proxy that speaks https for the application."""
    forwarded = {"Host": "app.example.com", "X-Forwarded-For": source, "X-Forwarded-Proto": "https"}
    sent = {**forwarded, "Origin": origin, **headers}
    return httpx.AsyncClient(base_url=address, headers=sent, trust_env=False)


async def _login(client: httpx.AsyncClient, email: str) -> httpx.Response:
    return await client.post("/api/auth/login", json={"email": email, "password": PASSWORD})


async def test_in_production(address: str, service: Behind) -> None:
    """With the settings that docs/nextjs.md names, logins, limits and checks of the origin work behind a proxy."""
    email = fresh_email()
    production = {"ENVIRONMENT": "production", "PUBLIC_URL": PUBLIC, "TRUSTED_PROXIES": "127.0.0.1,::1"}
    with service.running(**production, RATE_LIMIT_MAX_REQUESTS="2"):
        async with _beyond_the_proxy(address, "192.0.2.1", PUBLIC) as one:
            await one.post("/api/auth/signup", json={"email": email, "password": PASSWORD})
            logins = [await _login(one, email) for _ in range(3)]
        async with _beyond_the_proxy(address, "192.0.2.2", PUBLIC) as another:
            elsewhere = await _login(another, email)
        async with _beyond_the_proxy(address, "192.0.2.3", "https://evil.example") as evil:
            refused = await _login(evil, email)
        cookies = [cookie.partition(";")[0] for cookie in logins[0].headers.get_list("set-cookie")]
        async with _beyond_the_proxy(address, "192.0.2.4", PUBLIC, Cookie="; ".join(cookies)) as known:
            dashboard = await known.get("/dashboard")
            csrf = cookies[1].removeprefix("__Host-csrf_token=")
            logout = await known.post("/api/auth/logout", headers={"X-CSRF-Token": csrf})
            afterwards = await known.get("/dashboard")

    assert [answer.status_code for answer in logins] == [200, 200, 429]
    names = [cookie.partition("=")[0] for cookie in cookies]
    assert names == ["__Host-auth_token", "__Host-csrf_token", "__Host-device"]
    assert elsewhere.status_code == 200
    assert refused.status_code == 403
    assert email in dashboard.text
    assert "no-store" in dashboard.headers["cache-control"]
    assert logout.status_code == 200
    assert afterwards.headers["location"] == "/login?next=%2Fdashboard"


async def test_headers(address: str) -> None:
    """Nobody else may frame the pages, and no answer tells where the service is."""
    async with httpx.AsyncClient(base_url=address, trust_env=False) as client:
        answers = [await client.get(path) for path in ("/login", "/dashboard", "/api/profile")]

    assert answers[0].headers["content-security-policy"] == "frame-ancestors 'none'"
    assert ["x-middleware-rewrite" in answer.headers for answer in answers] == [False, False, False]
