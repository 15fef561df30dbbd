"""The body of a request that offers an upgrade was read as the next request.

uvicorn's faster parser stops behind a head with `Upgrade` and reads on as if a new request began, though nobody had
accepted the offer. A body that did not come in one piece with its head was taken for a request of its own, with
whatever headers its sender had chosen. A proxy that passes `Upgrade` on, as is often set up for WebSockets, and goes
on using the connection would have checked none of them: `X-Forwarded-For` with an address for each login, and so no
limit. (nginx and HAProxy close a connection whose request was answered before they had sent its body.) Such a request
is refused now when it has a body, and is the last of its connection when it has none.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from tests.attack.wire import END, HOST, UNLIMITED, connect, read_all, statuses
from tests.support.ports import free_port, running_service

HIDDEN = b"GET /hidden HTTP/1.1\r\n" + HOST + b"X-Forwarded-For: 198.51.100.1\r\nConnection: close\r\n" + END
LENGTH = b"Content-Length: %d\r\n" % len(HIDDEN)
CHUNKED = b"Transfer-Encoding: chunked\r\n"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a service behind a proxy on this machine."""
    number = free_port()
    with running_service(number, tmp_path_factory.mktemp("server"), TRUSTED_PROXIES="127.0.0.1", **UNLIMITED):
        yield number


def told(port: int, head: bytes) -> list[int]:
    """The status of each answer to a head, and to what is sent once that has been answered."""
    with connect(port) as connection:
        connection.sendall(head)
        received = connection.recv(65536)
        try:
            connection.sendall(HIDDEN)
            connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        return statuses(received + read_all(connection))


@pytest.mark.parametrize("protocol", [b"h2c", b"websocket", b"anything"])
@pytest.mark.parametrize("length", [LENGTH, CHUNKED])
@pytest.mark.parametrize("path", [b"/api/auth/logout", b"/api/auth/login", b"/nothing"])
def test_a_body_is_no_request(port: int, path: bytes, length: bytes, protocol: bytes) -> None:
    """A request with a body that offers an upgrade is refused, and its body is not answered."""
    offer = b"Connection: Upgrade\r\nUpgrade: " + protocol + END

    assert told(port, b"POST " + path + b" HTTP/1.1\r\n" + HOST + offer + length + END) == [400]


@pytest.mark.parametrize("length", [b"", b"Content-Length: 0\r\n"])
def test_without_a_body_the_offer_is_ignored(port: int, length: bytes) -> None:
    """A request without a body is answered as if nothing had been offered, and nothing is read behind it."""
    offer = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"

    assert told(port, b"POST /api/auth/logout HTTP/1.1\r\n" + HOST + offer + length + END) == [200]


def test_nobody_is_connected_elsewhere(port: int) -> None:
    """CONNECT, behind which the parser stops as well, is refused."""
    assert told(port, b"CONNECT /healthz HTTP/1.1\r\n" + HOST + END) == [400]
