"""The log: one line a request, events of their own, and nothing in it that is anybody's secret."""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.faulty import FaultyStore
from tests.support.service import JWT_SECRET, Caller, Service, bearer, fresh_source
from wicketgate import Wicketgate
from wicketgate.core.events import SecurityEvent
from wicketgate.logs import Line, Log, to_logging, to_stream, to_terminal
from wicketgate.stores.memory import MemoryStore

MARK = "m4rk"


async def drive(service: Service) -> set[str]:
    """Every route in every way, with marks wherever somebody could write. Returns what else must stay secret."""
    email, other = f"{MARK}.ada@{MARK}.example.com", f"{MARK}.king@{MARK}.example.com"
    password, query = f"{MARK} password", {"q": MARK, "token": f"{MARK}token"}
    headers = {"User-Agent": MARK, "Referer": f"http://service.example/?{MARK}", "X-Anything": MARK}
    caller = service.caller("203.0.113.77", headers=headers)
    secrets = set()

    await caller.sign_up(email, password, name=f"{MARK} name")
    await caller.sign_up(email, password, name=f"{MARK} name")
    login = (await caller.log_in(email, password)).json()
    await caller.log_in(email, f"{MARK} wrong")
    secrets |= {login["token"], login["api_token"], caller.proof(None)["X-CSRF-Token"], "203.0.113.77", JWT_SECRET}
    secrets |= set(login["token"].split(".")) | {caller.cookies["device"], *caller.cookies["device"].split(".")}
    for method, path in [(m, e.path) for e in service.app.endpoints for m in ("GET", "POST", "PUT", "DELETE")]:
        for given in (
            {},
            bearer(f"{MARK}token"),
            {"Cookie": f"auth_token={MARK}; device={MARK}"},
            {"Origin": f"https://{MARK}.example"},
        ):
            await service.caller(fresh_source(), headers=headers).request(
                method, path, params=query, json={MARK: MARK, "email": f"{MARK}@", "password": MARK}, headers=given
            )
    await the_rest(caller, login, other, query)
    for _ in range(6):
        await caller.log_in(email, f"{MARK} wrong")
    return secrets


async def the_rest(caller: Caller, login: Any, other: str, query: dict[str, str]) -> None:
    """What a session can do, and paths that there are not."""
    await caller.get("/api/profile", params=query)
    await caller.get(f"/{MARK}/path", params=query)
    await caller.request("GET", "/docs", params=query)
    await caller.request(f"X{MARK}".upper(), "/api/profile")
    await caller.update({"name": f"{MARK} name", "bio": f"{MARK} bio", "email": other})
    await caller.update({"email": f"{MARK} no address"})
    await caller.put("/api/profile/update", content=f'{{"{MARK}', headers={"Content-Type": "application/json"})
    await caller.verify(login["api_token"])
    await caller.verify(f"wg_{MARK}")
    await caller.rotate()
    await caller.log_out()


@pytest.mark.parametrize("failing", [(), ("get",), ("take",), ("edit", "revoke"), ("find_guarded", "create")])
async def test_nothing_that_was_typed_is_logged(failing: tuple[str, ...]) -> None:
    """No password, token, cookie, address, name or query string, also when the store fails at each place."""
    store = FaultyStore(MemoryStore())
    service = Service(store, trusted_proxies=("192.0.2.0/24",), device_cookie="on")
    secrets = await drive(service) if not failing else await drive_failing(service, store, failing)

    written = json.dumps(service.lines, ensure_ascii=False)

    assert len(service.lines) > 100
    assert MARK not in written.lower()
    assert not [secret for secret in secrets if secret in written]


async def drive_failing(service: Service, store: FaultyStore, failing: tuple[str, ...]) -> set[str]:
    """The same on a store that breaks once somebody has an account."""
    email = f"{MARK}.first@{MARK}.example.com"
    caller, login = await service.user(email, f"{MARK} password")
    store.failing = set(failing)
    for method, path in (("GET", "/api/profile"), ("PUT", "/api/profile/update"), ("POST", "/api/auth/login")):
        for _ in range(20):
            await service.caller(fresh_source()).request(
                method, f"{path}?q={MARK}", json={"email": email, "password": MARK}, headers=bearer(login["token"])
            )
    for _ in range(20):
        await caller.update({"name": MARK})
        await caller.log_out(login["token"])
        await service.caller(fresh_source()).sign_up(f"{MARK}@example.com", f"{MARK} password")
    return {login["token"], login["api_token"]}


