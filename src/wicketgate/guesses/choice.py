"""What the settings ask to be looked at."""

from __future__ import annotations

from collections.abc import Callable

from wicketgate.core.clock import Clock
from wicketgate.core.ports import Breaches, CommonPasswords
from wicketgate.guesses.common import ShippedList
from wicketgate.settings import Settings


def common(settings: Settings) -> CommonPasswords | None:
    """The passwords that are tried first, None when they may be chosen."""
    return ShippedList() if settings.password_refuse_common else None


def breaches(settings: Settings, clock: Clock, note: Callable[[str, str, str], None]) -> Breaches | None:
    """Who knows of breaches, None when nobody is asked. `note` is told of one who does not answer."""
    if not settings.password_breach_check:
        return None
    from wicketgate.guesses.breaches import RangeService  # a millisecond that a start without it never spends

    return RangeService(settings.password_breach_url, clock, note)
