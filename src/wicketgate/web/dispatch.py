"""The way of a request: each check in the contract's order, then the handler."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from starlette.types import Receive, Scope, Send

from wicketgate.core.errors import NotAuthenticated
from wicketgate.core.limits import address_source
from wicketgate.core.sessions import Authenticated
from wicketgate.web import bodies
from wicketgate.web.cors import Cors
from wicketgate.web.credentials import UnreadableAuthorization
from wicketgate.web.endpoint import Access, Call, Endpoint
from wicketgate.web.errors import reply_to
from wicketgate.web.guard import Guard
from wicketgate.web.http import Reply, Request
from wicketgate.web.router import Router


class Dispatcher:
    """The ASGI application behind the middleware.

    The order of answers: 404, 405, 403 for cross-site, 413, 415, 401, 403 for CSRF, 400, then the handler's own.
    """

    def __init__(self, endpoints: Iterable[Endpoint], guard: Guard, cors: Cors) -> None:
        self._router = Router(endpoints)
        self._guard = guard
        self._cors = cors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            reply = await self._answer(request)
        except bodies.ClientGone:
            return
        except Exception as error:
            reply = reply_to(error)
            if reply.status >= 500:
                request.exchange.fault = error
        await reply.adding(*self._cors.headers(request)).send(send)

    async def _answer(self, request: Request) -> Reply:
        methods = self._router.methods(request.path)
        preflight = self._cors.preflight(request, methods)
        if preflight is not None:
            return preflight
        request.exchange.route = request.path if methods else None
        endpoint = self._router.resolve(request.method, request.path)
        if endpoint.unsafe:
            self._guard.refuse_cross_site(request)
        body = await bodies.read(request, wanted=endpoint.body is not None)
        call = await self._identified(endpoint, request)
        if endpoint.body is not None:
            call = replace(call, body=bodies.decode(endpoint.body, endpoint.rules, body))
        return await endpoint.handler(call)

    async def _identified(self, endpoint: Endpoint, request: Request) -> Call:
        source, foreign = address_source(request.client), self._cors.lets_in(request)
        if endpoint.access is Access.PUBLIC:
            return Call(request, None, source, None, "", foreign)
        if endpoint.access is Access.API_TOKEN:
            return Call(request, None, source, None, self._guard.api_token(request), foreign)
        return Call(request, None, source, await self._session(endpoint, request), "", foreign)

    async def _session(self, endpoint: Endpoint, request: Request) -> Authenticated | None:
        try:
            session, shown = await self._guard.session(request)
        except NotAuthenticated as error:
            # 200 would tell whoever logs out that the cookie's session is dead, which nobody looked at.
            unsaid = isinstance(error, UnreadableAuthorization) and self._guard.has_cookie(request)
            if endpoint.access is Access.OPTIONAL_SESSION and not unsaid:
                return None
            raise
        request.exchange.user_id = session.record.id
        if endpoint.unsafe:
            self._guard.refuse_forgery(request, shown, session)
        return session
