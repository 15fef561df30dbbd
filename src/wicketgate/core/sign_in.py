"""The last mile that every method of signing in shares."""

from __future__ import annotations

from dataclasses import dataclass

from wicketgate.core.ports import ApiTokenClaims, ApiTokens
from wicketgate.core.session_book import OpenSession, SessionBook
from wicketgate.core.users import UserRecord


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Someone who proved who they are, with all that they get for it."""

    record: UserRecord
    session: OpenSession
    api_token: str


class SignIn:
    """What follows once a method is sure who someone is. A second factor is asked for here and nowhere else."""

    def __init__(self, sessions: SessionBook, api_tokens: ApiTokens) -> None:
        self._sessions = sessions
        self._api_tokens = api_tokens

    def finish(self, record: UserRecord) -> SignedIn:
        """Opens the session."""
        return SignedIn(record, self._sessions.open(record), self.api_token(record))

    def api_token(self, record: UserRecord) -> str:
        """The user's API token of today."""
        return self._api_tokens.derive(ApiTokenClaims(record.id, record.api_token_version))
