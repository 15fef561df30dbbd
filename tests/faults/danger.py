"""A moment in which several people ask for the same thing and something goes wrong."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

import httpx

from tests.faults.people import Ask, Person

Trouble = Callable[[], AbstractAsyncContextManager[None]]
"""What goes wrong, from before the first asks until all have been told something or nothing."""


Risk = Callable[[Ask], Awaitable[httpx.Response | None]]
"""Asks in the moment of danger. Returns the answer, None for one that says nothing of what has been done."""

Deed = Callable[[Person, Risk], Coroutine[Any, Any, None]]


class Danger:
    """Everybody asks at about the same time. It counts who was told and who was not."""

    def __init__(self, people: int, trouble: Trouble, spread: float) -> None:
        self.told = 0
        self.untold = 0
        self._trouble = trouble()
        self._spread = spread
        self._together = asyncio.Barrier(people)

    async def __call__(self, ask: Ask) -> httpx.Response | None:
        """A `Risk`. Any answer that says something but that it worked is a wrong one."""
        await self._first(self._trouble.__aenter__)
        await asyncio.sleep(random.uniform(0, self._spread))
        answer = await self._asked(ask)
        await self._first(lambda: self._trouble.__aexit__(None, None, None))
        return answer

    async def _first(self, does: Callable[[], Awaitable[object]]) -> None:
        if await self._together.wait() == 0:
            await does()
        await self._together.wait()

    async def _asked(self, ask: Ask) -> httpx.Response | None:
        try:
            answer = await ask()
        except httpx.TransportError:
            self.untold += 1
            return None
        if answer.status_code == 503:
            assert int(answer.headers["retry-after"]) >= 1
            self.untold += 1
            return None
        assert answer.status_code in (200, 201), (str(answer.request.url), answer.status_code, answer.text)
        self.told += 1
        return answer


async def at_once(deed: Deed, people: Sequence[Person], trouble: Trouble, spread: float) -> Danger:
    """Has everybody do this while it goes wrong, and then find out what has become of it."""
    danger = Danger(len(people), trouble, spread)
    async with asyncio.TaskGroup() as group:
        for person in people:
            group.create_task(deed(person, danger))
    return danger
