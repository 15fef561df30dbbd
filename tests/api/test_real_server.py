"""What only a real server and a real socket show."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.ports import free_port, running_service
from tests.support.wire import exchange

HOST = b"Host: service.example\r\n"
JSON = b"Content-Type: application/json\r\n"
CLOSE = b"Connection: close\r\n"
LOGIN = b"POST /api/auth/login HTTP/1.1\r\n" + HOST + JSON
BODY = b'{"email":"ada@example.com","password":"wrong one"}'


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """The port of a service as `wicketgate serve` runs it, and the file it logs to."""
    port, folder = free_port(), tmp_path_factory.mktemp("server")
    unlimited = {"SIGNUP_LIMIT_MAX_REQUESTS": "0", "ACCOUNT_LIMIT_MAX_FAILURES": "0"}
    with running_service(port, folder, RATE_LIMIT_MAX_REQUESTS="0", **unlimited):
        yield port, folder / f"service-{port}.log"


@pytest.fixture
def port(server: tuple[int, Path]) -> Iterator[int]:
    """The service's port. Whatever a test sent, the service lives on."""
    yield server[0]
    assert httpx.get(f"http://127.0.0.1:{server[0]}/readyz").status_code == 200


def chunked(*chunks: bytes) -> bytes:
    """A body in chunks."""
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in (*chunks, b""))


@pytest.mark.parametrize("request_line", [b"GET /healthz", b"GET /nothing", b"POST /healthz", b"GET /docs"])
def test_no_server_header(port: int, request_line: bytes) -> None:
    """What serves is nobody's business; the date is."""
    answer = exchange(port, request_line + b" HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n")

    assert answer.status in (200, 404, 405)
    assert answer.header("server") == []
    assert len(answer.header("date")) == 1
    assert answer.header("x-content-type-options") == ["nosniff"]


def test_head_has_no_body(port: int) -> None:
    """The length is that of GET, the body is not there."""
    get = exchange(port, b"GET /openapi.json HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n")
    head = exchange(port, b"HEAD /openapi.json HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n")

    assert head.status == get.status == 200
    assert head.header("content-length") == get.header("content-length") == [str(len(get.body))]
    assert head.body == b""


def test_a_body_in_chunks(port: int) -> None:
    """A body without a length is read as it comes."""
    answer = exchange(port, LOGIN + CLOSE + b"Transfer-Encoding: chunked\r\n\r\n", chunked(BODY[:5], BODY[5:]))

    assert answer.status == 401


def test_a_body_in_chunks_that_is_too_large(port: int) -> None:
    """413 before the end of it; the answer arrives."""
    answer = exchange(port, LOGIN + b"Transfer-Encoding: chunked\r\n\r\n", chunked(*[b" " * 1024] * 65))

    assert answer.status == 413
    assert json.loads(answer.body)["success"] is False


def test_a_body_that_says_it_is_too_large(port: int) -> None:
    """413 at once, without waiting for a body that may never come."""
    answer = exchange(port, LOGIN + b"Content-Length: 10000000\r\n\r\n")

    assert answer.status == 413


@pytest.mark.parametrize("length", [b"-1", b"abc", b"1e3", b"99999999999999999999999999", b"0x10", b"9" * 5000])
def test_a_length_that_is_none(port: int, length: bytes) -> None:
    """Refused by the server or by us, never a fault."""
    answer = exchange(port, LOGIN + CLOSE + b"Content-Length: " + length + b"\r\n\r\n" + BODY, finish=True)

    assert answer.status in (0, 400, 413)


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Length: 5\r\nContent-Length: 50\r\n",
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: xchunked\r\n",
        b"Transfer-Encoding : chunked\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
    ],
)
def test_nothing_is_smuggled(port: int, headers: bytes) -> None:
    """However the end of a body is disputed, what follows is not answered as a request of its own."""
    smuggled = b"0\r\n\r\nGET /api/smuggled HTTP/1.1\r\n" + HOST + b"\r\n"

    answer = exchange(port, LOGIN + headers + b"\r\n" + smuggled, finish=True)

    both = answer.head + answer.body
    assert answer.status in (0, 400, 413)
    assert both.count(b"HTTP/1.1 404") == 0


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00\x01\x02\x03\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + HOST + b"a b: c\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"x" * 200_000 + b"\r\n\r\n",
        b"GET /" + b"x" * 200_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
        b"BREW / HTTP/1.1\r\n" + HOST + b"\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_what_is_no_http(port: int, garbage: bytes) -> None:
    """Answered, refused or closed, and the service goes on."""
    answer = exchange(port, garbage, finish=True)

    assert answer.status < 500


