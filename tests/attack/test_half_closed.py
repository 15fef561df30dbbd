"""Clients that say that they send no more (shutdown, or `nc -N`), and wait for what is still to come."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from tests.attack.wire import (
    BODY,
    CHUNKED,
    END,
    GET,
    HOST,
    LENGTH,
    LOGIN,
    UNLIMITED,
    connect,
    read_all,
    served,
    statuses,
)
from tests.support.ports import free_port, running_service

DOCUMENT = b"GET /openapi.json HTTP/1.1\r\n" + HOST + END


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a service as `wicketgate serve` runs it."""
    number = free_port()
    with running_service(number, tmp_path_factory.mktemp("server"), **UNLIMITED):
        yield number


def half_closed(port: int, sent: bytes) -> bytes:
    """All that the server says to who sends this and no more. Raises TimeoutError if it does not close."""
    with connect(port) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        return read_all(connection)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (GET + END, [200]),
        (LOGIN + LENGTH + END + BODY, [401]),
        ((GET + END + LOGIN + LENGTH + END + BODY) * 3, [200, 401] * 3),
        (GET + END + GET, [200]),
        (LOGIN + LENGTH + END + BODY + GET, [401]),
        (LOGIN + LENGTH + END + BODY + LOGIN + LENGTH + END + BODY[:-1], [401]),
        ((LOGIN + LENGTH + END + BODY) * 3 + LOGIN + CHUNKED + END, [401] * 3),
        (LOGIN + LENGTH + END + BODY + LOGIN + CHUNKED + END + b"no chunk\r\n", [401]),
        (LOGIN + LENGTH + END + BODY[:-1], []),
        (GET, []),
        (b"", []),
    ],
    ids=[
        "quick",
        "slow",
        "several",
        "half of a head",
        "half of a head meanwhile",
        "half of a body meanwhile",
        "half of a body behind several",
        "nonsense for a body meanwhile",
        "half of a body",
        "a head",
        "nothing",
    ],
)
def test_what_was_asked_is_answered(port: int, sent: bytes, told: list[int]) -> None:
    """Every whole request is, each time, and then the connection ends."""
    assert [statuses(half_closed(port, sent)) for _ in range(20)] == [told] * 20


def test_a_long_answer_comes_whole(port: int) -> None:
    """Also one of which the kernel takes only a part at once."""
    head, _, body = half_closed(port, DOCUMENT).partition(b"\r\n\r\n")

    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    assert len(body) == int(length.partition(b":")[2])


def test_who_has_gone_is_no_trouble(port: int) -> None:
    """Clients that hang up without waiting leave a service that serves others."""
    for _ in range(200):
        with connect(port) as connection:
            connection.sendall(LOGIN + LENGTH + END + BODY)

    assert served(port)
