"""The checks that go before a handler."""

from __future__ import annotations

import pytest

from tests.unit.fakes import ADA, ManualClock, OpenTokens, add
from tests.unit.web.kit import request
from wicketgate.core.errors import AccessDenied, NotAuthenticated
from wicketgate.core.session_book import OpenSession, SessionBook
from wicketgate.stores.memory import MemoryStore
from wicketgate.web.cookies import SessionCookies
from wicketgate.web.credentials import Credential
from wicketgate.web.guard import Guard
from wicketgate.web.http import Head

FRIEND = "https://friend.example"
COOKIES = SessionCookies(production=False, max_age=60)


async def guarded(own_origin: str | None = "https://app.example") -> tuple[Guard, OpenSession]:
    """A guard and a live session of Ada's."""
    store = MemoryStore()
    await add(store)
    sessions = SessionBook(store, store, OpenTokens(), ManualClock(), 60)
    return Guard(sessions, COOKIES, own_origin, frozenset({FRIEND})), sessions.open(ADA)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "https://app.example"},
        {"origin": FRIEND, "sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-origin"},
    ],
)
async def test_our_pages_and_friends_pass(headers: dict[str, str]) -> None:
    """A request that comes from where it may is let through."""
    guard, _ = await guarded()

    guard.refuse_cross_site(request("POST", headers=headers))

    with pytest.raises(AccessDenied):
        guard.refuse_cross_site(request("POST", headers={"origin": "https://evil.example"}))


@pytest.mark.parametrize(
    ("scheme", "host", "origin", "ours"),
    [
        ("https", "app.example", "https://app.example", True),
        ("https", "App.Example:443", "https://app.example", True),
        ("http", "localhost:8000", "http://localhost:8000", True),
        ("http", "[::1]:8000", "http://[::1]:8000", True),
        ("http", "app.example", "https://app.example", False),
        ("https", "app.example", "https://app.example:8443", False),
        ("https", "app.example", "https://evil.example", False),
        ("https", "", "null", False),
        ("https", "app.example:port", "https://app.example", False),
    ],
)
async def test_without_an_address_the_host_is_ours(scheme: str, host: str, origin: str, ours: bool) -> None:
    """While `PUBLIC_URL` is unset, scheme and `Host` of the request are our origin."""
    guard, _ = await guarded(own_origin=None)
    head = Head("POST", scheme, {b"host": host.encode(), b"origin": origin.encode()})

    refused = False
    try:
        guard.refuse_cross_site(head)
    except AccessDenied:
        refused = True

    assert refused is not ours


async def test_a_request_without_a_host_has_no_origin_of_its_own() -> None:
    """A page's origin is never ours when the request names no host."""
    guard, _ = await guarded(own_origin=None)

    with pytest.raises(AccessDenied):
        guard.refuse_cross_site(Head("POST", "https", {b"origin": b"https://app.example"}))


@pytest.mark.parametrize("from_cookie", [True, False])
async def test_a_session_comes_by_cookie_or_header(from_cookie: bool) -> None:
    """Either way leads to the session, and it is known which."""
    guard, opened = await guarded()
    headers = {"cookie": f"auth_token={opened.token}"} if from_cookie else {"authorization": f"Bearer {opened.token}"}

    session, shown = await guard.session(request(headers=headers))

    assert session.record == ADA
    assert shown == Credential(opened.token, from_cookie)


@pytest.mark.parametrize("headers", [{}, {"cookie": "auth_token=dead"}, {"authorization": "Bearer dead"}])
async def test_without_a_live_session_nobody_is_known(headers: dict[str, str]) -> None:
    """No token and a dead one are refused alike."""
    guard, _ = await guarded()

    with pytest.raises(NotAuthenticated):
        await guard.session(request(headers=headers))


async def test_an_api_token_comes_by_header_alone() -> None:
    """An API token is taken from `Authorization` and never from a cookie."""
    guard, _ = await guarded()

    token = guard.api_token(request(headers={"authorization": "Bearer wg_x"}))

    assert token == "wg_x"
    for headers in ({}, {"cookie": "auth_token=wg_x"}):
        with pytest.raises(NotAuthenticated):
            guard.api_token(request(headers=headers))


@pytest.mark.parametrize("sent", [None, "", "csrf", "é", "CSRF OF"])
async def test_a_cookie_needs_its_csrf_token(sent: str | None) -> None:
    """A session by cookie is refused without the session's own CSRF token, and let through with it."""
    guard, opened = await guarded()
    cookie = {"cookie": f"auth_token={opened.token}"}
    session, shown = await guard.session(request(headers=cookie))
    wrong = request("POST", headers=cookie if sent is None else {**cookie, "x-csrf-token": sent})

    with pytest.raises(AccessDenied):
        guard.refuse_forgery(wrong, shown, session)

    guard.refuse_forgery(request("POST", headers={**cookie, "x-csrf-token": opened.csrf_token}), shown, session)


async def test_a_header_needs_no_csrf_token() -> None:
    """What a page cannot make a browser send unasked needs no further proof."""
    guard, opened = await guarded()
    asked = request("POST", headers={"authorization": f"Bearer {opened.token}"})
    session, shown = await guard.session(asked)

    guard.refuse_forgery(asked, shown, session)

    assert not shown.from_cookie
