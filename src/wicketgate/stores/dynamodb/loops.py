"""One set of connections for each event loop: sockets cannot be shared between loops."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Final

from aiodynamo.credentials import Credentials

from wicketgate.stores.dynamodb.credentials import Keys
from wicketgate.stores.dynamodb.http import Transport

CLOSE_SECONDS: Final = 1.0
"""How long another loop has for closing its connection. One that comes to an end meanwhile takes it along anyway."""


@dataclass(frozen=True, slots=True)
class Connection:
    """What calls on one event loop share. Keys too: aiodynamo renews them in a task of the loop."""

    http: Transport
    keys: Keys
    lifetime: AsyncGenerator[Transport]


class Loops:
    """Opens a connection on an event loop's first call and closes it with the loop."""

    def __init__(
        self, transport: Callable[[], AsyncGenerator[Transport]], credentials: Callable[[], Credentials]
    ) -> None:
        self._transport = transport
        self._credentials = credentials
        self._open: dict[asyncio.AbstractEventLoop, Connection] = {}

    async def connection(self) -> Connection:
        """The running loop's own."""
        loop = asyncio.get_running_loop()
        return self._open.get(loop) or await self._opened(loop)

    async def _opened(self, loop: asyncio.AbstractEventLoop) -> Connection:
        """A new connection.

        It lives in an async generator because `asyncio.run` finishes those before it closes its loop
        (`shutdown_asyncgens`): a loop that ends without `close` leaves no socket behind.
        """
        for ended in [known for known in list(self._open) if known.is_closed()]:  # other threads open theirs
            self._open.pop(ended, None)
        credentials = self._credentials()
        lifetime = self._transport()
        http = await anext(lifetime)
        self._open[loop] = Connection(http, Keys(credentials, http), lifetime)
        return self._open[loop]

    async def close(self) -> None:
        """Closes every loop's connection, each on its own loop."""
        here = asyncio.get_running_loop()
        for loop in list(self._open):
            connection = self._open.pop(loop, None)
            if connection is None:  # another thread closes as well
                continue
            if loop is here:
                await _end(connection)
            elif loop.is_running():
                await _end_on(loop, connection)


async def _end_on(loop: asyncio.AbstractEventLoop, connection: Connection) -> None:
    """Closes another loop's connection there, unless that loop comes to an end first."""
    ending = _end(connection)
    try:
        async with asyncio.timeout(CLOSE_SECONDS):
            await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(ending, loop))
    except TimeoutError:
        pass
    except RuntimeError:  # it is closed
        ending.close()


async def _end(connection: Connection) -> None:
    await connection.lifetime.aclose()
