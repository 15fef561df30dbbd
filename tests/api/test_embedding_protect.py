"""Routes of an application around the service, protected by one annotation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Body, Depends, FastAPI, Header, Request, Security
from fastapi.responses import JSONResponse
from starlette.websockets import WebSocketDisconnect

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
from tests.support.service import HTTPS, bearer, some_settings
from wicketgate import Settings
from wicketgate.core.errors import ConfigurationError, WicketgateError
from wicketgate.fastapi import CurrentUser, User, api_user, current_user, install, optional_user
from wicketgate.logs import Line

SOMEBODY = User("id", "grace@example.com", "Grace", None, "free", "2030-01-01", "2030-01-01")
ELSEWHERE = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}


def in_production(**changes: Any) -> Settings:
    """Settings as real people have them."""
    return some_settings(environment="production", public_url=HTTPS, **changes)


def initials(user: CurrentUser, x_suffix: Annotated[str, Header()]) -> str:
    """A dependency of the application's own."""
    return user.name[0] + x_suffix


def room(user: CurrentUser, short: Annotated[str, Depends(initials)]) -> list[str]:
    """A route that runs in a thread."""
    return [user.name, short]


async def number(user: CurrentUser, value: Annotated[int, Body()]) -> int:
    """A route with a body."""
    return value


@pytest.mark.parametrize("store", STORES)
async def test_a_session_opens_a_protected_route(store: str, tmp_path: Path) -> None:
    """The cookie, and the same token as a bearer token, both bring the user as the annotation's value."""
    app = some_app(some_gate(STORES[store](tmp_path)))
    client, tokens = await logged_in(app)

    by_cookie = await client.get("/private")
    by_token = await caller(app).get("/private", headers=bearer(tokens["token"]))

    own = (await client.profile()).json()["user"]
    assert by_cookie.json() == by_token.json()
    assert by_cookie.json() == {
        "id": own["id"],
        "email": own["email"],
        "name": "Ada",
        "bio": None,
        "plan": "free",
        "created_at": own["createdAt"],
        "last_modified": own["lastModified"],
    }


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer forged"},
        {"Authorization": "Basic YTpi"},
        {"Authorization": "Bearer "},
        {"Cookie": "auth_token=forged"},
    ],
)
async def test_nobody_is_refused_as_by_the_service_itself(headers: dict[str, str]) -> None:
    """Without a live session a protected route answers what the service's own routes answer."""
    client = caller(some_app())

    answer = await client.get("/private", headers=headers)

    own = await client.get("/api/profile", headers=headers)
    assert answer.status_code == 401
    assert answer.json() == own.json() == {"success": False, "error": "Authentication required"}
    for name in ("www-authenticate", "cache-control", "content-type", "content-length"):
        assert answer.headers[name] == own.headers[name]


