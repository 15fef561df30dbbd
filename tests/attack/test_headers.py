"""Headers that are sent twice, or under a name that only looks like theirs, behind a proxy that is trusted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.attack.wire import BODY, END, HOST, LENGTH, LOGIN, UNLIMITED, answers_to, statuses
from tests.support.ports import free_port, running_service

ACCOUNT = {"email": "ada@example.com", "password": "correct horse battery"}
PROFILE = b"GET /api/profile HTTP/1.1\r\n" + HOST
LOGOUT = b"POST /api/auth/logout HTTP/1.1\r\n" + HOST
CLOSE = b"Connection: close\r\n" + END


@pytest.fixture
def limited_port(tmp_path: Path) -> Iterator[int]:
    """The port of a service behind a proxy on this machine, at which nobody has tried to log in yet."""
    number = free_port()
    with running_service(number, tmp_path, TRUSTED_PROXIES="127.0.0.1"):
        yield number


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a service without limits."""
    number = free_port()
    with running_service(number, tmp_path_factory.mktemp("server"), TRUSTED_PROXIES="127.0.0.1", **UNLIMITED):
        yield number


@pytest.fixture(scope="module")
def token(port: int) -> bytes:
    """The session of somebody who is logged in."""
    with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        client.post("/api/auth/signup", json=ACCOUNT)
        return str(client.post("/api/auth/login", json=ACCOUNT).json()["token"]).encode()


@pytest.mark.parametrize(
    "forged",
    [
        b"X_Forwarded_For: 198.51.100.%d\r\nX-Forwarded-For: 203.0.113.7\r\n",
        b"X-Forwarded-For: 203.0.113.7\r\nX_Forwarded-For: 198.51.100.%d\r\n",
        b"X-Forwarded-For: 198.51.100.%d\r\nX-Forwarded-For: 203.0.113.7\r\n",
        b"X-Forwarded-For: 198.51.100.%d\r\nx-FORWARDED-for:\t203.0.113.7 \r\n",
        b"X-Forwarded-For: 198.51.100.%d, 203.0.113.7\r\n",
        b"Forwarded: for=198.51.100.%d\r\nX-Forwarded-For: 203.0.113.7\r\n",
        b"X-Real-IP: 198.51.100.%d\r\nX-Forwarded-For: 203.0.113.7\r\n",
        b"X-Forwarded-For: 198.51.100.%d,\x85203.0.113.7\r\n",
        b"X-Forwarded-For: 198.51.100.%d\r\nX-Forwarded-For: nonsense\r\n",
        b"X-Forwarded-For: 198.51.100.%d\r\nX-Forwarded-For:\r\n",
    ],
)
def test_one_client_stays_one(limited_port: int, forged: bytes) -> None:
    """Six logins of one client are six, whatever it wrote in front of, beside or instead of what the proxy says."""
    told = [
        statuses(answers_to(limited_port, LOGIN + LENGTH + forged % number + CLOSE + BODY)) for number in range(6)
    ]

    assert told == [[401]] * 5 + [[429]]


def test_of_two_tokens_none_counts(port: int, token: bytes) -> None:
    """Two `Authorization` are none that could be read, in whichever order the good one stands."""
    good, bad = b"Authorization: Bearer " + token + END, b"Authorization: Bearer x\r\n"

    told = [statuses(answers_to(port, PROFILE + headers + CLOSE)) for headers in (good, good + bad, bad + good)]

    assert told == [[200], [401], [401]]


def test_cookies_in_pieces(port: int, token: bytes) -> None:
    """Two `Cookie` are one (RFC 9113, 8.2.3), in which the name of the session in other letters is another name."""
    good, other = b"Cookie: auth_token=" + token + END, b"Cookie: a=b\r\n"
    odd = b"Cookie: Auth_Token=" + token + END

    told = [statuses(answers_to(port, PROFILE + headers + CLOSE)) for headers in (good + other, other + good, odd)]

    assert told == [[200], [200], [401]]


@pytest.mark.parametrize(
    "origin",
    [
        b"Origin: http://service.example\r\nOrigin: http://evil.example\r\n",
        b"Origin: http://evil.example\r\nOrigin: http://service.example\r\n",
        b"Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: cross-site\r\n",
        b"Sec-Fetch-Site: cross-site\r\nSec-Fetch-Site: same-origin\r\n",
        b"Origin: http://evil.example\r\nSec_Fetch_Site: same-origin\r\n",
        b"Origin: null\r\n",
        b"Origin:\r\n",
        b"Sec-Fetch-Site:\r\n",
        b"Sec-Fetch-Site: Same-Origin\r\n",
    ],
)
def test_whoever_says_two_origins_comes_from_elsewhere(port: int, origin: bytes) -> None:
    """A request that changes something and whose origin is in doubt is refused."""
    assert statuses(answers_to(port, LOGOUT + origin + CLOSE)) == [403]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (b"Content-Type: text/plain\r\n", 415),
        (b"Content_Type: text/plain\r\n", 401),
        (b"Expect: 200-maybe\r\n", 401),
        (b"X-HTTP-Method-Override: DELETE\r\n", 401),
        (b"X-Original-URL: /api/auth/logout\r\nX-Rewrite-URL: /api/auth/logout\r\n", 401),
        (b"Content-Encoding: gzip\r\n", 401),
    ],
)
def test_what_else_is_said_of_a_body(port: int, headers: bytes, status: int) -> None:
    """A second type is no JSON; names and methods that only some servers know change nothing."""
    assert statuses(answers_to(port, LOGIN + LENGTH + headers + CLOSE + BODY)) == [status]


@pytest.mark.parametrize("header", [b"X-%d: 1\r\n", b"Cookie: a%d=1\r\n", b"X-Forwarded-For: 10.0.0.%d\r\n"])
def test_headers_without_number(port: int, header: bytes) -> None:
    """A thousand short headers fit into a head and take many times its bytes in memory; two hundred are read."""
    few, many = (b"".join(header % number for number in range(count)) for count in (190, 1_000))

    assert statuses(answers_to(port, LOGIN + LENGTH + few + CLOSE + BODY)) == [401]
    assert statuses(answers_to(port, LOGIN + LENGTH + many + CLOSE + BODY)) == [431]
