"""Asking a limit, and what follows when it is spent."""

from __future__ import annotations

from wicketgate.core.clock import Clock
from wicketgate.core.errors import TooManyRequests
from wicketgate.core.events import Observer, SecurityEvent
from wicketgate.core.limits import Limit, account_source
from wicketgate.core.ports import Limits


class Turnstile:
    """Lets as many through as a limit says, and tells of those it does not."""

    def __init__(self, logs: Limits, clock: Clock, observe: Observer) -> None:
        self._logs = logs
        self._clock = clock
        self._observe = observe

    async def spend(self, limit: Limit, source: str, user_id: str | None = None) -> None:
        """Notes one event of a source. Raises TooManyRequests when the limit is spent."""
        wait = await self._logs.take(limit, source, self._clock())
        await self.refuse(limit, source, wait, user_id)

    async def spend_own(self, limit: Limit, user_id: str, source: str | None) -> None:
        """Notes one event of a user, from whichever source. Raises TooManyRequests when the limit is spent."""
        # A hash, so that nothing that tells of a deleted user is left.
        wait = await self._logs.take(limit, account_source(f"user#{user_id}"), self._clock())
        await self.refuse(limit, source, wait, user_id)

    async def look(self, limit: Limit, source: str, user_id: str | None = None) -> None:
        """Raises TooManyRequests when the limit is spent; notes nothing."""
        wait = await self._logs.peek(limit, source, self._clock())
        await self.refuse(limit, source, wait, user_id)

    async def refuse(self, limit: Limit, source: str | None, wait_ms: int, user_id: str | None = None) -> None:
        """Raises TooManyRequests when there are milliseconds to wait, and nothing otherwise."""
        if wait_ms > 0:
            await self._observe(SecurityEvent("limit_hit", user_id, source, limit.name))
            raise TooManyRequests(limit.name, wait_ms)
