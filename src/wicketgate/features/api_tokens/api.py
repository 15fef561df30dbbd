"""The routes of API tokens."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from wicketgate.core import named_tokens
from wicketgate.core.clock import iso
from wicketgate.core.named_tokens import NamedToken, NewToken
from wicketgate.features.api_tokens.flow import ApiTokenFlow
from wicketgate.web.endpoint import Access, Call, Endpoint
from wicketgate.web.examples import API_TOKEN, USER
from wicketgate.web.http import Reply, json_reply
from wicketgate.web.views import User, View, user_view

Time = Annotated[str, Meta(description="ISO 8601 in UTC.", examples=["2030-01-31T12:00:00.000Z"])]
Scopes = Annotated[
    list[str],
    Meta(description="What the token may do, as your programs understand it.", examples=[["reports:read"]]),
]

_SHOWN = {"id": "b2theSBzdXJl", "name": "Nightly report", "scopes": ["reports:read"]}
_EXAMPLE = {**_SHOWN, "createdAt": "2030-01-31T12:00:00.000Z", "expiresAt": "2030-05-01T12:00:00.000Z"}


class ShownToken(Struct, frozen=True, rename="camel"):
    """The named token that was shown."""

    id: str
    name: str
    scopes: Scopes
    expires_at: Annotated[str | UnsetType, Meta(description="ISO 8601 in UTC; left out without an end.")] = UNSET


class VerifyResponse(Struct, frozen=True):
    """Whose the API token is."""

    success: bool
    user: User
    token: Annotated[
        ShownToken | UnsetType,
        Meta(description="Left out for the token without a name, which may do anything."),
    ] = UNSET


class ApiToken(Struct, frozen=True, rename="camel"):
    """What is kept of a named token. The token itself is not."""

    id: Annotated[str, Meta(description="What revokes it.")]
    name: str
    scopes: Scopes
    created_at: Time
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
    expires_in_days: Annotated[int | None, Meta(description="1 to 3650; without it the token has no end.")] = None
    limit: Annotated[
        int | None, Meta(description="1 to 1000 calls in `RATE_LIMIT_WINDOW_MS`; without it any number.")
    ] = None


class CreateApiTokenResponse(Struct, frozen=True):
    """The new token."""

    success: bool
    api_token: Annotated[str, Meta(description="Shown this once.")]
    token: ApiToken


class RevokeApiTokenRequest(Struct, frozen=True):
    """Which token is to be revoked."""

    id: Annotated[str, Meta(description="From the list.", examples=["b2theSBzdXJl"])]


class RevokeApiTokenResponse(Struct, frozen=True):
    """The token is dead."""

    success: bool


class ApiTokenResponse(Struct, frozen=True):
    """The token that counts now."""

    success: bool
    api_token: Annotated[str, Meta(description="The token with which the user's programs call.")]


class RotateApiTokenResponse(Struct, frozen=True):
    """The token that counts from now on."""

    success: bool
    api_token: Annotated[str, Meta(description="The old one is dead.")]


class ApiTokenApi:
    """Turns requests into calls of the flow, and what it returns into answers."""

    def __init__(self, flow: ApiTokenFlow, view: View = user_view) -> None:
        self._flow = flow
        self._view = view

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The feature's routes."""
        return (*self._of_the_first(), *self._of_the_named())

    def _of_the_first(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                method="GET",
                path="/api/auth/verify",
                handler=self.verify,
                summary="Whose API token is this?",
                tag="API token",
                description=(
                    "What another service calls to learn whose token it was handed, and what a named one may do. A "
                    "token's own limit is counted here."
                ),
                reply=VerifyResponse,
                example={"success": True, "user": USER, "token": _SHOWN},
                access=Access.API_TOKEN,
                limited=True,
            ),
            Endpoint(
                method="GET",
                path="/api/auth/api-token",
                handler=self.show,
                summary="Your API token",
                tag="API token",
                description="The token that sign-up and login returned too.",
                reply=ApiTokenResponse,
                example={"success": True, "api_token": API_TOKEN},
                access=Access.SESSION,
            ),
            Endpoint(
                method="POST",
                path="/api/auth/api-token/rotate",
                handler=self.rotate,
                summary="Replace your API token",
                tag="API token",
                description="Tokens with a name live on.",
                reply=RotateApiTokenResponse,
                example={"success": True, "api_token": API_TOKEN},
                access=Access.SESSION,
            ),
        )

    def _of_the_named(self) -> tuple[Endpoint, ...]:
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
                    "scopes: they lie on the user, who is read with every request."
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
                body_example={"id": _SHOWN["id"]},
                reply=RevokeApiTokenResponse,
                example={"success": True},
                access=Access.SESSION,
            ),
        )

    async def verify(self, call: Call) -> Reply:
        """200 with the token's owner, and what a named one may do."""
        access = await self._flow.check(call.api_token)
        call.request.exchange.user_id = access.record.id
        shown = UNSET if access.token is None else _shown(access.token)
        return json_reply(VerifyResponse(True, self._view(access.record), shown))

    async def show(self, call: Call) -> Reply:
        """200 with the token of today."""
        return json_reply(ApiTokenResponse(True, self._flow.current(call.session.record)))

    async def rotate(self, call: Call) -> Reply:
        """200 with the new token."""
        token = await self._flow.rotate(call.session.record, call.source)
        return json_reply(RotateApiTokenResponse(True, token))

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
        return json_reply(RevokeApiTokenResponse(True))


def token_view(token: NamedToken) -> ApiToken:
    """A token as its owner may see it."""
    return ApiToken(
        id=token.id,
        name=token.name,
        scopes=list(token.scopes),
        created_at=iso(token.created_at * 1000),
        expires_at=_time(token.expires_at),
        last_used_at=_time(token.used_at),
        limit=UNSET if token.limit is None else token.limit,
    )


def _shown(token: NamedToken) -> ShownToken:
    return ShownToken(token.id, token.name, list(token.scopes), _time(token.expires_at))


def _time(seconds: int | None) -> str | UnsetType:
    return UNSET if seconds is None else iso(seconds * 1000)
