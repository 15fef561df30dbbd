"""The routes of the API token."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from wicketgate.features.api_tokens.flow import ApiTokenFlow
from wicketgate.web.endpoint import Access, Call, Endpoint
from wicketgate.web.examples import API_TOKEN, USER
from wicketgate.web.http import Reply, json_reply
from wicketgate.web.views import User, user_view


class VerifyResponse(Struct, frozen=True):
    """Whose the API token is."""

    success: bool
    user: User


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

    def __init__(self, flow: ApiTokenFlow) -> None:
        self._flow = flow

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The feature's routes."""
        return (
            Endpoint(
                method="GET",
                path="/api/auth/verify",
                handler=self.verify,
                summary="Whose API token is this?",
                tag="API token",
                description="What another service calls to learn whose token it was handed.",
                reply=VerifyResponse,
                example={"success": True, "user": USER},
                access=Access.API_TOKEN,
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
                reply=RotateApiTokenResponse,
                example={"success": True, "api_token": API_TOKEN},
                access=Access.SESSION,
            ),
        )

    async def verify(self, call: Call) -> Reply:
        """200 with the token's owner."""
        record = await self._flow.owner(call.api_token)
        call.request.exchange.user_id = record.id
        return json_reply(VerifyResponse(True, user_view(record)))

    async def show(self, call: Call) -> Reply:
        """200 with the token of today."""
        return json_reply(ApiTokenResponse(True, self._flow.current(call.session.record)))

    async def rotate(self, call: Call) -> Reply:
        """200 with the new token."""
        token = await self._flow.rotate(call.session.record, call.source)
        return json_reply(RotateApiTokenResponse(True, token))
