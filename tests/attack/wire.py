"""A service to attack, and connections that are kept open."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.ports import free_port, running_service

HOST = b"Host: service.example\r\n"
GET = b"GET /healthz HTTP/1.1\r\n" + HOST
END = b"\r\n"
BODY = b'{"email":"ada@example.com","password":"wrong one"}'
LENGTH = b"Content-Length: %d\r\n" % len(BODY)
CHUNKED = b"Transfer-Encoding: chunked\r\n"
CHUNKS = b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)
LOGIN = b"POST /api/auth/login HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"

HURRIED = Path(__file__).with_name("hurried.py")
UNLIMITED = {"RATE_LIMIT_MAX_REQUESTS": "0", "ACCOUNT_LIMIT_MAX_FAILURES": "0", "SIGNUP_LIMIT_MAX_REQUESTS": "0"}


@contextmanager
def hurried_service(folder: Path, second: float, connections: int = 4096) -> Iterator[int]:
    """The port of a service whose seconds are shorter."""
    port = free_port()
    command = [str(HURRIED), str(port), str(second), str(connections)]
    with running_service(port, folder, command, **UNLIMITED):
        yield port


def connect(port: int) -> socket.socket:
    """A connection on which nobody waits for longer than ten seconds."""
    return socket.create_connection(("127.0.0.1", port), timeout=10)


def read_all(connection: socket.socket) -> bytes:
    """What comes until the server closes. Raises TimeoutError if it does not."""
    received = b""
    try:
        while chunk := connection.recv(65536):
            received += chunk
    except ConnectionError:
        pass
    return received


def answers_to(port: int, *pieces: bytes) -> bytes:
    """All that the server says until it closes, to pieces that are sent one after the other."""
    with connect(port) as connection:
        try:
            for piece in pieces:
                connection.sendall(piece)
        except ConnectionError:
            pass
        return read_all(connection)


def statuses(received: bytes) -> list[int]:
    """The status of each answer. No body that we send holds what looks like one."""
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", received)]


def served(port: int) -> bool:
    """Whether somebody new is answered."""
    return statuses(answers_to(port, GET + b"Connection: close\r\n" + END)) == [200]
