"""Telling several of what happens."""

from __future__ import annotations

from tests.unit.fakes import EventList
from wicketgate.core.events import Observers, SecurityEvent


async def test_every_observer_is_told() -> None:
    """All observers hear of every event."""
    first, second = EventList(), EventList()
    login = SecurityEvent("login", "ada-id", "203.0.113.7")

    await Observers(first, second)(login)

    assert first.events == second.events == [login]


async def test_observers_are_told_in_their_order() -> None:
    """Who stands first is told first, and is done before the next begins."""
    told: list[str] = []

    async def first(event: SecurityEvent) -> None:
        told.append(f"first {event.name}")

    async def second(event: SecurityEvent) -> None:
        told.append(f"second {event.name}")

    await Observers(first, second)(SecurityEvent("login"))

    assert told == ["first login", "second login"]
