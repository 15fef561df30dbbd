"""Whether we live, and whether we can work."""

from __future__ import annotations

from wicketgate.core.ports import Service
from wicketgate.web.endpoint import Call, Endpoint
from wicketgate.web.http import Reply, json_reply
from wicketgate.web.views import StatusResponse

PATHS = frozenset({"/healthz", "/readyz"})


class HealthApi:
    """The two questions that load balancers ask."""

    def __init__(self, store: Service) -> None:
        self._store = store

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The health checks' routes."""
        return (
            Endpoint(
                method="GET",
                path="/healthz",
                handler=self.alive,
                summary="Is the process alive?",
                tag="Health",
                reply=StatusResponse,
                example={"status": "ok"},
            ),
            Endpoint(
                method="GET",
                path="/readyz",
                handler=self.ready,
                summary="Does the store answer?",
                tag="Health",
                reply=StatusResponse,
                example={"status": "ok"},
            ),
        )

    async def alive(self, call: Call) -> Reply:
        """200 while the process can answer at all."""
        return json_reply(StatusResponse())

    async def ready(self, call: Call) -> Reply:
        """200 when the store answers; StoreUnavailable becomes 503."""
        await self._store.ping()
        return json_reply(StatusResponse())
