"""What a request shows of who is calling."""

from __future__ import annotations

from typing import NamedTuple

from wicketgate.core.errors import NotAuthenticated
from wicketgate.web.http import Head


class UnreadableAuthorization(NotAuthenticated):
    """An `Authorization` that is no bearer token."""


class Credential(NamedTuple):
    """A token and whether a cookie brought it, in which case the browser may have sent it unasked."""

    token: str
    from_cookie: bool


def credential(head: Head, cookie: str | None) -> Credential | None:
    """The token a request carries. With `Authorization` the cookie is ignored. Raises UnreadableAuthorization.

    `cookie` is the name of the session's cookie, None where a cookie means nothing.
    """
    authorization = head.header(b"authorization")
    if authorization is not None:
        return Credential(_bearer(authorization), from_cookie=False)
    token = head.cookies.get(cookie) if cookie is not None else None
    return Credential(token, from_cookie=True) if token else None


def _bearer(authorization: str) -> str:
    """The token of `Bearer <token>` (RFC 6750, 2.1); the scheme in any case (RFC 9110, 11.1)."""
    scheme, _, token = authorization.strip().partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token or " " in token:
        raise UnreadableAuthorization
    return token
