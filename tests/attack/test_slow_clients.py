"""Clients that take their time: none keeps a connection for good, and nobody else waits for them."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.attack.wire import (
    BODY,
    CHUNKED,
    END,
    GET,
    HOST,
    LENGTH,
    LOGIN,
    connect,
    hurried_service,
    read_all,
    served,
    statuses,
)

SECOND = 0.04
CLOSE_WAIT = "08"
ENDLESS = b"POST /nothing HTTP/1.1\r\n" + HOST + b"Content-Length: 1000000000\r\n" + END


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a service with short seconds."""
    with hurried_service(tmp_path_factory.mktemp("server"), SECOND) as number:
        yield number


def dripped(port: int, start: bytes, drop: bytes) -> list[int]:
    """What is answered to a start and then a drop at a time, until the server has had enough."""
    with connect(port) as connection:
        connection.sendall(start)
        over = threading.Event()
        drops = threading.Thread(target=_drip, args=(connection, drop, over))
        drops.start()
        try:
            return statuses(read_all(connection))
        finally:
            over.set()
            drops.join()


def _drip(connection: socket.socket, drop: bytes, over: threading.Event) -> None:
    with suppress(OSError):
        while not over.wait(SECOND / 2):
            connection.sendall(drop)


@pytest.mark.parametrize(
    ("start", "drop", "told"),
    [
        (b"G", b"", [408]),
        (GET + b"X-Slow: ", b"x", [408]),
        (GET, b"A: b\r\n", [408]),
        (GET + END + GET, b"A: b\r\n", [200, 408]),
        (LOGIN + b"Content-Length: 60000\r\n" + END, b" ", [408]),
        (LOGIN + CHUNKED + END, b"1\r\n \r\n", [408]),
        (LOGIN + LENGTH + END + BODY[:-1], b"", [408]),
        (LOGIN + CHUNKED + END + b"1\r\n{\r\n0\r\n", b"A: b\r\n", [408]),
        (b"", b"", []),
        (GET + END, b"", [200]),
        (ENDLESS, b"x", [404]),
    ],
)
def test_a_slow_request_is_not_waited_for(port: int, start: bytes, drop: bytes, told: list[int]) -> None:
    """Head or body, in drips or not at all: half a request is told why it ends, silence ends in silence."""
    assert dripped(port, start, drop) == told


def test_an_answer_that_nobody_takes_is_given_up(port: int) -> None:
    """Who asks for more than lies in the kernel and reads nothing loses the connection."""
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(10)
        connection.connect(("127.0.0.1", port))

        assert ended(connection, b"GET /openapi.json HTTP/1.1\r\n" + HOST + END)


def test_so_is_that_of_who_sends_no_more(port: int) -> None:
    """A client that has closed its side keeps the other one open no longer than others do."""
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", port))
        connection.sendall((b"GET /openapi.json HTTP/1.1\r\n" + HOST + END) * 12)
        connection.shutdown(socket.SHUT_WR)

        assert let_go(connection)


def let_go(connection: socket.socket) -> bool:
    """Whether the server closes its end of a connection whose other end was closed, as the kernel tells."""
    theirs, ours = f":{connection.getpeername()[1]:04X}", f":{connection.getsockname()[1]:04X}"
    pause = threading.Event()
    for look in range(1000):
        ends = [line.split()[1:4] for line in Path("/proc/net/tcp").read_text().splitlines()]
        if not any(a.endswith(theirs) and b.endswith(ours) and state == CLOSE_WAIT for a, b, state in ends):
            return look > 0
        pause.wait(0.01)
    return False


def ended(connection: socket.socket, more: bytes) -> bool:
    """Whether the server ends the connection of somebody who only sends, and sends on."""
    pause = threading.Event()
    try:
        for _ in range(1000):
            connection.sendall(more)
            pause.wait(0.01)
    except ConnectionError:
        return True
    return False


def test_others_are_served_meanwhile(port: int) -> None:
    """A hundred slow heads and as many slow bodies keep nobody from being answered."""
    slow = []
    try:
        for number in range(200):
            slow.append(connect(port))
            slow[-1].sendall(GET if number % 2 else LOGIN + LENGTH + END)

        assert [served(port) for _ in range(20)] == [True] * 20
        assert {tuple(statuses(read_all(connection))) for connection in slow} == {(408,)}
    finally:
        for connection in slow:
            connection.close()
