"""What was asked and answered, when something was wrong, and what of it should not have been."""

from __future__ import annotations

import asyncio
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import httpx

SETTLING: Final = 4.0
"""Seconds after a trouble in which what was begun during it may still be answered badly."""

_MOST_KEPT: Final = 50


@dataclass(slots=True)
class Window:
    """A time in which something is wrong, and whether it excuses answers of 503 and calls that break off."""

    name: str
    excuses: bool
    began: float
    ended: float | None = None

    def covers(self, since: float, until: float) -> bool:
        """Whether something that took from then till then may have been disturbed."""
        return self.began <= until and (self.ended is None or since <= self.ended + SETTLING)


@dataclass
class Journal:
    """Of one service, for the whole run."""

    windows: list[Window] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    ended: float = 0.0
    probes: list[tuple[float, float]] = field(default_factory=list)
    """When a session was read, and how long that took; only those that were answered well."""

    @contextmanager
    def trouble(self, name: str, *, excuses: bool) -> Iterator[None]:
        """From beginning to end of it."""
        window = Window(name, excuses, time.monotonic())
        self.windows.append(window)
        try:
            yield
        finally:
            window.ended = time.monotonic()

    def excused(self, since: float, until: float) -> bool:
        """Whether something that took from then till then may have gone wrong."""
        return any(window.excuses and window.covers(since, until) for window in self.windows)

    def note(self, what: str, status: int, since: float) -> None:
        """One answer, of status 0 if there was none."""
        self.answers[status] += 1
        bad = status >= 500 or status == 0
        if bad and not (status in (0, 503) and self.excused(since, time.monotonic())):
            self.complain(f"{what} was answered {status or 'by nothing'} while nothing was wrong")

    def complain(self, text: str) -> None:
        """Something should not have been."""
        if len(self.wrong) < _MOST_KEPT:
            self.wrong.append(f"{time.strftime('%H:%M:%S')} {text}")
            print(self.wrong[-1], file=sys.stderr, flush=True)


class Wire(httpx.AsyncBaseTransport):
    """How everybody reaches the service; it can be shut, so that the service has nothing to do."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._inner = _pool()
        self._open = asyncio.Event()
        self._open.set()
        self._asking = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer, read to its end and noted."""
        await self._open.wait()
        since = time.monotonic()
        self._asking += 1
        status = 0
        try:
            answer = await self._inner.handle_async_request(request)
            await answer.aread()
            status = answer.status_code
        finally:
            self._asking -= 1
            self._journal.note(f"{request.method} {request.url.path}", status, since)
        return answer

    async def aclose(self) -> None:
        """Stays open, since everybody shares it."""

    async def shut(self) -> None:
        """Returns when nobody asks any more and every connection is closed."""
        self._open.clear()
        while self._asking:  # noqa: ASYNC110 - for a moment
            await asyncio.sleep(0.02)
        await self._inner.aclose()
        self._inner = _pool()

    def reopen(self) -> None:
        """Everybody goes on."""
        self._open.set()


def _pool() -> httpx.AsyncHTTPTransport:
    # The service closes connections that were idle for five seconds. Whoever uses one at that moment gets no answer.
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=50, keepalive_expiry=2)
    return httpx.AsyncHTTPTransport(verify=False, limits=limits)
