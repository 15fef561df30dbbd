"""Something that a test holds up until it lets it go on."""

from __future__ import annotations

import asyncio


class Held:
    """An outcome for FaultyStore: whoever calls waits, and after `let_go` goes on as if nothing had been."""

    def __init__(self) -> None:
        self._open = asyncio.Event()

    async def __call__(self, method: str) -> None:
        await self._open.wait()

    def let_go(self) -> None:
        """Everybody goes on, and nobody waits any more."""
        self._open.set()
