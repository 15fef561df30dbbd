"""The two cookies."""

from __future__ import annotations

import pytest

from tests.unit.fakes import ADA
from wicketgate.core.session_book import OpenSession
from wicketgate.core.sessions import SessionClaims
from wicketgate.web.cookies import SessionCookies

SESSION = OpenSession(SessionClaims(ADA.id, ADA.email, "t", 1, 0, 60), "the.token", "the-csrf")


def attributes(header: tuple[bytes, bytes]) -> tuple[str, set[str]]:
    """A cookie's pair and its attributes."""
    name, value = header
    assert name == b"set-cookie"
    pair, *rest = value.decode().split("; ")
    assert len(rest) == len(set(rest))
    return pair, set(rest)


@pytest.mark.parametrize(("production", "prefix", "secure"), [(False, "", set[str]()), (True, "__Host-", {"Secure"})])
def test_a_session_sets_two_cookies(production: bool, prefix: str, secure: set[str]) -> None:
    """The token's cookie is hidden from the page, the CSRF token's is not, and production binds both to the host."""
    session, csrf = SessionCookies(production=production, max_age=86_400).opened(SESSION)

    common = {"Path=/", "SameSite=Strict", "Max-Age=86400"} | secure
    assert attributes(session) == (f"{prefix}auth_token=the.token", common | {"HttpOnly"})
    assert attributes(csrf) == (f"{prefix}csrf_token=the-csrf", common)


@pytest.mark.parametrize(("production", "prefix", "secure"), [(False, "", set[str]()), (True, "__Host-", {"Secure"})])
def test_clearing_matches_setting(production: bool, prefix: str, secure: set[str]) -> None:
    """Cookies are cleared with the attributes they were set with, without which a browser keeps them."""
    session, csrf = SessionCookies(production=production, max_age=86_400).cleared()

    common = {"Path=/", "SameSite=Strict", "Max-Age=0"} | secure
    assert attributes(session) == (f"{prefix}auth_token=", common | {"HttpOnly"})
    assert attributes(csrf) == (f"{prefix}csrf_token=", common)
