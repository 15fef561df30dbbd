"""The mail about addresses, each letter by a job. Whether an address has an account shows here and nowhere else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from wicketgate.core.addresses import (
    CHANGE_EMAIL,
    CHANGE_PAGE,
    DAY,
    EMAIL_CHANGED,
    UNDO_PAGE,
    VERIFY_PAGE,
    freed,
)
from wicketgate.core.allowance import MailAllowance
from wicketgate.core.clock import Clock
from wicketgate.core.one_time import CHANGE, UNDO, VERIFY, InvalidLink, OneTimeLinks
from wicketgate.core.outbox import VERIFY_EMAIL, Job
from wicketgate.core.ports import Letter, Post, Users
from wicketgate.core.users import UserRecord, email_claim, reached_by, verified
from wicketgate.features.email.flow import RESEND_EMAIL


class EmailLetters:
    """Does the jobs. A letter that its address has had enough of is not sent, and nobody is told."""

    def __init__(self, users: Users, links: OneTimeLinks, post: Post, allowance: MailAllowance, clock: Clock) -> None:
        self._users = users
        self._links = links
        self._post = post
        self._allowance = allowance
        self._clock = clock

    @property
    def handlers(self) -> Mapping[str, Callable[[Job], Awaitable[None]]]:
        """Who does which kind of job."""
        return {
            VERIFY_EMAIL: self.verify,
            RESEND_EMAIL: self.resend,
            CHANGE_EMAIL: self.change,
            EMAIL_CHANGED: self.changed,
        }

    async def verify(self, job: Job) -> None:
        """Writes to a user whose address waits to be confirmed."""
        await self._ask_to_confirm(await self._users.get(job.data["user"]), job)

    async def resend(self, job: Job) -> None:
        """Writes to whoever has the address, if it waits to be confirmed."""
        address = job.data["email"]
        await self._ask_to_confirm(reached_by(address, await self._users.find(email_claim(address))), job)

    async def change(self, job: Job) -> None:
        """Writes to the address that a change leads to: with a link if it is free, else that somebody tried."""
        user_id, seed = job.data["user"], job.data["seed"]
        try:
            token, link = await self._links.waiting(CHANGE, user_id, seed)
        except InvalidLink:
            return
        if not await self._allowance.admits(job, link.payload):
            return
        if await self._is_free(link.payload, user_id):
            await self._post.send(Letter(link.payload, "change_email", {"link": f"{CHANGE_PAGE}#{token}"}))
        else:
            await self._post.send(Letter(link.payload, "change_email_taken", {}))

    async def changed(self, job: Job) -> None:
        """Tells the address of before, with the way back if this change made one that is still open.

        Also when nobody can say what its link was, since the key of that day is gone, and when the user is gone:
        whoever moved the account may have deleted it.
        """
        user_id, address, seed = job.data["user"], job.data["email"], job.data.get("seed")
        if seed is not None:
            with suppress(InvalidLink):
                token, _ = await self._links.waiting(UNDO, user_id, seed)
                await self._post.send(Letter(address, "email_changed", {"link": f"{UNDO_PAGE}#{token}"}))
                return
        record = await self._users.get(user_id)
        if record is None or record.email != address:  # Otherwise the change came to nothing.
            await self._post.send(Letter(address, "email_changed", {}))

    async def _ask_to_confirm(self, record: UserRecord | None, job: Job) -> None:
        if record is None or verified(record) or not await self._allowance.admits(job, record.email):
            return
        token = self._links.token(VERIFY, record.id, job.id)
        if await self._users.edit(record.id, self._links.kept(VERIFY, token, DAY, record.email)) is not None:
            await self._post.send(Letter(record.email, "verify_email", {"link": f"{VERIFY_PAGE}#{token}"}))

    async def _is_free(self, address: str, user_id: str) -> bool:
        """Whether the user could have the address: nobody has it, or it is kept for this very user."""
        owner = await self._users.find(email_claim(address))
        return owner is None or owner.id == user_id or await freed(self._users, address, self._clock())