@pytest.mark.parametrize("sent", [b"", BODY[:10]])
def test_a_client_that_goes_away(port: int, sent: bytes) -> None:
    """A body that ends too early is waited for, and let go of when the client is gone."""
    answer = exchange(port, LOGIN + b"Content-Length: 50\r\n\r\n" + sent, finish=True)

    assert answer.status in (0, 400)


def test_a_client_that_asks_first(port: int) -> None:
    """`Expect: 100-continue` is answered, so that curl does not wait."""
    head = LOGIN + CLOSE + b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(BODY)

    answer = exchange(port, head, BODY)

    assert answer.status in (100, 401)
    assert b"HTTP/1.1 401" in answer.head + answer.body


@pytest.mark.parametrize(
    "target", [b"http://evil.example/healthz", b"//healthz", b"/healthz?x=%ZZ", b"/%68ealthz", b"*"]
)
def test_odd_targets(port: int, target: bytes) -> None:
    """A target in an unusual form is a path of ours or unknown, never a fault."""
    answer = exchange(port, b"GET " + target + b" HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n")

    assert answer.status in (200, 400, 404)


def test_two_requests_on_one_connection(port: int) -> None:
    """Pipelined requests are answered in their order, the second not by what the first left unread."""
    large = b"POST /api/auth/logout HTTP/1.1\r\n" + HOST + b"Content-Length: 20\r\n\r\n" + b"x" * 20
    answer = exchange(port, large + b"GET /healthz HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n")

    both = answer.head + b"\r\n\r\n" + answer.body
    assert both.count(b"HTTP/1.1 200 OK") == 2


def test_nothing_secret_on_standard_output(server: tuple[int, Path]) -> None:
    """The process writes JSON lines, among them no word of what was sent."""
    port, log = server
    with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        account = {"email": "m4rk@example.com", "password": "m4rk m4rk"}
        client.post("/api/auth/signup", json=account)
        token = client.post("/api/auth/login", json=account).json()["token"]
        client.get("/api/profile?q=m4rk", headers={"Authorization": f"Bearer {token}"})
        client.get("/m4rk", headers={"X-Request-Id": "the-last-request"})

    written = log.read_text()
    lines = [json.loads(line) for line in written.splitlines() if line.startswith("{")]
    assert any(line.get("id") == "the-last-request" for line in lines)
    assert "m4rk" not in written
    assert token not in written


def test_a_client_cannot_name_its_own_source(tmp_path: Path) -> None:
    """`X-Forwarded-For` of an untrusted peer means nothing, on the loopback address neither."""
    port = free_port()
    with running_service(port, tmp_path), httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        statuses = [
            client.post(
                "/api/auth/login",
                json={"email": "ada@example.com", "password": "x"},
                headers={"X-Forwarded-For": f"203.0.113.{number}", "X-Forwarded-Proto": "https"},
            ).status_code
            for number in range(6)
        ]

    assert statuses == [401] * 5 + [429]


def test_a_trusted_proxy_names_the_source(tmp_path: Path) -> None:
    """With the loopback network in `TRUSTED_PROXIES` each client behind the proxy is its own source."""
    port = free_port()
    with (
        running_service(port, tmp_path, TRUSTED_PROXIES="127.0.0.0/8"),
        httpx.Client(base_url=f"http://127.0.0.1:{port}") as client,
    ):
        statuses = [
            client.post(
                "/api/auth/login",
                json={"email": "ada@example.com", "password": "x"},
                headers={"X-Forwarded-For": f"203.0.113.{number}"},
            ).status_code
            for number in range(8)
        ]

    assert statuses == [401] * 8
