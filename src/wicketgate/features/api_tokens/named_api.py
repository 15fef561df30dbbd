"""The routes of API tokens with a name."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from wicketgate.core import named_tokens
from wicketgate.core.clock import iso
from wicketgate.core.named_tokens import NamedToken, NewToken
from wicketgate.features.api_tokens.api import EXAMPLE, Scopes, shown_time
from wicketgate.features.api_tokens.flow import ApiTokenFlow
from wicketgate.web.endpoint import Access, Call, Endpoint
from wicketgate.web.examples import API_TOKEN
from wicketgate.web.http import Reply, json_reply
from wicketgate.web.views import SuccessResponse

_EXAMPLE = {**EXAMPLE, "createdAt": "2030-01-31T12:00:00.000Z", "expiresAt": "2030-05-01T12:00:00.000Z"}


class ApiToken(Struct, frozen=True, rename="camel"):
    """What is kept of a named token. The token itself is not."""

    id: Annotated[str, Meta(description="What revokes it.")]
    name: str
    scopes: Scopes
    created_at: Annotated[str, Meta(description="ISO 8601 in UTC.", examples=["2030-01-31T12:00:00.000Z"])]
    expires_at: Annotated[str | UnsetType, Meta(description="ISO 8601 in UTC; left out without an end.")] = UNSET
    last_used_at: Annotated[
        str | UnsetType, Meta(description="ISO 8601 in UTC, to the hour; left out before the first use.")
    ] = UNSET
    limit: Annotated[
        int | UnsetType, Meta(description="Calls in `RATE_LIMIT_WINDOW_MS`; left out without a limit.")
    ] = UNSET


class ApiTokensResponse(Struct, frozen=True):
    """The user's named tokens, newest first."""

    success: bool
    tokens: list[ApiToken]


class CreateApiTokenRequest(Struct, frozen=True):
    """What the token is to be."""

    name: Annotated[str, Meta(description="1 to 60 characters.", examples=["Nightly report"])]
    scopes: Annotated[
        list[str],
        Meta(
            description="At most 20, each of up to 40 lower-case letters, digits and `: . _ -`.",
            examples=[["reports:read"]],
        ),
    ] = []
    expires_in_days: Annotated[
        int | None,
        Meta(
            description="Without it the token has no end.",
            extra_json_schema={"minimum": 1, "maximum": named_tokens.DAYS_MAX},
        ),
    ] = None
    limit: Annotated[
        int | None,
        Meta(
            description="Calls in `RATE_LIMIT_WINDOW_MS`; without it any number.",
            extra_json_schema={"minimum": 1, "maximum": named_tokens.LIMIT_MAX},
        ),
    ] = None


class CreateApiTokenResponse(Struct, frozen=True):
    """The new token."""

    success: bool
    api_token: Annotated[str, Meta(description="Shown this once.")]
    token: ApiToken


class RevokeApiTokenRequest(Struct, frozen=True):
    """Which token is to be revoked."""

    id: Annotated[str, Meta(description="From the list.", examples=["b2theSBzdXJl"])]


class NamedTokenApi:
    """Turns requests into calls of the flow, and what it returns into answers."""

    def __init__(self, flow: ApiTokenFlow) -> None:
        self._flow = flow

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The feature's routes."""
        return (
            Endpoint(
                method="GET",
                path="/api/auth/api-tokens",
                handler=self.list_named,
                summary="Your named API tokens",
                tag="API token",
                description="Newest first, without those that have expired.",
                reply=ApiTokensResponse,
                example={"success": True, "tokens": [_EXAMPLE]},
                access=Access.SESSION,
            ),
            Endpoint(
                method="POST",
                path="/api/auth/api-tokens",
                handler=self.create,
                summary="Make a named API token",
                tag="API token",
                description=(
                    "The token is in this answer and nowhere else. At most 50, and fewer with long names and many "
                    "scopes: they lie on the user, who is read with every request. Each counts for "
                    "`USER_LIMIT_MAX_REQUESTS`."
                ),
                body=CreateApiTokenRequest,
                rules={
                    "name": named_tokens.name,
                    "scopes": named_tokens.scopes,
                    "expires_in_days": named_tokens.days,
                    "limit": named_tokens.limit,
                },
                body_example={"name": "Nightly report", "scopes": ["reports:read"], "expires_in_days": 90},
                reply=CreateApiTokenResponse,
                example={"success": True, "api_token": API_TOKEN, "token": _EXAMPLE},
                status=201,
                access=Access.SESSION,
                limited=True,
            ),
            Endpoint(
                method="POST",
                path="/api/auth/api-tokens/revoke",
                handler=self.revoke,
                summary="Revoke a named API token",
                tag="API token",
                description="It is dead everywhere at once. Also 200 for one that is gone already.",
                body=RevokeApiTokenRequest,
                rules={"id": named_tokens.token_id},
                body_example={"id": EXAMPLE["id"]},
                reply=SuccessResponse,
                example={"success": True},
                access=Access.SESSION,
            ),
        )

    async def list_named(self, call: Call) -> Reply:
        """200 with the named tokens."""
        tokens = [token_view(token) for token in self._flow.named(call.session.record)]
        return json_reply(ApiTokensResponse(True, tokens))

    async def create(self, call: Call) -> Reply:
        """201 with the token, this once."""
        body: CreateApiTokenRequest = call.body
        new = NewToken(body.name, tuple(body.scopes), body.expires_in_days, body.limit)
        token, api_token = await self._flow.create(call.session.record, new, call.source)
        return json_reply(CreateApiTokenResponse(True, api_token, token_view(token)), 201)

    async def revoke(self, call: Call) -> Reply:
        """200; the token is dead."""
        body: RevokeApiTokenRequest = call.body
        await self._flow.revoke(call.session.record, body.id, call.source)
        return json_reply(SuccessResponse(True))


def token_view(token: NamedToken) -> ApiToken:
    """A token as its owner may see it."""
    return ApiToken(
        id=token.id,
        name=token.name,
        scopes=list(token.scopes),
        created_at=iso(token.created_at * 1000),
        expires_at=shown_time(token.expires_at),
        last_used_at=shown_time(token.used_at),
        limit=UNSET if token.limit is None else token.limit,
    )
