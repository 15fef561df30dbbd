"""Events told to another service: it fails, comes back, and goes for good."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.support.clock import MINUTE
from tests.support.receiver import Receiver, receiving, says
from tests.support.service import Service, fresh_source
from wicketgate.core.webhooks import key_of, signed

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """Whoever is told."""
    async with receiving() as made:
        yield made


def telling(receiver: Receiver, **changes: Any) -> Service:
    """A service that tells this one."""
    return Service(audit_webhook_url=receiver.url, audit_webhook_secret=SECRET, **changes)


def types(receiver: Receiver) -> list[str]:
    """What it was told."""
    return [json.loads(body)["type"] for body in receiver.bodies]


async def test_each_kept_event_is_told(receiver: Receiver) -> None:
    """Signed, with who and where; logins are not, as they are not kept."""
    service = telling(receiver)
    caller, login = await service.user()
    await caller.log_out()
    await service.settle()

    (body,), (request,) = receiver.bodies, receiver.requests
    assert json.loads(body)["type"] == "signup"
    assert json.loads(body)["data"]["user"] == login["user"]["id"]
    seconds = int(request.headers["webhook-timestamp"])
    expected = signed(key_of(SECRET), request.headers["webhook-id"], seconds, body)
    assert {name: request.headers[name] for name in expected} == expected


@pytest.mark.parametrize("days", [90, 0])
async def test_logins_are_told_where_asked_for(receiver: Receiver, days: int) -> None:
    """With `AUDIT_LOGINS`, also by a service that keeps no trail of its own."""
    service = telling(receiver, audit_logins=True, audit_days=days)
    caller, _ = await service.user()
    await caller.log_out()
    await service.settle()

    assert sorted(types(receiver)) == ["login", "logout", "signup"]


async def test_a_deletion_is_told(receiver: Receiver) -> None:
    """Though nothing of it is kept."""
    service = telling(receiver)
    caller, _ = await service.user()
    body = {"password": "correct horse battery"}

    answer = await caller.post("/api/account/delete", json=body, headers=caller.proof(None))
    await service.settle()

    assert answer.status_code == 200, answer.text
    assert sorted(types(receiver)) == ["account_deleted", "signup"]


async def test_a_receiver_that_fails_is_told_when_it_is_back(receiver: Receiver) -> None:
    """Nothing is lost and nobody waits: the same event, under the same id, with the time of the new attempt."""
    service = telling(receiver)
    receiver.answer = says(500)
    answer = await service.caller(fresh_source()).sign_up()
    await service.settle()
    receiver.answer = says(204)
    service.clock.advance(MINUTE)

    done = await service.app.outbox.do_due()

    assert (answer.status_code, done) == (201, 1)
    first, second = receiver.requests
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert int(second.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) == 60
    assert receiver.bodies[0] == receiver.bodies[1]
    assert await service.store.jobs(10) == []
    assert [line["message"] for line in service.events("job_failed")] == [
        "webhook: the webhook's receiver answered 500"
    ]


async def test_a_receiver_that_is_gone_is_not_told_again(receiver: Receiver) -> None:
    """410 gives the event up, and the log says so."""
    service = telling(receiver)
    receiver.answer = says(410)
    await service.caller(fresh_source()).sign_up()

    await service.settle()

    assert await service.store.jobs(10) == []
    assert [line["message"] for line in service.events("job_given_up")] == [
        "webhook: the webhook's receiver is gone (410)"
    ]
