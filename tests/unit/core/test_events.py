"""Telling several of what happens."""

from __future__ import annotations

from tests.unit.fakes import EventList
from wicketgate.core.events import Observers, SecurityEvent


def unheard(*note: str) -> None:
    """For who has nothing to note."""
    raise AssertionError(note)


async def test_every_observer_is_told() -> None:
    """All observers hear of every event."""
    first, second = EventList(), EventList()
    login = SecurityEvent("login", "ada-id", "203.0.113.7")

    await Observers(first, second, note=unheard)(login)

    assert first.events == second.events == [login]


async def test_observers_are_told_in_their_order() -> None:
    """Who stands first is told first, and is done before the next begins."""
    told: list[str] = []

    async def first(event: SecurityEvent) -> None:
        told.append(f"first {event.name}")

    async def second(event: SecurityEvent) -> None:
        told.append(f"second {event.name}")

    await Observers(first, second, note=unheard)(SecurityEvent("login"))

    assert told == ["first login", "second login"]


async def test_an_observer_that_raises_keeps_nobody_from_being_told() -> None:
    """What is told of has happened: the others hear of it, nobody meets the fault, and the log has its kind."""
    notes: list[tuple[str, ...]] = []
    last = EventList()
    login = SecurityEvent("login", "ada-id")

    async def broken(event: SecurityEvent) -> None:
        raise ConnectionError("ada@example.com could not be told of")

    await Observers(broken, last, note=lambda *note: notes.append(note))(login)

    assert last.events == [login]
    assert notes == [("observer_failed", "login of ada-id: ConnectionError", "error")]
