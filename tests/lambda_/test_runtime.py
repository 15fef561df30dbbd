"""The function in a process of its own, called by AWS's own client: from this installation, and from the package."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import time
from collections.abc import Iterator

import pytest

from tests.lambda_ import places
from tests.lambda_.events import BOTH, Visitor, by_api, by_url, lives_a_life
from tests.lambda_.runtime import PATIENCE_SECONDS, Environment, InvocationFailed
from tests.support.dynamodb_local import dynamodb_store, endpoint_environment, random_table
from tests.support.service import JWT_SECRET

EVENTS = 1000
GROWTH_KILOBYTES = 2048

pytestmark = pytest.mark.parametrize("place", places.names())

Settings = dict[str, str]


@pytest.fixture
def settings(dynamodb_local: str) -> Settings:
    """The variables of a function on a table of its own."""
    table = random_table()
    asyncio.run(_make_table(dynamodb_local, table))
    return settings_on(dynamodb_local, table)


async def _make_table(endpoint: str, table: str) -> None:
    store = dynamodb_store(endpoint, table)
    await store.create_table()
    await store.close()


def settings_on(endpoint: str, table: str) -> Settings:
    """The variables of a function on this table."""
    own = {"ENVIRONMENT": "production", "JWT_SECRET": JWT_SECRET, "BCRYPT_COST": "4"}
    return {**endpoint_environment(endpoint, table), **own}


@pytest.fixture
def silent() -> Iterator[str]:
    """The endpoint of a server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def test_a_life(environments: Environment.Starter, place: str, settings: Settings) -> None:
    """A cold start, and then everything that a user does, by events of both kinds."""
    environment = environments.start(places.place(place), settings)

    for number, kind in enumerate(BOTH):
        lives_a_life(Visitor(environment.invoke, kind), f"user{number}@example.com")

    assert environment.process.poll() is None
    assert {line["event"] for line in environment.lines} >= {"request", "signup", "login", "logout"}


def test_pages_and_files(environments: Environment.Starter, place: str, settings: Settings) -> None:
    """The pages, all that they load, and the documentation come out of a function."""
    environment = environments.start(places.place(place), settings)
    page = environment.invoke(by_url("/login"))["body"]
    script = page.partition("src='")[2].partition("'")[0]

    loaded = environment.invoke(by_api(script, headers={"accept-encoding": "gzip"}))

    assert loaded["headers"]["content-encoding"] == "gzip"
    assert loaded["isBase64Encoded"] is True
    for path in ("/docs", "/openapi.json", "/docs.css", "/favicon.svg", "/theme.css"):
        assert environment.invoke(by_url(path))["statusCode"] == 200, path


def test_a_thousand_events_leave_nothing_behind(
    environments: Environment.Starter, place: str, settings: Settings
) -> None:
    """Memory does not grow with the number of events."""
    environment = environments.start(places.place(place), settings)
    visitor = Visitor(environment.invoke)
    account = {"email": "ada@example.com", "password": "correct horse battery"}
    visitor.send("POST", "/api/auth/signup", account)
    visitor.send("POST", "/api/auth/login", account)

    def read(times: int) -> int:
        statuses = {visitor.send("GET", "/api/profile")["statusCode"] for _ in range(times)}
        assert statuses == {200}
        return environment.resident_kilobytes

    before = read(EVENTS // 4)
    after = read(EVENTS)

    assert after - before < GROWTH_KILOBYTES


def test_errors(environments: Environment.Starter, place: str, settings: Settings) -> None:
    """What is refused is an answer; an event that nobody knows fails alone, and says why in the log."""
    environment = environments.start(places.place(place), settings)

    refused = environment.invoke(by_url("/api/profile"))

    assert refused["statusCode"] == 401
    with pytest.raises(InvocationFailed, match="UnknownEvent"):
        environment.invoke({"key1": "value1"})
    assert "payload format 2.0" in environment.output
    assert environment.invoke(by_url("/healthz"))["statusCode"] == 200


def test_a_store_that_hangs(environments: Environment.Starter, place: str, silent: str) -> None:
    """Whoever asks while DynamoDB says nothing hears of it within three seconds."""
    environment = environments.start(places.place(place), settings_on(silent, "users-test"))
    environment.idle()
    began = time.monotonic()

    result = environment.invoke(by_url("/readyz"))

    assert result["statusCode"] == 503
    assert json.loads(result["body"])["success"] is False
    # The store is given up after 2.5 s; the rest is for a machine that has other things to do.
    assert time.monotonic() - began < 5


def test_settings_that_do_not_do(environments: Environment.Starter, place: str, settings: Settings) -> None:
    """A function without its secret refuses to start, and says which in the log."""
    environment = environments.start(places.place(place), {**settings, "JWT_SECRET": "nowhere-near-enough"})

    status = environment.process.wait(PATIENCE_SECONDS)

    assert status != 0
    assert "ConfigurationError: JWT_SECRET has fewer than 32 bytes" in environment.output
    assert "nowhere-near-enough" not in environment.output


def test_the_end(environments: Environment.Starter, place: str, settings: Settings) -> None:
    """SIGTERM ends a function that waits for its next event, without a word of complaint."""
    environment = environments.start(places.place(place), settings)
    environment.invoke(by_url("/readyz"))

    status = environment.terminate()

    assert status == -signal.SIGTERM
    assert environment.lines[-1]["route"] == "/readyz"
    assert "Unclosed" not in environment.output
