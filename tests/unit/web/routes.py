"""Routes for tests of the HTTP kit."""

from __future__ import annotations

from typing import Any

from wicketgate.web.endpoint import Call, Endpoint
from wicketgate.web.http import Reply, json_reply
from wicketgate.web.views import StatusResponse


async def well(call: Call) -> Reply:
    """200, saying whom it was called by."""
    return json_reply(StatusResponse(call.maybe_session.record.id if call.maybe_session else "nobody"))


def route(method: str, path: str, **more: Any) -> Endpoint:
    """An endpoint of which nothing else matters."""
    given: dict[str, Any] = {
        "handler": well,
        "summary": "A summary",
        "tag": "Tests",
        "reply": StatusResponse,
        "example": {"status": "ok"},
    }
    return Endpoint(method=method, path=path, **{**given, **more})
