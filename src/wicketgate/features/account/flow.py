"""Ending every session of an account, and the account itself."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Protocol

from wicketgate.core import fields
from wicketgate.core.audit import DAY_MS, LONGEST_DAYS
from wicketgate.core.clock import Clock
from wicketgate.core.errors import NotAuthenticated
from wicketgate.core.events import Observer, SecurityEvent
from wicketgate.core.outbox import Job
from wicketgate.core.ports import AuditTrail, Jobs, Letter, Post, Users
from wicketgate.core.session_book import SessionBook
from wicketgate.core.sessions import Authenticated
from wicketgate.core.users import UserRecord
from wicketgate.core.visits import Visit

ACCOUNT_DELETED: Final = "account_deleted"
"""The job of telling the `email` of an account that it is gone."""


class Prove(Protocol):
    """Makes sure of a password."""

    async def __call__(self, record: UserRecord, password: str, visit: Visit) -> None:
        """Returns if it is the user's. Raises InvalidInput, or TooManyRequests after too many that were not."""
        ...


class AccountStore(Users, AuditTrail, Protocol):
    """The part of a store that ending an account needs."""


class AccountFlow:
    """The rules of leaving. Without `jobs` nobody can be written to."""

    def __init__(
        self,
        store: AccountStore,
        sessions: SessionBook,
        prove: Prove,
        jobs: Jobs | None,
        clock: Clock,
        observe: Observer,
    ) -> None:
        self._store = store
        self._sessions = sessions
        self._prove = prove
        self._jobs = jobs
        self._clock = clock
        self._observe = observe

    @property
    def deletion_rules(self) -> fields.Rules:
        """The rules for the fields of a deletion."""
        return {"password": fields.some_password}

    async def log_out_everywhere(self, session: Authenticated, source: str) -> None:
        """Ends every session of the user, this one too. Raises NotAuthenticated when the user is gone."""
        if not await self._sessions.end_all(session.record.id):
            raise NotAuthenticated
        await self._observe(SecurityEvent("sessions_ended", session.record.id, source))

    async def delete(self, session: Authenticated, password: str, visit: Visit) -> None:
        """Deletes the account. Raises what the proof raises, and NotAuthenticated when it is gone already."""
        await self._prove(session.record, password, visit)
        if not await self.remove(session.record, visit.source):
            raise NotAuthenticated

    async def remove(self, record: UserRecord, source: str | None = None, *, by_operator: bool = False) -> bool:
        """Deletes a user, frees what led there, and forgets what happened. Returns whether there was one."""
        if not await self._store.delete(record.id):
            return False
        await self._observe(SecurityEvent("account_deleted", record.id, source, by_operator=by_operator))
        await self._store.forget_audit(record.id, self._since(record), self._clock())
        if self._jobs is not None:
            await self._jobs.add(ACCOUNT_DELETED, {"email": record.email})
        return True

    def _since(self, record: UserRecord) -> int:
        """When the trail may begin, in milliseconds: with the account, as far as that is known and can be."""
        earliest = self._clock() - LONGEST_DAYS * DAY_MS
        try:
            created = datetime.fromisoformat(record.created_at).timestamp() * 1000
        except ValueError:
            return earliest
        return max(earliest, int(created))


class AccountLetters:
    """Does the job."""

    def __init__(self, post: Post) -> None:
        self._post = post

    async def deleted(self, job: Job) -> None:
        """Says goodbye."""
        await self._post.send(Letter(job.data["email"], "account_deleted", {}))
