"""In production nothing is answered over plain http."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from tests.unit.web.kit import Answer, ask, scope
from wicketgate.web.http import Reply
from wicketgate.web.middleware.https import HttpsOnly

OWN = "https://app.example"


async def asked(own_origin: str | None = OWN, *, secure: bool = False, **given: Any) -> Answer:
    """What is answered; 200 is the application's own."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await Reply(200).send(send)

    request = scope(**given)
    request["wicketgate.scheme"] = "https" if secure else "http"
    return await ask(HttpsOnly(app, own_origin, frozenset({"/healthz"})), request)


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
async def test_https_passes(method: str) -> None:
    """Over https every request goes on."""
    answer = await asked(secure=True, method=method)

    assert answer.status == 200


async def test_health_checks_pass() -> None:
    """Checks from inside are answered over plain http, also where we are mounted."""
    alone, mounted = await asked(path="/healthz"), await asked(path="/auth/healthz", root_path="/auth")

    assert (alone.status, mounted.status) == (200, 200)


@pytest.mark.parametrize(
    ("own", "given", "location"),
    [
        (OWN, {"path": "/login"}, "https://app.example/login"),
        (OWN, {"path": "/login", "query_string": b"next=%2F"}, "https://app.example/login?next=%2F"),
        (OWN, {"path": "/", "headers": {"host": "evil.example"}}, "https://app.example/"),
        (OWN, {"path": "/a b/é"}, "https://app.example/a%20b/%C3%A9"),
        (OWN, {"path": "/a b", "raw_path": b"/a%20b"}, "https://app.example/a%20b"),
        (None, {"path": "/", "headers": {"host": "app.example"}}, "https://app.example/"),
        (None, {"path": "/", "headers": {"host": "app.example:8000"}}, "https://app.example/"),
        (None, {"path": "/", "headers": {"host": "[2001:db8::1]:8000"}}, "https://[2001:db8::1]/"),
        (None, {"path": "/", "headers": {"host": "[2001:db8::1]"}}, "https://[2001:db8::1]/"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_readers_are_sent_to_https(method: str, own: str | None, given: dict[str, Any], location: str) -> None:
    """Who only reads is sent to the same place at our own address, by a redirect that keeps the method."""
    answer = await asked(own, method=method, **given)

    assert (answer.status, answer.one("location")) == (308, location)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
async def test_the_rest_is_refused(method: str) -> None:
    """A request that may carry a password is refused, not repeated."""
    answer = await asked(method=method, path="/api/auth/login")

    assert (answer.status, answer.json) == (403, {"success": False, "error": "Access denied"})
    assert answer.one("location") is None
