"""How a call ended, in one word."""

from __future__ import annotations

from asyncio import CancelledError

from wicketgate.core.errors import ClaimTaken, HashingBusy, Stale, StoreUnavailable

OK = "ok"
ANSWERS = frozenset({OK, "taken", "stale", "cancelled"})
"""Outcomes that are no fault of anybody's."""

_WORDS: tuple[tuple[type[BaseException], str], ...] = (
    (ClaimTaken, "taken"),
    (Stale, "stale"),
    (HashingBusy, "refused"),
    (StoreUnavailable, "unavailable"),
    (CancelledError, "cancelled"),
)


def outcome(error: BaseException | None) -> str:
    """`ok`, `taken`, `stale`, `refused`, `unavailable`, `cancelled` or, for whatever else was raised, `fault`."""
    if error is None:
        return OK
    return next((word for kind, word in _WORDS if isinstance(error, kind)), "fault")
