"""Clocks that are set forward and back by an hour, and processes that do not agree what time it is."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final

import pytest

from tests.faults.danger import Trouble
from tests.faults.deeds import ALWAYS, UNCONFIRMED, reset, spend_a_limit
from tests.faults.people import Person
from tests.faults.town import ROUNDS, Life, Place, Process, file_in, life, new_table, table_at
from tests.support.clock import HOUR
from tests.support.service import Caller

ROOT: Final = str(Path(__file__).parents[2])
BY: Final = "clock.txt"
BOTH_WAYS: Final = (-1, 1)


@pytest.fixture(params=["sqlite", "dynamodb"])
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """An empty store of each kind."""
    if request.param == "sqlite":
        return file_in(tmp_path)
    endpoint = request.getfixturevalue("dynamodb_local")
    return table_at(endpoint, await new_table(endpoint))


@asynccontextmanager
async def shifting(folder: Path, place: Place, **variables: str) -> AsyncIterator[Life]:
    """A town whose clock is right until somebody sets it."""
    set_clock(folder, 0)
    command = ["-m", "tests.faults.shifted", str(folder / BY)]
    async with life(folder, place, command, PYTHONPATH=ROOT, **variables) as mine:
        yield mine


def set_clock(folder: Path, milliseconds: int) -> None:
    """The town's clock is so far ahead of the right time from now on."""
    new = folder / "clock.new"
    new.write_text(str(milliseconds))
    new.replace(folder / BY)


def jumping(folder: Path) -> Trouble:
    """The clock jumps by an hour, this way or that, and afterwards is set right."""

    @asynccontextmanager
    async def trouble() -> AsyncIterator[None]:
        await asyncio.sleep(0.01)
        set_clock(folder, random.choice([-HOUR, HOUR]))
        yield
        set_clock(folder, 0)

    return trouble


async def test_everything_while_the_clock_jumps(place: Place, tmp_path: Path) -> None:
    """Whatever is asked for while the clock is an hour off works, and holds when it is right again."""
    # A link for a new password is good for an hour, and limits count what was within a quarter of one.
    deeds = [deed for deed in (*ALWAYS, *UNCONFIRMED) if deed not in (reset, spend_a_limit)]
    async with shifting(tmp_path, place) as mine:
        for _ in range(ROUNDS):
            for deed in deeds:
                await mine.go_through(deed, jumping(tmp_path), 0.02)
        await mine.check()
        assert mine.untold == 0


async def test_nobody_is_locked_out_for_ever(place: Place, tmp_path: Path) -> None:
    """A limit that was spent by a wrong clock is not spent by the right one, and counts exactly from then on."""
    async with shifting(tmp_path, place, RATE_LIMIT_MAX_REQUESTS="5") as mine:
        for hours in BOTH_WAYS:
            person = Person(mine.town)
            await person.move_in()
            set_clock(tmp_path, hours * HOUR)
            wrong = [await attempt(person) for _ in range(7)]
            set_clock(tmp_path, 0)
            right = [await attempt(person) for _ in range(7)]
            await person.leave()

            # One attempt has been looked at before the clock went wrong: an hour before, or an hour in the future.
            assert (wrong, right[-2:]) == ([401] * 5 + [429] * 2, [429] * 2)
            assert 4 <= right.count(401) <= 5


async def attempt(person: Person) -> int:
    """The status of a login with a wrong password."""
    return (await person.sure(lambda: person.http.log_in(person.email, "wrong password"))).status_code


@asynccontextmanager
async def disagreeing(folder: Path, place: Place) -> AsyncIterator[tuple[Life, Caller]]:
    """A town whose clock may be wrong, and a client of another process whose clock is right."""
    async with AsyncExitStack() as stack:
        mine = await stack.enter_async_context(shifting(folder, place, JWT_EXPIRATION_HOURS="1"))
        other = Process(folder, mine.variables)
        stack.callback(other.kill)
        await other.start()
        url = f"http://127.0.0.1:{other.port}"
        yield mine, await stack.enter_async_context(Caller(base_url=url, timeout=20, trust_env=False))


async def test_two_processes_an_hour_apart(place: Place, tmp_path: Path) -> None:
    """What one of them ended is dead in both, whichever of them is ahead, and no mail is lost between the two."""
    async with disagreeing(tmp_path, place) as (mine, there):
        for hours in BOTH_WAYS:
            set_clock(tmp_path, hours * HOUR)
            person = Person(mine.town)
            await person.move_in()
            await sessions_and_tokens(person, there)
            await links(person, there)
            await person.leave()
        await mine.hurry()
        left = await mine.contents()

    assert (left.half_done(), left.jobs) == ([], [])


async def sessions_and_tokens(person: Person, there: Caller) -> None:
    """Ended here and there, and looked at in both."""
    ended = (await there.log_in(person.email, person.password)).json()["token"]
    await there.log_out(ended)
    await person.log_in()
    await person.succeed(lambda: person.http.log_out(person.session))
    before, here = person.api_token, person.session
    await person.log_in()
    after = (await person.succeed(lambda: person.http.rotate(person.session)))["api_token"]

    dead = [(await client.profile(one)).status_code for client in (there, person.http) for one in (ended, here)]
    tokens = [(await client.verify(one)).status_code for client in (there, person.http) for one in (before, after)]

    assert dead == [401] * 4
    assert tokens == [401, 200] * 2


async def links(person: Person, there: Caller) -> None:
    """One that was asked for and used by the right clock is good in neither afterwards."""
    await there.forget(person.email)
    token = await person.link_to(person.email, "new password")
    used = await there.reset(token, "another horse battery")
    again = [(await client.reset(token, "yet another battery")).status_code for client in (there, person.http)]
    alive = [(await client.profile(person.session)).status_code for client in (there, person.http)]

    assert (used.status_code, again, alive) == (200, [400, 400], [401, 401])
