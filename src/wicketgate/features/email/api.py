"""The routes of addresses."""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta, Struct

from wicketgate.features.email.flow import EmailFlow
from wicketgate.web.endpoint import Call, Endpoint, Handler
from wicketgate.web.examples import LINK_TOKEN
from wicketgate.web.http import Reply, json_reply
from wicketgate.web.views import DoneResponse

_VERIFIED: Final = "Your email address is confirmed; you can log in"
_RESENT: Final = "If this address is waiting to be confirmed, we have sent it a new link"
_CHANGED: Final = "Your email address has been changed"
_UNDONE: Final = "Your email address has been changed back; choose a password with the link that we have sent you"


class EmailLinkRequest(Struct, frozen=True):
    """A link that came by mail."""

    token: Annotated[str, Meta(description="What stands after `#` in the link.")]


class ResendEmailRequest(Struct, frozen=True):
    """Where another link is wanted."""

    email: Annotated[str, Meta(description="Trimmed, in lower case.", examples=["ada@example.com"])]


class EmailApi:
    """Turns requests into calls of the flow, and what it returns into answers."""

    def __init__(self, flow: EmailFlow) -> None:
        self._flow = flow

    def endpoints(self, *, confirms: bool) -> tuple[Endpoint, ...]:
        """The routes: the way back alone, unless addresses are confirmed."""
        undo = self._link(
            "/api/auth/email/change/undo",
            self.undo,
            "Take a change of address back",
            "With the link that was sent to the address of before, for seven days. Ends every session and the "
            "password, and sends a link to choose another.",
            _UNDONE,
        )
        if not confirms:
            return (undo,)
        return (
            self._link(
                "/api/auth/email/verify",
                self.verify,
                "Confirm your address",
                "With the link that was sent after sign-up. It is good once, for 24 hours.",
                _VERIFIED,
            ),
            Endpoint(
                method="POST",
                path="/api/auth/email/resend",
                handler=self.resend,
                summary="Send the link again",
                tag="Email",
                description="The answer is the same whether or not the address has an account.",
                body=ResendEmailRequest,
                rules=self._flow.resend_rules,
                body_example={"email": "ada@example.com"},
                reply=DoneResponse,
                example={"success": True, "message": _RESENT},
                limited=True,
            ),
            self._link(
                "/api/auth/email/change/confirm",
                self.confirm,
                "Confirm your new address",
                "With the link that was sent to the new address. It is good once, for 24 hours.",
                _CHANGED,
            ),
            undo,
        )

    def _link(self, path: str, handler: Handler, summary: str, description: str, message: str) -> Endpoint:
        return Endpoint(
            method="POST",
            path=path,
            handler=handler,
            summary=summary,
            tag="Email",
            description=description,
            body=EmailLinkRequest,
            rules=self._flow.link_rules,
            body_example={"token": LINK_TOKEN},
            reply=DoneResponse,
            example={"success": True, "message": message},
            limited=True,
        )

    async def verify(self, call: Call) -> Reply:
        """200 once the address is confirmed."""
        record = await self._flow.verify(call.body.token, call.source)
        return _done(call, record.id, _VERIFIED)

    async def resend(self, call: Call) -> Reply:
        """200 whatever comes of it."""
        await self._flow.resend(call.body.email, call.source)
        return json_reply(DoneResponse(True, _RESENT))

    async def confirm(self, call: Call) -> Reply:
        """200 once the new address counts."""
        record = await self._flow.confirm(call.body.token, call.source)
        return _done(call, record.id, _CHANGED)

    async def undo(self, call: Call) -> Reply:
        """200 once the address is the one of before."""
        record = await self._flow.undo(call.body.token, call.source)
        return _done(call, record.id, _UNDONE)


def _done(call: Call, user_id: str, message: str) -> Reply:
    call.request.exchange.user_id = user_id
    return json_reply(DoneResponse(True, message))
