"""Head and body of an answer leave together."""

from __future__ import annotations

import asyncio
from typing import cast

from wicketgate.cli.sending import Gathering


class Wire:
    """A transport that remembers."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.closed = False

    def write(self, data: bytes) -> None:
        """Keeps what was sent."""
        assert not self.closed
        self.sent.append(data)

    def close(self) -> None:
        """Remembers that it was closed."""
        self.closed = True

    def is_closing(self) -> bool:
        """Whether it was closed."""
        return self.closed


def gathering(wire: Wire) -> Gathering:
    """The transport in front of the wire."""
    return Gathering(cast(asyncio.Transport, wire))


async def test_what_is_written_in_one_turn_is_sent_at_once() -> None:
    """Two writes become one, and a write of the next turn another."""
    wire = Wire()
    transport = gathering(wire)

    transport.write(b"head ")
    transport.write(b"body")
    await asyncio.sleep(0)
    transport.write(b"next")
    await asyncio.sleep(0)

    assert wire.sent == [b"head body", b"next"]


async def test_closing_sends_first() -> None:
    """What was written before a close is sent, and once."""
    wire = Wire()
    transport = gathering(wire)

    transport.write(b"last words")
    transport.close()
    await asyncio.sleep(0)

    assert (wire.sent, wire.closed) == ([b"last words"], True)


async def test_nothing_is_sent_to_who_has_gone() -> None:
    """A connection that was lost before the end of the turn is left alone."""
    wire = Wire()
    transport = gathering(wire)

    transport.write(b"too late")
    wire.close()
    await asyncio.sleep(0)

    assert wire.sent == []


async def test_the_rest_is_the_transports_own() -> None:
    """What is not about sending is asked of the transport."""
    wire = Wire()

    assert gathering(wire).is_closing() is wire.closed
