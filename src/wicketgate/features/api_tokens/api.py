"""The routes of API tokens."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from wicketgate.core.clock import iso
from wicketgate.core.named_tokens import NamedToken
from wicketgate.features.api_tokens.flow import ApiTokenFlow
from wicketgate.web.endpoint import Access, Call, Endpoint
from wicketgate.web.examples import API_TOKEN, USER
from wicketgate.web.http import Reply, json_reply
from wicketgate.web.views import User, View, user_view

Scopes = Annotated[
    list[str],
    Meta(description="What the token may do, as your programs understand it.", examples=[["reports:read"]]),
]

EXAMPLE = {"id": "b2theSBzdXJl", "name": "Nightly report", "scopes": ["reports:read"]}


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
                example={"success": True, "user": USER, "token": EXAMPLE},
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
                description=(
                    "Tokens with a name live on. Where it is told by mail or webhook, it counts for "
                    "`USER_LIMIT_MAX_REQUESTS`."
                ),
                reply=RotateApiTokenResponse,
                example={"success": True, "api_token": API_TOKEN},
                access=Access.SESSION,
                limited=True,
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


def _shown(token: NamedToken) -> ShownToken:
    return ShownToken(token.id, token.name, list(token.scopes), shown_time(token.expires_at))


def shown_time(seconds: int | None) -> str | UnsetType:
    """A time as the API shows it, left out when there is none."""
    return UNSET if seconds is None else iso(seconds * 1000)
