"""A server in front of DynamoDB Local that fails as networks and services do."""

from __future__ import annotations

import asyncio
import json
import random
import uuid
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web
from aiohttp.test_utils import RawTestServer

Answer = Callable[["Proxy", web.BaseRequest], Awaitable[web.StreamResponse]]

_NAMESPACE = "com.amazonaws.dynamodb.v20120810#"


class Proxy:
    """Answers each request by the next fault in `faults`, and by passing it on once they are used up."""

    def __init__(self, upstream: str, session: aiohttp.ClientSession) -> None:
        self._upstream = upstream
        self._session = session
        self.endpoint = ""
        self.faults: deque[Answer] = deque()
        self.always: Answer | None = None
        self.seen: list[str] = []

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """What the next fault says."""
        self.seen.append(request.headers["X-Amz-Target"].rpartition(".")[2])
        fault = self.always or (self.faults.popleft() if self.faults else passed_on)
        return await fault(self, request)

    async def forward(self, request: web.BaseRequest, body: bytes) -> web.Response:
        """The real answer."""
        headers = {name: text for name, text in request.headers.items() if name not in ("Host", "Content-Length")}
        async with self._session.post(self._upstream, data=body, headers=headers) as real:
            return web.Response(status=real.status, body=await real.read())


@asynccontextmanager
async def proxy_before(upstream: str) -> AsyncIterator[Proxy]:
    """A running proxy on a port of its own."""
    async with aiohttp.ClientSession() as session:
        proxy = Proxy(upstream, session)
        server = RawTestServer(proxy.answer)
        await server.start_server(shutdown_timeout=0.1)
        proxy.endpoint = str(server.make_url("/"))
        try:
            yield proxy
        finally:
            await server.close()


async def passed_on(proxy: Proxy, request: web.BaseRequest) -> web.StreamResponse:
    """No fault."""
    return await proxy.forward(request, await request.read())


async def hanging(proxy: Proxy, request: web.BaseRequest) -> web.StreamResponse:
    """The request arrives and nothing ever comes back."""
    await asyncio.sleep(3600)
    return web.Response()


async def lost(proxy: Proxy, request: web.BaseRequest) -> web.StreamResponse:
    """The request takes effect and the connection breaks before the answer."""
    return _broken(request, await proxy.forward(request, await request.read()))


async def lost_with_its_token(proxy: Proxy, request: web.BaseRequest) -> web.StreamResponse:
    """As `lost`, under another idempotency token than the one that was sent, as if the token had expired since."""
    sent = json.loads(await request.read())
    forgotten = json.dumps({**sent, "ClientRequestToken": str(uuid.uuid4())}).encode()
    return _broken(request, await proxy.forward(request, forgotten))


async def cut_short(proxy: Proxy, request: web.BaseRequest) -> web.StreamResponse:
    """The request takes effect and the connection breaks in the middle of the answer."""
    real = await proxy.forward(request, await request.read())
    assert isinstance(real.body, bytes)
    answer = web.StreamResponse(headers={"Content-Length": str(len(real.body) + 1)})
    await answer.prepare(request)
    await answer.write(real.body[: len(real.body) // 2])
    return _broken(request, answer)


async def too_late(proxy: Proxy, request: web.BaseRequest) -> web.StreamResponse:
    """The request takes effect, and the answer comes when nobody waits for it any more."""
    real = await proxy.forward(request, await request.read())
    await asyncio.sleep(4)
    return real


def slow(seconds: float) -> Answer:
    """The real answer after a while."""

    async def answer(proxy: Proxy, request: web.BaseRequest) -> web.StreamResponse:
        await asyncio.sleep(seconds)
        return await passed_on(proxy, request)

    return answer


def now_and_then(share: float, faults: Sequence[Answer]) -> Answer:
    """One of these faults for such a share of the requests, nobody knows for which."""

    chance = random.Random()

    async def answer(proxy: Proxy, request: web.BaseRequest) -> web.StreamResponse:
        fault = chance.choice(faults) if chance.random() < share else passed_on
        return await fault(proxy, request)

    return answer


def status(code: int) -> Answer:
    """A gateway or a server that says no more than a status."""

    async def answer(proxy: Proxy, request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=code, text="<html>no JSON</html>")

    return answer


def well(body: bytes) -> Answer:
    """200 with this body, whoever says so."""

    async def answer(proxy: Proxy, request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(body=body)

    return answer


def error(kind: str, **more: object) -> Answer:
    """An error of DynamoDB's own, before any effect."""

    async def answer(proxy: Proxy, request: web.BaseRequest) -> web.StreamResponse:
        said = {"__type": _NAMESPACE + kind, "message": "as told", **more}
        return web.json_response(said, status=400)

    return answer


def cancelled(*codes: str) -> Answer:
    """A transaction cancelled for these reasons."""
    reasons = [{"Code": code, "Message": "as told"} for code in codes]
    return error("TransactionCanceledException", CancellationReasons=reasons)


def every(count: int, fault: Answer) -> Answer:
    """This fault for one request in `count`."""
    turn = 0

    async def answer(proxy: Proxy, request: web.BaseRequest) -> web.StreamResponse:
        nonlocal turn
        turn += 1
        return await (fault if turn % count == 0 else passed_on)(proxy, request)

    return answer


def _broken(request: web.BaseRequest, answer: web.StreamResponse) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return answer
