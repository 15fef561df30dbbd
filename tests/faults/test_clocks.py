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
from tests.faults.town import ROUNDS, Life, Place, Process, file_in, life, table_at
from tests.support.clock import HOUR
from tests.support.dynamodb_local import dynamodb_store, random_table
from tests.support.service import Caller

ROOT: Final = str(Path(__file__).parents[2])
BY: Final = "clock.txt"


@pytest.fixture(params=["sqlite", "dynamodb"])
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """An empty store of each kind."""
    if request.param == "sqlite":
        return file_in(tmp_path)
    endpoint, table = request.getfixturevalue("dynamodb_local"), random_table()
    store = dynamodb_store(endpoint, table)
    await store.create_table()
    await store.close()
    return table_at(endpoint, table)


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


@pytest.mark.parametrize("hours", [-1, 1])
async def test_nobody_is_locked_out_for_ever(place: Place, tmp_path: Path, hours: int) -> None:
    """A limit that was spent by a wrong clock is not spent by the right one, and counts exactly from then on."""
    async with shifting(tmp_path, place, RATE_LIMIT_MAX_REQUESTS="5") as mine:
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
async def disagreeing(folder: Path, place: Place, hours: int) -> AsyncIterator[tuple[Life, Caller]]:
    """A town whose clock is so far ahead, and a client of another process whose clock is right."""
    async with AsyncExitStack() as stack:
        mine = await stack.enter_async_context(shifting(folder, place, JWT_EXPIRATION_HOURS="1"))
        set_clock(folder, hours * HOUR)
        other = Process(folder, mine.variables)
        stack.callback(other.kill)
        await other.start()
        url = f"http://127.0.0.1:{other.port}"
        yield mine, await stack.enter_async_context(Caller(base_url=url, timeout=20, trust_env=False))


@pytest.mark.parametrize("hours", [-1, 1])
async def test_two_processes_an_hour_apart(place: Place, tmp_path: Path, hours: int) -> None:
    """What one of them ended is dead in both, however wrong the clock of either is."""
    async with disagreeing(tmp_path, place, hours) as (mine, there):
        person = Person(mine.town)
        await person.move_in()
        ended = (await there.log_in(person.email, person.password)).json()["token"]
        await there.log_out(ended)
        await person.log_in()
        await person.succeed(lambda: person.http.log_out(person.session))
        token = person.api_token
        await person.log_in()
        rotated = (await person.succeed(lambda: person.http.rotate(person.session)))["api_token"]
        changed = await there.change_password(
            person.password, "another horse battery", await logged_in(there, person)
        )

        dead = [
            (await client.profile(one)).status_code
            for client in (there, person.http)
            for one in (ended, person.session)
        ]
        tokens = [
            [(await client.verify(one)).status_code for one in (token, rotated)] for client in (there, person.http)
        ]

        assert changed.status_code == 200
        assert dead == [401] * 4
        assert tokens == [[401, 200]] * 2
        await person.leave()


async def logged_in(caller: Caller, person: Person) -> str:
    """A session by the right time."""
    token: str = (await caller.log_in(person.email, person.password)).json()["token"]
    return token


@pytest.mark.parametrize("hours", [-1, 1])
async def test_a_link_is_good_once_in_both(place: Place, tmp_path: Path, hours: int) -> None:
    """A link of either process is good in neither after it was used, and no mail is lost between the two."""
    async with disagreeing(tmp_path, place, hours) as (mine, there):
        person = Person(mine.town)
        await person.move_in()
        await there.forget(person.email)
        token = await person.link_to(person.email, "new password")
        used = await there.reset(token, "another horse battery")
        again = [(await client.reset(token, "yet another battery")).status_code for client in (there, person.http)]
        await person.leave()
        await mine.hurry()
        left = await mine.contents()

    assert (used.status_code, again) == (200, [400, 400])
    assert (left.half_done(), left.jobs) == ([], [])
