"""HTTP to DynamoDB through aiohttp, with time limits that aiodynamo does not set."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Final

import aiohttp
from aiodynamo.http.types import Request, RequestFailed, Response

CONNECT_SECONDS: Final = 1.0
READ_SECONDS: Final = 2.0
_CONNECTIONS: Final = 256
_IDLE_SECONDS: Final = 30.0
_LIMITS: Final = aiohttp.ClientTimeout(
    total=CONNECT_SECONDS + READ_SECONDS,
    connect=CONNECT_SECONDS,
    sock_connect=CONNECT_SECONDS,
    sock_read=READ_SECONDS,
)
# Answers are small: packing and unpacking them would cost more than the bytes.
_HEADERS: Final = {"Accept-Encoding": "identity", "User-Agent": "wicketgate"}


class Transport:
    """One request, one answer; a connection that fails or hangs is aiodynamo's to try again."""

    __slots__ = ("_session",)

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def __call__(self, request: Request) -> Response:
        """The answer, whatever its status. Raises TimeoutError or RequestFailed."""
        try:
            async with self._session.request(
                request.method, request.url, headers=request.headers, data=request.body, allow_redirects=False
            ) as response:
                return Response(response.status, await response.read())
        except TimeoutError:
            raise
        except (aiohttp.ClientError, OSError) as error:
            raise RequestFailed(error) from error


async def transport() -> AsyncGenerator[Transport]:
    """A transport for the running event loop, closed when the generator is."""
    connector = aiohttp.TCPConnector(limit=_CONNECTIONS, keepalive_timeout=_IDLE_SECONDS)
    async with aiohttp.ClientSession(
        connector=connector, timeout=_LIMITS, headers=_HEADERS, cookie_jar=aiohttp.DummyCookieJar()
    ) as session:
        yield Transport(session)
