"""The route of logging out."""

from __future__ import annotations

from wicketgate.features.session.flow import SessionFlow
from wicketgate.web.cookies import SessionCookies
from wicketgate.web.endpoint import Access, Call, Endpoint
from wicketgate.web.http import Reply, json_reply
from wicketgate.web.views import SuccessResponse


class SessionApi:
    """Turns requests into calls of the flow, and what it returns into answers."""

    def __init__(self, flow: SessionFlow, cookies: SessionCookies) -> None:
        self._flow = flow
        self._cookies = cookies

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The feature's routes."""
        return (
            Endpoint(
                method="POST",
                path="/api/auth/logout",
                handler=self.log_out,
                summary="Log out",
                tag="Session",
                description="The token is dead everywhere at once. Also 200 with no session, or a dead one.",
                reply=SuccessResponse,
                example={"success": True},
                access=Access.OPTIONAL_SESSION,
                sets_cookies=True,
            ),
        )

    async def log_out(self, call: Call) -> Reply:
        """200, the cookies cleared, but for one that a dead token hid: its session may be alive."""
        session, request = call.maybe_session, call.request
        await self._flow.log_out(session, call.source)
        hidden = session is None and request.header(b"authorization") is not None
        kept = hidden and self._cookies.session in request.cookies
        return json_reply(SuccessResponse(True), headers=() if kept else self._cookies.cleared())
