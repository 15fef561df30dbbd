"""What watching can lay around the service's parts. Nothing is laid around anything while nobody watches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from starlette.types import ASGIApp

from wicketgate.core.ports import PasswordHasher, Store
from wicketgate.logs import Write

Around = Callable[[str], AbstractContextManager[object]]
"""What goes around one call, by the name of its operation."""

CountUnits = Callable[[str, str, float], None]
"""Is told of what a call to DynamoDB consumed: `read` or `write`, the action, and how many units."""


class Watch(Protocol):
    """One way to watch."""

    def count_units(self) -> CountUnits | None:
        """Who wants to know of consumed units, if anybody."""
        ...

    def over_log(self, write: Write) -> Write:
        """The log's writer, watched."""
        ...

    def over_store(self, store: Store) -> Store:
        """The store, watched."""
        ...

    def over_hasher(self, hasher: PasswordHasher, threads: int) -> PasswordHasher:
        """The hasher, which does so many hashes at once, watched."""
        ...

    def over_app(self, app: ASGIApp) -> ASGIApp:
        """The whole service, watched."""
        ...


class Watches:
    """Several ways to watch, one around the other. Of none, each part comes back as it is."""

    def __init__(self, *watches: Watch) -> None:
        self._watches: Sequence[Watch] = watches

    def count_units(self) -> CountUnits | None:
        """Who wants to know of consumed units: the first who does."""
        return next(filter(None, (watch.count_units() for watch in self._watches)), None)

    def over_log(self, write: Write) -> Write:
        """The log's writer, watched by each."""
        for watch in self._watches:
            write = watch.over_log(write)
        return write

    def over_store(self, store: Store) -> Store:
        """The store, watched by each."""
        for watch in self._watches:
            store = watch.over_store(store)
        return store

    def over_hasher(self, hasher: PasswordHasher, threads: int) -> PasswordHasher:
        """The hasher, watched by each."""
        for watch in self._watches:
            hasher = watch.over_hasher(hasher, threads)
        return hasher

    def over_app(self, app: ASGIApp) -> ASGIApp:
        """The whole service, watched by each."""
        for watch in self._watches:
            app = watch.over_app(app)
        return app
