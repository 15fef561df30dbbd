"""Moving an account from one address to another, and the way back to the first.

A new address counts once it is confirmed, if addresses are confirmed at all. Whoever loses an account by a change of
address can take it back for a week with a link sent to the address of before, which nobody else can have meanwhile.
Further changes in that week leave the way back as it is, so that changing twice does not cut it off. A change to the
very address that it leads to ends it, and makes none to the address in between: that may be a thief's.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from wicketgate.core.clock import Clock, iso
from wicketgate.core.errors import ClaimTaken, Stale
from wicketgate.core.one_time import CHANGE, UNDO, FoundLink, OneTimeLinks, attribute, ended, waiting_for
from wicketgate.core.ports import Jobs, Users
from wicketgate.core.users import (
    FORMER_EMAIL,
    VERIFIED_EMAIL,
    Claim,
    Edit,
    FormerEmail,
    UserRecord,
    claims_of,
    email_claim,
    former_email,
    verified,
)

DAY: Final = 86_400
WEEK: Final = 7 * DAY

CHANGE_EMAIL: Final = "change_email"
EMAIL_CHANGED: Final = "email_changed"
"""The jobs of writing to a new address for which a link waits, and to the old one after a change."""

VERIFY_PAGE: Final = "/verify-email"
CHANGE_PAGE: Final = "/change-email"
UNDO_PAGE: Final = "/undo-email"
"""The pages that the links lead to."""


def pending_email(record: UserRecord, now_ms: int) -> str | None:
    """The address that waits to be confirmed before it counts."""
    return waiting_for(record, CHANGE, now_ms)


def taking_back(record: UserRecord) -> Edit:
    """The part of an edit after which no address waits. Raises Stale when one was confirmed or asked for since."""
    name = attribute(CHANGE)
    value = record.private.get(name)
    return Edit() if value is None else Edit(private={name: None}, expect={name: value})


class AddressBook:
    """All that happens to addresses.

    `secrets` are the private attributes that open an account, such as a password's hash: the way back leaves none of
    them, as whoever moved the account may have chosen them.

    `confirms`: a new address counts once it is confirmed. `tells`: the old one is written to after a change, with
    the way back. Both need mail. While addresses are confirmed the way back is kept free of others, and leads to
    confirmed addresses only: one that was mistyped at sign-up is somebody else's.
    """

    def __init__(
        self,
        users: Users,
        links: OneTimeLinks,
        jobs: Jobs,
        clock: Clock,
        secrets: tuple[str, ...],
        *,
        confirms: bool,
        tells: bool,
    ) -> None:
        self._users = users
        self._links = links
        self._jobs = jobs
        self._clock = clock
        self._secrets = secrets
        self.tells = tells
        self.confirms = confirms

    async def ask(self, record: UserRecord, address: str, fields: Mapping[str, str | None]) -> UserRecord | None:
        """The user, for whom the address waits now, with other fields changed at once; None when gone.

        Raises Stale when every session was ended meanwhile. The wish is written down before anyone looks whether the
        address is free, so nothing tells whether it is.
        """
        seed = str(uuid.uuid4())
        link = self._links.kept(CHANGE, self._links.token(CHANGE, record.id, seed), DAY, address)
        edit = replace(link, fields=fields, session_version=record.session_version)
        edited = await self._users.edit(record.id, edit)
        if edited is not None:
            await self._jobs.add(CHANGE_EMAIL, {"user": record.id, "seed": seed})
        return edited

    async def move(
        self,
        record: UserRecord,
        address: str,
        fields: Mapping[str, str | None],
        link: FoundLink | None = None,
    ) -> UserRecord | None:
        """The user at another address, confirmed if a link is used up for it; None when gone.

        Raises ClaimTaken when somebody has the address, and Stale when the user changed meanwhile, or is gone where
        the old address is told: no letter is to say so of somebody who has not moved.
        """
        seed = str(uuid.uuid4())
        edit = self._moved(record, address, seed)
        edit = replace(edit, fields={**fields, **edit.fields})
        if link is None:
            edit = replace(edit, session_version=record.session_version)
        else:
            edit = replace(_adding(edit, {VERIFIED_EMAIL: address}), expect={**edit.expect, **link.expect})
        if not self.tells:
            return await self._edited_once_free(record.id, edit, address)
        way_back = {"seed": seed} if edit.private.get(attribute(UNDO)) else {}
        # Kept first, so that whoever takes over an account is told of, whatever breaks in that moment.
        async with self._jobs.following(EMAIL_CHANGED, {"user": record.id, "email": record.email, **way_back}):
            moved = await self._edited_once_free(record.id, edit, address)
            if moved is None:
                raise Stale
            return moved

    async def undo(self, link: FoundLink) -> UserRecord | None:
        """The user back at the address of before, without sessions, links and secrets; None when gone.

        Raises ClaimTaken when somebody has the address by now, and Stale when the user changed meanwhile.
        """
        record, address = link.record, link.payload
        edit = Edit(
            fields={"email": address, "last_modified": iso(self._clock())},
            private={
                **dict.fromkeys(self._secrets),
                **ended(),
                FORMER_EMAIL: None,
                VERIFIED_EMAIL: address,
                **link.private,
            },
            expect={**_seen(record), **link.expect},
            raise_session_version=True,
        )
        return await self._edited_once_free(record.id, _claiming(edit, record, {address}), address)

    def _moved(self, record: UserRecord, address: str, seed: str) -> Edit:
        """The change itself. What is kept of the way back stays while it lasts, and ends where it leads to."""
        now = self._clock()
        former, back = former_email(record), waiting_for(record, UNDO, now)
        held = former.address if former is not None and former.until > now // 1000 else None
        edit = Edit(fields={"email": address, "last_modified": iso(now)}, private={**ended()}, expect=_seen(record))
        if held is None and back is None:
            edit, held = self._with_way_back(edit, record, seed)
        elif address in (held, back):
            edit, held = _adding(edit, {attribute(UNDO): None, FORMER_EMAIL: None}), None
        elif held is None:
            edit = _adding(edit, {FORMER_EMAIL: None})
        return _claiming(edit, record, {address, held} if held else {address})

    def _with_way_back(self, edit: Edit, record: UserRecord, seed: str) -> tuple[Edit, str | None]:
        """The edit with the link back to today's address, and that address if others are kept from it."""
        if not self.tells or (self.confirms and not verified(record)):
            return _adding(edit, {attribute(UNDO): None, FORMER_EMAIL: None}), None
        link = self._links.kept(UNDO, self._links.token(UNDO, record.id, seed), WEEK, record.email)
        if not self.confirms:
            return _adding(edit, {**link.private, FORMER_EMAIL: None}), None
        former = FormerEmail(record.email, self._clock() // 1000 + WEEK)
        return _adding(edit, {**link.private, FORMER_EMAIL: str(former)}), former.address

    async def _edited_once_free(self, user_id: str, edit: Edit, address: str) -> UserRecord | None:
        try:
            return await self._users.edit(user_id, edit)
        except ClaimTaken:
            if not await freed(self._users, address, self._clock()):
                raise
        return await self._users.edit(user_id, edit)


async def added(users: Users, record: UserRecord, now_ms: int) -> None:
    """Adds a user. Raises ClaimTaken, but not for an address that was only kept for a way back that is over."""
    try:
        await users.create(record, claims_of(record))
        return
    except ClaimTaken:
        if not await freed(users, record.email, now_ms):
            raise
    await users.create(record, claims_of(record))


async def freed(users: Users, address: str, now_ms: int) -> bool:
    """Whether a taken address is worth trying again: it was only kept for a way back whose time is over."""
    record = await users.find(email_claim(address))
    former = former_email(record) if record else None
    if record is None or former is None or former.address != address or former.until > now_ms // 1000:
        return False
    release = Edit(
        private={FORMER_EMAIL: None}, expect={FORMER_EMAIL: str(former)}, drop_claims=(email_claim(address),)
    )
    try:
        await users.edit(record.id, release)
    except Stale:
        return False
    return True


def _adding(edit: Edit, private: Mapping[str, str | None]) -> Edit:
    return replace(edit, private={**edit.private, **private})


def _seen(record: UserRecord) -> Mapping[str, str | None]:
    """What the claims and the way back were derived from."""
    names = (FORMER_EMAIL, attribute(UNDO))
    return {"email": record.email, **{name: record.private.get(name) for name in names}}


def _claiming(edit: Edit, record: UserRecord, wanted: set[str]) -> Edit:
    """The edit with what it takes that these addresses, and no others, lead to the user."""
    former = former_email(record)
    owned = {record.email, former.address} if former else {record.email}
    return replace(edit, add_claims=_claims(wanted - owned), drop_claims=_claims(owned - wanted))


def _claims(addresses: set[str]) -> tuple[Claim, ...]:
    return tuple(map(email_claim, sorted(addresses)))
