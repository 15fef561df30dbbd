"""A transport without a network."""

from __future__ import annotations

import asyncio


class Wire(asyncio.Transport):
    """A transport without a network."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = b""
        self.closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Keeps what was sent."""
        self.sent += bytes(data)

    def close(self) -> None:
        """Remembers that it was closed."""
        self.closed = True

    def is_closing(self) -> bool:
        """Whether it was closed."""
        return self.closed

    def pause_reading(self) -> None:
        """Nothing to pause."""

    def resume_reading(self) -> None:
        """Nothing to go on with."""

    def abort(self) -> None:
        """Remembers that it was closed."""
        self.closed = True

    def get_write_buffer_size(self) -> int:
        """Nothing waits to be sent."""
        return 0
