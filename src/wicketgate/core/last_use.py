"""Noting when something was last used: at most once an hour, and never at the cost of the request that uses it."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from wicketgate.core.clock import Clock
from wicketgate.core.errors import Stale, Unavailable
from wicketgate.core.ports import Background, Users
from wicketgate.core.users import Edit

EVERY: Final = 3600
"""Seconds between two notes of one thing's use."""

_PAUSE_MS: Final = 60_000
_MOST_REMEMBERED: Final = 10_000


class LastUse:
    """Writes notes in the background. Many who use one thing at once write one; one that fails is tried again later.

    A note says which value it replaces, so it brings nothing back that was ended or revoked meanwhile.
    """

    def __init__(self, users: Users, background: Background, clock: Clock) -> None:
        self._users = users
        self._background = background
        self._clock = clock
        self._tried: dict[str, int] = {}

    def due(self, used_at: int | None) -> bool:
        """Whether a use last noted at this second, None for never, is to be noted anew."""
        return used_at is None or self._clock() // 1000 - used_at >= EVERY

    def note(self, user_id: str, name: str, before: str | None, after: str) -> None:
        """Replaces the value of a user's private attribute, unless this process has tried to within a minute."""
        now = self._clock()
        if 0 <= now - self._tried.get(name, -_PAUSE_MS) < _PAUSE_MS:
            return
        if len(self._tried) >= _MOST_REMEMBERED:
            self._tried.clear()
        self._tried[name] = now
        self._background.begin(self._write(user_id, Edit(private={name: after}, expect={name: before})))

    async def _write(self, user_id: str, edit: Edit) -> None:
        with suppress(Stale, Unavailable):
            await self._users.edit(user_id, edit)
