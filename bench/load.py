"""A load generator that costs little: keep-alive connections, each with one request in flight."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import cast

Next = Callable[[], bytes]
"""Returns the next request to send, as bytes."""

_PATIENCE = 15.0


@dataclass(slots=True)
class Load:
    """What came back: in how many seconds, how long each answer took, and those that had another status."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    unexpected: list[bytes] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds

    @property
    def p50(self) -> float:
        """The median latency in milliseconds."""
        return median(self.latencies) * 1000

    @property
    def p99(self) -> float:
        """The latency in milliseconds that one in a hundred exceeds."""
        return quantiles(self.latencies, n=100)[98] * 1000


class _Client(asyncio.Protocol):
    """One connection."""

    def __init__(self, following: Next, load: Load, counted: tuple[float, float], expected: bytes) -> None:
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._following = following
        self._load = load
        self._since, self._until = counted
        self._expected = expected
        self._data = b""
        self._sent = 0.0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but name
        self._send()

    def data_received(self, data: bytes) -> None:
        self._data = data = self._data + data if self._data else data
        if not _complete(data):
            return
        now = time.perf_counter()
        if self._since <= now <= self._until:
            if data[9:12] == self._expected:
                self._load.latencies.append(now - self._sent)
            else:
                self._load.unexpected.append(data)
        self._data = b""
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.gone.done():
            self.gone.set_result(None)

    def _send(self) -> None:
        assert self._transport is not None
        self._sent = time.perf_counter()
        if self._sent >= self._until:
            self._transport.close()
        else:
            self._transport.write(self._following())


def _complete(answer: bytes) -> bool:
    head = answer.find(b"\r\n\r\n")
    if head < 0:
        return False
    lower = answer[:head].lower()
    if b"transfer-encoding: chunked" in lower:
        return answer.endswith(b"\r\n0\r\n\r\n")
    start = lower.find(b"content-length: ") + 16
    length = int(lower[start:].partition(b"\r")[0]) if start > 15 else 0
    return len(answer) >= head + 4 + length


async def drive(
    port: int, following: Next, *, clients: int, seconds: float, warm: float = 0.0, expected: int = 200
) -> Load:
    """Sends requests without pause for so many seconds, after `warm` seconds that do not count.

    Raises RuntimeError if a quarter of the answers or more had another status.
    """
    load = Load(seconds)
    since = time.perf_counter() + warm
    until = since + seconds
    loop = asyncio.get_running_loop()
    made = [
        await loop.create_connection(
            lambda: _Client(following, load, (since, until), str(expected).encode()), "127.0.0.1", port
        )
        for _ in range(clients)
    ]
    async with asyncio.timeout(warm + seconds + _PATIENCE):
        await asyncio.gather(*(client.gone for _, client in made))
    if len(load.unexpected) * 4 >= len(load.latencies) + len(load.unexpected):
        others = f"{len(load.unexpected)} answers were not {expected}, {len(load.latencies)} were"
        raise RuntimeError(f"{others}, as this: {load.unexpected[:1]}")
    return load


def request(method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b"") -> bytes:
    """A whole request."""
    known = {"Host": "127.0.0.1", "Accept": "*/*", "User-Agent": "bench"}
    if body:
        known |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
    known |= headers or {}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in known.items()), "", ""]
    return "\r\n".join(lines).encode() + body


def in_turn(requests: Iterable[bytes]) -> Next:
    """The requests one after the other, and again."""
    return itertools.cycle(list(requests)).__next__
