"""The annotations that protect a route, and the dependencies behind them, which tests may override."""

from __future__ import annotations

from typing import Annotated, Final, TypeAlias

from fastapi import Security
from fastapi.openapi.models import APIKey, HTTPBase, HTTPBearer
from fastapi.openapi.models import SecurityBase as Scheme
from fastapi.security import SecurityScopes
from fastapi.security.base import SecurityBase
from starlette.requests import HTTPConnection

from wicketgate.core.errors import NotAuthenticated
from wicketgate.core.users import User
from wicketgate.fastapi.callers import ApiCaller
from wicketgate.fastapi.entrance import entrance_of
from wicketgate.web.cookies import SessionCookies
from wicketgate.web.openapi import security_schemes

NOBODY: Final = "nobody"
"""FastAPI has no way to say that a route asks for no proof. This scheme says it until `documents` puts it right."""


class _Declared(SecurityBase):
    """A scheme that FastAPI writes down for every route that depends on it. The checks are the entrance's."""

    def __init__(self, scheme_name: str, model: Scheme) -> None:
        self.scheme_name = scheme_name
        self.model = model

    async def __call__(self) -> None:
        """Nothing."""


_known = security_schemes(SessionCookies(production=False, max_age=0))
_cookie = Security(_Declared("sessionCookie", APIKey(**_known["sessionCookie"])))
_session_token = Security(_Declared("sessionToken", HTTPBearer(**_known["sessionToken"])))
_api_token = Security(_Declared("apiToken", HTTPBearer(**_known["apiToken"])))
_nobody = Security(_Declared(NOBODY, HTTPBase(scheme="none", description="No proof is needed.")))


async def current_user(
    connection: HTTPConnection,
    _by_cookie: Annotated[None, _cookie] = None,
    _by_token: Annotated[None, _session_token] = None,
) -> User:
    """The user whose session the request belongs to. Raises NotAuthenticated, AccessDenied or Unavailable."""
    return await entrance_of(connection).session_user(connection)


async def optional_user(
    connection: HTTPConnection,
    _by_none: Annotated[None, _nobody] = None,
    _by_cookie: Annotated[None, _cookie] = None,
    _by_token: Annotated[None, _session_token] = None,
) -> User | None:
    """The user, or None without a live session: none shown, forged, expired or ended.

    Raises AccessDenied or Unavailable.
    """
    try:
        return await entrance_of(connection).session_user(connection)
    except NotAuthenticated:
        return None


async def api_access(
    connection: HTTPConnection, needed: SecurityScopes, _by_token: Annotated[None, _api_token] = None
) -> ApiCaller:
    """Whose API token the program shows, and what it may do.

    Raises NotAuthenticated, AccessDenied when the token lacks a scope that the route names, TooManyRequests or
    Unavailable.
    """
    return await entrance_of(connection).api_caller(connection, needed.scopes)


async def api_user(caller: Annotated[ApiCaller, Security(api_access)]) -> User:
    """The user whose API token the program shows. Raises as `api_access` does."""
    return caller.user


CurrentUser: TypeAlias = Annotated[User, Security(current_user)]
"""Whoever is logged in; anybody else is answered 401."""

OptionalUser: TypeAlias = Annotated[User | None, Security(optional_user)]
"""Whoever is logged in, None for anybody else."""

ApiUser: TypeAlias = Annotated[User, Security(api_user)]
"""Whose program calls with an API token; anybody else, people with sessions included, is answered 401.

With `Annotated[User, Security(api_user, scopes=["reports:read"])]` a named token without that scope is answered 403.
"""

ApiAccess: TypeAlias = Annotated[ApiCaller, Security(api_access)]
"""The same user with what the token may do, for a route that decides by itself."""
