"""Checking and replacing API tokens."""

from __future__ import annotations

from wicketgate.core.errors import NotAuthenticated
from wicketgate.core.events import Observer, SecurityEvent
from wicketgate.core.ports import ApiTokenClaims, ApiTokens, Users
from wicketgate.core.users import Edit, UserRecord


class ApiTokenFlow:
    """The rules of API tokens: one a user, derived from the user's token version, stored nowhere."""

    def __init__(self, users: Users, tokens: ApiTokens, observe: Observer) -> None:
        self._users = users
        self._tokens = tokens
        self._observe = observe

    async def owner(self, token: str) -> UserRecord:
        """Whose token it is, with one read. Raises NotAuthenticated."""
        claims = self._tokens.read(token)
        record = await self._users.get(claims.user_id) if claims else None
        if claims is None or record is None or record.api_token_version != claims.version:
            raise NotAuthenticated
        return record

    async def rotate(self, record: UserRecord, source: str) -> str:
        """A new token; every older one is dead. Raises NotAuthenticated when the user is gone."""
        raised = await self._users.edit(record.id, Edit(raise_api_token_version=True))
        if raised is None:
            raise NotAuthenticated
        self._observe(SecurityEvent("api_token_rotated", record.id, source))
        return self._tokens.derive(ApiTokenClaims(raised.id, raised.api_token_version))
