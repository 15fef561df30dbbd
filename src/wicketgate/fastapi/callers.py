"""Programs that call with an API token, as an application's routes see them."""

from __future__ import annotations

from dataclasses import dataclass

from wicketgate.core.users import User, public
from wicketgate.features.api_tokens.flow import TokenAccess


@dataclass(frozen=True, slots=True)
class ApiCaller:
    """Whose token a program showed, and what it may do.

    `scopes` is None for the user's token without a name, which may do anything, and for that of another service;
    `token_id` and `token_name` are None then, too.
    """

    user: User
    scopes: frozenset[str] | None = None
    token_id: str | None = None
    token_name: str | None = None

    def may(self, *scopes: str) -> bool:
        """Whether the token has all of these scopes."""
        return self.scopes is None or self.scopes.issuperset(scopes)


def caller_of(access: TokenAccess) -> ApiCaller:
    """What the service found, without what it keeps to itself."""
    token = access.token
    if token is None:
        return ApiCaller(public(access.record))
    return ApiCaller(public(access.record), frozenset(token.scopes), token.id, token.name)
