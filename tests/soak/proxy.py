"""What stands between the service and DynamoDB Local, and may throttle, fail, be slow or break off."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector, web

Mood = Literal["good", "throttles", "fails", "slow", "breaks off"]

_SLOW = 2.0
_ONE_IN = 5
_TYPE = "application/x-amz-json-1.0"


class Between:
    """Hands every call on. In another mood than `good` one call in five goes wrong; when slow, each takes longer."""

    def __init__(self, endpoint: str, session: ClientSession) -> None:
        self.mood: Mood = "good"
        self.url = ""
        self._endpoint = endpoint
        self._session = session

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One call."""
        body = await request.read()
        mood = self.mood if self.mood == "slow" or random.randrange(_ONE_IN) == 0 else "good"
        if mood == "throttles":
            kind = "com.amazonaws.dynamodb.v20120810#ThrottlingException"
            return web.json_response({"__type": kind, "message": "slow down"}, status=400, content_type=_TYPE)
        if mood == "fails":
            kind = "com.amazon.coral.service#InternalServerError"
            return web.json_response({"__type": kind, "message": "oh"}, status=500, content_type=_TYPE)
        if mood == "slow":
            await asyncio.sleep(_SLOW)
        status, headers, answer = await self._asked(request, body)
        if mood == "breaks off" and request.transport is not None:
            request.transport.abort()
        return web.Response(status=status, headers=headers, body=answer)

    async def _asked(self, request: web.Request, body: bytes) -> tuple[int, dict[str, str], bytes]:
        kept = {name: value for name, value in request.headers.items() if name.lower() not in ("host", "connection")}
        async with self._session.post(self._endpoint, data=body, headers=kept) as answer:
            given = {name: value for name, value in answer.headers.items() if name.lower().startswith("x-amz")}
            return answer.status, {**given, "Content-Type": answer.content_type}, await answer.read()


@asynccontextmanager
async def between(endpoint: str) -> AsyncIterator[Between]:
    """A proxy in front of an endpoint."""
    timeout, connector = ClientTimeout(total=60), TCPConnector(limit=200)
    async with ClientSession(cookie_jar=DummyCookieJar(), timeout=timeout, connector=connector) as session:
        made = Between(endpoint, session)
        app = web.Application()
        app.router.add_post("/{path:.*}", made.handle)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0]
        made.url = f"http://{host}:{port}"
        yield made
        await runner.cleanup()
