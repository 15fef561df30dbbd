"""What is tried again, how often and when."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any, Final

ATTEMPTS: Final = 3
_SHORTEST: Final = 0.035
_LONGEST: Final = 0.4
"""Seconds."""

_CHANCE: Final = random.Random()  # noqa: S311  # nothing secret
"""Not the common one, which an application may have seeded alike in all its processes, or use in another thread."""

_STATUSES: Final = frozenset({408, 429, 500, 502, 503, 504})
_ERRORS: Final = frozenset(
    {
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ThrottlingException",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)
_REASONS: Final = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})


def passing(status: int, body: bytes) -> bool:
    """Whether an answer is a fault that may be gone at the next attempt.

    A transaction that was cancelled for a conflict is tried again only if no condition failed in it: a failed
    condition is an answer.
    """
    if status in _STATUSES:
        return True
    said = _parsed(body)
    kind = error_kind(said)
    if kind != "TransactionCanceledException":
        return kind in _ERRORS
    codes = {reason.get("Code") for reason in said.get("CancellationReasons", ())}
    return bool(codes & _REASONS) and "ConditionalCheckFailed" not in codes


def summary(status: int, body: bytes) -> str:
    """An error answer in one line, for the log."""
    said = _parsed(body)
    message = said.get("message") or said.get("Message") or ""
    return " ".join(f"{status} {error_kind(said)} {message}"[:300].split())


def error_kind(said: dict[str, Any]) -> str:
    """The error's name without the namespace in front of it."""
    return str(said.get("__type", "")).rpartition("#")[2]


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def pauses() -> Iterator[float]:
    """The pauses before the second attempt and the last: growing, and random so that those who failed part ways."""
    pause = _SHORTEST
    for _ in range(ATTEMPTS - 1):
        pause = min(_LONGEST, _CHANCE.uniform(_SHORTEST, pause * 3))
        yield pause
