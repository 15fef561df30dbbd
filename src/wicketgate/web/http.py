"""A request as we read it and a reply as we send it.

Starlette's own `Request`, `Response` and `Router` cost more than a whole session check does, and importing them
a third of a start (bench/README.md), so the path of every request is plain ASGI.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import msgspec
from starlette.types import Receive, Scope, Send

Header = tuple[bytes, bytes]

encode: Final = msgspec.json.Encoder().encode
NO_STORE: Final[Header] = (b"cache-control", b"no-store")
NO_REFERRER: Final[Header] = (b"referrer-policy", b"no-referrer")
_NO_CONTENT: Final = 204
_JSON: Final[Header] = (b"content-type", b"application/json")


@dataclass(slots=True)
class Exchange:
    """What becomes known of a request on its way, for the log."""

    id: str
    route: str | None = None
    user_id: str | None = None
    fault: BaseException | None = None


class Head:
    """The head of a request. Repeated headers are joined as RFC 9110, 5.3 says, cookies by RFC 9113, 8.2.3."""

    __slots__ = ("headers", "method", "scheme")

    def __init__(self, method: str, scheme: str, headers: dict[bytes, bytes]) -> None:
        self.method = method
        self.scheme = scheme
        self.headers = headers

    def header(self, name: bytes) -> str | None:
        """A header's value by its lower-case name."""
        value = self.headers.get(name)
        return value.decode("latin-1") if value is not None else None

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies by name."""
        value = self.header(b"cookie")
        return dict(map(_cookie, value.split(";"))) if value else {}


def _cookie(pair: str) -> tuple[str, str]:
    """Name and value, as browsers read them: without `=` it is a value that has no name (RFC 6265bis, 5.6).

    They trim no other white space, and look for `__Host-` behind spaces and tabs only.
    """
    name, equals, value = pair.partition("=")
    return (name.strip(" \t"), value.strip(" \t")) if equals else ("", name.strip(" \t"))


class Request(Head):
    """A request on its way through the service, behind the middleware."""

    __slots__ = ("client", "exchange", "path", "receive", "scope")

    def __init__(self, scope: Scope, receive: Receive) -> None:
        super().__init__(scope["method"], scope["wicketgate.scheme"], headers_of(scope))
        self.scope = scope
        self.receive = receive
        self.path = path_of(scope)
        self.exchange: Exchange = scope["wicketgate.exchange"]
        self.client: str = scope["wicketgate.client"]


def path_of(scope: Scope) -> str:
    """The path below the place where we are mounted. A server may have left that out of the path already."""
    path: str = scope["path"]
    root: str = scope.get("root_path", "")
    return path[len(root) :] if root and path.startswith(f"{root}/") else path


def headers_of(scope: Scope) -> dict[bytes, bytes]:
    """The headers by lower-case name."""
    found: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        if name in found:
            value = found[name] + (b"; " if name == b"cookie" else b", ") + value
        found[name] = value
    return found


class Reply(NamedTuple):
    """A whole answer."""

    status: int
    body: bytes = b""
    headers: tuple[Header, ...] = ()

    def adding(self, *headers: Header) -> Reply:
        """The reply with more headers."""
        return self if not headers else Reply(self.status, self.body, self.headers + headers)

    async def send(self, send: Send) -> None:
        """Sends it."""
        headers = list(self.headers)
        if self.status != _NO_CONTENT:  # which never says a length (RFC 9110, 8.6)
            headers.append((b"content-length", str(len(self.body)).encode()))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})


def json_reply(body: Any, status: int = 200, headers: Iterable[Header] = ()) -> Reply:
    """A reply in JSON that nobody keeps."""
    return Reply(status, encode(body), (_JSON, NO_STORE, *headers))
