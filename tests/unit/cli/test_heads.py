"""Where heads and trailers end, byte by byte: the protocol of `wicketgate serve` on a transport that remembers."""

from __future__ import annotations

import asyncio
import re
from typing import Any, cast

import pytest
from uvicorn.config import Config
from uvicorn.server import ServerState

from tests.unit.cli.wire import Wire
from wicketgate.cli.patience import Bounds, Patience
from wicketgate.cli.protocol import LARGEST_HEAD, BoundedProtocol

GET = b"GET /one HTTP/1.1\r\nHost: service.example\r\n"
POST = b"POST /one HTTP/1.1\r\nHost: service.example\r\nTransfer-Encoding: chunked\r\n"
END = b"\r\n"
LONG = b"X-Long: " + b"x" * LARGEST_HEAD + b"\r\n"


class Connection:
    """A connection to an application that says which headers it was given."""

    def __init__(self) -> None:
        self.wire = Wire()
        self.seen: list[list[tuple[bytes, bytes]]] = []
        self.go_on = asyncio.Event()
        self.go_on.set()
        config = Config(
            cast(Any, self._app), access_log=False, log_config=None, proxy_headers=False, ws="none", interface="asgi3"
        )
        self.protocol = BoundedProtocol(config, ServerState(), {}, patience=Patience(Bounds()))
        self.protocol.connection_made(self.wire)

    async def _app(self, scope: Any, receive: Any, send: Any) -> None:
        self.seen.append(list(scope["headers"]))
        await self.go_on.wait()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})

    async def sends(self, *pieces: bytes) -> list[str]:
        """The status of each answer, and `closed` once the connection is, after these pieces have arrived."""
        for piece in pieces:
            if not self.wire.closed:
                self.protocol.data_received(piece)
            for _ in range(5):
                await asyncio.sleep(0)
        statuses = [status.decode() for status in re.findall(rb"HTTP/1\.1 (\d+)", self.wire.sent)]
        return [*statuses, *(["closed"] if self.wire.closed else [])]


@pytest.mark.parametrize(
    ("pieces", "told"),
    [
        ([GET + END], ["200"]),
        ([GET, END], ["200"]),
        ([bytes([byte]) for byte in GET + END], ["200"]),
        ([GET + END, GET + END], ["200", "200"]),
        ([GET + END + GET, END], ["200", "200"]),
        ([GET + END + GET + END], ["200", "200"]),
        ([GET + LONG + END], ["431", "closed"]),
        ([GET, LONG[:9000], LONG[9000:], END], ["431", "closed"]),
        ([GET + LONG[:9000], LONG[9000:] + END], ["431", "closed"]),
        ([GET + LONG[:9000], LONG[9000:], LONG], ["431", "closed"]),
        ([GET + END + GET + LONG[:9000], b"", LONG[9000:] + END], ["200", "431", "closed"]),
        ([GET + END, GET + LONG + END], ["200", "431", "closed"]),
        ([LONG], ["400", "closed"]),
        ([b"\0" * 20_000], ["400", "closed"]),
        ([b"nonsense\r\n\r\n"], ["400", "closed"]),
        ([POST + END + b"8000\r\n" + b"x" * 0x8000 + b"\r\n0\r\n\r\n" + GET, END], ["200", "200"]),
        ([POST + END, b"8000\r\n", b"x" * 0x4000, b"x" * 0x4000, b"\r\n0\r\n\r\n"], ["200"]),
        ([POST + END + b"8000\r\n" + b"x" * 0x8000 + b"\r\n0\r\n", LONG + b"\r\n"], ["200", "closed"]),
        ([POST + END + b"1\r\nx\r\n0\r\nX-Sum: 1\r\n\r\n"], ["200"]),
        ([POST + END, b"1;" + b"e" * 9000, b"e" * 9000 + b"\r\n"], ["200", "closed"]),
    ],
)
async def test_what_becomes_of_it(pieces: list[bytes], told: list[str]) -> None:
    """What is too long is refused wherever it is cut, and what is long but in order is answered."""
    assert await Connection().sends(*pieces) == told


async def test_no_refusal_is_taken_for_another_answer() -> None:
    """While an answer is awaited a head that is too large gets none; the connection closes behind the one awaited."""
    connection = Connection()
    connection.go_on.clear()

    before = await connection.sends(GET + END + GET + LONG + END)
    connection.go_on.set()
    after = await connection.sends(GET + END)

    assert (before, after) == ([], ["200", "closed"])


async def test_nothing_is_read_behind_an_offer() -> None:
    """While the answer to a request that offers an upgrade is awaited, what comes behind it is no request."""
    connection = Connection()
    connection.go_on.clear()

    await connection.sends(GET + b"Connection: Upgrade\r\nUpgrade: h2c\r\n" + END, GET + END)
    connection.go_on.set()
    waiting = len(connection.protocol.pipeline)
    told = await connection.sends(GET + END)

    assert (waiting, told) == (0, ["200", "closed"])


async def test_trailers_are_no_headers() -> None:
    """Whether they arrive with the head or behind it, the application sees the head's fields alone."""
    connection = Connection()

    await connection.sends(POST + END + b"0\r\nX-Late: 1\r\n\r\n", GET + b"X-Early: 1\r\n" + END)

    assert [[name for name, _ in headers] for headers in connection.seen] == [
        [b"host", b"transfer-encoding"],
        [b"host", b"x-early"],
    ]
