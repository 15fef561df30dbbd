"""The last mile that every method of signing in shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from wicketgate.core.ports import ApiTokenClaims, ApiTokens
from wicketgate.core.session_book import OpenSession
from wicketgate.core.users import UserRecord
from wicketgate.core.visits import Visit


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Someone who proved who they are, with all that they get for it."""

    record: UserRecord
    session: OpenSession
    api_token: str


class OpensSessions(Protocol):
    """What gives a user a session."""

    async def admit(self, record: UserRecord, visit: Visit) -> OpenSession:
        """A new session of this user."""
        ...


class SignIn:
    """What follows once a method is sure who someone is. A second factor is asked for here and nowhere else."""

    def __init__(self, sessions: OpensSessions, api_tokens: ApiTokens) -> None:
        self._sessions = sessions
        self._api_tokens = api_tokens

    async def finish(self, record: UserRecord, visit: Visit) -> SignedIn:
        """Opens the session. Every session is opened here, so that none is missing where they are listed."""
        return SignedIn(record, await self._sessions.admit(record, visit), self.api_token(record))

    def api_token(self, record: UserRecord) -> str:
        """The user's API token of today."""
        return self._api_tokens.derive(ApiTokenClaims(record.id, record.api_token_version))
