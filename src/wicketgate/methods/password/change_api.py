"""The route of changing a password."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from wicketgate.methods.password.change import ChangeFlow
from wicketgate.web.cookies import SessionCookies
from wicketgate.web.endpoint import Access, Call, Endpoint
from wicketgate.web.examples import SESSION_TOKEN
from wicketgate.web.http import Reply, json_reply

CHANGED = "Your password has been changed; your other sessions have ended"


class ChangePasswordRequest(Struct, frozen=True):
    """The password of today, and the one to have from now on."""

    current_password: Annotated[str, Meta(examples=["correct horse battery"])]
    password: Annotated[str, Meta(description="8 to 128 characters after NFKC.", examples=["another horse battery"])]


class ChangePasswordResponse(Struct, frozen=True):
    """The session that goes on, in place of all there were."""

    success: bool
    message: str
    token: Annotated[str, Meta(description="The new session, for `Authorization: Bearer`. Browsers use the cookie.")]


class ChangePasswordApi:
    """Turns a request into a call of the flow, and what it returns into an answer."""

    def __init__(self, flow: ChangeFlow, cookies: SessionCookies) -> None:
        self._flow = flow
        self._cookies = cookies

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The one route."""
        return (
            Endpoint(
                method="POST",
                path="/api/auth/password/change",
                handler=self.change,
                summary="Change your password",
                tag="Account",
                description=(
                    "Every session of the user ends, that of the call as well; the answer brings a new one. A change "
                    "of address that waits to be confirmed is off. Wrong passwords count for "
                    "`ACCOUNT_LIMIT_MAX_FAILURES`, all for `USER_LIMIT_MAX_REQUESTS`."
                ),
                body=ChangePasswordRequest,
                rules=self._flow.rules,
                body_example={"current_password": "correct horse battery", "password": "another horse battery"},
                reply=ChangePasswordResponse,
                example={"success": True, "message": CHANGED, "token": SESSION_TOKEN},
                access=Access.SESSION,
                limited=True,
                sets_cookies=True,
            ),
        )

    async def change(self, call: Call) -> Reply:
        """200 with the new session and its cookies."""
        body: ChangePasswordRequest = call.body
        visit = self._cookies.visit(call)
        signed_in = await self._flow.change(call.session, body.current_password, body.password, visit)
        answer = ChangePasswordResponse(True, CHANGED, signed_in.session.token)
        return json_reply(answer, headers=self._cookies.replaced(call, signed_in))
