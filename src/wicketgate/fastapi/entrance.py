"""The service's checks, asked for by routes that are not the service's own."""

from __future__ import annotations

from collections.abc import Collection

from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.websockets import WebSocket

from wicketgate.app import Wicketgate
from wicketgate.core.errors import AccessDenied, ConfigurationError
from wicketgate.core.origin import SAFE_METHODS
from wicketgate.core.users import User, public
from wicketgate.fastapi.callers import ApiCaller, caller_of
from wicketgate.web.errors import reply_to
from wicketgate.web.http import Head, Reply, headers_of
from wicketgate.web.middleware.client import caller
from wicketgate.web.middleware.https import PlainHttp, reply_to_plain_http
from wicketgate.web.middleware.log import request_id

_HANDSHAKE = "WEBSOCKET"
_POLICY_VIOLATION = 1008
_CALLER = "wicketgate.api_caller"


class Entrance:
    """Who comes in, and what is said to those who do not. One for each application, kept in its state."""

    def __init__(self, gate: Wicketgate) -> None:
        self._gate = gate
        self._trusted = gate.settings.trusted_networks
        self._https_only = gate.settings.production
        self._own_origin = gate.settings.own_origin

    async def session_user(self, connection: HTTPConnection) -> User:
        """Whose session it is. Raises NotAuthenticated, AccessDenied or Unavailable."""
        head = self._head(connection)
        session, shown = await self._gate.guard.session(head)
        # A page can add no header to a WebSocket's handshake. Its browser always names the page's origin there
        # (RFC 6455, 10.2), which has just been checked.
        if head.method not in SAFE_METHODS and head.method != _HANDSHAKE:
            self._gate.guard.refuse_forgery(head, shown, session)
        return public(session.record)

    async def api_caller(self, connection: HTTPConnection, scopes: Collection[str]) -> ApiCaller:
        """Whose API token it is and what it may do. However often a request asks, it is one call of the token's.

        Raises NotAuthenticated, AccessDenied without one of the scopes, TooManyRequests or Unavailable.
        """
        caller: ApiCaller | None = connection.scope.get(_CALLER)
        if caller is None:
            token = self._gate.guard.api_token(self._head(connection))
            caller = connection.scope[_CALLER] = caller_of(await self._gate.api_tokens.check(token))
        if not caller.may(*scopes):
            raise AccessDenied
        return caller

    async def refuse(self, connection: HTTPConnection, error: Exception) -> Response | None:
        """The service's own answer to an error; a WebSocket is closed, which is a plain 403 before it has opened."""
        reply = self._reply(connection, error)
        known_as = request_id(connection.scope)
        if reply.status >= 500:
            self._gate.log.fault(known_as, error)
        if isinstance(connection, WebSocket):
            await connection.close(_POLICY_VIOLATION)
            return None
        response = Response(reply.body, reply.status)
        response.raw_headers.extend([*reply.headers, (b"x-request-id", known_as.encode())])
        return response

    def _reply(self, connection: HTTPConnection, error: Exception) -> Reply:
        if isinstance(error, PlainHttp) and not isinstance(connection, WebSocket):
            return reply_to_plain_http(connection.scope, self._own_origin)
        return reply_to(error)

    def _head(self, connection: HTTPConnection) -> Head:
        """The head of a request that may go on to say who it is from."""
        _, scheme = caller(connection.scope, self._trusted)
        if self._https_only and scheme != "https":
            raise PlainHttp
        head = Head(connection.scope.get("method", _HANDSHAKE), scheme, headers_of(connection.scope))
        self._gate.guard.refuse_cross_site(head)
        return head


def entrance_of(connection: HTTPConnection) -> Entrance:
    """The entrance of the application that has the route. Raises ConfigurationError when it has none."""
    entrance = getattr(connection.app.state, "wicketgate", None)
    if not isinstance(entrance, Entrance):
        raise ConfigurationError("call wicketgate.fastapi.install(app), or protect(app, gate), for this application")
    return entrance