@pytest.mark.parametrize("authorized", [False, True])
@pytest.mark.parametrize("csrf", [None, "wrong", "right"])
@pytest.mark.parametrize(
    "origin",
    [
        {},
        ELSEWHERE,
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://service.example"},
        {"Origin": "https://service.example"},
        {"Origin": "https://friend.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "null"},
    ],
)
async def test_a_change_needs_the_same_proofs_as_at_the_service(
    authorized: bool, csrf: str | None, origin: dict[str, str]
) -> None:
    """Whatever a browser or a program sends, an unsafe protected route decides as the service's own does."""
    app = some_app(some_gate(settings=some_settings(allowed_origins=("https://friend.example",))))
    client, tokens = await logged_in(app)
    headers = dict(origin)
    if csrf:
        headers["X-CSRF-Token"] = client.cookies["csrf_token"] if csrf == "right" else csrf
    if authorized:
        headers |= bearer(tokens["token"])

    answer = await client.put("/private", headers=headers)

    own = await client.put("/api/profile/update", headers=headers, json={})
    assert answer.status_code == own.status_code
    assert own.status_code in (200, 403)
    if own.status_code == 403:
        assert answer.json() == own.json() == {"success": False, "error": "Access denied"}


async def test_a_forged_change_is_refused() -> None:
    """A cookie without the CSRF header changes nothing, and with it does."""
    client, _ = await logged_in(some_app())

    forged = await client.put("/private")
    proven = await client.put("/private", headers=client.proof(None))

    assert (forged.status_code, proven.status_code) == (403, 200)


async def test_a_cross_site_change_is_refused_whoever_sends_it() -> None:
    """An unsafe request from another site gets 403 on each kind of route, before anybody is asked for."""
    client = caller(some_app())

    answers = [await client.put(path, headers=ELSEWHERE) for path in ("/private", "/either", "/programs")]

    assert [answer.status_code for answer in answers] == [403, 403, 403]


async def test_logging_out_closes_the_application_too() -> None:
    """After a logout the token opens no route of the application any more."""
    app = some_app()
    client, tokens = await logged_in(app)
    await client.log_out()

    answer = await client.get("/private", headers=bearer(tokens["token"]))

    assert answer.status_code == 401


async def test_an_optional_user_is_none_without_a_live_session() -> None:
    """No session, a forged one and a dead one are all nobody; a live one is its user."""
    app = some_app()
    client, tokens = await logged_in(app)
    other, ended = await logged_in(app)
    await other.log_out()

    names = [
        (await client.get("/either")).json()["name"],
        (await caller(app).get("/either")).json()["name"],
        (await caller(app).get("/either", headers={"Cookie": "auth_token=forged"})).json()["name"],
        (await caller(app).get("/either", headers=bearer(ended["token"]))).json()["name"],
        (await caller(app).get("/either", headers=bearer(tokens["token"]))).json()["name"],
    ]

    assert names == ["Ada", None, None, None, "Ada"]


async def test_an_optional_user_is_not_forged() -> None:
    """A change with a session's cookie but without the CSRF header is refused, not treated as nobody's."""
    client, _ = await logged_in(some_app())

    answer = await client.put("/either")

    assert answer.status_code == 403


async def test_programs_come_with_an_api_token_alone() -> None:
    """An API token opens `ApiUser` and nothing else; a session does not open it."""
    app = some_app()
    client, tokens = await logged_in(app)
    program = caller(app)

    statuses = [
        (await program.get("/programs", headers=bearer(tokens["api_token"]))).status_code,
        (await program.put("/programs", headers=bearer(tokens["api_token"]))).status_code,
        (await program.get("/private", headers=bearer(tokens["api_token"]))).status_code,
        (await program.get("/programs", headers=bearer(tokens["token"]))).status_code,
        (await client.get("/programs")).status_code,
    ]

    assert statuses == [200, 200, 401, 401, 401]


async def test_a_replaced_api_token_is_dead() -> None:
    """After a rotation the application refuses the old token and takes the new one."""
    app = some_app()
    client, tokens = await logged_in(app)
    fresh = (await client.rotate()).json()["api_token"]

    statuses = [
        (await caller(app).get("/programs", headers=bearer(token))).status_code
        for token in (tokens["api_token"], fresh)
    ]

    assert statuses == [401, 200]


async def test_a_store_out_of_reach_is_503() -> None:
    """The answer says when to come back and tells nothing of the cause, which is in the log under the same id."""
    store, lines = FailingStore(), list[Line]()
    app = some_app(some_gate(store, lines=lines))
    client, _ = await logged_in(app)
    store.reachable = False

    answer = await client.get("/private")

    fault = next(line for line in lines if line["event"] == "fault")
    assert answer.status_code == 503
    assert answer.json() == {"success": False, "error": "An error occurred, please try again"}
    assert answer.headers["retry-after"] == "1"
    assert fault["message"] == "secret-host: connection refused"
    assert fault["id"] == answer.headers["x-request-id"]


async def test_an_outage_does_not_make_somebody_nobody() -> None:
    """While the store is out of reach an optional route answers 503 instead of greeting a stranger."""
    store = FailingStore()
    client, _ = await logged_in(some_app(some_gate(store)))
    store.reachable = False

    answer = await client.get("/either")

    assert answer.status_code == 503


async def test_production_reads_only_the_prefixed_cookie() -> None:
    """In production the session comes in `__Host-auth_token`; the name without the prefix means nothing."""
    app = some_app(some_gate(settings=in_production()))
    client, tokens = await logged_in(app, HTTPS)

    prefixed = await client.get("/private")
    bare = await caller(app, HTTPS).get("/private", headers={"Cookie": f"auth_token={tokens['token']}"})

    assert (prefixed.status_code, bare.status_code) == (200, 401)


async def test_plain_http_in_production_is_answered_as_by_the_service() -> None:
    """Who reads is sent to https, who writes is refused, and a token sent in the clear opens nothing."""
    app = some_app(some_gate(settings=in_production()))
    _, tokens = await logged_in(app, HTTPS)
    client = caller(app)

    read = await client.get("/private?page=2", headers=bearer(tokens["token"]))
    written = await client.put("/private", headers=bearer(tokens["token"]))

    assert (read.status_code, read.headers["location"]) == (308, "https://service.example/private?page=2")
    assert (written.status_code, written.json()["error"]) == (403, "Access denied")


async def test_a_trusted_proxy_says_that_it_was_https() -> None:
    """Behind a proxy in `TRUSTED_PROXIES` the request's own scheme does not count; from others the word does not."""
    app = some_app(some_gate(settings=in_production(trusted_proxies=("203.0.113.0/24",))))
    stranger = some_app(some_gate(settings=in_production(trusted_proxies=("192.0.2.0/24",))))
    said = {"X-Forwarded-Proto": "https"}

    believed = await caller(app).get("/private", headers=said)
    ignored = await caller(stranger).get("/private", headers=said)

    assert (believed.status_code, ignored.status_code) == (401, 308)


def test_a_websocket_knows_its_user() -> None:
    """A handshake from the application's own pages opens with the session's user, without a CSRF header."""
    with TestClient(some_app(), base_url="http://service.example") as client:
        account = {"email": "ada@example.com", "password": "correct horse battery"}
        client.post("/api/auth/signup", json={**account, "name": "Ada"})
        client.post("/api/auth/login", json=account)

        with client.websocket_connect(
            "ws://service.example/live", headers={"Origin": "http://service.example"}
        ) as websocket:
            said = websocket.receive_text()

    assert said == "hello Ada"


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://evil.example"}])
def test_a_websocket_is_closed_to_others(headers: dict[str, str]) -> None:
    """Without a session, or from another site's page even with one, the handshake is refused."""
    with TestClient(some_app(), base_url="http://service.example") as client:
        account = {"email": "ada@example.com", "password": "correct horse battery"}
        client.post("/api/auth/signup", json=account)
        if headers:
            client.post("/api/auth/login", json=account)

        with (
            pytest.raises(WebSocketDisconnect) as closed,
            client.websocket_connect("ws://service.example/live", headers=headers),
        ):
            pass

    assert closed.value.code == 1008


def test_a_websocket_over_plain_http_in_production_is_closed() -> None:
    """The refusal of plain http holds for handshakes as well."""
    client = TestClient(some_app(some_gate(settings=in_production())), base_url="http://service.example")

    with pytest.raises(WebSocketDisconnect) as closed, client.websocket_connect("ws://service.example/live"):
        pass

    assert closed.value.code == 1008


@pytest.mark.parametrize("proto", ["https", "wss"])
def test_a_websocket_behind_a_proxy_in_production(proto: str) -> None:
    """A proxy may name the scheme of the WebSocket or of its handshake, as Traefik and nginx do."""
    app = some_app(some_gate(settings=in_production(trusted_proxies=("203.0.113.0/24",))))
    account = {"email": "ada@example.com", "password": "correct horse battery"}
    proxied = {"X-Forwarded-Proto": "https"}
    with TestClient(app, "http://service.example", headers=proxied, client=("203.0.113.9", 1)) as client:
        client.post("/api/auth/signup", json={**account, "name": "Ada"})
        token = client.post("/api/auth/login", json=account).json()["token"]
        headers = {"X-Forwarded-Proto": proto, "Origin": HTTPS, "Cookie": f"__Host-auth_token={token}"}

        with client.websocket_connect("ws://service.example/live", headers=headers) as websocket:
            said = websocket.receive_text()

    assert said == "hello Ada"


async def test_tests_may_say_who_is_there() -> None:
    """`dependency_overrides` replaces each of the three dependencies, and then nothing is checked."""
    app = some_app()
    for dependency in (current_user, optional_user, api_user):
        app.dependency_overrides[dependency] = lambda: SOMEBODY
    client = caller(app)

    answers = [await client.put(path) for path in ("/private", "/either", "/programs")]

    assert [answer.json()["name"] for answer in answers] == ["Grace", "Grace", "Grace"]


async def test_a_whole_router_is_protected_by_its_dependencies() -> None:
    """A router that depends on the user refuses nobody's requests to all of its routes."""
    app = some_app()
    router = APIRouter(prefix="/inner", dependencies=[Security(current_user)])
    router.add_api_route("/room", lambda: "here", methods=["GET"])
    app.include_router(router)
    client, _ = await logged_in(app)

    inside, outside = await client.get("/inner/room"), await caller(app).get("/inner/room")

    assert (inside.status_code, outside.status_code) == (200, 401)


async def test_protecting_the_whole_application_leaves_the_login_open() -> None:
    """Dependencies of the application itself do not lie before the service's own routes."""
    app = FastAPI(dependencies=[Depends(current_user)])
    install(app, some_gate())
    app.add_api_route("/room", lambda: "here", methods=["GET"])
    client, _ = await logged_in(app)

    inside, outside = await client.get("/room"), await caller(app).get("/room")

    assert (inside.status_code, outside.status_code) == (200, 401)


async def test_routes_in_threads_and_other_dependencies_may_ask_for_the_user() -> None:
    """A `def` route, and a dependency of the application's own, get the user as any other route does."""
    app = some_app()
    app.add_api_route("/room", room, methods=["GET"])
    client, _ = await logged_in(app)

    answer = await client.get("/room", headers={"X-Suffix": "."})

    assert answer.json() == ["Ada", "A."]


async def test_a_request_costs_one_read_however_often_it_asks() -> None:
    """A route and its dependencies that all want the user are served by one read of the store."""
    store = FailingStore()
    app = some_app(some_gate(store))
    app.get("/room")(room)
    client, _ = await logged_in(app)
    store.reads = 0

    await client.get("/room", headers={"X-Suffix": "."})

    assert store.reads == 1


async def test_a_stranger_learns_little_of_what_is_wrong_with_a_body() -> None:
    """A body that can be read is not judged before its sender is known; one that cannot be is refused at once."""
    app = some_app()
    app.post("/number")(number)
    client = caller(app)

    unreadable = await client.post("/number", content=b"{", headers={"Content-Type": "application/json"})
    invalid = await client.post("/number", json="seven")

    assert (unreadable.status_code, invalid.status_code) == (422, 401)


async def test_the_application_may_word_the_refusals_itself() -> None:
    """A handler that the application registered before joining is the one that answers."""

    async def refuse(request: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"detail": type(error).__name__}, 418)

    app = FastAPI()
    app.add_exception_handler(WicketgateError, refuse)
    install(app, some_gate())
    add_routes(app)

    answer = await caller(app).get("/private")

    assert (answer.status_code, answer.json()) == (418, {"detail": "NotAuthenticated"})


async def test_an_application_without_the_service_is_told() -> None:
    """A protected route of an application that was never joined says what is missing instead of letting anyone in."""
    app = FastAPI()
    add_routes(app)

    with pytest.raises(ConfigurationError, match=r"wicketgate\.fastapi\.install"):
        await caller(app).get("/private")
