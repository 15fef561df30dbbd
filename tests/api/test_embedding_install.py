"""What joining the service and an application does, and the life of the two together."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from starlette.types import Lifespan

from tests.support.embedded import (
    STORES,
    FailingStore,
    TestClient,
    add_routes,
    caller,
    logged_in,
    some_app,
    some_gate,
)
from tests.support.service import JWT_SECRET, PASSWORD, bearer, fresh_email
from wicketgate.core.errors import ConfigurationError, StoreMisconfigured, StoreUnavailable
from wicketgate.fastapi import install, protect
from wicketgate.logs import Line
from wicketgate.stores.memory import MemoryStore


class Wrong(MemoryStore):
    """A store that is not laid out as it must be."""

    async def check(self) -> None:
        raise StoreMisconfigured("the table has another key")


class Away(MemoryStore):
    """A store that does not answer yet."""

    async def check(self) -> None:
        raise StoreUnavailable("nobody there")


def go_through(app: FastAPI) -> int:
    """The status of a protected route after a sign-up and a login, on an event loop of its own."""

    async def steps() -> int:
        client, _ = await logged_in(app)
        return (await client.get("/private")).status_code

    return asyncio.run(steps())


def visit(app: FastAPI) -> int:
    """The same through a test client, which runs the lifespan on an event loop in a thread of its own."""
    with TestClient(app) as client:
        account = {"email": fresh_email(), "password": PASSWORD}
        client.post("/api/auth/signup", json=account)
        client.post("/api/auth/login", json=account)
        return int(client.get("/private").status_code)


async def test_the_service_answers_for_its_own_routes() -> None:
    """Its routes keep their own errors, methods and headers within the application."""
    client = caller(some_app())

    answer = await client.get("/api/auth/login")

    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert answer.json() == {"success": False, "error": "Method not allowed"}
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_the_application_answers_for_everything_else() -> None:
    """An unknown path, an invalid query and a route without users are the application's, untouched."""
    app = some_app()
    app.add_api_route("/double", lambda n: {"n": 2 * n}, methods=["GET"])
    client = caller(app)

    unknown, invalid = await client.get("/nowhere"), await client.get("/double")

    assert (unknown.status_code, unknown.json()) == (404, {"detail": "Not Found"})
    assert (invalid.status_code, invalid.json()["detail"][0]["loc"]) == (422, ["query", "n"])
    assert "x-content-type-options" not in unknown.headers


async def test_a_path_that_the_application_has_stays_its_own() -> None:
    """A route that was there first is not taken away by joining."""
    app = FastAPI()
    app.add_api_route("/healthz", lambda: "mine", methods=["GET"])
    install(app, some_gate())

    answer = await caller(app).get("/healthz")

    assert answer.json() == "mine"


async def test_without_a_service_the_environment_describes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`install(app)` reads the settings as the service itself does, and returns the service."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SQLITE_PATH", str(tmp_path / "elsewhere.db"))
    monkeypatch.setenv("JWT_SECRET", JWT_SECRET)
    monkeypatch.setenv("BCRYPT_COST", "4")
    app = FastAPI()

    gate = install(app)

    add_routes(app)
    client, _ = await logged_in(app)
    assert (await client.get("/private")).status_code == 200
    assert (tmp_path / "elsewhere.db").exists()
    await gate.stop()


def test_joining_twice_is_a_mistake() -> None:
    """A second service in one application would leave open which of them counts."""
    app = some_app()

    with pytest.raises(ConfigurationError, match="already"):
        install(app, some_gate())


async def test_joining_late_is_a_mistake() -> None:
    """An application that has begun to serve would not take the refusals' handler any more, so joining it fails."""
    app = FastAPI()
    await caller(app).get("/")

    with pytest.raises(ConfigurationError, match="begun to serve"):
        protect(app, some_gate())


def test_the_service_lives_around_the_application() -> None:
    """The application's own lifespan runs inside the service's, with its state, and the store is let go of last."""
    store, happened = FailingStore(), list[str]()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[dict[str, str]]:
        happened.append(f"up, closed {store.closed}")
        yield {"word": "hello"}
        happened.append(f"down, closed {store.closed}")

    app = FastAPI(lifespan=lifespan)
    install(app, some_gate(store))
    app.add_api_route("/word", word, methods=["GET"])

    with TestClient(app) as client:
        said = client.get("/word").json()

    assert said == "hello"
    assert happened == ["up, closed 0", "down, closed 0"]
    assert store.closed == 1


async def word(request: Request) -> str:
    """What the lifespan left in the state."""
    return str(request.state.word)


def lifespans() -> list[Lifespan[FastAPI] | None]:
    """An application with a lifespan of its own, and one without."""

    @asynccontextmanager
    async def own(app: FastAPI) -> AsyncGenerator[None]:
        yield

    return [None, own]


