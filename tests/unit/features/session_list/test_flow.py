"""Showing sessions and ending one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.fakes import ADA, NOW_MS, EventList, ManualClock, add
from wicketgate.core.errors import InvalidInput
from wicketgate.core.events import SecurityEvent
from wicketgate.core.session_list import ListedSession, attribute, written
from wicketgate.core.sessions import MAX_REVOKED
from wicketgate.core.users import UserRecord
from wicketgate.features.session_list.flow import SessionListFlow, session_id
from wicketgate.stores.memory import MemoryStore

HERE = "203.0.113.7"
NOW = NOW_MS // 1000
ONE = ListedSession("one", "Firefox on Linux", "203.0.113.0/24", NOW - 20, NOW - 10, NOW + 100, 1)
TWO = replace(ONE, id="two", created_at=NOW - 10)


async def ada(store: MemoryStore, **more: Any) -> UserRecord:
    """Ada with two sessions and one that has expired."""
    gone = replace(ONE, id="gone", expires_at=NOW)
    private = {attribute(session.id): written(session) for session in (ONE, TWO, gone)}
    return await add(store, private=private, **more)


async def test_the_newest_comes_first() -> None:
    """The list is that of the user as read with the session: the store is asked for nothing."""
    record = await ada(MemoryStore())
    flow = SessionListFlow(MemoryStore(), ManualClock(), EventList())

    found = flow.of(record)

    assert found == [TWO, ONE]


async def test_one_is_ended() -> None:
    """It is dead and off the list, the other is neither, and whoever watches is told."""
    store, events = MemoryStore(), EventList()
    flow = SessionListFlow(store, ManualClock(), events)

    await flow.end(await ada(store), "one", HERE)

    after = await store.get(ADA.id)
    assert after is not None
    assert dict(after.revoked_sessions) == {"one": ONE.expires_at}
    assert flow.of(after) == [TWO]
    assert events.events == [SecurityEvent("session_ended", ADA.id, HERE)]


@pytest.mark.parametrize("unknown", ["gone", "three", "session#one"])
async def test_one_that_is_not_listed_has_ended(unknown: str) -> None:
    """Nothing happens, and nobody is told of it."""
    store, events = MemoryStore(), EventList()
    record = await ada(store)

    await SessionListFlow(store, ManualClock(), events).end(record, unknown, HERE)

    assert await store.get(ADA.id) == record
    assert events.events == []


async def test_ending_one_too_many_ends_all() -> None:
    """The bound on ended sessions holds here as at a logout: the session is dead with all others."""
    store = MemoryStore()
    record = await ada(store, revoked_sessions={f"t{number}": NOW + 9 for number in range(MAX_REVOKED)})

    await SessionListFlow(store, ManualClock(), EventList()).end(record, "one", HERE)

    after = await store.get(ADA.id)
    assert after is not None
    assert after.session_version == 2


@pytest.mark.parametrize("value", ["", "x" * 65, "é", "\ud800"])
def test_what_is_no_id_is_refused(value: str) -> None:
    """An id is some ASCII characters."""
    with pytest.raises(InvalidInput, match="not the id of a session"):
        session_id(value)


def test_an_id_stays_as_it_is() -> None:
    """Nothing is cleaned."""
    found = session_id("q3J4Yl9zT2VkLXBa")

    assert found == "q3J4Yl9zT2VkLXBa"
