"""Changing a profile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple, Protocol

from wicketgate.core import fields
from wicketgate.core.addresses import AddressBook, taking_back
from wicketgate.core.clock import Clock, iso
from wicketgate.core.errors import (
    ClaimTaken,
    InvalidInput,
    NotAuthenticated,
    Problem,
    Stale,
    StoreUnavailable,
)
from wicketgate.core.events import Observer, SecurityEvent
from wicketgate.core.limits import Limit
from wicketgate.core.ports import Limits, Users
from wicketgate.core.sessions import Authenticated, alive
from wicketgate.core.turnstile import Turnstile
from wicketgate.core.users import Edit, UserRecord

_ATTEMPTS = 4


Change = Mapping[str, str | None]
"""The fields to change, cleaned. A bio of None removes it; a field that is absent stays."""


class ProfileStore(Users, Limits, Protocol):
    """The part of a store that profiles need."""


class ProfileLimits(NamedTuple):
    """How often one source may try addresses that are taken, and have mail sent."""

    signups: Limit
    mails: Limit


class _Mail:
    """The mail that one change sends, which counts once however often the change has to start again."""

    def __init__(self, turnstile: Turnstile, limit: Limit) -> None:
        self._turnstile = turnstile
        self._limit = limit
        self._counted = False

    async def count(self, source: str, user_id: str) -> None:
        """Raises TooManyRequests when the source has had enough sent."""
        if not self._counted:
            await self._turnstile.spend(self._limit, source, user_id)
            self._counted = True


class ProfileFlow:
    """The rules of changing a profile.

    Where a new address is confirmed before it counts, asking for one is a mail for the limit. Else it counts at once,
    which is a mail as well where the old one is told, and a sign-up for the limit when it is taken. Asking for the
    address of today takes back what waits.
    """

    def __init__(
        self,
        store: ProfileStore,
        addresses: AddressBook,
        syntax: fields.EmailSyntax,
        clock: Clock,
        observe: Observer,
        limits: ProfileLimits,
    ) -> None:
        self._store = store
        self._addresses = addresses
        self._syntax = syntax
        self._clock = clock
        self._observe = observe
        self._turnstile = Turnstile(store, clock, observe)
        self._limits = limits

    @property
    def rules(self) -> fields.Rules:
        """The rules for the fields of a change."""
        return {"name": fields.name, "email": self._email, "bio": fields.bio}

    async def update(self, session: Authenticated, change: Change, source: str) -> UserRecord:
        """The user after the change, for whom a new address may wait until it is confirmed.

        Raises InvalidInput when the new address is taken and would count at once, TooManyRequests when too many were
        tried, and NotAuthenticated when the session ended meanwhile.
        """
        record = session.record
        mail = _Mail(self._turnstile, self._limits.mails)
        for _ in range(_ATTEMPTS):
            try:
                return await self._apply(record, change, source, mail)
            except Stale:
                record = await self._again(session)
        raise StoreUnavailable("a user changes faster than we can write")

    async def _again(self, session: Authenticated) -> UserRecord:
        record = await self._store.get(session.record.id)
        if record is None or not alive(session.claims, record):
            raise NotAuthenticated
        return record

    async def _apply(self, record: UserRecord, change: Change, source: str, mail: _Mail) -> UserRecord:
        if not change:
            return record
        # An address that stays is not written: a move at the same moment would lose it without its claim.
        values = {name: value for name, value in change.items() if name != "email"}
        address = change.get("email")
        if address is None or address == record.email:
            edit = Edit() if address is None else taking_back(record)
            edit = replace(edit, fields=self._dated(values), session_version=record.session_version)
            edited = await self._store.edit(record.id, edit)
        elif self._addresses.confirms:
            await mail.count(source, record.id)
            edited = await self._ask(record, address, self._dated(values) if values else {}, source)
        else:
            if self._addresses.tells:
                await mail.count(source, record.id)
            edited = await self._move(record, address, values, source)
        if edited is None:
            raise NotAuthenticated
        return edited

    def _dated(self, values: Change) -> Change:
        return {**values, "last_modified": iso(self._clock())}

    async def _ask(self, record: UserRecord, address: str, values: Change, source: str) -> UserRecord | None:
        """Has the new address confirmed. It costs the same work whether or not somebody has it."""
        edited = await self._addresses.ask(record, address, values)
        if edited is not None:
            await self._observe(SecurityEvent("email_change_asked", record.id, source))
        return edited

    async def _move(self, record: UserRecord, address: str, values: Change, source: str) -> UserRecord | None:
        """To another address at once."""
        limit = self._limits.signups
        await self._turnstile.look(limit, source, record.id)
        try:
            edited = await self._addresses.move(record, address, values)
        except ClaimTaken:
            await self._turnstile.spend(limit, source, record.id)
            raise InvalidInput(Problem("Unable to use this email address", "email")) from None
        if edited is not None:
            await self._observe(SecurityEvent("email_changed", record.id, source))
        return edited

    def _email(self, value: str) -> str:
        return fields.email(value, self._syntax)
