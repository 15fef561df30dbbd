"""What is tried again, how often and when."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from aiodynamo.models import DecorelatedJitterRetry, RetryTimeout

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


@dataclass(frozen=True)
class FewAttempts(DecorelatedJitterRetry):
    """A few attempts with growing, random pauses between them, so that those who failed together part ways."""

    base_delay_secs: float = 0.035
    max_delay_secs: float = 0.4
    most: int = 3

    def attempts(self) -> AsyncIterable[None]:
        """Grants each attempt, pausing before all but the first. Raises RetryTimeout after the last."""
        return _Attempts(self.most, iter(self.delays()))


class _Attempts:
    """Not a generator: aiodynamo leaves its loop half-way, and a generator then costs a task to clean up."""

    __slots__ = ("_left", "_paused", "_pauses")

    def __init__(self, most: int, pauses: Iterator[float]) -> None:
        self._left = most
        self._pauses = pauses
        self._paused = True

    def __aiter__(self) -> _Attempts:
        return self

    async def __anext__(self) -> None:
        if self._left == 0:
            raise RetryTimeout
        self._left -= 1
        if not self._paused:
            await asyncio.sleep(next(self._pauses))
        self._paused = False
