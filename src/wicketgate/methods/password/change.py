"""Changing a password: by who knows the one of today, or by who runs the service."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from wicketgate.core import fields
from wicketgate.core.errors import InvalidInput, NotAuthenticated, Problem, Stale, StoreUnavailable
from wicketgate.core.events import Observer, SecurityEvent
from wicketgate.core.new_passwords import NewPasswords
from wicketgate.core.one_time import CHANGE, RESET, attribute
from wicketgate.core.ports import Users
from wicketgate.core.sessions import Authenticated, alive
from wicketgate.core.sign_in import SignedIn, SignIn
from wicketgate.core.users import Edit, UserRecord
from wicketgate.core.visits import Visit
from wicketgate.methods.password.flow import HASH, PasswordFlow

CURRENT: Final = "current_password"
_ATTEMPTS: Final = 4


class ChangeFlow:
    """The rules of changing a password."""

    def __init__(self, users: Users, passwords: PasswordFlow, sign_in: SignIn, observe: Observer) -> None:
        self._users = users
        self._passwords = passwords
        self._new_passwords: NewPasswords = passwords.new_passwords
        self._sign_in = sign_in
        self._observe = observe

    @property
    def rules(self) -> fields.Rules:
        """The rules for the fields of a change."""
        return {
            CURRENT: lambda value: fields.some_password(value, CURRENT),
            "password": self._new_passwords.cleaned,
        }

    async def change(self, session: Authenticated, current: str, password: str, visit: Visit) -> SignedIn:
        """A new session of the user with the cleaned new password; every other session has ended.

        Raises InvalidInput when `current` is wrong or the same as the new one, TooManyRequests when it was wrong
        too often, and NotAuthenticated when the session ended meanwhile.
        """
        record = session.record
        for _ in range(_ATTEMPTS):
            await self._passwords.prove(record, current, visit, CURRENT)
            if fields.normal_password(current) == password:
                raise InvalidInput(Problem("This is already your password; choose another one", "password"))
            try:
                seen = Edit(expect={HASH: record.private[HASH]}, session_version=record.session_version)
                changed = await self._replaced(record, password, seen)
            except Stale:
                record = await self._again(session)
                continue
            if changed is None:
                raise NotAuthenticated
            await self._observe(SecurityEvent("password_changed", changed.id, visit.source))
            return await self._sign_in.finish(changed, visit)
        raise StoreUnavailable("a password changes faster than we can hash")

    async def replace(self, record: UserRecord, password: str) -> UserRecord | None:
        """The user with a cleaned password that whoever runs the service has chosen, every session ended.

        None when there is no such user any more. Raises InvalidInput for a password that is refused.
        """
        changed = await self._replaced(record, password, Edit())
        if changed is not None:
            await self._observe(SecurityEvent("password_changed", changed.id, by_operator=True))
        return changed

    async def _replaced(self, record: UserRecord, password: str, seen: Edit) -> UserRecord | None:
        """Raises Stale unless all is as it was seen.

        A link to reset the password was for the one of before, so it goes as well, and so does a change of address
        that waits: whoever asked for it may be who the new password is against.
        """
        hashed = await self._new_passwords.hash(password, record.email)
        private = {HASH: hashed, attribute(RESET): None, attribute(CHANGE): None}
        return await self._users.edit(record.id, replace(seen, private=private, raise_session_version=True))

    async def _again(self, session: Authenticated) -> UserRecord:
        record = await self._users.get(session.record.id)
        if record is None or not alive(session.claims, record):
            raise NotAuthenticated
        return record
