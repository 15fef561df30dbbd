"""The head of a request has no end.

uvicorn's faster parser keeps whatever headers arrive and knows no limit, so that before any of our own checks a few
hundred connections, each sending a header that never ends, could have filled the memory of the service; and every
answer to a head of some hundred kilobytes cost the time to read it. A head of more than 16 KiB is now refused with
431, finished or not, and the connection closed.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import suppress

import httpx
import pytest

from tests.support.ports import free_port, running_service
from tests.support.wire import Answer, exchange

LIMIT = 16_384
START = b"GET /healthz HTTP/1.1\r\nHost: service.example\r\n"
CLOSE = b"Connection: close\r\n\r\n"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a service as `wicketgate serve` runs it."""
    number = free_port()
    with running_service(number, tmp_path_factory.mktemp("server")):
        yield number


def with_headers(size: int) -> bytes:
    """A request whose head has about so many bytes, in many headers."""
    line = b"X-Filler: " + b"x" * 88 + b"\r\n"
    return START + line * (size // len(line)) + CLOSE


def refused(answer: Answer) -> bool:
    """Whether the answer says that the head is too large, as every error of ours is said."""
    return (answer.status, json.loads(answer.body)) == (
        431,
        {"success": False, "error": "The request headers are too large"},
    )


@pytest.mark.parametrize("size", [1_000, 8_000, 15_000])
def test_a_large_head_is_read(port: int, size: int) -> None:
    """What browsers send, cookies of other applications included, is far below the limit."""
    assert exchange(port, with_headers(size)).status == 200


@pytest.mark.parametrize("size", [17_000, 64_000, 200_000])
def test_a_head_that_is_too_large_is_refused(port: int, size: int) -> None:
    """A head beyond the limit gets 431 although it is complete, and the connection ends."""
    answer = exchange(port, with_headers(size))

    assert refused(answer)
    assert answer.header("connection") == ["close"]


@pytest.mark.parametrize(
    "request_head",
    [
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: service.example\r\n" + CLOSE,
        b"GET /healthz?" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: service.example\r\n" + CLOSE,
        START + b"Cookie: " + b"a" * 20_000 + b"\r\n" + CLOSE,
        START + b"X" * 20_000 + b": 1\r\n" + CLOSE,
    ],
)
def test_every_part_of_the_head_counts(port: int, request_head: bytes) -> None:
    """The path, the query, one value, one name: whatever makes the head long."""
    assert refused(exchange(port, request_head))


def test_a_head_that_never_ends_is_not_waited_for(port: int) -> None:
    """A header in small pieces without an end is refused as soon as it is too long."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(START + b"X-Endless: ")
        connection.settimeout(0.01)
        sent = 0
        while sent < 1_000_000 and not ended(connection):
            with suppress(OSError):
                sent += connection.send(b"x" * 1_000)

    assert sent < 1_000_000


def ended(connection: socket.socket) -> bool:
    """Whether the server has answered or closed."""
    try:
        connection.recv(65536)
    except TimeoutError:
        return False
    except OSError:
        return True
    return True


def test_a_body_is_no_part_of_the_head(port: int) -> None:
    """A body of the size that we read passes, however it is cut, and so does what follows on the connection."""
    body = b'{"email":"ada@example.com","password":"' + b"x" * 60_000 + b'"}'
    head = (
        b"POST /api/auth/login HTTP/1.1\r\nHost: service.example\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n" % len(body)
    )

    whole = exchange(port, head + CLOSE + body)
    cut = exchange(port, head[:50], head[50:] + CLOSE + body[:20_000], body[20_000:40_000], body[40_000:])

    assert (whole.status, cut.status) == (401, 401)


def test_one_connection_may_send_many_heads(port: int) -> None:
    """The limit is each head's own, not the connection's."""
    with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        answers = [client.get("/healthz", headers={"X-Filler": "x" * 9_000}) for _ in range(5)]

    assert [answer.status_code for answer in answers] == [200] * 5


def test_many_heads_at_once(port: int) -> None:
    """Heads that arrive together are measured one by one."""
    request = START + b"X-Filler: " + b"x" * 9_000 + b"\r\n"

    answer = exchange(port, (request + b"\r\n") * 3 + request + CLOSE)

    assert answer.status == 200
    assert answer.body.count(b"HTTP/1.1 200") == 3
