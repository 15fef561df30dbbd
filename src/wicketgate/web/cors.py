"""Answers for pages of other origins (Fetch standard, CORS): exact origins, never a wildcard."""

from __future__ import annotations

from wicketgate.web.http import Header, Reply, Request

_VARY: Header = (b"vary", b"Origin")
_EXPOSED: Header = (b"access-control-expose-headers", b"Retry-After, X-CSRF-Token, X-Request-Id")


class Cors:
    """Who else's pages may read our answers."""

    def __init__(self, origins: frozenset[str]) -> None:
        self._origins = origins

    def lets_in(self, request: Request) -> bool:
        """Whether the request comes from a page of an allowed origin."""
        return request.header(b"origin") in self._origins

    def headers(self, request: Request) -> tuple[Header, ...]:
        """The headers that let the page of an allowed origin read the answer."""
        if not self._origins:
            return ()
        origin = request.header(b"origin")
        if origin not in self._origins:
            return (_VARY,)
        return (_VARY, *_granted(origin), _EXPOSED)

    def preflight(self, request: Request, methods: str | None) -> Reply | None:
        """The answer to a browser that asks before it sends; None when it is no such question, or not for us.

        The `headers` of every answer come on top: browsers refuse an `Access-Control-Allow-Origin` that stands twice.
        """
        if request.method != "OPTIONS" or methods is None:
            return None
        origin = request.header(b"origin")
        if origin not in self._origins:
            return None
        if request.header(b"access-control-request-method") is None:
            return None
        return Reply(
            204,
            headers=(
                (b"access-control-allow-methods", methods.encode()),
                (b"access-control-allow-headers", b"Authorization, Content-Type, X-CSRF-Token"),
                (b"access-control-max-age", b"600"),
            ),
        )


def _granted(origin: str | None) -> tuple[Header, Header]:
    return (
        (b"access-control-allow-origin", (origin or "").encode("latin-1")),
        (b"access-control-allow-credentials", b"true"),
    )
