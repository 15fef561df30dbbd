"""Requests whose end, host or meaning two servers might see differently, each with another one hidden behind it.

Whatever is refused ends the connection, so nothing behind it is read; whatever is not, ends where its length says.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.attack.wire import (
    BODY,
    CHUNKED,
    CHUNKS,
    END,
    GET,
    HOST,
    LENGTH,
    LOGIN,
    UNLIMITED,
    answers_to,
    connect,
    read_all,
    statuses,
)
from tests.support.ports import free_port, running_service

HIDDEN = b"GET /hidden HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
OLD = LOGIN.replace(b"HTTP/1.1", b"HTTP/1.0")


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a service as `wicketgate serve` runs it."""
    number = free_port()
    with running_service(number, tmp_path_factory.mktemp("server"), **UNLIMITED):
        yield number


def length(value: bytes) -> bytes:
    """A login whose length is said in this way."""
    return LOGIN + b"Content-Length: " + value + END + END + BODY


def coding(value: bytes, more: bytes = b"") -> bytes:
    """A login in chunks, which is said in this way."""
    return LOGIN + b"Transfer-Encoding:" + value + END + more + END + CHUNKS


def chunks(body: bytes) -> bytes:
    """A login in these chunks."""
    return LOGIN + CHUNKED + END + body


def line(header: bytes) -> bytes:
    """A login with one more line in its head."""
    return LOGIN + LENGTH + header + END + END + BODY


LENGTHS = [
    *(b"+50", b"-50", b"", b"50, 50", b"5 0", b"5_0", b"0x32", b"\x0b50", b"50\x00", b"5" * 21),
    "５０".encode(),
]  # fmt: skip
CODINGS = [
    *(b"", b" xchunked", b" \x0bchunked", b" chunked\x0b", b" chunked\x00", b" 'chunked'", b" chunked;q=1"),
    *(b" gzip, chunked", b" chunked, chunked", b" chunked, identity", b" ,chunked", b" chunked,"),
    *(b"\r\n chunked", b" chunked\r\n\t", b" chunk\r\n ed"),
]
LINES = [
    *(b"a b: c", b"X\x00: c", b"X\xff: c", b": c", b" X: c", b"X : c", b"X", b"X: \x00", b"X: \x01", b"X: \x7f"),
    *(b"X: c\nX-Forwarded-For: 6.6.6.6", b"X: c\rX-Forwarded-For: 6.6.6.6", b"X: c\r", b"X: c\r\n d"),
    *(HOST.strip(), b"Host: other.example"),
]
TARGETS = [
    *(b"http://evil.example/healthz", b"http://u@service.example/healthz", b"http:///x", b"http://service.example"),
    *(b"service.example:80", b"\\x", b"?", b"", b"/\xff", b"/\x00", b"/healthz?\xff", b"/a b", b"/a\tb"),
]
BODIES = [
    *(b"zz\r\n", b"0x" + CHUNKS, b"+" + CHUNKS, b"-" + CHUNKS, b" " + CHUNKS, b"\r\n" + CHUNKS, b";\r\n"),
    *(b"1" + b"0" * 16 + b"\r\n", b"1 \r\n{", b"1\n{", b"1;a\nb\r\n{", b"1;a\rb\r\n{", b'1;a="\r\n"\r\n{'),
    *(b"1\r\n{\n0\r\n\r\n", b"1\r\n{0\r\n\r\n", b"1\r\n{XX0\r\n\r\n", b"1\r\n{\r\n0\n\n", b"0\r\nA\r\n\r\n"),
]
REFUSED = [
    *map(length, LENGTHS),
    *map(coding, CODINGS),
    *map(line, LINES),
    *map(chunks, BODIES),
    *(GET.replace(b"/healthz", target) + END for target in TARGETS),
    *(
        GET.replace(b"HTTP/1.1", version) + END
        for version in (b"HTTP/1.2", b"HTTP/9.9", b"http/1.1", b"", b"HTTP/01.1")
    ),
    *(GET.replace(b"GET", method) + END for method in (b"get", b"CONNECT", b"GET\x00", b" GET", b"BREW")),
    LOGIN + LENGTH + LENGTH + END + BODY,
    LOGIN + LENGTH + b"Content-Length: 3\r\n" + END + BODY,
    LOGIN + b"Content-Length : 50\r\n" + END + BODY,
    LOGIN + b"Content_Length: 50\r\n" + END + b"\x00",
    LOGIN + CHUNKED + LENGTH + END + CHUNKS,
    LOGIN + LENGTH + CHUNKED + END + CHUNKS,
    LOGIN + LENGTH + b"Transfer-Encoding: identity\r\n" + END + BODY,
    LOGIN + b"Transfer-Encoding : chunked\r\n" + END + CHUNKS,
    coding(b" identity", CHUNKED),
    coding(b" chunked", b"Transfer-Encoding: identity\r\n"),
    coding(b" chunked", CHUNKED),
    GET.replace(HOST, b"") + END,
    GET.replace(b"\r\n", b"\n") + b"\n",
]

