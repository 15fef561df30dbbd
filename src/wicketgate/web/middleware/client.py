"""Who is calling and over what, as far as the proxies in front of us are trusted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from wicketgate.core.limits import Network, client_address, is_trusted
from wicketgate.web.http import headers_of

_HTTP: Final = {"http": "http", "https": "https", "ws": "http", "wss": "https"}
"""What a handshake is said to have come over: some proxies name the scheme of the WebSocket that it opens."""


def caller(scope: Scope, trusted: Sequence[Network]) -> tuple[str, str]:
    """The client's address and the request's scheme, by a trusted proxy's word when it is one who connects."""
    peer = scope["client"][0] if scope.get("client") else None
    own: str = scope["scheme"]
    scheme = _HTTP.get(own, own)
    if not trusted or peer is None or not is_trusted(peer, trusted):
        return peer or "unknown", scheme
    headers = headers_of(scope)
    forwarded_for = headers.get(b"x-forwarded-for", b"").decode("latin-1")
    proto = headers.get(b"x-forwarded-proto", b"").decode("latin-1").rpartition(",")[2].strip().lower()
    return client_address(peer, forwarded_for, trusted), _HTTP.get(proto, scheme)


class Client:
    """Notes the client's address and the request's scheme in the scope."""

    def __init__(self, app: ASGIApp, trusted: Sequence[Network]) -> None:
        self._app = app
        self._trusted = trusted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["wicketgate.client"], scope["wicketgate.scheme"] = caller(scope, self._trusted)
        await self._app(scope, receive, send)
