"""Limits let so many through, and what they refuse is told."""

from __future__ import annotations

import pytest

from tests.unit.fakes import EventList
from wicketgate.core.errors import TooManyRequests
from wicketgate.core.events import SecurityEvent
from wicketgate.core.limits import Limit
from wicketgate.core.turnstile import Turnstile
from wicketgate.stores.memory import MemoryStore

LIMIT = Limit("login", 2, 1000)
HERE = "203.0.113.7"


class Gate:
    """A turnstile at a time of the test's choice, and what it told."""

    def __init__(self) -> None:
        self.now = 0
        self.told = EventList()
        self.turnstile = Turnstile(MemoryStore(), lambda: self.now, self.told)


async def test_what_fits_is_let_through_and_the_next_is_not() -> None:
    """The wait is that of the store, and one event names the limit, the source and the user."""
    gate = Gate()
    for _ in range(2):
        await gate.turnstile.spend(LIMIT, HERE, "ada")
    gate.now = 400

    with pytest.raises(TooManyRequests) as refused:
        await gate.turnstile.spend(LIMIT, HERE, "ada")

    assert (refused.value.limit, refused.value.retry_after_ms) == ("login", 600)
    assert gate.told.events == [SecurityEvent("limit_hit", "ada", HERE, "login")]


async def test_looking_spends_nothing() -> None:
    """However often one looks there is still room; once it is spent looking is refused as well."""
    gate = Gate()
    for _ in range(5):
        await gate.turnstile.look(LIMIT, HERE)
    for _ in range(2):
        await gate.turnstile.spend(LIMIT, HERE)

    with pytest.raises(TooManyRequests):
        await gate.turnstile.look(LIMIT, HERE)

    assert gate.told.names == ["limit_hit"]


async def test_no_wait_is_no_refusal() -> None:
    """What a store answers with 0 goes on, and nothing is told."""
    gate = Gate()

    await gate.turnstile.refuse(LIMIT, HERE, 0)

    assert gate.told.events == []
