"""A hasher whose calls are watched."""

from __future__ import annotations

from wicketgate.core.ports import PasswordHasher
from wicketgate.watching.watch import Around


class WatchedHasher:
    """Another hasher, with something around each call that hashes."""

    def __init__(self, hasher: PasswordHasher, around: Around) -> None:
        self._hasher = hasher
        self._around = around

    async def hash(self, password: str) -> str:
        """A new hash at today's cost."""
        with self._around("hash"):
            return await self._hasher.hash(password)

    async def verify(self, password: str, stored: str | None) -> bool:
        """Whether the password made the hash."""
        with self._around("verify"):
            return await self._hasher.verify(password, stored)

    def outdated(self, stored: str) -> bool:
        """Whether a hash is weaker than one made today."""
        return self._hasher.outdated(stored)
