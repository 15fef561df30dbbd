"""Answers for pages of other origins."""

from __future__ import annotations

import pytest

from tests.unit.web.kit import request, sent
from wicketgate.web.cors import Cors

FRIEND = "https://friend.example"
CORS = Cors(frozenset({FRIEND, "https://other.example"}))
ASKING = {"origin": FRIEND, "access-control-request-method": "PUT"}


def test_an_allowed_page_may_read() -> None:
    """The origin is repeated exactly, with credentials and the headers that a page needs."""
    headers = dict(CORS.headers(request(headers={"origin": FRIEND})))

    assert headers == {
        b"vary": b"Origin",
        b"access-control-allow-origin": FRIEND.encode(),
        b"access-control-allow-credentials": b"true",
        b"access-control-expose-headers": b"Retry-After, X-CSRF-Token, X-Request-Id",
    }


@pytest.mark.parametrize("origin", ["https://evil.example", "null", FRIEND + "/", FRIEND.upper(), "*", None])
def test_any_other_page_may_not(origin: str | None) -> None:
    """Another origin gets nothing but the hint that answers differ."""
    headers = CORS.headers(request(headers={} if origin is None else {"origin": origin}))

    assert headers == ((b"vary", b"Origin"),)


def test_without_allowed_origins_nothing_is_said() -> None:
    """A service for its own pages alone sends no CORS header at all."""
    headers = Cors(frozenset()).headers(request(headers={"origin": FRIEND}))

    assert headers == ()


async def test_a_preflight_is_answered() -> None:
    """A browser that asks first learns the methods and headers, and every header stands once."""
    asked = request("OPTIONS", headers=ASKING)
    reply = CORS.preflight(asked, "GET, HEAD")
    assert reply is not None

    answer = await sent(reply.adding(*CORS.headers(asked)))

    assert (answer.status, answer.body) == (204, b"")
    assert answer.one("access-control-allow-origin") == FRIEND
    assert answer.one("access-control-allow-credentials") == "true"
    assert answer.one("access-control-allow-methods") == "GET, HEAD"
    assert answer.one("access-control-allow-headers") == "Authorization, Content-Type, X-CSRF-Token"
    assert answer.one("access-control-max-age") == "600"
    assert answer.one("vary") == "Origin"


@pytest.mark.parametrize(
    ("method", "headers", "methods"),
    [
        ("GET", ASKING, "GET"),
        ("OPTIONS", {**ASKING, "origin": "https://evil.example"}, "GET"),
        ("OPTIONS", {"access-control-request-method": "PUT"}, "GET"),
        ("OPTIONS", {"origin": FRIEND}, "GET"),
        ("OPTIONS", ASKING, None),
    ],
)
def test_what_is_no_preflight_goes_its_way(method: str, headers: dict[str, str], methods: str | None) -> None:
    """Another method, a stranger, an ordinary OPTIONS and an unknown path are not answered here."""
    reply = CORS.preflight(request(method, headers=headers), methods)

    assert reply is None
