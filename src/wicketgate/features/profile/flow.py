"""Changing a profile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from wicketgate.core import fields
from wicketgate.core.clock import Clock, iso
from wicketgate.core.errors import (
    ClaimTaken,
    InvalidInput,
    NotAuthenticated,
    Problem,
    Stale,
    StoreUnavailable,
    TooManyRequests,
)
from wicketgate.core.events import Observer, SecurityEvent
from wicketgate.core.limits import Limit
from wicketgate.core.ports import Limits, Users
from wicketgate.core.sessions import Authenticated, alive
from wicketgate.core.users import Edit, UserRecord, email_claim

_ATTEMPTS = 4


Change = Mapping[str, str | None]
"""The fields to change, cleaned. A bio of None removes it; a field that is absent stays."""


class ProfileStore(Users, Limits, Protocol):
    """The part of a store that profiles need."""


class ProfileFlow:
    """The rules of changing a profile. A new address is a sign-up for the limit when it is taken."""

    def __init__(
        self,
        store: ProfileStore,
        syntax: fields.EmailSyntax,
        clock: Clock,
        observe: Observer,
        signup_limit: Limit,
    ) -> None:
        self._store = store
        self._syntax = syntax
        self._clock = clock
        self._observe = observe
        self._limit = signup_limit

    @property
    def rules(self) -> fields.Rules:
        """The rules for the fields of a change."""
        return {"name": fields.name, "email": self._email, "bio": fields.bio}

    async def update(self, session: Authenticated, change: Change, source: str) -> UserRecord:
        """The user after the change.

        Raises InvalidInput when the new address is taken, TooManyRequests when too many were tried, and
        NotAuthenticated when the session ended meanwhile.
        """
        record = session.record
        for _ in range(_ATTEMPTS):
            try:
                return await self._apply(record, change, source)
            except Stale:
                record = await self._again(session)
        raise StoreUnavailable("a user changes faster than we can write")

    async def _again(self, session: Authenticated) -> UserRecord:
        record = await self._store.get(session.record.id)
        if record is None or not alive(session.claims, record):
            raise NotAuthenticated
        return record

    async def _apply(self, record: UserRecord, change: Change, source: str) -> UserRecord:
        if not change:
            return record
        values = {**change, "last_modified": iso(self._clock())}
        address = values.get("email")
        if address is None or address == record.email:
            # An address that stays is not written: a move at the same moment would lose it without its claim.
            kept = {name: value for name, value in values.items() if name != "email"}
            edited = await self._store.edit(record.id, Edit(fields=kept))
        else:
            edited = await self._move(record, address, values, source)
        if edited is None:
            raise NotAuthenticated
        return edited

    async def _move(
        self, record: UserRecord, address: str, values: Mapping[str, str | None], source: str
    ) -> UserRecord | None:
        """To another address, in one transaction with the release of the old one."""
        await self._refuse(await self._store.peek(self._limit, source, self._clock()), record, source)
        edit = Edit(
            fields=values,
            expect={"email": record.email},
            add_claims=(email_claim(address),),
            drop_claims=(email_claim(record.email),),
        )
        try:
            edited = await self._store.edit(record.id, edit)
        except ClaimTaken:
            await self._refuse(await self._store.take(self._limit, source, self._clock()), record, source)
            raise InvalidInput(Problem("Unable to use this email address", "email")) from None
        if edited is not None:
            await self._observe(SecurityEvent("email_changed", record.id, source))
        return edited

    def _email(self, value: str) -> str:
        return fields.email(value, self._syntax)

    async def _refuse(self, wait: int, record: UserRecord, source: str) -> None:
        if wait > 0:
            await self._observe(SecurityEvent("limit_hit", record.id, source, self._limit.name))
            raise TooManyRequests(self._limit.name, wait)
