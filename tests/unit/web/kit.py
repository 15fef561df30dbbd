"""Requests for the HTTP kit, made by hand, and what comes back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.types import ASGIApp, Message, Scope

from wicketgate.core.sessions import Authenticated
from wicketgate.web.endpoint import Call
from wicketgate.web.http import Exchange, Header, Reply, Request

HERE = "203.0.113.7"


@dataclass
class Answer:
    """What was sent."""

    status: int = 0
    headers: list[Header] = field(default_factory=list)
    body: bytes = b""

    def all(self, name: str) -> list[str]:
        """Every value of a header."""
        return [value.decode("latin-1") for known, value in self.headers if known == name.encode()]

    def one(self, name: str) -> str | None:
        """The value of a header that stands at most once."""
        values = self.all(name)
        assert len(values) <= 1, f"{name} stands {len(values)} times"
        return values[0] if values else None

    @property
    def json(self) -> Any:
        """The body's value."""
        return json.loads(self.body)


class Wire:
    """Both directions of one connection: `chunks` come in, then the client has gone; `answer` went out."""

    def __init__(self, chunks: Iterable[bytes] = (b"",), *, complete: bool = True) -> None:
        parts = list(chunks)
        self.coming: list[Message] = [
            {"type": "http.request", "body": part, "more_body": not complete or index < len(parts) - 1}
            for index, part in enumerate(parts)
        ]
        self.answer = Answer()
        self.starts = 0

    async def receive(self) -> Message:
        return self.coming.pop(0) if self.coming else {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.starts += 1
            self.answer.status, self.answer.headers = message["status"], list(message["headers"])
        else:
            self.answer.body += message.get("body", b"")


def scope(
    method: str = "GET", path: str = "/", headers: Mapping[str, str] | Iterable[Header] = (), **more: Any
) -> Scope:
    """A scope as a server makes it, with what the middleware notes in it."""
    if isinstance(headers, Mapping):
        headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
    return {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": list(headers),
        "scheme": "http",
        "client": (HERE, 4711),
        "wicketgate.exchange": Exchange("request-1"),
        "wicketgate.client": HERE,
        "wicketgate.scheme": "https",
        **more,
    }


def request(
    method: str = "GET", path: str = "/", headers: Mapping[str, str] | Iterable[Header] = (), wire: Wire | None = None
) -> Request:
    """A request behind the middleware."""
    return Request(scope(method, path, headers), (wire or Wire()).receive)


def call(body: Any = None, session: Authenticated | None = None, api_token: str = "") -> Call:
    """A request that passed every check."""
    return Call(request(), body, HERE, session, api_token)


async def sent(reply: Reply) -> Answer:
    """A reply as it goes out."""
    wire = Wire()
    await reply.send(wire.send)
    return wire.answer


async def ask(app: ASGIApp, asked: Scope, wire: Wire | None = None) -> Answer:
    """What an application answers."""
    used = wire or Wire()
    await app(asked, used.receive, used.send)
    assert used.starts <= 1
    return used.answer
