"""What goes wrong in a city, one thing at a time."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import apsw

from tests.soak.city import City
from tests.soak.proxy import Between, Mood
from tests.support.frozen import Freezer

_SLOW_CLIENTS: Final = 40
_HEAD: Final = b"POST /api/auth/login HTTP/1.1\r\nHost: service\r\nContent-Type: application/json\r\n"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What goes wrong while `happens` waits for so many seconds, and whether it excuses 503 and broken calls."""

    name: str
    happens: Callable[[City, float], Awaitable[None]]
    excuses: bool = True

    async def strike(self, city: City, seconds: float) -> None:
        """Returns when it is over."""
        with city.journal.trouble(self.name, excuses=self.excuses):
            await self.happens(city, seconds)


async def worker_killed(city: City, seconds: float) -> None:
    """One of the workers dies; the others go on, and another takes its place."""
    city.kill_youngest()
    await asyncio.sleep(1)
    await city.until_whole()


async def service_killed(city: City, seconds: float) -> None:
    """All of the service dies and is started again."""
    city.kill()
    await city.start()


async def mail_down(city: City, seconds: float) -> None:
    """Nobody listens where mail is to go."""
    await city.mail.stop()
    await asyncio.sleep(seconds)
    await city.mail.start()


async def receiver_down(city: City, seconds: float) -> None:
    """The receiver of webhooks wants none."""
    city.told.up = False
    await asyncio.sleep(seconds)
    city.told.up = True


async def clients_hang(city: City, seconds: float) -> None:
    """Clients begin a request and never go on: in the head, in the body, or without reading the answer."""
    async with AsyncExitStack() as stack:
        for number in range(_SLOW_CLIENTS):
            _, writer = await asyncio.open_connection("127.0.0.1", city.port)
            stack.callback(writer.close)
            writer.write(_HEAD if number % 2 else _HEAD + b'Content-Length: 60\r\n\r\n{"email": ')
            with contextlib.suppress(OSError):
                await writer.drain()
        await asyncio.sleep(seconds)


async def file_locked(city: City, seconds: float, path: Path) -> None:
    """Another process keeps the right to write to the file of SQLite."""
    connection = await asyncio.to_thread(_locked, path)
    await asyncio.sleep(seconds)
    await asyncio.to_thread(connection.close)


def _locked(path: Path) -> apsw.Connection:
    connection = apsw.Connection(str(path))
    connection.set_busy_timeout(10_000)
    connection.execute("BEGIN IMMEDIATE")
    return connection


async def store_frozen(city: City, seconds: float, freezer: Freezer) -> None:
    """The store takes calls and answers none."""
    freezer.freeze()
    try:
        await asyncio.sleep(seconds)
    finally:
        freezer.thaw()


async def store_moody(city: City, seconds: float, between: Between, mood: Mood) -> None:
    """The store throttles, fails, is slow or breaks off."""
    between.mood = mood
    await asyncio.sleep(seconds)
    between.mood = "good"


ALWAYS: Final = (
    Trouble("a worker killed", worker_killed),
    Trouble("mail server down", mail_down, excuses=False),
    Trouble("clients that hang", clients_hang, excuses=False),
    Trouble("webhooks refused", receiver_down, excuses=False),
)

SERVICE_KILLED: Final = Trouble("the service killed", service_killed)
"""Once at the beginning: afterwards some process is to live long enough to grow."""


def of_file(path: Path) -> list[Trouble]:
    """What may happen to a service on SQLite."""
    return [Trouble("the file locked", partial(file_locked, path=path)), *ALWAYS]


def of_table(freezer: Freezer, between: Between) -> list[Trouble]:
    """What may happen to a service on DynamoDB."""
    moods: tuple[Mood, ...] = ("throttles", "fails", "slow", "breaks off")
    moody = [Trouble(f"the store {mood}", partial(store_moody, between=between, mood=mood)) for mood in moods]
    return [Trouble("the store frozen", partial(store_frozen, freezer=freezer)), *moody, *ALWAYS]
