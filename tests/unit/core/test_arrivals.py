"""Signing in from a network that an account does not know."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest

from tests.unit.fakes import ADA, EventfulStore, EventList, add
from wicketgate.core.arrivals import MOST_KNOWN, NETWORKS, Arrivals
from wicketgate.core.events import SecurityEvent
from wicketgate.core.users import Edit, UserRecord
from wicketgate.core.visits import Visit

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"


@dataclass
class House:
    """Arrivals and what they work with; nothing is done before the test says so."""

    store: EventfulStore = field(default_factory=EventfulStore)
    events: EventList = field(default_factory=EventList)
    begun: list[Coroutine[Any, Any, None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.arrivals = Arrivals(self.store, self, self.events)

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Puts it aside."""
        self.begun.append(work)

    async def comes(self, source: str, *, user_agent: str = FIREFOX, known_browser: bool = False) -> None:
        """Ada signs in from there."""
        record = await self.ada()
        self.arrivals.note(record, Visit(source, user_agent), known_browser=known_browser)
        await self.finish()

    async def finish(self) -> None:
        """Does what was begun."""
        begun, self.begun = self.begun, []
        await asyncio.gather(*begun)

    async def ada(self) -> UserRecord:
        """Ada as she is now."""
        record = await self.store.get(ADA.id)
        assert record is not None
        return record

    async def networks(self) -> str | None:
        """What is remembered."""
        return (await self.ada()).private.get(NETWORKS)


@pytest.fixture
async def house() -> House:
    """Where Ada has never signed in."""
    made = House()
    await add(made.store)
    return made


async def test_the_first_sign_in_is_only_remembered(house: House) -> None:
    """There is nothing yet that it could be unlike."""
    await house.comes("203.0.113.7")

    assert await house.networks() == "203.0.113.0/24"
    assert house.events.events == []


async def test_a_known_network_costs_nothing(house: House) -> None:
    """Its neighbours are the same network; nothing is even begun."""
    await house.comes("203.0.113.7")
    edits = len(house.store.edits)

    house.arrivals.note(await house.ada(), Visit("203.0.113.200"), known_browser=False)

    assert house.begun == []
    assert len(house.store.edits) == edits


async def test_an_unknown_network_is_told_once(house: House) -> None:
    """The event says which network and which device; the next time it is known."""
    await house.comes("203.0.113.7")
    await house.comes("2001:db8:1:2::/64")
    await house.comes("2001:db8:1:3::/64")

    assert house.events.events == [SecurityEvent("new_sign_in", ADA.id, "2001:db8:1:2::/64", "Firefox on Linux")]
    assert await house.networks() == "2001:db8:1::/48,203.0.113.0/24"


async def test_a_known_browser_is_no_news(house: House) -> None:
    """Wherever it is carried nothing is written; but the first network of all is remembered."""
    await house.comes("203.0.113.7", known_browser=True)
    await house.comes("198.51.100.7", known_browser=True)

    assert await house.networks() == "203.0.113.0/24"
    assert house.events.events == []


@pytest.mark.parametrize("user_agent", ["", "evil.example.com/1.0", "<b>Mozilla/5.0", "Mozilla/5.0 (my secret)"])
async def test_what_a_program_says_of_itself_is_not_repeated(house: House, user_agent: str) -> None:
    """Log and mail say only what is in our own words."""
    await house.comes("203.0.113.7")

    await house.comes("198.51.100.7", user_agent=user_agent)

    assert [event.detail for event in house.events.events] == ["Unknown device"]


async def test_ten_are_remembered(house: House) -> None:
    """The oldest is forgotten first."""
    for number in range(MOST_KNOWN + 2):
        await house.comes(f"10.0.{number}.1")

    networks = (await house.networks() or "").split(",")

    assert networks == [f"10.0.{number}.0/24" for number in range(MOST_KNOWN + 1, 1, -1)]


async def test_two_at_once_from_one_network_are_told_once(house: House) -> None:
    """The second sees what the first remembered."""
    await house.comes("203.0.113.7")
    ada = await house.ada()
    for _ in range(2):
        house.arrivals.note(ada, Visit("198.51.100.7"), known_browser=False)

    await house.finish()

    assert house.events.names == ["new_sign_in"]


async def test_two_at_once_from_two_networks_are_both_told(house: House) -> None:
    """Neither is lost to the other."""
    await house.comes("203.0.113.7")
    ada = await house.ada()
    for source in ("198.51.100.7", "192.0.2.7"):
        house.arrivals.note(ada, Visit(source), known_browser=False)

    await house.finish()

    assert {event.source for event in house.events.events} == {"198.51.100.7", "192.0.2.7"}
    assert set((await house.networks() or "").split(",")) == {"203.0.113.0/24", "198.51.100.0/24", "192.0.2.0/24"}


@pytest.mark.parametrize("when", ["before", "meanwhile"])
async def test_whoever_has_left_is_not_told(house: House, when: str) -> None:
    """An account that is deleted meanwhile stays deleted."""
    await house.comes("203.0.113.7")
    ada = await house.ada()
    house.arrivals.note(ada, Visit("198.51.100.7"), known_browser=False)
    if when == "before":
        await house.store.delete(ADA.id)
    else:
        house.store.meanwhile.append(lambda: house.store.play(ADA.id, Edit(private={NETWORKS: "10.0.0.0/24"})))
        get = house.store.get

        async def gone(user_id: str) -> UserRecord | None:
            await house.store.delete(user_id)
            return await get(user_id)

        house.store.get = gone  # type: ignore[method-assign]

    await house.finish()

    assert house.events.events == []


async def test_it_does_not_try_for_ever(house: House) -> None:
    """A user who changes at every attempt is left alone; the next sign-in tries again."""
    await house.comes("203.0.113.7")
    for number in range(8):
        edit = Edit(private={NETWORKS: f"10.0.{number}.0/24"})
        house.store.meanwhile.append(partial(house.store.play, ADA.id, edit))

    await house.comes("198.51.100.7")

    assert house.events.events == []
    assert len(house.store.meanwhile) == 4
