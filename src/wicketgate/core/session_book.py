"""Opens, checks and ends sessions."""

from __future__ import annotations

import secrets
from typing import NamedTuple

from wicketgate.core.clock import Clock
from wicketgate.core.errors import NotAuthenticated
from wicketgate.core.one_time import CHANGE, attribute
from wicketgate.core.ports import Sessions, SessionTokens, Users
from wicketgate.core.sessions import Authenticated, SessionClaims, alive, expired
from wicketgate.core.users import Edit, UserRecord
from wicketgate.core.visits import Visit


class OpenSession(NamedTuple):
    """A session just opened: its token, and the value that proves a page reads its own cookies."""

    claims: SessionClaims
    token: str
    csrf_token: str


class SessionBook:
    """All that happens to sessions. `lifetime` is in seconds."""

    def __init__(self, users: Users, ended: Sessions, tokens: SessionTokens, clock: Clock, lifetime: int) -> None:
        self._users = users
        self._ended = ended
        self._tokens = tokens
        self._clock = clock
        self._lifetime = lifetime

    def open(self, record: UserRecord) -> OpenSession:
        """A new session of this user. Nothing is stored."""
        now = self._clock() // 1000
        claims = SessionClaims(
            user_id=record.id,
            email=record.email,
            token_id=secrets.token_urlsafe(12),
            version=record.session_version,
            issued_at=now,
            expires_at=now + self._lifetime,
        )
        return OpenSession(claims, self._tokens.sign(claims), self._tokens.csrf(claims))

    async def admit(self, record: UserRecord, visit: Visit) -> OpenSession:
        """A new session of whoever has just proved to be this user."""
        return self.open(record)

    async def check(self, token: str) -> Authenticated:
        """The live session that a token stands for, with one read. Raises NotAuthenticated."""
        claims = self._tokens.read(token)
        if claims is None or expired(claims, self._clock()):
            raise NotAuthenticated
        record = await self._users.get(claims.user_id)
        if record is None or not alive(claims, record):
            raise NotAuthenticated
        return Authenticated(claims, record)

    async def end(self, session: Authenticated) -> None:
        """Ends a session everywhere at once."""
        claims = session.claims
        await self._ended.revoke(session.record, claims.token_id, claims.expires_at, self._clock() // 1000)

    async def end_all(self, user_id: str) -> bool:
        """Ends every session of a user at once, and a change of address that one of them may have asked for.

        Returns whether there is such a user.
        """
        edit = Edit(private={attribute(CHANGE): None}, raise_session_version=True)
        return await self._users.edit(user_id, edit) is not None

    def csrf(self, session: Authenticated) -> str:
        """The CSRF token that belongs to a session."""
        return self._tokens.csrf(session.claims)
