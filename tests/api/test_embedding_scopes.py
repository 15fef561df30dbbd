"""Scopes of named tokens in an application that embeds the service."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import pytest
from fastapi import FastAPI, Security, WebSocket
from starlette.websockets import WebSocketDisconnect

from tests.support.embedded import FailingStore, TestClient, logged_in, some_app, some_gate
from tests.support.service import Caller, bearer
from wicketgate import Wicketgate
from wicketgate.fastapi import ApiAccess, ApiCaller, ApiUser, User, api_access, api_user, protect

Reader = Annotated[User, Security(api_user, scopes=["read"])]
Editor = Annotated[ApiCaller, Security(api_access, scopes=["read", "write"])]


def scoped_app(gate: Wicketgate | None = None) -> FastAPI:
    """An application whose routes ask for scopes."""
    app = some_app(gate)

    @app.get("/read")
    async def read(user: Reader) -> str:
        return user.name

    @app.put("/write")
    async def write(caller: Editor) -> list[str]:
        return sorted(caller.scopes or ())

    @app.get("/decide")
    async def decide(caller: ApiAccess) -> dict[str, Any]:
        known = {name: value for name, value in asdict(caller).items() if name not in ("user", "scopes")}
        return {**known, "user": caller.user.name, "write": caller.may("write"), "both": caller.may("read", "write")}

    @app.get("/twice")
    async def twice(user: Reader, caller: ApiAccess, again: ApiUser) -> bool:
        return user == caller.user == again

    @app.websocket("/feed")
    async def feed(websocket: WebSocket, user: Reader) -> None:
        await websocket.accept()
        await websocket.send_text(user.name)
        await websocket.close()

    return app


async def token(client: Caller, session: str, **body: Any) -> str:
    """A new named token."""
    answer = await client.post("/api/auth/api-tokens", json={"name": "build", **body}, headers=bearer(session))
    assert answer.status_code == 201, answer.text
    made: str = answer.json()["api_token"]
    return made


@pytest.mark.parametrize(
    ("scopes", "read", "write"),
    [
        ([], 403, 403),
        (["read"], 200, 403),
        (["write"], 403, 403),
        (["read", "write"], 200, 200),
        (["reader"], 403, 403),
    ],
)
async def test_a_route_names_its_scopes(scopes: list[str], read: int, write: int) -> None:
    """A token comes in with all scopes that a route names, and with nothing less."""
    client, tokens = await logged_in(scoped_app())
    named = bearer(await token(client, tokens["token"], scopes=scopes))

    answers = [await client.get("/read", headers=named), await client.put("/write", headers=named)]

    assert [answer.status_code for answer in answers] == [read, write]
    refused = [answer.json() for answer in answers if answer.status_code == 403]
    assert all(body == {"success": False, "error": "Access denied"} for body in refused)


async def test_the_first_token_may_do_anything() -> None:
    """A token without a name has no scopes to lack."""
    client, tokens = await logged_in(scoped_app())
    first = bearer(tokens["api_token"])

    answers = [await client.get("/read", headers=first), await client.put("/write", headers=first)]

    assert [(answer.status_code, answer.json()) for answer in answers] == [(200, "Ada"), (200, [])]


async def test_a_route_without_scopes_lets_any_token_in() -> None:
    """`ApiUser` by itself asks for a token and for nothing of it."""
    client, tokens = await logged_in(scoped_app())
    named = bearer(await token(client, tokens["token"]))

    answer = await client.get("/programs", headers=named)

    assert answer.status_code == 200


async def test_a_route_may_decide_by_itself() -> None:
    """`ApiAccess` says whose token it is, which, and what it may do."""
    client, tokens = await logged_in(scoped_app())
    named = bearer(await token(client, tokens["token"], scopes=["write"]))

    by_name = (await client.get("/decide", headers=named)).json()
    by_first = (await client.get("/decide", headers=bearer(tokens["api_token"]))).json()

    token_id = by_name.pop("token_id")
    assert len(token_id) == 12
    assert by_name == {"user": "Ada", "token_name": "build", "write": True, "both": False}
    assert by_first == {"user": "Ada", "token_id": None, "token_name": None, "write": True, "both": True}


async def test_a_request_is_one_call() -> None:
    """However many parameters of a route ask, the token is looked at once and its limit counts once."""
    store = FailingStore()
    client, tokens = await logged_in(scoped_app(some_gate(store)))
    named = bearer(await token(client, tokens["token"], scopes=["read"], limit=2))
    store.reads = 0

    answers = [await client.get("/twice", headers=named) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[0].json() is True
    assert answers[2].headers["retry-after"] == "900"
    assert store.reads == 3


async def test_a_websocket_asks_for_scopes_too() -> None:
    """A handshake with a token that lacks one is refused."""
    app = scoped_app()
    client, tokens = await logged_in(app)
    good, bad = [await token(client, tokens["token"], scopes=scopes) for scopes in (["read"], ["write"])]

    with TestClient(app) as browser:
        with browser.websocket_connect("/feed", headers=bearer(good)) as socket:
            said = socket.receive_text()
        with pytest.raises(WebSocketDisconnect), browser.websocket_connect("/feed", headers=bearer(bad)):
            pass

    assert said == "Ada"


async def test_scopes_hold_beside_the_service() -> None:
    """An application that lies beside the service asks for the same."""
    gate = some_gate()
    client, tokens = await logged_in(some_app(gate))
    named = bearer(await token(client, tokens["token"], scopes=["write"]))
    beside = FastAPI()
    protect(beside, gate)

    @beside.get("/read")
    async def read(user: Reader) -> str:
        return user.name

    with TestClient(beside) as browser:
        answer = browser.get("/read", headers=named)

    assert answer.status_code == 403


async def test_an_override_needs_no_token() -> None:
    """A test of the application overrides the dependency, whatever scopes a route names."""
    app = scoped_app()
    app.dependency_overrides[api_user] = lambda: User("1", "a@example.com", "A", None, "free", "", "")

    with TestClient(app) as browser:
        answer = browser.get("/read")

    assert answer.json() == "A"


def test_scopes_are_documented() -> None:
    """The document names the scopes of each route, and the refusal of a token that lacks one."""
    paths = scoped_app().openapi()["paths"]

    shown = {path: paths[path][method]["security"] for path, method in (("/read", "get"), ("/write", "put"))}

    assert shown == {"/read": [{"apiToken": ["read"]}], "/write": [{"apiToken": ["read", "write"]}]}
    assert paths["/decide"]["get"]["security"] == [{"apiToken": []}]
    assert {"401", "403", "429", "503"} <= paths["/read"]["get"]["responses"].keys()
    assert "403" not in paths["/decide"]["get"]["responses"]
