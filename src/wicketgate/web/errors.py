"""The one table from kinds of error to answers."""

from __future__ import annotations

from msgspec import UNSET

from wicketgate.core.errors import (
    AccessDenied,
    InvalidCredentials,
    InvalidInput,
    NotAuthenticated,
    NotVerified,
    StoreMisconfigured,
    TooManyRequests,
    Unavailable,
    WicketgateError,
)
from wicketgate.core.limits import retry_after_seconds
from wicketgate.web.http import Header, Reply, json_reply
from wicketgate.web.views import ErrorResponse


class NotFound(WicketgateError):
    """No route has this path."""


class MethodNotAllowed(WicketgateError):
    """The path has no such method; `allowed` are those it has."""

    def __init__(self, allowed: str) -> None:
        super().__init__(allowed)
        self.allowed = allowed


class BodyTooLarge(WicketgateError):
    """The body is longer than we read."""


class UnsupportedMediaType(WicketgateError):
    """The body is not JSON, or does not say so."""


STATUSES: dict[type[BaseException], tuple[int, str]] = {
    InvalidInput: (400, ""),
    InvalidCredentials: (401, "Invalid credentials"),
    NotAuthenticated: (401, "Authentication required"),
    NotVerified: (403, "Please confirm your email address first; we have sent you a new link"),
    AccessDenied: (403, "Access denied"),
    NotFound: (404, "Not found"),
    MethodNotAllowed: (405, "Method not allowed"),
    BodyTooLarge: (413, "The request body is too large"),
    UnsupportedMediaType: (415, "The request body must be application/json"),
    TooManyRequests: (429, "Too many requests, please try again later"),
    Unavailable: (503, "An error occurred, please try again"),
    StoreMisconfigured: (503, "An error occurred, please try again"),
}
_FAULT = (500, "An error occurred, please try again")


def reply_to(error: BaseException) -> Reply:
    """The answer to an error. A kind that is not in the table is a fault of ours and tells nothing."""
    status, text = next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), _FAULT)
    if isinstance(error, InvalidInput):
        return json_reply(_problems(error), status)
    return json_reply(ErrorResponse(error=text), status, _headers(error))


def _problems(error: InvalidInput) -> ErrorResponse:
    first = error.problems[0]
    by_field = dict(error.by_field)
    return ErrorResponse(error=first.message, field=first.field or UNSET, errors=by_field or UNSET)


def _headers(error: BaseException) -> tuple[Header, ...]:
    if isinstance(error, NotAuthenticated | InvalidCredentials):
        # RFC 9110, 15.5.2: a 401 names the scheme. Browsers know no dialogue for Bearer, so none opens.
        return ((b"www-authenticate", b"Bearer"),)
    if isinstance(error, MethodNotAllowed):
        return ((b"allow", error.allowed.encode()),)
    if isinstance(error, TooManyRequests):
        return ((b"retry-after", str(retry_after_seconds(error.retry_after_ms)).encode()),)
    if isinstance(error, Unavailable):
        return ((b"retry-after", str(error.retry_after).encode()),)
    if isinstance(error, StoreMisconfigured):
        return ((b"retry-after", b"5"),)
    return ()
