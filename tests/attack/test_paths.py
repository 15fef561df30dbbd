"""Ways to write a path that is one of ours, or is not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.attack.wire import END, HOST, UNLIMITED, answers_to, statuses
from tests.support.ports import free_port, running_service

CLOSE = b"Connection: close\r\n" + END


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a service as `wicketgate serve` runs it."""
    number = free_port()
    with running_service(number, tmp_path_factory.mktemp("server"), **UNLIMITED):
        yield number


OTHERS = [
    *(b"//api/profile", b"/api//profile", b"/api/profile/", b"/api/profile//", b"/./api/profile"),
    *(b"/api/./profile", b"/api/profile/.", b"/api/profile/..", b"/x/../api/profile", b"/%2e/api/profile"),
    *(b"/api/x/%2e%2e/profile", b"/API/profile", b"/api/Profile", b"/api/profile;x=y", b"/api;x/profile"),
    *(b"/api\\profile", b"/api/profile%3f", b"/api/profile%00", b"/api%00/profile", b"/%00/api/profile"),
    *(b"/api/profile%20", b"/api/profile%0a", b"/api/%70rofile%", b"/api/profile%2", b"/api/%zzprofile"),
    *(b"/%2561pi/profile", b"/api%252fprofile", b"/api/%c0%afprofile", b"/api/%ef%bc%8fprofile"),
    *(b"/api/profile%ff", b"/api/profile%e2%80%ae", b"/api/pr%u006ffile", b"//evil.example/api/profile"),
    *(b"/" + b"a" * 15_000, b"/" + b"%41" * 5_000, b"/" * 15_000, b"/.." * 5_000, b"/api/profile" * 1_000),
    *(b"/static/", b"/static//etc/passwd", b"/static/../../settings.py", b"/static/%2e%2e/%2e%2e/settings.py"),
    *(b"/static/..%2f..%2fsettings.py", b"/http://service.example/api/profile"),
]
QUERIES = [
    *(
        b"",
        b"?",
        b"&&==",
        b"%",
        b"%zz=%",
        b"%ff=%fe",
        b"%00",
        b"next=%ff%fe",
        b"a=1&" * 3_000,
        b"[]{}|",
        b"#x",
        b"//",
    ),
]


@pytest.mark.parametrize("path", OTHERS)
def test_another_way_to_write_it_is_another_path(port: int, path: bytes) -> None:
    """A path is ours letter by letter; nothing is cleaned, lowered, cut off or decoded twice."""
    assert statuses(answers_to(port, b"GET " + path + b" HTTP/1.1\r\n" + HOST + CLOSE)) == [404]


@pytest.mark.parametrize("path", [b"/api/profile", b"/%61pi/profile", b"/api%2fprofile", b"/api%2Fprofil%65"])
def test_an_encoded_path_is_decoded_once(port: int, path: bytes) -> None:
    """What a proxy in front that compares paths must know: it has to decode them, too (docs/attack.md)."""
    assert statuses(answers_to(port, b"GET " + path + b" HTTP/1.1\r\n" + HOST + CLOSE)) == [401]


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_is_no_fault(port: int, query: bytes) -> None:
    """Whatever stands behind the question mark, the path decides."""
    target = b"/healthz?" + query

    assert statuses(answers_to(port, b"GET " + target + b" HTTP/1.1\r\n" + HOST + CLOSE)) == [200]
