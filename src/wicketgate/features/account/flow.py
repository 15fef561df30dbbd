"""Ending every session of an account, and the account itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from datetime import datetime
from typing import Final, Protocol

from wicketgate.core import fields
from wicketgate.core.audit import DAY_MS, LONGEST_DAYS
from wicketgate.core.clock import Clock
from wicketgate.core.errors import NotAuthenticated, Stale, Unavailable
from wicketgate.core.events import Observer, SecurityEvent
from wicketgate.core.limits import Limit
from wicketgate.core.one_time import UNDO, waiting_for
from wicketgate.core.outbox import Job
from wicketgate.core.ports import AuditTrail, Jobs, Letter, Limits, Outbox, Post, Users
from wicketgate.core.session_book import SessionBook
from wicketgate.core.sessions import Authenticated
from wicketgate.core.turnstile import Turnstile
from wicketgate.core.users import UserRecord
from wicketgate.core.visits import Visit

ACCOUNT_DELETED: Final = "account_deleted"
"""The job of forgetting all that is left of a `user`, and telling an `email` that the account is gone."""


class Prove(Protocol):
    """Makes sure of a password."""

    async def __call__(self, record: UserRecord, password: str, visit: Visit) -> None:
        """Returns if it is the user's. Raises InvalidInput, or TooManyRequests after too many that were not."""
        ...


class AccountStore(Users, AuditTrail, Limits, Outbox, Protocol):
    """The part of a store that ending an account needs."""


class AccountFlow:
    """The rules of leaving.

    `tells` says whether there is mail, to say goodbye with, and `mails` how often one source may have it sent.
    """

    def __init__(
        self,
        store: AccountStore,
        sessions: SessionBook,
        prove: Prove,
        jobs: Jobs,
        clock: Clock,
        observe: Observer,
        mails: Limit,
        *,
        tells: bool,
    ) -> None:
        self._store = store
        self._sessions = sessions
        self._prove = prove
        self._jobs = jobs
        self._clock = clock
        self._observe = observe
        self._turnstile = Turnstile(store, clock, observe)
        self._mails = mails
        self._tells = tells

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
        """Deletes the account, which is a mail for the limit where there is mail, to however many addresses.

        Raises what the proof raises, TooManyRequests, and NotAuthenticated when session or account is gone.
        """
        await self._prove(session.record, password, visit)
        if self._tells:
            await self._turnstile.spend(self._mails, visit.source, session.record.id)
        try:
            await self.remove(session.record, visit.source, session_version=session.record.session_version)
        except Stale:
            raise NotAuthenticated from None

    async def remove(
        self,
        record: UserRecord,
        source: str | None = None,
        *,
        by_operator: bool = False,
        session_version: int | None = None,
    ) -> None:
        """Deletes a user, frees what led there, and forgets what happened. Raises NotAuthenticated without a user.

        With a session version it raises Stale when that is no longer the user's. The jobs do what is left to do,
        should we die or lose the store once the user is gone.
        """
        since = self._since(record)
        async with AsyncExitStack() as jobs:
            for told in self._told(record):
                job = {"user": record.id, "since": str(since), **told}
                await jobs.enter_async_context(self._jobs.following(ACCOUNT_DELETED, job))
            if not await self._store.delete(record.id, session_version):
                raise NotAuthenticated
            await self._observe(SecurityEvent("account_deleted", record.id, source, by_operator=by_operator))
            with suppress(Unavailable):
                await _forget(self._store, record.id, since, self._clock())

    def _told(self, record: UserRecord) -> Sequence[Mapping[str, str]]:
        """Who is written to, each by a job of its own, as one letter may have to be tried again and the other not.

        Also the address that a way back leads to: whoever moved the account may be who deletes it.
        """
        if not self._tells:
            return ({},)
        way_back = waiting_for(record, UNDO, self._clock())
        return [{"email": address} for address in (record.email, way_back) if address]

    def _since(self, record: UserRecord) -> int:
        """When the trail may begin, in milliseconds: with the account, as far as that is known and can be.

        A day sooner, since the clock that the account began by may have been ahead of others. Who came along from
        elsewhere may be said to begin in the future, which says nothing.
        """
        now = self._clock()
        earliest = now - LONGEST_DAYS * DAY_MS
        try:
            created = int(datetime.fromisoformat(record.created_at).timestamp() * 1000)
        except ValueError:
            return earliest
        return earliest if created > now else max(earliest, created - DAY_MS)


class AccountLetters:
    """Does the job. An address to write to is in it where there is mail."""

    def __init__(self, store: AccountStore, post: Post, clock: Clock) -> None:
        self._store = store
        self._post = post
        self._clock = clock

    async def deleted(self, job: Job) -> None:
        """Forgets what happened and says goodbye, unless the deletion came to nothing."""
        user_id = job.data["user"]
        if await self._store.get(user_id) is not None:
            return
        await _forget(self._store, user_id, int(job.data["since"]), self._clock())
        if "email" in job.data:
            await self._post.send(Letter(job.data["email"], "account_deleted", {}))


async def _forget(store: AccountStore, user_id: str, since: int, now: int) -> None:
    """Takes away what is left of a user who is gone: the trail, and the job that an account may have begun with.

    Such a job has the user's id. If nobody could note that it was done it waits to be done again, and would make the
    account anew.
    """
    await store.drop_job(Job(user_id, "sign_up", {}, now))
    await store.forget_audit(user_id, since, now)
