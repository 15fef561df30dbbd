"""Logging out."""

from __future__ import annotations

import pytest

from tests.unit.fakes import ADA, EventList, ManualClock, OpenTokens, add
from wicketgate.core.errors import NotAuthenticated
from wicketgate.core.events import SecurityEvent
from wicketgate.core.session_book import SessionBook
from wicketgate.features.session.flow import SessionFlow
from wicketgate.stores.memory import MemoryStore

HERE = "203.0.113.7"


async def test_logging_out_ends_the_session() -> None:
    """The token is dead at once, and whoever watches is told."""
    store, events = MemoryStore(), EventList()
    await add(store)
    sessions = SessionBook(store, store, OpenTokens(), ManualClock(), 60)
    opened = sessions.open(ADA)

    await SessionFlow(sessions, events).log_out(await sessions.check(opened.token), HERE)

    assert events.events == [SecurityEvent("logout", ADA.id, HERE)]
    with pytest.raises(NotAuthenticated):
        await sessions.check(opened.token)


async def test_whoever_has_no_session_is_logged_out_already() -> None:
    """Without a session nothing happens, and it is no error."""
    store, events = MemoryStore(), EventList()
    sessions = SessionBook(store, store, OpenTokens(), ManualClock(), 60)

    await SessionFlow(sessions, events).log_out(None, HERE)

    assert events.events == []
