"""How much mail an address gets that somebody without a session asked for."""

from __future__ import annotations

from wicketgate.core.clock import Clock
from wicketgate.core.limits import Limit, account_source
from wicketgate.core.outbox import Job
from wicketgate.core.ports import Limits
from wicketgate.core.users import email_claim


class MailAllowance:
    """Asked in the background by each job that writes to such an address. Nobody is told when it is spent."""

    def __init__(self, logs: Limits, limit: Limit, clock: Clock) -> None:
        self._logs = logs
        self._limit = limit
        self._clock = clock

    async def admits(self, job: Job, address: str) -> bool:
        """Whether the job may write to a normalised address. A job that is tried again was counted the first time."""
        if job.attempts > 1:
            return True
        return await self._logs.take(self._limit, account_source(email_claim(address).key), self._clock()) == 0
