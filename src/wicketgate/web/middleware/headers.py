"""The headers that every answer carries (OWASP Secure Headers)."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wicketgate.web.http import NO_REFERRER, NO_STORE, Header

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_SAME_ORIGIN_REFERRER: Header = (b"referrer-policy", b"same-origin")


class SecurityHeaders:
    """Adds the headers, and `no-store` where the answer says nothing of caching. A stricter referrer policy stays."""

    def __init__(self, app: ASGIApp, *, production: bool, subdomains: bool = False) -> None:
        self._app = app
        self._headers: list[Header] = [
            (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"x-frame-options", b"DENY"),
            (b"cross-origin-opener-policy", b"same-origin"),
        ]
        if production:
            # Two years, as browsers' preload lists ask for. Sub-domains are their owner's business.
            more = b"; includeSubDomains" if subdomains else b""
            self._headers.append((b"strict-transport-security", b"max-age=63072000" + more))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, self.over(send, scope["wicketgate.exchange"].id))

    def over(self, send: Send, request_id: str) -> Send:
        """What sends an answer with the headers."""
        own = (b"x-request-id", request_id.encode())

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"]
                if NO_STORE not in headers and not any(name == b"cache-control" for name, _ in headers):
                    headers.append(NO_STORE)
                if NO_REFERRER not in headers:
                    headers.append(_SAME_ORIGIN_REFERRER)
                headers += self._headers
                headers.append(own)
            await send(message)

        return with_headers
