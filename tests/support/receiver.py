"""A real HTTP server on this machine that is told events, and answers as the test says."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Receiver:
    """What the server was sent, and what it says to that."""

    answer: Answer
    requests: list[web.Request] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    url: str = ""

    async def receive(self, request: web.Request) -> web.StreamResponse:
        """Keeps the request and answers it."""
        self.requests.append(request)
        self.bodies.append(await request.read())
        return await self.answer(request)


def says(status: int, **headers: str) -> Answer:
    """An answer with this status."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, headers=headers)

    return answer


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """A server that takes all it is told."""
    made = Receiver(says(204))
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", made.receive)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0]
    made.url = f"http://{host}:{port}/events?of=ours"
    yield made
    await runner.cleanup()
