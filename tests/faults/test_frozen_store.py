"""A store that says nothing for a while, or takes two seconds for each call."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import apsw

from tests.faults.danger import Deed, Trouble
from tests.faults.deeds import change_password, confirm_a_move, delete, log_out, move, sign_up
from tests.faults.people import Person
from tests.faults.town import ROUNDS, Life, file_in, life, new_table, table_at
from tests.support.dynamodb.proxy import proxy_before, slow
from tests.support.frozen import Freezer, dynamodb_to_freeze

DEEDS: Final[tuple[Deed, ...]] = (sign_up, change_password, log_out, delete)
"""Each takes seconds here, so not all: those that must not be done by halves."""

WHILE_OTHERS_WAIT: Final = 0.3
"""Seconds after the first asked: too soon for an answer to a call that hangs."""


def frozen(dynamodb: Freezer) -> Trouble:
    """DynamoDB accepts connections and says nothing, until those who ask have given up; then it does it all."""

    @asynccontextmanager
    async def trouble() -> AsyncIterator[None]:
        dynamodb.freeze()
        yield
        dynamodb.thaw()

    return trouble


def alive_meanwhile(mine: Life, trouble: Trouble) -> Trouble:
    """The trouble, and somebody who asks for a session's user and then for a sign of life, which comes first."""

    @asynccontextmanager
    async def watched() -> AsyncIterator[None]:
        person = Person(mine.town)
        await person.move_in()
        async with trouble():
            waiting = asyncio.ensure_future(person.http.forget(person.email))
            await asyncio.sleep(WHILE_OTHERS_WAIT)
            alive = await person.http.get("/healthz")
            assert (alive.status_code, waiting.done()) == (200, False)
            yield
            assert (await waiting).status_code == 503
        await person.leave()

    return watched


async def everything(mine: Life, deeds: tuple[Deed, ...], trouble: Trouble) -> None:
    """Has it all done, and holds the service to what it said."""
    for _ in range(ROUNDS):
        for deed in deeds:
            await mine.go_through(deed, alive_meanwhile(mine, trouble))
    await mine.check()
    assert mine.told == 0


async def test_dynamodb_is_frozen(tmp_path: Path) -> None:
    """503 while it hangs; what it does when it goes on is all of what was asked or nothing; then all is as ever."""
    with dynamodb_to_freeze() as dynamodb:
        table = await new_table(dynamodb.endpoint)
        async with life(tmp_path, table_at(dynamodb.endpoint, table), EMAIL_VERIFICATION="optional") as mine:
            await everything(mine, (*DEEDS, confirm_a_move), frozen(dynamodb))


async def test_dynamodb_is_slow(dynamodb_local: str, tmp_path: Path) -> None:
    """The same with two seconds for each call, which is longer than anybody waits, though each takes effect."""
    table = await new_table(dynamodb_local)
    async with proxy_before(dynamodb_local) as proxy:

        @asynccontextmanager
        async def trouble() -> AsyncIterator[None]:
            proxy.always = slow(2)
            yield
            proxy.always = None

        async with life(tmp_path, table_at(dynamodb_local, table, proxy.endpoint)) as mine:
            await everything(mine, (*DEEDS, move), trouble)


async def test_the_file_is_locked(tmp_path: Path) -> None:
    """The same on SQLite while another program keeps the write lock."""
    place = file_in(tmp_path)

    @asynccontextmanager
    async def trouble() -> AsyncIterator[None]:
        connection = apsw.Connection(place.variables["SQLITE_PATH"])
        connection.set_busy_timeout(5000)
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")
        connection.close()

    async with life(tmp_path, place) as mine:
        await everything(mine, (*DEEDS, move), trouble)
