"""Who is calling and over what, as far as the proxies in front of us are trusted."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.types import ASGIApp, Receive, Scope, Send

from wicketgate.core.limits import Network, client_address, is_trusted
from wicketgate.web.http import headers_of


class Client:
    """Notes the client's address and the request's scheme in the scope."""

    def __init__(self, app: ASGIApp, trusted: Sequence[Network]) -> None:
        self._app = app
        self._trusted = trusted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        peer = scope["client"][0] if scope.get("client") else None
        scope["wicketgate.client"] = peer or "unknown"
        scope["wicketgate.scheme"] = scope["scheme"]
        if self._trusted and peer is not None and is_trusted(peer, self._trusted):
            headers = headers_of(scope)
            forwarded_for = headers.get(b"x-forwarded-for", b"").decode("latin-1")
            scope["wicketgate.client"] = client_address(peer, forwarded_for, self._trusted)
            proto = headers.get(b"x-forwarded-proto", b"").decode("latin-1").rpartition(",")[2].strip().lower()
            if proto in ("http", "https"):
                scope["wicketgate.scheme"] = proto
        await self._app(scope, receive, send)
