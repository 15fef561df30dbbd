"""kill -9 in the middle of every kind of write."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from itertools import cycle
from pathlib import Path

import httpx
import pytest

from tests.faults.danger import Deed, Risk
from tests.faults.deeds import ALWAYS, CONFIRMED, UNCONFIRMED
from tests.faults.people import Ask, Person
from tests.faults.town import A_FEW, ROUNDS, Life, file_in, life, new_table, table_at


class Killing:
    """The service is killed when so many have been answered, and started again when nobody waits any more."""

    def __init__(self, mine: Life, answers: int, seconds: float) -> None:
        self._mine = mine
        self._left = answers
        self._seconds = seconds
        self._enough = asyncio.Event()

    @asynccontextmanager
    async def trouble(self) -> AsyncIterator[None]:
        """From before the first is asked. Without answers to wait for, so many seconds later at most."""
        striking = asyncio.create_task(self._strike())
        yield
        await striking
        await self._mine.process.start()

    def counting(self, deed: Deed) -> Deed:
        """The deed, whose answer is counted."""

        async def counted(person: Person, danger: Risk) -> None:
            await deed(person, lambda ask: danger(partial(self._answered, ask)))

        return counted

    async def _answered(self, ask: Ask) -> httpx.Response:
        answer = await ask()
        self._left -= 1
        if self._left == 0:
            self._enough.set()
        return answer

    async def _strike(self) -> None:
        if self._left == 0:
            await asyncio.sleep(random.uniform(0, self._seconds))
        else:
            await self._enough.wait()
        self._mine.process.kill()


async def killed_during_everything(mine: Life) -> None:
    """Has everything done while the service is killed, and looks what there is in the end."""
    deeds = CONFIRMED if mine.town.confirms else (*ALWAYS, *UNCONFIRMED)
    answers = cycle(range(1, A_FEW + 1))
    for _ in range(ROUNDS):
        for first in range(0, len(deeds), 2):
            seconds = await pace(mine)
            killing = Killing(mine, next(answers) % A_FEW, seconds)
            deed = killing.counting(by_turns(deeds[first : first + 2]))
            await mine.go_through(deed, killing.trouble, seconds * A_FEW, A_FEW)
    await mine.check()
    assert mine.told
    assert mine.untold


async def pace(mine: Life) -> float:
    """Seconds that an answer takes at the moment."""
    person = Person(mine.town)
    started = time.monotonic()
    await person.succeed(lambda: person.http.sign_up(person.email, person.password))
    await person.leave()
    return time.monotonic() - started


def by_turns(deeds: Sequence[Deed]) -> Deed:
    """One does this, the next does that: a start takes most of the time, so a kill serves for more than one."""
    turns = cycle(deeds)

    async def deed(person: Person, danger: Risk) -> None:
        await next(turns)(person, danger)

    return deed


@pytest.mark.parametrize("verification", ["off", "required"])
async def test_on_sqlite(tmp_path: Path, verification: str) -> None:
    """What was acknowledged is there, nothing is half done, and what was not acknowledged can be asked for again."""
    async with life(tmp_path, file_in(tmp_path), EMAIL_VERIFICATION=verification) as mine:
        await killed_during_everything(mine)


@pytest.mark.parametrize("verification", ["off", "optional"])
async def test_in_front_of_dynamodb(dynamodb_local: str, tmp_path: Path, verification: str) -> None:
    """The same for a process whose store lives on while it dies in the middle of several calls."""
    table = await new_table(dynamodb_local)
    async with life(tmp_path, table_at(dynamodb_local, table), EMAIL_VERIFICATION=verification) as mine:
        await killed_during_everything(mine)
