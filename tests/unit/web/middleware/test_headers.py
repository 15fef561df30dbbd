"""The headers that every answer carries."""

from __future__ import annotations

import pytest
from starlette.types import Receive, Scope, Send

from tests.unit.web.kit import Answer, ask, scope
from wicketgate.web.http import Header, Reply
from wicketgate.web.middleware.headers import SecurityHeaders


async def answered(*headers: Header, production: bool, subdomains: bool = False) -> Answer:
    """An answer with these headers of its own."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await Reply(200, b"body", headers).send(send)

    return await ask(SecurityHeaders(app, production=production, subdomains=subdomains), scope())


@pytest.mark.parametrize("production", [True, False])
async def test_every_answer_is_guarded(production: bool) -> None:
    """No answer may be framed, sniffed or kept, runs a script of another, or says what serves it."""
    answer = await answered(production=production)

    policy = dict(part.split(" ", 1) for part in (answer.one("content-security-policy") or "").split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert "unsafe" not in str(policy)
    assert answer.one("x-content-type-options") == "nosniff"
    assert answer.one("x-frame-options") == "DENY"
    assert answer.one("referrer-policy") == "same-origin"
    assert answer.one("cross-origin-opener-policy") == "same-origin"
    assert answer.one("cache-control") == "no-store"
    assert answer.one("x-request-id") == "request-1"
    assert answer.one("server") is None
    assert answer.body == b"body"


async def test_production_asks_for_https_from_now_on() -> None:
    """HSTS is sent in production and nowhere else, where it would lock a laptop out."""
    production, development = await answered(production=True), await answered(production=False)

    assert production.one("strict-transport-security") == "max-age=63072000"
    assert development.one("strict-transport-security") is None


async def test_sub_domains_are_asked_for_when_their_owner_says_so() -> None:
    """Other hosts of the domain are kept to https only where a setting says that they have it."""
    wide = await answered(production=True, subdomains=True)

    assert wide.one("strict-transport-security") == "max-age=63072000; includeSubDomains"


async def test_an_answer_that_may_be_kept_says_so_itself() -> None:
    """What an answer says of caching stands."""
    answer = await answered((b"cache-control", b"public, max-age=300"), production=False)

    assert answer.one("cache-control") == "public, max-age=300"


async def test_an_answer_that_tells_no_other_page_where_it_came_from_stays_so() -> None:
    """A stricter referrer policy stands, and stands alone."""
    answer = await answered((b"referrer-policy", b"no-referrer"), production=False)

    assert answer.one("referrer-policy") == "no-referrer"
