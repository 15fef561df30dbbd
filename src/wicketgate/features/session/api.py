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
        """200, the session's cookies cleared."""
        await self._flow.log_out(call.maybe_session, call.source)
        return json_reply(SuccessResponse(True), headers=self._cookies.ended(call))
