"""Ending a session."""

from __future__ import annotations

from wicketgate.core.events import Observer, SecurityEvent
from wicketgate.core.session_book import SessionBook
from wicketgate.core.sessions import Authenticated


class SessionFlow:
    """The rules of logging out."""

    def __init__(self, sessions: SessionBook, observe: Observer) -> None:
        self._sessions = sessions
        self._observe = observe

    async def log_out(self, session: Authenticated | None, source: str) -> None:
        """Ends the session if there is a live one; whoever has none is logged out already."""
        if session is not None:
            await self._sessions.end(session)
            await self._observe(SecurityEvent("logout", session.record.id, source))
