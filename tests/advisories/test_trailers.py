"""Trailers are no headers.

What follows a body in chunks may hold fields (RFC 9110, 6.5). uvicorn's faster parser appends them to the headers of
the request, and since the application begins only after all that has arrived was parsed, it read them as such.
Behind a proxy that checks headers and passes trailers on, a client could have sent `X-Forwarded-For` there: an
address of its choice for every attempt, and so no limit on logins; or an `Authorization` or `Sec-Fetch-Site` that the
proxy had taken away. They are dropped now, and a connection that sends no end of them is closed.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support.ports import free_port, running_service
from tests.support.wire import Answer, exchange

BODY = b'{"email":"ada@example.com","password":"wrong one"}'


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """The port of a service behind a proxy on this machine."""
    number = free_port()
    with running_service(number, tmp_path, TRUSTED_PROXIES="127.0.0.1"):
        yield number


def head(path: bytes, *headers: bytes) -> bytes:
    """The head of a request with a body in chunks, as the proxy writes it."""
    lines = (b"Host: service.example", b"Content-Type: application/json", b"Transfer-Encoding: chunked", *headers)
    return b"POST " + path + b" HTTP/1.1\r\n" + b"\r\n".join(lines) + b"\r\n\r\n"


def sent(port: int, path: bytes, trailer: bytes, *headers: bytes) -> Answer:
    """The answer to a request with a trailer, all of which arrives at once."""
    chunks = b"%x\r\n%s\r\n0\r\n" % (len(BODY), BODY)
    return exchange(port, head(path, b"Connection: close", *headers) + chunks + trailer + b"\r\n\r\n")


def test_a_trailer_does_not_move_the_client(port: int) -> None:
    """Six logins of one client are six, whatever addresses the client writes behind the body."""
    answers = [
        sent(
            port,
            b"/api/auth/login",
            b"X-Forwarded-For: 198.51.100.%d" % number,
            b"X-Forwarded-For: 203.0.113.7",
        )
        for number in range(6)
    ]

    assert [answer.status for answer in answers] == [401] * 5 + [429]


def test_a_trailer_does_not_say_where_a_request_comes_from(port: int) -> None:
    """A cross-site request stays one; only the head says from where it comes."""
    answer = sent(port, b"/api/auth/login", b"Sec-Fetch-Site: same-origin", b"Origin: https://evil.example")

    assert answer.status == 403


def test_trailers_have_an_end(port: int) -> None:
    """A trailer that never ends is not kept: the connection is closed."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(head(b"/api/auth/login") + b"0\r\nX-Endless: ")
        connection.settimeout(0.01)
        sent = 0
        while sent < 1_000_000 and not closed(connection):
            with suppress(OSError):
                sent += connection.send(b"x" * 1_000)

    assert sent < 1_000_000


def closed(connection: socket.socket) -> bool:
    """Whether the server has closed. An answer, which it may give before the end of the trailer, is read."""
    try:
        return connection.recv(65536) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


def test_a_trailer_that_means_nothing_does_no_harm(port: int) -> None:
    """A request with a checksum behind its body is answered like one without."""
    assert sent(port, b"/api/auth/login", b"Digest: sha-256=x").status == 401
