"""What the settings ask to be looked at."""

from __future__ import annotations

from wicketgate.core.clock import Clock
from wicketgate.core.ports import Breaches, CommonPasswords
from wicketgate.guesses.breaches import Note, RangeService
from wicketgate.guesses.common import ShippedList
from wicketgate.settings import Settings


def common(settings: Settings) -> CommonPasswords | None:
    """The passwords that are tried first, None when they may be chosen."""
    return ShippedList() if settings.password_refuse_common else None


def breaches(settings: Settings, clock: Clock, note: Note) -> Breaches | None:
    """Who knows of breaches, None when nobody is asked. `note` is told of one who does not answer."""
    return RangeService(settings.password_breach_url, clock, note) if settings.password_breach_check else None
