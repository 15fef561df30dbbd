"""What is worth telling whoever watches: sign-ups, logins, logouts, limits hit, passwords and addresses changed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple


class SecurityEvent(NamedTuple):
    """One thing that happened to an account. Holds no address, password, token or cookie.

    `source` is the client's address as the limits see it; `user_id` is None where no user is known. `by_operator`
    says that it was done on the command line, by whoever runs the service.
    """

    name: str
    user_id: str | None = None
    source: str | None = None
    detail: str | None = None
    by_operator: bool = False


Observer = Callable[[SecurityEvent], Awaitable[None]]
"""Is told of every event, after it took effect. Raises nothing: telling undoes nothing."""

Note = Callable[[str, str, str], None]
"""Is told of an event, a message and a level, for the log."""


class Observers:
    """Several observers as one, told in their order."""

    def __init__(self, *observers: Observer, note: Note) -> None:
        self._observers = observers
        self._note = note

    async def __call__(self, event: SecurityEvent) -> None:
        """Tells them all. One that breaks its promise is noted in the log and nothing more."""
        for observer in self._observers:
            try:
                await observer(event)
            except Exception as error:
                self._note("observer_failed", f"{event.name} of {event.user_id}: {type(error).__name__}", "error")
