"""Signing up where addresses must be confirmed first: the answer has been given, and the rest goes by mail."""

from __future__ import annotations

from typing import Final

from wicketgate.core.addresses import added
from wicketgate.core.allowance import MailAllowance
from wicketgate.core.clock import Clock, iso
from wicketgate.core.errors import ClaimTaken, StoreUnavailable
from wicketgate.core.events import Observer, SecurityEvent
from wicketgate.core.outbox import VERIFY_EMAIL, Job
from wicketgate.core.ports import Jobs, Letter, Post, Users
from wicketgate.core.users import UserRecord, email_claim, reached_by, verified
from wicketgate.methods.password.flow import new_user

FORGOT_PAGE: Final = "/forgot-password"

_ATTEMPTS: Final = 4


class SignUps:
    """Carries out the job `sign_up`. Whether an address was free shows in a mail to its owner, and nowhere else."""

    def __init__(
        self, users: Users, jobs: Jobs, post: Post, allowance: MailAllowance, clock: Clock, observe: Observer
    ) -> None:
        self._users = users
        self._jobs = jobs
        self._post = post
        self._allowance = allowance
        self._clock = clock
        self._observe = observe

    async def carry_out(self, job: Job) -> None:
        """Creates the account and has its address confirmed, or writes to the owner of a taken address.

        The account has the job's id, so that a job done twice finds the account that it made itself.
        """
        data = job.data
        record = new_user(job.id, data["email"], data["name"], data["hash"], iso(self._clock()))
        for _ in range(_ATTEMPTS):
            try:
                await added(self._users, record, self._clock())
            except ClaimTaken:
                owner = await self._users.get(job.id) or await self._users.find(email_claim(record.email))
                if owner is None:
                    continue  # Who had the address has just left, so it is free.
                await self._taken(job, owner)
            else:
                await self._observe(SecurityEvent("signup", record.id, data["source"]))
                await self._confirm(record)
            return
        raise StoreUnavailable("an address changes hands faster than we can write")

    async def _taken(self, job: Job, owner: UserRecord) -> None:
        address = job.data["email"]
        if owner.id != job.id:
            await self._observe(SecurityEvent("signup_refused", source=job.data["source"]))
        if reached_by(address, owner) and not verified(owner):
            await self._confirm(owner)
        elif owner.id != job.id and await self._allowance.admits(job, address):
            await self._post.send(Letter(address, "signup_taken", {"link": FORGOT_PAGE}))

    async def _confirm(self, record: UserRecord) -> None:
        await self._jobs.add(VERIFY_EMAIL, {"user": record.id})
