"""The route of what happened to one's account."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from wicketgate.core.audit import AuditEntry
from wicketgate.core.clock import iso
from wicketgate.features.audit.flow import MOST_DAYS_SHOWN, MOST_SHOWN, ActivityFlow, by
from wicketgate.web.endpoint import Access, Call, Endpoint
from wicketgate.web.http import Reply, json_reply


class ActivityEvent(Struct, frozen=True):
    """One thing that happened."""

    at: Annotated[str, Meta(description="ISO 8601 in UTC.", examples=["2030-01-31T12:00:00.000Z"])]
    event: Annotated[str, Meta(description="What happened.", examples=["password_changed"])]
    by: Annotated[
        Literal["user", "operator"],
        Meta(description="`operator` for what was done on the command line of whoever runs the service."),
    ]
    network: Annotated[
        str | UnsetType, Meta(description="The /24 or /48 it came from, where known.", examples=["203.0.113.0/24"])
    ] = UNSET
    detail: Annotated[str | UnsetType, Meta(description="More about it, where there is more.")] = UNSET


class ActivityResponse(Struct, frozen=True):
    """What happened, newest first."""

    success: bool
    events: list[ActivityEvent]


class ActivityApi:
    """Turns requests into calls of the flow, and what it returns into answers."""

    def __init__(self, flow: ActivityFlow) -> None:
        self._flow = flow

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The feature's routes."""
        return (
            Endpoint(
                method="GET",
                path="/api/auth/activity",
                handler=self.show,
                summary="What happened to your account",
                tag="Account",
                description=(
                    f"Newest first: the last {MOST_DAYS_SHOWN} days, or `AUDIT_DAYS` if that is less, and "
                    f"{MOST_SHOWN} events at most. Logins and logouts are among them only with `AUDIT_LOGINS`."
                ),
                reply=ActivityResponse,
                example={
                    "success": True,
                    "events": [
                        {
                            "at": "2030-01-31T12:00:00.000Z",
                            "event": "password_changed",
                            "by": "user",
                            "network": "203.0.113.0/24",
                        }
                    ],
                },
                access=Access.SESSION,
            ),
        )

    async def show(self, call: Call) -> Reply:
        """200 with the events."""
        entries = await self._flow.of(call.session.record.id)
        return json_reply(ActivityResponse(True, [activity_view(entry) for entry in entries]))


def activity_view(entry: AuditEntry) -> ActivityEvent:
    """An entry as its owner may see it."""
    return ActivityEvent(
        at=iso(entry.at_ms),
        event=entry.event,
        by=by(entry),
        network=UNSET if entry.network is None else entry.network,
        detail=UNSET if entry.detail is None else entry.detail,
    )
