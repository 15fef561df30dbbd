"""In production nothing is answered over plain http, where a cookie or a password could be read on the way."""

from __future__ import annotations

import re
import string
from urllib.parse import quote

from starlette.types import ASGIApp, Receive, Scope, Send

from wicketgate.core.errors import AccessDenied
from wicketgate.web.errors import reply_to
from wicketgate.web.http import Reply, headers_of, path_of

_PORT = re.compile(r":[0-9]*$")


class PlainHttp(AccessDenied):
    """A request in production that anybody on its way could read."""


class HttpsOnly:
    """Sends readers to https and refuses the rest. Health checks come from inside and stay reachable."""

    def __init__(self, app: ASGIApp, own_origin: str | None, exempt: frozenset[str]) -> None:
        self._app = app
        self._own_origin = own_origin
        self._exempt = exempt

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["wicketgate.scheme"] == "https" or path_of(scope) in self._exempt:
            await self._app(scope, receive, send)
        else:
            await reply_to_plain_http(scope, self._own_origin).send(send)


def reply_to_plain_http(scope: Scope, own_origin: str | None) -> Reply:
    """The way to https for who only reads; 403 for the rest, which has already been sent in the clear."""
    if scope["method"] in ("GET", "HEAD"):
        return Reply(308, headers=((b"location", _target(scope, own_origin).encode()),))
    return reply_to(PlainHttp())


def _target(scope: Scope, own_origin: str | None) -> str:
    host = _PORT.sub("", headers_of(scope).get(b"host", b"").decode("latin-1"))
    path = scope.get("raw_path") or quote(scope["path"]).encode()
    query = scope["query_string"].decode("latin-1")
    target = (own_origin or f"https://{host}") + path.decode("latin-1") + (f"?{query}" if query else "")
    # Servers refuse what would end a header here; whatever one lets through stays within it.
    return quote(target, safe=string.punctuation, encoding="latin-1")
