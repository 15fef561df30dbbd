"""Confirming an address, making a new one count, and the way back to the one of before."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple, Protocol

from wicketgate.core import fields
from wicketgate.core.addresses import AddressBook
from wicketgate.core.clock import Clock
from wicketgate.core.errors import ClaimTaken, InvalidInput, Problem, Stale, StoreUnavailable
from wicketgate.core.events import Observer, SecurityEvent
from wicketgate.core.limits import Limit
from wicketgate.core.one_time import CHANGE, UNDO, VERIFY, FoundLink, InvalidLink, OneTimeLinks
from wicketgate.core.outbox import OWED, RESET_PASSWORD
from wicketgate.core.ports import Jobs, Limits, Users
from wicketgate.core.turnstile import Turnstile
from wicketgate.core.users import VERIFIED_EMAIL, Edit, UserRecord

RESEND_EMAIL: Final = "resend_email"
"""The job of mailing a new link to an `email` that somebody asked for."""

_ATTEMPTS = 4

Use = Callable[[FoundLink], Awaitable[UserRecord | None]]
"""Uses a link up. Returns the user after it, None when there is none any more. Raises Stale and ClaimTaken."""


class EmailLimits(NamedTuple):
    """How often one source may try links, and have mail sent."""

    links: Limit
    mails: Limit


class EmailStore(Users, Limits, Protocol):
    """The part of a store that addresses need."""


class EmailFlow:
    """The rules of addresses. A link is good once, however many use it at once."""

    def __init__(
        self,
        store: EmailStore,
        links: OneTimeLinks,
        addresses: AddressBook,
        jobs: Jobs,
        syntax: fields.EmailSyntax,
        clock: Clock,
        observe: Observer,
        limits: EmailLimits,
    ) -> None:
        self._store = store
        self._links = links
        self._addresses = addresses
        self._jobs = jobs
        self._syntax = syntax
        self._observe = observe
        self._turnstile = Turnstile(store, clock, observe)
        self._limits = limits

    @property
    def link_rules(self) -> fields.Rules:
        """The rules for a body that carries a link's token."""
        return {"token": fields.token}

    @property
    def resend_rules(self) -> fields.Rules:
        """The rules for asking for another link."""
        return {"email": lambda value: fields.email(value, self._syntax)}

    async def resend(self, address: str, source: str) -> None:
        """Has a new link sent, should the address wait to be confirmed. Raises TooManyRequests.

        Whether it has an account is looked up afterwards, so neither the answer nor its time tells.
        """
        await self._turnstile.spend(self._limits.mails, source)
        await self._jobs.add(RESEND_EMAIL, {"email": address})

    async def verify(self, token: str, source: str) -> UserRecord:
        """The user, whose address is confirmed. Raises InvalidLink or TooManyRequests."""
        return await self._redeemed(VERIFY, token, source, self._verified, "email_verified")

    async def confirm(self, token: str, source: str) -> UserRecord:
        """The user at the new address.

        Raises InvalidLink, TooManyRequests, or InvalidInput when somebody else has the address by now.
        """
        return await self._redeemed(CHANGE, token, source, self._changed, "email_changed")

    async def undo(self, token: str, source: str) -> UserRecord:
        """The user back at the address of before, every session ended, and a link to choose a password on its way.

        Raises InvalidLink, TooManyRequests, or InvalidInput when somebody else has the address by now.
        """

        async def undone(link: FoundLink) -> UserRecord | None:
            # No password is left. So the link to choose one is kept first, and sent whatever mail there was before.
            owed = {"email": link.payload, "source": source, OWED: link.record.id}
            async with self._jobs.following(RESET_PASSWORD, owed):
                return await self._addresses.undo(link)

        return await self._redeemed(UNDO, token, source, undone, "email_change_undone")

    async def _verified(self, link: FoundLink) -> UserRecord | None:
        if link.payload != link.record.email:
            raise InvalidLink
        edit = Edit(
            private={VERIFIED_EMAIL: link.payload, **link.private}, expect={"email": link.payload, **link.expect}
        )
        return await self._store.edit(link.record.id, edit)

    async def _changed(self, link: FoundLink) -> UserRecord | None:
        return await self._addresses.move(link.record, link.payload, {}, link)

    async def _redeemed(self, purpose: str, token: str, source: str, use: Use, event: str) -> UserRecord:
        await self._turnstile.spend(self._limits.links, source)
        for _ in range(_ATTEMPTS):
            link = await self._links.find(purpose, token)
            try:
                record = await use(link)
            except Stale:
                continue
            except ClaimTaken:
                raise InvalidInput(Problem("Unable to use this email address", "email")) from None
            if record is None:
                raise InvalidLink
            await self._observe(SecurityEvent(event, record.id, source))
            return record
        raise StoreUnavailable("a user changes faster than we can write")
