"""How `wicketgate serve` sends: head and body of an answer leave together.

uvicorn writes one and then the other, and uvloop hands each to the kernel at once: a packet and a wake-up more for
every answer, a sixth of what the server itself takes (bench/README.md).
"""

from __future__ import annotations

import asyncio
from typing import Any


class Gathering:
    """A transport that sends what was written in one turn of the loop at the end of it."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._written: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Sends this, with what else is written before the loop comes round."""
        if not self._written:
            self._loop.call_soon(self._send)
        self._written.append(data)

    def close(self) -> None:
        """Closes the connection once everything has been sent."""
        self._send()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def _send(self) -> None:
        written, self._written = self._written, []
        if written and not self._transport.is_closing():
            self._transport.write(b"".join(written))
