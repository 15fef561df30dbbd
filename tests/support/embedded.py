"""An application of somebody else's with the service in it."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

import httpx
from fastapi import FastAPI, WebSocket
from starlette.types import ASGIApp

from tests.support.service import HTTP, PASSWORD, SOURCE, Caller, fresh_email, some_settings
from wicketgate import Settings, Wicketgate
from wicketgate.core.errors import StoreUnavailable
from wicketgate.core.ports import Store
from wicketgate.core.users import UserRecord
from wicketgate.fastapi import ApiUser, CurrentUser, OptionalUser, User, install
from wicketgate.logs import Line
from wicketgate.stores.memory import MemoryStore
from wicketgate.stores.sqlite import SqliteStore

with warnings.catch_warnings():  # it would rather have another HTTP client than the one all these tests use
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient as TestClient

STORES: dict[str, Callable[[Path], Store]] = {
    "memory": lambda _: MemoryStore(),
    "sqlite": lambda folder: SqliteStore(folder / "users.db"),
}


class FailingStore(MemoryStore):
    """A store that can be taken out of reach, and counts."""

    reachable = True
    closed = 0
    reads = 0

    async def get(self, user_id: str) -> UserRecord | None:
        self.reads += 1
        if not self.reachable:
            raise StoreUnavailable("secret-host: connection refused")
        return await super().get(user_id)

    async def close(self) -> None:
        self.closed += 1


def some_gate(
    store: Store | None = None, settings: Settings | None = None, lines: list[Line] | None = None
) -> Wicketgate:
    """The service with quick hashes."""
    kept: list[Line] = [] if lines is None else lines
    return Wicketgate(settings or some_settings(), store=store or MemoryStore(), write_log=kept.append)


def some_app(gate: Wicketgate | None = None) -> FastAPI:
    """An application with a route of each kind."""
    app = FastAPI()
    install(app, gate or some_gate())
    add_routes(app)
    return app


def add_routes(app: FastAPI) -> None:
    """A route of each kind."""
    for path, endpoint in {"/private": private, "/either": either, "/programs": programs}.items():
        app.get(path)(endpoint)
        app.put(path)(endpoint)
    app.add_api_websocket_route("/live", live)


async def private(user: CurrentUser) -> User:
    """Whoever is logged in."""
    return user


async def either(user: OptionalUser) -> dict[str, str | None]:
    """The name of whoever is logged in."""
    return {"name": user.name if user else None}


async def programs(user: ApiUser) -> User:
    """Whose program calls."""
    return user


async def live(websocket: WebSocket, user: CurrentUser) -> None:
    """Says one word to whoever is logged in."""
    await websocket.accept()
    await websocket.send_text(f"hello {user.name}")
    await websocket.close()


def caller(app: ASGIApp, base_url: str = HTTP, root_path: str = "") -> Caller:
    """A client of the application, without cookies yet. No lifespan is run."""
    transport = httpx.ASGITransport(app=app, client=(SOURCE, 40000), root_path=root_path)
    return Caller(transport=transport, base_url=base_url, trust_env=False)


async def logged_in(app: ASGIApp, base_url: str = HTTP, prefix: str = "") -> tuple[Caller, dict[str, str]]:
    """A client who has just signed up and logged in, and the tokens that the login returned."""
    client = caller(app, base_url)
    account = {"email": fresh_email(), "password": PASSWORD, "name": "Ada"}
    signed_up = await client.post(f"{prefix}/api/auth/signup", json=account)
    assert signed_up.status_code == 201, signed_up.text
    del account["name"]
    answer = await client.post(f"{prefix}/api/auth/login", json=account)
    assert answer.status_code == 200, answer.text
    return client, {name: answer.json()[name] for name in ("token", "api_token")}
