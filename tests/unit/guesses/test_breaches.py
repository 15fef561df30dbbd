"""Asking a real HTTP server about breaches: one that answers, hangs, fails, talks nonsense or is not there."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from aiohttp import web

from tests.unit.fakes import ManualClock
from wicketgate.guesses.breaches import KEPT_MS, MOST_KEPT, RangeService, seen

LEAKED = "correct horse battery"
DIGEST = hashlib.sha1(LEAKED.encode()).hexdigest().upper()
OTHER = "0018A45C4D1DEF81644B54AB7F969B88D65"

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Range:
    """A range service on this machine, and a client of it with its clock and its notes."""

    answer: Answer
    url: str = ""
    requests: list[web.Request] = field(default_factory=list)
    notes: list[tuple[str, str, str]] = field(default_factory=list)
    clock: ManualClock = field(default_factory=ManualClock)

    def client(self, seconds: float = 30.0) -> RangeService:
        """Who asks this service."""
        return RangeService(self.url, self.clock, lambda *note: self.notes.append(note), seconds)

    async def receive(self, request: web.Request) -> web.StreamResponse:
        """Keeps the request and answers it."""
        self.requests.append(request)
        return await self.answer(request)


def says(text: str, status: int = 200, **headers: str) -> Answer:
    """An answer with this body."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=text, status=status, headers=headers)

    return answer


@pytest.fixture
async def service() -> AsyncIterator[Range]:
    """A service that knows one password."""
    made = Range(says(f"{OTHER}:3\r\n{DIGEST[5:]}:42\r\n"))
    app = web.Application()
    app.router.add_get("/range/{prefix}", made.receive)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0]
    made.url = f"http://{host}:{port}/range/"
    yield made
    await runner.cleanup()


async def test_a_leaked_password_is_known(service: Range) -> None:
    """Of the digest five letters are sent, nothing else of the password, and padding is asked for."""
    known = await service.client().include(LEAKED)

    (request,) = service.requests
    assert known
    assert request.path_qs == f"/range/{DIGEST[:5]}"
    assert request.headers["add-padding"] == "true"
    assert request.headers["user-agent"] == "wicketgate"
    assert "cookie" not in request.headers
    assert service.notes == []


@pytest.mark.parametrize(
    "body",
    [
        f"{OTHER}:3",
        f"{DIGEST[5:]}:0",
        f"{OTHER}:3\r\n{DIGEST[5:]}:00\r\n",
        f"{'0' * 35}:0\n" * 900,
    ],
)
async def test_another_password_is_not_known(service: Range, body: str) -> None:
    """A list without the digest, or with it as padding, says that it is not known."""
    service.answer = says(body)

    assert not await service.client().include(LEAKED)
    assert service.notes == []


@pytest.mark.parametrize("body", [f"{DIGEST[5:].lower()}:1", f"{DIGEST[5:]}:10\n", f"\n{DIGEST[5:]}:1\r\n"])
async def test_an_answer_may_be_spelled_in_other_ways(service: Range, body: str) -> None:
    """Small letters, other line ends and round counts are understood."""
    service.answer = says(body)

    assert await service.client().include(LEAKED)


@pytest.mark.parametrize(
    "answer",
    [
        says("", 200),
        says("<html>Log in to this network</html>"),
        says(f"{DIGEST[5:]}:1\n<html>"),
        says(f"{DIGEST}:1"),
        says(f"{DIGEST[5:]}:many"),
        says(f"{DIGEST[5:]}:1", 429),
        says(f"{DIGEST[5:]}:1", 500),
        says(f"{DIGEST[5:]}:1", 302, Location="/range/FFFFF"),
        says(f"{DIGEST[5:]}:1\n" * 30_000),
    ],
)
async def test_what_is_no_answer_refuses_nothing(service: Range, answer: Answer) -> None:
    """Nonsense, an error, a redirect, or more than a service ever says: nobody is kept out, and the log says why."""
    service.answer = answer

    known = await service.client().include(LEAKED)

    ((event, message, level),) = service.notes
    assert not known
    assert len(service.requests) == 1
    assert (event, level) == ("breach_check_failed", "warning")
    assert message.startswith("no list of digests, status ")
    assert DIGEST[:5] not in message


async def test_a_service_that_is_down_refuses_nothing(service: Range) -> None:
    """Where nobody listens no password is refused, and the log tells the kind of error alone."""
    service.url = "http://127.0.0.1:9/range/"

    assert not await service.client().include(LEAKED)
    assert service.notes == [("breach_check_failed", "ClientConnectorError", "warning")]


async def test_a_service_that_hangs_is_not_waited_for(service: Range) -> None:
    """When the time is up no password is refused."""

    async def hanging(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(f"{DIGEST[5:]}:1\n".encode())
        await asyncio.Event().wait()
        return response

    service.answer = hanging

    assert not await service.client(seconds=0.2).include(LEAKED)
    assert service.notes == [("breach_check_failed", "TimeoutError", "warning")]


async def test_an_answer_is_believed_for_an_hour(service: Range) -> None:
    """Whoever tries once more does not ask once more, until the hour is over."""
    client = service.client()

    for _ in range(3):
        assert await client.include(LEAKED)
    service.clock.now_ms += KEPT_MS - 1
    await client.include(LEAKED)
    assert len(service.requests) == 1
    service.clock.now_ms += 1
    await client.include(LEAKED)
    assert len(service.requests) == 2


async def test_what_failed_is_asked_again(service: Range) -> None:
    """No answer is not remembered as one."""
    client = service.client()
    good, service.answer = service.answer, says("", 503)

    assert not await client.include(LEAKED)
    service.answer = good
    assert await client.include(LEAKED)


async def test_only_so_many_answers_are_kept(service: Range) -> None:
    """The answer that was not needed for longest is forgotten."""
    client = service.client()
    others = [f"password number {number}" for number in range(MOST_KEPT)]

    await client.include(LEAKED)
    for password in others[:-1]:
        await client.include(password)
    await client.include(LEAKED)
    await client.include(others[-1])
    asked = len(service.requests)
    await client.include(LEAKED)
    assert len(service.requests) == asked == MOST_KEPT + 1
    await client.include(others[0])

    assert len(service.requests) == asked + 1


@pytest.mark.parametrize("body", [b"", b"  \r\n", b"\xff\xfe", b"0" * 35, b":1"])
def test_what_is_no_list(body: bytes) -> None:
    """Whatever bytes come, they are a list or nothing."""
    assert seen(body) is None
