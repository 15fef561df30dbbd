"""The least that an application can do: an endpoint that answers nothing, in Starlette and without it."""

from __future__ import annotations

from functools import partial

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from wicketgate.cli.patience import Bounds, Patience
from wicketgate.cli.protocol import BoundedProtocol

protocol = partial(BoundedProtocol, patience=Patience(Bounds()))
"""The protocol of `wicketgate serve`."""


async def nothing(_: Request) -> Response:
    """200 and an empty object."""
    return JSONResponse({})


async def silence(_: Request) -> Response:
    """200 and no body."""
    return Response()


app = Starlette(routes=[Route("/api/profile", nothing)])
silent = Starlette(routes=[Route("/api/profile", silence)])


async def bare(scope: Scope, _: Receive, send: Send) -> None:
    """The same without a framework."""
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})
