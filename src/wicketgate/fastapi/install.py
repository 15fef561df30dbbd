"""Joins the service and an application: lifespan, errors, documentation and, with `install`, the routes."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast

from fastapi import FastAPI
from starlette.types import Lifespan

from wicketgate.app import Wicketgate
from wicketgate.core.errors import ConfigurationError, WicketgateError
from wicketgate.fastapi.documents import Part, extend
from wicketgate.fastapi.entrance import Entrance
from wicketgate.web.endpoint import Endpoint


def install(app: FastAPI, gate: Wicketgate | None = None) -> Wicketgate:
    """Adds the service's routes to the application and lets its own routes be protected. Returns the service.

    Without a service it is the one that the environment describes. A path that the application has by now stays
    the application's. Raises ConfigurationError when the settings do not do, when the application has a service
    already, or when it has begun to serve.
    """
    gate = gate or Wicketgate()
    _join(app, gate, gate.endpoints)
    for path in dict.fromkeys(endpoint.path for endpoint in gate.endpoints):
        app.add_route(path, cast(Any, gate), name=f"wicketgate {path}", include_in_schema=False)
    return gate


def protect(app: FastAPI, gate: Wicketgate | None = None) -> Wicketgate:
    """Lets the application's routes be protected without adding any, as for one that lies beside the service:

    a second application in the process, the service mounted below a path, or another process on the same
    database with the same secrets. Returns the service. Raises as `install` does.
    """
    gate = gate or Wicketgate()
    _join(app, gate, ())
    return gate


def _join(app: FastAPI, gate: Wicketgate, endpoints: Sequence[Endpoint]) -> None:
    if hasattr(app.state, "wicketgate"):
        raise ConfigurationError("this application has a Wicketgate already")
    if app.middleware_stack is not None:
        raise ConfigurationError("this application has begun to serve; join it with Wicketgate where it is made")
    entrance = Entrance(gate)
    app.state.wicketgate = entrance
    app.exception_handlers.setdefault(WicketgateError, cast(Any, entrance.refuse))
    app.router.lifespan_context = _within(gate, app.router.lifespan_context)
    extend(app, Part(endpoints, gate.cookies))


def _within(gate: Wicketgate, own: Lifespan[Any]) -> Lifespan[Any]:
    """The application's lifespan inside the service's: it may use the service from its first line to its last."""

    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncGenerator[Any]:
        async with gate.lifespan(app), own(app) as state:
            yield state

    return lifespan
