"""Showing users their sessions, and ending one of them."""

from __future__ import annotations

from collections.abc import Sequence

from wicketgate.core.clock import Clock
from wicketgate.core.errors import InvalidInput, Problem
from wicketgate.core.events import Observer, SecurityEvent
from wicketgate.core.ports import Sessions
from wicketgate.core.session_list import ListedSession, listed
from wicketgate.core.users import UserRecord

_LONGEST_ID = 64


class SessionListFlow:
    """The rules of the list. It lies on the user, so reading it costs nothing beyond the session's check."""

    def __init__(self, ended: Sessions, clock: Clock, observe: Observer) -> None:
        self._ended = ended
        self._clock = clock
        self._observe = observe

    def of(self, record: UserRecord) -> Sequence[ListedSession]:
        """The user's live sessions, newest first."""
        return listed(record, self._clock() // 1000)[::-1]

    async def end(self, record: UserRecord, session_id: str, source: str) -> None:
        """Ends one of the user's sessions everywhere at once. One that is not on the list has ended already."""
        for session in self.of(record):
            if session.id == session_id:
                await self._ended.revoke(record, session.id, session.expires_at, self._clock() // 1000)
                await self._observe(SecurityEvent("session_ended", record.id, source))


def session_id(value: str) -> str:
    """The rule for a session's id. Raises InvalidInput."""
    if not value or len(value) > _LONGEST_ID or not value.isascii():
        raise InvalidInput(Problem("This is not the id of a session", "id"))
    return value
