"""Who is sent away: after too long a wait, or to make room."""

from __future__ import annotations

import asyncio

import pytest

from wicketgate.cli.patience import Bounds, Patience, Stage

SECOND = 0.001
WAITS = [Stage.HEAD, Stage.BODY, Stage.ANSWER, Stage.IDLE]


class Guest:
    """A connection that stays where it is."""

    def __init__(self, stage: Stage) -> None:
        self.message = object()
        self.stage = stage
        self.ended: list[Stage | None] = []

    def point(self) -> tuple[object, Stage]:
        """Where it is."""
        return self.message, self.stage

    def time_is_up(self, stage: Stage) -> None:
        """Remembers at which stage it was."""
        self.ended.append(stage)

    def give_way(self) -> None:
        """Remembers that it was sent away."""
        self.ended.append(None)


def short(connections: int = 10) -> Bounds:
    """Bounds of a few short seconds."""
    return Bounds(connections, head=3, body=3, answer=3, idle=3, second=SECOND)


async def looks(number: int) -> None:
    """Returns when a connection was looked at so often, and once more."""
    for _ in range(number + 1):
        await asyncio.sleep(SECOND * 1.5)


@pytest.mark.parametrize("stage", WAITS)
async def test_who_stays_too_long_is_sent_away(stage: Stage) -> None:
    """At each stage at which the client is waited for."""
    guest, patience = Guest(stage), Patience(short())

    patience.arrived(guest)
    await looks(8)
    patience.left(guest)

    assert set(guest.ended) == {stage}


async def test_our_own_work_is_waited_for() -> None:
    """A client is not sent away for what we take long to do."""
    guest, patience = Guest(Stage.WORK), Patience(short())

    patience.arrived(guest)
    await looks(20)
    patience.left(guest)

    assert guest.ended == []


@pytest.mark.parametrize("stage", WAITS)
async def test_each_request_has_its_own_time(stage: Stage) -> None:
    """A connection that goes on to another request, or another stage of one, begins to count anew."""
    guest, patience = Guest(stage), Patience(short())

    patience.arrived(guest)
    for number in range(10):
        guest.message = object() if number % 2 else guest.message
        guest.stage = Stage.WORK if guest.stage is stage else stage
        await looks(0)
    patience.left(guest)

    assert guest.ended == []


async def test_nobody_looks_at_an_empty_room() -> None:
    """Without connections there is no timer, and with the next one there is."""
    patience, loop = Patience(short()), asyncio.get_running_loop()
    first, second = Guest(Stage.HEAD), Guest(Stage.HEAD)

    patience.arrived(first)
    patience.left(first)
    await looks(3)
    waiting = len(loop._scheduled)  # type: ignore[attr-defined]
    patience.arrived(second)
    await looks(8)
    patience.left(second)

    assert waiting == 0
    assert (first.ended, set(second.ended)) == ([], {Stage.HEAD})


async def test_those_who_waited_longest_make_room() -> None:
    """The first of the crowd goes, not the newcomer, nor who has just moved on."""
    patience = Patience(Bounds(connections=4))
    guests = [Guest(Stage.WORK), Guest(Stage.IDLE), Guest(Stage.HEAD), Guest(Stage.IDLE), Guest(Stage.HEAD)]

    for guest in guests:
        patience.arrived(guest)

    assert [guest.ended for guest in guests] == [[], [None], [], [], []]


async def test_looks_count_more_than_order() -> None:
    """Who has been at one point for more looks goes before who came earlier and moves."""
    patience = Patience(Bounds(connections=2, head=1_000_000, idle=1_000_000, second=SECOND))
    moving, standing, newcomer = Guest(Stage.IDLE), Guest(Stage.HEAD), Guest(Stage.HEAD)

    patience.arrived(moving)
    patience.arrived(standing)
    for _ in range(5):
        await looks(0)
        moving.message = object()
    await looks(0)
    patience.arrived(newcomer)
    for guest in (moving, standing, newcomer):
        patience.left(guest)

    assert [guest.ended for guest in (moving, standing, newcomer)] == [[], [None], []]


async def test_a_newcomer_goes_when_everybody_is_being_served() -> None:
    """Requests that are worked on are not thrown away for one that is not there yet."""
    patience = Patience(Bounds(connections=2))
    guests = [Guest(Stage.WORK), Guest(Stage.WORK), Guest(Stage.HEAD)]

    for guest in guests:
        patience.arrived(guest)

    assert [guest.ended for guest in guests] == [[], [], [None]]


async def test_a_part_goes_at_once() -> None:
    """Of many a thirty-second part goes, so that finding them does not cost each newcomer a look at all."""
    patience = Patience(Bounds(connections=64))
    guests = [Guest(Stage.HEAD) for _ in range(65)]

    for guest in guests:
        patience.arrived(guest)

    assert [number for number, guest in enumerate(guests) if guest.ended] == [0, 1]
