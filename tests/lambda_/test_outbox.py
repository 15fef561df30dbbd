"""Mail and webhooks from a function: left by a request, sent when a schedule calls."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.lambda_.events import BOTH, Event, by_url
from tests.support.faulty import FaultyStore
from tests.support.held import Held
from tests.support.service import some_settings
from wicketgate import Mail, Wicketgate
from wicketgate.aws_lambda.function import Function
from wicketgate.core.errors import StoreMisconfigured, StoreUnavailable
from wicketgate.core.ports import Store
from wicketgate.stores.memory import MemoryStore

ADA = {"email": "ada@example.com", "password": "correct horse battery"}
OURS: Event = {"wicketgate": "outbox"}
OF_A_RULE: Event = {
    "version": "0",
    "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "account": "123456789012",
    "time": "2030-03-17T17:46:00Z",
    "region": "eu-central-1",
    "resources": ["arn:aws:events:eu-central-1:123456789012:rule/wicketgate-prod-outbox"],
    "detail": {},
}
OF_THE_SCHEDULER: Event = {**OF_A_RULE, "source": "aws.scheduler", "detail": "{}"}


class Place:
    """Where mail goes: it is kept, unless it is held up."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.held: Held | None = None

    async def __call__(self, mail: Mail) -> None:
        if self.held is not None:
            await self.held("")
        self.mails.append(mail)


class Context:
    """What Lambda tells of an invocation."""

    def __init__(self, milliseconds: int) -> None:
        self.milliseconds = milliseconds

    def get_remaining_time_in_millis(self) -> int:
        """How long it may still take."""
        return self.milliseconds


Made = Callable[..., Function]


@pytest.fixture
def place() -> Place:
    """Where mail goes."""
    return Place()


@pytest.fixture
def function(place: Place) -> Iterator[Made]:
    """Makes functions in production that send mail, and closes them."""
    made: list[Function] = []

    def make(store: Store) -> Function:
        settings = some_settings(environment="production", public_url="https://app.example.com")
        app = Wicketgate(settings, store=store, send_mail=place, write_log=lambda _: None)
        made.append(Function(app))
        return made[-1]

    yield make
    for each in made:
        each.close()


def post(function: Function, path: str, body: dict[str, str]) -> int:
    """The status of a call."""
    event = by_url(path, method="POST", headers={"content-type": "application/json"})
    status: int = function({**event, "body": json.dumps(body)})["statusCode"]
    return status


def forget(function: Function) -> None:
    """Has a link asked for by somebody who has an account."""
    assert post(function, "/api/auth/signup", ADA) == 201
    assert post(function, "/api/auth/password/forgot", {"email": ADA["email"]}) == 200


@pytest.mark.parametrize("schedule", [OURS, OF_A_RULE, OF_THE_SCHEDULER], ids=["ours", "rule", "scheduler"])
def test_a_request_leaves_what_a_schedule_does(function: Made, place: Place, schedule: Event) -> None:
    """Nothing is begun that the freeze would cut off; another copy of the function may do it."""
    store = MemoryStore()
    here, there = function(store), function(store)
    forget(here)
    here(by_url("/healthz"))
    assert place.mails == []

    result = there(schedule)

    assert result == {"tried": 1}
    assert [mail.to for mail in place.mails] == [ADA["email"]]
    assert here(schedule) == {"tried": 0}


@pytest.mark.parametrize("kind", BOTH)
def test_no_visitor_calls_like_a_schedule(function: Made, place: Place, kind: Callable[..., Event]) -> None:
    """A request that claims to be one is a request."""
    made = function(MemoryStore())
    forget(made)

    result = made({**kind("/healthz"), **OF_A_RULE, **OURS, "version": "2.0"})

    assert result["statusCode"] == 200
    assert place.mails == []


def test_what_takes_too_long_is_given_back(function: Made, place: Place) -> None:
    """Lambda would kill the process; another one begins the job at once."""
    store = MemoryStore()
    made = function(store)
    forget(made)
    place.held = Held()

    result = made(OURS, Context(3010))

    place.held = None
    assert result == {"tried": 0}
    assert made(OURS, Context(15_000)) == {"tried": 1}
    assert len(place.mails) == 1


def test_a_store_that_does_not_fit_is_an_error_of_the_function(function: Made) -> None:
    """Nobody waits for a page, so Lambda's own count of errors has to tell."""

    async def misfits(method: str) -> None:
        raise StoreMisconfigured("there is no table")

    with pytest.raises(StoreMisconfigured):
        function(FaultyStore(MemoryStore(), "check", outcome=misfits))(OURS)


def test_a_store_that_is_down_is_an_error_of_the_function(function: Made) -> None:
    """And the next minute is the next attempt."""

    async def down(method: str) -> None:
        raise StoreUnavailable("down")

    store = FaultyStore(MemoryStore(), "lease_jobs", outcome=down)
    made = function(store)
    with pytest.raises(StoreUnavailable):
        made(OURS)

    store.failing.clear()
    assert made(OURS) == {"tried": 0}


def test_other_work_goes_on_with_the_next_event(function: Made) -> None:
    """What must not show in an answer's time and may be lost is begun when there is time again."""
    made = function(MemoryStore())
    made.start()
    noted: list[str] = []

    async def note() -> None:
        noted.append("noted")

    app: Any = made._app
    app.outbox.begin(note())
    assert noted == []
    made(by_url("/readyz"))
    made(by_url("/readyz"))

    assert noted == ["noted"]
