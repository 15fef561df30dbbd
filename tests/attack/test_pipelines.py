"""Requests that do not wait for the answers to those before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.attack.wire import BODY, END, GET, HOST, LENGTH, LOGIN, UNLIMITED, answers_to, served, statuses
from tests.support.ports import free_port, running_service

LAST = GET + b"Connection: close\r\n" + END


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a service as `wicketgate serve` runs it."""
    number = free_port()
    with running_service(number, tmp_path_factory.mktemp("server"), **UNLIMITED):
        yield number


def test_a_few_are_answered_in_order(port: int) -> None:
    """What a client may pipeline is answered in the order in which it was asked."""
    missing = GET.replace(b"/healthz", b"/nothing") + END

    received = answers_to(port, (GET + END + missing + LOGIN + LENGTH + END + BODY) * 5 + LAST)

    assert statuses(received) == [200, 404, 401] * 5 + [200]


def test_ten_thousand_at_once(port: int) -> None:
    """Whoever sends ten thousand gets the first answers and then the end; the rest is to be asked again."""
    received = answers_to(port, (GET + END) * 10_000)

    told = statuses(received)
    assert 1 <= len(told) < 100
    assert set(told) == {200}
    assert served(port)


@pytest.mark.parametrize(
    "behind", [b"\x00", b"GET /healthz HTTP/1.1\r\na b: c\r\n\r\n", GET + b"X: " + b"x" * 20_000 + b"\r\n\r\n"]
)
def test_what_came_before_nonsense_is_answered(port: int, behind: bytes) -> None:
    """An answer belongs to its request: a refusal of what comes behind is never taken for it."""
    received = answers_to(port, LOGIN + LENGTH + END + BODY + behind)

    assert statuses(received)[0] == 401


def test_a_body_that_turns_to_nonsense_is_answered_once(port: int) -> None:
    """What follows the answer to a request that was refused early is not answered again."""
    unknown = b"POST /nothing HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n" + END

    received = answers_to(port, unknown + b"1\r\nx\r\n", b"1\r\nx\r\n" * 100, b"nonsense\r\n\r\n")

    assert statuses(received) in ([404], [400])


def test_an_endless_body_that_nobody_reads(port: int) -> None:
    """Once it has been answered a body is thrown away for a while, and then the connection with it."""
    endless = b"POST /nothing HTTP/1.1\r\n" + HOST + b"Content-Length: 100000000\r\n" + END

    received = answers_to(port, endless, *[b"x" * 1_000_000] * 100)

    assert statuses(received) in ([404], [])
