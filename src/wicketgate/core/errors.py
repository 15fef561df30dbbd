"""The one tree of errors. The web layer turns each kind into a status in one table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class WicketgateError(Exception):
    """Every error this package raises on purpose."""


class Problem(NamedTuple):
    """What is wrong with the input, in words for the person who typed it; `field` is None for the whole."""

    message: str
    field: str | None = None


class InvalidInput(WicketgateError):
    """The input breaks a rule. Carries every problem found, in the order of the fields."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(problems[0].message)
        self.problems = problems

    @property
    def by_field(self) -> Mapping[str, str]:
        """The first message of each field that has a problem."""
        found: dict[str, str] = {}
        for problem in self.problems:
            if problem.field is not None:
                found.setdefault(problem.field, problem.message)
        return found


class InvalidCredentials(WicketgateError):
    """Wrong email or wrong password; nobody learns which."""


class NotVerified(WicketgateError):
    """The right password, before the address has been confirmed."""


class NotAuthenticated(WicketgateError):
    """No token, or one that is malformed, forged, expired or dead."""


class AccessDenied(WicketgateError):
    """Cross-site, without a CSRF token, or over plain http in production."""


class TooManyRequests(WicketgateError):
    """A limit is spent. `retry_after_ms` is how long until the next attempt would be looked at."""

    def __init__(self, limit: str, retry_after_ms: int) -> None:
        super().__init__(limit)
        self.limit = limit
        self.retry_after_ms = retry_after_ms


class Unavailable(WicketgateError):
    """Something we depend on is out of reach or full. `retry_after` is in whole seconds."""

    def __init__(self, what: str, retry_after: int = 1) -> None:
        super().__init__(what)
        self.retry_after = retry_after


class StoreUnavailable(Unavailable):
    """The store did not answer in time, or refused for lack of capacity."""


class HashingBusy(Unavailable):
    """The queue in front of password hashing is full."""


class StoreMisconfigured(WicketgateError):
    """The store exists but is not laid out as this version needs, or may not be used with these credentials."""


class ClaimTaken(WicketgateError):
    """A claim already leads to a user, so it cannot lead to another."""


class Stale(WicketgateError):
    """The user changed between reading and writing; read again and decide again."""


class MailRefused(WicketgateError):
    """A mail could not be handed on now."""


class GivenUp(WicketgateError):
    """What a job was to do will never be possible, so nobody tries again."""


class WebhookRefused(WicketgateError):
    """Whoever is told of events did not take one now."""


class MailRejected(GivenUp):
    """A mail will never be handed on: the server says that there is no such address, or wants no mail from us."""


class ConfigurationError(WicketgateError):
    """A setting is missing or makes no sense; the message says which and what to do, in one line."""
