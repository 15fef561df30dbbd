"""Telling events to a real HTTP server that fails, hangs, redirects, and comes back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from tests.support.receiver import Receiver, receiving, says
from tests.unit.fakes import NOW_MS, ManualClock
from wicketgate.core.errors import GivenUp, WebhookRefused
from wicketgate.core.outbox import Job
from wicketgate.core.webhooks import signed
from wicketgate.outbox.webhook import Webhook

KEY = b"a key that is long enough for the specification"
DATA = {"event": "password_changed", "user": "ada-id", "at": str(NOW_MS), "network": "203.0.113.0/24", "by": "user"}
JOB = Job("job-1", "webhook", DATA, NOW_MS)


def webhook(receiver: Receiver, seconds: float = 30.0) -> Webhook:
    """A webhook that tells this server."""
    return Webhook(receiver.url, KEY, ManualClock(), seconds)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A server that takes all it is told."""
    async with receiving() as made:
        yield made


async def test_an_event_is_posted_and_signed(receiver: Receiver) -> None:
    """The body says what happened; the headers carry the job's id, the time of sending and the signature of all."""
    await webhook(receiver).deliver(JOB)

    (request,), (body,) = receiver.requests, receiver.bodies
    assert (request.method, request.path_qs) == ("POST", "/events?of=ours")
    assert request.headers["content-type"] == "application/json"
    assert json.loads(body) == {
        "type": "password_changed",
        "timestamp": "2030-03-17T17:46:40.123Z",
        "data": {"by": "user", "network": "203.0.113.0/24", "user": "ada-id"},
    }
    for name, value in signed(KEY, "job-1", NOW_MS // 1000, body).items():
        assert request.headers[name] == value


async def test_a_second_attempt_says_the_same(receiver: Receiver) -> None:
    """Id and body stay, in whatever order the store gives the data back, so that a receiver knows what it knows."""
    turned = Job("job-1", "webhook", dict(reversed(DATA.items())), NOW_MS + 1, attempts=2)

    await webhook(receiver).deliver(JOB)
    await webhook(receiver).deliver(turned)

    first, second = receiver.bodies
    assert first == second
    assert {request.headers["webhook-id"] for request in receiver.requests} == {"job-1"}


@pytest.mark.parametrize("status", [200, 202, 204, 299])
async def test_every_success_will_do(receiver: Receiver, status: int) -> None:
    """The event is taken."""
    receiver.answer = says(status)

    await webhook(receiver).deliver(JOB)

    assert len(receiver.requests) == 1


@pytest.mark.parametrize("status", [304, 400, 401, 404, 429, 500, 503])
async def test_anything_else_is_tried_again(receiver: Receiver, status: int) -> None:
    """An error is told so that the outbox tries later."""
    receiver.answer = says(status)

    with pytest.raises(WebhookRefused, match=str(status)):
        await webhook(receiver).deliver(JOB)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_no_redirect_is_followed(receiver: Receiver, status: int) -> None:
    """Events go where they were meant to go and nowhere else."""
    receiver.answer = says(status, Location="/elsewhere")

    with pytest.raises(WebhookRefused, match=str(status)):
        await webhook(receiver).deliver(JOB)

    assert [request.path for request in receiver.requests] == ["/events"]


async def test_gone_is_for_good(receiver: Receiver) -> None:
    """410 says that nobody listens there any more (Standard Webhooks), so the event is given up."""
    receiver.answer = says(410)

    with pytest.raises(GivenUp):
        await webhook(receiver).deliver(JOB)


async def test_a_server_that_hangs_is_left(receiver: Receiver) -> None:
    """Whoever does not answer in time is tried again later."""
    never = asyncio.Event()

    async def hang(_: web.Request) -> web.StreamResponse:
        await never.wait()
        return web.Response()

    receiver.answer = hang

    with pytest.raises(TimeoutError):
        await webhook(receiver, seconds=0.2).deliver(JOB)

    never.set()


async def test_an_answer_without_an_end_is_not_read(receiver: Receiver) -> None:
    """The status is enough, however much the server has to say after it."""
    left = asyncio.Event()

    async def talk(request: web.Request) -> web.StreamResponse:
        endless = web.StreamResponse()
        await endless.prepare(request)
        try:
            while True:
                await endless.write(b"and another thing ... " * 1000)
        finally:
            left.set()

    receiver.answer = talk

    await webhook(receiver).deliver(JOB)

    await asyncio.wait_for(left.wait(), 30)


async def test_a_server_that_is_not_there_is_tried_again() -> None:
    """A connection that is refused is an error that the outbox tries again after."""
    nobody = Webhook("http://127.0.0.1:1/events", KEY, ManualClock())

    with pytest.raises(aiohttp.ClientError):
        await nobody.deliver(JOB)
