"""Plain http in production, and the headers that every answer carries."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.support.service import HTTP, HTTPS, Service


def production(**changes: Any) -> Service:
    """A service as it is in production."""
    return Service(environment="production", **{"public_url": HTTPS, **changes})


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "path", ["/", "/docs", "/api/profile", "/nothing", "/a%20b/%C3%A9?next=%2Fx&y=1", "//evil.example"]
)
async def test_readers_are_sent_to_https(method: str, path: str) -> None:
    """308 to the same path and query at our own origin."""
    answer = await production().caller(base_url=HTTP).send(httpx.Request(method, f"{HTTP}{path}"))

    assert answer.status_code == 308
    assert answer.headers["location"] == f"{HTTPS}{path}"


@pytest.mark.parametrize(
    ("host", "target"),
    [("service.example", HTTPS), ("service.example:80", HTTPS), ("[2001:db8::1]:80", "https://[2001:db8::1]")],
)
async def test_without_a_public_url_the_host_decides(host: str, target: str) -> None:
    """308 to the host that was asked for, on the port of https."""
    answer = await production(public_url=None).caller().get("/docs", headers={"Host": host})

    assert answer.headers["location"] == f"{target}/docs"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize("path", ["/api/auth/login", "/api/profile/update", "/nothing"])
async def test_the_rest_is_refused(method: str, path: str) -> None:
    """403 for what has already been sent in the clear."""
    answer = await production().caller(base_url=HTTP).request(method, path, json={})

    assert answer.status_code == 403
    assert answer.json() == {"success": False, "error": "Access denied"}


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
async def test_health_checks_stay_reachable(path: str) -> None:
    """They come from inside, over plain http."""
    answer = await production().caller(base_url=HTTP).get(path)

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("peer", "proto", "status"),
    [
        ("192.0.2.1", "https", 401),
        ("192.0.2.1", "http", 308),
        ("192.0.2.1", "HTTPS", 401),
        ("192.0.2.1", "http, https", 401),
        ("192.0.2.1", "https, http", 308),
        ("192.0.2.1", "", 308),
        ("198.51.100.1", "https", 308),
    ],
)
async def test_a_trusted_proxy_tells_the_scheme(peer: str, proto: str, status: int) -> None:
    """`X-Forwarded-Proto` counts from a trusted proxy, and its own word, which stands last."""
    service = production(trusted_proxies=("192.0.2.0/24",))

    answer = await service.caller(peer, base_url=HTTP).get("/api/profile", headers={"X-Forwarded-Proto": proto})

    assert answer.status_code == status


async def test_development_knows_plain_http(service: Service) -> None:
    """Nobody is redirected on a laptop, and no browser told to insist on https."""
    answer = await service.caller(base_url=HTTP).get("/healthz")

    assert answer.status_code == 200
    assert "strict-transport-security" not in answer.headers


@pytest.mark.parametrize(
    ("base_url", "method", "path", "status"),
    [
        (HTTPS, "GET", "/healthz", 200),
        (HTTPS, "GET", "/nothing", 404),
        (HTTPS, "DELETE", "/api/profile", 405),
        (HTTPS, "GET", "/api/profile", 401),
        (HTTPS, "GET", "/docs", 200),
        (HTTP, "GET", "/docs", 308),
        (HTTP, "POST", "/api/auth/login", 403),
    ],
)
async def test_security_headers_on_every_answer(base_url: str, method: str, path: str, status: int) -> None:
    """The same set on success, errors and redirects; HSTS for at least a year."""
    answer = await production().caller(base_url=base_url).request(method, path)

    policy = answer.headers["content-security-policy"]
    assert answer.status_code == status
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] in ("same-origin", "no-referrer", "strict-origin-when-cross-origin")
    assert {"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"} <= set(policy.split("; "))
    assert "unsafe" not in policy
    assert int(answer.headers["strict-transport-security"].partition("=")[2].partition(";")[0]) >= 31_536_000
    assert "server" not in answer.headers
    assert "x-powered-by" not in answer.headers


async def test_private_answers_are_kept_nowhere(service: Service) -> None:
    """`no-store` on everything that is about a person or a session, and on errors."""
    caller, login = await service.user()

    answers = [
        await caller.profile(),
        await caller.update({}),
        await caller.verify(login["api_token"]),
        await caller.rotate(),
        await service.caller().profile(),
        await service.caller().get("/nothing"),
        await caller.log_out(),
    ]

    assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("abcdef12-3456.7890_x", True),
        ("short", False),
        ("x" * 65, False),
        ("with space in it", False),
        ("é" * 10, False),
    ],
)
async def test_request_id(service: Service, sent: str, kept: bool) -> None:
    """A plain short id is kept so that logs can be joined; anything else is replaced."""
    answer = await service.caller().get("/healthz", headers={b"X-Request-Id": sent.encode()})

    assert (answer.headers["x-request-id"] == sent) is kept
    assert service.lines[-1]["id"] == answer.headers["x-request-id"]
