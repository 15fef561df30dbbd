"""The service mounted below a path of another ASGI application."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp, Message

from tests.support.embedded import FailingStore, TestClient, add_routes, caller, logged_in, some_app, some_gate
from tests.support.service import HTTP, HTTPS, some_settings
from wicketgate import Wicketgate
from wicketgate.fastapi import protect

PREFIX = "/accounts"


def in_starlette(gate: Wicketgate) -> ASGIApp:
    """A Starlette application with the service in it."""
    return Starlette(routes=[Mount(PREFIX, gate)])


def in_fastapi(gate: Wicketgate) -> ASGIApp:
    """A FastAPI application with the service below a path."""
    app = FastAPI()
    app.mount(PREFIX, gate)
    return app


Place = Callable[[Wicketgate], ASGIApp]
everywhere = pytest.mark.parametrize("place", [in_starlette, in_fastapi])


@everywhere
async def test_it_serves_below_the_path(place: Place) -> None:
    """Sign-up, login, a change by cookie and logout work there, with cookies for the whole site."""
    client, _ = await logged_in(place(some_gate()), prefix=PREFIX)
    paths = {cookie.name: cookie.path for cookie in client.cookies.jar}
    proof = client.proof(None)

    profile = await client.get(f"{PREFIX}/api/profile")
    changed = await client.put(f"{PREFIX}/api/profile/update", json={"name": "Grace"}, headers=proof)
    logged_out = await client.post(f"{PREFIX}/api/auth/logout", headers=proof)

    assert paths == {"auth_token": "/", "csrf_token": "/"}
    assert (profile.json()["user"]["name"], changed.json()["user"]["name"]) == ("Ada", "Grace")
    assert logged_out.status_code == 200
    assert not list(client.cookies.jar)


@everywhere
async def test_it_answers_404_and_405_in_json(place: Place) -> None:
    """Below its path the service answers for everything; outside it for nothing."""
    client = caller(place(some_gate()))

    inside, method = await client.get(f"{PREFIX}/nowhere"), await client.get(f"{PREFIX}/api/auth/login")
    outside, beside = await client.get("/api/profile"), await client.get(f"{PREFIX}x/api/profile")

    assert (inside.status_code, inside.json()) == (404, {"success": False, "error": "Not found"})
    assert (method.status_code, method.headers["allow"]) == (405, "POST")
    assert [outside.status_code, beside.status_code] == [404, 404]
    assert "success" not in outside.text + beside.text


@everywhere
async def test_its_documentation_says_where_it_is(place: Place) -> None:
    """The document names the path as its server, the page tells it, and what the page links to is there."""
    client = caller(place(some_gate()))

    document = (await client.get(f"{PREFIX}/openapi.json")).json()
    page = await client.get(f"{PREFIX}/docs")
    style = await client.get(page.url.join("docs.css"))

    assert document["servers"] == [{"url": PREFIX}]
    assert f"All paths are below <code>{PREFIX}</code>" in page.text
    assert 'href="docs.css"' in page.text
    assert style.headers["content-type"].startswith("text/css")


async def test_its_documentation_names_no_path_where_there_is_none() -> None:
    """The service by itself names no server, and its page no path."""
    client = caller(some_gate())

    document, page = (await client.get("/openapi.json")).json(), (await client.get("/docs")).text

    assert "servers" not in document
    assert "All paths are below" not in page


@everywhere
async def test_it_sends_plain_http_to_the_same_path(place: Place) -> None:
    """In production the way to https keeps the path that the service is mounted at; health checks need none."""
    gate = some_gate(settings=some_settings(environment="production", public_url=HTTPS))
    client = caller(place(gate))

    moved, healthy = await client.get(f"{PREFIX}/api/profile?a=1"), await client.get(f"{PREFIX}/healthz")

    assert (moved.status_code, moved.headers["location"]) == (308, f"{HTTPS}{PREFIX}/api/profile?a=1")
    assert healthy.status_code == 200


@pytest.mark.parametrize("path", ["/api/profile", f"{PREFIX}/api/profile"])
async def test_a_server_may_name_the_path(path: str) -> None:
    """With `root_path` from the server both spellings arrive: with the prefix (as ASGI says) and without it."""
    client = caller(some_gate(), root_path=PREFIX)

    answer = await client.get(path)

    assert answer.status_code == 401


async def test_a_root_path_is_a_whole_segment() -> None:
    """A path that merely begins with the letters of the root path is not cut in the middle of a word."""
    client = caller(some_gate(), root_path="/a")

    answer = await client.get("/api/profile")

    assert answer.status_code == 401


async def test_an_installed_service_works_behind_a_root_path() -> None:
    """An application that its server places below a path has the service's routes and its own there."""
    app = some_app()
    client = caller(app, root_path=PREFIX)

    own, theirs = await client.get(f"{PREFIX}/api/profile"), await client.get(f"{PREFIX}/private")

    assert (own.status_code, theirs.status_code) == (401, 401)
    assert own.json() == theirs.json()


async def test_a_mounted_service_may_protect_the_application_around_it() -> None:
    """`mount` for the routes and `protect` for the annotations make one whole."""
    gate, app = some_gate(), FastAPI()
    app.mount(PREFIX, gate)
    protect(app, gate)
    add_routes(app)
    client, _ = await logged_in(app, HTTP, PREFIX)

    inside, outside = await client.get("/private"), await caller(app).get("/private")

    assert (inside.status_code, outside.status_code) == (200, 401)


def test_its_lifespan_may_be_the_application_s() -> None:
    """ASGI passes no lifespan on to what is mounted; `gate.lifespan` is one for the application to run."""
    store = FailingStore()
    gate = some_gate(store)

    with TestClient(Starlette(routes=[Mount(PREFIX, gate)], lifespan=gate.lifespan)) as client:
        status = client.get(f"{PREFIX}/readyz").status_code

    assert (status, store.closed) == (200, 1)


@everywhere
async def test_it_takes_no_websockets(place: Place) -> None:
    """A handshake below the service's path is refused in good form: a close before any accept."""
    sent: list[str] = []
    path = f"{PREFIX}/api/profile"
    scope = {"type": "websocket", "path": path, "raw_path": path.encode(), "headers": [], "query_string": b""}

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message["type"])

    await place(some_gate())(scope, receive, send)

    assert sent == ["websocket.close"]
