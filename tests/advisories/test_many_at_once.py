"""Requests that were sent at once took a thousand times their bytes in memory.

uvicorn makes an object of each request that it has read, whether or not those before have been answered, and reads a
quarter of a megabyte at a time: ten connections that sent requests of 26 bytes without waiting took 300 MB. After
sixteen that wait, a connection is not read any further now: they are answered, and it ends.
"""

from __future__ import annotations

import asyncio
from typing import Any, cast

from uvicorn.config import Config
from uvicorn.server import ServerState

from tests.unit.cli.wire import Wire
from wicketgate.cli.patience import Bounds, Patience
from wicketgate.cli.protocol import MOST_WAITING, BoundedProtocol

SMALL = b"GET / HTTP/1.1\r\nHost:a\r\n\r\n"


async def test_few_requests_wait() -> None:
    """Of ten thousand that arrive together one is worked on and sixteen wait; they are answered, and that is all."""
    begun = 0
    go_on = asyncio.Event()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        nonlocal begun
        begun += 1
        await go_on.wait()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body"})

    config = Config(cast(Any, app), log_config=None, proxy_headers=False, ws="none", interface="asgi3")
    wire, protocol = Wire(), BoundedProtocol(config, ServerState(), {}, patience=Patience(Bounds()))
    protocol.connection_made(wire)

    protocol.data_received(SMALL * 10_000)
    waiting = len(protocol.pipeline)
    go_on.set()
    for _ in range(10 * MOST_WAITING):
        await asyncio.sleep(0)

    assert waiting == MOST_WAITING
    assert begun == wire.sent.count(b"HTTP/1.1 200") == MOST_WAITING + 1
    assert wire.closed
