"""Who is calling and over what."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from tests.unit.web.kit import ask, scope
from wicketgate.web.middleware.client import Client

PROXIES = [ip_network("10.0.0.0/8")]
PROXY, STRANGER = ("10.0.0.1", 1), ("203.0.113.7", 1)


async def noted(trusted: list[Any], **given: Any) -> tuple[str, str]:
    """What the middleware notes of a request."""
    found: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        found.append(scope)

    await ask(Client(app, trusted), scope(**given))
    return found[0]["wicketgate.client"], found[0]["wicketgate.scheme"]


@pytest.mark.parametrize(
    ("client", "headers", "expected"),
    [
        (STRANGER, {}, ("203.0.113.7", "http")),
        (STRANGER, {"x-forwarded-for": "1.1.1.1", "x-forwarded-proto": "https"}, ("203.0.113.7", "http")),
        (PROXY, {}, ("10.0.0.1", "http")),
        (PROXY, {"x-forwarded-for": "1.1.1.1"}, ("1.1.1.1", "http")),
        (PROXY, {"x-forwarded-proto": "https"}, ("10.0.0.1", "https")),
        (PROXY, {"x-forwarded-for": "1.1.1.1", "x-forwarded-proto": " HTTPS "}, ("1.1.1.1", "https")),
        (PROXY, {"x-forwarded-proto": "http, https"}, ("10.0.0.1", "https")),
        (PROXY, {"x-forwarded-proto": "https, http"}, ("10.0.0.1", "http")),
        (PROXY, {"x-forwarded-proto": "wss"}, ("10.0.0.1", "https")),
        (PROXY, {"x-forwarded-proto": "ws"}, ("10.0.0.1", "http")),
        (PROXY, {"x-forwarded-proto": "gopher"}, ("10.0.0.1", "http")),
        (None, {"x-forwarded-for": "1.1.1.1", "x-forwarded-proto": "https"}, ("unknown", "http")),
    ],
)
async def test_only_a_trusted_proxy_is_believed(
    client: object, headers: dict[str, str], expected: tuple[str, str]
) -> None:
    """Address and scheme are the connection's own unless a trusted proxy says otherwise."""
    found = await noted(PROXIES, client=client, headers=headers)

    assert found == expected


async def test_without_proxies_nobody_is_believed() -> None:
    """With no trusted proxy the headers mean nothing."""
    found = await noted([], client=PROXY, headers={"x-forwarded-for": "1.1.1.1", "x-forwarded-proto": "https"})

    assert found == ("10.0.0.1", "http")


@pytest.mark.parametrize(("scheme", "expected"), [("https", "https"), ("wss", "https"), ("ws", "http")])
async def test_the_server_may_say_it(scheme: str, expected: str) -> None:
    """A server that speaks TLS itself is believed; a WebSocket's scheme is the one of its handshake."""
    found = await noted([], scheme=scheme)

    assert found[1] == expected
