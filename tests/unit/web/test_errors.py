"""The one table from kinds of error to answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.web.kit import sent
from wicketgate.core.errors import (
    AccessDenied,
    ClaimTaken,
    ConfigurationError,
    GivenUp,
    HashingBusy,
    InvalidCredentials,
    InvalidInput,
    MailRefused,
    MailRejected,
    NotAuthenticated,
    NotVerified,
    Problem,
    Stale,
    StoreMisconfigured,
    StoreUnavailable,
    TooManyRequests,
    Unavailable,
    WebhookRefused,
    WicketgateError,
)
from wicketgate.web.errors import (
    STATUSES,
    BodyTooLarge,
    MethodNotAllowed,
    NotFound,
    UnsupportedMediaType,
    reply_to,
)

REACHABLE = tuple(f"wicketgate.{part}" for part in ("core", "web", "stores", "crypto", "methods", "features"))
FAULT = "An error occurred, please try again"
# Kinds that the rules deal with themselves. One that comes this far is a fault of ours.
FAULTS = {WicketgateError, ClaimTaken, Stale, ConfigurationError, MailRefused, MailRejected, GivenUp, WebhookRefused}


def kinds(of: type[WicketgateError]) -> Iterator[type[WicketgateError]]:
    """This kind and all kinds of it that a request can meet."""
    if of.__module__.startswith(REACHABLE):
        yield of
        for kind in of.__subclasses__():
            yield from kinds(kind)


@pytest.mark.parametrize("kind", sorted(set(kinds(WicketgateError)), key=str))
def test_every_kind_has_an_answer(kind: type[WicketgateError]) -> None:
    """Each kind of error is in the table, by itself or as a kind of another, or is known to be a fault."""
    listed = any(parent in STATUSES for parent in kind.__mro__)

    assert listed != (kind in FAULTS)


@pytest.mark.parametrize(
    ("error", "status", "text", "header"),
    [
        (InvalidCredentials(), 401, "Invalid credentials", ("www-authenticate", "Bearer")),
        (NotAuthenticated(), 401, "Authentication required", ("www-authenticate", "Bearer")),
        (AccessDenied(), 403, "Access denied", None),
        (NotVerified(), 403, "Please confirm your email address first; we have sent you a new link", None),
        (NotFound(), 404, "Not found", None),
        (MethodNotAllowed("GET, HEAD"), 405, "Method not allowed", ("allow", "GET, HEAD")),
        (BodyTooLarge(), 413, "The request body is too large", None),
        (UnsupportedMediaType(), 415, "The request body must be application/json", None),
        (TooManyRequests("x", 1), 429, "Too many requests, please try again later", ("retry-after", "1")),
        (TooManyRequests("x", 60_001), 429, "Too many requests, please try again later", ("retry-after", "61")),
        (Unavailable("secret"), 503, FAULT, ("retry-after", "1")),
        (StoreUnavailable("secret"), 503, FAULT, ("retry-after", "1")),
        (HashingBusy("secret", retry_after=2), 503, FAULT, ("retry-after", "2")),
        (StoreMisconfigured("secret"), 503, FAULT, ("retry-after", "5")),
        (Stale("secret"), 500, FAULT, None),
        (ConfigurationError("secret"), 500, FAULT, None),
        (RuntimeError("secret"), 500, FAULT, None),
        (KeyError("secret"), 500, FAULT, None),
    ],
)
async def test_an_error_has_its_answer(
    error: Exception, status: int, text: str, header: tuple[str, str] | None
) -> None:
    """An error becomes its status, the text of its kind, at most one header of its own, and nothing it says."""
    answer = await sent(reply_to(error))

    assert (answer.status, answer.json) == (status, {"success": False, "error": text})
    extra = {name.decode(): value.decode() for name, value in answer.headers}
    assert {name: extra.pop(name) for name in ("content-type", "cache-control")} == {
        "content-type": "application/json",
        "cache-control": "no-store",
    }
    assert extra == {"content-length": str(len(answer.body)), **dict([header] if header else [])}


@pytest.mark.parametrize(
    ("problems", "body"),
    [
        ([Problem("All is wrong")], {"error": "All is wrong"}),
        (
            [Problem("Name is required", "name"), Problem("Email is odd", "email"), Problem("Again", "name")],
            {
                "error": "Name is required",
                "field": "name",
                "errors": {"name": "Name is required", "email": "Email is odd"},
            },
        ),
        ([Problem("All"), Problem("One", "name")], {"error": "All", "errors": {"name": "One"}}),
    ],
)
async def test_invalid_input_tells_every_problem(problems: list[Problem], body: dict[str, object]) -> None:
    """The first problem stands in front with its field, and every field's first in the map."""
    answer = await sent(reply_to(InvalidInput(*problems)))

    assert (answer.status, answer.json) == (400, {"success": False, **body})


def test_only_faults_and_outages_are_ours() -> None:
    """Nothing that a client does is answered with a status of 500 or more."""
    ours = {kind for kind, (status, _) in STATUSES.items() if status >= 500}

    assert ours == {Unavailable, StoreMisconfigured}
