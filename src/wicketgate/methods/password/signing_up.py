"""Signing up where addresses must be confirmed first: the answer has been given, and the rest goes by mail."""

from __future__ import annotations

from typing import Protocol

from wicketgate.core.clock import Clock, iso
from wicketgate.core.errors import ClaimTaken
from wicketgate.core.events import Observer, SecurityEvent
from wicketgate.core.limits import Limit, account_source
from wicketgate.core.outbox import Job
from wicketgate.core.ports import Jobs, Letter, Limits, Post, Users
from wicketgate.core.users import UserRecord, claims_of, email_claim, reached_by, verified
from wicketgate.methods.password.flow import VERIFY_EMAIL, new_user

FORGOT_PAGE = "/forgot-password"


class SignUpStore(Users, Limits, Protocol):
    """The part of a store that sign-ups need."""


class SignUps:
    """Carries out the job `sign_up`. Whether an address was free shows in a mail to its owner, and nowhere else."""

    def __init__(
        self, store: SignUpStore, jobs: Jobs, post: Post, clock: Clock, observe: Observer, address_limit: Limit
    ) -> None:
        self._store = store
        self._jobs = jobs
        self._post = post
        self._clock = clock
        self._observe = observe
        self._limit = address_limit

    async def carry_out(self, job: Job) -> None:
        """Creates the account and has its address confirmed, or writes to the owner of a taken address.

        The account has the job's id, so that a job done twice finds the account that it made itself.
        """
        data = job.data
        record = new_user(job.id, data["email"], data["name"], data["hash"], iso(self._clock()))
        try:
            await self._store.create(record, claims_of(record))
        except ClaimTaken:
            await self._taken(job)
            return
        await self._observe(SecurityEvent("signup", record.id, data["source"]))
        await self._confirm(record)

    async def _taken(self, job: Job) -> None:
        address = job.data["email"]
        owner = await self._store.get(job.id) or await self._store.find(email_claim(address))
        if owner is None:
            return
        if owner.id != job.id:
            await self._observe(SecurityEvent("signup_refused", source=job.data["source"]))
        if reached_by(address, owner) and not verified(owner):
            await self._confirm(owner)
        elif owner.id != job.id and await self._may_write(job, address):
            await self._post.send(Letter(address, "signup_taken", {"link": FORGOT_PAGE}))

    async def _confirm(self, record: UserRecord) -> None:
        await self._jobs.add(VERIFY_EMAIL, {"user": record.id})

    async def _may_write(self, job: Job, address: str) -> bool:
        """Whether the address gets a mail. One that failed to be sent has been counted already."""
        if job.attempts > 1:
            return True
        return await self._store.take(self._limit, account_source(email_claim(address).key), self._clock()) == 0
