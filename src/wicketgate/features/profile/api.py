"""The routes of the profile."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from wicketgate.core.session_book import SessionBook
from wicketgate.features.profile.flow import ProfileFlow
from wicketgate.web.cookies import SessionCookies
from wicketgate.web.endpoint import Access, Call, Endpoint
from wicketgate.web.examples import USER
from wicketgate.web.http import Reply, json_reply
from wicketgate.web.views import User, View, user_view


class ProfileResponse(Struct, frozen=True):
    """The user whose session it is."""

    success: bool
    user: User


class UpdateProfileRequest(Struct, frozen=True):
    """The fields to change; the others stay as they are."""

    name: Annotated[str | UnsetType, Meta(description="1 to 100 characters.")] = UNSET
    email: Annotated[str | UnsetType, Meta(description="Trimmed, compared and stored in lower case.")] = UNSET
    bio: Annotated[str | UnsetType | None, Meta(description="At most 500 characters; empty or null removes it.")] = (
        UNSET
    )


class UpdateProfileResponse(Struct, frozen=True):
    """The user after the change."""

    success: bool
    user: User


class ProfileApi:
    """Turns requests into calls of the flow, and what it returns into answers."""

    def __init__(
        self, flow: ProfileFlow, sessions: SessionBook, cookies: SessionCookies, view: View = user_view
    ) -> None:
        self._flow = flow
        self._sessions = sessions
        self._cookies = cookies
        self._view = view

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The feature's routes."""
        return (
            Endpoint(
                method="GET",
                path="/api/profile",
                handler=self.show,
                summary="Your profile",
                tag="Account",
                reply=ProfileResponse,
                example={"success": True, "user": USER},
                access=Access.SESSION,
            ),
            Endpoint(
                method="PUT",
                path="/api/profile/update",
                handler=self.update,
                summary="Change your profile",
                tag="Account",
                description=(
                    "A new address must be free. Where addresses are confirmed it counts once that is done; until "
                    "then it is the `pendingEmail`, whether or not it is free. The address of today takes back what "
                    "is pending. A new address counts for `MAIL_LIMIT_MAX_REQUESTS` where it sends mail. An empty "
                    "update changes nothing, `lastModified` neither."
                ),
                body=UpdateProfileRequest,
                rules=self._flow.rules,
                body_example={"name": "Ada King", "bio": "Countess of Lovelace"},
                reply=UpdateProfileResponse,
                example={"success": True, "user": USER},
                access=Access.SESSION,
                limited=True,
            ),
        )

    async def show(self, call: Call) -> Reply:
        """200 with the user, which the check of the session has read already.

        By this call, the page of another origin learns the CSRF token again after it was loaded anew.
        """
        needs = call.foreign and call.request.header(b"authorization") is None
        told = self._cookies.told(call, self._sessions.csrf(call.session)) if needs else ()
        return json_reply(ProfileResponse(True, self._view(call.session.record)), headers=told)

    async def update(self, call: Call) -> Reply:
        """200 with the user after the change."""
        body: UpdateProfileRequest = call.body
        given = {"name": body.name, "email": body.email, "bio": body.bio}
        change = {name: value for name, value in given.items() if not isinstance(value, UnsetType)}
        record = await self._flow.update(call.session, change, call.source)
        return json_reply(UpdateProfileResponse(True, self._view(record)))
