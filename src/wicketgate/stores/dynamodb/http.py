"""HTTP/1.1 to DynamoDB and to what hands out credentials: small requests, small answers, connections that are kept.

aiohttp does all of it and much more; without it a start takes half the time and a call two thirds (bench/README.md).
The answers are read by httptools, which reads the service's own requests as well.
"""

from __future__ import annotations

import asyncio
import math
import ssl
from collections import defaultdict
from collections.abc import AsyncGenerator
from functools import cache, lru_cache
from typing import Final, NamedTuple, cast
from urllib.parse import urlsplit

import httptools
from aiodynamo.http.types import Request, RequestFailed, Response

CONNECT_SECONDS: Final = 1.0
READ_SECONDS: Final = 2.0
IDLE_SECONDS: Final = 30.0
CONNECTIONS: Final = 256


class Place(NamedTuple):
    """Where a URL leads."""

    host: str
    port: int
    tls: bool


class Transport:
    """One request, one answer; who asks tries again when a connection fails or hangs."""

    def __init__(self) -> None:
        self._idle: defaultdict[Place, list[_Connection]] = defaultdict(list)
        self._open: set[_Connection] = set()
        self._room = asyncio.Semaphore(CONNECTIONS)

    async def __call__(self, request: Request) -> Response:
        """The answer to a request of aiodynamo's, which asks for credentials."""
        until = asyncio.get_running_loop().time() + READ_SECONDS
        return await self.ask(target(request.url)[0], _written(request), until)

    async def ask(self, place: Place, request: bytes, until: float) -> Response:
        """The answer, whatever its status. Raises RequestFailed, or TimeoutError when the loop's time is `until`.

        Who waits for room needs no timer: those in front have asked before, so their time is over sooner.
        """
        async with self._room:
            connection = self._kept(place) or await self._connected(place, until)
            try:
                answer = await connection.ask(request, until)
            except BaseException:
                connection.abort()  # An answer that comes now would be taken for that of the next request.
                raise
            finally:
                self._open.discard(connection)
        if connection.reusable:
            self._idle[place].append(connection)
        return answer

    def close(self) -> None:
        """Closes every connection."""
        for connection in [*self._open, *(one for idle in self._idle.values() for one in idle)]:
            connection.abort()
        self._idle.clear()

    def _kept(self, place: Place) -> _Connection | None:
        """The connection used last, so that those no longer needed grow old and are closed."""
        idle = self._idle[place]
        while idle:
            connection = idle.pop()
            if connection.reusable and connection.idle_for < IDLE_SECONDS:
                self._open.add(connection)
                return connection
            connection.abort()
        return None

    async def _connected(self, place: Place, until: float) -> _Connection:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout_at(min(until, loop.time() + CONNECT_SECONDS)):
                _, connection = await loop.create_connection(
                    _Connection, place.host, place.port, ssl=_tls() if place.tls else None
                )
        except TimeoutError:
            raise
        except OSError as error:
            raise RequestFailed(error) from error
        self._open.add(connection)
        return connection


class _Connection(asyncio.Protocol):
    """One connection with at most one request on its way."""

    def __init__(self) -> None:
        self.reusable = True
        self._loop = asyncio.get_running_loop()
        self._since = self._loop.time()
        self._parser = httptools.HttpResponseParser(self)
        self._body: list[bytes] = []
        self._answer: asyncio.Future[Response] | None = None
        self._transport: asyncio.Transport | None = None
        self._until = 0.0
        self._looks_at = math.inf
        self._timer: asyncio.TimerHandle | None = None

    @property
    def idle_for(self) -> float:
        """Seconds since the last answer."""
        return self._loop.time() - self._since

    def ask(self, request: bytes, until: float) -> asyncio.Future[Response]:
        """The answer to come. RequestFailed when the connection breaks first, TimeoutError when it takes too long."""
        assert self._transport is not None
        if not self.reusable:
            raise RequestFailed(ConnectionResetError("the connection was closed"))
        now = self._loop.time()
        if now >= until:
            raise TimeoutError
        self._answer = self._loop.create_future()
        self._until = min(until, now + READ_SECONDS)
        if self._until < self._looks_at:
            self._look_at(self._until)
        self._transport.write(request)
        return self._answer

    def abort(self) -> None:
        """Closes the connection at once."""
        self.reusable = False
        if self._timer is not None:
            self._timer.cancel()
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self._fail(error)

    def connection_lost(self, error: Exception | None) -> None:
        self._fail(error or ConnectionResetError("the connection was closed"))

    def on_message_begin(self) -> None:
        """An answer begins. One that nobody asked for says that the two sides have lost each other."""
        if self._answer is None:
            self._fail(ConnectionResetError("an answer that nobody asked for"))

    def on_body(self, body: bytes) -> None:
        """A part of the body."""
        self._body.append(body)

    def on_message_complete(self) -> None:
        """The answer is whole."""
        body, self._body = b"".join(self._body), []
        answer, self._answer = self._answer, None
        self._since = self._loop.time()
        self.reusable = self.reusable and self._parser.should_keep_alive()
        if not self.reusable:
            self.abort()
        if answer is not None and not answer.done():
            answer.set_result(Response(self._parser.get_status_code(), body))

    def _look_at(self, when: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._looks_at = self._loop.call_at(when, self._look), when

    def _look(self) -> None:
        """Gives up an answer that has not come in time. One timer for many requests: each of its own would cost more
        than all else here."""
        self._timer, self._looks_at = None, math.inf
        if self._answer is None:
            return
        if self._loop.time() < self._until:
            self._look_at(self._until)
        else:
            self._end(TimeoutError())

    def _fail(self, error: Exception) -> None:
        self._end(RequestFailed(error))

    def _end(self, error: Exception) -> None:
        answer, self._answer = self._answer, None
        self.abort()
        if answer is not None and not answer.done():
            answer.set_exception(error)


async def transport() -> AsyncGenerator[Transport]:
    """A transport for the running event loop, closed when the generator is."""
    made = Transport()
    try:
        yield made
    finally:
        made.close()
        await asyncio.sleep(0)  # so that the loop sees the sockets closed


def _written(request: Request) -> bytes:
    place, path = target(request.url)
    body = request.body or b""
    lines = [f"{request.method} {path} HTTP/1.1", f"Host: {host_of(place)}", "User-Agent: wicketgate"]
    lines += ["Accept-Encoding: identity", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in (request.headers or {}).items() if name.lower() != "host"]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


@lru_cache(maxsize=64)
def target(url: str) -> tuple[Place, str]:
    """Where to connect, and what to ask for there."""
    parts = urlsplit(url)
    tls = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(parts.hostname or "", parts.port or (443 if tls else 80), tls), path


def host_of(place: Place) -> str:
    """The authority as URLs spell it: without the scheme's own port, an IPv6 address in brackets."""
    name = f"[{place.host}]" if ":" in place.host else place.host
    return name if place.port == (443 if place.tls else 80) else f"{name}:{place.port}"


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()
