"""A route with all that is known of it. Routing, checks and the OpenAPI document are made from these alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import msgspec

from wicketgate.core.errors import NotAuthenticated
from wicketgate.core.fields import Rules
from wicketgate.core.sessions import Authenticated
from wicketgate.core.visits import Visit
from wicketgate.web.http import Reply, Request


class Access(Enum):
    """Who may call."""

    PUBLIC = "anyone"
    SESSION = "a session"
    OPTIONAL_SESSION = "anyone; a session counts"
    API_TOKEN = "an API token"  # noqa: S105 - the name of a kind


@dataclass(frozen=True, slots=True)
class Call:
    """A request that passed every check. `source` is the client as the limits see it.

    `foreign` says that it comes from the page of another origin that may act here, which cannot read our cookies.
    """

    request: Request
    body: Any
    source: str
    maybe_session: Authenticated | None
    api_token: str
    foreign: bool = False

    @property
    def session(self) -> Authenticated:
        """The caller's session, on a route that asks for one."""
        if self.maybe_session is None:
            raise NotAuthenticated
        return self.maybe_session

    @property
    def visit(self) -> Visit:
        """Where the caller comes from, for a call that opens a session."""
        return Visit(self.source, self.request.header(b"user-agent") or "")


Handler = Callable[[Call], Awaitable[Reply]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One method on one path.

    `rules` clean each field of the body. `limited` says that 429 is among its answers, `refuses_credentials`
    that 401 is although anyone may call.
    """

    method: str
    path: str
    handler: Handler
    summary: str
    tag: str
    reply: type[msgspec.Struct]
    example: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200
    body: type[msgspec.Struct] | None = None
    rules: Rules = field(default_factory=dict)
    body_example: Mapping[str, Any] = field(default_factory=dict)
    access: Access = Access.PUBLIC
    limited: bool = False
    sets_cookies: bool = False
    refuses_credentials: bool = False
    description: str = ""

    @property
    def unsafe(self) -> bool:
        """Whether a call may change something (RFC 9110, 9.2.1)."""
        return self.method not in ("GET", "HEAD")


def unlisted(path: str, handler: Handler) -> Endpoint:
    """A GET for people and browsers, which is no part of the API and of its document."""
    return Endpoint(method="GET", path=path, handler=handler, summary="", tag="", reply=msgspec.Struct)
