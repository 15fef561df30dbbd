"""Checking and replacing API tokens."""

from __future__ import annotations

from wicketgate.core.errors import NotAuthenticated, Stale
from wicketgate.core.events import Observer, SecurityEvent
from wicketgate.core.ports import ApiTokenClaims, ApiTokens, Users
from wicketgate.core.users import OLD_API_TOKEN, Edit, UserRecord, api_token_claim, api_token_digest


class ApiTokenFlow:
    """The rules of API tokens: one a user, derived from the user's token version, stored nowhere.

    A user who was brought along from another service has that service's token as well until the first rotation.
    """

    def __init__(self, users: Users, tokens: ApiTokens, observe: Observer) -> None:
        self._users = users
        self._tokens = tokens
        self._observe = observe

    async def owner(self, token: str) -> UserRecord:
        """Whose token it is: one read for a token of ours, two for one from elsewhere. Raises NotAuthenticated."""
        record = await (self._holder(token) if self._tokens.ours(token) else self._old_holder(token))
        if record is None:
            raise NotAuthenticated
        return record

    async def rotate(self, record: UserRecord, source: str) -> str:
        """A new token; every older one is dead. Raises NotAuthenticated when the user is gone."""
        raised = await self._raised(record)
        if raised is None:
            raise NotAuthenticated
        await self._observe(SecurityEvent("api_token_rotated", record.id, source))
        return self.current(raised)

    def current(self, record: UserRecord) -> str:
        """The user's token of today. It is derived, so it can be shown at any time."""
        return self._tokens.derive(ApiTokenClaims(record.id, record.api_token_version))

    async def _holder(self, token: str) -> UserRecord | None:
        claims = self._tokens.read(token)
        record = await self._users.get(claims.user_id) if claims else None
        return record if claims and record and record.api_token_version == claims.version else None

    async def _old_holder(self, token: str) -> UserRecord | None:
        digest = api_token_digest(token)
        record = await self._users.find(api_token_claim(digest))
        # The user says which token is theirs; a claim that was left behind opens nothing.
        return record if record and record.private.get(OLD_API_TOKEN) == digest else None

    async def _raised(self, record: UserRecord) -> UserRecord | None:
        forget = Edit(private={OLD_API_TOKEN: None}, raise_api_token_version=True)
        old = record.private.get(OLD_API_TOKEN)
        if old is None:
            return await self._users.edit(record.id, forget)
        try:
            freed = Edit(
                private={OLD_API_TOKEN: None}, raise_api_token_version=True, drop_claims=(api_token_claim(old),)
            )
            return await self._users.edit(record.id, freed)
        except Stale:
            # Another rotation has freed the claim since the user was read.
            return await self._users.edit(record.id, forget)
