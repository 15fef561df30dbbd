"""The routes of leaving."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from wicketgate.features.account.flow import AccountFlow
from wicketgate.web.cookies import SessionCookies
from wicketgate.web.endpoint import Access, Call, Endpoint
from wicketgate.web.http import Reply, json_reply
from wicketgate.web.views import SuccessResponse


class DeleteAccountRequest(Struct, frozen=True):
    """The wish to leave for good."""

    password: Annotated[str, Meta(description="Once more, so that nobody else can do this at an open screen.")]


class AccountApi:
    """Turns requests into calls of the flow, and what it returns into answers."""

    def __init__(self, flow: AccountFlow, cookies: SessionCookies) -> None:
        self._flow = flow
        self._cookies = cookies

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The feature's routes."""
        return (
            Endpoint(
                method="POST",
                path="/api/auth/logout-everywhere",
                handler=self.log_out_everywhere,
                summary="Log out everywhere",
                tag="Session",
                description=(
                    "Every session of the account is dead everywhere at once, this one too. A change of address that "
                    "waits to be confirmed is off."
                ),
                reply=SuccessResponse,
                example={"success": True},
                access=Access.SESSION,
                sets_cookies=True,
            ),
            Endpoint(
                method="POST",
                path="/api/account/delete",
                handler=self.delete,
                summary="Delete your account",
                tag="Account",
                description=(
                    "For good, and at once: nothing of the account is left, and its address is free. Wrong passwords "
                    "count as failed logins; where its owner is told by mail, a deletion counts for "
                    "`MAIL_LIMIT_MAX_REQUESTS`."
                ),
                body=DeleteAccountRequest,
                rules=self._flow.deletion_rules,
                body_example={"password": "correct horse battery"},
                reply=SuccessResponse,
                example={"success": True},
                access=Access.SESSION,
                limited=True,
                sets_cookies=True,
            ),
        )

    async def log_out_everywhere(self, call: Call) -> Reply:
        """200, the session's cookies cleared."""
        await self._flow.log_out_everywhere(call.session, call.source)
        return json_reply(SuccessResponse(True), headers=self._cookies.ended(call))

    async def delete(self, call: Call) -> Reply:
        """200, the session's cookies cleared."""
        body: DeleteAccountRequest = call.body
        await self._flow.delete(call.session, body.password, self._cookies.visit(call))
        return json_reply(SuccessResponse(True), headers=self._cookies.ended(call))
