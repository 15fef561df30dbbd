"""The disk under SQLite is full: nothing of the service's may grow, its log included.

A limit on the size of files does it, which needs no rights. SQLite hears of it from the same call as of a full disk.
"""

from __future__ import annotations

import resource
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.faults.danger import Trouble
from tests.faults.deeds import ALWAYS, UNCONFIRMED
from tests.faults.people import Person
from tests.faults.town import ROUNDS, Life, file_in, life

HEADER = 4096


def full(mine: Life) -> Trouble:
    """The service can write nothing that lies behind the first page of a file."""

    @asynccontextmanager
    async def trouble() -> AsyncIterator[None]:
        _, hard = resource.prlimit(mine.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(mine.process.pid, resource.RLIMIT_FSIZE, (HEADER, hard))
        yield
        resource.prlimit(mine.process.pid, resource.RLIMIT_FSIZE, (hard, hard))

    return trouble


async def test_everything_on_a_full_disk(tmp_path: Path) -> None:
    """Every write is 503 and changes nothing, and works without a restart when there is room again."""
    async with life(tmp_path, file_in(tmp_path)) as mine:
        for _ in range(ROUNDS):
            for deed in (*ALWAYS, *UNCONFIRMED):
                await mine.go_through(deed, full(mine))
        await mine.check()
        assert mine.told == 0


async def test_reading_from_a_full_disk(tmp_path: Path) -> None:
    """Sessions and tokens are checked as ever, the service is ready, and limits that cannot count let nobody in."""
    async with life(tmp_path, file_in(tmp_path)) as mine:
        person = Person(mine.town)
        await person.move_in()
        async with full(mine)():
            login = await person.http.log_in(person.email, person.password)
            reads = [
                await person.http.profile(person.session),
                await person.http.verify(person.api_token),
                await person.http.get("/readyz"),
                await person.http.get("/healthz"),
            ]
        after = await person.http.log_in(person.email, person.password)
        await person.leave()

    assert [answer.status_code for answer in reads] == [200] * 4
    assert (login.status_code, after.status_code) == (503, 200)