READ = [
    (length(b"50"), 401),
    (length(b"0050"), 401),
    (length(b"50 \t"), 401),
    (coding(b" chunked"), 401),
    (coding(b"\tCHUNKED "), 401),
    (chunks(b"0" * 50 + CHUNKS), 401),
    (chunks(CHUNKS.replace(b"\r\n", b';a="b";c\r\n', 1)), 401),
    (chunks(CHUNKS.replace(b"\r\n0\r\n", b"\r\n000\r\n")), 401),
    (line(b"Transfer_Encoding: chunked"), 401),
    (line(b"X: \xff"), 401),
    (GET + LENGTH + END + BODY, 200),
    (GET + CHUNKED + END + CHUNKS, 200),
    (GET.replace(b"/healthz", b"http://service.example/healthz") + END, 200),
    (GET.replace(b"GET", b"HEAD") + LENGTH + END + BODY, 200),
    (GET.replace(b"GET", b"OPTIONS").replace(b"/healthz", b"*") + END, 404),
    (b"\r\n" + GET + END, 200),
]

LAST = [
    (OLD + CHUNKED + END + CHUNKS, 401),
    (OLD + LENGTH + b"Connection: keep-alive\r\n" + END + BODY, 401),
    (line(b"Connection: close"), 401),
    (GET.replace(b"1.1", b"2.0") + END, 200),
    (GET + b"Connection: Upgrade\r\nUpgrade: h2c\r\n" + END, 200),
    (GET + b"Connection: Upgrade\r\nUpgrade: websocket\r\n" + END, 200),
    (GET.replace(HOST, b"").replace(b"1.1", b"1.0") + END, 200),
]


@pytest.mark.parametrize("request_", REFUSED)
def test_what_can_be_read_in_two_ways_is_refused(port: int, request_: bytes) -> None:
    """One answer of 400, as our errors are, and the end: nothing that comes behind is taken for a request."""
    received = answers_to(port, request_ + HIDDEN)

    head, _, body = received.partition(b"\r\n\r\n")
    assert statuses(received) == [400]
    assert b"connection: close" in head
    assert json.loads(body)["success"] is False


@pytest.mark.parametrize(("request_", "status"), READ)
def test_what_is_clear_ends_where_it_says(port: int, request_: bytes, status: int) -> None:
    """What is unusual and still has one meaning is answered, and so is what comes behind it."""
    assert statuses(answers_to(port, request_ + HIDDEN)) == [status, 404]


@pytest.mark.parametrize(("request_", "status"), LAST)
def test_some_requests_are_the_last(port: int, request_: bytes, status: int) -> None:
    """Whoever speaks HTTP/1.0, offers another protocol, or says so, is answered once."""
    assert statuses(answers_to(port, request_ + HIDDEN)) == [status]


@pytest.mark.parametrize("body", [b"", b"ffffffff\r\n" + BODY, CHUNKS[:-2], CHUNKS[:-5], CHUNKS[:20]])
def test_a_body_without_an_end_is_no_body(port: int, body: bytes) -> None:
    """Who stops in the middle and leaves is not answered as if that were all."""
    with connect(port) as connection:
        connection.sendall(chunks(body))
        connection.shutdown(1)

        assert statuses(read_all(connection)) == []
