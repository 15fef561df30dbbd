"""A browser, services and visitors. All browser tests of a worker share one event loop, as they share the browser."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser.chrome import running
from tests.browser.services import MailedService, service_on_dynamodb, service_on_sqlite, service_with_mail
from tests.browser.visitor import Visitor
from tests.support.chromium import chromium, why_not

# Where no browser can be run there is nothing to collect; tests/conftest.py says so in one line. A CI that was
# meant to run them must not pass without: there, each of them fails and says why.
collect_ignore_glob = ["test_*.py"] if why_not() and not os.environ.get("CI") else []

PATIENCE_MS = 15_000
expect.set_options(timeout=PATIENCE_MS)

Arrive = Callable[..., Awaitable[Visitor]]
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser belongs to the loop it was started in."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """A running Chromium."""
    async with running(chromium()) as started:
        yield started


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The address of a service on SQLite."""
    async with service_on_sqlite(tmp_path_factory.mktemp("sqlite")) as address:
        yield address


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def with_mail(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[MailedService]:
    """A service on SQLite with everything turned on, and its mail."""
    async with service_with_mail(tmp_path_factory.mktemp("mail")) as service:
        yield service


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def on_dynamodb(tmp_path_factory: pytest.TempPathFactory, dynamodb_local: str) -> AsyncIterator[str]:
    """The address of a service on DynamoDB Local."""
    async with service_on_dynamodb(tmp_path_factory.mktemp("dynamodb"), dynamodb_local) as address:
        yield address


@pytest.fixture(params=["sqlite", "dynamodb"])
def on_each_store(request: pytest.FixtureRequest) -> Any:
    """The address of a service, once for each store."""
    return request.getfixturevalue(f"on_{request.param}")


@pytest_asyncio.fixture(loop_scope="session")
async def arrive(browser: Browser) -> AsyncIterator[Arrive]:
    """Lets visitors arrive at a service; in the end nobody's browser may have complained."""
    arrived: list[Visitor] = []

    async def arriving(address: str, **options: Any) -> Visitor:
        context = await browser.new_context(**options)
        context.set_default_timeout(PATIENCE_MS)
        arrived.append(await Visitor.arriving(context, address))
        return arrived[-1]

    yield arriving
    for visitor in arrived:
        await visitor.leave()
    assert [complaint for visitor in arrived for complaint in visitor.complaints] == []


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(arrive: Arrive, on_sqlite: str) -> Visitor:
    """A visitor of a service on SQLite."""
    return await arrive(on_sqlite)
