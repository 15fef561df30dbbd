"""The composition root."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from starlette.types import Message

from tests.unit.web.kit import HERE, Wire, ask, scope
from wicketgate import Settings, Wicketgate
from wicketgate.core.errors import StoreMisconfigured, StoreUnavailable
from wicketgate.logs import Line
from wicketgate.stores.memory import MemoryStore

SECRET = "s" * 32


class Watched(MemoryStore):
    """A store whose check may fail, and which counts how often it is closed."""

    def __init__(self, failure: Exception | None = None) -> None:
        super().__init__()
        self.failure = failure
        self.closed = 0

    async def check(self) -> None:
        if self.failure is not None:
            raise self.failure

    async def close(self) -> None:
        self.closed += 1


def service(store: Watched | None = None, lines: list[Line] | None = None, **settings: Any) -> Wicketgate:
    """A service over memory that keeps its log."""
    given: dict[str, Any] = {"jwt_secret": SECRET, "bcrypt_cost": 4, **settings}
    return Wicketgate(
        Settings(**given), store=store or Watched(), write_log=(lines if lines is not None else []).append
    )


async def lived(made: Wicketgate) -> list[Message]:
    """What a server is told over the life of a service."""
    said: list[Message] = []
    coming: list[Message] = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]

    async def receive() -> Message:
        return coming.pop(0)

    async def send(message: Message) -> None:
        said.append(message)

    await made({"type": "lifespan"}, receive, send)
    return said


async def test_a_service_starts_and_stops() -> None:
    """A server is told of both, and the store is let go of at the end."""
    store = Watched()

    said = await lived(service(store))

    assert [message["type"] for message in said] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert store.closed == 1


async def test_a_store_that_does_not_fit_stops_the_start() -> None:
    """A server is told why, in the store's own words, and does not serve."""
    said = await lived(service(Watched(StoreMisconfigured("table users-test is missing"))))

    assert said == [{"type": "lifespan.startup.failed", "message": "table users-test is missing"}]


async def test_a_store_that_does_not_answer_stops_nothing() -> None:
    """A service starts without its store, which may come later, and says so in the log."""
    lines: list[Line] = []

    said = await lived(service(Watched(StoreUnavailable("locked")), lines))

    assert said[0]["type"] == "lifespan.startup.complete"
    assert [(line["level"], line["event"], line["message"]) for line in lines] == [
        ("warning", "store_unavailable", "locked")
    ]


async def test_production_is_told_of_weak_hashes() -> None:
    """A cost under what is recommended is logged in production and nowhere else."""
    production, development = list[Line](), list[Line]()

    await lived(service(lines=production, environment="production"))
    await lived(service(lines=development))

    assert [(line["event"], line["message"]) for line in production] == [("weak_setting", "BCRYPT_COST is 4")]
    assert development == []


async def test_the_last_to_leave_closes_the_store() -> None:
    """A service that was started twice is there until it was stopped twice, and can be started again."""
    store = Watched()
    made = service(store)
    await made.start()
    async with made.lifespan():
        await made.stop()
        assert store.closed == 0

    assert store.closed == 1
    await lived(made)
    assert store.closed == 2


async def test_stopping_what_never_started_is_no_error() -> None:
    """A service that served without a start can be stopped, and started after that."""
    store = Watched()
    made = service(store)

    await made.stop()
    await lived(made)

    assert store.closed == 2


async def test_a_websocket_is_closed() -> None:
    """A connection of another kind is refused in its own way."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    await service()({"type": "websocket"}, Wire().receive, send)

    assert [message["type"] for message in sent] == ["websocket.close"]


@pytest.mark.parametrize(
    ("path", "status"), [("/healthz", 200), ("/readyz", 200), ("/openapi.json", 200), ("/docs", 200), ("/x", 404)]
)
async def test_every_answer_goes_through_the_middleware(path: str, status: int) -> None:
    """Whatever is asked for, the answer carries the security headers, and is logged."""
    lines: list[Line] = []

    answer = await ask(service(lines=lines), scope("GET", path))

    assert answer.status == status
    assert answer.one("x-content-type-options") == "nosniff"
    assert [line["status"] for line in lines] == [status]


async def test_production_wraps_in_https() -> None:
    """In production plain http goes nowhere, and development does not mind."""
    made = service(environment="production", public_url="https://app.example")

    plain = await ask(made, scope("GET", "/api/profile"))
    secure = await ask(made, scope("GET", "/api/profile", scheme="https"))

    assert (plain.status, plain.one("location")) == (308, "https://app.example/api/profile")
    assert (secure.status, secure.one("strict-transport-security")) == (401, "max-age=63072000")
    assert (await ask(service(), scope("GET", "/api/profile"))).status == 401


async def test_pages_can_be_switched_off() -> None:
    """Without pages there is nothing at the root."""
    answer = await ask(service(pages=False), scope("GET", "/"))

    assert answer.status == 404


def test_without_settings_the_environment_decides(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A service made of nothing reads the environment and opens the store that it names."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BCRYPT_COST", "4")
    monkeypatch.setenv("SQLITE_PATH", str(tmp_path / "here" / "users.db"))

    made = Wicketgate()

    assert made.settings.bcrypt_cost == 4
    assert (tmp_path / "here" / "users.secret").exists()


async def test_without_a_writer_the_log_goes_to_logging(caplog: pytest.LogCaptureFixture) -> None:
    """An embedded service speaks through the application's own logging."""
    made = Wicketgate(Settings(jwt_secret=SECRET, bcrypt_cost=4), store=Watched())

    with caplog.at_level(logging.INFO, "wicketgate"):
        await ask(made, scope("GET", "/healthz"))

    assert HERE not in caplog.text
    assert [vars(record)["wicketgate"]["route"] for record in caplog.records] == ["/healthz"]


def test_the_document_lists_the_routes() -> None:
    """Every call of the API is described, and neither pages nor documentation are."""
    paths = service().openapi()["paths"]

    assert {f"{method} {path}" for path, methods in paths.items() for method in methods} == {
        "post /api/auth/signup",
        "post /api/auth/login",
        "post /api/auth/password/change",
        "post /api/auth/password/forgot",
        "post /api/auth/password/reset",
        "post /api/auth/email/change/undo",
        "post /api/auth/logout",
        "post /api/auth/logout-everywhere",
        "post /api/account/delete",
        "get /api/profile",
        "put /api/profile/update",
        "get /api/auth/verify",
        "get /api/auth/api-token",
        "post /api/auth/api-token/rotate",
        "get /api/auth/api-tokens",
        "post /api/auth/api-tokens",
        "post /api/auth/api-tokens/revoke",
        "get /api/auth/activity",
        "get /healthz",
        "get /readyz",
    }
