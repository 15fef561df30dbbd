"""One line a request, whatever becomes of it."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wicketgate.core.limits import address_source
from wicketgate.logs import Log
from wicketgate.web.errors import reply_to
from wicketgate.web.http import Exchange

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"})
_USABLE_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")


class RequestLog:
    """Gives each request an id, answers 500 to whatever nobody caught, and writes the line.

    `guarded` adds the headers of every answer to that one, given the request's id. An id in `X-Request-Id` is kept
    when it is short and plain, so that a proxy's log and ours can be joined.
    """

    def __init__(self, app: ASGIApp, log: Log, guarded: Callable[[Send, str], Send]) -> None:
        self._app = app
        self._log = log
        self._guarded = guarded

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = scope["wicketgate.exchange"] = Exchange(request_id(scope))
        started = time.perf_counter()
        status = 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            exchange.fault = error
            if status == 0:
                await reply_to(error).send(self._guarded(watched, exchange.id))
        finally:
            milliseconds = (time.perf_counter() - started) * 1000
            source = address_source(scope.get("wicketgate.client", "")) if 400 <= status < 500 else None
            self._log.request(
                exchange.id, method_of(scope), exchange.route, status, milliseconds, exchange.user_id, source
            )
            if exchange.fault is not None:
                self._log.fault(exchange.id, exchange.fault)


def request_id(scope: Scope) -> str:
    """The id that a request brought along, or a new one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _USABLE_ID.fullmatch(value):
            return bytes(value).decode()
    return os.urandom(8).hex()


def method_of(scope: Scope) -> str:
    """The method, unless it is a word that somebody made up, which is not repeated."""
    method: str = scope["method"]
    return method if method in _METHODS else "OTHER"
