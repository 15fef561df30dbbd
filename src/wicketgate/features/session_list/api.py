"""The routes of the list of sessions."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from wicketgate.core.clock import iso
from wicketgate.core.session_list import ListedSession
from wicketgate.core.user_agents import UNKNOWN
from wicketgate.features.session_list.flow import SessionListFlow, session_id
from wicketgate.web.cookies import SessionCookies
from wicketgate.web.endpoint import Access, Call, Endpoint
from wicketgate.web.http import Reply, json_reply
from wicketgate.web.views import SuccessResponse

Time = Annotated[str, Meta(description="ISO 8601 in UTC.", examples=["2030-01-31T12:00:00.000Z"])]

_EXAMPLE = {
    "id": "q3J4Yl9zT2VkLXBa",
    "current": True,
    "device": "Firefox on Linux",
    "network": "203.0.113.0/24",
    "createdAt": "2030-01-31T12:00:00.000Z",
    "lastUsedAt": "2030-01-31T15:00:00.000Z",
}


class SessionView(Struct, frozen=True, rename="camel"):
    """One session."""

    id: Annotated[str, Meta(description="What ends it.")]
    current: Annotated[bool, Meta(description="Whether it is the one that asks.")]
    device: Annotated[str, Meta(description="As its program said at login.", examples=["Firefox on Linux"])]
    created_at: Time
    last_used_at: Annotated[
        str, Meta(description="ISO 8601 in UTC, to the hour.", examples=["2030-01-31T15:00:00.000Z"])
    ]
    network: Annotated[
        str | UnsetType,
        Meta(description="The /24 or /48 of the login, where known.", examples=["203.0.113.0/24"]),
    ] = UNSET


class SessionsResponse(Struct, frozen=True):
    """The user's sessions, newest first."""

    success: bool
    sessions: list[SessionView]


class EndSessionRequest(Struct, frozen=True):
    """Which session is to end."""

    id: Annotated[str, Meta(description="From the list.", examples=["q3J4Yl9zT2VkLXBa"])]


class SessionListApi:
    """Turns requests into calls of the flow, and what it returns into answers."""

    def __init__(self, flow: SessionListFlow, cookies: SessionCookies) -> None:
        self._flow = flow
        self._cookies = cookies

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The feature's routes."""
        return (
            Endpoint(
                method="GET",
                path="/api/auth/sessions",
                handler=self.show,
                summary="Where you are logged in",
                tag="Session",
                description="Newest first, 20 at most: another login ends the oldest. Only with `SESSION_LIST`.",
                reply=SessionsResponse,
                example={"success": True, "sessions": [_EXAMPLE]},
                access=Access.SESSION,
            ),
            Endpoint(
                method="POST",
                path="/api/auth/sessions/end",
                handler=self.end,
                summary="Log out elsewhere",
                tag="Session",
                description=(
                    "Ends one session everywhere at once; also 200 for one that has ended already. Ending the "
                    "one that asks clears its cookies. Only with `SESSION_LIST`."
                ),
                body=EndSessionRequest,
                rules={"id": session_id},
                body_example={"id": _EXAMPLE["id"]},
                reply=SuccessResponse,
                example={"success": True},
                access=Access.SESSION,
                sets_cookies=True,
            ),
        )

    async def show(self, call: Call) -> Reply:
        """200 with the sessions."""
        session = call.session
        views = [_view(listed, session.claims.token_id) for listed in self._flow.of(session.record)]
        return json_reply(SessionsResponse(True, views))

    async def end(self, call: Call) -> Reply:
        """200; the cookies cleared if the session was the caller's own."""
        body: EndSessionRequest = call.body
        await self._flow.end(call.session.record, body.id, call.source)
        own = body.id == call.session.claims.token_id
        return json_reply(SuccessResponse(True), headers=self._cookies.ended(call) if own else ())


def _view(session: ListedSession, current: str) -> SessionView:
    return SessionView(
        id=session.id,
        current=session.id == current,
        device=session.device or UNKNOWN,
        created_at=iso(session.created_at * 1000),
        last_used_at=iso(session.used_at * 1000),
        network=session.network or UNSET,
    )
