"""How `wicketgate serve` differs from uvicorn: head and body of an answer leave together, and heads have a limit.

uvicorn writes one and then the other, and uvloop hands each to the kernel at once: a packet and a wake-up more for
every answer, a sixth of what the server itself takes (bench/README.md).
"""

from __future__ import annotations

import asyncio
from typing import Any, Final, cast

from uvicorn.protocols.http.auto import AutoHTTPProtocol

LARGEST_HEAD: Final = 16_384
"""The most bytes that a request may have before its body; Node allows as many."""

_ERROR: Final = b'{"success":false,"error":"The request headers are too large"}'
_TOO_LARGE: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-type: application/json\r\ncontent-length: %d\r\ncache-control: no-store\r\n"
    b"x-content-type-options: nosniff\r\nconnection: close\r\n\r\n%s" % (len(_ERROR), _ERROR)
)


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


class HeadTooLarge(Exception):
    """The head of a request is longer than we read."""


class _Nowhere(list[tuple[bytes, bytes]]):
    """Where trailers go. RFC 9110, 6.5.1: they must not be read as headers, which a proxy in front has checked."""

    def append(self, header: tuple[bytes, bytes]) -> None:
        """Forgets the header."""


_NOWHERE: Final = _Nowhere()


class GatheringProtocol(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
    """uvicorn's own, on such a transport, and with an end for heads and trailers, which its faster parser has not.

    Without one whoever sends a header that never ends would fill the memory, one connection at a time.
    """

    _received = 0
    """Bytes since a head began, or since the last of a body came, and what came with its beginning."""

    _uncertain = 0
    """How many of them may have come before it began."""

    _moved = False
    """Whether a head has ended, or some of a body come, in what is being read."""

    _refused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begins a connection."""
        super().connection_made(cast(asyncio.Transport, Gathering(cast(asyncio.Transport, transport))))

    def data_received(self, data: bytes) -> None:
        """Reads on, and gives up what is too large before it has ended."""
        before = self.scope
        self._received += len(data)
        self._moved = False
        super().data_received(data)
        if self._moved and self.headers is _NOWHERE:
            self._received = self._uncertain = 0
            return
        if self.scope is not before:
            self._received = len(data)
            self._uncertain = len(data) - self._measured()
        if self._received - self._uncertain > LARGEST_HEAD and not self.transport.is_closing():
            self._give_up()

    def on_headers_complete(self) -> None:
        """Goes on with a request whose head has ended. Raises HeadTooLarge, which ends up in `send_400_response`."""
        if self._received > LARGEST_HEAD and self._measured() > LARGEST_HEAD:
            self._refused = True
            raise HeadTooLarge
        super().on_headers_complete()
        self.headers = _NOWHERE
        self._moved = True

    def on_body(self, body: bytes) -> None:
        """Goes on with a body."""
        self._moved = True
        super().on_body(body)

    def send_400_response(self, msg: str) -> None:
        """Says what is wrong with a request that could not be read."""
        if self._refused:
            self._give_up()
        else:
            super().send_400_response(msg)

    def _measured(self) -> int:
        lines = sum(len(name) + len(value) for name, value in self.headers)
        return len(self.url) + lines + 4 * len(self.headers)

    def _give_up(self) -> None:
        """Closes the connection, after 431 unless another answer is on its way, which that would be taken for."""
        answering = self.cycle is not None and not self.cycle.response_complete
        if not answering and self.headers is not _NOWHERE:
            self.transport.write(_TOO_LARGE)
        self.transport.close()