async def test_one_line_a_request(service: Service) -> None:
    """Id, method, route, status, milliseconds, and the user where one is known."""
    caller, login = await service.user()
    service.lines.clear()

    answer = await caller.get("/api/profile", params={"q": "secret"})

    (line,) = service.lines
    assert set(line) == {"time", "level", "event", "id", "method", "route", "status", "ms", "user"}
    assert (line["event"], line["method"], line["route"]) == ("request", "GET", "/api/profile")
    assert (line["status"], line["user"]) == (200, login["user"]["id"])
    assert line["id"] == answer.headers["x-request-id"]
    assert line["ms"] >= 0
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["time"])


async def test_unknown_paths_are_not_repeated(service: Service) -> None:
    """A path that is none of ours is what somebody typed."""
    await service.caller().get("/reset/secret-token")

    (line,) = service.lines
    assert (line["route"], line["status"]) == (None, 404)


async def test_security_events() -> None:
    """Sign-up, login, failure, refusal, limit, change of address, rotation and logout, each told by whom."""
    service = Service(rate_limit_max_requests=2)
    caller, login = await service.user()
    user = login["user"]["id"]
    stranger = service.caller("198.51.100.77")
    await stranger.log_in(login["user"]["email"], "wrong one")
    await stranger.sign_up(login["user"]["email"])
    await stranger.log_in("nobody@example.com", "wrong one")
    await stranger.log_in("nobody@example.com", "wrong one")
    await caller.update({"email": "king@example.com"})
    await caller.rotate()
    await caller.log_out()

    told = [
        (line["event"], line.get("user"), line.get("detail")) for line in service.lines if line["event"] != "request"
    ]

    assert told == [
        ("signup", user, None),
        ("login", user, None),
        ("login_failed", user, None),
        ("signup_refused", None, None),
        ("login_failed", None, None),
        ("limit_hit", None, "login"),
        ("email_changed", user, None),
        ("api_token_rotated", user, None),
        ("logout", user, None),
    ]
    assert {line["source"] for line in service.events("limit_hit")} == {"198.51.100.0/24"}


@pytest.mark.parametrize("writer", [to_stream, to_terminal])
async def test_writers(tmp_path: Path, writer: Callable[[int], Callable[[Line], None]]) -> None:
    """Each line is one line, whatever stands in it."""
    path = tmp_path / "log"
    fd = os.open(path, os.O_WRONLY | os.O_CREAT)
    log = Log(writer(fd))

    log.request("0123456789abcdef", "GET", "/api/profile", 200, 1.234, "some-id")
    await log.security(SecurityEvent("login", "some-id", "2001:db8:1:2::/64"))
    log.fault("0123456789abcdef", ValueError("what a person typed"))
    os.close(fd)

    lines = path.read_text().splitlines()
    assert len(lines) == 3
    assert "/api/profile" in lines[0]
    assert "what a person typed" not in path.read_text()
    assert "2001:db8:1::/48" in lines[1]


def test_writing_to_nobody() -> None:
    """Whoever read the log has gone: that stops no request."""
    read, write = os.pipe()
    os.close(read)

    Log(to_stream(write)).note("anything", "text")

    os.close(write)


async def test_standard_logging(caplog: pytest.LogCaptureFixture) -> None:
    """Embedded in another application the lines go to its logging, with their level and their values."""
    caplog.set_level(logging.INFO, "wicketgate")

    await Log(to_logging(logging.getLogger("wicketgate"))).security(
        SecurityEvent("limit_hit", source="192.0.2.1", detail="login")
    )

    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert record.__dict__["wicketgate"]["event"] == "limit_hit"
    assert "limit_hit" in record.getMessage()


async def test_by_default_the_log_goes_to_standard_logging(caplog: pytest.LogCaptureFixture) -> None:
    """A service made without a writer logs where the application does."""
    caplog.set_level(logging.INFO, "wicketgate")
    service = Service()
    app = Wicketgate(service.settings, store=service.store)
    service.app = app

    await service.caller().get("/healthz")

    assert "/healthz" in caplog.text
