"""The routes of a forgotten password. There are none while there is no way to send mail."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from wicketgate.methods.password.recovery import RecoveryFlow
from wicketgate.web.endpoint import Call, Endpoint
from wicketgate.web.examples import LINK_TOKEN
from wicketgate.web.http import Reply, json_reply
from wicketgate.web.views import DoneResponse

ASKED = "If this address has an account, we have sent it a link to choose a new password"
RESET = "Your password has been changed; please log in with the new one"


class ForgotPasswordRequest(Struct, frozen=True):
    """Whose password is forgotten."""

    email: Annotated[str, Meta(examples=["ada@example.com"])]


class ResetPasswordRequest(Struct, frozen=True):
    """The link, and the password to have from now on."""

    token: Annotated[str, Meta(description="What stands after `#` in the link.", examples=[LINK_TOKEN])]
    password: Annotated[str, Meta(description="8 to 128 characters after NFKC.", examples=["another horse battery"])]


class RecoveryApi:
    """Turns requests into calls of the flow, and what it returns into answers."""

    def __init__(self, flow: RecoveryFlow) -> None:
        self._flow = flow

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The routes of getting back in."""
        return (
            Endpoint(
                method="POST",
                path="/api/auth/password/forgot",
                handler=self.ask,
                summary="Ask for a link to choose a new password",
                tag="Account",
                description=(
                    "The answer is the same whether or not the address has an account; a mail goes only to one that "
                    "has. Limited for each source by `MAIL_LIMIT_MAX_REQUESTS`, and for each address by "
                    "`MAIL_LIMIT_PER_ADDRESS`, which nobody is told of."
                ),
                body=ForgotPasswordRequest,
                rules=self._flow.ask_rules,
                body_example={"email": "ada@example.com"},
                reply=DoneResponse,
                example={"success": True, "message": ASKED},
                limited=True,
            ),
            Endpoint(
                method="POST",
                path="/api/auth/password/reset",
                handler=self.reset,
                summary="Choose a new password with a link",
                tag="Account",
                description=(
                    "A link is good for an hour, and once. Every session of the user ends, and the address counts as "
                    "confirmed. Limited for each source by `LINK_LIMIT_MAX_REQUESTS`."
                ),
                body=ResetPasswordRequest,
                rules=self._flow.reset_rules,
                body_example={"token": LINK_TOKEN, "password": "another horse battery"},
                reply=DoneResponse,
                example={"success": True, "message": RESET},
                limited=True,
            ),
        )

    async def ask(self, call: Call) -> Reply:
        """200, whoever asks for whom."""
        body: ForgotPasswordRequest = call.body
        await self._flow.ask(body.email, call.source)
        return json_reply(DoneResponse(True, ASKED))

    async def reset(self, call: Call) -> Reply:
        """200 once the new password counts."""
        body: ResetPasswordRequest = call.body
        record = await self._flow.reset(body.token, body.password, call.source)
        call.request.exchange.user_id = record.id
        return json_reply(DoneResponse(True, RESET))
