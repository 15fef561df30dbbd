"""Requests handed to an application in this process, without a server or a socket."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import Any

from starlette.types import ASGIApp, Message, Scope

_BLOCK = 200
_BLOCKS = 25


def scope(method: str, path: str, headers: Mapping[str, str]) -> Scope:
    """A request's scope as uvicorn makes it."""
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 40000),
        "scheme": "http",
        "method": method,
        "root_path": "",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "state": {},
    }


class Answer:
    """What an application sent."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = b""

    async def send(self, message: Message) -> None:
        """Takes one message."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = message["headers"]
        else:
            self.body += message.get("body", b"")


async def ask(app: ASGIApp, asked: Scope, body: bytes = b"") -> Answer:
    """The answer to one request."""
    answer = Answer()

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    await app({**asked, "state": {}, "headers": list(asked["headers"])}, receive, answer.send)
    return answer


async def cost_of_asking(app: ASGIApp, asked: Scope) -> float:
    """Microseconds of processor time for one request."""
    expected = (await ask(app, asked)).status
    found = []
    for _ in range(_BLOCKS):
        before = time.thread_time()
        for _ in range(_BLOCK):
            answer = await ask(app, asked)
        found.append((time.thread_time() - before) / _BLOCK)
        assert answer.status == expected
        await asyncio.sleep(0)
    return median(found) * 1e6


def cost_of(work: Callable[[], Any]) -> float:
    """Microseconds of processor time for one call."""
    found = []
    for _ in range(_BLOCKS):
        before = time.thread_time()
        for _ in range(_BLOCK):
            work()
        found.append((time.thread_time() - before) / _BLOCK)
    return median(found) * 1e6
