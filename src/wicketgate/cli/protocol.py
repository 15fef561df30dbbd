"""How `wicketgate serve` differs from uvicorn below the application: everything that a client sends has an end.

uvicorn's faster parser keeps whatever headers arrive, reads trailers as headers, and reads on behind an upgrade that
nobody accepted; and uvicorn waits for all of it as long as it takes. docs/attack.md holds what is done about each.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Any, Final, cast

import httptools
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from wicketgate.cli.patience import Patience, Stage
from wicketgate.cli.refusals import TOO_LARGE, TOO_SLOW, UNREADABLE, Refused, refuse_disputed, refuse_upgrade
from wicketgate.cli.sending import Gathering

LARGEST_HEAD: Final = 16_384
"""The most bytes that a request may have before its body; Node allows as many."""

MOST_HEADERS: Final = 200
"""The most headers of a request; Apache allows half as many. Each takes a multiple of its bytes in memory."""

MOST_WAITING: Final = 16
"""The most requests of one connection that wait for the one before them to be answered."""

MOST_UNREAD: Final = 262_144
"""The most bytes of a body that are thrown away once the answer has been given."""

MOST_UNSENT: Final = 262_144
"""The most bytes of answers that the kernel keeps for a client; left alone it takes 4 MB from who reads nothing."""


class _Nowhere(list[tuple[bytes, bytes]]):
    """Where trailers go. RFC 9110, 6.5.1: they must not be read as headers, which a proxy in front has checked."""

    def append(self, header: tuple[bytes, bytes]) -> None:
        """Forgets the header."""


_NOWHERE: Final = _Nowhere()


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's own, with bounds, and on a transport that sends head and body together."""

    _received = 0
    """Bytes since a head began, or since the last of a body came, and what came with its beginning."""

    _uncertain = 0
    """How many of them may have come before it began."""

    _moved = False
    """Whether a head has ended, or some of a body come, in what is being read."""

    _unread = 0
    """Bytes of a body that came after its answer."""

    _deaf = False
    """Whether what comes from now on is not read, as the connection ends."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        patience: Patience,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._patience = patience

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begins a connection."""
        super().connection_made(cast(asyncio.Transport, Gathering(cast(asyncio.Transport, transport))))
        wire = transport.get_extra_info("socket")
        if wire is not None:
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, MOST_UNSENT)
        self._patience.arrived(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Ends a connection."""
        self._patience.left(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Reads on, and gives up what is too large before it has ended."""
        if self._deaf:
            return
        before = self.scope
        self._received += len(data)
        self._moved = False
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._deaf = True  # on_headers_complete saw to the rest
        except httptools.HttpParserError as error:
            reason = error.__context__
            self._end(reason.answer if isinstance(reason, Refused) else UNREADABLE)
            return
        self._measure(before, len(data))

    def eof_received(self) -> bool:  # type: ignore[override]  # asyncio allows it; uvicorn closes whatever is under way
        """Answers what was asked before the client said that it sends no more; a part of a request was not.

        Returns whether the connection stays open until then.
        """
        self._deaf = True
        cycle = self.cycle
        if cycle is None or cycle.response_complete or (cycle.more_body and not self.pipeline):
            self.transport.close()
            return False
        cycle.keep_alive = False
        return True

    def on_header(self, name: bytes, value: bytes) -> None:
        """Takes one header of a head, or a trailer. Raises Refused, as the next two do, which ends up in `_end`."""
        name = name.lower()
        self.headers.append((name, value))
        if name == b"expect":
            self.expect_100_continue = value.lower() == b"100-continue"
        if len(self.headers) > MOST_HEADERS:
            raise Refused(TOO_LARGE)

    def on_headers_complete(self) -> None:
        """Goes on with a request whose head has ended."""
        if self._received > LARGEST_HEAD and self._measured() > LARGEST_HEAD:
            raise Refused(TOO_LARGE)
        refuse_disputed(self.url, self.parser.get_http_version(), self.headers)
        if len(self.pipeline) >= MOST_WAITING:
            raise Refused(b"")
        upgrade = self.parser.should_upgrade()
        if upgrade:
            refuse_upgrade(self.parser.get_method(), self.headers)
        super().on_headers_complete()
        if upgrade:
            self.cycle.keep_alive = False
        self.headers = _NOWHERE
        self._moved = True
        self._unread = 0

    def on_body(self, body: bytes) -> None:
        """Goes on with a body."""
        self._moved = True
        if self.cycle.response_complete:
            self._unread += len(body)
            if self._unread > MOST_UNREAD:
                raise Refused(b"")
        super().on_body(body)

    def on_response_complete(self) -> None:
        """Goes on with the next request. uvicorn sets a timer for each here; `Patience` needs none."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline and not (self._deaf and self.pipeline[-1][0].more_body):
            self._start_asgi_task(*self.pipeline.pop())
        elif self._deaf:
            self.transport.close()

    def point(self) -> tuple[object, Stage]:
        """Which request the connection has come to, and what it waits for."""
        if self.transport.get_write_buffer_size():
            return self.scope, Stage.ANSWER
        if self.headers is not _NOWHERE and not self._deaf:
            return self.scope, Stage.HEAD
        if self.cycle is None or self.cycle.response_complete:
            return self.scope, Stage.IDLE
        if self.pipeline or self._deaf:
            return self.scope, Stage.WORK  # Whatever is still to come of the last one, those before it are worked on.
        return self.scope, Stage.BODY if self.cycle.more_body else Stage.WORK

    def time_is_up(self, stage: Stage) -> None:
        """Ends the connection. Who has sent half a request is told why."""
        if stage is Stage.ANSWER:
            self.give_way()
        elif stage is Stage.IDLE or self.scope is None:
            self.transport.close()
        else:
            self._end(TOO_SLOW)

    def give_way(self) -> None:
        """Ends the connection at once, whatever was still to be sent."""
        self._deaf = True
        self.transport.abort()

    def _measure(self, before: object, length: int) -> None:
        if self._moved and self.headers is _NOWHERE:
            self._received = self._uncertain = 0
            return
        if self.scope is not before:
            self._received = length
            self._uncertain = length - self._measured()
        if self._received - self._uncertain > LARGEST_HEAD and not self.transport.is_closing():
            self._end(TOO_LARGE)

    def _measured(self) -> int:
        lines = sum(len(name) + len(value) for name, value in self.headers)
        return len(self.url) + lines + 4 * len(self.headers)

    def _end(self, answer: bytes) -> None:
        """Reads no more. Requests that came before are answered first, and not by this answer: it is not theirs."""
        self._deaf = True
        cycle = self.cycle
        if self.pipeline:
            return
        if self.headers is _NOWHERE:
            if not cycle.response_started:
                self.transport.write(answer)
        elif cycle is not None and not cycle.response_complete:
            cycle.keep_alive = False
            return
        else:
            self.transport.write(answer)
        self.transport.close()