@pytest.mark.parametrize("lifespan", lifespans())
def test_a_store_that_does_not_fit_stops_the_start(lifespan: Lifespan[FastAPI] | None) -> None:
    """The application does not start on a store that the service cannot use, and says why."""
    app = FastAPI(lifespan=lifespan)
    install(app, some_gate(Wrong()))

    with pytest.raises(StoreMisconfigured, match="another key"), TestClient(app):
        pass


def test_a_store_that_is_away_does_not_stop_the_start() -> None:
    """The application starts while the store is out of reach, which is noted in the log."""
    lines = list[Line]()
    app = some_app(some_gate(Away(), lines=lines))

    with TestClient(app) as client:
        status = client.get("/either").status_code

    assert status == 200
    assert [line["event"] for line in lines if line["level"] == "warning"] == ["store_unavailable"]


def test_the_store_is_let_go_of_when_the_application_fails_to_start() -> None:
    """A lifespan that raises leaves no open store behind."""
    store = FailingStore()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        raise OSError("no such queue")
        yield

    app = FastAPI(lifespan=lifespan)
    install(app, some_gate(store))

    with pytest.raises(OSError, match="queue"), TestClient(app):
        pass

    assert store.closed == 1


@pytest.mark.parametrize("store", STORES)
def test_it_serves_without_a_lifespan_on_one_loop_after_another(store: str, tmp_path: Path) -> None:
    """Each test's own event loop, which no lifespan precedes, finds the service at work."""
    gate = some_gate(STORES[store](tmp_path))
    app = some_app(gate)

    statuses = [go_through(app) for _ in range(3)]

    assert statuses == [200, 200, 200]
    asyncio.run(gate.stop())


@pytest.mark.parametrize("store", STORES)
def test_it_can_be_started_again(store: str, tmp_path: Path) -> None:
    """One lifespan after another, each on its own event loop, with and without one, work on one application."""
    app = some_app(some_gate(STORES[store](tmp_path)))

    statuses = [visit(app), go_through(app), visit(app), visit(app)]

    assert statuses == [200, 200, 200, 200]


@pytest.mark.parametrize("store", STORES)
def test_several_loops_at_once_share_it(store: str, tmp_path: Path) -> None:
    """Event loops in several threads, started together, are served side by side."""
    gate = some_gate(STORES[store](tmp_path))
    app = some_app(gate)
    together = threading.Barrier(4)

    def one_of_several(number: int) -> int:
        together.wait()
        return visit(app) if number % 2 else go_through(app)

    with ThreadPoolExecutor(4) as threads:
        statuses = list(threads.map(one_of_several, range(4)))

    assert statuses == [200, 200, 200, 200]
    asyncio.run(gate.stop())


async def test_two_applications_share_one_service() -> None:
    """A session of the application with the routes opens the other's protected routes."""
    gate = some_gate()
    front, back = some_app(gate), FastAPI()
    protect(back, gate)
    add_routes(back)
    _, tokens = await logged_in(front)

    answer = await caller(back).get("/private", headers=bearer(tokens["token"]))
    routes = await caller(back).post("/api/auth/login", json={})

    assert (answer.status_code, routes.status_code) == (200, 404)


def test_the_first_of_two_applications_to_end_leaves_the_service_to_the_other() -> None:
    """The store is closed with the last lifespan that uses it, not with the first."""
    store = FailingStore()
    gate = some_gate(store)
    front, back = some_app(gate), FastAPI()
    protect(back, gate)

    with TestClient(front):
        with TestClient(back):
            pass
        closed = store.closed

    assert (closed, store.closed) == (0, 1)


async def test_applications_with_services_of_their_own_are_strangers() -> None:
    """A session of one application's service is nobody's in another's, though both lie in one process."""
    one, other = some_app(), some_app()
    _, tokens = await logged_in(one)

    answer = await caller(other).get("/private", headers=bearer(tokens["token"]))

    assert answer.status_code == 401


async def test_an_application_within_the_application_joins_by_itself() -> None:
    """A mounted application has its own state, so `protect` joins it to the same service."""
    gate = some_gate()
    outer, inner = some_app(gate), FastAPI()
    protect(inner, gate)
    add_routes(inner)
    outer.mount("/inner", inner)
    client, _ = await logged_in(outer)

    inside, outside = await client.get("/inner/private"), await caller(outer).get("/inner/private")

    assert (inside.status_code, outside.status_code) == (200, 401)


def test_the_service_itself_knows_nothing_of_fastapi() -> None:
    """Importing the service, its server module included, imports neither FastAPI nor pydantic."""
    code = "import sys, wicketgate.asgi; print(sorted({'fastapi', 'pydantic'} & sys.modules.keys()))"

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)

    assert ran.stdout.strip() == "[]"
